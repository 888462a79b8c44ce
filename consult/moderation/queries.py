"""Questions that moderators ask: what waits, in what surroundings, who decided what before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Part, Person, Role
from consult.consultations.models import Consultation
from consult.discussion.models import Comment, Correction, Decision, State
from consult.documents.models import Version
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation import reads
from consult.moderation.models import Cause

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
) -> list[Any]:
    """Return a line for each open item, oldest first: what the list shows and no more."""
    wanted = reads.queue(limit, has_cause=cause is not None, has_place=after is not None)
    where: dict[str, Any] = {"organisations": organisation_ids}
    if cause is not None:
        where["cause"] = cause
    if after is not None:
        where |= {"since": after.since, "id": after.id}
    return list(db.session.execute(wanted, where))


def tallies(organisation_ids: Sequence[int]) -> dict[Cause, int]:
    """Return how many open items there are of each cause."""
    rows = db.session.execute(reads.TALLIES, {"organisations": organisation_ids})
    found = {cause: int(count) for cause, count in rows}
    return {cause: found.get(cause, 0) for cause in Cause}


def comment_to_decide(key: str) -> Comment:
    """Return a comment by its public key, whatever its state, with its surroundings. Raises NotFound."""
    found = db.session.scalar(reads.TO_DECIDE, {"key": key})
    if found is None:
        raise NotFound
    return found


def correction_of(comment_id: int) -> Correction | None:
    """Return the words that wait to take the place of a published comment's, if there are any."""
    return db.session.scalar(select(Correction).where(Correction.comment_id == comment_id))


def outlook(person: Any, comment: Comment) -> tuple[Correction | None, bool]:
    """Return the words that wait to take a comment's place, and whether `person` wrote the draft; one question."""
    of = {"person": person.id, "document": comment.document_id, "comment": comment.id}
    row = db.session.execute(reads.OUTLOOK, of).one()
    return row.Correction, bool(row.wrote) or _answers_for(person, comment)


@dataclass(frozen=True)
class Record:
    """What an author's comments in one organisation came to: counts, never a score."""

    counts: dict[State, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def record_of(author_id: int, organisation_id: int) -> Record:
    rows = db.session.execute(reads.RECORD, {"author": author_id, "organisation": organisation_id})
    return Record({row[0]: row[1] for row in rows})


@dataclass(frozen=True)
class History:
    """What happened to a comment: the reports that wait for an answer, and every decision, newest first."""

    reports: list[Any]
    decisions: list[Any]


def history_of(comment_id: int) -> History:
    """Return the history of a comment, in one question; rows have at, reason, note, before, after, by."""
    rows = db.session.execute(reads.HISTORY_OF, {"comment": comment_id}).all()
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
