"""How soon moderators decide, against what was promised: kept by the hour, so that a page reads it at no cost."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import bindparam, func, literal, select, text, union_all

from consult.extensions import db
from consult.moderation.models import QueueItem, QueuePace

HOUR = 3600
LONGEST = 2_160  # hours, 90 days: whatever took longer is counted there
FEWEST = 5
MANY = 1_000  # over time: beyond this a page says that there are more

_pace: Any = QueuePace.__table__.c
_item: Any = QueueItem.__table__.c
_CONSULTATION: Any = bindparam("consultation")


def _over() -> Any:
    some = (
        select(_item.id)
        .where(
            _item.consultation_id == _CONSULTATION,
            _item.settled_at.is_(None),
            _item.due_at <= bindparam("now", type_=_item.due_at.type),
        )
        .limit(MANY + 1)
    )
    return select(literal(-1), func.count(), literal(0)).select_from(some.subquery())


_FIGURE = union_all(
    select(_pace.hours, _pace.decided_count, _pace.kept_count).where(_pace.consultation_id == _CONSULTATION),
    _over(),
)

# two moderators may be the first of an hour at once: either database adds to what the other has put there
_COUNTED = text(
    "INSERT INTO queue_pace (consultation_id, hours, decided_count, kept_count)"
    " VALUES (:consultation, :hours, :decided, :kept) ON CONFLICT (consultation_id, hours) DO UPDATE SET"
    " decided_count = queue_pace.decided_count + excluded.decided_count,"
    " kept_count = queue_pace.kept_count + excluded.kept_count"
)


@dataclass(frozen=True)
class Figure:
    """What the public is told: of `due` items so many in time, half of those decided within `hours`."""

    decided: int
    kept: int
    over: int  # still waiting, and past the promise; at most MANY + 1
    hours: int | None

    @property
    def due(self) -> int:
        """Return how many should have been decided by now or were decided."""
        return self.decided + min(self.over, MANY)

    @property
    def is_told(self) -> bool:
        """Say whether there are enough to tell of: a small number says something about one person."""
        return self.due >= FEWEST

    @property
    def has_more(self) -> bool:
        """Say whether more are over time than are counted."""
        return self.over > MANY


def figure(consultation_id: int, now: datetime) -> Figure:
    """Return how soon moderators decided in a consultation, in one question."""
    rows = db.session.execute(_FIGURE, {"consultation": consultation_id, "now": now}).all()
    over = next(int(row[1]) for row in rows if row[0] < 0)
    by_hours = sorted((row[0], row[1], row[2]) for row in rows if row[0] >= 0 and row[1] > 0)
    decided = sum(count for _hours, count, _kept in by_hours)
    kept = sum(in_time for _hours, _count, in_time in by_hours)
    return Figure(decided, kept, over, _median(by_hours, decided))


def _median(by_hours: list[tuple[int, int, int]], decided: int) -> int | None:
    """Return within how many hours at least half were decided."""
    seen = 0
    for hours, count, _kept in by_hours:
        seen += count
        if 2 * seen >= decided:
            return hours
    return None


class Settled(Protocol):
    """An item that is out of the queue, as a row or as it was read from one."""

    consultation_id: Any
    since: Any
    due_at: Any
    settled_at: Any


def place(item: Settled) -> tuple[int, bool]:
    """Return under how many hours a settled item counts, and whether it was decided in time."""
    settled = item.settled_at or item.due_at
    took = math.ceil(max(0.0, (settled - item.since).total_seconds()) / HOUR)
    return min(max(1, took), LONGEST), settled <= item.due_at


def count(item: Settled, step: int) -> None:
    """Count an item that a moderator has decided, or with -1 no longer."""
    hours, in_time = place(item)
    of = {"consultation": item.consultation_id, "hours": hours, "decided": step, "kept": step * in_time}
    db.session.execute(_COUNTED, of)
