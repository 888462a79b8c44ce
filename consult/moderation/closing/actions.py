"""A moderator closes a thread to replies, and opens it again.

A thread is a comment that answers nobody, with all that was said beneath it. It is closed as a whole, because a quarrel
moves to the next reply; and never with its paragraph: whoever has something to say about the draft can still say it.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from consult import audit, clock
from consult.discussion.models import Comment, Decision, State
from consult.documents.actions import touch
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.moderation import actions as moderation
from consult.moderation import standing
from consult.moderation.standing import Standing
from consult.moderation.undoing import acts
from consult.moderation.undoing.acts import Done
from consult.moderation.undoing.models import ModerationAct
from consult.permissions import May, require
from consult.reasons import CLOSINGS, THREAD_CLOSED, THREAD_OPENED

CLOSABLE = (
    State.PUBLISHED,
    State.WITHDRAWN,
)  # a top that was taken down tells its author one decision at a time
CLOSE, OPEN = acts.THREADS


def top_of(comment: Comment) -> Comment:
    """Return the comment at the top of a thread."""
    return comment if comment.root_id is None else db.session.get_one(Comment, comment.root_id)


def close_thread(
    *, actor: Any, comment: Comment, reason: str, note: str = "", seen: str = ""
) -> ModerationAct:
    """Let nobody reply in the thread of a comment any more. The reason and the note are public; officials can answer.

    `seen` is the `face` of its top. Raises Conflict where it is closed already or was never public, Invalid without a
    reason, or without words for "something else".
    """
    at = _held(actor, comment, seen)
    top = at.comment
    if reason not in CLOSINGS:
        raise Invalid(_("Choose why it is closed"), field="reason")
    if reason == "other" and not note:
        raise Invalid(_("Write why it is closed"), field="note")
    if top.state not in CLOSABLE or not top.was_published:
        raise Conflict(_("This thread cannot be closed: nobody sees the comment that began it."))
    if top.closed_at is not None:
        raise Conflict(_("Somebody has closed this thread already."))
    top.closed_reason, top.closed_note = reason, note
    decision = _record("thread.close", top, actor, decided=THREAD_CLOSED, note=note, reason=reason)
    _set(top, decision.decided_at)
    return acts.remember(actor=actor, verb=CLOSE, done=[Done(top, None, top.state, decision)])


def open_thread(*, actor: Any, comment: Comment, seen: str = "") -> ModerationAct:
    """Let people reply in a thread again. Raises Conflict where it is open."""
    top = _held(actor, comment, seen).comment
    if top.closed_at is None:
        raise Conflict(_("Somebody has opened this thread already."))
    _set(top, None)
    decision = _record("thread.open", top, actor, decided=THREAD_OPENED)
    return acts.remember(actor=actor, verb=OPEN, done=[Done(top, None, top.state, decision)])


def on_decision_undone(sender: object, *, comment: Comment, decision_id: int, **rest: Any) -> None:
    """Follow a moderator who takes back a moment later that they closed a thread, or opened it."""
    decision = db.session.get_one(Decision, decision_id)
    if decision.reason not in (THREAD_CLOSED, THREAD_OPENED):
        return
    is_closed = decision.reason == THREAD_OPENED
    _set(comment, _closed_before(decision) if is_closed else None)
    audit.record(
        "thread.undo",
        f"comment:{comment.id}",
        actor_id=decision.actor_id,
        organisation_id=comment.organisation_id,
        reason=decision.reason,
    )


def _closed_before(opened: Decision) -> Any:
    """Return when the thread had been closed that a decision opened."""
    wanted = select(Decision.decided_at).where(
        Decision.comment_id == opened.comment_id,
        Decision.reason == THREAD_CLOSED,
        Decision.id < opened.id,
    )
    return db.session.scalar(wanted.order_by(Decision.id.desc()).limit(1))


def _held(actor: Any, comment: Comment, seen: str) -> Standing:
    top = top_of(comment)
    require(May.DECIDE, actor, top)
    if db.session.get_bind().dialect.name != "sqlite":  # replies before the top, as everybody locks them
        replies = select(Comment.id).where(Comment.root_id == top.id)
        db.session.execute(replies.order_by(Comment.id).with_for_update(key_share=True))
    at = standing.hold(top.key, person_id=actor.id)
    moderation.check_sight(actor=actor, at=at, seen=seen, aware=str(at.other.holder_id) if at.other else "")
    return at


def _set(top: Comment, closed_at: Any) -> None:
    """Say of every comment of a thread since when nobody can reply to it."""
    db.session.flush()
    thread = or_(Comment.id == top.id, Comment.root_id == top.id)
    db.session.execute(update(Comment).where(thread).values(closed_at=closed_at))
    db.session.expire(top, ["closed_at"])
    touch(top.document)


def _record(
    act: str, top: Comment, actor: Any, *, decided: str, note: str = "", reason: str = ""
) -> Decision:
    decision = Decision(
        comment_id=top.id,
        actor_id=actor.id,
        before=top.state,
        after=top.state,
        reason=decided,
        note=note,
        decided_at=clock.now(),
    )
    db.session.add(decision)
    db.session.flush()
    audit.record(
        act, f"comment:{top.id}", actor_id=actor.id, organisation_id=top.organisation_id, reason=reason
    )
    return decision
