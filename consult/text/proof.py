"""Whether a source whose rows were written anew still reads as it did; what reads otherwise is left as it was."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from consult.text import bounds
from consult.text.bounds import TooMuch
from consult.text.dialect.marks import take_marks
from consult.text.dialect.parts import Part
from consult.text.heads import Text
from consult.text.pen import LITERAL

_TRIES = 3  # readings of the result; what still reads differently after as many is left as it was

Shape = tuple[object, ...]


@dataclass
class _Reading:
    """What the dialect makes of lines: every part, by the line of the original text that it stands on."""

    lines: Sequence[str]
    known: frozenset[str]
    origin: Sequence[int] | None = None
    parts: list[Shape] = field(init=False)
    at: dict[int, list[Shape]] = field(init=False)

    def __post_init__(self) -> None:
        text = Text(list(self.lines))
        self.parts = [tuple(text.definitions.links.items()), tuple(text.definitions.notes)]
        self.at = defaultdict(list)
        has_units = any(_is_unit(part) for part in text.root.iter("mark"))
        for tree in text.trees():
            self._take(tree, skips_empty=tree is text.root and not has_units)

    def _take(self, tree: Part, *, skips_empty: bool) -> None:
        """Note every part. What was nothing but a mark is no block, and nothing to see save within a unit."""
        for part in tree.iter():
            if not isinstance(part, Part):
                continue
            take_marks(part, self.known)
            if part.tag == "p" and not part.source and skips_empty:
                continue
            self.parts.append(_shape(part))
            row = part.line - 1
            self.at[self.origin[row] if self.origin else row].append(self.parts[-1])


def _is_unit(part: Element) -> bool:
    return isinstance(part, Part) and part.source == "together"


def _shape(part: Part) -> Shape:
    """Return what decides how a part is shown, with literal numbers alike however they are written."""
    source = part.source
    if source and source.lstrip()[:1] in ("[", "\\"):
        source = LITERAL.sub(r"\1\2", source, count=1)
    return part.tag, source, part.html, part.anchor, part.is_loose, tuple(part.attrib.items())


def proved(source: str, rows: Mapping[int, list[str]], before: frozenset[str], after: frozenset[str]) -> str:
    """Return the source with `rows` in place of its own, save those that would make it read otherwise.

    `before` are the numbers that count as marks in the source, `after` those that count in the result.
    """
    lines = source.split("\n")
    kept = {row: written for row, written in rows.items() if written != [lines[row]]}
    original = _Reading(lines, before)
    for _ in range(_TRIES):
        changed = [(row, line) for row, own in enumerate(lines) for line in kept.get(row, [own])]
        result = [line for _, line in changed]
        try:
            bounds.check_document("\n".join(result))
            reading = _Reading(result, after, [row for row, _ in changed])
        except TooMuch:
            return source
        if reading.parts == original.parts:
            return "\n".join(result)
        kept = _without_the_wrong(kept, original, reading)
    return source


def _without_the_wrong(
    rows: dict[int, list[str]], original: _Reading, reading: _Reading
) -> dict[int, list[str]]:
    """Return the changes without those on and beside the lines that read otherwise."""
    ordered = sorted(rows)
    wrong: set[int] = set()
    for line in original.at.keys() | reading.at.keys():
        if original.at.get(line) != reading.at.get(line):
            place = bisect_left(ordered, line)
            wrong.update(ordered[max(0, place - 1) : place + 2])
    return {row: lines for row, lines in rows.items() if row not in wrong}
