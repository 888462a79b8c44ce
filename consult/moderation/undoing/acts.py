"""Remember what a moderator did, and take it back within half a minute, as far as nobody has gone on from there.

The mails of a decision leave after that time (`notices.listeners`). Taking back is an act of its own, on record like
the one it takes back: both decisions stay.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import make_transient_to_detached

from consult import audit, clock
from consult.announcements import decision_undone, decisions_timed
from consult.discussion import actions as discussion
from consult.discussion import digests
from consult.discussion.desk.acts import UNDO
from consult.discussion.models import Comment, Decision, State
from consult.errors import Conflict, NotFound
from consult.extensions import db
from consult.keys import new_key
from consult.moderation import locking, pace
from consult.moderation.counting import tally
from consult.moderation.models import QueueItem, Report
from consult.moderation.undoing.models import ModerationAct, ModerationActItem
from consult.permissions import May, require
from consult.reasons import UNDONE

KEY_LENGTH = 10
SHOWN = 5
ENOUGH = timedelta(
    minutes=5
)  # for an act on many to be done or taken back; if it stops half way, its mails leave then
THREADS = ("close-thread", "open-thread")  # acts on one comment that change all beneath it
PART = 12  # comments of a large act that one transaction takes back, if there is time


@dataclass(frozen=True)
class Undone:
    """Which comments of an act wait again, the last decision of it that was looked at, and whether that was all."""

    comment_ids: tuple[int, ...] = ()
    last: int = 0
    is_over: bool = False


NOTHING = Undone()


@dataclass(frozen=True)
class Done:
    """What was done with one comment: where it was, where it is, and the item that it took from the queue."""

    comment: Comment
    item_id: int | None
    before: State
    decision: Decision


def remember(*, actor: Any, verb: str, done: Sequence[Done]) -> ModerationAct:
    """Remember what a moderator just did with these comments, so that it can be taken back."""
    act = _begin(actor, verb, len(done))
    _add_items(act, done)
    return act


def begin(*, actor: Any, verb: str) -> ModerationAct:
    """Begin an act on many comments, which goes on until `finish`: from then half a minute counts."""
    return _begin(actor, verb, 0)


def go_on(act: ModerationAct, done: Sequence[Done]) -> None:
    """Add to an act what was done with some more comments. Their mails wait until it is finished."""
    add(act, done)
    act.at = clock.now()
    db.session.flush()
    ids = [each.decision.id for each in done]
    decisions_timed.send("consult.moderation", decision_ids=ids, at=act.at + ENOUGH)


def finish(act: ModerationAct) -> None:
    """End an act on many comments: half a minute counts from here, and then all its mails leave."""
    act.at = clock.now()
    db.session.flush()
    _let_mails_wait(act, act.at + UNDO)


def _let_mails_wait(act: ModerationAct, until: datetime) -> None:
    wanted = select(ModerationActItem.decision_id).where(ModerationActItem.act_id == act.id)
    ids = list(db.session.scalars(wanted))
    decisions_timed.send("consult.moderation", decision_ids=ids, at=until)


def add(act: ModerationAct, done: Sequence[Done]) -> None:
    """Add to an act what was done with some comments."""
    if done:
        _add_items(act, done)
        act.item_count += len(done)
        db.session.flush()


def _begin(actor: Any, verb: str, count: int) -> ModerationAct:
    act = ModerationAct(
        key=new_key(KEY_LENGTH), actor_id=actor.id, verb=verb, at=clock.now(), item_count=count
    )
    db.session.flush()
    names = ("key", "actor_id", "verb", "at", "undone_at", "item_count")
    said = {name: getattr(act, name) for name in names}
    added = db.session.connection().execute(_ADD, said).inserted_primary_key
    act.id = added[0] if added else 0
    make_transient_to_detached(act)  # the row is there: it needs no other way into the session
    db.session.add(act)
    return act


def _add_items(act: ModerationAct, done: Sequence[Done]) -> None:
    rows = [
        {
            "act_id": act.id,
            "comment_id": each.comment.id,
            "item_id": each.item_id,
            "decision_id": each.decision.id,
            "before": each.before,
            "after": each.comment.state,
        }
        for each in done
    ]
    db.session.connection().execute(_ADD_ITEM, rows)


_acts: Any = ModerationAct.__table__
_items_of_acts: Any = ModerationActItem.__table__
_ADD, _ADD_ITEM = insert(_acts), insert(_items_of_acts)


def act_of(key: str, actor: Any) -> ModerationAct:
    """Return the act with a key; NotFound when there is none, or it is somebody else's."""
    found = db.session.scalar(select(ModerationAct).where(ModerationAct.key == key))
    if found is None or found.actor_id != actor.id:
        raise NotFound
    return found


def last_acts(actor_id: int, now: datetime) -> list[ModerationAct]:
    """Return what somebody did that can still be undone, the latest first."""
    wanted = (
        select(ModerationAct)
        .where(
            ModerationAct.actor_id == actor_id,
            ModerationAct.at >= now - UNDO,
            ModerationAct.undone_at.is_(None),
            ModerationAct.item_count > 0,
        )
        .order_by(ModerationAct.at.desc(), ModerationAct.id.desc())
        .limit(SHOWN)
    )
    return list(db.session.scalars(wanted))


def undo(*, actor: Any, act: ModerationAct, so_far: Undone = NOTHING) -> Undone:
    """Take an act back, or the next part of a large one: what was done first goes first, as its mail leaves first.

    What somebody else decided on since stays as it is. Whoever calls goes on, a transaction for each part, until it
    `is_over`. Raises NotFound for somebody else's act, Conflict when half a minute is over, it was taken back already
    or nothing of it could be.
    """
    if act.actor_id != actor.id:
        raise NotFound
    db.session.refresh(act, with_for_update=True)
    if act.undone_at is not None:
        raise Conflict(_("That was undone already."))
    if so_far is NOTHING and clock.now() - act.at > UNDO:
        raise Conflict(_("Half a minute is over: that can no longer be undone. You can decide anew."))
    until = time.thread_time() + locking.LONGEST
    if so_far is NOTHING:
        _let_mails_wait(act, clock.now() + ENOUGH)
    items = _items(act, after=so_far.last)
    done, last, count = list(so_far.comment_ids), so_far.last, 0
    for item, comment in items:
        if count and time.thread_time() > until:
            break
        done += [comment.id] if _take_back(actor, item, comment) else []
        last, count = item.decision_id, count + 1
    found = Undone(tuple(done), last, is_over=count == len(items) < PART)
    if found.is_over and not found.comment_ids:
        raise Conflict(_("There is nothing to undo: somebody has gone on from there meanwhile."))
    if found.is_over:
        act.undone_at = clock.now()
    return found


def _items(act: ModerationAct, after: int) -> list[tuple[ModerationActItem, Comment]]:
    """Return what an act changed, the next of it, with the comments locked: nobody decides on one of them meanwhile."""
    wanted = (
        select(ModerationActItem)
        .where(ModerationActItem.act_id == act.id, ModerationActItem.decision_id > after)
        .order_by(ModerationActItem.decision_id)
        .limit(PART)
    )
    items = db.session.scalars(wanted).all()
    ids = [each.comment_id for each in items]
    locking.hold(ids, with_replies=act.verb in THREADS)
    fresh = select(Comment).where(Comment.id.in_(ids)).execution_options(populate_existing=True)
    comments = {each.id: each for each in db.session.scalars(fresh)}
    return [(each, comments[each.comment_id]) for each in items]


def _take_back(actor: Any, done: ModerationActItem, comment: Comment) -> bool:
    """Take back what was done with a comment, which nobody else can decide on meanwhile; say whether it could be."""
    if comment.state is not done.after or _latest([comment.id])[comment.id] != done.decision_id:
        return False
    require(May.DECIDE, actor, comment)
    if done.before is State.WAITING:
        _reopen(done)  # first: what waits would otherwise come into the queue as something new
    if done.before is done.after:
        _record_let_stay(actor, comment)
    else:
        discussion.change_state(actor=actor, comment=comment, after=done.before, reason=UNDONE)
    if done.before is not State.WAITING:
        _reopen(done)  # last: a change of state takes what is open out of the queue
    decision_undone.send("consult.moderation", comment=comment, decision_id=done.decision_id)
    return True


def _record_let_stay(actor: Any, comment: Comment) -> None:
    """Put on record that the decision to let a comment stay was taken back: it waits for one again."""
    state = comment.state
    db.session.add(
        Decision(
            comment_id=comment.id,
            actor_id=actor.id,
            before=state,
            after=state,
            reason=UNDONE,
            decided_at=clock.now(),
        )
    )
    audit.record(
        "comment.undo_let_stay",
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        before=state.value,
        after=state.value,
        reason=UNDONE,
        text_digest=digests.of_comment(comment),
    )


def _reopen(done: ModerationActItem) -> None:
    """Put an item back into the queue as it was, with its time, and open the reports that were settled with it."""
    item = db.session.get(QueueItem, done.item_id) if done.item_id is not None else None
    if item is None or item.settled_at is None:
        return
    if item.settled_by is not None:
        pace.count(item, -1)
    db.session.execute(
        update(Report)
        .where(Report.comment_id == item.comment_id, Report.settled_at == item.settled_at)
        .values(settled_at=None)
    )
    item.settled_at = item.settled_by = None
    tally(item.organisation_id, item.cause, 1)
    db.session.flush()


def _latest(comment_ids: Sequence[int]) -> dict[int, int]:
    """Return the id of the latest decision on each comment."""
    rows = db.session.execute(
        select(Decision.comment_id, func.max(Decision.id))
        .where(Decision.comment_id.in_(comment_ids))
        .group_by(Decision.comment_id)
    )
    return {row[0]: row[1] for row in rows}
