"""How a paragraph's words changed from version to version. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from consult.text.diff import diff_html


@dataclass(frozen=True)
class Step:
    """One version that did something to the words. `diff` is None where they came or came back."""

    number: int
    published_at: datetime
    note: str
    plain: str
    diff: Markup | None = None
    is_removal: bool = False


def steps(rows: Iterable[Any], *, deleted: str = "", inserted: str = "") -> list[Step]:
    """Return what became of the words, oldest first; versions that left them alone say nothing."""
    found: list[Step] = []
    for row in rows:
        before = found[-1] if found else None
        stands = before is not None and not before.is_removal
        if row.is_removed:
            if stands:
                found.append(Step(row.number, row.published_at, row.note, "", is_removal=True))
        elif before is None or not stands:
            found.append(Step(row.number, row.published_at, row.note, row.plain))
        elif row.plain != before.plain:
            diff = diff_html(before.plain, row.plain, deleted=deleted, inserted=inserted)
            found.append(Step(row.number, row.published_at, row.note, row.plain, diff))
    return found
