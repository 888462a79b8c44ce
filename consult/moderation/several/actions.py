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
AT_ONCE = 6  # comments of one draft in one transaction, if there is time


@dataclass(frozen=True)
class Order:
    """What is to be done with each of the comments."""

    verb: Verb
    reason: str = ""
    message: str = ""


@dataclass(frozen=True)
class Seen:
    """A comment as a preview showed it: its key, and the `face` that it had."""

    key: str
    face: str


def begin(*, actor: Any, order: Order, wanted: Sequence[Seen]) -> tuple[ModerationAct, list[Seen]]:
    """Begin an act and return it with the comments in the order in which they are decided on, a draft at a time.

    What is too much for one act is left out. Raises Invalid when a reason or a message is missing, or nothing is left.
    """
    require(May.DECIDE, actor)
    actions.check_words(order.verb, order.reason, order.message)
    _check_election(actor, order)
    taken, too_many = wanted[:MOST], wanted[MOST:]
    found = _in_order(taken, queries.organisations_of(actor))
    if not found:
        raise Invalid(_("There is nothing to decide on. Go back and choose comments."))
    act = acts.begin(actor=actor, verb=order.verb.value)
    _leave(act, [(number, Why.TOO_MANY) for number, _key in _ids(too_many, queries.organisations_of(actor))])
    return act, found


def decide_part(*, actor: Any, act: ModerationAct, order: Order, wanted: Sequence[Seen]) -> list[Seen]:
    """Decide on the next of these comments as a part of the act, and return what is left for another transaction.

    Only what still is as the preview showed it is decided on; of the rest the act says why not.
    """
    require(May.DECIDE, actor)
    until = time.monotonic() + locking.LONGEST
    comments = _next_of_one_draft(wanted)
    locking.hold(comments)
    seen = {each.key: each.face for each in wanted[: len(comments)]}
    done: list[Done] = []
    left: list[tuple[int, Why]] = []
    looked = {each.comment.id: each for each in looked_at(actor, list(seen), now=clock.now(), seen=seen)}
    for comment in comments:
        if (done or left) and time.monotonic() > until:
            break
        each = looked.get(comment.id)  # None: it is no longer theirs to decide on
        why = Why.PART if each is None else each.why or _decide(actor, comment, order, each.face, done)
        if why is not None:
            left.append((comment.id, why))
    acts.add(act, done)
    _leave(act, left)
    return list(wanted[len(done) + len(left) :])


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


def _in_order(wanted: Sequence[Seen], organisation_ids: Sequence[int]) -> list[Seen]:
    faces = {each.key: each.face for each in wanted}
    return [Seen(key, faces[key]) for _number, key in _ids(wanted, organisation_ids)]


def _ids(wanted: Sequence[Seen], organisation_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return ids and keys of these comments, as far as they are of these organisations."""
    rows = db.session.execute(
        select(Comment.id, Comment.key)
        .where(
            Comment.key.in_([each.key for each in wanted]),
            Comment.organisation_id.in_(organisation_ids),
            Comment.is_team_only.is_(False),
        )
        .order_by(Comment.document_id, Comment.id)
    )
    return [(row.id, row.key) for row in rows]


def _next_of_one_draft(wanted: Sequence[Seen]) -> list[Comment]:
    keys = [each.key for each in wanted[:AT_ONCE]]
    found = {each.key: each for each in db.session.scalars(select(Comment).where(Comment.key.in_(keys)))}
    first = found[keys[0]].document_id
    return [found[key] for key in keys if found[key].document_id == first]


def _leave(act: ModerationAct, left: Iterable[tuple[int, Why]]) -> None:
    rows = [{"act_id": act.id, "comment_id": number, "why": why} for number, why in left]
    if rows:
        db.session.execute(insert(ModerationActLeft), rows)
