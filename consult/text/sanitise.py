"""The allow-lists, and the two sanitisers that hold to them one after the other.

bleach gets no more releases, nh3 is kept: each alone must withstand every attack we know.
"""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

import bleach
import nh3

from consult.text import urls

_OWN_ID = re.compile(r"s-[^\s\"'<>&]{1,200}")
_CLASSES = {
    "a": {"image-link", "missing", "note-back"},
    "span": {"image-link"},
    "sup": {"note-mark"},
    "td": {"align-left", "align-center", "align-right"},
    "th": {"align-left", "align-center", "align-right"},
}


def names(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True)
class AllowList:
    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rel: str | None = None

    def permits(self, tag: str, name: str, value: str) -> bool:
        if (tag, name) == ("a", "rel"):
            return value == self.rel
        if name not in self.attributes.get(tag, frozenset()):
            return False
        if name == "id":
            return bool(_OWN_ID.fullmatch(value))
        if name == "class":
            return value in _CLASSES.get(tag, set())
        if name in ("colspan", "rowspan", "start"):
            return bool(re.fullmatch(r"\d{1,9}" if name == "start" else r"[1-9]\d?", value))
        if name == "scope":
            return value in ("col", "row")
        return name not in ("href", "src") or urls.is_safe(value)


COMMENT = AllowList(
    names("p em strong ul ol li blockquote a code pre br"),
    {"a": frozenset({"href"})},
    rel="nofollow ugc noopener",
)
_ANYWHERE = names("h1 h2 h3 h4 h5 h6 p div span li dt dd td th tr table")
DOCUMENT = AllowList(
    names(
        "a abbr b bdi blockquote br caption cite code dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li "
        "mark ol p pre q s samp small span strong sub sup table tbody td tfoot th thead time tr u ul var wbr"
    ),
    {
        **{tag: frozenset({"id"}) for tag in _ANYWHERE},
        "a": frozenset({"href", "id", "class", "title"}),
        "abbr": frozenset({"title"}),
        "img": frozenset({"src", "alt"}),
        "ol": frozenset({"start"}),
        "span": frozenset({"id", "class"}),
        "sup": frozenset({"class"}),
        "td": frozenset({"id", "class", "colspan", "rowspan"}),
        "th": frozenset({"id", "class", "colspan", "rowspan", "scope"}),
    },
)
_DROPPED_WITH_CONTENT = {"script", "style"}
_per_thread = threading.local()


def sanitise(html: str, allowed: AllowList) -> str:
    """Only what the list allows, by bleach, then by nh3, then every address looked at once more."""
    return check_addresses(by_nh3(by_bleach(html, allowed), allowed), allowed)


def by_bleach(html: str, allowed: AllowList) -> str:
    cleaners: dict[int, Callable[[str], str]] = _per_thread.__dict__.setdefault("cleaners", {})
    if id(allowed) not in cleaners:
        cleaners[id(allowed)] = bleach.Cleaner(
            tags=allowed.tags,
            attributes=allowed.permits,
            protocols=urls.SCHEMES,
            strip=True,
            strip_comments=True,
        ).clean
    return cleaners[id(allowed)](html)


def by_nh3(html: str, allowed: AllowList) -> str:
    return nh3.clean(
        html,
        tags=set(allowed.tags),
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={tag: set(names) for tag, names in allowed.attributes.items()},
        attribute_filter=lambda tag, name, value: value if allowed.permits(tag, name, value) else None,
        strip_comments=True,
        link_rel=allowed.rel,
        url_schemes=set(urls.SCHEMES),
    )


def check_addresses(html: str, allowed: AllowList) -> str:
    """Parse what came out; where an address still has a scheme we do not know, write it all again without."""
    looking = _Addresses(allowed)
    looking.feed(html)
    looking.close()
    return "".join(looking.written) if looking.found_unsafe else html


class _Addresses(HTMLParser):
    """Reads cleaned HTML and writes the same without unsafe addresses or attributes that are not allowed."""

    def __init__(self, allowed: AllowList) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed = allowed
        self.written: list[str] = []
        self.found_unsafe = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = []
        for name, value in attrs:
            if tag in self.allowed.tags and self.allowed.permits(tag, name, value or ""):
                kept.append(f' {name}="{escape(value or "")}"')
            else:
                self.found_unsafe = True
        if tag in self.allowed.tags:
            self.written.append(f"<{tag}{''.join(kept)}>")
        else:
            self.found_unsafe = True

    def handle_endtag(self, tag: str) -> None:
        if tag in self.allowed.tags:
            self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.written.append(escape(data, quote=False))
