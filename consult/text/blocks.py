"""What can be commented on: the blocks of a document, in reading order.

Kinds: `h1` to `h6`, `p`, `li`, `quote`, `code`, `table` followed by its `row`s, and `footnote`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from consult.text import bounds
from consult.text.anchors import Anchors
from consult.text.block import Block
from consult.text.dialect.parts import Rules
from consult.text.dialect.surroundings import WikiLinks
from consult.text.reading import Around, read
from consult.text.settle import settled
from consult.text.splitter import Splitter

__all__ = ["Block", "RenderedDocument", "listed", "render", "split"]

_NOT_LISTED = {"table"}
_LISTED_AS = {"footnote": "p"}


@dataclass(frozen=True)
class RenderedDocument:
    """`title` is the front matter's, or the first first-level heading, or ""."""

    blocks: tuple[Block, ...]
    title: str


def split(
    source: str,
    *,
    known_numbers: frozenset[str] = frozenset(),
    allowed_image_hosts: frozenset[str] = frozenset(),
) -> list[Block]:
    """The blocks of a document; `[7A]` counts as a number only if it is known."""
    return list(render(source, known_numbers=known_numbers, allowed_image_hosts=allowed_image_hosts).blocks)


def render(
    source: str,
    *,
    known_numbers: frozenset[str],
    allowed_image_hosts: frozenset[str],
    wiki: WikiLinks | None = None,
) -> RenderedDocument:
    source = bounds.clean_source(source)
    bounds.check_document(source)
    reading = read(source, Rules(), Around(allowed_image_hosts, known_numbers, wiki))
    anchors = Anchors()
    blocks = settled(Splitter(anchors).document(reading.root), anchors)
    bounds.check_output(len(source), sum(len(block.html) for block in blocks))
    return RenderedDocument(blocks, reading.title or _first_heading(blocks))


def _first_heading(blocks: tuple[Block, ...]) -> str:
    return next((block.plain for block in blocks if block.kind == "h1"), "")


def listed(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """Kind and text as the commands print them: a table by its rows, a footnote as a paragraph."""
    return [
        (_LISTED_AS.get(block.kind, block.kind), block.text)
        for block in blocks
        if block.kind not in _NOT_LISTED
    ]
