"""Close the thread of a comment to replies, or open it again."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for

from consult.discussion.models import Comment
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.moderation import actions as moderation
from consult.moderation import queries
from consult.moderation.closing import actions
from consult.moderation.closing.forms import ClosingForm
from consult.moderation.routes import bp
from consult.permissions import May, require
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame

PATH = "/moderation/<string:key>/thread"


@bp.get(PATH)
@needs(May.DECIDE)
def thread(key: str) -> Any:
    return _page(_top(key), ClosingForm(formdata=None))


@bp.post(PATH)
@needs(May.DECIDE)
@limits.DESK
def save_thread(key: str) -> Any:
    who, form = access.actor(), ClosingForm()
    top, seen = _top(key), form.seen.data or ""
    if not form.validate_on_submit():
        return _page(top, form, 422)
    try:
        with transaction(who):
            if request.form.get("do") == "open":
                actions.open_thread(actor=who, comment=_top(key), seen=seen)
            else:
                actions.close_thread(
                    actor=who,
                    comment=_top(key),
                    reason=form.reason.data or "",
                    note=form.note.data,
                    seen=seen,
                )
    except Invalid as refusal:
        blame(form, refusal)
        return _page(_top(key), form, 422)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _page(_top(key), form, 409)
    return redirect(url_for("moderation.queue"), 303)


def _top(key: str) -> Comment:
    """Return the top of a comment's thread, for who may decide on it: before anything of it is shown."""
    comment = queries.comment_to_decide(key)
    require(May.DECIDE, access.actor(), comment)
    return queries.comment_to_decide(actions.top_of(comment).key)


def _page(top: Comment, form: ClosingForm, status: int = 200) -> Any:
    who = access.actor()
    correction, is_conflicted, _holds = queries.outlook(who, top)
    form.seen.data = moderation.face(top, correction, queries.history_of(top.id).decision_id)
    html = render_template(
        "moderation/thread.html",
        top=top,
        form=form,
        is_barred=is_conflicted and queries.another_moderator_exists(who, top),
        can_close=top.state in actions.CLOSABLE and top.was_published,
    )
    return make_response(html, status)
