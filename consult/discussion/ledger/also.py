"""Who else has a question: said by anybody, with an account or without, once a person or browser, and taken back.

It tells the unit how many wait for the same answer. It is not a vote: nothing that readers see is ordered by it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, delete, false, or_, select, update
from sqlalchemy.orm import aliased

from consult import clock
from consult.accounts.actions.forgetting import handful
from consult.accounts.models import Person
from consult.consultations import stages
from consult.consultations.models import Consultation, Stage
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger.models import AlsoAsked, LedgerEntry
from consult.discussion.models import Comment, Kind, State
from consult.errors import Closed, Conflict
from consult.extensions import ROW, db
from consult.permissions import May, require

ENDED = (Stage.OUTCOME, Stage.WITHDRAWN)


@dataclass(frozen=True)
class Asker:
    """Somebody who may have the same question: a person who is known, or a browser by the digest of its name."""

    person_id: int | None = None
    holder: str = ""

    @property
    def is_theirs(self) -> ColumnElement[bool]:
        """Return the condition for what this person, or this browser, has said."""
        ways: list[ColumnElement[bool]] = [false()]
        if self.person_id is not None:
            ways.append(AlsoAsked.person_id == self.person_id)
        if self.holder:
            ways.append(AlsoAsked.holder == self.holder)
        return or_(*ways)


def theirs(asker: Asker, comment_ids: Collection[int]) -> set[int]:
    """Return which of these questions somebody has said they have too."""
    wanted = select(AlsoAsked.comment_id).where(AlsoAsked.comment_id.in_(comment_ids), asker.is_theirs)
    return set(db.session.scalars(wanted))


def join_question(*, actor: Any, asker: Asker, comment: Comment) -> bool:
    """Count somebody as having the same question; return False where they are counted already.

    Raises Conflict for what is no question, is answered or cannot be read any more, and for one's own; Closed once
    the outcome is there.
    """
    require(May.READ, actor, comment)
    _check(comment)
    if comment.author_id == asker.person_id:
        raise Conflict(_("This is your own question."))
    if theirs(asker, [comment.id]):
        return False
    known = {"person_id": asker.person_id} if asker.person_id is not None else {"holder": asker.holder}
    db.session.add(AlsoAsked(comment_id=comment.id, said_at=clock.now(), **known))
    db.session.flush()
    ledger.count_askers(comment.id, 1)
    return True


def leave_question(*, actor: Any, asker: Asker, comment: Comment) -> bool:
    """Take back that one has the same question; return False where one never said so."""
    require(May.READ, actor, comment)
    return bool(_uncount(AlsoAsked.comment_id == comment.id, asker.is_theirs))


def _check(comment: Comment) -> None:
    db.session.refresh(comment, ["state", "kind", "answered_at"], with_for_update=ROW)
    if comment.kind is not Kind.QUESTION or comment.state is not State.PUBLISHED:
        raise Conflict(_("This question has been withdrawn or taken down meanwhile."))
    if comment.answered_at is not None:
        raise Conflict(_("This question has been answered meanwhile."))
    if not stages.takes_responses(comment.document.consultation, clock.now()):
        raise Closed(_("The outcome has been published: questions are not answered any more."))


def take_over(sender: object, *, person: Person, holder: str, **more: Any) -> None:
    """Let a person who has become known here have what was said in this browser before; one person counts once."""
    if not holder:
        return
    own = select(Comment.id).where(Comment.author_id == person.id)
    _uncount(
        AlsoAsked.holder == holder,
        or_(AlsoAsked.comment_id.in_(_said_by(person.id)), AlsoAsked.comment_id.in_(own)),
    )
    db.session.execute(
        update(AlsoAsked).where(AlsoAsked.holder == holder).values(person_id=person.id, holder=None)
    )


def on_comments_claimed(sender: object, *, person: Person, guest: Person, **more: Any) -> None:
    """Let an account have what its owner said as a guest; of their own questions nobody is another asker."""
    own = select(Comment.id).where(Comment.author_id.in_([person.id, guest.id]))
    _uncount(AlsoAsked.person_id.in_([person.id, guest.id]), AlsoAsked.comment_id.in_(own))
    _uncount(AlsoAsked.person_id == guest.id, AlsoAsked.comment_id.in_(_said_by(person.id)))
    db.session.execute(update(AlsoAsked).where(AlsoAsked.person_id == guest.id).values(person_id=person.id))


def on_account_closed(sender: object, *, person: Person, **more: Any) -> None:
    _forget_who(AlsoAsked.person_id == person.id)


def on_people_erased(sender: object, *, ids: Sequence[int], **more: Any) -> None:
    _forget_who(AlsoAsked.person_id.in_(ids))


def forget_askers(*, actor: None = None) -> int:
    """Forget who had a question in consultations that have ended; how many they were stays."""
    ended = (
        select(LedgerEntry.comment_id)
        .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
        .where(Consultation.stage.in_(ENDED))
    )
    is_known = or_(AlsoAsked.person_id.is_not(None), AlsoAsked.holder.is_not(None))
    ids = handful(AlsoAsked, is_known, AlsoAsked.comment_id.in_(ended))
    if ids:
        _forget_who(AlsoAsked.id.in_(ids))
    return len(ids)


def _said_by(person_id: int) -> Any:
    known = aliased(AlsoAsked)
    return select(known.comment_id).where(known.person_id == person_id)


def _forget_who(which: ColumnElement[bool]) -> None:
    db.session.execute(update(AlsoAsked).where(which).values(person_id=None, holder=None))


def _uncount(*which: ColumnElement[bool]) -> int:
    """Take rows away and count less; return how many they were."""
    rows = db.session.execute(select(AlsoAsked.id, AlsoAsked.comment_id).where(and_(*which))).all()
    if not rows:
        return 0
    db.session.execute(delete(AlsoAsked).where(AlsoAsked.id.in_([row.id for row in rows])))
    for row in rows:
        ledger.count_askers(row.comment_id, -1)
    return len(rows)
