"""Where the blocks of a text begin in its lines: the places where their numbers stand, or would stand."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from consult.text.dialect.marks import stands_for_next
from consult.text.dialect.parts import HEADINGS, Definitions, Part, Rules
from consult.text.dialect.preface import without_preface
from consult.text.dialect.structure import Structure

# Quote marks, list markers, a footnote's label, a definition's colon, our own marks, tags that are stepped over.
_BEFORE = re.compile(
    r"(?:[ >]|[-*+](?=[ ])|\d{1,9}[.)](?=[ ])|\[\^[^\]\s^]+\]:|:(?=[ ])"
    r"|<!--\s*(?:together|/together|no comments)\s*-->"
    r"|</?(?:div|section|article|aside|center|figure|main|header|footer)\b[^<>]*>)*",
    re.I,
)
_SIGNS = re.compile(r"#{1,6}[ ]+")
_FENCE = re.compile(r"(?:`{3,}(?=[^`]*$)|~{3,})")
_CLOSED = frozenset({"raw", "mark", "hr", "pre", *HEADINGS})
_DEFINITIONS_AT_MOST = 50  # lines of link definitions that may stand before the words of a paragraph

Spot = tuple[int, int]


@dataclass(frozen=True)
class Head:
    """The beginning of a part: a row of the text, and a column of that row with its tabs as spaces.

    A number goes in "front" of the words there, into the first "cell" of a row (a "header" has room for the table's
    too), into the "info" of a fence whose signs end at the column, or on a line of its own "above"; where it stands so, it is "alone".
    """

    part: Part
    row: int
    column: int
    place: Literal["front", "cell", "header", "info", "above", "alone"]


class Text:
    """The lines of a source beside what the dialect makes of them, before any mark is taken."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.clean = without_preface(lines)
        structure = Structure(Rules())
        self.root = structure.parse(self.clean)
        self.definitions: Definitions = structure.definitions

    def trees(self) -> Iterator[Part]:
        yield self.root
        yield from self.definitions.notes.values()

    def row(self, number: int) -> str | None:
        """Return a line with its tabs as spaces; None past the ends and where something in it is not text."""
        if not 0 <= number < len(self.lines) or self.lines[number] != self.clean[number]:
            return None
        return self.lines[number].expandtabs(4)

    def goes_on_into(self, number: int) -> bool:
        """Say whether words put in front of this line would go on with the paragraph or the table above it."""
        if number == 0 or not self.lines[number - 1].strip(" >"):
            return False
        place = bisect_left(self._leaves, (number + 1, ""))
        return place > 0 and self._leaves[place - 1][1] not in _CLOSED

    @cached_property
    def _leaves(self) -> list[tuple[int, str]]:
        """Return line and tag of every part, as they were before marks were taken."""
        return sorted(
            (part.line, part.tag) for tree in self.trees() for part in tree.iter() if isinstance(part, Part)
        )

    def heads(self, known: frozenset[str]) -> list[Head]:
        """Return where everything begins that can bear a number, in the order of the lines."""
        found = [head for tree in self.trees() for head in self._below(tree, known)]
        return sorted(found, key=lambda head: head.part.line)

    def _below(self, parent: Part, known: frozenset[str]) -> Iterator[Head]:
        parts = parent.parts()
        bearers = {
            after: part for part, after in pairwise(parts) if stands_for_next(part, after, known) is not None
        }
        stand_ins = set(bearers.values())
        for part in parts:
            if part in stand_ins:
                continue
            head = self._beside(part, bearers[part]) if part in bearers else self._head(part)
            if head:
                yield head
            yield from self._below(part, known)

    def _beside(self, part: Part, bearer: Part) -> Head | None:
        spot = self._words(bearer)
        return Head(part, *spot, "alone") if spot else None

    def _head(self, part: Part) -> Head | None:
        if part.tag == "p":
            spot = self._words(part)
            return Head(part, *spot, "front") if spot else None
        if part.tag == "tr":
            return self._cell(part)
        if part.tag == "dt":
            return self._term(part)
        if part.tag in HEADINGS:
            spot = self._title(part) or self._words(part)
            return Head(part, *spot, "front") if spot else None
        if part.tag == "pre":
            return self._fence(part) or self._above(part, 4)
        return self._above(part, 0) if part.tag == "raw" and part.source else None

    def _words(self, part: Part) -> Spot | None:
        """Find the first words of a text; lines that define links may stand before them."""
        first = (part.source or "").partition("\n")[0]
        for number in range(part.line - 1, part.line + _DEFINITIONS_AT_MOST):
            row = self.row(number)
            column = _ending(row, first) if row is not None else None
            if column is not None:
                return number, column
        return None

    def _term(self, part: Part) -> Head | None:
        """Find the line that a definition explains: the one above it, or above the empty one between."""
        for number in (part.line - 2, part.line - 3):
            row = self.row(number)
            column = _ending(row, part.source or "") if row is not None else None
            if column is not None:
                return Head(part, number, column, "front")
        return None

    def _title(self, part: Part) -> Spot | None:
        row, words = self.row(part.line - 1), part.source or ""
        if row is None or not words:
            return None
        signs = _SIGNS.match(row, _before(row))
        if not signs or not row.startswith(words, signs.end()):
            return None
        return part.line - 1, signs.end()

    def _cell(self, part: Part) -> Head | None:
        row = self.row(part.line - 1)
        if row is None:
            return None
        column = _before(row)
        words = row[column:].strip().removeprefix("|").removesuffix("|")
        if " ".join(words.split()) != part.source:
            return None
        column += row.startswith("|", column)
        column += len(row[column:]) - len(row[column:].lstrip(" "))
        return Head(part, part.line - 1, column, "header" if part.parts()[0].tag == "th" else "cell")

    def _fence(self, part: Part) -> Head | None:
        row = self.row(part.line - 1)
        signs = _FENCE.match(row, _before(row)) if row is not None else None
        if row is None or not signs or row[signs.end() :].strip() != part.info:
            return None
        return Head(part, part.line - 1, signs.end(), "info")

    def _above(self, part: Part, indent: int) -> Head | None:
        row = self.row(part.line - 1)
        first = (part.source or "").partition("\n")[0]
        column = _ending(row, first.lstrip(" ")) if row is not None else None
        if row is None or column is None:
            return None
        column -= len(first) - len(first.lstrip(" ")) + indent
        return Head(part, part.line - 1, column, "above") if column >= 0 else None


def _before(row: str) -> int:
    """Return where the markers of quotes, lists and notes end at the head of a line."""
    found = _BEFORE.match(row)
    return found.end() if found else 0


def _ending(row: str, words: str) -> int | None:
    """Return where the words begin that a line ends with, when nothing but markers stands before them."""
    row, words = row.rstrip(), words.rstrip()
    column = len(row) - len(words)
    is_head = bool(words) and row.endswith(words) and _BEFORE.fullmatch(row, 0, column)
    return column if is_head else None
