"""From the source of a page to its HTML, with `[[links]]` that know which pages there are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from flask_babel import gettext as _
from markupsafe import Markup

from consult.errors import Invalid
from consult.text import bounds
from consult.text.blocks import RenderedDocument
from consult.text.bounds import TooMuch
from consult.text.markdown import render_page, stored_html
from consult.toolkit import names, queries
from consult.toolkit.tables import as_cards

LONGEST_SOURCE = 200_000
MISSING = re.compile(r'(<a href="[^"]*" class="missing">.*?)(</a>)', re.S)
SECTION = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.S)
CONTENTS_FROM = 3  # headings; a shorter page is seen at a glance


@dataclass(frozen=True)
class Rendered:
    """A source and what was made of it. `targets` are the names it links to, whether or not a page bears them.

    `blocks` is what the talk of a page knows of it (`talk.ahead`), None where it has not been made.
    """

    source: str
    html: str
    targets: frozenset[str]
    pages: Mapping[str, str]  # name → slug of the page that bears it, as known when this was made
    blocks: RenderedDocument | None = None


def rendered(source: str, pages: Mapping[str, str] | None = None) -> Rendered:
    """Render a page, outside any transaction. `pages` says which page bears a name; the database, if not given.

    Raises Invalid with what to shorten.
    """
    try:
        if len(source) > LONGEST_SOURCE:
            raise TooMuch("comment", limit=f"{LONGEST_SOURCE:,}", length=f"{len(source):,}")
        source = bounds.clean_source(source)
        pages = queries.pages_named(names.names_linked(source)) if pages is None else pages
        page = render_page(source, resolve=lambda target: resolve(target, pages))
    except TooMuch as error:
        raise Invalid(_too_much(error), field="source") from error
    targets = frozenset(filter(None, map(names.name_of, page.links)))
    if len(targets) > names.MOST_LINKS:
        message = _("A page can link to %(limit)s others. This one has more.", limit=names.MOST_LINKS)
        raise Invalid(message, field="source")
    return Rendered(source, as_cards(str(page.html)), targets, pages)


def _too_much(error: TooMuch) -> str:
    """Return what to shorten, in words for a page: what is told of a document may speak of documents."""
    if error.what in ("document", "blocks", "all marks"):
        return str(_("This page is too long. Shorten it, or make two pages of it."))
    return str(_(error.message, **error.params))


def resolve(target: str, pages: Mapping[str, str]) -> tuple[str, bool]:
    """Return the address that a link leads to, and whether a page is there."""
    name = names.name_of(target)
    return names.address(pages.get(name, name)), name in pages


def with_link_made_live(html: str, name: str, slug: str) -> str:
    """Return stored HTML with its links to `name`, where no page stood, leading to the page that now does."""
    before = f'<a href="{escape(names.address(name))}" class="missing">'
    return html.replace(before, f'<a href="{escape(names.address(slug))}">')


def with_links_led(html: str, before: str, slug: str) -> str:
    """Return stored HTML with its links to a page leading to the address that it has now."""
    led = f'<a href="{escape(names.address(slug))}">'
    return html.replace(f'<a href="{escape(names.address(before))}">', led)


def shown(html: str) -> Markup:
    """Return stored HTML for a reader, with a word on links to pages that nobody has written yet."""
    if 'class="missing"' not in html:
        return stored_html(html)
    words = Markup('<span class="vh"> {}</span>').format(_("(not written yet)"))
    return stored_html(MISSING.sub(lambda found: f"{found[1]}{words}{found[2]}", html))


def contents(html: str) -> list[tuple[str, Markup]]:
    """Return anchor and words of the sections of a page; nothing when they are too few to need a list."""
    found = [(anchor, stored_html(re.sub("<[^>]*>", "", words))) for anchor, words in SECTION.findall(html)]
    return found if len(found) >= CONTENTS_FROM else []
