"""How pages are called in addresses and in `[[links]]`. Pure.

`[[Handle campaigns fairly]]` and `[[handling-campaigns|campaigns]]` both come down to a name: plain letters, digits
and hyphens; a title in another script keeps its own letters. A name that is a page of the site's own is never given
away.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from consult.consultations.slugs import LONGEST, PATTERN, slug_from
from consult.toolkit.entries.kinds import FOLDERS

HOME = "/toolkit"
MOST_LINKS = 500  # different pages that one page may link to
RESERVED = frozenset(
    {"new", "edit", "history", "compare", "restore", "talk", "search", "recent", "feed", *FOLDERS.values()}
    | {"rename", "links", "print", "wanted", "steps", "suggest", "suggestions"}
)
TARGET = re.compile(r"\[\[([^\[\]|\n]{1,200})")


@dataclass(frozen=True)
class Called:
    """The address and the title of a page."""

    slug: str
    title: str


def name_of(words: str) -> str:
    """Return the name that a title or the target of a link stands for; "" for one that no page can bear."""
    name = slug_from(words) if _is_latin(words) else _in_its_own_letters(words)
    return "" if name in RESERVED else name


def _is_latin(words: str) -> bool:
    """Say whether every letter of `words` has a plain one that an address can hold."""
    return all(letter.isascii() or not letter.isalnum() for letter in unicodedata.normalize("NFKD", words))


def _in_its_own_letters(words: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).casefold())
    parts = "".join(one if unicodedata.category(one)[0] in "LMN" else " " for one in plain).split()
    return "-".join(parts)[:LONGEST].strip("-")


def is_name(text: str) -> bool:
    """Say whether `text` may be the address of a page."""
    return len(text) <= LONGEST and PATTERN.fullmatch(text) is not None and text not in RESERVED


def address(name: str) -> str:
    """Return the address of a page. Stored HTML holds it, so it must never hang on a request."""
    return f"{HOME}/{quote(name, safe='')}" if name else HOME


def names_linked(source: str) -> frozenset[str]:
    """Return the names that a source may link to; some may turn out to stand in code or the like."""
    return frozenset(filter(None, map(name_of, set(TARGET.findall(source)))))
