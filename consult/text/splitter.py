"""Walks a parsed document and makes its blocks.

A list item is one block (`li`), further paragraphs in it are `p` of the same depth; a term and
its definition are one `p`; so is a piece of raw HTML. Everything in a quote is `quote`, save code
and tables.
"""

import re
from dataclasses import replace
from html import escape

from consult.text import bounds
from consult.text.anchors import Anchors
from consult.text.block import Block
from consult.text.bounds import TooMuch
from consult.text.dialect.parts import HEADINGS, Part
from consult.text.dialect.serialise import inner, serialise
from consult.text.frames import Frame, Frames
from consult.text.plain import plain_text, squeezed

_WORD = re.compile(r"\w")
_ANCHOR = re.compile(r'<a id="[^"]*"></a>')
_RAW_HEADING = re.compile(r'((?:<a id="[^"]*"></a>)*)<h([1-6])>((?:(?!</?h[1-6]).)*)</h\2>', re.S)
_NOT_TEXT = frozenset({"ul", "ol", "td", "th", "note", "mark"})


class Splitter:
    """Gathers `blocks`; their HTML is not yet safe, and anchors in it are as the author wrote them."""

    def __init__(self, anchors: Anchors) -> None:
        self.anchors = anchors
        self.blocks: list[Block] = []
        self.frames = Frames()
        self.before = ""
        self.is_next_closed = False

    def document(self, root: Part) -> list[Block]:
        self._walk(root.parts())
        self._place_rest()
        return self.blocks

    # The walk

    def _walk(self, parts: list[Part]) -> None:
        position = 0
        while position < len(parts):
            part = parts[position]
            end = _end_of_unit(parts, position)
            if end is None:
                self._one(part)
            else:
                self._unit("p", [part for part in parts[position + 1 : end] if part.tag != "mark"])
            position = (end or position) + 1

    def _one(self, part: Part) -> None:
        if part.tag in ("ul", "ol"):
            self._list(part)
        elif part.tag == "blockquote":
            self._inside(Frame("blockquote"), part.parts())
        elif part.tag == "dl":
            self._definitions(part)
        elif part.tag == "table":
            self._table(part)
        elif part.tag == "note":
            self._unit("footnote", [part], note=part.source or "")
        elif part.tag == "mark":
            self.is_next_closed |= part.source == "no comments"
        elif part.tag in HEADINGS or _RAW_HEADING.fullmatch((part.html or "").strip()):
            self._heading(part)
        else:
            bare = part.tag == "p" and self.frames.begins_item
            html = part.html or "" if bare else serialise(part).strip()
            self._leaf("code" if part.tag == "pre" else "p", part.source or "", html, part)

    def _inside(self, frame: Frame, parts: list[Part]) -> None:
        self.frames.open.append(frame)
        self._walk(parts)
        self.frames.open.pop()

    def _list(self, part: Part) -> None:
        for number, item in enumerate(part.parts(), int(part.get("start", "1"))):
            self._inside(Frame(part.tag, number, part.source or ""), item.parts())

    def _definitions(self, part: Part) -> None:
        """A term stands with the first paragraph of its first definition."""
        terms: list[Part] = []
        for child in part.parts():
            if child.tag == "dt":
                terms.append(child)
                continue
            inside = child.parts()
            first = inside[0] if inside and inside[0].tag == "p" else None
            texts = [each.source or "" for each in (*terms, first) if each is not None]
            words = "".join(serialise(term) for term in terms)
            html = f"<dl>{words}<dd>{first.html if first is not None else ''}</dd></dl>"
            self._leaf("p", " : ".join(texts), html, (terms or [child if first is None else first])[0])
            self._inside(Frame("dd", is_used=True), inside[1:] if first is not None else inside)
            terms = []

    # One block of each sort

    def _heading(self, part: Part) -> None:
        tag, inside, text = part.tag, part.html or "", part.source or ""
        if raw := _RAW_HEADING.fullmatch(inside.strip()):
            tag, inside = f"h{raw[2]}", raw[1] + raw[3]
            text = plain_text(inside)
        name = self.anchors.heading(plain_text(inside), part.anchor)
        given = f' id="{name}"' if name else ""
        self._leaf(tag, text, f"<{tag}{given}>{inside}</{tag}>", part, level=int(tag[1]), anchor=name)

    def _leaf(self, kind: str, text: str, html: str, part: Part, level: int = 0, anchor: str = "") -> None:
        if not _WORD.search(plain_text(html)):
            self._keep_for_later(html)
            return
        marker = self.frames.marker
        if kind != "code":
            kind = "quote" if self.frames.is_quoted else "li" if marker else kind
        is_heading = kind in HEADINGS
        self._append(
            Block(
                kind=kind,
                text=squeezed(text),
                html=self.frames.put_around(html),
                plain="",
                line=part.line,
                depth=self.frames.depth,
                marker=marker,
                mark=part.mark,
                level=level if is_heading else 0,
                anchor=anchor if is_heading else "",
            )
        )

    def _unit(self, kind: str, parts: list[Part], note: str = "") -> None:
        """Several parts as one block."""
        every = [leaf for part in parts for leaf in part.iter() if isinstance(leaf, Part)]
        inside = [leaf for leaf in every if leaf.source]
        text = " ".join(leaf.source or "" for leaf in inside if leaf.tag not in _NOT_TEXT)
        html = "".join(inner(part) if part.tag == "note" else serialise(part) for part in parts)
        if note:
            html = _with_way_back(html, note)
        elif not _WORD.search(plain_text(html)):
            self._keep_for_later(html)
            return
        self._append(
            Block(
                kind=kind,
                text=squeezed(text),
                html=self.frames.put_around(html),
                plain="",
                line=parts[0].line,
                depth=self.frames.depth,
                mark=next((leaf.mark for leaf in every if leaf.mark), None),
                note=note,
            )
        )

    def _table(self, part: Part) -> None:
        rows = part.parts()
        written = [f"<tr>{inner(row)}</tr>" for row in rows]
        html = f"<table><thead>{written[0]}</thead><tbody>{''.join(written[1:])}</tbody></table>"
        text = squeezed(" ".join(row.source or "" for row in rows))
        is_open = not self.is_next_closed
        table = Block("table", text, html, "", part.line, depth=self.frames.depth, mark=part.mark)
        self._append(table)
        place = len(self.blocks) - 1
        for position, row in enumerate(rows):
            self._append(
                Block(
                    kind="row",
                    text=row.source or "",
                    html=inner(row),
                    plain="",
                    line=row.line,
                    depth=table.depth,
                    mark=row.mark,
                    is_commentable=is_open,
                    table=place,
                    is_header=position == 0,
                )
            )

    # What is no block: anchors, rules, stray marks

    def _keep_for_later(self, html: str) -> None:
        """What has no words goes before the next block that has."""
        if plain_text(html):
            self.before += html if html.startswith("<") else f"<p>{html}</p>"
        else:
            self.before += "<hr>" if html.startswith("<hr>") else "".join(_ANCHOR.findall(html))

    def _place_rest(self) -> None:
        """At the end, or before a table, where there is no next block to join."""
        html, self.before = self.before, ""
        if not plain_text(html) and (not html or not self.blocks):
            return
        if self.blocks and self.blocks[-1].kind != "row":
            self.blocks[-1] = replace(self.blocks[-1], html=self.blocks[-1].html + html)
        elif plain_text(html):
            self.blocks.append(Block("p", plain_text(html), html, "", 1))

    def _append(self, block: Block) -> None:
        if self.is_next_closed and block.kind != "row":
            block = replace(block, is_commentable=False)
            self.is_next_closed = False
        if block.kind == "table":
            self._place_rest()
        elif self.before and block.kind != "row":
            block = replace(block, html=self.before + block.html)
            self.before = ""
        self.blocks.append(block)
        if len(self.blocks) > bounds.DOCUMENT_BLOCKS:
            raise TooMuch("blocks", line=block.line, limit=bounds.DOCUMENT_BLOCKS)


def _end_of_unit(parts: list[Part], start: int) -> int | None:
    """Where the unit ends that `together` begins; a mark without its end is as if it were not there."""
    if parts[start].tag != "mark" or parts[start].source != "together":
        return None
    for end in range(start + 1, len(parts)):
        if parts[end].tag == "mark" and parts[end].source != "no comments":
            is_end = parts[end].source == "/together" and end > start + 1
            return end if is_end else None
    return None


def _with_way_back(html: str, note: str) -> str:
    """A footnote with its anchor, and the arrow that leads back at the end of its last paragraph."""
    name = escape(note)
    back = f' <a class="note-back" href="#fnref-{name}">↩</a>'
    head, closing, tail = html.rstrip().rpartition("</p>")
    whole = f"{head}{back}{closing}{tail}" if closing and not tail.strip() else html + back
    return f'<span id="fn-{name}"></span>{whole}'
