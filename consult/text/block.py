"""One unit of a document that can be commented on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """One unit of a document. `text` is its Markdown without the marker, white space squeezed."""

    kind: str
    text: str
    html: str
    """Safe and complete (`<p>…</p>`, `<ol start="3"><li>…</li></ol>`); of a row, its cells only."""
    plain: str
    line: int
    level: int = 0
    """Of a heading, 1 to 6 as in the source."""
    depth: int = 0
    """How many lists it stands in."""
    marker: str = ""
    """Of a list item: "•", "3." or "3)"."""
    anchor: str = ""
    """Of a heading; on the page the id is `s-` and this."""
    mark: str | None = None
    """The permanent number that the source gives it."""
    is_commentable: bool = True
    table: int | None = None
    """Of a row, the position of its table among the blocks."""
    is_header: bool = False
    """Of a row: it names the columns."""
    note: str = ""
    """Of a footnote, its label in the source."""
