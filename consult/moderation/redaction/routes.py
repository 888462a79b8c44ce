"""Take words out of one comment: choose them, see what it will look like, do it; and put them back."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for

from consult import clock
from consult.discussion.models import Comment
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.moderation import actions as moderation
from consult.moderation import claims
from consult.moderation import queries as moderation_queries
from consult.moderation.appeals import queries as appeals
from consult.moderation.redaction import actions, queries
from consult.moderation.redaction.forms import PutBackForm, RedactionForm
from consult.moderation.redaction.planning import Plan, plan
from consult.moderation.routes import bp
from consult.permissions import May, require
from consult.text.markdown import stored_html
from consult.text.taking_out import sentences
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame

PATH = "/moderation/<string:key>/take-out"


@bp.get(PATH)
@needs(May.DECIDE)
def take_out(key: str) -> Any:
    return _page(_comment(key), RedactionForm(formdata=None), PutBackForm(formdata=None))


@bp.post(PATH)
@needs(May.DECIDE)
@limits.DESK
def save_take_out(key: str) -> Any:
    comment, form = _comment(key), RedactionForm()
    form.offer(before_election=moderation_queries.is_before_election(comment))
    blank = PutBackForm(formdata=None)
    if not form.validate_on_submit():
        return _page(comment, form, blank, 422)
    try:
        planned = plan(comment, form.chosen, form.reason.data or "")
        if request.form.get("do") != "take-out":
            return _page(comment, form, blank, planned=planned)
        with transaction(access.actor()):
            actions.take_out(
                actor=access.actor(),
                comment=_comment(key),
                plan=planned,
                message=form.message.data,
                seen=form.seen.data or "",
                aware=request.form.get("aware", ""),
            )
    except Invalid as refusal:
        blame(form, refusal)
        return _page(_comment(key), form, blank, 422)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _page(_comment(key), form, blank, 409)
    return redirect(url_for("moderation.queue"), 303)


@bp.post("/moderation/<string:key>/put-back")
@needs(May.DECIDE)
@limits.DESK
def put_back(key: str) -> Any:
    comment, form = _comment(key), PutBackForm()
    blank = RedactionForm(formdata=None)
    if not form.validate_on_submit():
        return _page(comment, blank, form, 422)
    try:
        with transaction(access.actor()):
            actions.put_back(
                actor=access.actor(),
                comment=_comment(key),
                why=form.why.data,
                seen=form.seen.data or "",
            )
    except Invalid as refusal:
        blame(form, refusal)
        return _page(_comment(key), blank, form, 422)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _page(_comment(key), blank, form, 409)
    return redirect(url_for("moderation.queue"), 303)


def _comment(key: str) -> Comment:
    """Return the comment, for who may decide on it: before anything of it is shown."""
    comment = moderation_queries.comment_to_decide(key)
    require(May.DECIDE, access.actor(), comment)
    return comment


def _page(
    comment: Comment, form: RedactionForm, back: PutBackForm, status: int = 200, planned: Plan | None = None
) -> Any:
    who = access.actor()
    correction, is_conflicted, _holds = moderation_queries.outlook(who, comment)
    form.offer(before_election=moderation_queries.is_before_election(comment))
    history = moderation_queries.history_of(comment.id)
    form.seen.data = back.seen.data = moderation.face(comment, correction, history.decision_id)
    earlier = queries.public_wordings(comment.id)
    html = render_template(
        "moderation/take_out.html",
        said=comment,
        form=form,
        back=back,
        failed=back if back.errors or back.form_errors else form,
        planned=planned,
        preview=stored_html(planned.own.after.html) if planned else None,
        earlier=earlier,
        sentences=sentences(comment.html),
        standing=queries.standing(comment),
        repeated=queries.repeated_in(comment, planned.passages) if planned else [],
        is_barred=is_conflicted and moderation_queries.another_moderator_exists(who, comment),
        is_appealed=appeals.can_be_appealed_on(comment) and appeals.open_appeal(comment.id) is not None,
        can_take_out=comment.state in actions.REDACTABLE,
        held=claims.of_another(comment.id, who.id, clock.now()),
    )
    return make_response(html, status)
