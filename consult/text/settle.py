"""Makes the HTML of gathered blocks safe: headings under the page's title, anchors, sanitising."""

import re
from dataclasses import replace
from functools import lru_cache

from consult.text.anchors import Anchors
from consult.text.block import Block
from consult.text.bounds import check_nesting
from consult.text.plain import plain_text
from consult.text.sanitise import DOCUMENT, sanitise

KEPT = 2_000
"""Blocks whose safe HTML is remembered: a draft is previewed, looked at and published, nearly always the same."""
KEPT_AT_MOST = 4_000  # characters of such a block
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
            html = _safe(html) if len(html) <= KEPT_AT_MOST else sanitise(html, DOCUMENT)
        if block.kind == "table":
            cells = _ROW.findall(html)
        safe.append(replace(block, html=html, plain=plain_text(html)))
    return tuple(safe)


@lru_cache(KEPT)
def _safe(html: str) -> str:
    return sanitise(html, DOCUMENT)


def _under_title(block: Block, shift: int) -> str:
    """The page's title is its only h1: the highest heading of the text becomes h2, the others follow."""
    if not block.level or not shift:
        return block.html
    tag = f"h{min(6, block.level + shift)}"
    return re.sub(rf"(</?){block.kind}(?=[ >])", rf"\1{tag}", block.html)
