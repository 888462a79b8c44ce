"""Tables of counts whose small numbers cannot be computed back from what is shown beside them. Pure.

A table has a row for each period and a column for each part; its margins are the sums. A number from 0 to 4 is shown
as that range. Whether the rest gives a small number away is not guessed from a rule of thumb: a table with margins is
a network in which what flows in flows out, and how far a number could be changed without changing anything that is
shown is how much can still be pushed around a circle through it. While that is too little, a sum is kept back.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.consultations.equality import LEAST, SMALL, Shown

UNSURE = 2  # a small number must be left with three possible values at least
NO_END = 1_000_000_000

Cell = tuple[
    int, int
]  # row and column; the sum over all columns stands at column -1, over all rows at row -1
SUM = -1


@dataclass(frozen=True)
class Table:
    """What is shown: None is a number that is kept back so that small ones cannot be computed from it."""

    shown: dict[Cell, Shown | None]

    def cell(self, row: int, column: int) -> Shown | None:
        """Return what is shown of a number; `SUM` for a row or column asks for the sum."""
        return self.shown[row, column]


def withheld(counts: Sequence[Sequence[int]]) -> Table:
    """Return what may be shown of a table of counts with its sums.

    A table of one column has no sums across: each row is its own, and its sum stands at column 0.
    """
    is_single = len(counts[0]) == 1
    values = dict(_values(counts))
    kept_back: set[Cell] = set()
    unseen = {cell for cell in values if is_single and cell[1] == SUM}
    while (bare := _first_bare(values, kept_back, unseen)) is not None:
        following = next((each for each in _sums(values, bare) if each not in kept_back | unseen), None)
        if following is None:
            return Table(dict.fromkeys(values))
        kept_back.add(following)
    dark = kept_back | unseen
    return Table({cell: None if cell in dark else _shown(value) for cell, value in values.items()})


def beneath(
    table: Table,
    counts: Sequence[Sequence[int]],
    column: int,
    ceilings: Sequence[tuple[Table, int]],
    order: Sequence[int],
) -> Table:
    """Return a table with what it says about small numbers in others kept back.

    `column` of it (`SUM` for the sums) is, over any first few rows in `order`, at most the sum of the `ceilings` there,
    each a table and a column. So a large number beneath small ones tells of how many they must be: whoever reads "8"
    under two numbers that are "fewer than 5" knows both. And one close beneath leaves no room for small ones beside it:
    of 6 decisions with 5 appeals refused, at most one was granted. There, what is large is kept back, and where even
    that tells too much, everything.
    """
    shown = dict(table.shown)
    for rows in (*(order[: end + 1] for end in range(len(order))), [SUM]):
        above = [cell for each, of in ceilings for row in rows for cell in _parts(each.shown, row, of)]
        room = sum(_most_known(each.shown, row, of) for each, of in ceilings for row in rows)
        below = [cell for (row, _of), cell in table.shown.items() if row in rows]
        if room >= NO_END or not any(cell is not None and cell.is_small for cell in (*above, *below)):
            continue
        numbers = counts if rows == [SUM] else [counts[row] for row in rows]
        if sum(sum(each) if column == SUM else each[column] for each in numbers) > room - UNSURE:
            shown = {cell: _kept_back(value) for cell, value in shown.items()}
        if sum(_least_known(shown, row, column) for row in rows) > room - UNSURE:
            return Table(dict.fromkeys(shown))
    return Table(shown)


def _kept_back(value: Shown | None) -> Shown | None:
    return value if value is not None and value.is_small else None


def _parts(shown: dict[Cell, Shown | None], row: int, column: int) -> list[Shown | None]:
    """Return a number, and where it is the sum of its row what it is the sum of."""
    own = shown[row, column]
    parts = [value for (at, of), value in shown.items() if at == row and of != SUM]
    return [own, *parts] if column == SUM else [own]


def _least_known(shown: dict[Cell, Shown | None], row: int, column: int) -> int:
    """Return how many there must be in a row, from its sum or from its parts."""
    own, *parts = (LEAST if each is None else each.at_least for each in _parts(shown, row, column))
    return max(own, sum(parts))


def _most_known(shown: dict[Cell, Shown | None], row: int, column: int) -> int:
    """Return how many there can be in a row, from its sum or from its parts."""
    own, *parts = (NO_END if each is None else each.at_most for each in _parts(shown, row, column))
    return min(own, sum(parts)) if parts else own


def _values(counts: Sequence[Sequence[int]]) -> Iterator[tuple[Cell, int]]:
    columns = range(len(counts[0]))
    for row, numbers in enumerate(counts):
        yield from (((row, column), numbers[column]) for column in columns)
        yield (row, SUM), sum(numbers)
    yield from (((SUM, column), sum(numbers[column] for numbers in counts)) for column in columns)
    yield (SUM, SUM), sum(map(sum, counts))


def _shown(value: int) -> Shown:
    return Shown(value, value) if value >= LEAST else SMALL


def _sums(values: dict[Cell, int], bare: Cell) -> Iterator[Cell]:
    """Yield the sums that can be kept back for a bare number: its own, then others from the last, then that of all."""
    own = [(bare[0], SUM), (SUM, bare[1])]
    others = [cell for cell in reversed(values) if SUM in cell and cell != (SUM, SUM)]
    yield from (cell for cell in (*own, *others, (SUM, SUM)) if values[cell] >= LEAST)


def _first_bare(values: dict[Cell, int], kept_back: set[Cell], unseen: set[Cell]) -> Cell | None:
    """Return the first small number that what is shown leaves with too few possible values. A nought is nobody's."""
    bounds = {cell: _bounds(cell, value, kept_back, unseen) for cell, value in values.items()}
    for cell, value in values.items():
        if 0 < value < LEAST and cell not in unseen and not _is_unsure(cell, values, bounds):
            return cell
    return None


def _bounds(cell: Cell, value: int, kept_back: set[Cell], unseen: set[Cell]) -> tuple[int, int]:
    """Return between what a reader knows a number to lie without computing."""
    if cell in unseen:
        return 0, NO_END
    if cell in kept_back:
        return LEAST, NO_END
    return _shown(value).at_least, _shown(value).at_most


def _is_unsure(cell: Cell, values: dict[Cell, int], bounds: dict[Cell, tuple[int, int]]) -> bool:
    more = _most_pushed(cell, values, bounds, 1)
    return more + _most_pushed(cell, values, bounds, -1) >= UNSURE


def _most_pushed(cell: Cell, values: dict[Cell, int], bounds: dict[Cell, tuple[int, int]], step: int) -> int:
    """Return by how much a number can grow (`step` 1) or fall (-1), up to `UNSURE`, the others following."""
    flow, pushed = dict(values), 0
    while pushed < UNSURE and bounds[cell][0] <= flow[cell] + step <= bounds[cell][1]:
        start, end = _ends(cell) if step > 0 else reversed(_ends(cell))
        way = _way(end, start, cell, flow, bounds)
        if way is None:
            break
        flow[cell] += step
        for each, change in way:
            flow[each] += change
        pushed += 1
    return pushed


def _ends(cell: Cell) -> tuple[str, str]:
    """Return from where to where a number flows: sums of rows come in, go to columns, and out to the whole."""
    row, column = cell
    if cell == (SUM, SUM):
        return "out", "in"
    if column == SUM:
        return "in", f"row {row}"
    return (f"column {column}", "out") if row == SUM else (f"row {row}", f"column {column}")


def _way(
    start: str, end: str, without: Cell, flow: dict[Cell, int], bounds: dict[Cell, tuple[int, int]]
) -> list[tuple[Cell, int]] | None:
    """Return the numbers to change by one, and how, so that one more flows from `start` to `end`; None for no way."""
    steps: dict[str, list[tuple[str, Cell, int]]] = {}
    for cell, (low, high) in bounds.items():
        if cell == without:
            continue
        here, there = _ends(cell)
        if flow[cell] < high:
            steps.setdefault(here, []).append((there, cell, 1))
        if flow[cell] > low:
            steps.setdefault(there, []).append((here, cell, -1))
    came: dict[str, tuple[str, Cell, int] | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in came:
        here = waiting.popleft()
        for there, cell, change in steps.get(here, ()):
            if there not in came:
                came[there] = (here, cell, change)
                waiting.append(there)
    if end not in came:
        return None
    way, place = [], came[end]
    while place is not None:
        here, cell, change = place
        way.append((cell, change))
        place = came[here]
    return way
