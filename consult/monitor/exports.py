"""The monitor as data: the same rows and figures as on the page, as JSON and as CSV."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from consult.extensions import link_to
from consult.monitor import paragraphs
from consult.monitor.board import LISTS, UnitLine
from consult.monitor.rows import Found, Link, Row
from consult.monitor.scope import Scope
from consult.monitor.series import Told
from consult.text.csv_line import BOM, csv_line

AT_ONCE = 500  # rows of a file that are read at once
MOST_IN_JSON = 1_000  # rows of one list; its file has all
COLUMNS = ("gap", "what", "where", "unit", "since", "figure", "late_by", "mend", "address")


def address(link: Link) -> str:
    return link_to(link.endpoint, anchor=link.anchor, **link.values)


def in_json(row: Row) -> dict[str, Any]:
    """Return one gap as an object."""
    return {
        "what": row.what,
        "where": row.where,
        "unit": row.unit_slug,
        "since": _day(row.since),
        "figure": row.figure,
        "late_by": row.late_by,
        "mend": row.mend,
        "address": address(row.link),
    }


def gaps_in_json(found: Mapping[str, Found]) -> dict[str, Any]:
    return {
        name: {"count": each.count, "late": each.late, "rows": [in_json(row) for row in each.rows]}
        for name, each in found.items()
    }


def unit_in_json(line: UnitLine) -> dict[str, Any]:
    unit = line.unit
    return {
        "unit": unit.slug,
        "name": unit.name,
        "promise_days": unit.promise_days,
        "questions_asked": line.asked,
        "questions_waiting": line.waiting,
        "questions_late": line.late,
        "oldest_days": line.oldest,
        "silent_paragraphs": line.silent,
    }


def week_in_json(told: Told) -> dict[str, Any]:
    return {
        "week_from": told.week.monday.isoformat(),
        "is_running": told.week.is_running,
        "questions_waiting": told.waiting,
        "first_answers": told.answered,
        "median_days": told.median,
        "threads": told.threads,
        "threads_joined": told.joined,
        "share": told.share,
    }


def csv_of(scope: Scope, name: str) -> Iterator[str]:
    """Return the lines of a file with every gap of one list, read a few hundred at a time."""
    yield BOM + csv_line(COLUMNS)
    rows: Callable[[Scope], Iterator[Row]] = _silent if name == "silent" else lambda of: _all(of, name)
    for row in rows(scope):
        yield csv_line(_values(name, row))


def csv_of_weeks(told: Sequence[Told]) -> Iterator[str]:
    """Return the lines of a file with the figures of each week."""
    lines = [week_in_json(each) for each in told]
    yield BOM + csv_line(lines[0])
    for line in lines:
        yield csv_line(line.values())


def _all(scope: Scope, name: str) -> Iterator[Row]:
    after = ""
    while rows := LISTS[name](scope, after, AT_ONCE).rows:
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].cursor


def _silent(scope: Scope) -> Iterator[Row]:
    """Return the silent paragraphs one by one: a file has a line for each that the figure counts."""
    after = (0, -1)
    while rows := paragraphs.silent_numbers(scope, after, AT_ONCE):
        yield from map(paragraphs.silent_number_row, rows)
        after = (rows[-1].document_id, rows[-1].position)


def _values(name: str, row: Row) -> list[Any]:
    return [
        *(name, row.what, row.where, row.unit, _day(row.since), row.figure, row.late_by, row.mend),
        address(row.link),
    ]


def _day(at: datetime | date | None) -> str | None:
    return None if at is None else at.isoformat()
