"""The parsed document: elements that remember the Markdown they came from."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CONTAINERS = frozenset({"blockquote", "li", "note", "dd"})


class Part(Element):
    """An element of the tree. `source` is its Markdown, `html` what the inline rules made of it."""

    def __init__(self, tag: str, line: int, source: str | None = None, **attributes: str) -> None:
        super().__init__(tag, attributes)
        self.line = line
        self.source = source
        self.html: str | None = None
        self.info = ""
        self.mark: str | None = None
        self.anchor = ""
        self.padding = 0
        self.is_loose = False

    def parts(self) -> list["Part"]:
        return [child for child in self if isinstance(child, Part)]


@dataclass(frozen=True)
class Rules:
    """Which parts of the dialect a text may use. Public comments are not `rich`."""

    rich: bool = True

    @property
    def hard_breaks(self) -> bool:
        """Where people type into a box, a new line is a new line."""
        return not self.rich


@dataclass
class Definitions:
    """What one part of a text defines for the others: link targets, footnotes, anchors."""

    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: dict[str, Part] = field(default_factory=dict)
    cited: dict[str, int] = field(default_factory=dict)


def label(text: str) -> str:
    """Link and footnote labels match whatever their case and spacing."""
    return " ".join(text.split()).casefold().upper()
