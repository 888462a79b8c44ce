"""The last part of an address, made from a title. Pure.

Words that stand for a page of ours in the same place are never given away: a document called "edit" could not
be reached.
"""

import re
import unicodedata

LONGEST = 80
TOOLKIT = "toolkit"  # what carries the talk of the toolkit: no consultation of anybody's
PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED = frozenset(
    {
        "analyse",
        "edit",
        "equality",
        "extend",
        "finish",
        "new",
        "open",
        "outcome",
        "plan",
        "search",
        "withdraw",
    }
    | {"all", "compare", "ledger", "print", "read", "removed", TOOLKIT}
)
DROPPED = re.compile(r"['’‘`´]")  # children’s → childrens
BETWEEN = re.compile(r"[^a-z0-9]+")


def slug_from(title: str) -> str:
    """Return what a title becomes in an address: plain letters, digits and hyphens; "" if none are left."""
    plain = unicodedata.normalize("NFKD", DROPPED.sub("", title)).encode("ascii", "ignore").decode()
    words = BETWEEN.sub("-", plain.lower()).strip("-")
    if len(words) <= LONGEST:
        return words
    cut = words[: LONGEST + 1].rpartition("-")[0]
    return cut or words[:LONGEST]


def is_slug(text: str) -> bool:
    """Say whether `text` may stand in an address: its form is right and it stands for no page of ours."""
    return len(text) <= LONGEST and PATTERN.fullmatch(text) is not None and text not in RESERVED
