"""From one state to another. `change_state` is the one way in which a comment's state changes."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm.attributes import set_committed_value

from consult import audit, clock
from consult.announcements import comment_changed
from consult.discussion import digests, states
from consult.discussion.counting import count_change, count_team
from consult.discussion.ledger import entries as ledger
from consult.discussion.models import Comment, Correction, Decision, State
from consult.documents.actions import touch
from consult.errors import Conflict, NotFound
from consult.extensions import ROW, db
from consult.permissions import May, allows, require

_decisions: Any = Decision.__table__
_DECIDED = insert(_decisions)


def change_state(
    *, actor: Any, comment: Comment, after: State, reason: str = "", note: str = "", rule: str = ""
) -> Decision:
    """Lead a comment from one state to another: the one way in which that happens.

    A moderator decides; an author alone withdraws; a `rule` needs nobody. Adds the Decision and the audit entry,
    changes counts and stamps, and announces it. Raises Conflict when the comment's state does not lead there.
    """
    if not rule and not (allows(May.CORRECT, actor, comment) and after in states.AUTHORS_OWN):
        if comment.is_team_only:
            raise NotFound  # no moderator may know that it is there
        require(May.DECIDE, actor, comment)
    return lead(actor=actor, comment=comment, after=after, reason=reason, note=note, rule=rule)


def lead_held(
    *, actor: Any, comment: Comment, after: State, reason: str = "", note: str = "", rule: str = ""
) -> Decision:
    """Lead a comment to another state, for an act that has asked who may and read the comment under its lock."""
    return _move(comment, comment.state, after, actor=actor, reason=reason, note=note, rule=rule)


def lead(
    *, actor: Any, comment: Comment, after: State, reason: str = "", note: str = "", rule: str = ""
) -> Decision:
    """Lead a comment to another state, for an act that has asked who may."""
    fresh = ["state", "kind", "was_published", "answered_at", "body", "replacement", "salt", "is_sealed"]
    db.session.refresh(comment, fresh, with_for_update=ROW)
    return _move(comment, comment.state, after, actor=actor, reason=reason, note=note, rule=rule)


def begin(*, actor: Any, comment: Comment, after: State, rule: str, act: str) -> Decision:
    """Lead a comment that was only just written to its first state, for an act that has asked who may."""
    return _move(comment, None, after, actor=actor, rule=rule, act=act)


def _move(
    comment: Comment,
    before: State | None,
    after: State,
    *,
    actor: Any,
    reason: str = "",
    note: str = "",
    rule: str = "",
    act: str = "",
) -> Decision:
    if comment.is_sealed and after is not State.ERASED:
        raise Conflict(
            _("The text of this comment is sealed. Nothing can be done with it until that is lifted.")
        )
    if not states.leads_to(before, after, is_team_only=comment.is_team_only):
        raise Conflict(_("This comment changed while you were looking at it. Look again before you decide."))
    now = clock.now()
    _stand(comment, before, after, reason, now)
    actor_id = None if actor is None else actor.id
    decided: dict[str, Any] = {
        "comment_id": comment.id,
        "actor_id": None if rule else actor_id,
        "rule": rule,
        "before": before,
        "after": after,
        "reason": reason,
        "note": note,
        "decided_at": now,
    }
    added = db.session.connection().execute(_DECIDED, decided).inserted_primary_key
    decision = Decision(
        id=added[0] if added else None, **decided
    )  # to tell the listeners: the row is there, and no decision is ever changed
    step = (after is State.PUBLISHED) - (before is State.PUBLISHED)
    if step:
        count_change(comment, step)
    elif before is not None and comment.was_published:
        touch(comment.document)  # the marker in its place says something else now
    team_step = (after is State.RECEIVED) - (before is State.RECEIVED)
    if team_step:
        count_team(comment, team_step)
    ledger.follow_state(comment, before)
    if before is State.PUBLISHED:
        db.session.execute(delete(Correction).where(Correction.comment_id == comment.id))
    audit.record(
        act or states.ACTS[after],
        f"comment:{comment.id}",
        actor_id=actor_id,
        organisation_id=comment.organisation_id,
        before=before.value if before else "",
        after=after.value,
        reason=reason,
        text_digest=digests.of_comment(comment),
    )
    comment_changed.send("consult.discussion", comment=comment, before=before, actor=actor, decision=decision)
    return decision


def _stand(comment: Comment, before: State | None, after: State, reason: str, now: datetime) -> None:
    """Write where a comment stands from now on; one that is there already is changed by a statement built once."""
    is_public = after is State.PUBLISHED
    values = {
        "state": after,
        "state_changed_at": now,
        "state_reason": reason,
        "published_at": (comment.published_at or now) if is_public else comment.published_at,
        "was_published": is_public or bool(comment.was_published),
    }
    write = setattr if before is None else set_committed_value
    for name, value in values.items():
        write(comment, name, value)
    db.session.flush()
    if before is not None:
        db.session.connection().execute(_STAND, {"comment": comment.id, **values})


_comments: Any = Comment.__table__
_STAND = (
    update(_comments)
    .where(_comments.c.id == bindparam("comment"))
    .values({name: bindparam(name) for name in ("state", "state_changed_at", "state_reason")})
    .values({name: bindparam(name) for name in ("published_at", "was_published")})
)
