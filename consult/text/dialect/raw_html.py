"""Raw HTML in a document: where it starts and ends, and the tags that are kept of it."""

import re
from collections.abc import Callable
from html import escape, unescape

_NAME = r"[A-Za-z][A-Za-z0-9-]*"
_ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]{1,4000}|'[^']{0,4000}'|"[^"]{0,4000}"))?"""
OPEN_TAG = rf"<{_NAME}(?:{_ATTRIBUTE})*\s*/?>"
CLOSE_TAG = rf"</{_NAME}\s*>"
TAG = re.compile(f"{OPEN_TAG}|{CLOSE_TAG}")
_TAG_OR_SIGN = re.compile(f"{OPEN_TAG}|{CLOSE_TAG}|<")
_BLOCK_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|"
    "dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|"
    "link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|"
    "tfoot|th|thead|title|tr|track|ul"
)
# The seven kinds of CommonMark: how a block of raw HTML starts, and what ends it (None: an empty line).
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...] = (
    (
        re.compile(r"<(?:script|pre|textarea|style)(?:\s|>|$)", re.I),
        re.compile(r"</(?:script|pre|textarea|style)>", re.I),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(rf"</?(?:{_BLOCK_NAMES})(?:\s|/?>|$)", re.I), None),
    (re.compile(rf"(?:{OPEN_TAG}|{CLOSE_TAG})\s*$"), None),
)
MARKDOWN_INSIDE = re.compile(
    r"""</?(?:div|section|article|aside|center|figure|main|header|footer)\b[^<>]*>""", re.I
)
_ASKS_FOR_MARKDOWN = re.compile(r"""\bmarkdown\s*=\s*["']?(?:1|block|span)\b""", re.I)
_ATTRIBUTES = re.compile(r"""([A-Za-z_:][\w.:-]*)(?:\s*=\s*([^\s"'=<>`]+|'[^']*'|"[^"]*"))?""")
_WITH_CONTENT = re.compile(
    r"<(script|style|template|noscript|iframe|object|svg|math|title|textarea|xmp)\b[^>]*>[\s\S]*?(?:</\1\s*>|\Z)",
    re.I,
)
_UNSHOWN = re.compile(r"<!--|<\?|<!\[CDATA\[|<!(?=[A-Za-z])")
_UNSHOWN_ENDS = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}

_PHRASING = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
    ]
)
_KEPT_BLOCKS = frozenset(
    [
        "blockquote",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
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
_KEPT_ATTRIBUTES = {
    "a": ("href", "title"),
    "abbr": ("title",),
    "ol": ("start",),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
}

Image = Callable[[str, str], str]


def start(text: str, *, interrupts_paragraph: bool) -> tuple[bool, re.Pattern[str] | None]:
    """Whether a block of raw HTML starts here, and the pattern that ends it (None: an empty line)."""
    for number, (opening, ending) in enumerate(_KINDS, 1):
        if opening.match(text) and not (number == 7 and interrupts_paragraph):
            return True, ending
    return False, None


def asks_for_markdown(tag: str) -> bool:
    return bool(_ASKS_FOR_MARKDOWN.search(tag))


def attributes(tag: str) -> dict[str, str]:
    body = re.sub(rf"^<{_NAME}", "", tag)
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTES.findall(body):
        found.setdefault(name.lower(), unescape(value.strip("\"'")))
    return found


def clean_block(source: str, image: Image) -> str:
    """A block of raw HTML with only known tags in it. The sanitisers still come after this."""
    shown = without_unshown(_WITH_CONTENT.sub(" ", source))
    return _TAG_OR_SIGN.sub(
        lambda match: clean_tag(match[0], image, blocks=True) if len(match[0]) > 1 else "&lt;", shown
    )


def unshown_ending(text: str, position: int) -> str | None:
    """What would end the comment, instruction or declaration that starts here, if one does."""
    opening = _UNSHOWN.match(text, position)
    return _UNSHOWN_ENDS[opening[0]] if opening else None


def end_of_unshown(text: str, position: int) -> int | None:
    ending = unshown_ending(text, position)
    if ending is None:
        return None
    found = text.find(ending, position + 2)
    return found + len(ending) if found >= 0 else None


def without_unshown(text: str) -> str:
    """The text without comments; one that is never closed is text."""
    kept, position = [], 0
    last = {ending: text.rfind(ending) for ending in _UNSHOWN_ENDS.values()}
    while opening := _UNSHOWN.search(text, position):
        is_closed = last[_UNSHOWN_ENDS[opening[0]]] > opening.start()
        end = end_of_unshown(text, opening.start()) if is_closed else None
        kept.append(text[position : opening.start() if end else opening.end()])
        position = end or opening.end()
    return "".join(kept) + text[position:]


def clean_tag(tag: str, image: Image, *, blocks: bool = False) -> str:
    """One tag, rewritten with the attributes we keep; others leave nothing, or a space between words."""
    name_match = re.match(rf"</?({_NAME})", tag)
    if not name_match:
        return ""
    name = name_match[1].lower()
    if name not in _PHRASING and not (blocks and name in _KEPT_BLOCKS):
        return " " if re.fullmatch(_BLOCK_NAMES, name) else ""
    if tag.startswith("</"):
        return f"</{name}>"
    given = attributes(tag)
    if name == "img":
        return image(given.get("src", ""), given.get("alt", ""))
    kept = "".join(
        f' {key}="{escape(given[key])}"'
        for key in _KEPT_ATTRIBUTES.get(name, ())
        if given.get(key, "").strip()
    )
    return anchor(given) + f"<{name}{kept}>"


def anchor(given: dict[str, str]) -> str:
    """An empty anchor for whatever id or name a tag carried, so that links within the text arrive."""
    wanted = given.get("id") or given.get("name") or ""
    return f'<a id="{escape(wanted)}"></a>' if re.fullmatch(r"\S+", wanted) else ""
