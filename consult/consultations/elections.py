"""What holds before an election, on a given day. Pure: days and moments come in as arguments.

Days are those of the site's calendar: a switch holds from midnight at the beginning of its first day to midnight at the
end of its last. Every figure of age and lateness asks a `Calendar`, so that desk, monitor, pages and mails agree.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Protocol

from consult import workdays
from consult.consultations.election_models import Effect
from consult.workdays import Stop


@dataclass(frozen=True)
class Switch:
    """One thing that is different from a day to another, and the words in which the public is told."""

    effect: Effect
    first_day: date
    last_day: date
    wording: str

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Period:
    """The days on which an organisation keeps quiet, with the switches that are on."""

    id: int
    name: str
    held_on: date
    first_day: date
    last_day: date
    switches: tuple[Switch, ...]

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def in_force(self, effect: Effect, day: date) -> Switch | None:
        """Return the switch that brings an effect about on a day; None where it does not hold."""
        return next((each for each in self.switches if each.effect is effect and each.covers(day)), None)


class Promising(Protocol):
    """A unit, or a row that has of it what is needed here."""

    @property
    def organisation_id(self) -> int: ...

    @property
    def promise_days(self) -> int | None: ...


class Unit(Promising, Protocol):
    """The same with its id."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True)
class Calendar:
    """The periods of some organisations, or of all, read once for many questions. Those of one share no day."""

    zone: tzinfo
    periods: Mapping[int, Sequence[Period]] = field(default_factory=dict)

    def day(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def period(self, organisation_id: int, now: datetime) -> Period | None:
        """Return the period in which an organisation keeps quiet at `now`."""
        day = self.day(now)
        return next((each for each in self.periods.get(organisation_id, ()) if each.covers(day)), None)

    def in_force(self, organisation_id: int, effect: Effect, now: datetime) -> Switch | None:
        """Return the switch by which an effect holds for an organisation at `now`; None where it does not."""
        period = self.period(organisation_id, now)
        return None if period is None else period.in_force(effect, self.day(now))

    def organisations_with(self, effect: Effect, now: datetime) -> set[int]:
        """Return the ids of the organisations for which an effect holds at `now`."""
        return {each for each in self.periods if self.in_force(each, effect, now) is not None}

    def stops(self, organisation_id: int) -> tuple[Stop, ...]:
        """Return the days on which the clock of an organisation stands still, past ones as well."""
        return tuple(
            (switch.first_day, switch.last_day)
            for period in self.periods.get(organisation_id, ())
            for switch in period.switches
            if switch.effect is Effect.STOP_CLOCK
        )

    def waited(self, start: datetime, end: datetime, organisation_id: int) -> int:
        """Return how many working days have come between two moments for an organisation."""
        return workdays.working_days_between(start, end, self.zone, self.stops(organisation_id))

    def late_before(self, now: datetime, about: Promising) -> datetime:
        """Return the moment before which was asked what a unit has left for longer than it promised."""
        return workdays.late_before(now, about.promise_days, self.zone, self.stops(about.organisation_id))

    def late_before_of(self, units: Iterable[Unit], now: datetime) -> dict[int, datetime]:
        """Return the same by unit id; for who answers at the end a moment before which nothing was asked."""
        known: dict[tuple[int, int | None], datetime] = {}
        found = {}
        for unit in units:
            promise = (unit.organisation_id, unit.promise_days)
            if promise not in known:
                known[promise] = self.late_before(now, unit)
            found[unit.id] = known[promise]
        return found


def told(wording: str, period: Period, switch: Switch, say: Callable[[date], str]) -> str:
    """Return the public words of a switch: `{date}` is the day of the election, `{until}` its own last day."""
    return wording.replace("{date}", say(period.held_on)).replace("{until}", say(switch.last_day))
