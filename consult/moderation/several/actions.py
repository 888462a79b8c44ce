"""Decide on many comments at once: each has its decision, its entry in the record and its mail, as by itself.

A large act is done in parts, a transaction for each, so that nobody waits long to write: see `decide_part`.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from consult import clock
from consult.consultations import election_queries
from consult.discussion.models import Comment
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db
from consult.moderation import actions, locking, queries
from consult.moderation.actions import REMOVALS, Verb
from consult.moderation.several.looking import looked_at
from consult.moderation.several.models import ModerationActLeft, Why
from consult.moderation.undoing import acts
from consult.moderation.undoing.acts import Done
from consult.moderation.undoing.models import ModerationAct
from consult.permissions import May, require
from consult.reasons import BEFORE_ELECTIONS

MOST = 500  # comments in one act
AT_ONCE = 12  # comments of one draft in one transaction, if there is time


@dataclass(frozen=True)
class Order:
    """What is to be done with each of the comments."""

    verb: Verb
    reason: str = ""
    message: str = ""


@dataclass(frozen=True)
class Seen:
    """A comment as a preview showed it: its key, and the `face` that it had. `begin` finds out the rest."""

    key: str
    face: str
    comment_id: int = 0
    document_id: int = 0


def begin(*, actor: Any, order: Order, wanted: Sequence[Seen]) -> tuple[ModerationAct, list[Seen]]:
    """Begin an act and return it with the comments in the order in which they are decided on, a draft at a time.

    What is too much for one act is left out. Raises Invalid when a reason or a message is missing, or nothing is left.
    """
    require(May.DECIDE, actor)
    actions.check_words(order.verb, order.reason, order.message)
    _check_election(actor, order)
    taken, too_many = wanted[:MOST], wanted[MOST:]
    organisation_ids = queries.organisations_of(actor)
    found = _found(taken, organisation_ids)
    if not found:
        raise Invalid(_("There is nothing to decide on. Go back and choose comments."))
    act = acts.begin(actor=actor, verb=order.verb.value)
    _leave(act, [(each.comment_id, Why.TOO_MANY) for each in _found(too_many, organisation_ids)])
    return act, found


def decide_part(*, actor: Any, act: ModerationAct, order: Order, wanted: Sequence[Seen]) -> list[Seen]:
    """Decide on the next of these comments as a part of the act, and return what is left for another transaction.

    Only what still is as the preview showed it is decided on; of the rest the act says why not.
    """
    require(May.DECIDE, actor)
    until = time.thread_time() + locking.LONGEST
    part = [each for each in wanted[:AT_ONCE] if each.document_id == wanted[0].document_id]
    locking.hold([each.comment_id for each in part])
    seen = {each.key: each.face for each in part}
    looked = {each.comment.key: each for each in looked_at(actor, list(seen), now=clock.now(), seen=seen)}
    done: list[Done] = []
    left: list[tuple[int, Why]] = []
    for each in part:
        if (done or left) and time.thread_time() > until:
            break
        found = looked.get(each.key)  # None: it is no longer theirs to decide on
        why = (
            Why.PART if found is None else found.why or _decide(actor, found.comment, order, each.face, done)
        )
        if why is not None:
            left.append((each.comment_id, why))
    acts.go_on(act, done)
    _leave(act, left)
    rest = list(wanted[len(done) + len(left) :])
    if not rest:
        acts.finish(act)
    return rest


def _decide(actor: Any, comment: Comment, order: Order, face: str, done: list[Done]) -> Why | None:
    """Decide on one comment; say why not where a rule refuses it."""
    try:
        with db.session.begin_nested():
            one = actions.decide_one(
                actor=actor,
                comment=comment,
                verb=order.verb,
                reason=order.reason,
                message=order.message,
                seen=face,
            )
    except NotAllowed:
        return Why.PART
    except Conflict:
        db.session.expire(comment)  # what it was led to before the refusal was taken back
        return Why.CHANGED
    if one is not None:
        done.append(one)
    return None


def _check_election(actor: Any, order: Order) -> None:
    """Refuse to call comments party-political where no election is near, in any of the organisations."""
    if order.verb not in REMOVALS or order.reason != BEFORE_ELECTIONS:
        return
    if not is_before_election(actor=actor):
        raise Invalid(_("Choose another reason: this one holds only before an election"), field="reason")


def is_before_election(*, actor: Any) -> bool:
    """Say whether all organisations that somebody moderates keep quiet before an election: one more reason holds then."""
    organisation_ids = queries.organisations_of(actor)
    calendar = election_queries.calendar(organisation_ids)
    now = clock.now()
    return all(calendar.period(number, now) is not None for number in organisation_ids)


def _found(wanted: Sequence[Seen], organisation_ids: Sequence[int]) -> list[Seen]:
    """Return these comments with their ids, a draft at a time, as far as they are of these organisations."""
    faces = {each.key: each.face for each in wanted}
    rows = db.session.execute(
        select(Comment.id, Comment.key, Comment.document_id)
        .where(
            Comment.key.in_(faces),
            Comment.organisation_id.in_(organisation_ids),
            Comment.is_team_only.is_(False),
        )
        .order_by(Comment.document_id, Comment.id)
    )
    return [Seen(row.key, faces[row.key], row.id, row.document_id) for row in rows]


def _leave(act: ModerationAct, left: Iterable[tuple[int, Why]]) -> None:
    rows = [{"act_id": act.id, "comment_id": number, "why": why} for number, why in left]
    if rows:
        db.session.execute(insert(ModerationActLeft), rows)
