"""All responses to a consultation, for the officials of its unit: what the closing report is made from.

They read what is published, what was sent only to them, and what they wrote down themselves, whatever became of that.
"""

import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.discussion import provenance
from consult.discussion.desk.queries import PAGE
from consult.discussion.fragments import shown
from consult.discussion.models import BodyKind, Channel, Comment, Kind, State
from consult.discussion.visibility import public
from consult.documents.models import Document, Paragraph
from consult.extensions import db

OWN_WORDS = (State.WAITING, State.RETURNED)  # of what the unit wrote down: not public yet


class Speaks(enum.Enum):
    """For whom somebody answers."""

    ANYBODY = ""
    PEOPLE = "people"
    ORGANISATIONS = "organisations"


@dataclass(frozen=True)
class Sieve:
    """Which responses are asked for; what is not set lets all through."""

    speaks: Speaks = Speaks.ANYBODY
    body_kind: BodyKind | None = None
    channel: Channel | None = None
    kind: Kind | None = None
    only_team: bool = False
    only_late: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.body_kind is not None:
            found.append(Comment.on_behalf_kind == self.body_kind)
        if self.speaks is not Speaks.ANYBODY:
            is_body = Comment.on_behalf_of != ""
            found.append(is_body if self.speaks is Speaks.ORGANISATIONS else ~is_body)
        if self.channel is not None:
            found.append(Comment.channel == self.channel)
        if self.kind is not None:
            found.append(Comment.kind == self.kind)
        if self.only_team:
            found.append(Comment.state == State.RECEIVED)
        if self.only_late:
            found.append(Comment.is_late.is_(True))
        return found


EVERYTHING = Sieve()
_SHOWN: tuple[Any, ...] = (
    *(Comment.id, Comment.key, shown(Comment.html), Comment.created_at, Comment.kind, Comment.state),
    *(Comment.replacement_html, Comment.answered_at, Person.name.label("author_name"), *provenance.COLUMNS),
    *(Paragraph.key.label("paragraph_key"), Paragraph.number, Paragraph.kind.label("paragraph_kind")),
    Document.title.label("document_title"),
)


def responses_to(
    consultation: Consultation,
    sieve: Sieve = EVERYTHING,
    *,
    after: str | None = None,
    limit: int = PAGE + 1,
) -> list[Any]:
    """Return the responses that a sieve lets through, oldest first; `after` is the key of the last of the page before."""
    wanted = (
        select(*_SHOWN)
        .join(Document, Document.id == Comment.document_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .where(_of(consultation), *sieve.conditions())
        .order_by(Comment.created_at, Comment.id)
        .limit(limit)
    )
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


def count_of(consultation: Consultation, sieve: Sieve = EVERYTHING) -> int:
    """Return how many responses a sieve lets through."""
    counted = select(func.count()).select_from(Comment).where(_of(consultation), *sieve.conditions())
    return db.session.scalar(counted) or 0


def _of(consultation: Consultation) -> ColumnElement[bool]:
    texts = select(Document.id).where(Document.consultation_id == consultation.id)
    own = and_(Comment.recorded_by.is_not(None), Comment.state.in_(OWN_WORDS))
    return and_(Comment.document_id.in_(texts), or_(public(), Comment.state == State.RECEIVED, own))
