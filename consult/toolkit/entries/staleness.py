"""When an entry has not been checked for too long, and when a rate is too old to go by. Pure."""

import enum
from collections.abc import Mapping
from datetime import date

from consult.toolkit.entries.kinds import PageKind, is_unpriced

MARKED_AFTER = 12  # months without a check
OFF_THE_LIST_AFTER = 18
RATE_STALE_AFTER = 12


class Age(enum.Enum):
    """How long ago the facts of an entry were checked."""

    FRESH = "fresh"
    OLD = "old"  # marked
    TOO_OLD = "too-old"  # on no list


def months_before(today: date, months: int) -> date:
    """Return the same day some months ago, or the last of that month where it has no such day."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    for day in (today.day, 30, 29, 28):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def age(checked: date, today: date) -> Age:
    """Say how old a check is."""
    if checked <= months_before(today, OFF_THE_LIST_AFTER):
        return Age.TOO_OLD
    return Age.OLD if checked <= months_before(today, MARKED_AFTER) else Age.FRESH


def day_of(facts: Mapping[str, str], name: str) -> date | None:
    """Return the day that a fact names; None where it names none."""
    try:
        return date.fromisoformat(facts.get(name, ""))
    except ValueError:
        return None


def is_rate_stale(facts: Mapping[str, str], today: date) -> bool:
    """Say whether an entry names a rate that is older than a year."""
    published = day_of(facts, "rate_date")
    if published is None or is_unpriced(facts.get("day_rate", "")):
        return False
    return published <= months_before(today, RATE_STALE_AFTER)


def has_agreed(kind: PageKind, facts: Mapping[str, str]) -> bool:
    """Say whether an entry may stand on a list: a community is listed with its consent alone."""
    return kind is not PageKind.COMMUNITY or facts.get("consent") == "yes"


def is_example(facts: Mapping[str, str]) -> bool:
    """Say whether an entry is invented."""
    return facts.get("example") == "yes"
