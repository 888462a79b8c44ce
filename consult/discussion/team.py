"""What was sent only to the team: who has written, what waits for an answer, what was answered by mail.

Every question here is an official's, save how many wait, which is told to everybody as a number.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload, lazyload

from consult.accounts.models import Person, Unit
from consult.consultations.models import Consultation
from consult.discussion import provenance
from consult.discussion.answering import signing
from consult.discussion.desk.queries import PAGE
from consult.discussion.fragments import shown
from consult.discussion.ledger.entries import OWED
from consult.discussion.ledger.figures import waits_with_team
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment, Kind, State, TeamReply
from consult.documents.models import Document, Paragraph
from consult.errors import NotFound
from consult.extensions import db


@dataclass(frozen=True)
class TeamGap:
    """How much was sent only to the team; of the questions among it how many wait, how many too long, since when."""

    received: int = 0
    waiting: int = 0
    late: int = 0
    oldest: datetime | None = None


def team_gap(late_before: dict[int, datetime], *, consultation: str | None = None) -> TeamGap:
    """Count what these units were sent; by unit id, the moment before which what waits since then is late."""
    late = or_(
        false(),
        *(
            and_(LedgerEntry.unit_id == unit_id, LedgerEntry.since < moment)
            for unit_id, moment in late_before.items()
        ),
    )
    received = select(func.coalesce(func.sum(Consultation.team_count), 0)).where(
        Consultation.unit_id.in_(list(late_before)), Consultation.stage.in_(OWED)
    )
    waiting = [waits_with_team(), LedgerEntry.unit_id.in_(list(late_before))]
    if consultation is not None:
        named = select(Consultation.id).where(Consultation.slug == consultation).scalar_subquery()
        received = received.where(Consultation.id == named)
        waiting.append(LedgerEntry.consultation_id == named)
    counts: tuple[Any, ...] = (func.count(), func.count().filter(late), func.min(LedgerEntry.since))
    row = db.session.execute(select(received.scalar_subquery(), *counts).where(*waiting)).one()
    return TeamGap(int(row[0]), *row[1:])


def questions_waiting(unit_ids: Sequence[int]) -> int:
    """Return how many questions that were sent only to the team wait for these units: all that the public is told."""
    waiting = select(func.count()).where(waits_with_team(), LedgerEntry.unit_id.in_(unit_ids))
    return db.session.scalar(waiting) or 0


def _waits() -> ColumnElement[bool]:
    return and_(Comment.kind == Kind.QUESTION, Comment.answered_at.is_(None))


_replies = select(func.count()).where(TeamReply.comment_id == Comment.id).correlate(Comment).scalar_subquery()
_SENT: tuple[Any, ...] = (
    *(Comment.id, Comment.key, shown(Comment.html), Comment.created_at, Comment.kind, Comment.answered_at),
    *(Person.name.label("author_name"), *provenance.COLUMNS, _replies.label("reply_count")),
    *(Paragraph.key.label("paragraph_key"), Paragraph.number, Paragraph.kind.label("paragraph_kind")),
    *(Document.title.label("document_title"), Consultation.stage),
    *(Consultation.slug.label("consultation_slug"), Consultation.title.label("consultation_title")),
    *(Unit.name.label("unit_name"), Unit.promise_days, Unit.organisation_id),
)


def received(
    unit_ids: Sequence[int],
    *,
    consultation: str | None = None,
    only_waiting: bool = False,
    after: str | None = None,
    limit: int = PAGE + 1,
) -> list[Any]:
    """Return what was sent only to these units, oldest first; `after` is the key of the last one of the page before."""
    wanted = (
        select(*_SENT)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .where(Consultation.unit_id.in_(unit_ids), Comment.state == State.RECEIVED)
        .order_by(Comment.created_at, Comment.id)
        .limit(limit)
    )
    if consultation is not None:
        wanted = wanted.where(Consultation.slug == consultation)
    if only_waiting:
        wanted = wanted.where(_waits(), Consultation.stage.in_(OWED))
    if after is not None:
        cursor = aliased(Comment)
        here = cursor.key == after
        wanted = wanted.where(
            tuple_(Comment.created_at, Comment.id)
            > tuple_(
                select(cursor.created_at).where(here).scalar_subquery(),
                select(cursor.id).where(here).scalar_subquery(),
            )
        )
    return list(db.session.execute(wanted))


def sent(key: str) -> Comment:
    """Return what was sent only to the team under a key, whatever became of it; NotFound for all else."""
    found = db.session.scalar(
        select(Comment)
        .where(Comment.key == key, Comment.is_team_only)
        .options(
            joinedload(Comment.author, innerjoin=True).options(lazyload(Person.roles)),
            joinedload(Comment.paragraph, innerjoin=True),
            joinedload(Comment.document, innerjoin=True),
            joinedload(Comment.version, innerjoin=True),
            joinedload(Comment.block),
        )
    )
    if found is None:
        raise NotFound
    return found


def team_replies_on(comment_ids: Collection[int]) -> dict[int, list[Any]]:
    """Return the replies that went by mail to what was sent only to the team, by comment, oldest first."""
    found: dict[int, list[Any]] = defaultdict(list)
    if not comment_ids:
        return found
    rows = db.session.execute(
        select(
            *(TeamReply.comment_id, TeamReply.key, shown(TeamReply.html), TeamReply.created_at),
            *(*signing.columns(TeamReply, Person), Unit.name.label("unit_name")),
        )
        .join(Person, Person.id == TeamReply.author_id)
        .join(Unit, Unit.id == TeamReply.unit_id)
        .where(TeamReply.comment_id.in_(comment_ids))
        .order_by(TeamReply.created_at, TeamReply.id)
    )
    for row in rows:
        found[row.comment_id].append(row)
    return found
