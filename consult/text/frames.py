"""The quotes and lists around a block, written so that the block can stand on its own."""

from dataclasses import dataclass


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


class Frames:
    """The frames around the place where the walk is, outermost first."""

    def __init__(self) -> None:
        self.open: list[Frame] = []

    @property
    def depth(self) -> int:
        return sum(frame.tag != "blockquote" for frame in self.open)

    @property
    def is_quoted(self) -> bool:
        return any(frame.tag == "blockquote" for frame in self.open)

    @property
    def begins_item(self) -> bool:
        return bool(self.open) and self.open[-1].bears_text

    @property
    def marker(self) -> str:
        """Of the innermost list item, for its first block alone."""
        item = next((frame for frame in reversed(self.open) if frame.tag in ("ul", "ol")), None)
        return item.marker if item and not item.is_used else ""

    def put_around(self, html: str) -> str:
        for frame in reversed(self.open):
            html = frame.around(html)
            frame.is_used = True
        return html
