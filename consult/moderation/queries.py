"""Questions that moderators ask: what waits, in what surroundings, who decided what before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, null, select, tuple_, union_all
from sqlalchemy.orm import joinedload

from consult.accounts.models import Part, Person, Role
from consult.consultations.models import Consultation
from consult.discussion.models import Comment, Correction, Decision, State
from consult.documents.models import Draft, Paragraph, Version
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation.models import Cause, QueueItem, QueueTally, Report

PAGE = 50
EXCERPT = 240  # characters of a comment that the list shows
HISTORY = 60  # reports and decisions shown with a comment


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
) -> list[Any]:
    """Return a line for each open item, oldest first: what the list shows and no more."""
    wanted = (
        select(
            QueueItem.id,
            QueueItem.since,
            QueueItem.cause,
            Comment.key,
            Comment.kind,
            func.substr(Comment.body, 1, EXCERPT).label("words"),
            Person.name.label("author"),
            Paragraph.number,
        )
        .join(Comment, Comment.id == QueueItem.comment_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .where(QueueItem.organisation_id.in_(organisation_ids), QueueItem.settled_at.is_(None))
        .order_by(QueueItem.since, QueueItem.id)
        .limit(limit)
    )
    if cause is not None:
        wanted = wanted.where(QueueItem.cause == cause)
    if after is not None:
        wanted = wanted.where(tuple_(QueueItem.since, QueueItem.id) > (after.since, after.id))
    return list(db.session.execute(wanted))


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


def outlook(person: Any, comment: Comment) -> tuple[Correction | None, bool]:
    """Return the words that wait to take a comment's place, and whether `person` wrote the draft; one question."""
    row = db.session.execute(
        select(Correction, _wrote(person.id, comment.document_id).label("wrote"))
        .select_from(Comment)
        .outerjoin(Correction, Correction.comment_id == Comment.id)
        .where(Comment.id == comment.id)
    ).one()
    return row.Correction, bool(row.wrote) or _answers_for(person, comment)


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


@dataclass(frozen=True)
class History:
    """What happened to a comment: the reports that wait for an answer, and every decision, newest first."""

    reports: list[Any]
    decisions: list[Any]


def history_of(comment_id: int) -> History:
    """Return the history of a comment, in one question; rows have at, reason, note, before, after, by."""
    reports = select(
        literal("report").label("what"),
        Report.id.label("id"),
        Report.created_at.label("at"),
        Report.reason.label("reason"),
        Report.note.label("note"),
        cast(null(), String).label("after"),
        cast(null(), String).label("by"),
    ).where(Report.comment_id == comment_id, Report.settled_at.is_(None))
    decisions = (
        select(
            literal("decision"),
            Decision.id,
            Decision.decided_at,
            Decision.reason,
            Decision.note,
            cast(Decision.after, String),
            Person.name,
        )
        .outerjoin(Person, Person.id == Decision.actor_id)
        .where(Decision.comment_id == comment_id)
    )
    both = union_all(reports, decisions).subquery()
    rows = db.session.execute(select(both).order_by(both.c.what, both.c.id.desc()).limit(HISTORY)).all()
    return History(
        reports=[row for row in rows if row.what == "report"],
        decisions=[row for row in rows if row.what == "decision"],
    )


def recent_decisions(
    organisation_ids: Sequence[int], *, before: int | None = None, limit: int = PAGE
) -> list[Any]:
    """Return decisions by moderators in these organisations, newest first: (decision, comment key, paragraph)."""
    return list(db.session.execute(_decisions(organisation_ids, before).limit(limit)))


def _decisions(organisation_ids: Sequence[int], before: int | None) -> Select[Any, Any]:
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
    return outlook(person, comment)[1]


def _answers_for(person: Any, comment: Comment) -> bool:
    return bool(person.plays(Part.OFFICIAL, unit_id=comment.document.consultation.unit_id))


def _wrote(person_id: int, document_id: int) -> ColumnElement[bool]:
    published = select(Version.id).where(
        Version.document_id == document_id, Version.published_by == person_id
    )
    saved = select(Draft.id).where(Draft.document_id == document_id, Draft.saved_by == person_id)
    return published.exists() | saved.exists()


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
