"""Which addresses a text may link to."""

import re
from html import unescape
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
_SCHEME = re.compile(r"[^/?#]*?:")


def is_safe(url: str) -> bool:
    """True for http, https, mailto, tel, relative addresses and #fragments, however they are written."""
    seen = _IGNORED_BY_BROWSERS.sub("", unescape(unescape(url))).lower()
    scheme = _SCHEME.match(seen)
    return scheme is None or scheme[0][:-1] in SCHEMES


def host(url: str) -> str:
    """The host an absolute web address names, or "" (also for what cannot be read)."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
