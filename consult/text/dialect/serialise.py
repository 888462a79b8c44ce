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
        return f"<div>{part.html}</div>\n"
    if part.tag == "pre":
        return f"<pre><code>{escape(part.source or '')}\n</code></pre>\n"
    given = "".join(f' {name}="{escape(value)}"' for name, value in part.attrib.items())
    tag = "div" if part.tag == "note" else part.tag
    return f"<{tag}{given}>{inner(part)}</{tag}>" + ("" if tag in ("td", "th") else "\n")


def inner(part: Part) -> str:
    if part.html is not None:
        return part.html
    return "".join(serialise(child) for child in part.parts())
