"""The figures of the ledger, computed in one place for pages, JSON and exports alike. Each is defined at `/figures`.

They count questions that were asked in public and can be read now. Of what was sent only to the team there is one
number: how many questions wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from consult.accounts.models import Unit
from consult.consultations.election_queries import calendar
from consult.consultations.elections import Calendar
from consult.consultations.models import Consultation
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment, Kind
from consult.documents.models import Document, Paragraph
from consult.extensions import db
from consult.promises import is_late

Scope = Unit | Consultation | Document


@dataclass(frozen=True)
class Oldest:
    """The question that has waited longest: where it is, since when it waits, and for how many working days."""

    key: str
    since: datetime
    days: int
    paragraph_kind: str
    paragraph_number: str


@dataclass(frozen=True)
class Figures:
    """What is known of the questions in one consultation, on one document or to one unit.

    `promise_days` is what the unit promised, None where it answers at the end. `within` of the `due` questions had
    their first answer in that time: due is what has an answer, or has waited for longer. `median_days` is how many
    working days first answers took.
    """

    asked: int
    answered: int
    waiting: int
    late: int
    promise_days: int | None
    due: int
    within: int
    median_days: float | None
    oldest: Oldest | None
    team_waiting: int

    def as_data(self) -> dict[str, Any]:
        """Return the figures as files give them, whole numbers as whole numbers."""
        oldest = self.oldest
        return {
            "questions_asked": self.asked,
            "questions_answered": self.answered,
            "questions_waiting": self.waiting,
            "questions_past_promise": self.late,
            "promise_working_days": self.promise_days,
            "answers_due": self.due,
            "answered_within_promise": self.within,
            "median_working_days_to_first_answer": self.median_days,
            "oldest_waiting_working_days": None if oldest is None else oldest.days,
            "oldest_waiting_comment": None if oldest is None else oldest.key,
            "team_only_questions_waiting": self.team_waiting,
        }


def median(counts: Mapping[int, int]) -> float | None:
    """Return the median of values that are counted; of an even number, half-way between the two in the middle.

    The exact value: a whole number is returned as one. None where there is nothing.
    """
    total = sum(counts.values())
    if not total:
        return None
    low, high = _at(counts, (total - 1) // 2), _at(counts, total // 2)
    middle, odd = divmod(low + high, 2)
    return middle + 0.5 if odd else middle


def _at(counts: Mapping[int, int], place: int) -> int:
    """Return the value at a place of the sorted list of all values, counted from 0."""
    for value in sorted(counts):
        place -= counts[value]
        if place < 0:
            return value
    raise IndexError(place)


def of(scope: Scope, now: datetime, days: Calendar | None = None) -> Figures:
    """Return the figures of a document, of a consultation or of all that a unit runs.

    `days` is the calendar of the organisation, where it was read before. Where nobody asked anything, nothing is read.
    """
    unit = scope if isinstance(scope, Unit) else _unit_of(scope)
    asked, answered, sent_to_team = _asked(scope)
    promise = unit.promise_days
    if not asked and not sent_to_team:
        return Figures(0, 0, 0, 0, promise, 0, 0, None, None, 0)
    days = days or calendar([unit.organisation_id])
    took = _took(scope)
    waiting, late, unanswered_late, team_waiting = _waiting(scope, days.late_before(now, unit))
    return Figures(
        asked=asked,
        answered=answered,
        waiting=waiting,
        late=late,
        promise_days=promise,
        due=sum(took.values()) + unanswered_late,
        within=sum(count for days_taken, count in took.items() if not is_late(days_taken, promise)),
        median_days=median(took),
        oldest=_oldest(scope, unit, days, now) if waiting else None,
        team_waiting=team_waiting,
    )


def waits_in_public() -> ColumnElement[bool]:
    """Return the condition for a question that waits for an answer and can be read: what "waiting" means everywhere."""
    return and_(LedgerEntry.waits, is_in_public())


def waits_with_team() -> ColumnElement[bool]:
    """Return the same for what was sent only to the team, of which nothing but a number is told."""
    return and_(LedgerEntry.waits, LedgerEntry.is_shown, LedgerEntry.is_team_only)


def is_in_public() -> ColumnElement[bool]:
    """Return the condition for an entry that the public may read of."""
    return and_(LedgerEntry.is_shown, LedgerEntry.is_team_only.is_(False))


def _unit_of(scope: Consultation | Document) -> Unit:
    return scope.unit if isinstance(scope, Consultation) else scope.consultation.unit


def _of(scope: Scope) -> ColumnElement[bool]:
    column = {
        Unit: LedgerEntry.unit_id,
        Consultation: LedgerEntry.consultation_id,
        Document: LedgerEntry.document_id,
    }
    return column[type(scope)] == scope.id


def _asked(scope: Scope) -> tuple[int, int, int]:
    """Return how many questions were asked in public, how many of them are answered, and how much went to the team.

    All three are kept beside what they count.
    """
    if not isinstance(scope, Unit):
        return scope.question_count, scope.answered_count, scope.team_count
    kept = (Consultation.question_count, Consultation.answered_count, Consultation.team_count)
    sums: tuple[Any, ...] = tuple(func.coalesce(func.sum(column), 0) for column in kept)
    row = db.session.execute(select(*sums).where(Consultation.unit_id == scope.id)).one()
    return int(row[0]), int(row[1]), int(row[2])


def _took(scope: Scope) -> dict[int, int]:
    """Return how many first answers took how many working days."""
    texts = select(Document.id).join(Consultation, Consultation.id == Document.consultation_id)
    if isinstance(scope, Document):
        where: ColumnElement[bool] = LedgerEntry.document_id == scope.id
    elif isinstance(scope, Consultation):
        where = LedgerEntry.document_id.in_(texts.where(Consultation.id == scope.id))
    else:
        where = LedgerEntry.document_id.in_(texts.where(Consultation.unit_id == scope.id))
    rows = db.session.execute(
        select(LedgerEntry.answer_days, func.count())
        .where(where, is_in_public(), LedgerEntry.kind == Kind.QUESTION, LedgerEntry.answer_days.is_not(None))
        .group_by(LedgerEntry.answer_days)
    )
    return {took: count for took, count in rows if took is not None}


def _waiting(scope: Scope, late_before: datetime) -> tuple[int, int, int, int]:
    """Return how many wait in public, how many too long, of these how many had no answer yet, and how many with the team."""
    too_long = and_(waits_in_public(), LedgerEntry.since < late_before)
    figures: tuple[Any, ...] = (
        func.count().filter(waits_in_public()),
        func.count().filter(too_long),
        func.count().filter(too_long, LedgerEntry.first_answered_at.is_(None)),
        func.count().filter(waits_with_team()),
    )
    wanted = select(*figures).where(_of(scope), LedgerEntry.waits, LedgerEntry.is_shown)
    row = db.session.execute(wanted).one()
    return row[0], row[1], row[2], row[3]


def _oldest(scope: Scope, unit: Unit, days: Calendar, now: datetime) -> Oldest | None:
    first = (
        select(LedgerEntry.comment_id, LedgerEntry.since)
        .where(_of(scope), waits_in_public())
        .order_by(LedgerEntry.since, LedgerEntry.comment_id)
        .limit(1)
        .subquery()
    )
    row = db.session.execute(
        select(Comment.key, first.c.since, Paragraph.kind, Paragraph.number)
        .join(first, first.c.comment_id == Comment.id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
    ).first()
    if row is None:  # answered since it was counted
        return None
    return Oldest(row.key, row.since, days.waited(row.since, now, unit.organisation_id), row.kind, row.number)
