"""Blocks that hold text and no other blocks, while their lines are still being read."""

import re

from consult.text.dialect import tables
from consult.text.dialect.parts import Part


class Cursor:
    """A line and how much of it the open lists and quotes have taken."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self._look()

    def _look(self) -> None:
        stripped = self.text[self.position :].lstrip(" ")
        self.indent = len(self.text) - self.position - len(stripped)
        self.rest = stripped
        self.is_blank = not stripped.strip()

    @property
    def whole_rest(self) -> str:
        return self.text[self.position :]

    def advance(self, columns: int) -> None:
        self.position += columns
        self._look()

    def take_indent(self, columns: int) -> bool:
        if self.indent < columns:
            return False
        self.advance(columns)
        return True

    def take_quote_mark(self) -> bool:
        if self.indent > 3 or not self.rest.startswith(">"):
            return False
        self.advance(self.indent + (2 if self.rest.startswith("> ") else 1))
        return True

    def take_marker(self, width: int) -> int:
        """Step over a list marker; the answer is how far the item's other lines are indented."""
        before = self.indent + width
        self.advance(before)
        space = self.indent if not self.is_blank and self.indent < 5 else 1
        self.advance(min(space, self.indent))
        return before + space


class Leaf:
    is_done = False
    survives_blank = False

    def __init__(self, line: int) -> None:
        self.line = line
        self.lines: list[str] = []
        self.length = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def keep(self, text: str) -> None:
        self.lines.append(text)
        self.length += len(text) + 1

    def takes(self, line: Cursor) -> bool:
        """Whether this line goes on with the block whatever it looks like."""
        return False

    def part(self) -> Part | None:
        raise TypeError(type(self))


class Paragraph(Leaf):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(line)
        self.keep(text)

    def add(self, text: str, *, lazy: bool) -> None:
        self.keep(text)

    def part(self) -> Part | None:
        if not any(line.strip() for line in self.lines):
            return None
        return Part("p", self.line, self.text.rstrip())


class Fence(Leaf):
    survives_blank = True

    def __init__(self, line: int, indent: int, fence: str, info: str) -> None:
        super().__init__(line)
        self.indent = indent
        self.info = info
        self.closing = re.compile(rf"[ ]{{0,3}}{re.escape(fence[0])}{{{len(fence)},}}\s*$")

    def takes(self, line: Cursor) -> bool:
        text = line.whole_rest
        if self.closing.match(text):
            self.is_done = True
        else:
            self.keep(text[min(self.indent, line.indent) :])
        return True

    def part(self) -> Part:
        part = Part("pre", self.line, self.text)
        part.info = self.info
        return part


class Indented(Leaf):
    survives_blank = True

    def __init__(self, line: int, first: Cursor) -> None:
        super().__init__(line)
        self.keep(first.whole_rest[4:])

    def takes(self, line: Cursor) -> bool:
        if not line.is_blank and line.indent < 4:
            return False
        self.keep(line.whole_rest[4:])
        return True

    def part(self) -> Part:
        return Part("pre", self.line, self.text.strip("\n"))


class RawHtml(Leaf):
    def __init__(self, line: int, text: str, ending: re.Pattern[str] | None) -> None:
        super().__init__(line)
        self.ending = ending
        self.survives_blank = ending is not None
        self._keep(text)

    def _keep(self, text: str) -> None:
        self.keep(text)
        self.is_done = bool(self.ending and self.ending.search(text))

    def takes(self, line: Cursor) -> bool:
        if line.is_blank and self.ending is None:
            return False
        self._keep(line.whole_rest)
        return True

    def part(self) -> Part:
        return Part("raw", self.line, self.text)


class Table(Leaf):
    def __init__(self, line: int, header: str, columns: list[str]) -> None:
        super().__init__(line)
        self.columns = columns
        self.rows = [(line, header)]

    def add(self, text: str, line: int) -> None:
        self.rows.append((line, text))

    def part(self) -> Part:
        table = Part("table", self.line)
        for position, (line, text) in enumerate(self.rows):
            row = Part("tr", line, " ".join(text.strip().removeprefix("|").removesuffix("|").split()))
            cells = tables.fitted(tables.cells(text), len(self.columns))
            for cell, aligned in zip(cells, self.columns, strict=True):
                given = {"class": f"align-{aligned}"} if aligned else {}
                given |= {} if position else {"scope": "col"}
                row.append(Part("td" if position else "th", line, cell, **given))
            table.append(row)
        return table
