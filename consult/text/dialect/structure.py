"""Which lines are a heading, a list, a quote: the block rules of CommonMark, line by line.

A list may follow text directly, items nest by their indentation, tables, footnotes and
definition lists are known, and `<div markdown="1">` is looked into.
"""

import re

from consult.text import bounds
from consult.text.bounds import TooMuch
from consult.text.dialect import leaves, raw_html, tables
from consult.text.dialect.leaves import Cursor, Paragraph, Table
from consult.text.dialect.parts import Part, Rules, label
from consult.text.dialect.tree import Tree

_HEADING = re.compile(r"(#{1,6})(?:[ ]+|$)(.*)")
_HEADING_END = re.compile(r"(?:^|\s)#+\s*$")
_UNDERLINE = re.compile(r"(=+|-+)\s*$")
_RULE = re.compile(r"(?:(?:\*[ ]*){3,}|(?:-[ ]*){3,}|(?:_[ ]*){3,})$")
_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})(.*)")
_ITEM = re.compile(r"(?:([-*+])|(\d{1,9})([.)]))(?=[ ]|$)")
_NOTE = re.compile(r"\[\^([^\]\s^]+)\]:[ ]*")
_MARK = re.compile(r"<!--\s*(together|/together|no comments)\s*-->", re.I)


class Structure(Tree):
    """One pass over the lines of one text. `root` is the tree, `definitions` what it defines."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self.rules = rules
        self.last_comment_end = 0
        self.inside_markdown_div = 0

    def parse(self, lines: list[str]) -> Part:
        self.last_comment_end = max((n for n, line in enumerate(lines, 1) if "-->" in line), default=0)
        for self.number, line in enumerate(lines, 1):
            if line or self.leaf or len(self.stack) > 1:
                self._read(Cursor(line.expandtabs(4)))
            else:
                self.was_blank = True
        self.close_to(1)
        return self.root

    # One line

    def _read(self, line: Cursor) -> None:
        matched = self._match_containers(line)
        whole = matched == len(self.stack)
        if whole and self.leaf and self.leaf.takes(line):
            self.count_length(self.leaf)
            if self.leaf.is_done:
                self.close_leaf()
            self.was_blank = False
            return
        if line.is_blank:
            self._read_blank(matched)
            return
        self._read_text(line, matched, whole)
        self.was_blank = False

    def _match_containers(self, line: Cursor) -> int:
        for position, container in enumerate(self.stack[1:], 1):
            if not self._continues(container, line, is_last=position == len(self.stack) - 1):
                return position
        return len(self.stack)

    def _continues(self, container: Part, line: Cursor, *, is_last: bool) -> bool:
        if container.tag == "blockquote":
            return line.take_quote_mark()
        if container.tag in ("li", "dd", "note"):
            if line.is_blank:
                return bool(len(container)) or not is_last or self.leaf is not None
            return line.take_indent(container.padding)
        return True

    def _read_blank(self, matched: int) -> None:
        if matched < len(self.stack) or (self.leaf and not self.leaf.survives_blank):
            self.close_to(matched)
        self.was_blank = self.stack[-1].tag != "blockquote" or len(self.stack) == 2

    def _read_text(self, line: Cursor, matched: int, whole: bool) -> None:
        opened = False
        while True:
            in_paragraph = whole and not opened and isinstance(self.leaf, Paragraph)
            may_be_lazy = not opened and isinstance(self.leaf, Paragraph)
            outcome = self._start(line, matched, in_paragraph=in_paragraph, may_be_lazy=may_be_lazy)
            if outcome == "leaf":
                return
            if outcome != "container":
                break
            opened, matched = True, len(self.stack)
            if line.is_blank:
                return
        soft = self.leaf if not opened else None
        if isinstance(soft, Paragraph):
            soft.add(line.rest, lazy=not whole)
            self.count_length(soft)
        elif isinstance(soft, Table) and whole:
            soft.add(line.rest, self.number)
            self.count_block(0 if len(soft.rows) <= bounds.DOCUMENT_BLOCKS else len(soft.rows))
        else:
            self.close_to(matched)
            self.open(Paragraph(self.number, line.rest))

    # What a line may start. Each answers "leaf", "container" or "" and has then done it.

    def _start(self, line: Cursor, matched: int, *, in_paragraph: bool, may_be_lazy: bool) -> str:
        if line.indent > 3:
            if may_be_lazy:
                return ""
            self.close_to(matched)
            self.open(leaves.Indented(self.number, line))
            return "leaf"
        for rule in (self._quote, self._mark, self._heading, self._fence, self._raw_html):
            if outcome := rule(line, matched, in_paragraph):
                return outcome
        if in_paragraph and (outcome := self._underline(line) or self._table(line)):
            return outcome
        for rule in (self._rule, self._item, self._note, self._definition):
            if outcome := rule(line, matched, in_paragraph):
                return outcome
        return ""

    def _quote(self, line: Cursor, matched: int, in_paragraph: bool) -> str:
        if not line.take_quote_mark():
            return ""
        self.close_to(matched)
        self.enter(Part("blockquote", self.number))
        return "container"

    def _mark(self, line: Cursor, matched: int, in_paragraph: bool) -> str:
        found = _MARK.match(line.rest) if self.rules.rich else None
        if not found:
            return ""
        self.close_to(matched)
        self.add(Part("mark", self.number, found[1].lower()))
        line.advance(line.indent + found.end())
        return "leaf" if line.is_blank else "container"

    def _heading(self, line: Cursor, matched: int, in_paragraph: bool) -> str:
        found = _HEADING.match(line.rest)
        if not found:
            return ""
        self.close_to(matched)
        self.add(Part(f"h{len(found[1])}", self.number, _HEADING_END.sub("", found[2]).strip()))
        return "leaf"

    def _fence(self, line: Cursor, matched: int, in_paragraph: bool) -> str:
        found = _FENCE.match(line.rest)
        if not found:
            return ""
        self.close_to(matched)
        self.open(leaves.Fence(self.number, line.indent, found[1], found[2].strip()))
        return "leaf"

    def _raw_html(self, line: Cursor, matched: int, in_paragraph: bool) -> str:
        if not self.rules.rich or not line.rest.startswith("<"):
            return ""
        if self._looks_inside(line.rest):
            self.close_to(matched)
            tag = raw_html.MARKDOWN_INSIDE.match(line.rest)
            assert tag
            anchor = Part("raw", self.number, "")
            anchor.html = raw_html.anchor(raw_html.attributes(tag[0]))
            self.add(anchor)
            line.advance(line.indent + tag.end())
            return "leaf" if line.is_blank else "container"
        started, ending = raw_html.start(line.rest, interrupts_paragraph=isinstance(self.leaf, Paragraph))
        if not started or (line.rest.startswith("<!--") and self.number > self.last_comment_end):
            return ""
        self.close_to(matched)
        leaf = leaves.RawHtml(self.number, line.whole_rest, ending)
        self.open(leaf)
        if leaf.is_done:
            self.close_leaf()
        return "leaf"

    def _looks_inside(self, text: str) -> bool:
        """`<div markdown="1">`, and what closes it, are stepped over so that their content is Markdown."""
        tag = raw_html.MARKDOWN_INSIDE.match(text)
        if not tag:
            return False
        if tag[0].startswith("</"):
            self.inside_markdown_div -= 1 if (inside := self.inside_markdown_div > 0) else 0
            return inside
        asks = raw_html.asks_for_markdown(tag[0])
        self.inside_markdown_div += asks
        return asks

    def _underline(self, line: Cursor) -> str:
        found = _UNDERLINE.match(line.rest)
        if not found or not isinstance(self.leaf, Paragraph):
            return ""
        self.take_links(self.leaf)
        if not self.leaf.lines:
            return ""
        leaf, self.leaf = self.leaf, None
        self.add(Part("h1" if found[1][0] == "=" else "h2", leaf.line, leaf.text.strip()))
        return "leaf"

    def _table(self, line: Cursor) -> str:
        paragraph = self.leaf
        if not self.rules.rich or not isinstance(paragraph, Paragraph) or not paragraph.lines:
            return ""
        if "|" not in paragraph.lines[-1]:
            return ""
        columns = tables.alignments(line.rest)
        if columns is None or len(columns) != len(tables.cells(paragraph.lines[-1])):
            return ""
        if len(columns) > bounds.TABLE_COLUMNS:
            raise TooMuch("columns", line=self.number - 1, limit=bounds.TABLE_COLUMNS)
        header = paragraph.lines.pop()
        self.close_leaf()
        self.open(Table(self.number - 1, header, columns))
        return "leaf"

    def _rule(self, line: Cursor, matched: int, in_paragraph: bool) -> str:
        if not _RULE.match(line.rest):
            return ""
        self.close_to(matched)
        self.add(Part("hr", self.number))
        return "leaf"

    def _item(self, line: Cursor, matched: int, in_paragraph: bool) -> str:
        found = _ITEM.match(line.rest)
        if not found:
            return ""
        bullet, digits, stop = found.groups()
        is_empty = not line.rest[found.end() :].strip()
        if in_paragraph and (is_empty or (digits and int(digits) != 1)):
            return ""
        if digits and not self.rules.rich and not self._counts_on(matched, stop, int(digits)):
            return ""
        self.close_to(matched)
        padding = line.take_marker(found.end())
        kind = bullet or stop
        if self.stack[-1].tag not in ("ul", "ol") or self.stack[-1].source != kind:
            self.leave_list()
            attributes = {"start": str(int(digits))} if digits and int(digits) != 1 else {}
            self.enter(Part("ul" if bullet else "ol", self.number, kind, **attributes))
        elif self.was_blank:
            self.stack[-1].is_loose = True
        item = Part("li", self.number)
        item.padding = padding
        self.enter(item)
        return "container"

    def _counts_on(self, matched: int, stop: str, number: int) -> bool:
        """In a comment "1998. What a year" is no list: numbers begin with 1 and go on by one."""
        parent = self.stack[matched - 1]
        is_next = parent.tag == "ol" and parent.source == stop and number == len(parent) + 1
        return number == 1 or is_next

    def _note(self, line: Cursor, matched: int, in_paragraph: bool) -> str:
        found = _NOTE.match(line.rest) if self.rules.rich else None
        if not found or any(part.tag == "note" for part in self.stack[:matched]):
            return ""
        self.close_to(matched)
        self.leave_list()
        note = Part("note", self.number, found[1])
        note.padding = 4
        self._keep_note(note)
        line.advance(line.indent + found.end())
        self.stack.append(note)
        return "container"

    def _keep_note(self, note: Part) -> None:
        key = label(note.source or "")
        while key in self.definitions.notes:
            key += "\x00"
        self.definitions.notes[key] = note

    def _definition(self, line: Cursor, matched: int, in_paragraph: bool) -> str:
        if not self.rules.rich or not re.match(r":[ ]+\S", line.rest):
            return ""
        term = self._term(matched)
        if term is None and self.stack[matched - 1].tag != "dl":
            return ""
        self.close_to(matched)
        if self.stack[-1].tag != "dl":
            self.leave_list()
            self.enter(Part("dl", self.number))
        if term is not None:
            self.add(Part("dt", self.number, term))
        description = Part("dd", self.number)
        description.padding = line.take_marker(1)
        self.enter(description)
        return "container"

    def _term(self, matched: int) -> str | None:
        """The one line just above, also with one empty line between."""
        if isinstance(self.leaf, Paragraph):
            self.take_links(self.leaf)
            is_term = matched == len(self.stack) and len(self.leaf.lines) == 1
            return self.leaf.lines.pop().strip() if is_term else None
        parent = self.stack[matched - 1]
        last = parent.parts()[-1] if len(parent) and matched == len(self.stack) else None
        if last is None or last.tag != "p" or not last.source or self.number - last.line != 2:
            return None
        parent.remove(last)
        return last.source.strip()
