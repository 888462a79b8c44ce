"""Questions that moderators ask: what waits, in what surroundings, who decided what before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import joinedload

from consult.accounts.models import Part, Person, Role
from consult.consultations.models import Consultation
from consult.discussion.models import Comment, Correction, Decision, State
from consult.documents.models import Draft, Version
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation.models import Cause, QueueItem, QueueTally, Report

PAGE = 50


def organisations_of(person: Any) -> list[int]:
    """Return the ids of the organisations that a person moderates."""
    return sorted(
        {
            role.organisation_id
            for role in person.roles
            if role.part is Part.MODERATOR and role.ended_at is None and role.organisation_id is not None
        }
    )


@dataclass(frozen=True)
class Place:
    """A place in the queue: items after it come next."""

    since: datetime
    id: int

    @classmethod
    def read(cls, words: str) -> "Place | None":
        """Return the place that an address names, or None when it names none."""
        when, _, number = words.partition("_")
        try:
            return cls(datetime.fromisoformat(when), int(number)) if number.isdigit() else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.since.isoformat()}_{self.id}"


def queue(
    organisation_ids: Sequence[int],
    *,
    cause: Cause | None = None,
    after: Place | None = None,
    limit: int = PAGE,
) -> list[QueueItem]:
    """Return open items, oldest first, with comment, author, paragraph and consultation at hand."""
    wanted = (
        select(QueueItem)
        .where(QueueItem.organisation_id.in_(organisation_ids), QueueItem.settled_at.is_(None))
        .order_by(QueueItem.since, QueueItem.id)
        .limit(limit)
        .options(*_surroundings())
    )
    if cause is not None:
        wanted = wanted.where(QueueItem.cause == cause)
    if after is not None:
        wanted = wanted.where(tuple_(QueueItem.since, QueueItem.id) > (after.since, after.id))
    return list(db.session.scalars(wanted))


def _surroundings() -> tuple[Any, ...]:
    comment = joinedload(QueueItem.comment, innerjoin=True)
    return (
        comment.joinedload(Comment.author, innerjoin=True).lazyload(Person.roles),
        comment.joinedload(Comment.paragraph, innerjoin=True),
        comment.joinedload(Comment.block),
        comment.joinedload(Comment.document, innerjoin=True),
        comment.joinedload(Comment.parent).joinedload(Comment.author).lazyload(Person.roles),
    )


def tallies(organisation_ids: Sequence[int]) -> dict[Cause, int]:
    """Return how many open items there are of each cause."""
    rows = db.session.execute(
        select(QueueTally.cause, func.sum(QueueTally.open_count))
        .where(QueueTally.organisation_id.in_(organisation_ids))
        .group_by(QueueTally.cause)
    )
    found = {cause: int(count) for cause, count in rows}
    return {cause: found.get(cause, 0) for cause in Cause}


def comment_to_decide(key: str) -> Comment:
    """Return a comment by its public key, whatever its state, with its surroundings. Raises NotFound."""
    found = db.session.scalar(
        select(Comment)
        .where(Comment.key == key)
        .options(
            joinedload(Comment.author, innerjoin=True).lazyload(Person.roles),
            joinedload(Comment.paragraph, innerjoin=True),
            joinedload(Comment.block),
            joinedload(Comment.document, innerjoin=True),
            joinedload(Comment.parent).joinedload(Comment.author).lazyload(Person.roles),
        )
    )
    if found is None:
        raise NotFound
    return found


def correction_of(comment_id: int) -> Correction | None:
    """Return the words that wait to take the place of a published comment's, if there are any."""
    return db.session.scalar(select(Correction).where(Correction.comment_id == comment_id))


@dataclass(frozen=True)
class Record:
    """What an author's comments in one organisation came to: counts, never a score."""

    counts: dict[State, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def record_of(author_id: int, organisation_id: int) -> Record:
    rows = db.session.execute(
        select(Comment.state, func.count())
        .where(Comment.author_id == author_id, Comment.organisation_id == organisation_id)
        .group_by(Comment.state)
    )
    return Record({row[0]: row[1] for row in rows})


def reports_on(comment_id: int) -> list[Report]:
    """Return the reports that nobody has settled yet, oldest first."""
    return list(
        db.session.scalars(
            select(Report)
            .where(Report.comment_id == comment_id, Report.settled_at.is_(None))
            .order_by(Report.created_at, Report.id)
            .limit(20)
        )
    )


def decisions_on(comment_id: int) -> list[Decision]:
    """Return every decision on a comment, newest first, with who took it."""
    return list(
        db.session.scalars(
            select(Decision)
            .where(Decision.comment_id == comment_id)
            .order_by(Decision.id.desc())
            .limit(50)
            .options(joinedload(Decision.actor).lazyload(Person.roles))
        )
    )


def recent_decisions(
    organisation_ids: Sequence[int], *, before: int | None = None, limit: int = PAGE
) -> list[Any]:
    """Return decisions by moderators in these organisations, newest first: (decision, comment key, paragraph)."""
    return list(db.session.execute(_decisions(organisation_ids, before).limit(limit)))


def _decisions(organisation_ids: Sequence[int], before: int | None) -> Select[Any]:
    wanted = (
        select(Decision, Comment)
        .join(Comment, Comment.id == Decision.comment_id)
        .where(Comment.organisation_id.in_(organisation_ids), Decision.actor_id.is_not(None))
        .where(Decision.actor_id != Comment.author_id)
        .order_by(Decision.id.desc())
        .options(
            joinedload(Decision.actor).lazyload(Person.roles),
            joinedload(Comment.author, innerjoin=True).lazyload(Person.roles),
            joinedload(Comment.paragraph, innerjoin=True),
            joinedload(Comment.document, innerjoin=True),
        )
    )
    return wanted if before is None else wanted.where(Decision.id < before)


def is_conflicted(person: Any, comment: Comment) -> bool:
    """Say whether this person wrote the draft, or answers for the unit that did."""
    unit_id = comment.document.consultation.unit_id
    return bool(person.plays(Part.OFFICIAL, unit_id=unit_id)) or _wrote(person.id, comment.document_id)


def _wrote(person_id: int, document_id: int) -> bool:
    published = select(Version.id).where(
        Version.document_id == document_id, Version.published_by == person_id
    )
    saved = select(Draft.id).where(Draft.document_id == document_id, Draft.saved_by == person_id)
    return bool(db.session.scalar(select(published.exists() | saved.exists())))


def another_moderator_exists(person: Any, comment: Comment) -> bool:
    """Say whether somebody else moderates here who neither wrote this draft nor answers for its unit."""
    consultation: Consultation = comment.document.consultation
    officials = select(Role.person_id).where(
        Role.part == Part.OFFICIAL, Role.unit_id == consultation.unit_id, Role.ended_at.is_(None)
    )
    writers = select(Version.published_by).where(
        Version.document_id == comment.document_id, Version.published_by.is_not(None)
    )
    others = (
        select(Role.id)
        .join(Person, Person.id == Role.person_id)
        .where(
            Role.part == Part.MODERATOR,
            Role.organisation_id == consultation.organisation_id,
            Role.ended_at.is_(None),
            Role.person_id != person.id,
            Person.disabled_at.is_(None),
            Role.person_id.not_in(officials),
            Role.person_id.not_in(writers),
        )
    )
    return bool(db.session.scalar(select(others.exists())))
