"""Two people changed the same text: put both changes into one where they do not touch. Pure.

A three-way merge after the algorithm of GNU diff3 as Khanna, Kunal and Pierce set it out ("A Formal Investigation of
Diff3", FSTTCS 2007): what each did to the text they began from is found line by line (the longest common subsequence,
by rapidfuzz); changes that overlap or touch are put together; where only one of them changed something, theirs is
taken; where both did the very same, it is taken once; anything else is for a person to decide.

Two changes touch when no line that both left alone lies between them. Between two paragraphs lies an empty line, so
changes to neighbouring paragraphs do not touch; changes to neighbouring lines of one paragraph, list or table do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz.distance import Indel

Value = TypeVar("Value")
Lines = Sequence[str]


class Touching(Exception):
    """Both changed the same thing, each in their own way: only a person can say what should stand."""


@dataclass(frozen=True)
class _Edit:
    """Lines `start` to `end` of the text both began from are `lines` now."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged(began: str, one: str, other: str) -> str:
    """Return the text with what both did to the one they began from. Raises Touching."""
    return _merged(began, one, other, _agreed)


def offered(began: str, one: str, other: str) -> str:
    """Return the same for a person to look over: what `one` did stands for the lines that both changed, and only there.

    Beside those lines nothing that `other` alone changed is undone. Lines that were changed one for one are told apart.
    """
    return _merged(began, one, other, _offered)


def _merged(began: str, one: str, other: str, settled: "Settled") -> str:
    if one == other or other == began:
        return one
    if one == began:
        return other
    base = began.split("\n")
    edits, others = _edits(base, one.split("\n")), _edits(base, other.split("\n"))
    lines: list[str] = []
    at = 0
    for start, end, mine, theirs in _groups(edits, others):
        lines += base[at:start]
        lines += settled(base, start, end, mine, theirs)
        at = end
    return "\n".join([*lines, *base[at:]])


def merged_field(began: Value, one: Value, other: Value) -> Value:
    """Return what a field should hold that is changed as a whole. Raises Touching."""
    if one == other or other == began:
        return one
    if one == began:
        return other
    raise Touching


def merged_fields(
    began: Mapping[str, str], one: Mapping[str, str], other: Mapping[str, str], together: Sequence[str] = ()
) -> dict[str, str]:
    """Return fields by name, each merged as a whole; one that is not there counts as empty. Raises Touching.

    Those that stand `together` say one thing: none of them is taken from one person and the next from the other.
    """
    names = [name for name in dict.fromkeys((*began, *one, *other)) if name not in together]
    found = {name: merged_field(began.get(name), one.get(name), other.get(name)) for name in names}
    group = (tuple(side.get(name) for name in together) for side in (began, one, other))
    found |= zip(together, merged_field(*group), strict=True)
    return {name: value for name, value in found.items() if value is not None}


def _edits(base: Lines, text: Lines) -> list[_Edit]:
    """Return what was done to the lines, in order, each as large as it is without a line that stayed."""
    found: list[_Edit] = []
    for code in Indel.opcodes(base, text):
        if code.tag == "equal":
            continue
        lines = tuple(text[code.dest_start : code.dest_end])
        if found and found[-1].end == code.src_start:
            found[-1] = _Edit(found[-1].start, code.src_end, found[-1].lines + lines)
        else:
            found.append(_Edit(code.src_start, code.src_end, lines))
    return found


Settled = Callable[[Lines, int, int, list[_Edit], list[_Edit]], list[str]]  # what a stretch says in the end


def _touch(edit: _Edit, start: int, end: int) -> bool:
    return edit.start <= end


def _overlap(edit: _Edit, start: int, end: int) -> bool:
    """Say whether an edit changes a line of the stretch before it, or puts lines in where that did nothing else."""
    return edit.start < end or edit.end == start


def _groups(
    one: list[_Edit], other: list[_Edit], are_one: Callable[[_Edit, int, int], bool] = _touch
) -> list[tuple[int, int, list[_Edit], list[_Edit]]]:
    """Return the stretches that were changed, each with what either did in it; those that touch are one."""
    sides = sorted([(edit, 0) for edit in one] + [(edit, 1) for edit in other], key=_place)
    found: list[tuple[int, int, list[_Edit], list[_Edit]]] = []
    for edit, side in sides:
        if found and are_one(edit, *found[-1][:2]):
            start, end, *both = found.pop()
        else:
            start, end, both = edit.start, edit.end, [[], []]
        both[side].append(edit)
        found.append((start, max(end, edit.end), both[0], both[1]))
    return found


def _place(edit: tuple[_Edit, int]) -> tuple[int, int, int]:
    return edit[0].start, edit[0].end, edit[1]


def _agreed(base: Lines, start: int, end: int, one: list[_Edit], other: list[_Edit]) -> list[str]:
    mine, theirs = _after(base, start, end, one), _after(base, start, end, other)
    if one and other and mine != theirs:
        raise Touching
    return mine if one else theirs


def _offered(base: Lines, start: int, end: int, one: list[_Edit], other: list[_Edit]) -> list[str]:
    try:
        return _agreed(base, start, end, one, other)
    except Touching:
        lines: list[str] = []
    at = start
    for first, last, mine, theirs in _groups(_line_by_line(one), _line_by_line(other), _overlap):
        lines += [*base[at:first], *_after(base, first, last, mine or theirs)]
        at = last
    return [*lines, *base[at:end]]


def _line_by_line(edits: list[_Edit]) -> list[_Edit]:
    """Return the edits, with one for each line where as many lines stand as stood there."""
    found: list[_Edit] = []
    for edit in edits:
        if len(edit.lines) == edit.end - edit.start:
            found += [_Edit(at, at + 1, (line,)) for at, line in enumerate(edit.lines, edit.start)]
        else:
            found.append(edit)
    return found


def _after(base: Lines, start: int, end: int, edits: list[_Edit]) -> list[str]:
    """Return how a stretch of lines reads after one person's changes to it."""
    lines: list[str] = []
    at = start
    for edit in edits:
        lines += [*base[at : edit.start], *edit.lines]
        at = edit.end
    return [*lines, *base[at:end]]
