"""What each list of the monitor is made of: one row for one gap, alike on the page, in JSON and in CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from consult.errors import NotFound


@dataclass(frozen=True)
class Link:
    """Where something is: an endpoint with its values."""

    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    anchor: str = ""


@dataclass(frozen=True)
class Row:
    """One gap. `link` leads to where it can be mended, `mend` says in one sentence what would mend it.

    `figure` is what the list is ordered by, in words of its own (`/figures`): working days waited, comments, days.
    `late_by` is by how many days it is past what was promised: 0 for what is not late. `cursor` leads to the rows
    after this one.
    """

    what: str
    link: Link
    mend: str
    figure: int
    cursor: str
    where: str = ""
    unit: str = ""
    unit_slug: str = ""
    since: datetime | date | None = None
    late_by: int = 0
    more: Any = None  # what only the page shows


@dataclass(frozen=True)
class Found:
    """What was found for one list: how many there are, how many of them late, and some of its rows, the worst first."""

    count: int
    late: int
    rows: Sequence[Row]


def sliced(rows: Sequence[Row], after: str, limit: int) -> Found:
    """Return some of the rows of a list that is read as a whole. Raises NotFound for a cursor that is not there."""
    begin = 0
    if after:
        place = next((n for n, row in enumerate(rows) if row.cursor == after), None)
        if place is None:
            raise NotFound
        begin = place + 1
    return Found(len(rows), sum(row.late_by > 0 for row in rows), rows[begin : begin + limit])


Reader = Callable[[Any, str, int], Found]  # a scope, a cursor or "", and how many rows at most
