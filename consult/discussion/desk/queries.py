"""What waits for a unit: questions without an answer, in the order in which they began to wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select, tuple_

from consult.accounts.models import Person, Unit
from consult.consultations.models import Consultation, Stage
from consult.discussion import provenance
from consult.discussion.fragments import shown
from consult.discussion.ledger.entries import OWED
from consult.discussion.ledger.figures import waits_in_public
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Answer, Comment, Kind, Response, ResponsePlace
from consult.discussion.tallies import SHOWN_TOGETHER
from consult.discussion.visibility import public
from consult.documents.models import Document, Paragraph
from consult.extensions import db

PAGE = 25
MOST_ALSO = 20  # questions on the same words that one reply is offered to answer as well
_ASKED: tuple[Any, ...] = (
    *(Comment.id, Comment.key, shown(Comment.html), Comment.created_at, Person.name.label("author_name")),
    *provenance.COLUMNS,
    *(Paragraph.key.label("paragraph_key"), Paragraph.number, Paragraph.kind.label("paragraph_kind")),
    *(SHOWN_TOGETHER, Document.slug.label("document_slug"), Document.title.label("document_title")),
    *(Consultation.slug.label("consultation_slug"), Consultation.title.label("consultation_title")),
    *(
        Unit.id.label("unit_id"),
        Unit.slug.label("unit_slug"),
        Unit.name.label("unit_name"),
        *(Unit.promise_days, Unit.organisation_id),
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
    columns: tuple[Any, ...] = (LedgerEntry.comment_id, LedgerEntry.since)
    first = _within(select(*columns).where(waits_in_public()), consultation)
    if unit_ids is not None:
        first = first.where(LedgerEntry.unit_id.in_(unit_ids))
    if after is not None:
        cursor = select(LedgerEntry.since, LedgerEntry.comment_id).join(
            Comment, Comment.id == LedgerEntry.comment_id
        )
        here = cursor.where(Comment.key == after).subquery()
        first = first.where(
            tuple_(LedgerEntry.since, LedgerEntry.comment_id)
            > tuple_(select(here.c.since).scalar_subquery(), select(here.c.comment_id).scalar_subquery())
        )
    # chosen from the index alone, so that only what is shown is fetched and joined
    chosen = first.order_by(LedgerEntry.since, LedgerEntry.comment_id).limit(limit).subquery()
    asked: Select[Any] = (
        select(*_ASKED, chosen.c.since)
        .join(chosen, chosen.c.comment_id == Comment.id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .order_by(chosen.c.since, Comment.id)
    )
    return list(db.session.execute(asked))


@dataclass(frozen=True)
class Gap:
    """How many questions wait, how many of them for longer than was promised, and since when the oldest."""

    waiting: int
    late: int
    oldest: datetime | None


def gap(late_before: dict[int, datetime], *, consultation: str | None = None) -> Gap:
    """Count what waits for units; by unit id, the moment before which what waits since then is late."""
    late = or_(
        false(),
        *(
            and_(LedgerEntry.unit_id == unit_id, LedgerEntry.since < moment)
            for unit_id, moment in late_before.items()
        ),
    )
    counts: tuple[Any, ...] = (func.count(), func.count().filter(late), func.min(LedgerEntry.since))
    wanted = select(*counts).where(waits_in_public(), LedgerEntry.unit_id.in_(list(late_before)))
    return Gap(*db.session.execute(_within(wanted, consultation)).one())


def _within(wanted: Select[Any], consultation: str | None) -> Select[Any]:
    if consultation is None:
        return wanted
    named = select(Consultation.id).where(Consultation.slug == consultation).scalar_subquery()
    return wanted.where(LedgerEntry.consultation_id == named)


def also_waiting(question: Comment, limit: int = MOST_ALSO) -> list[Any]:
    """Return the other unanswered questions on the same paragraph, oldest first: one reply may answer them too."""
    return list(
        db.session.execute(
            select(
                *(Comment.key, shown(Comment.html), Comment.created_at, Person.name.label("author_name")),
                *provenance.COLUMNS,
            )
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
            .join(ResponsePlace, ResponsePlace.response_id == Response.id)
            .where(ResponsePlace.paragraph_id == paragraph.id, Response.stands())
            .order_by(Response.created_at.desc(), Response.id.desc())
            .limit(limit)
        )
    )


def latest_on(paragraph: Paragraph, but: Comment, limit: int = 5) -> list[Any]:
    """Return the latest comments on a paragraph, newest first, without the thread in hand."""
    return list(
        db.session.execute(
            select(
                *(Comment.key, shown(Comment.html), Comment.created_at, Person.name.label("author_name")),
                *provenance.COLUMNS,
            )
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
                Consultation.team_count,
            )
            .where(
                Consultation.unit_id.in_(unit_ids),
                Consultation.stage.in_((Stage.PREPARING, *OWED)),
                Consultation.is_exercise(),
            )
            .order_by(Consultation.closes_at, Consultation.id)
            .limit(limit)
        )
    )


def all_exercises(unit_ids: Sequence[int], limit: int = 200) -> list[Any]:
    """Return every consultation that units ran or run and that was announced, the latest first: slug and title."""
    return list(
        db.session.execute(
            select(Consultation.slug, Consultation.title)
            .where(
                Consultation.unit_id.in_(unit_ids),
                Consultation.stage != Stage.PREPARING,
                Consultation.is_exercise(),
            )
            .order_by(Consultation.created_at.desc(), Consultation.id.desc())
            .limit(limit)
        )
    )
