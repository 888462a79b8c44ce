"""What waits for a unit: questions without an answer, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from consult.accounts.models import Person, Unit
from consult.consultations.models import Consultation, Stage
from consult.discussion.fragments import shown
from consult.discussion.models import Answer, Comment, Kind, Response
from consult.discussion.tallies import SHOWN_TOGETHER
from consult.discussion.visibility import public
from consult.documents.models import Document, Paragraph
from consult.extensions import db

PAGE = 25
OWED = (Stage.EARLY_IDEA, Stage.OPEN, Stage.ANALYSING)  # until the outcome a question is owed an answer
_ASKED: tuple[Any, ...] = (
    *(Comment.id, Comment.key, shown(Comment.html), Comment.created_at, Person.name.label("author_name")),
    *(Paragraph.key.label("paragraph_key"), Paragraph.number, Paragraph.kind.label("paragraph_kind")),
    *(SHOWN_TOGETHER, Document.slug.label("document_slug"), Document.title.label("document_title")),
    *(Consultation.slug.label("consultation_slug"), Consultation.title.label("consultation_title")),
    *(
        Unit.id.label("unit_id"),
        Unit.slug.label("unit_slug"),
        Unit.name.label("unit_name"),
        Unit.promise_days,
    ),
)


def waiting_questions(
    unit_ids: Sequence[int] | None = None,
    after: str | None = None,
    limit: int = PAGE + 1,
    *,
    consultation: str | None = None,
) -> list[Any]:
    """Return published questions that nobody has answered, oldest first, of these units or of all.

    `after` is the key of the last one of the page before, `consultation` a slug.
    """
    first = select(Comment.id).where(_owed(_texts(unit_ids, consultation)))
    if after is not None:
        cursor = aliased(Comment)
        first = first.where(
            tuple_(Comment.created_at, Comment.id)
            > tuple_(
                select(cursor.created_at).where(cursor.key == after).scalar_subquery(),
                select(cursor.id).where(cursor.key == after).scalar_subquery(),
            )
        )
    # chosen from the index alone, so that only what is shown is fetched and joined
    chosen = first.order_by(Comment.created_at, Comment.id).limit(limit).subquery()
    asked: Select[Any] = (
        select(*_ASKED)
        .join(chosen, chosen.c.id == Comment.id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .order_by(Comment.created_at, Comment.id)
    )
    return list(db.session.execute(asked))


@dataclass(frozen=True)
class Gap:
    """How many questions wait, how many of them for longer than was promised, and since when the oldest."""

    waiting: int
    late: int
    oldest: datetime | None


def gap(late_before: dict[int, datetime], *, consultation: str | None = None) -> Gap:
    """Count what waits for units; by unit id, the moment before which what was asked is late."""
    is_late = or_(
        false(),
        *(
            and_(Comment.document_id.in_(_texts([unit_id], consultation)), Comment.created_at < moment)
            for unit_id, moment in late_before.items()
        ),
    )
    figures: tuple[Any, ...] = (
        func.count().label("waiting"),
        func.count().filter(is_late).label("late"),
        func.min(Comment.created_at).label("oldest"),
    )
    row = db.session.execute(select(*figures).where(_owed(_texts(list(late_before), consultation)))).one()
    return Gap(row.waiting, row.late, row.oldest)


def _texts(unit_ids: Sequence[int] | None, consultation: str | None) -> Select[Any]:
    """Return the ids of the documents on which questions are owed an answer."""
    wanted = (
        select(Document.id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(Consultation.stage.in_(OWED))
    )
    if unit_ids is not None:
        wanted = wanted.where(Consultation.unit_id.in_(unit_ids))
    return wanted if consultation is None else wanted.where(Consultation.slug == consultation)


def _owed(texts: Select[Any]) -> ColumnElement[bool]:
    return and_(
        Comment.document_id.in_(texts),
        Comment.kind == Kind.QUESTION,
        public(),
        Comment.answered_at.is_(None),
    )


def also_waiting(question: Comment, limit: int = 20) -> list[Any]:
    """Return the other unanswered questions on the same paragraph, oldest first: one reply may answer them too."""
    return list(
        db.session.execute(
            select(Comment.key, shown(Comment.html), Comment.created_at, Person.name.label("author_name"))
            .join(Person, Person.id == Comment.author_id)
            .where(
                public(),
                Comment.document_id == question.document_id,
                Comment.kind == Kind.QUESTION,
                Comment.answered_at.is_(None),
                Comment.paragraph_id == question.paragraph_id,
                Comment.id != question.id,
            )
            .order_by(Comment.created_at, Comment.id)
            .limit(limit)
        )
    )


def responses_on(paragraph: Paragraph, limit: int = 10) -> list[Any]:
    """Return the latest official replies on a paragraph, newest first, with the number of comments each answers."""
    answered = (
        select(func.count()).where(Answer.response_id == Response.id).correlate(Response).scalar_subquery()
    )
    return list(
        db.session.execute(
            select(
                Response.key,
                shown(Response.html),
                Response.created_at,
                Response.author_title,
                Person.name.label("author_name"),
                answered.label("answered"),
            )
            .join(Person, Person.id == Response.author_id)
            .where(Response.paragraph_id == paragraph.id)
            .order_by(Response.created_at.desc(), Response.id.desc())
            .limit(limit)
        )
    )


def latest_on(paragraph: Paragraph, but: Comment, limit: int = 5) -> list[Any]:
    """Return the latest comments on a paragraph, newest first, without the thread in hand."""
    return list(
        db.session.execute(
            select(Comment.key, shown(Comment.html), Comment.created_at, Person.name.label("author_name"))
            .join(Person, Person.id == Comment.author_id)
            .where(
                Comment.paragraph_id == paragraph.id,
                Comment.parent_id.is_(None),
                public(),
                Comment.id.not_in((but.id, but.root_id or but.id)),
            )
            .order_by(Comment.created_at.desc(), Comment.id.desc())
            .limit(limit)
        )
    )


def exercises(unit_ids: Sequence[int], limit: int = 50) -> list[Any]:
    """Return the consultations that units have in hand, those that close first on top."""
    return list(
        db.session.execute(
            select(
                *(
                    Consultation.id,
                    Consultation.slug,
                    Consultation.title,
                    Consultation.stage,
                    Consultation.policy,
                ),
                *(Consultation.opens_at, Consultation.closes_at, Consultation.unit_id),
                *(Consultation.comment_count, Consultation.question_count, Consultation.answered_count),
            )
            .where(Consultation.unit_id.in_(unit_ids), Consultation.stage.in_((Stage.PREPARING, *OWED)))
            .order_by(Consultation.closes_at, Consultation.id)
            .limit(limit)
        )
    )
