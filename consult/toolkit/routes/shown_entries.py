"""Entries as the pages of the toolkit show them: one above its text, the first few of each kind on the first page."""

from typing import Any

from consult.consultations.models import Consultation
from consult.permissions import May, allows
from consult.toolkit.entries import queries as entries
from consult.toolkit.entries import runs, showing, staleness, words
from consult.toolkit.entries.kinds import FOLDERS, PageKind
from consult.toolkit.routes import exercises
from consult.toolkit.routes.blueprint import today
from consult.toolkit.routes.directories import fields_named, own_kind, row_of
from consult.web import access

CASES = 3  # on the first page
OF_A_CASE = ("subject", "numbers")
TITLES = {  # on the first page, over a few of each
    PageKind.COMMUNITY: words.COMMUNITIES_AT_HOME,
    PageKind.PLATFORM: words.PLATFORMS_AT_HOME,
    PageKind.EXPERT: words.EXPERTS_AT_HOME,
}


def withholds(page: Any) -> bool:
    """Say whether the facts of a page are kept from whoever reads: those of a community that has not agreed."""
    if page.kind is not PageKind.COMMUNITY or allows(May.EDIT_TOOLKIT, access.actor()):
        return False
    return entries.withheld(page.id)


def signs_of(row: Any) -> dict[str, Any]:
    """Return what readers are warned of by the facts of an entry; nothing for a page of guidance."""
    if row.kind is PageKind.PRACTICE:
        return {}
    checked = staleness.day_of(row.facts, "checked")
    return {
        "is_example": staleness.is_example(row.facts),
        "age": staleness.age(checked, today()).value if checked else staleness.Age.TOO_OLD.value,
        "has_agreed": staleness.has_agreed(row.kind, row.facts),
    }


def entry_of(row: Any, about: Consultation | None) -> dict[str, Any] | None:
    """Return what an entry says above its text; None for a page of guidance."""
    if row.kind is PageKind.PRACTICE:
        return None
    return {
        **signs_of(row),
        "kind": row.kind,
        "folder": FOLDERS[row.kind],
        "facts": [] if withholds(row) else showing.facts_shown(row.kind, row.facts, today()),
        "exercise": exercises.exercise(about) if about else None,
    }


def at_home() -> dict[str, Any]:
    """Return the first few of each directory, with how many there are."""
    day = today()
    rows = entries.first_of_each(day)
    first = rows[PageKind.CASE_STUDY][:CASES]
    told = runs.runs() if any(row.facts.get("consultation") for row in first) else []
    cases = [row_of(row, OF_A_CASE, day) for row in exercises.filled(first, told)]
    return {
        "tables": [
            {
                "kind": kind,
                "folder": FOLDERS[kind],
                "title": title,
                "count": _total(rows[kind]),
                "columns": fields_named(kind, words.AT_HOME[kind]),
                "rows": [row_of(row, words.AT_HOME[kind], day) for row in rows[kind]],
            }
            for kind, title in TITLES.items()
        ],
        "cases": cases,
        "case_count": _total(rows[PageKind.CASE_STUDY]),
        "like_mine": entries.kinds_and_sizes(day) if cases else {},
        "own_kind": own_kind() if cases else None,
    }


def _total(rows: list[Any]) -> int:
    return int(rows[0].total) if rows else 0
