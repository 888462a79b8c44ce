"""Puts permanent numbers into a Markdown source, and takes them out: `[7A]` at the head of its block. Pure.

The text stays what it was: whatever a number would change is left without one, and literal text that looks like a
number is written `\\[5]`. What the dialect reads in the result is compared with what it read before, part by part.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence

from consult.text import bounds
from consult.text.block import Block
from consult.text.dialect.marks import NUMBER
from consult.text.dialect.parts import Part
from consult.text.heads import Head, Text
from consult.text.markdown import render_document
from consult.text.pen import LITERAL, Pen
from consult.text.plain import squeezed
from consult.text.proof import proved

_NUMBER = re.compile(NUMBER)

Wanted = Callable[[Block], bool]


def everything(block: Block) -> bool:
    return True


def what_shows_a_number(block: Block) -> bool:
    """Say whether the page shows this block's number: headings, footnotes and the names of columns bear theirs unseen."""
    return not block.level and block.kind != "footnote" and not block.is_header


def with_marks(
    source: str,
    numbers: Sequence[str | None],
    *,
    known_numbers: frozenset[str] = frozenset(),
    wanted: Wanted = everything,
    blocks: Sequence[Block] | None = None,
) -> str:
    """Return the source with the number of each block at its head, instead of any mark that stands there.

    `numbers` are in the order of `blocks`, which are `render_document(source, known_numbers=known_numbers).blocks`:
    whoever has them may hand them over. `known_numbers` says which marks of the source are marks already. ValueError
    where there are not as many numbers as blocks.
    """
    source = bounds.clean_source(source)
    if blocks is None:
        blocks = render_document(source, known_numbers=known_numbers).blocks
    text = Text(source.split("\n"))
    heads = text.heads(known_numbers)
    given = _given(heads, blocks, numbers, wanted)
    pen = Pen(text, known_numbers, protects=True)
    rows = {row: lines for head in heads for row, lines in pen.written(head, given[head.part]).items()}
    after = known_numbers.union(filter(None, numbers))
    return proved(source, rows, known_numbers, after)


def without_marks(source: str, known_numbers: frozenset[str]) -> str:
    """Return the source without the numbers that count in it."""
    source = bounds.clean_source(source)
    text = Text(source.split("\n"))
    pen = Pen(text, known_numbers, protects=False)
    heads = text.heads(known_numbers)
    rows = {row: lines for head in heads for row, lines in pen.written(head, []).items()}
    return proved(source, rows, known_numbers, frozenset())


def _given(
    heads: Sequence[Head], blocks: Sequence[Block], numbers: Sequence[str | None], wanted: Wanted
) -> dict[Part, list[str]]:
    """Return the numbers that each head is to bear: a table's header its table's and its own."""
    lines = [head.part.line for head in heads]
    ends = sorted({block.line for block in blocks})
    given: dict[Part, list[str]] = defaultdict(list)
    taken: set[tuple[Part, str]] = set()
    for block, number in zip(blocks, numbers, strict=True):
        following = bisect_left(ends, block.line + 1)
        end = ends[following] if following < len(ends) else block.line + 2
        for index in range(bisect_left(lines, block.line), bisect_left(lines, max(end, block.line + 1))):
            part = heads[index].part
            use = block.kind if block.kind in ("table", "row") else "text"
            if (part, use) not in taken and _begins(block, part):
                taken.add((part, use))
                if number and wanted(block) and _fits(number, heads[index], use):
                    given[part].append(number)
                break
    return given


def _begins(block: Block, part: Part) -> bool:
    """Say whether a part is of this block: its words are, whatever mark stands before them."""
    if part.tag == "raw":
        return block.kind not in ("table", "row")
    words = squeezed(part.source or "")
    bare = words
    while found := LITERAL.match(bare):
        bare = bare[found.end() :].lstrip()
        if bare in block.text:
            return True
    return words in block.text


def _fits(number: str, head: Head, use: str) -> bool:
    """Say whether a number would be read at this head as what it is: of a header's two, the row's has a dot."""
    is_clear = head.place != "header" or ("." in number) is (use == "row")
    return is_clear and bool(_NUMBER.fullmatch(number))
