"""What the talk of a page makes of its text, block by block, before anybody is kept waiting for it."""

from collections.abc import Mapping
from dataclasses import replace

from consult.text.blocks import RenderedDocument
from consult.text.bounds import TooMuch
from consult.text.markdown import render_document
from consult.toolkit import names, rendering
from consult.toolkit import queries as pages
from consult.toolkit.models import Page
from consult.toolkit.rendering import Rendered
from consult.toolkit.talk import queries

NOTHING = RenderedDocument((), "")


def with_blocks(text: Rendered, page: Page | None) -> Rendered:
    """Return a text with its blocks, to be called outside any transaction; as it is where nobody talks of its page."""
    if page is None or queries.talk_of(page.id) is None:
        return text
    return replace(text, blocks=blocks_of(text.source, text.pages))


def of_page(page: Page) -> Rendered:
    """Return a page as it is stored, with its blocks: to open its talk."""
    revision = pages.revision(page.id, page.revision_count)
    known = pages.pages_named(names.names_linked(revision.source))
    return Rendered(revision.source, revision.html, frozenset(), known, blocks_of(revision.source, known))


def blocks_of(source: str, known: Mapping[str, str] | None = None) -> RenderedDocument:
    """Return the blocks of a page; none for one that stands on its page and has too much for its talk to follow.

    What was said stays with the words before, and the next revision may be followed again.
    """
    known = pages.pages_named(names.names_linked(source)) if known is None else known
    try:
        return render_document(source, resolve=lambda target: rendering.resolve(target, known))
    except TooMuch:
        return NOTHING
