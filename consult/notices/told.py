"""What the mails to followers are to tell: a list of ids beside the mail in the outbox, never words.

`news:3,7` tells of happenings, `changed:12` of what a version did to the paragraphs on which its reader commented. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 60  # happenings in one mail; of more it says how many
TELLS = re.compile(r"(news|changed):(\d+(?:,\d+)*)(?:\+(\d+))?")


@dataclass(frozen=True)
class News:
    """Happenings, newest first; `more` is how many there were besides."""

    ids: tuple[int, ...]
    more: int = 0

    def __str__(self) -> str:
        return f"news:{','.join(map(str, self.ids))}" + (f"+{self.more}" if self.more else "")


@dataclass(frozen=True)
class ChangedParagraphs:
    """What a version did to paragraphs."""

    version_id: int

    def __str__(self) -> str:
        return f"changed:{self.version_id}"


def news(newest_first: Iterable[int]) -> News:
    """Return as many of some happenings as one mail tells, and the number of the rest."""
    ids = tuple(newest_first)
    return News(ids[:MOST], max(0, len(ids) - MOST))


def read(tells: str) -> News | ChangedParagraphs:
    """Return what a mail is to tell; ValueError for what we did not write."""
    found = TELLS.fullmatch(tells)
    if found is None:
        raise ValueError("a mail that tells nothing")
    ids = tuple(map(int, found[2].split(",")))
    return News(ids, int(found[3] or 0)) if found[1] == "news" else ChangedParagraphs(ids[0])
