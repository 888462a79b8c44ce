"""Markdown as a tree: this thread's own Markdown object, cleared, and bounded against deep nesting."""

import threading
from dataclasses import dataclass

from consult.text import bounds
from consult.text.bounds import TooMuch
from consult.text.dialect.extension import DialectMarkdown
from consult.text.dialect.parts import Part, Rules
from consult.text.dialect.surroundings import WikiLinks

_per_thread = threading.local()


@dataclass(frozen=True)
class Around:
    """What the caller knows of a text: the hosts of images, its register of numbers, its wiki."""

    image_hosts: frozenset[str] = frozenset()
    known_numbers: frozenset[str] = frozenset()
    wiki: WikiLinks | None = None


@dataclass(frozen=True)
class Reading:
    """`html` is not yet safe."""

    root: Part
    html: str
    title: str


def read(source: str, rules: Rules, around: Around | None = None) -> Reading:
    markdown = _own(rules)
    dialect = markdown.dialect
    if around is not None:
        dialect.around.image_hosts = around.image_hosts
        dialect.around.known_numbers = around.known_numbers
        dialect.around.wiki = around.wiki
    try:
        html = markdown.convert(source)
    except RecursionError:
        raise TooMuch("nesting", line=1, limit=bounds.NESTING) from None
    return Reading(dialect.root or Part("div", 1), html, dialect.title)


def _own(rules: Rules) -> DialectMarkdown:
    made: dict[Rules, DialectMarkdown] = _per_thread.__dict__.setdefault("made", {})
    if rules not in made:
        made[rules] = DialectMarkdown(rules)
    made[rules].reset()
    return made[rules]
