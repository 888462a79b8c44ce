"""How pages are called in addresses and in `[[links]]`. Pure.

`[[Handle campaigns fairly]]` and `[[handling-campaigns|campaigns]]` both come down to a name: plain letters, digits
and hyphens. A name that is a page of the site's own is never given away.
"""

import re

from consult.consultations.slugs import LONGEST, PATTERN, slug_from
from consult.toolkit.entries.kinds import FOLDERS

HOME = "/toolkit"
MOST_LINKS = 500  # different pages that one page may link to
RESERVED = frozenset(
    {"new", "edit", "history", "compare", "restore", "talk", "search", "recent", "feed", *FOLDERS.values()}
)
TARGET = re.compile(r"\[\[([^\[\]|\n]{1,200})")


def name_of(words: str) -> str:
    """Return the name that a title or the target of a link stands for; "" for one that no page can bear."""
    name = slug_from(words)
    return "" if name in RESERVED else name


def is_name(text: str) -> bool:
    """Say whether `text` may be the address of a page."""
    return len(text) <= LONGEST and PATTERN.fullmatch(text) is not None and text not in RESERVED


def address(name: str) -> str:
    """Return the address of a page. Stored HTML holds it, so it must never hang on a request."""
    return f"{HOME}/{name}" if name else HOME


def names_linked(source: str) -> frozenset[str]:
    """Return the names that a source may link to; some may turn out to stand in code or the like."""
    return frozenset(filter(None, map(name_of, set(TARGET.findall(source)))))
