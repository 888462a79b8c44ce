"""Whom a question of the monitor is about, and since when what was asked of them is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, or_, select

from consult.accounts.models import Unit
from consult.consultations import election_queries
from consult.consultations.elections import Calendar
from consult.discussion.ledger.models import LedgerEntry
from consult.errors import NotFound
from consult.extensions import db


@dataclass(frozen=True)
class Scope:
    """The units that are looked at, at a moment: all of the site, or some of them. `chosen` is the slug of the one.

    Their clocks are those of `calendar`, which stand still where an election has stopped them.
    """

    units: tuple[Unit, ...]
    looked_at: tuple[Unit, ...]
    now: datetime
    zone: ZoneInfo
    calendar: Calendar
    chosen: str = ""

    @property
    def is_all(self) -> bool:
        return len(self.looked_at) == len(self.units)

    @cached_property
    def by_id(self) -> dict[int, Unit]:
        return {unit.id: unit for unit in self.looked_at}

    @property
    def today(self) -> date:
        return self.day(self.now)

    def day(self, at: datetime) -> date:
        """Return the day of a moment by the calendar of the site."""
        return at.astimezone(self.zone).date()

    def of_unit(self, column: Any) -> ColumnElement[bool]:
        """Say in SQL that a row is of the units that are looked at: of all of them, nothing has to be compared."""
        if self.is_all:
            return column.is_not(None)  # type: ignore[no-any-return]
        return column.in_(list(self.by_id))  # type: ignore[no-any-return]

    @cached_property
    def late(self) -> ColumnElement[bool]:
        """Say in SQL that what an entry of the ledger asks has waited for longer than its unit promised."""
        moments = self.calendar.late_before_of(self.looked_at, self.now)
        if len(set(moments.values())) == 1:
            return LedgerEntry.since < next(iter(moments.values()))
        by_moment: dict[datetime, list[int]] = {}
        for unit_id, moment in moments.items():
            by_moment.setdefault(moment, []).append(unit_id)
        some = (
            and_(LedgerEntry.unit_id.in_(ids), LedgerEntry.since < moment)
            for moment, ids in by_moment.items()
        )
        return or_(false(), *some)


def scope(chosen: str, now: datetime, zone: ZoneInfo) -> Scope:
    """Return the unit that is chosen to look at, or all of them by name. Raises NotFound."""
    units = _units()
    looked_at = tuple(unit for unit in units if chosen in ("", unit.slug))
    if chosen and not looked_at:
        raise NotFound
    return Scope(units, looked_at, now, zone, election_queries.calendar(), chosen)


def scope_of(unit_ids: Iterable[int], now: datetime, zone: ZoneInfo) -> Scope:
    """Return some units to look at together."""
    wanted, units = set(unit_ids), _units()
    looked_at = tuple(unit for unit in units if unit.id in wanted)
    return Scope(units, looked_at, now, zone, election_queries.calendar())


def _units() -> tuple[Unit, ...]:
    return tuple(db.session.scalars(select(Unit).order_by(Unit.name)))
