"""How the tests read HTML: as the texts of its blocks, and as the tags and addresses in it."""

import re
from html import unescape
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
NOT_OF_THE_AUTHOR = {"image-link", "note-back", "footnote-backref"}


class BlockTexts(HTMLParser):
    """The text of each block, white space squeezed, without stand-ins for images and arrows of footnotes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.current = ""
        self.skipped: list[str] = []

    def end_block(self) -> None:
        text = " ".join(self.current.split())
        self.current = ""
        if text:
            self.found.append(text)

    def handle_starttag(self, tag, attrs):
        if dict(attrs).get("class") in NOT_OF_THE_AUTHOR or tag in ("script", "style"):
            self.skipped.append(tag)
        self._divide(tag)

    def handle_endtag(self, tag):
        if self.skipped and self.skipped[-1] == tag:
            self.skipped.pop()
        self._divide(tag)

    def handle_startendtag(self, tag, attrs):
        self._divide(tag)

    def _divide(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_block()
        elif tag == "br":
            self.current += " "

    def handle_data(self, data):
        if not self.skipped:
            self.current += data


def block_texts(html: str) -> list[str]:
    reader = BlockTexts()
    reader.feed(str(html))
    reader.close()
    reader.end_block()
    return reader.found


INDEPENDENT = (
    MarkdownIt("commonmark")
    .enable(["table", "strikethrough"])
    .use(deflist_plugin)
    .use(footnote_plugin, inline=False)
    .use(front_matter_plugin)
)
_COMMENT = re.compile(r"\{::comment\}.*?\{:/(?:comment)?\}", re.S)
_MARKDOWN_INSIDE = re.compile(r'(?m)^((?:</div>)?<div[^>\n]*markdown="1"[^>\n]*>)\n(?=[^<\n])')


def independent_texts(source: str) -> list[str]:
    """The same of markdown-it-py, told what kramdown's comments and `markdown="1"` mean."""
    source = _MARKDOWN_INSIDE.sub(r"\1\n\n", _COMMENT.sub("", source))
    return block_texts(INDEPENDENT.render(source))


class Markup(HTMLParser):
    """Every tag with its attributes, as a browser would come to see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def addresses(self) -> list[str]:
        return [
            value or "" for _, attrs in self.tags for name, value in attrs.items() if name in ("href", "src")
        ]


def leads_somewhere_known(address: str) -> bool:
    """Written here a second time, and otherwise than in the code under test."""
    seen = re.sub(r"[^!-~]", "", unescape(address)).lower()
    head = re.split(r"[/?#]", seen, maxsplit=1)[0]
    return ":" not in head or head.split(":")[0] in ("http", "https", "mailto", "tel")
