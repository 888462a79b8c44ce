"""Guidance followed: officials say which pages they followed, and each page says who did and how they fared."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.consultations.stages import standing
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May, require
from consult.toolkit import queries
from consult.toolkit.followed import actions
from consult.toolkit.followed import queries as followed
from consult.toolkit.followed.forms import GuidanceForm, form_for
from consult.toolkit.routes.blueprint import bp
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import answer_alike
from consult.web.fields import blame


@bp.route("/consultations/<string:consultation>/plan/guidance", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def guidance(consultation: str) -> Any:
    """Tick the pages of guidance that were followed, with a word on how."""
    who = access.actor()
    about = consultations.readable_consultation(consultation, actor=who)
    require(May.RUN_CONSULTATION, who, about)
    back = url_for("consultations.plan", slug=about.slug, _anchor="guidance")
    if request.method == "GET" and about.stage in actions.ENDED:
        return redirect(back, 302)
    stored = followed.followed_by(about.id)
    form = form_for(followed.guidance())
    form.fill({page.id: page.how for page in stored}, followed.state_of(stored))
    theirs: Any = None
    closed = ""
    if form.validate_on_submit():
        try:
            _say(who, about, form)
            flash(_("Saved."))
            return redirect(back, 303)
        except Invalid as error:
            blame(form, error)
        except Conflict as error:
            theirs = error.theirs or ()
            form.state.data = followed.state_of(theirs)
        except Closed as refusal:
            closed = refusal.message
    page = render_template("toolkit/guidance.html", form=form, about=about, theirs=theirs, closed=closed)
    return page, 409 if closed or theirs is not None else 422 if form.errors else 200


def _say(who: Any, about: Consultation, form: GuidanceForm) -> None:
    with transaction(who):
        actions.say_followed(
            actor=who, consultation=about, based_on=str(form.state.data), followed=form.followed()
        )


@bp.get("/toolkit/<string:slug>/followed")
@needs(May.READ)
def followers(slug: str) -> Response:
    """Every public consultation that followed a page, newest first, with how it fared."""
    row = queries.readable(slug)
    after = request.args.get("after", "")
    found = followed.followers(row.id, limit=followed.PAGE, after=after)
    stamps = (row.stamp, row.site_stamp, *map(tuple, found), *_standings(found))
    return answer_alike(stamps, lambda: _followers(row, found, after), place=f"{request.path}?after={after}")


def _standings(found: list[Any]) -> list[Any]:
    now = clock.now()
    return [standing(each, now) for each in found]


def _followers(row: Any, found: list[Any], after: str) -> str:
    shown = found[: followed.PAGE]
    return render_template(
        "toolkit/followers.html",
        page=row,
        followers=list(zip(shown, _standings(shown), strict=True)),
        following=shown[-1].slug if len(found) > len(shown) else "",
        after=after,
    )


def beside(page_id: int) -> tuple[list[tuple[Any, Any]], bool]:
    """Return the latest consultations that followed a page, each with where it stands, and whether there are more."""
    found = followed.followers(page_id)
    shown = found[: followed.FEW]
    return list(zip(shown, _standings(shown), strict=True)), len(found) > len(shown)
