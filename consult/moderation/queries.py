"""Questions that moderators ask: what waits, in what surroundings, who decided what before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from consult import clock
from consult.accounts.models import Part, Person, Role
from consult.consultations import election_queries
from consult.consultations.models import Consultation
from consult.discussion.guests import NOT_ME
from consult.discussion.models import Comment, Correction, Decision, State
from consult.documents.models import Version
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation import reads
from consult.moderation.models import Cause
from consult.moderation.places import Place, beginning
from consult.moderation.sieve import EVERYTHING, Sieve

PAGE = 50


def organisations_of(person: Any) -> list[int]:
    """Return the ids of the organisations that a person moderates."""
    return sorted(
        {
            role.organisation_id
            for role in person.parts
            if role.part is Part.MODERATOR and role.organisation_id is not None
        }
    )


def queue(
    organisation_ids: Sequence[int],
    *,
    now: datetime,
    sieve: Sieve = EVERYTHING,
    after: Place | None = None,
    limit: int = PAGE,
) -> list[Any]:
    """Return a line for each open item, in the order of the queue: what the list shows and no more.

    `after` goes on from a place, as the order was when its list began: what is over time since is where it was.
    """
    if not organisation_ids:
        return []
    place = after or beginning(now)
    wanted = reads.queue(limit, organisations=_branches(organisation_ids, sieve), narrowed=sieve.names)
    return list(db.session.execute(wanted, _bounds(organisation_ids, sieve) | place.bounds()))


def count(organisation_ids: Sequence[int], sieve: Sieve, limit: int) -> int:
    """Return how many open items a sieve lets through, and no more of them than `limit`."""
    if not organisation_ids:
        return 0
    wanted = reads.count(limit, organisations=_branches(organisation_ids, sieve), narrowed=sieve.names)
    return int(db.session.scalar(wanted, _bounds(organisation_ids, sieve)) or 0)


def _branches(organisation_ids: Sequence[int], sieve: Sieve) -> int:
    return 1 if sieve.consultation or sieve.campaign else len(organisation_ids)


def _bounds(organisation_ids: Sequence[int], sieve: Sieve) -> dict[str, Any]:
    found: dict[str, Any] = {f"organisation_{n}": one for n, one in enumerate(organisation_ids)}
    found["cause"] = sieve.cause
    found["hold"] = f"+{sieve.hold}+"
    found["consultation"] = sieve.consultation.id if sieve.consultation else None
    found["campaign"] = sieve.campaign.id if sieve.campaign else None
    return found


def consultations_waiting(organisation_ids: Sequence[int]) -> list[tuple[str, str]]:
    """Return the consultations in which something waits for a moderator, by name: address and title."""
    rows = db.session.execute(reads.CONSULTATIONS_WAITING, {"organisations": organisation_ids})
    return [(row.slug, row.title) for row in rows]


def over_time(organisation_ids: Sequence[int], now: datetime) -> int:
    """Return how many items are past their promise; of very many, that there are more than `reads.MANY`."""
    found = db.session.scalar(reads.OVER_TIME, {"organisations": organisation_ids, "as_of": now})
    return int(found or 0)


def tallies(organisation_ids: Sequence[int]) -> dict[Cause, int]:
    """Return how many open items there are of each cause."""
    rows = db.session.execute(reads.TALLIES, {"organisations": organisation_ids})
    found = {cause: int(count) for cause, count in rows}
    return {cause: found.get(cause, 0) for cause in Cause}


def comment_to_decide(key: str) -> Comment:
    """Return a comment by its public key, whatever its state, with its surroundings.

    Raises NotFound, also for what was sent only to the team: no moderator may know of it.
    """
    found = db.session.scalar(reads.TO_DECIDE, {"key": key})
    if found is None:
        raise NotFound
    return found


def key_of(comment_id: int) -> str:
    """Return the public key of a comment."""
    return str(db.session.scalars(select(Comment.key).where(Comment.id == comment_id)).one())


def correction_of(comment_id: int) -> Correction | None:
    """Return the words that wait to take the place of a published comment's, if there are any."""
    return db.session.scalar(select(Correction).where(Correction.comment_id == comment_id))


def outlook(person: Any, comment: Comment) -> tuple[Correction | None, bool, str]:
    """Return the words that wait to take a comment's place, whether `person` wrote the draft, and which holds fired.

    One question. The holds are named by a rule (`holds.names`), empty where none fired.
    """
    of = {"person": person.id, "document": comment.document_id, "comment": comment.id}
    row = db.session.execute(reads.OUTLOOK, of).one()
    return row.Correction, bool(row.wrote) or answers_for(person, comment), row.holds


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

    @property
    def decision_id(self) -> int | None:
        """Return the latest decision."""
        return self.decisions[0].id if self.decisions else None


def history_of(comment_id: int) -> History:
    """Return the history of a comment, in one question; rows have at, reason, note, before, after, by."""
    rows = db.session.execute(reads.HISTORY_OF, {"comment": comment_id}).all()
    return History(
        reports=[row for row in rows if row.what == "report"],
        decisions=[row for row in rows if row.what == "decision"],
    )


@dataclass(frozen=True)
class Reporter:
    """How many reports somebody made in an organisation, and what moderators did: counts, never a score."""

    reports: int
    left_standing: int
    acted_on: int


def reporters(reports: Sequence[Any], organisation_id: int) -> dict[int, Reporter]:
    """Return the counts of those who made these reports, by their ids, in one question; of people without a name none."""
    ids = sorted({report.reporter_id for report in reports if report.reporter_id is not None})
    if not ids:
        return {}
    rows = db.session.execute(reads.REPORTERS, {"reporters": ids, "organisation": organisation_id})
    return {row[0]: Reporter(row[1], int(row[2]), int(row[3])) for row in rows}


def recent_decisions(
    organisation_ids: Sequence[int], *, before: int | None = None, limit: int = PAGE
) -> list[Any]:
    """Return decisions by moderators in these organisations, newest first, each with its comment.

    Among them is what the owner of an address said was not theirs: somebody misused it, and moderators should know.
    """
    return list(db.session.execute(_decisions(organisation_ids, before).limit(limit)))


def _decisions(organisation_ids: Sequence[int], before: int | None) -> Select[Any, Any]:
    by_another = and_(
        Decision.actor_id.is_not(None),
        Decision.actor_id != Comment.author_id,
        Decision.after != State.WITHDRAWN,
    )
    misused = and_(Decision.rule == NOT_ME, Comment.is_team_only.is_(False))
    outside = Decision.rule == "appeal.outsider"
    wanted = (
        select(Decision, Comment)
        .join(Comment, Comment.id == Decision.comment_id)
        .where(Comment.organisation_id.in_(organisation_ids), or_(by_another, misused, outside))
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


def answers_for(person: Any, comment: Comment) -> bool:
    """Say whether a person answers for the unit whose draft a comment is about."""
    return bool(person.plays(Part.OFFICIAL, unit_id=comment.document.consultation.unit_id))


def another_moderator_exists(person: Any, comment: Comment) -> bool:
    """Say whether somebody else moderates here who neither wrote this draft nor answers for its unit."""
    consultation: Consultation = comment.document.consultation
    officials = select(Role.person_id).where(
        Role.part == Part.OFFICIAL, Role.unit_id == consultation.unit_id, Role.played()
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
            Role.played(),
            Role.person_id != person.id,
            Person.disabled_at.is_(None),
            Role.person_id.not_in(officials),
            Role.person_id.not_in(writers),
        )
    )
    return bool(db.session.scalar(select(others.exists())))


def is_before_election(comment: Comment) -> bool:
    """Say whether the organisation of a comment keeps quiet before an election: one more reason holds then."""
    calendar = election_queries.calendar([comment.organisation_id])
    return calendar.period(comment.organisation_id, clock.now()) is not None
