"""Walks a parsed document and makes its blocks.

A list item is one block (`li`), further paragraphs in it are `p` of the same depth; a term and
its definition are one `p`; so is a piece of raw HTML. Everything in a quote is `quote`, save code
and tables.
"""

import re
from dataclasses import dataclass, replace

from consult.text import bounds
from consult.text.anchors import Anchors
from consult.text.block import Block
from consult.text.bounds import TooMuch
from consult.text.dialect.parts import Part
from consult.text.dialect.serialise import inner, serialise
from consult.text.plain import plain_text, squeezed
from consult.text.sanitise import DOCUMENT, sanitise

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WORD = re.compile(r"\w")
_ANCHOR = re.compile(r'<a id="[^"]*"></a>')
_ROW = re.compile(r"<tr>(.*?)</tr>", re.S)


@dataclass
class Frame:
    """A quote or list item around the block at hand. The first block of an item bears its marker."""

    tag: str
    start: int = 1
    stop: str = ""
    is_used: bool = False

    @property
    def marker(self) -> str:
        return "•" if self.tag == "ul" else f"{self.start}{self.stop}"

    @property
    def bears_text(self) -> bool:
        return self.tag in ("ul", "ol") and not self.is_used

    def around(self, html: str) -> str:
        if self.tag == "blockquote":
            return f"<blockquote>{html}</blockquote>"
        if self.is_used:
            return html
        start = f' start="{self.start}"' if self.tag == "ol" and self.start != 1 else ""
        return f"<{self.tag}{start}><li>{html}</li></{self.tag}>"


class Splitter:
    """Walks the parsed document once and gathers its blocks; `finish` makes their HTML safe."""

    def __init__(self, anchors: Anchors) -> None:
        self.anchors = anchors
        self.blocks: list[Block] = []
        self.frames: list[Frame] = []
        self.before = ""
        self.is_next_closed = False

    # The walk

    def walk(self, parts: list[Part]) -> None:
        position = 0
        while position < len(parts):
            part = parts[position]
            if part.tag == "mark" and part.source == "together":
                position = self._together(parts, position)
            else:
                self._one(part)
            position += 1

    def _one(self, part: Part) -> None:
        if part.tag in ("ul", "ol"):
            self._list(part)
        elif part.tag == "blockquote":
            self._inside(Frame("blockquote"), part)
        elif part.tag == "dl":
            self._definitions(part)
        elif part.tag == "table":
            self._table(part)
        elif part.tag == "note":
            self._unit("footnote", [part], note=part.source or "")
        elif part.tag == "mark":
            self.is_next_closed |= part.source == "no comments"
        elif part.tag in HEADINGS:
            self._heading(part)
        else:
            in_item = part.tag == "p" and bool(self.frames) and self.frames[-1].bears_text
            html = part.html or "" if in_item else serialise(part).strip()
            self._leaf("code" if part.tag == "pre" else "p", part.source or "", html, part)

    def _inside(self, frame: Frame, part: Part) -> None:
        self.frames.append(frame)
        self.walk(part.parts())
        self.frames.pop()

    def _list(self, part: Part) -> None:
        first = int(part.get("start", "1"))
        for number, item in enumerate(part.parts(), first):
            self._inside(Frame(part.tag, number, part.source or ""), item)

    def _definitions(self, part: Part) -> None:
        terms: list[Part] = []
        for child in part.parts():
            if child.tag == "dt":
                terms.append(child)
                continue
            inside = child.parts()
            whole = "".join(serialise(term) for term in terms)
            first = inside[0] if inside and inside[0].tag == "p" else None
            text = " : ".join(
                [*(term.source or "" for term in terms), *([first.source or ""] if first else [])]
            )
            html = f"<dl>{whole}<dd>{first.html if first else ''}</dd></dl>"
            self._leaf("p", text, html, terms[0] if terms else child)
            self._inside(Frame("dd", is_used=True), child) if not first else self._rest(child, inside[1:])
            terms = []

    def _rest(self, part: Part, parts: list[Part]) -> None:
        self.frames.append(Frame("dd", is_used=True))
        self.walk(parts)
        self.frames.pop()

    def _together(self, parts: list[Part], start: int) -> int:
        """One unit of all up to `/together`; a mark without its end is as if it were not there."""
        for end in range(start + 1, len(parts)):
            if parts[end].tag == "mark" and parts[end].source == "/together":
                inside = [part for part in parts[start + 1 : end] if part.tag != "mark"]
                if inside:
                    self._unit("p", inside)
                return end
        return start

    # One block of each sort

    def _heading(self, part: Part) -> None:
        plain = plain_text(part.html or "")
        name = self.anchors.heading(plain, part.anchor)
        given = f' id="{name}"' if name else ""
        html = f"<{part.tag}{given}>{part.html}</{part.tag}>"
        level = int(part.tag[1])
        self._leaf(part.tag, part.source or "", html, part, level=level, anchor=name)

    def _leaf(self, kind: str, text: str, html: str, part: Part, level: int = 0, anchor: str = "") -> None:
        if not _WORD.search(plain_text(html)):
            self._keep_for_later(html)
            return
        frame = next((frame for frame in reversed(self.frames) if frame.tag in ("ul", "ol")), None)
        marker = frame.marker if frame and not frame.is_used else ""
        if kind != "code":
            kind = "quote" if self._is_quoted() else "li" if marker else kind
        for around in reversed(self.frames):
            html = around.around(html)
        for around in self.frames:
            around.is_used = True
        heading = kind in HEADINGS
        self._append(
            Block(
                kind=kind,
                text=squeezed(text),
                html=html,
                plain="",
                line=part.line,
                level=level if heading else 0,
                depth=self._depth(),
                marker=marker,
                anchor=anchor if heading else "",
                mark=part.mark,
            )
        )

    def _keep_for_later(self, html: str) -> None:
        """What has no words is no block: its anchors, rules and stray marks go before the next one."""
        anchors = "".join(_ANCHOR.findall(html))
        if "<hr>" in html or plain_text(html):
            self.before += html
        else:
            self.before += anchors

    def _unit(self, kind: str, parts: list[Part], note: str = "") -> None:
        """Several parts as one block."""
        leaves = [leaf for part in parts for leaf in part.iter() if isinstance(leaf, Part) and leaf.source]
        texts = [leaf.source or "" for leaf in leaves if leaf.tag not in ("ul", "ol", "td", "th", "note")]
        html = "".join(inner(part) if part.tag == "note" else serialise(part) for part in parts)
        if note:
            html = _with_way_back(f'<span id="fn-{note}"></span>' + html, note)
        mark = next((leaf.mark for leaf in leaves if leaf.mark), None)
        for around in reversed(self.frames):
            html = around.around(html)
        for around in self.frames:
            around.is_used = True
        text = squeezed(" ".join(texts))
        self._append(Block(kind, text, html, "", parts[0].line, depth=self._depth(), mark=mark, note=note))

    def _table(self, part: Part) -> None:
        rows = part.parts()
        text = squeezed(" ".join(row.source or "" for row in rows))
        header = rows[0].mark
        mark = header if header and "." not in header else None
        is_open = not self.is_next_closed
        table = len(self.blocks)
        written = [f"<tr>{inner(row)}</tr>" for row in rows]
        html = f"<table><thead>{written[0]}</thead><tbody>{''.join(written[1:])}</tbody></table>"
        self._append(Block("table", text, html, "", part.line, depth=self._depth(), mark=mark))
        for position, row in enumerate(rows):
            self._append(
                Block(
                    kind="row",
                    text=row.source or "",
                    html=inner(row),
                    plain="",
                    line=row.line,
                    depth=self._depth(),
                    mark=None if row.mark == mark else row.mark,
                    is_commentable=is_open,
                    table=table,
                    is_header=position == 0,
                )
            )

    def _is_quoted(self) -> bool:
        return any(frame.tag == "blockquote" for frame in self.frames)

    def _depth(self) -> int:
        return sum(frame.tag in ("ul", "ol", "dd") for frame in self.frames)

    def _append(self, block: Block) -> None:
        if self.is_next_closed and block.kind != "row":
            block = replace(block, is_commentable=False)
            self.is_next_closed = False
        if self.before and block.kind not in ("table", "row"):
            block = replace(block, html=self.before + block.html)
            self.before = ""
        elif self.before and block.kind == "table" and self.blocks:
            self.blocks[-1] = replace(self.blocks[-1], html=self.blocks[-1].html + self.before)
            self.before = ""
        self.blocks.append(block)
        if len(self.blocks) > bounds.DOCUMENT_BLOCKS:
            raise TooMuch("blocks", line=block.line, limit=bounds.DOCUMENT_BLOCKS)

    # Safe HTML

    def _settle_headings(self) -> None:
        """The page's title is its only h1: the highest heading of the text becomes h2, the others follow."""
        shift = 2 - min((block.level for block in self.blocks if block.level), default=2)
        for position, block in enumerate(self.blocks):
            if block.level and shift:
                tag = f"h{min(6, block.level + shift)}"
                html = block.html.replace(f"<{block.kind} ", f"<{tag} ").replace(
                    f"<{block.kind}>", f"<{tag}>"
                )
                html = html.replace(f"</{block.kind}>", f"</{tag}>")
                self.blocks[position] = replace(block, html=html)

    def finish(self) -> tuple[Block, ...]:
        self._settle_headings()
        if self.before and self.blocks:
            self.blocks[-1] = replace(self.blocks[-1], html=self.blocks[-1].html + self.before)
        self.anchors.gather(block.html for block in self.blocks)
        safe: list[Block] = []
        cells: list[str] = []
        for block in self.blocks:
            if block.kind == "row":
                html = cells.pop(0) if cells else ""
            else:
                html = sanitise(self.anchors.settled(block.html), DOCUMENT)
            if block.kind == "table":
                cells = _ROW.findall(html)
            safe.append(replace(block, html=html, plain=plain_text(html)))
        return tuple(safe)


def _with_way_back(html: str, note: str) -> str:
    back = f' <a class="note-back" href="#fnref-{note}">↩</a>'
    head, closing, tail = html.rstrip().rpartition("</p>")
    return f"{head}{back}{closing}{tail}" if closing and not tail.strip() else html + back
