"""Where each paragraph of the new text stands, and what became of each of the old: the plan of a publication. Pure.

A number mark in the source is trusted. Then the same words are the same paragraph, then words that had been removed
and are back. Then reworded paragraphs are found again, where that is sure enough that nobody would be asked: what is
doubtful is not put on other words in silence, it is shown as removed. A table is its rows: it stays the one that most
of them came from. What is left out keeps its place.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from consult.documents.numbering import Place, number_all, series
from consult.text import lineage, sameness
from consult.text.block import Block


@dataclass(frozen=True)
class Old:
    """A paragraph as the current page has it: its last words, and whether they had been removed already.

    `table` is the paragraph of a row's table.
    """

    paragraph_id: int
    number: str
    kind: str
    text: str
    is_removed: bool = False
    table: int | None = None
    key: str = ""


@dataclass(frozen=True)
class Slot:
    """One place of the new page: `new` is the index of its block, None where a removed paragraph had stood.

    `relation` is the value of models.Relation that the record will keep.
    """

    number: str
    kind: str
    old: Old | None
    new: int | None
    relation: str
    confidence: float = 1.0

    @property
    def is_removed(self) -> bool:
        return self.new is None


def plan(old: Sequence[Old], new: Sequence[Block], used: Collection[str]) -> list[Slot]:
    """Return the new page in order. `old` is the current page in order, `used` every number ever given."""
    came_from, sure = _matched(old, new)
    order = _in_order(old, new, came_from)
    numbers = number_all(_places(order, old, new, came_from), used)
    moved = _moved([came_from[i] for i in sorted(came_from)])
    return [
        _slot(number, old, new, came_from, moved, place, sure)
        for number, place in zip(numbers, order, strict=True)
    ]


# A place is (index into new, None) for what stands, (None, index into old) for what was removed.
_Place = tuple[int | None, int | None]


def _slot(
    number: str,
    old: Sequence[Old],
    new: Sequence[Block],
    came_from: dict[int, int],
    moved: set[int],
    place: _Place,
    sure: dict[int, float],
) -> Slot:
    index, gone = place
    if index is None:
        was = old[gone or 0]
        return Slot(number, was.kind, was, None, "removed")
    if index not in came_from:
        return Slot(number, new[index].kind, None, index, "added")
    was = old[came_from[index]]
    relation = _relation(was, new[index], came_from[index] in moved)
    return Slot(number, was.kind, was, index, relation, sure.get(index, 1.0))


def _relation(was: Old, now: Block, is_moved: bool) -> str:
    if was.is_removed:
        return "restored"
    if sameness.same_words(was.text) != sameness.same_words(now.text):
        return "edited"
    return "moved" if is_moved else "same"


def _matched(old: Sequence[Old], new: Sequence[Block]) -> tuple[dict[int, int], dict[int, float]]:
    """Return for indices of `new` the index of the old paragraph each one is, and how sure that is where it is judged."""
    came_from = _by_mark(old, new)
    for was_removed in (False, True):
        came_from |= _by_words(old, new, came_from, was_removed=was_removed)
    reworded, sure = _by_likeness(old, new, came_from)
    came_from |= reworded
    came_from |= _by_rows(old, new, came_from)
    return came_from, sure


def _by_mark(old: Sequence[Old], new: Sequence[Block]) -> dict[int, int]:
    """Trust the marks; of two that bear the same one the first has it."""
    by_number = {was.number: index for index, was in enumerate(old)}
    came_from: dict[int, int] = {}
    for index, block in enumerate(new):
        if block.mark in by_number:
            came_from[index] = by_number.pop(block.mark)
    return came_from


def _by_words(
    old: Sequence[Old], new: Sequence[Block], known: dict[int, int], *, was_removed: bool
) -> dict[int, int]:
    taken = set(known.values())
    before = [i for i, was in enumerate(old) if was.is_removed is was_removed and i not in taken]
    after = [i for i in range(len(new)) if i not in known]
    links = sameness.match([old[i] for i in before], [new[i] for i in after])
    return {after[link.new[0]]: before[link.old[0]] for link in links if link.old and link.new}


def _by_likeness(
    old: Sequence[Old], new: Sequence[Block], known: dict[int, int]
) -> tuple[dict[int, int], dict[int, float]]:
    """Find reworded paragraphs again: one old to one new, or to the first part of several, and beyond doubt."""
    before = [i for i, was in enumerate(old) if not was.is_removed and was.kind != "table"]
    after = [j for j, block in enumerate(new) if block.kind != "table"]
    place_before = {i: place for place, i in enumerate(before)}
    place_after = {j: place for place, j in enumerate(after)}
    certain = {
        place_before[i]: place_after[j] for j, i in known.items() if i in place_before and j in place_after
    }
    found = lineage.trace([old[i] for i in before], [new[j] for j in after], certain)
    doubtful = {before[place] for place in found.ask}
    taken = set(known.values())
    came_from: dict[int, int] = {}
    sure: dict[int, float] = {}
    for link in found.links:
        if len(link.old) != 1 or not link.new:
            continue
        i, j = before[link.old[0]], after[link.new[0]]
        if i in taken or j in known or i in doubtful or not _may_be(old[i], new[j]):
            continue
        came_from[j], sure[j] = i, link.confidence
    return came_from, sure


def _may_be(was: Old, now: Block) -> bool:
    """Say whether one can be the other: their series of numbers is the same (12, s2, n1, or the row of a table)."""
    return series(was.kind) == series(now.kind)


def _by_rows(old: Sequence[Old], new: Sequence[Block], known: dict[int, int]) -> dict[int, int]:
    """Find the tables again whose words changed: most of a table's rows came from it."""
    index_of = {was.paragraph_id: index for index, was in enumerate(old)}
    taken = set(known.values())
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for index, came in known.items():
        table, old_table = new[index].table, old[came].table
        if table is not None and old_table in index_of and table not in known:
            votes[table][index_of[old_table]] += 1
    found: dict[int, int] = {}
    for table, counter in votes.items():
        free = [(count, -was) for was, count in counter.items() if was not in taken]
        if free:
            was = -max(free)[1]
            found[table] = was
            taken.add(was)
    return found


def _in_order(old: Sequence[Old], new: Sequence[Block], came_from: dict[int, int]) -> list[_Place]:
    """Put each removed paragraph behind the one it stood behind; the first of all at the top."""
    went_to = {was: index for index, was in came_from.items()}
    behind: dict[int | None, list[int]] = defaultdict(list)
    last: int | None = None
    for index in range(len(old)):
        if index in went_to:
            last = went_to[index]
        else:
            behind[last].append(index)
    order: list[_Place] = [(None, gone) for gone in behind[None]]
    for index in range(len(new)):
        order.append((index, None))
        order += [(None, gone) for gone in behind[index]]
    return order


def _places(
    order: Sequence[_Place], old: Sequence[Old], new: Sequence[Block], came_from: dict[int, int]
) -> list[Place]:
    """Say to numbering what stands where; a removed row stands in the place of its table."""
    at = {index: place for place, (index, _) in enumerate(order) if index is not None}
    gone_at = {gone: place for place, (_, gone) in enumerate(order) if gone is not None}
    went_to = {was: index for index, was in came_from.items()}
    index_of = {was.paragraph_id: index for index, was in enumerate(old)}
    places: list[Place] = []
    for index, gone in order:
        if index is None:
            was = old[gone or 0]
            table = index_of.get(was.table) if was.table is not None else None
            spot = None if table is None else at.get(went_to.get(table, -1), gone_at.get(table))
            places.append(Place(was.kind, was.number, spot if was.kind == "row" else None))
            continue
        block = new[index]
        carried = old[came_from[index]] if index in came_from else None
        kind = carried.kind if carried else block.kind
        spot = at[block.table] if block.table is not None and kind == "row" else None
        places.append(Place(kind, carried.number if carried else None, spot))
    return places


def _moved(sequence: Sequence[int]) -> set[int]:
    """Return the old indices outside the longest run that kept its order: those, and few, are what moved."""
    tails: list[int] = []
    tail_at: list[int] = []
    previous: list[int] = []
    for position, value in enumerate(sequence):
        length = bisect_left(tails, value)
        previous.append(tail_at[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            tail_at.append(position)
        else:
            tails[length] = value
            tail_at[length] = position
    kept: set[int] = set()
    position = tail_at[-1] if tail_at else -1
    while position >= 0:
        kept.add(sequence[position])
        position = previous[position]
    return set(sequence) - kept
