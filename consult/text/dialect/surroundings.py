"""What one block needs to know of the text around it, and of the site."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from consult.text import urls
from consult.text.dialect.parts import Definitions, Rules

Resolve = Callable[[str], tuple[str, bool]]


class WikiLinks:
    """How `[[a page]]` becomes a link. `resolve` says its address and whether it exists; `seen` gathers targets."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.seen: list[str] = []

    def html(self, target: str, shown: str) -> str:
        self.seen.append(target)
        href, exists = self.resolve(target)
        missing = "" if exists else ' class="missing"'
        return f'<a href="{escape(href)}"{missing}>{escape(shown)}</a>'


@dataclass
class Surroundings:
    """What one block needs to know of the text around it."""

    rules: Rules
    definitions: Definitions = field(default_factory=Definitions)
    image_hosts: frozenset[str] = frozenset()
    known_numbers: frozenset[str] = frozenset()
    wiki: WikiLinks | None = None

    def image(self, source: str, alt: str) -> str:
        """An image of a host that the unit allows; of any other a link with its words."""
        where = urls.host(source)
        words = escape(alt.strip() or source.rpartition("/")[2] or source)
        if not urls.is_safe(source) or not where:
            return f'<span class="image-link">{words}</span>'
        if where in self.image_hosts and source.startswith("https:"):
            return f'<img src="{escape(source)}" alt="{escape(alt)}">'
        return f'<a class="image-link" href="{escape(source)}">{words} ({escape(where)})</a>'
