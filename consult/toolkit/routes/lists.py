"""Lists of the toolkit: what changed lately, what links to a page, what editors have still to write."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.consultations.models import Consultation
from consult.errors import Conflict, NotFound
from consult.extensions import link_to, transaction
from consult.permissions import May, allows
from consult.toolkit import actions, headings, lists, queries, rendering
from consult.toolkit.entries import runs
from consult.toolkit.entries.showing import facts_shown
from consult.toolkit.models import Shelf
from consult.toolkit.numbers import whole
from consult.toolkit.routes import exercises, shown_entries
from consult.toolkit.routes.blueprint import bp, today
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import answer_alike
from consult.web.private import kept_nowhere


@bp.get("/toolkit/recent")
@needs(May.READ)
def recent() -> Any:
    """What was changed on any page, newest first, or on the pages of one shelf."""
    shelf, before = _shelf(request.args.get("shelf", "")), whole(request.args.get("before")) or None
    found = lists.changes(before, shelf, has_withheld=allows(May.EDIT_TOOLKIT, access.actor()))
    asked = {"shelf": shelf.value if shelf else None, "before": before}
    return answer_alike(
        (*queries.stamps(), *map(tuple, found)),
        lambda: _recent(found, shelf, before),
        place=_place(asked),
    )


def _recent(found: lists.Rows, shelf: Shelf | None, before: int | None) -> str:
    shown = found[: lists.PAGE]
    older = shown[-1].id if len(found) > len(shown) else None
    return render_template(
        "toolkit/recent.html", changes=shown, older=older, before=before, shelf=shelf, shelves=list(Shelf)
    )


@bp.get("/toolkit/<string:slug>/links")
@needs(May.READ)
def links(slug: str) -> Response:
    """Every page that links to this one."""
    row, after = queries.readable(slug), whole(request.args.get("after")) or None
    stamps = (row.stamp, row.site_stamp, row.talk_stamp)
    return answer_alike(stamps, lambda: _links(row, after), place=_place({"after": after}))


def _links(row: Any, after: int | None) -> str:
    found = lists.linking(row.id, after)
    shown = found[: lists.PAGE]
    more = shown[-1].id if len(found) > len(shown) else None
    return render_template("toolkit/links.html", page=row, linking=shown, more=more, after=after)


@bp.get("/toolkit/wanted")
@needs(May.EDIT_TOOLKIT)
def wanted() -> Response:
    """What is linked to and not written yet, what nothing links to, and what nobody looks after. For editors."""
    found = {"wanted": lists.wanted(), "orphans": lists.orphans(), "unowned": lists.unowned()}
    return kept_nowhere(render_template("toolkit/wanted.html", **found))


@bp.post("/toolkit/<string:slug>/own")
@needs(May.EDIT_TOOLKIT)
def own(slug: str) -> Any:
    """Look after a page that nobody looks after."""
    page, who = queries.page(slug), access.actor()
    try:
        with transaction(who):
            actions.take_over(actor=who, page=page)
        flash(_("You look after “%(title)s” now.", title=page.title))
    except Conflict as error:
        flash(str(error))
    return redirect(url_for("toolkit.wanted"), 303)


@bp.get("/toolkit/print")
@needs(May.READ)
def print_home() -> Any:
    """Lead whoever cut the address short to the shelves."""
    return redirect(url_for("toolkit.home"), 302)


@bp.get("/toolkit/print/<string:shelf>")
@needs(May.READ)
def print_shelf(shelf: str) -> Response:
    """All pages of a shelf on one, for paper."""
    found = _shelf(shelf)
    if found is None:
        raise NotFound
    told = runs.runs()
    return answer_alike((*queries.stamps(), *exercises.stamps_of(told)), lambda: _printed(found, told))


def _printed(shelf: Shelf, told: list[Consultation]) -> str:
    return render_template(
        "toolkit/print_shelf.html",
        shelf=shelf,
        pages=exercises.filled(lists.whole_shelf(shelf), told),
        home=link_to("toolkit.home"),
        today=today(),
        signs_of=shown_entries.signs_of,
        facts_of=lambda page: facts_shown(page.kind, page.facts, today()),
        as_part=lambda html, slug: rendering.shown(headings.as_part(html, slug)),
    )


def _shelf(given: str) -> Shelf | None:
    return Shelf(given) if given in {shelf.value for shelf in Shelf} else None


def _place(asked: dict[str, Any]) -> str:
    """Return what names a page whose arguments count; any others make no page of their own."""
    return f"{request.path}?{urlencode({name: value for name, value in asked.items() if value is not None})}"
