"""Links between the sections of one text: slugs of headings, and anchors the author set.

On the page every such anchor begins with `s-`, so that no document can take an id of the site.
"""

import re
from collections.abc import Iterable
from html import escape, unescape
from urllib.parse import unquote

PREFIX = "s-"
_ID = re.compile(r' id="([^"]*)"')
_LINK = re.compile(r' href="#([^"]*)"')
_PARAGRAPH_LINK = re.compile(r"p-[0-9A-Za-z.]{1,40}")
_LOST_ARROW = ' <a class="note-back">↩</a>'
_NO_LINK = re.compile(r"<a>(.*?)</a>", re.S)


def slug(words: str) -> str:
    """As on GitHub: small letters, hyphens for spaces, no punctuation."""
    kept = re.sub(r"[^\w\- ]", "", words.strip().lower())
    return kept.replace(" ", "-")[:200]


class Anchors:
    """Every anchor of one text. First gather all, then `settled` rewrites ids and links of each piece."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.slugs: dict[str, int] = {}
        self.placed: set[str] = set()

    def gather(self, pieces: Iterable[str]) -> None:
        for html in pieces:
            for name in _ID.findall(html):
                self._add(unescape(name))

    def heading(self, words: str, wanted: str = "") -> str:
        """The anchor of a heading: the one asked for, or its slug, numbered where it was used before."""
        base = wanted or slug(words)
        if not base:
            return ""
        used = self.slugs.get(base, 0)
        name = f"{base}-{used}" if used else base
        while used and name in self.slugs:
            used += 1
            name = f"{base}-{used}"
        self.slugs[base] = used + 1
        self.slugs.setdefault(name, 1)
        self._add(name)
        return name

    def _add(self, name: str) -> None:
        self.names.setdefault(name, name)
        self.names.setdefault(name.casefold(), name)

    def settled(self, html: str) -> str:
        """Ids with the prefix, each once; links to them; a link that leads nowhere becomes plain words."""
        if ' id="' in html:
            html = _ID.sub(self._place, html)
        if ' href="#' in html:
            html = _LINK.sub(self._lead, html)
        return _NO_LINK.sub(r"\1", html.replace(_LOST_ARROW, ""))

    def _place(self, found: re.Match[str]) -> str:
        name = unescape(found[1])
        if name in self.placed or re.search(r"[\s\"'<>&]", name):
            return ""
        self.placed.add(name)
        return f' id="{PREFIX}{escape(name)}"'

    def _lead(self, found: re.Match[str]) -> str:
        name = unquote(unescape(found[1]))
        if _PARAGRAPH_LINK.fullmatch(name):
            return found[0]
        known = self.names.get(name) or self.names.get(name.casefold())
        return f' href="#{PREFIX}{escape(known)}"' if known else ""
