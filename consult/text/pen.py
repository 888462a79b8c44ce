"""Writes the rows of a source anew at the heads of its blocks, with the numbers they are to bear and no others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consult.text.dialect import raw_html
from consult.text.dialect.marks import IN_INFO, NUMBER
from consult.text.dialect.parts import label
from consult.text.heads import Head, Text

LITERAL = re.compile(rf"(\s*)\\?(\[{NUMBER}\])(?:\[\])?(?=\s|$|\|)")
"""What looks like a number at the head of a text, also where it is written so that it is none."""
_LONGEST_HEAD = 200  # characters before the words of a row; in front of more, tabs become spaces
_IN_TEXT = re.compile(rf"\[({NUMBER})\](?=\s|$)[ \t]*")
_IN_CELL = re.compile(rf"\[({NUMBER})\](?=\s|$|\|)[ \t]*")
_IN_INFO = re.compile(rf"\s*{IN_INFO.pattern}")
_MARKERS = re.compile(r"[^\s>]")


@dataclass
class Pen:
    """Writes rows anew. `protects` literal text that looks like a number wherever it stands, not only behind one."""

    text: Text
    known: frozenset[str]
    protects: bool

    def written(self, head: Head, numbers: Sequence[str]) -> dict[int, list[str]]:
        """Return the rows that change at a head, each with the lines that take its place."""
        row = self.text.row(head.row) or ""
        if head.place == "alone":
            return self._alone(row, head, numbers)
        if head.place == "info":
            return {head.row: [self._info(row, head.column, numbers)]}
        return {head.row: (self._above if head.place == "above" else self._front)(row, head, numbers)}

    def _alone(self, row: str, head: Head, numbers: Sequence[str]) -> dict[int, list[str]]:
        """Write a number on the line that it has to itself; without one, what it stood for takes its line."""
        before, following = row[: head.column], head.part.line - 1
        if numbers:
            return {head.row: [before + f"[{numbers[0]}]"]}
        if not before.strip(" >"):
            return {head.row: []}
        joined = before + (self.text.row(following) or "")[len(before) :]
        return {head.row: [joined]} | {gone: [] for gone in range(head.row + 1, following + 1)}

    def _front(self, row: str, head: Head, numbers: Sequence[str]) -> list[str]:
        rest, taken = self._bare(row[head.column :], head)
        marks = "".join(f"[{number}] " for number in numbers)
        if not rest or rest.isspace():
            marks = marks.rstrip()
        if (taken or self.protects) and self._would_be_read(rest, head, numbers):
            rest = self._protected(rest, head)
        before = row[: head.column]
        if taken and not marks and not rest.strip() and not before.strip(" >"):
            return []
        return [self._as_typed(head.row, before, marks, rest)]

    def _bare(self, rest: str, head: Head) -> tuple[str, bool]:
        """Return the words of a row without the marks that count."""
        pattern = _IN_TEXT if head.place == "front" else _IN_CELL
        taken = False
        for turn in range(2 if head.place == "header" else 1):
            found = pattern.match(rest)
            if not found or found[1] not in self.known or (turn and "." not in found[1]):
                break
            rest, taken = rest[found.end() :], True
            if "." in found[1]:
                break
        return rest, taken

    def _would_be_read(self, rest: str, head: Head, numbers: Sequence[str]) -> bool:
        found = (_IN_TEXT if head.place == "front" else _IN_CELL).match(rest)
        if not found:
            return False
        if head.place == "header" and numbers and "." not in numbers[-1]:
            return "." in found[1]
        return not numbers

    def _protected(self, rest: str, head: Head) -> str:
        """Write literal text so that it is no mark: a link by its name keeps being one."""
        number = rest[1 : rest.index("]")]
        if label(number) in self.text.definitions.links:
            return f"[{number}][]{rest[len(number) + 2 :]}"
        return f"\\{rest}"

    def _as_typed(self, number: int, before: str, marks: str, rest: str) -> str:
        """Return a row with the tabs that its writer typed, as far as they stay as wide as they were."""
        raw, row = self.text.lines[number], before + marks + rest
        if "\t" not in raw or len(before) > _LONGEST_HEAD:
            return row
        ends = range(min(len(raw), len(before)) + 1)
        end = next((end for end in ends if raw[:end].expandtabs(4) == before), None)
        if end is None:
            return row
        behind = raw[len(raw) - len(rest) :] if raw.endswith(rest) else raw[end:]
        typed = raw[:end] + marks + behind
        return typed if typed.expandtabs(4) == row else raw[:end] + marks + rest

    def _info(self, row: str, column: int, numbers: Sequence[str]) -> str:
        info = row[column:]
        kept = _IN_INFO.sub(lambda found: "" if found[1] in self.known else found[0], info)
        if self.protects and IN_INFO.search(kept):
            kept = IN_INFO.sub(r"\1", kept)
        if kept == info and not numbers:
            return row
        return row[:column] + kept.rstrip() + "".join(f" [{number}]" for number in numbers)

    def _above(self, row: str, head: Head, numbers: Sequence[str]) -> list[str]:
        if not numbers:
            return [self.text.lines[head.row]]
        before, rest = row[: head.column], row[head.column :]
        below = _MARKERS.sub(" ", before)
        lines = [before + f"[{numbers[0]}]", self.text.lines[head.row] if below == before else below + rest]
        is_code = head.part.tag == "pre"
        if is_code or not raw_html.start(rest.lstrip(), interrupts_paragraph=True)[0]:
            lines.insert(1, below.rstrip())
        if before == below and self.text.goes_on_into(head.row):
            lines.insert(0, below.rstrip())
        return lines
