"""The ledger held against the comments it is about, and what differs, of which there should be nothing."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from consult.consultations.election_queries import calendar
from consult.consultations.models import Consultation
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger.models import AlsoAsked, LedgerEntry, Place
from consult.discussion.models import Comment, Kind
from consult.documents.models import Document
from consult.extensions import db


def recount() -> list[str]:
    """Put every entry right and return, in words, what was wrong."""
    found = [*_missing(), *_untrue(), *_untimed(), *_askers()]
    db.session.flush()
    return found


def _missing() -> Iterator[str]:
    """Enter what is shown and has no place yet."""
    wanted = (
        select(Comment)
        .outerjoin(LedgerEntry, LedgerEntry.comment_id == Comment.id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(
            LedgerEntry.comment_id.is_(None),
            Consultation.is_exercise(),
            Comment.state.in_(ledger.SHOWN),
            or_(Comment.parent_id.is_(None), Comment.kind == Kind.QUESTION),
        )
        .order_by(Comment.id)
    )
    for comment in db.session.scalars(wanted).all():
        ledger.enter(comment, since=ledger.begun(comment))
        yield f"ledger_entry {comment.id}: was missing"


def _truths() -> dict[str, ColumnElement[Any]]:
    """Return what each column that repeats something should say."""
    is_shown: Any = case((Comment.state.in_(ledger.SHOWN), True), else_=False)
    is_owed = and_(
        Comment.kind == Kind.QUESTION,
        Comment.answered_at.is_(None),
        Comment.state.in_(ledger.SHOWN),
        Consultation.stage.in_(ledger.OWED),
    )
    return {
        "unit_id": Consultation.unit_id,
        "consultation_id": Document.consultation_id,
        "document_id": Comment.document_id,
        "paragraph_id": Comment.paragraph_id,
        "kind": Comment.kind,
        "is_shown": is_shown,
        "is_team_only": Comment.is_team_only,
        "waits": case((is_owed, True), else_=False),
    }


def _untrue() -> Iterator[str]:
    truths = _truths()
    kept = {name: getattr(LedgerEntry, name) for name in truths}
    wrong = (
        select(LedgerEntry, *(true.label(name) for name, true in truths.items()))
        .join(Comment, Comment.id == LedgerEntry.comment_id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(or_(*(kept[name] != true for name, true in truths.items())))
        .order_by(LedgerEntry.comment_id)
    )
    for entry, *true in db.session.execute(wrong).all():
        for name, value in zip(truths, true, strict=True):
            if getattr(entry, name) != value:
                yield f"ledger_entry {entry.comment_id}: {name} was {_word(getattr(entry, name))}, is {_word(value)}"
                setattr(entry, name, value)


def _untimed() -> Iterator[str]:
    """Put right how long first answers took, and the place of what has an answer."""
    days = calendar()
    answered = (
        select(LedgerEntry, Comment.organisation_id)
        .join(Comment, Comment.id == LedgerEntry.comment_id)
        .where(LedgerEntry.first_answered_at.is_not(None))
    )
    for entry, body in db.session.execute(answered.order_by(LedgerEntry.comment_id)).all():
        asked, first = entry.asked_at, entry.first_answered_at
        true = None if asked is None or first is None else days.waited(asked, first, body)
        if entry.answer_days != true:
            yield f"ledger_entry {entry.comment_id}: answer_days was {entry.answer_days}, is {true}"
            entry.answer_days = true
    skewed = (
        select(LedgerEntry)
        .join(Comment, Comment.id == LedgerEntry.comment_id)
        .where(Comment.kind == Kind.QUESTION, Comment.answered_at.is_not(None))
        .where(LedgerEntry.place != Place.ANSWERED)
    )
    for entry in db.session.scalars(skewed).all():
        yield f"ledger_entry {entry.comment_id}: place was {entry.place.value}, is answered"
        entry.place = Place.ANSWERED


def _askers() -> Iterator[str]:
    """Put right how many others have a question."""
    counted = select(AlsoAsked.comment_id, func.count().label("askers")).group_by(AlsoAsked.comment_id)
    askers = counted.subquery()
    true = func.coalesce(askers.c.askers, 0)
    wrong = (
        select(LedgerEntry, true)
        .outerjoin(askers, askers.c.comment_id == LedgerEntry.comment_id)
        .where(LedgerEntry.also_count != true)
        .order_by(LedgerEntry.comment_id)
    )
    for entry, count in db.session.execute(wrong).all():
        yield f"ledger_entry {entry.comment_id}: also_count was {entry.also_count}, is {count}"
        entry.also_count = count


def _word(value: Any) -> Any:
    return getattr(value, "value", value)
