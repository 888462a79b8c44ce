"""The headings of a page as a tree, and a page as part of a longer one. Pure.

It takes HTML that `text.markdown` made: attributes are quoted, and what looks like a tag in the text is escaped.
"""

import re
from dataclasses import dataclass, field

from markupsafe import Markup

from consult.text.markdown import stored_html

HEADING = re.compile(r'<h([2-6]) id="([^"]+)"[^>]*>(.*?)</h\1>', re.S)
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[\w-]+(?:="[^"]*")?)*\s*/?)>')
OWN = re.compile(r'( (?:id="|href="#))')
LOWEST = 6


@dataclass
class Heading:
    """A heading, where it stands on its page, and the headings below it."""

    level: int
    anchor: str
    words: Markup
    below: list["Heading"] = field(default_factory=list)


def headings(html: str) -> list[Heading]:
    """Return the headings of a page, those of a lower level below the one they stand under."""
    top: list[Heading] = []
    path: list[Heading] = []
    for level, anchor, words in HEADING.findall(html):
        heading = Heading(int(level), anchor, stored_html(re.sub("<[^>]*>", "", words)))
        while path and path[-1].level >= heading.level:
            path.pop()
        (path[-1].below if path else top).append(heading)
        path.append(heading)
    return top


def as_part(html: str, name: str) -> str:
    """Return a page to stand on one with others: its anchors bear its name, its headings are one level lower."""
    return TAG.sub(lambda tag: _lowered(tag, name), html)


def _lowered(tag: re.Match[str], name: str) -> str:
    end, element, attributes = tag.groups()
    if element[0] == "h" and element[1:].isdigit():
        element = f"h{min(LOWEST, int(element[1:]) + 1)}"
    return f"<{end}{element}{OWN.sub(lambda own: f'{own[1]}{name}--', attributes)}>"
