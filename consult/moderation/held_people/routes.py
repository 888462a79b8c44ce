"""Hold the author of a comment, lift it, take a second look; see who is held; and what the person sees of it."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.discussion import queries as discussion
from consult.discussion.models import Comment
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import transaction
from consult.moderation import queries as moderation
from consult.moderation.appeals import queries as appeals
from consult.moderation.held_people import actions, queries
from consult.moderation.held_people.forms import AskAgainForm, HoldForm
from consult.moderation.held_people.models import Look, PersonHold
from consult.moderation.routes import bp
from consult.permissions import May, allows, require
from consult.reasons import BY_CODE
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.robots import unlisted


@bp.get("/moderation/held")
@needs(May.DECIDE)
def held() -> Any:
    """List who is held in one's own organisations, since when, by whom and until when."""
    who, now = access.actor(), clock.now()
    organisations = moderation.organisations_of(who)
    return render_template(
        "moderation/held.html",
        held=queries.held_in(organisations, now),
        ended=queries.ended_in(organisations, now),
        me=who,
    )


@bp.get("/moderation/<string:key>/hold")
@needs(May.DECIDE)
def hold(key: str) -> Any:
    return _page(_comment(key), HoldForm(formdata=None))


@bp.post("/moderation/<string:key>/hold")
@needs(May.DECIDE)
@limits.DESK
def save_hold(key: str) -> Any:
    form = HoldForm()
    verb = VERBS.get(request.form.get("do", ""))
    if verb is None or not form.validate_on_submit():
        return _page(_comment(key), form, 422)
    try:
        with transaction(access.actor()):
            said = verb(access.actor(), _comment(key), form)
    except Invalid as refusal:
        blame(form, refusal)
        return _page(_comment(key), form, 422)
    except (Conflict, NotAllowed) as refusal:
        form.form_errors.append(refusal.message)
        return _page(_comment(key), form, 409 if isinstance(refusal, Conflict) else 403)
    flash(said)
    return redirect(url_for("moderation.held"), 303)


def _hold(who: Any, comment: Comment, form: HoldForm) -> str:
    actions.hold_person(
        actor=who,
        comment=comment,
        reason=form.reason.data or "",
        days=form.days_number,
        note=form.note.data,
    )
    return str(_("Held. The person is told in half a minute; until then, lifting it undoes it."))


def _lift(who: Any, comment: Comment, form: HoldForm) -> str:
    actions.lift(actor=who, comment=comment, note=form.note.data)
    return str(_("Lifted."))


def _look(look: Look) -> Callable[[Any, Comment, HoldForm], str]:
    def done(who: Any, comment: Comment, form: HoldForm) -> str:
        actions.look_again(actor=who, comment=comment, look=look, words=form.note.data)
        return str(_("The person is told what you decided."))

    return done


VERBS: dict[str, Callable[[Any, Comment, HoldForm], str]] = {
    "hold": _hold,
    "lift": _lift,
    "look-lift": _look(Look.LIFTED),
    "look-uphold": _look(Look.UPHELD),
}


def _comment(key: str) -> Comment:
    """Return the comment, for who may decide on it: before anything of it is shown."""
    comment = moderation.comment_to_decide(key)
    require(May.DECIDE, access.actor(), comment)
    return comment


def _page(comment: Comment, form: HoldForm, status: int = 200) -> Any:
    is_exempt = comment.author_id == access.actor().id or queries.plays_a_part(
        comment.author_id, comment.organisation_id
    )
    form.offer(before_election=moderation.is_before_election(comment))
    html = render_template(
        "moderation/hold.html",
        said=comment,
        form=form,
        on=queries.hold_about(comment, clock.now()),
        is_exempt=is_exempt,
        record=moderation.record_of(comment.author_id, comment.organisation_id),
        most=actions.MOST_DAYS,
        me=access.actor(),
    )
    return make_response(html, status)


@bp.route("/comments/<string:key>/hold", methods=["GET", "POST"])
@needs(May.CORRECT)
@limits.APPEAL
@unlisted
def own_hold(key: str) -> Any:
    """Show somebody that they are held, why and until when, and let them ask once for a second look."""
    who, said, form = access.actor(), _own(key), AskAgainForm()
    if not form.validate_on_submit():
        return _own_page(said, form, 422 if form.is_submitted() else 200)
    try:
        with transaction(who):
            actions.ask_again(actor=who, comment=_own(key), why=form.why.data)
    except Invalid as refusal:
        blame(form, refusal)
        return _own_page(_own(key), form, 422)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _own_page(_own(key), form, 409)
    flash(_("It has arrived. We tell you by email what comes of it."))
    return redirect(url_for("moderation.own_hold", key=key), 303)


def _own(key: str) -> Comment:
    said = discussion.comment(key)
    if not allows(May.CORRECT, access.actor(), said):
        raise NotFound
    return said


def _own_page(said: Comment, form: AskAgainForm, status: int) -> Any:
    on = queries.hold_about(said, clock.now())
    html = render_template(
        "moderation/own_hold.html",
        said=said,
        form=form,
        on=on,
        reason=BY_CODE.get(on.reason) if on else None,
        has_second=on is not None and bool(appeals.second_moderators(said, decided_by=on.held_by)),
    )
    return make_response(html, status)


@bp.app_template_global()
def hold_on(comment: Comment) -> PersonHold | None:
    """Return the hold that is on for the author of a comment, for the pages that tell of it."""
    return queries.hold_about(comment, clock.now())
