"""The public figures of an organisation's moderation: by quarter and over all time, small numbers kept back.

They are counted from the decisions, the reports, the appeals and the queue whenever a page is made; each is defined at
`/figures`. Of what was sent only to the team nothing is counted, nor what a moderator took back within half a minute.
Appeals stand in the period in which they were made, with how they have ended until now: so the ways add up to them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, extract, func, or_, select

from consult.audit import AuditEntry
from consult.consultations.equality import LEAST, Shown
from consult.discussion.desk.acts import UNDO
from consult.discussion.ledger.figures import median
from consult.discussion.models import Comment, Decision, State
from consult.extensions import db
from consult.moderation.appeals.models import Appeal, Outcome
from consult.moderation.held_people.models import PersonHold
from consult.moderation.models import QueueItem, Report
from consult.moderation.record.periods import Quarter, latest
from consult.moderation.record.withholding import SUM, Table, beneath, withheld
from consult.reasons import BY_APPEAL, PUT_BACK, REASONS, UNDONE

QUARTERS = 8  # shown one by one; what came before stands together
OTHER = "other"  # also of reasons that are no longer in the list
CODES = tuple(reason.code for reason in REASONS)
OPEN = "open"  # of an appeal that nobody has decided yet
ENDS = (*(outcome.value for outcome in Outcome), OPEN)
SINGLE = ("received", "published", "returned", "redacted", "put_back", "held", "reports", "decided")


@dataclass(frozen=True)
class Period:
    """One row of the page: a quarter, all that came before those shown (`quarter` None), or all time (`is_all`)."""

    quarter: Quarter | None
    is_all: bool
    counts: dict[str, Shown | None]
    median_minutes: float | None

    @property
    def code(self) -> str:
        """Return what files call it."""
        if self.is_all:
            return "all"
        return self.quarter.code if self.quarter else "earlier"


@dataclass(frozen=True)
class Counted:
    """The counts of one period as they are, before anything is kept back."""

    acts: Counter[str]
    taken_down: Counter[str]
    appeals: Counter[str]
    minutes: Counter[int]

    @property
    def is_empty(self) -> bool:
        return not any((self.acts, self.taken_down, self.appeals, self.minutes))


def names() -> tuple[str, ...]:
    """Return the names of the figures, in the order of the page and the file."""
    reasons = (f"taken_down:{code}" for code in CODES)
    ends = (f"appeals:{end}" for end in ENDS)
    return (
        *("received", "published", "taken_down", *reasons, "returned", "redacted", "put_back"),
        *("appeals", *ends, "held", "reports", "decided"),
    )


def stamp(organisation_id: int) -> int:
    """Return the length of an organisation's chain: whatever these figures count leaves an entry there."""
    last = select(func.max(AuditEntry.sequence)).where(AuditEntry.chain == organisation_id)
    return db.session.scalar(last) or 0


def of(organisation_id: int, now: datetime, zone: tzinfo) -> list[Period]:
    """Return all time first, then the quarters from the running one back to the first that has anything in it."""
    quarters = latest(now, zone, QUARTERS)
    counted = _counted(organisation_id, [quarter.begins(zone) for quarter in quarters])
    rows: list[tuple[Quarter | None, Counted]] = list(zip([*quarters, None], counted, strict=True))
    while len(rows) > 1 and rows[-1][1].is_empty:
        rows.pop()
    return _periods(rows)


def _periods(rows: Sequence[tuple[Quarter | None, Counted]]) -> list[Period]:
    counted = [each for _quarter, each in rows]
    tables = {name: withheld([[each.acts[name]] for each in counted]) for name in SINGLE}
    reasons = withheld([[each.taken_down[code] for code in CODES] for each in counted])
    appeals = _appeals_shown(counted, tables, reasons)
    minutes = sum((each.minutes for each in counted), Counter[int]())
    everything = Period(None, True, _shown(SUM, tables, reasons, appeals), _middle(minutes))
    return [
        everything,
        *(
            Period(quarter, False, _shown(row, tables, reasons, appeals), _middle(each.minutes))
            for row, (quarter, each) in enumerate(rows)
        ),
    ]


def _appeals_shown(counted: Sequence[Counted], tables: dict[str, Table], reasons: Table) -> Table:
    """Return what may be shown of appeals, beside the figures that are at least as large as they are.

    Each appeal is against a decision that took down or returned a comment or took words out of it, not later than the
    appeal; each that was granted published one, or put words back, not earlier. Where few of these are shown as few, many appeals would tell how many.
    """
    counts = [[each.appeals[end] for end in ENDS] for each in counted]
    latest_first = list(range(len(counts)))
    granted = ENDS.index(Outcome.GRANTED.value)
    table = withheld(counts)
    before = [(reasons, SUM), (tables["returned"], 0), (tables["redacted"], 0)]
    after = [(tables["published"], 0), (tables["put_back"], 0)]
    table = beneath(table, counts, SUM, before, latest_first[::-1])
    return beneath(table, counts, granted, after, latest_first)


def _shown(row: int, tables: dict[str, Table], reasons: Table, appeals: Table) -> dict[str, Shown | None]:
    found = {name: table.cell(row, 0) for name, table in tables.items()}
    found |= {f"taken_down:{code}": reasons.cell(row, place) for place, code in enumerate(CODES)}
    found |= {f"appeals:{end}": appeals.cell(row, place) for place, end in enumerate(ENDS)}
    found["taken_down"], found["appeals"] = reasons.cell(row, SUM), appeals.cell(row, SUM)
    return found


def _middle(minutes: Counter[int]) -> float | None:
    """Return the median of how long decisions took; None where there are so few that it would tell of one of them."""
    return median(minutes) if minutes.total() >= LEAST else None


def _counted(organisation_id: int, begins: Sequence[datetime]) -> list[Counted]:
    """Count what is in each period; `begins` holds when each begins, the latest first; one more is before them all."""
    found = [Counted(Counter(), Counter(), Counter(), Counter()) for _ in range(len(begins) + 1)]
    for period, before, after, reason, count in db.session.execute(_decisions(organisation_id, begins)):
        _add_decision(found[period], before, after, reason, count)
    for period, count in db.session.execute(_reports(organisation_id, begins)):
        found[period].acts["reports"] += count
    for period, outcome, count in db.session.execute(_appeals(organisation_id, begins)):
        found[period].appeals[outcome.value if outcome else OPEN] += count
    for period, count in db.session.execute(_holds(organisation_id, begins)):
        found[period].acts["held"] += count
    for period, minutes, count in db.session.execute(_durations(organisation_id, begins)):
        found[period].acts["decided"] += count
        found[period].minutes[minutes] += count
    return found


def _add_decision(to: Counted, before: State | None, after: State, reason: str, count: int) -> None:
    if before in (None, State.UNCONFIRMED):
        to.acts["received"] += count
    if after is State.PUBLISHED and reason in CODES:
        to.acts["redacted"] += count
    elif before is after:
        to.acts["put_back"] += count
    if after is State.PUBLISHED and before is not after:
        to.acts["put_back" if before is State.TAKEN_DOWN else "published"] += count
    if after is State.RETURNED:
        to.acts["returned"] += count
    if after is State.TAKEN_DOWN:
        to.taken_down[reason if reason in CODES else OTHER] += count


def _decisions(organisation_id: int, begins: Sequence[datetime]) -> Any:
    """Every change of state that anybody but the author could see the sense of, and the coming in of what is new.

    A decision that was taken back at once is followed by the one that says so: neither counts.
    """
    told = (State.WAITING, State.PUBLISHED, State.RETURNED, State.TAKEN_DOWN)
    is_new = and_(
        or_(Decision.before.is_(None), Decision.before == State.UNCONFIRMED),
        Decision.after.in_((State.WAITING, State.PUBLISHED)),
    )
    words = and_(
        Decision.before == Decision.after,
        Decision.after == State.PUBLISHED,
        Decision.reason.in_((*CODES, PUT_BACK, BY_APPEAL)),
    )
    changes = and_(Decision.before.is_not(None), Decision.before != Decision.after, Decision.after.in_(told))
    following = func.lead(Decision.reason).over(partition_by=Decision.comment_id, order_by=Decision.id)
    each = (
        select(
            _period(Decision.decided_at, begins).label("period"),
            Decision.before,
            Decision.after,
            Decision.reason,
            or_(is_new, changes, words).label("is_told"),
            func.coalesce(following, "").label("following"),
        )
        .join(Comment, Comment.id == Decision.comment_id)
        .where(Comment.organisation_id == organisation_id, Comment.is_team_only.is_(False))
        .subquery()
        .c
    )
    return (
        select(each.period, each.before, each.after, each.reason, func.count())
        .where(each.is_told, each.reason != UNDONE, each.following != UNDONE)
        .group_by(each.period, each.before, each.after, each.reason)
    )


def _appeals(organisation_id: int, begins: Sequence[datetime]) -> Any:
    period = _period(Appeal.made_at, begins)
    return (
        select(period, Appeal.outcome, func.count())
        .where(Appeal.organisation_id == organisation_id)
        .group_by(period, Appeal.outcome)
    )


def _holds(organisation_id: int, begins: Sequence[datetime]) -> Any:
    """How many people moderators held, but for what was undone at once and what only took the place of another hold."""
    period = _period(PersonHold.held_at, begins)
    lasted = or_(
        PersonHold.ended_at.is_(None),
        _seconds(PersonHold.ended_at) - _seconds(PersonHold.held_at) > UNDO.seconds,
    )
    return (
        select(period, func.count(PersonHold.person_id.distinct()))
        .where(PersonHold.organisation_id == organisation_id, lasted)
        .group_by(period)
    )


def _reports(organisation_id: int, begins: Sequence[datetime]) -> Any:
    period = _period(Report.created_at, begins)
    return (
        select(period, func.count())
        .join(Comment, Comment.id == Report.comment_id)
        .where(Comment.organisation_id == organisation_id)
        .group_by(period)
    )


def _durations(organisation_id: int, begins: Sequence[datetime]) -> Any:
    """How many whole minutes it took moderators from when something came into the queue until they decided on it."""
    period = _period(QueueItem.settled_at, begins)
    minutes = (_seconds(QueueItem.settled_at) - _seconds(QueueItem.since)) // 60
    return (
        select(period, minutes, func.count())
        .where(
            QueueItem.organisation_id == organisation_id,
            QueueItem.settled_at.is_not(None),
            QueueItem.settled_by.is_not(None),
        )
        .group_by(period, minutes)
    )


def _period(moment: Any, begins: Sequence[datetime]) -> ColumnElement[int]:
    """Return, in SQL, the place of the period that a moment falls into."""
    return case(*((moment >= begin, place) for place, begin in enumerate(begins)), else_=len(begins))


def _seconds(moment: Any) -> ColumnElement[int]:
    if db.session.get_bind().dialect.name == "sqlite":
        return cast(func.strftime("%s", moment), Integer)
    return cast(func.floor(extract("epoch", moment)), Integer)
