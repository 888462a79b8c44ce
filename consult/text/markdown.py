"""The one bridge from Markdown to HTML that may be shown.

Order: bound, Markdown, bleach, nh3, every address looked at again. All functions are safe to
call from several threads: each thread has its own Markdown objects.
"""

from dataclasses import dataclass

from markupsafe import Markup

from consult.text import blocks, bounds
from consult.text.anchors import Anchors
from consult.text.blocks import RenderedDocument
from consult.text.dialect.parts import HEADINGS, Part, Rules
from consult.text.dialect.serialise import serialise
from consult.text.dialect.surroundings import Resolve, WikiLinks
from consult.text.plain import plain_text
from consult.text.reading import Around, read
from consult.text.sanitise import COMMENT, DOCUMENT, sanitise

_ANSWER_BRACKETS = 400


@dataclass(frozen=True)
class Heading:
    level: int
    words: str
    anchor: str


@dataclass(frozen=True)
class RenderedPage:
    """A toolkit page: its HTML, its contents, and the targets of its `[[links]]`, each once."""

    html: Markup
    headings: tuple[Heading, ...]
    links: tuple[str, ...]


def stored_html(html: str) -> Markup:
    """HTML that came out of this module once and was stored. Nothing else may be passed here."""
    return Markup(html)  # noqa: S704


def render_comment(source: str) -> Markup:
    """A comment from the public: paragraphs, emphasis, lists, quotes, links, code; new lines are kept."""
    return _render_short(source, bounds.COMMENT_LENGTH, bounds.COMMENT_BRACKETS)


def render_answer(source: str) -> Markup:
    """An official's answer: as a comment, and may be longer."""
    return _render_short(source, bounds.ANSWER_LENGTH, _ANSWER_BRACKETS)


def render_letter(source: str) -> Markup:
    """A long response that is sent as one piece: in the dialect of a comment."""
    return _render_short(source, bounds.LETTER_LENGTH, bounds.LETTER_BRACKETS)


def _render_short(source: str, length: int, brackets: int) -> Markup:
    source = bounds.clean_source(source)
    bounds.check_short(source, length=length, brackets=brackets)
    return stored_html(sanitise(read(source, Rules(rich=False)).html, COMMENT).strip())


def render_document(
    source: str,
    *,
    allowed_image_hosts: frozenset[str] = frozenset(),
    known_numbers: frozenset[str] = frozenset(),
    resolve: Resolve | None = None,
) -> RenderedDocument:
    """A draft, block by block; `consult.text.blocks` says what a block is. With `resolve` it has `[[links]]`."""
    wiki = None if resolve is None else WikiLinks(resolve)
    return blocks.render(
        source, known_numbers=known_numbers, allowed_image_hosts=allowed_image_hosts, wiki=wiki
    )


def render_page(
    source: str, *, resolve: Resolve, allowed_image_hosts: frozenset[str] = frozenset()
) -> RenderedPage:
    """A toolkit page in the full dialect. Its highest heading becomes h2: the page's title is the h1."""
    source = bounds.clean_source(source)
    bounds.check_document(source)
    wiki = WikiLinks(resolve)
    root = read(source, Rules(), Around(allowed_image_hosts, wiki=wiki)).root
    anchors = Anchors()
    headings = _with_anchors(root, anchors)
    pieces = [(part.line, serialise(part)) for part in root.parts()]
    anchors.gather(html for _, html in pieces)
    safe = "".join(_safe_piece(anchors.settled(html), line) for line, html in pieces)
    bounds.check_output(len(source), len(safe))
    return RenderedPage(stored_html(safe), headings, tuple(dict.fromkeys(wiki.seen)))


def _safe_piece(html: str, line: int) -> str:
    """One block at a time, so that a tag left open in one cannot swallow the next."""
    bounds.check_nesting(html, line)
    return sanitise(html, DOCUMENT)


def _with_anchors(root: Part, anchors: Anchors) -> tuple[Heading, ...]:
    found = [part for part in root.iter() if isinstance(part, Part) and part.tag in HEADINGS]
    shift = 2 - min((int(part.tag[1]) for part in found), default=2)
    headings = []
    for part in found:
        words = plain_text(part.html or "")
        name = anchors.heading(words, part.anchor)
        part.tag = f"h{min(6, int(part.tag[1]) + shift)}"
        if name:
            part.set("id", name)
        headings.append(Heading(int(part.tag[1]), words, name))
    return tuple(headings)
