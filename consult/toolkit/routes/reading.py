"""Reading the toolkit: its shelves, a page, its history, an earlier revision, what changed."""

from typing import Any

from flask import Response, g, make_response, render_template, request
from flask_babel import gettext as _

from consult import clock
from consult.consultations import queries as consultations
from consult.consultations.stages import Standing
from consult.errors import NotFound
from consult.permissions import May, allows
from consult.toolkit import changes, headings, lists, names, queries, rendering
from consult.toolkit.entries import runs
from consult.toolkit.entries.kinds import FOLDERS, PageKind
from consult.toolkit.entries.showing import facts_compared, facts_shown
from consult.toolkit.models import SHELF_OF, Shelf
from consult.toolkit.numbers import whole
from consult.toolkit.routes import exercises, moved, shown_entries
from consult.toolkit.routes import followed as guidance
from consult.toolkit.routes.blueprint import bp, today
from consult.toolkit.suggestions import queries as suggestions
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import answer_alike

HOW_IT_WAS_RUN = "how-this-was-run"  # the page that every consultation links to
SHOWN_THERE = (Standing.OPEN, Standing.CLOSED, Standing.OUTCOME)


@bp.get("/toolkit")
@needs(May.READ)
def home() -> Response:
    """The three shelves with their pages, and what changed lately."""
    edits = allows(May.EDIT_TOOLKIT, access.actor())
    recent = lists.changes(limit=lists.RECENT, has_withheld=edits)
    waiting = suggestions.waiting() if edits else None
    stamps = tuple(queries.stamps(runs.stamps()))
    return answer_alike((stamps, *map(tuple, recent), waiting), lambda: _home(recent, waiting))


def _home(recent: queries.Rows, waiting: suggestions.Waiting | None) -> str:
    about = {
        Shelf.ENGAGE: _("Find the people already talking about it, where they already talk."),
        Shelf.INFLUENCE: _("Use platforms that survive on their own account, and staff them properly."),
        Shelf.CONSULT: _("Put the draft out early, answer in public, and show what changed."),
    }
    return render_template(
        "toolkit/home.html",
        shelves=queries.shelves(),
        about=about,
        directories=_directories(),
        recent=recent,
        waiting=waiting,
        **shown_entries.at_home(),
    )


def _directories() -> dict[Shelf, list[tuple[PageKind, str]]]:
    """Return the directories of each shelf: the kind of their entries and the last part of their address."""
    return {
        shelf: [(kind, folder) for kind, folder in FOLDERS.items() if SHELF_OF[kind] is shelf]
        for shelf in Shelf
    }


@bp.get("/toolkit/<string:slug>")
@needs(May.READ)
def page(slug: str) -> Any:
    """One page, or just its headings; somebody who comes by a title or a former address is led to the one it has."""
    try:
        row = queries.readable(slug)
    except NotFound:
        return moved.led_on() or _missing(slug)
    if request.args.get("view") == "headings":
        stamps = (row.stamp, row.site_stamp, row.talk_stamp)
        return answer_alike(stamps, lambda: _headings(row), place=f"{request.path}?view=headings")
    followed = _consultations() if slug == HOW_IT_WAS_RUN else []
    waiting = suggestions.waiting(row.id).count if allows(May.EDIT_TOOLKIT, access.actor()) else 0
    about = exercises.exercise_behind(row)
    followers, are_more = guidance.beside(row.id)
    stamps = (
        *(row.stamp, row.site_stamp, waiting, row.talk_stamp),
        *_who(row),
        *((one.slug, one.title, where) for where, one in followed),
        *((tuple(one), stands) for one, stands in followers),
        *exercises.stamps_of([about] if about else []),
    )
    beside = {"followed": followed, "followers": followers, "are_more": are_more, "waiting_here": waiting}
    return answer_alike(stamps, lambda: _page(row, about, beside))


def _who(row: Any) -> tuple[object, ...]:
    """Return whom a page names."""
    return row.author_name, row.suggester_name, row.owner_name, row.owner_edits


def _headings(row: Any) -> str:
    return render_template("toolkit/_headings.html", page=row, headings=headings.headings(row.html))


def _page(row: Any, about: Any, beside: dict[str, Any]) -> str:
    return render_template(
        "toolkit/page.html",
        page=row,
        html=rendering.shown(row.html),
        contents=rendering.contents(row.html),
        linking=lists.linking(row.id, limit=lists.LINKING_SHOWN),
        **beside,
        entry=shown_entries.entry_of(row, about),
        today=today(),
    )


def _consultations() -> list[tuple[str, Any]]:
    """Return the consultations that this page speaks of, each with where it stands."""
    found = consultations.first_of_each(clock.now(), limit=4)
    return [(standing.value, one) for standing in SHOWN_THERE for one in found[standing]]


def _missing(slug: str) -> Response:
    g.is_alike_for_all = not access.has_session()
    words = slug.replace("-", " ").strip()[:80]
    name, nearest = names.name_of(slug), queries.nearest(slug)
    body = render_template("toolkit/_missing.html", name=name, words=words, nearest=nearest)
    response = make_response(body, 404)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/toolkit/<string:slug>/history")
@needs(May.READ)
def history(slug: str) -> Response:
    """Every revision of a page, newest first."""
    row = queries.readable(slug)
    before = whole(request.args.get("before")) or None
    place = f"{request.path}?before={before}" if before else request.path
    stamps = (row.stamp, row.site_stamp, row.talk_stamp)
    return answer_alike(stamps, lambda: _history(row, before), place=place)


def _history(row: Any, before: int | None) -> str:
    found = queries.history(row.id, before)
    shown = found[: queries.HISTORY_PAGE]
    older = shown[-1].number if len(found) > len(shown) else None
    return render_template("toolkit/history.html", page=row, revisions=shown, older=older, before=before)


@bp.get("/toolkit/<string:slug>/history/<int(max=999999999):number>")
@needs(May.READ)
def revision(slug: str, number: int) -> Response:
    """A page as it read in one revision, with a way to bring it back."""
    row = queries.readable_revision(slug, number)
    stamps = (row.stamp, row.site_stamp, *_who(row))
    return answer_alike(stamps, lambda: _revision(row) if row.withheld_at is None else _withheld(slug, row))


def _withheld(slug: str, row: Any) -> str:
    """Return the page that stands in place of a revision which nobody may read; `row.title` is that of the page now."""
    return render_template("toolkit/_revision_withheld.html", slug=slug, change=row, title=row.title)


def _revision(row: Any) -> str:
    is_withheld = shown_entries.withholds(row)
    return render_template(
        "toolkit/revision.html",
        page=row,
        html=rendering.shown(row.html),
        facts_shown=[] if is_withheld else facts_shown(row.kind, row.facts, today()),
        said=shown_entries.signs_of(row),
        today=today(),
    )


@bp.get("/toolkit/<string:slug>/compare/<int(max=999999999):first>...<int(max=999999999):second>")
@needs(May.READ)
def compare(slug: str, first: int, second: int) -> Response:
    """What changed between two revisions, word by word."""
    old, new = queries.two_revisions(slug, first, second)
    withheld = next((one for one in (old, new) if one.withheld_at is not None), None)
    stamps = (old.stamp, old.author_name, new.author_name, old.suggester_name, new.suggester_name)
    return answer_alike(
        stamps, lambda: _compare(slug, old, new) if withheld is None else _withheld(slug, withheld)
    )


def _compare(slug: str, old: Any, new: Any) -> str:
    said = {"deleted": _("taken out:"), "inserted": _("put in:")}
    heads = [
        (name, changes.compared(before, after, **said))
        for name, before, after in (
            (_("Title"), old.title, new.title),
            (_("Summary"), old.summary, new.summary),
        )
        if before != after
    ]
    if not shown_entries.withholds(new):
        heads += facts_compared(old.kind, old.facts, new.facts, **said)
    text = changes.compared(old.source, new.source, **said)
    count = sum(change.kind not in ("same", "gap") for change in text)
    return render_template(
        "toolkit/compare.html", slug=slug, old=old, new=new, heads=heads, text=text, count=count
    )
