"""The words of a piece of safe HTML, without its tags."""

import re
from html import unescape

_DIVIDES = re.compile(
    r"<(?:br|hr|/?(?:p|div|li|ul|ol|dl|dt|dd|h[1-6]|td|th|tr|table|pre|blockquote))\b[^>]*>"
)
_TAG = re.compile(r"<[a-zA-Z/][^>]*>")


def plain_text(html: str) -> str:
    """White space squeezed; words of neighbouring blocks and cells do not run together."""
    return " ".join(unescape(_TAG.sub("", _DIVIDES.sub(" ", html))).split())


def squeezed(source: str) -> str:
    return " ".join(source.split())
