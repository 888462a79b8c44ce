"""The tree as HTML, before it is sanitised."""

from html import escape
from xml.etree.ElementTree import Element

from consult.text.dialect.parts import Part

_NO_HTML = frozenset({"mark"})


def serialise(part: Element) -> str:
    assert isinstance(part, Part)
    if part.tag in _NO_HTML:
        return ""
    if part.tag == "hr":
        return "<hr>\n"
    if part.tag == "raw":
        return f"<div>{part.html}</div>\n" if part.html else ""
    if part.tag == "pre":
        return f"<pre><code>{escape(part.source or '')}\n</code></pre>\n"
    given = "".join(f' {name}="{escape(value)}"' for name, value in part.attrib.items())
    tag = "div" if part.tag == "note" else part.tag
    return f"<{tag}{given}>{inner(part)}</{tag}>" + ("" if tag in ("td", "th") else "\n")


def inner(part: Part) -> str:
    if part.html is not None:
        return part.html
    if part.tag in ("ul", "ol") and not part.is_loose:
        return "".join(f"<li>{_tight(item)}</li>\n" for item in part.parts())
    return "".join(serialise(child) for child in part.parts())


def _tight(item: Part) -> str:
    """Of a list without empty lines, an item's text stands in it without a paragraph of its own."""
    return "".join(f"{part.html}\n" if part.tag == "p" else serialise(part) for part in item.parts()).rstrip()
