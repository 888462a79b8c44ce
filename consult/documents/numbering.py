"""Numbers as in legislation: given at first publication, for life, never used again. Pure.

Paragraphs, list items, quotes and code take whole numbers in order. A table takes one and its rows 12.1, 12.2;
headings take s1, s2, footnotes n1, n2. What is put in after 7 is 7A to 7Z, then 7ZA; between 7 and 7A it is 7ZB,
then 7ZC; between 7A and 7B it is 7AA; before 1 it is A1. What follows everything takes the next whole number.

When a version numbers anew, what had been removed gives its number back: 9/2 is what was 9 of version 2.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

WIDEST = 16  # characters, as the database has room for
LONGEST = 12  # characters; a number that would be longer is nobody's to quote, so the next whole one is given
WHOLE_KINDS = frozenset({"p", "li", "quote", "code", "table"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PREFIXES = {"s": HEADINGS, "n": frozenset({"footnote"})}

_SHAPE = re.compile(r"([A-Z]*)(\d+)([A-Z]*)")
_LETTER = re.compile(r"Z*[A-Z]")  # one step of A … Z, ZA … ZZ, ZZA …


@dataclass(frozen=True)
class Place:
    """One paragraph where it stands in the new version's page, removed ones included.

    `number` is the one it has for life, None when it is new. `table` is the index of the place of a row's table.
    """

    kind: str
    number: str | None = None
    table: int | None = None


def number_all(places: Sequence[Place], used: Collection[str]) -> list[str]:
    """Return a number for each place: its own, or a new one that is not among `used`, ever."""
    given = _Register(used, (place.number for place in places if place.number))
    numbers = [place.number for place in places]
    _series(numbers, [i for i, place in enumerate(places) if place.kind in WHOLE_KINDS], "", given)
    for prefix, kinds in PREFIXES.items():
        _series(numbers, [i for i, place in enumerate(places) if place.kind in kinds], prefix, given)
    for table, rows in _rows(places).items():
        _series(numbers, rows, f"{numbers[table]}.", given)
    loose = [i for i, number in enumerate(numbers) if number is None]
    _series(numbers, loose, "", given)
    return [number or "" for number in numbers]


def retired(number: str, version: int, taken: Collection[str]) -> str:
    """Return what a removed paragraph bears once its number was given back: it last stood under it in `version`."""
    names = chain((number,), (f"x{turn}" for turn in count(1)))
    return next(
        name for name in (f"{name}/{version}" for name in names) if len(name) <= WIDEST and name not in taken
    )


def parted(number: str) -> tuple[str, int | None]:
    """Return a number, and the version whose it was if it has been given back: ("9", 2) for 9/2."""
    name, _slash, version = number.partition("/")
    return name, int(version) if version else None


def is_retired(number: str) -> bool:
    return "/" in number


def table_of(row: str) -> str:
    """Return the number of the table that a row's number names: 12 for 12.3, and 12/2 for 12.3/2."""
    name, version = parted(row)
    table = name.rpartition(".")[0]
    return f"{table}/{version}" if version else table


def series(kind: str) -> str:
    """Return which series of numbers a kind belongs to: whole numbers, headings, footnotes, or rows."""
    if kind == "row":
        return "row"
    return next((prefix for prefix, kinds in PREFIXES.items() if kind in kinds), "")


class _Register:
    """Every number that is taken, and the highest whole one of each series."""

    def __init__(self, used: Collection[str], carried: Iterator[str]) -> None:
        self.taken = {*used, *carried}
        self._highest: dict[str, int] = {}
        for number in self.taken:
            self._note(number)

    def _note(self, number: str) -> None:
        prefix, local = _split(number)
        shape = _SHAPE.fullmatch(local)
        if shape:
            self._highest[prefix] = max(self._highest.get(prefix, 0), int(shape[2]))

    def take(self, number: str) -> str:
        self.taken.add(number)
        self._note(number)
        return number

    def next_whole(self, prefix: str) -> str:
        return self.take(f"{prefix}{self._highest.get(prefix, 0) + 1}")

    def first_free(self, candidates: Iterator[str], prefix: str) -> str:
        """Take the first candidate that nobody has; the next whole number once they grow too long to quote."""
        for candidate in candidates:
            number = prefix + candidate
            if len(number) > LONGEST:
                break
            if number not in self.taken:
                return self.take(number)
        return self.next_whole(prefix)


def _split(number: str) -> tuple[str, str]:
    """Return a number's series ("", "s", "n", "12.") and what it is within it."""
    table, dot, local = number.rpartition(".")
    if dot:
        return f"{table}.", local
    return (number[0], number[1:]) if number[:1] in PREFIXES else ("", number)


def _rows(places: Sequence[Place]) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for index, place in enumerate(places):
        if place.table is not None:
            rows.setdefault(place.table, []).append(index)
    return rows


def _series(numbers: list[str | None], indices: Sequence[int], prefix: str, given: _Register) -> None:
    """Number the new ones among `indices`, which stand in page order and share a series."""
    following = _following(numbers, indices, prefix)
    before: str | None = None
    for index in indices:
        number = numbers[index]
        if number is None:
            number = _between(before, following[index], prefix, given)
            numbers[index] = number
        if _is_neighbour(number, prefix):
            before = number


def _following(numbers: Sequence[str | None], indices: Sequence[int], prefix: str) -> dict[int, str | None]:
    """Return for each index the nearest number that stands after it and was given before today."""
    following: dict[int, str | None] = {}
    after: str | None = None
    for index in reversed(indices):
        following[index] = after
        number = numbers[index]
        if number and _is_neighbour(number, prefix):
            after = number
    return following


def _is_neighbour(number: str, prefix: str) -> bool:
    """Say whether what is new is numbered by this one: not by a row of another table, nor by what was given back."""
    return not is_retired(number) and _split(number)[0] == prefix


def _between(before: str | None, after: str | None, prefix: str, given: _Register) -> str:
    """Return a new number for what stands after `before` and in front of `after`."""
    if after is None:
        return given.next_whole(prefix)
    after = after.removeprefix(prefix)
    if before is None:
        return given.first_free(_in_front_of(after), prefix)
    return given.first_free(_behind(before.removeprefix(prefix), after), prefix)


def _in_front_of(after: str) -> Iterator[str]:
    """Yield A1, B1 …; in front of A1 itself ZA1, ZB1 …"""
    shape = _SHAPE.fullmatch(after)
    front, rest = (shape[1], shape[2] + shape[3]) if shape else ("", after)
    return (f"{letters}{rest}" for letters in _letters("ZA" if front else "A"))


def _behind(before: str, after: str) -> Iterator[str]:
    """Yield what can follow `before`: 7A, 7B … after 7; 7AA after 7A where 7B comes next; B1 after A1."""
    shape = _SHAPE.fullmatch(before)
    if shape and shape[1] and shape[2] + shape[3] == after:
        return (f"{letters}{after}" for letters in _letters(_next(_LETTER.findall(shape[1])[-1])))
    trunk, steps = _steps(before)
    trunk_after, steps_after = _steps(after)
    if trunk == trunk_after and steps_after[: len(steps)] == steps and len(steps_after) > len(steps):
        return (before + letters for letters in _letters("ZB"))  # in front of its own first child
    if not steps:
        return (before + letters for letters in _letters("A"))
    parent = trunk + "".join(steps[:-1])
    is_sibling = trunk == trunk_after and len(steps_after) == len(steps) and steps_after[:-1] == steps[:-1]
    if is_sibling and not (steps[-1].startswith("Z") and not steps_after[-1].startswith("Z")):
        return (before + letters for letters in _letters("A"))
    return (parent + letters for letters in _letters(_next(steps[-1])))


def _steps(number: str) -> tuple[str, list[str]]:
    """Return what a number stems from, and its letters step by step: 7AZB is ("7", ["A", "ZB"])."""
    shape = _SHAPE.fullmatch(number)
    return (shape[1] + shape[2], _LETTER.findall(shape[3])) if shape else (number, [])


def _letters(start: str) -> Iterator[str]:
    """Yield A … Z, ZA … ZZ, ZZA … from `start` on."""
    first = len(start) - 1
    for zeds in count(first):
        for code in range(ord(start[-1]) if zeds == first else ord("A"), ord("Z") + 1):
            yield "Z" * zeds + chr(code)


def _next(step: str) -> str:
    """Return the step after one: B after A, ZA after Z."""
    letters = _letters(step)
    next(letters)
    return next(letters)
