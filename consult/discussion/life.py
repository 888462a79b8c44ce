"""The life of a paragraph: what each version did to it, and what was said and decided while it stood. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup

from consult.text.diff import diff_html

FOLDED = 6  # a life with more entries than this shows the latest few, and the rest on request
BEFORE_FOLD = 4


@dataclass(frozen=True)
class Tie:
    """Another paragraph that a version tied to this one: `sort` is "joined" (its talk is shown here), "into" (the
    other way round), "part" (this one was split into it) or "part_of"."""

    sort: str
    key: str
    number: str


@dataclass(frozen=True)
class Event:
    """What happened while a version was current: `sort` is "correction", "reply" or "taken_down"."""

    sort: str
    at: datetime
    words: str = ""  # why words were corrected; who replied
    key: str = ""  # of a reply
    count: int = 1
    diff: Markup | None = None


@dataclass
class Step:
    """What one version did to a paragraph, and what happened until the next.

    `diff` is None where the words came or came back. `was` is the number that it bore before, where that changed.
    `confirmed_by` is the name of who looked at the match, None where nobody did.
    """

    number: int
    published_at: datetime
    note: str
    plain: str
    diff: Markup | None = None
    is_first: bool = False
    is_removal: bool = False
    is_return: bool = False
    is_withdrawn: bool = False
    came_after: str | None = None
    bore: str = ""
    was: str = ""
    ties: list[Tie] = field(default_factory=list)
    is_confirmed: bool = False
    confirmed_by: str = ""
    comment_count: int = 0
    events: list[Event] = field(default_factory=list)

    def tied(self, sort: str) -> list[Tie]:
        return [tie for tie in self.ties if tie.sort == sort]

    @property
    def changed(self) -> bool:
        """Say whether this version did something to the paragraph."""
        return bool(
            self.is_first
            or self.is_removal
            or self.is_return
            or self.diff is not None
            or self.came_after is not None
            or self.was
            or self.ties
        )


def steps(
    rows: Iterable[Any],
    *,
    links: Iterable[Any] = (),
    of: int = 0,
    said: Mapping[int, int] | None = None,
    events: Iterable[Event] = (),
    deleted: str = "",
    inserted: str = "",
) -> list[Step]:
    """Return the life of a paragraph, oldest first; versions that left it alone and were not talked about say nothing.

    `rows` are its blocks, `links` its lineage (`of` is its id), `said` how many comments were made on each version.
    """
    by_version: dict[int, list[Any]] = defaultdict(list)
    for link in links:
        by_version[link.number].append(link)
    found: list[Step] = []
    last: Step | None = None  # with words
    for row in rows:
        before = found[-1] if found else None
        step = _step(row, before, last, deleted, inserted)
        _tie(step, by_version.get(row.number, ()), of)
        step.comment_count = (said or {}).get(row.number, 0)
        found.append(step)
        if not row.is_removed:
            last = step
    _place(found, events)
    return [step for step in found if step.changed or step.comment_count or step.events]


def _step(row: Any, before: Step | None, last: Step | None, deleted: str, inserted: str) -> Step:
    step = Step(row.number, row.published_at, row.note, row.plain, bore=row.bore)
    step.is_withdrawn = row.withdrawn_at is not None
    stood = before is not None and last is not None and before is last
    if row.is_removed:
        step.is_removal = stood
        return step
    if before is not None and before.bore != step.bore:
        step.was = before.bore
    step.came_after = row.came_after
    step.is_first = last is None
    step.is_return = last is not None and not stood
    if stood and last is not None and row.plain != last.plain:
        step.diff = diff_html(last.plain, row.plain, deleted=deleted, inserted=inserted)
    return step


def _tie(step: Step, links: Sequence[Any], of: int) -> None:
    for link in links:
        relation = link.relation.value
        if link.confirmed_at is not None and link.from_paragraph_id == of:
            step.is_confirmed, step.confirmed_by = True, link.confirmed_by or ""
        if link.from_paragraph_id == link.to_paragraph_id or relation not in ("merged", "split"):
            continue
        if link.from_paragraph_id == of and link.to_key:
            sort = "into" if relation == "merged" else "part"
            step.ties.append(Tie(sort, link.to_key, link.to_number))
        elif link.to_paragraph_id == of and link.from_key:
            sort = "joined" if relation == "merged" else "part_of"
            step.ties.append(Tie(sort, link.from_key, link.from_number))


def _place(found: Sequence[Step], events: Iterable[Event]) -> None:
    """Put each event under the version that was current when it happened."""
    for event in sorted(events, key=lambda event: event.at):
        current = [step for step in found if step.published_at <= event.at]
        if current:
            current[-1].events.append(event)
