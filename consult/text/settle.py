"""Makes the HTML of gathered blocks safe: headings under the page's title, anchors, sanitising."""

import re
from dataclasses import replace

from consult.text.anchors import Anchors
from consult.text.block import Block
from consult.text.bounds import check_nesting
from consult.text.plain import plain_text
from consult.text.sanitise import DOCUMENT, sanitise

_ROW = re.compile(r"<tr>(.*?)</tr>", re.S)


def settled(blocks: list[Block], anchors: Anchors) -> tuple[Block, ...]:
    shift = 2 - min((block.level for block in blocks if block.level), default=2)
    anchors.gather(block.html for block in blocks if block.kind != "row")
    safe: list[Block] = []
    cells: list[str] = []
    for block in blocks:
        if block.kind == "row":
            html = cells.pop(0) if cells else ""
        else:
            html = anchors.settled(_under_title(block, shift))
            check_nesting(html, block.line)
            html = sanitise(html, DOCUMENT)
        if block.kind == "table":
            cells = _ROW.findall(html)
        safe.append(replace(block, html=html, plain=plain_text(html)))
    return tuple(safe)


def _under_title(block: Block, shift: int) -> str:
    """The page's title is its only h1: the highest heading of the text becomes h2, the others follow."""
    if not block.level or not shift:
        return block.html
    tag = f"h{min(6, block.level + shift)}"
    return re.sub(rf"(</?){block.kind}(?=[ >])", rf"\1{tag}", block.html)
