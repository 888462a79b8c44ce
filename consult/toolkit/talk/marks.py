"""Where the paragraphs of a page are in its HTML, so that a link to the talk can stand at each. Pure.

A page is rendered as one text, its talk knows it block by block. Both come from one source in one order, so they are
held side by side when a revision is saved: a mark is the number of an opening tag and the key of its paragraph. Links
that come alive later change neither. What has no match has no link on the page; the talk page lists it all the same.
"""

import re
from collections.abc import Iterable, Mapping
from html import unescape

from markupsafe import Markup

BLOCK = re.compile(r"<(/?)(p|li|ul|ol|dl|dt|dd|h[1-6]|blockquote|pre|table|thead|tbody|tr|th|td|div)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")
BEARING = frozenset({"p", "li"})
AHEAD = 40  # elements that are looked at for one paragraph
MARKED = frozenset({"p", "li", "quote"})  # kinds; a heading is talked of from the talk page

Marks = dict[int, str]


def marks_of(html: str, paragraphs: Iterable[tuple[str, str, str]]) -> Marks:
    """Return by number of the opening tag the key of the paragraph that begins there.

    `paragraphs` are kind, key and plain words, in the order of the text.
    """
    elements = [(place, words) for place, words in enumerate(_beginnings(html)) if words]
    found: Marks = {}
    begin = 0
    for kind, key, plain in paragraphs:
        words = _squeezed(plain)
        for at in range(begin, min(len(elements), begin + AHEAD)):
            place, first = elements[at]
            if first == words or (kind != "p" and words.startswith(f"{first} ")):
                if kind in MARKED:
                    found[place] = key
                begin = at + 1
                break
    return found


def _beginnings(html: str) -> Iterable[str]:
    """Yield for each opening tag that a paragraph may begin with its words up to the next block; "" for any other."""
    tags = list(BLOCK.finditer(html))
    for tag, after in zip(tags, [*tags[1:], None], strict=True):
        if not tag[1]:
            end = after.start() if after else len(html)
            is_bearing = tag[2] in BEARING or tag[2].startswith("h")
            yield _squeezed(unescape(TAG.sub("", html[tag.end() : end]))) if is_bearing else ""


def _squeezed(words: str) -> str:
    return " ".join(words.split())


def as_text(marks: Marks) -> str:
    """Return marks as they are kept."""
    return " ".join(f"{place}:{key}" for place, key in sorted(marks.items()))


def from_text(kept: str) -> Marks:
    """Return marks as they were kept."""
    return {int(place): key for place, _colon, key in (each.partition(":") for each in kept.split())}


def placed(html: Markup, links: Mapping[int, Markup]) -> Markup:
    """Return the HTML of a page with a link behind each of these opening tags."""
    if not links:
        return html
    pieces: list[str] = []
    end, place = 0, 0
    for tag in BLOCK.finditer(html):
        if tag[1]:
            continue
        if place in links:
            pieces += [html[end : tag.end()], links[place]]
            end = tag.end()
        place += 1
    return Markup("".join([*pieces, html[end:]]))  # noqa: S704 - stored HTML, and links that a template made
