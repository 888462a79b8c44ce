"""What a feed says: one entry for each thing that became public. Pure."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MOST = 50  # entries of a feed: the newest
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class What(enum.Enum):
    """What became public."""

    OPENING = "opening"
    VERSION = "version"
    COMMENT = "comment"
    QUESTION = "question"
    RESPONSE = "response"
    REVISION = "revision"


@dataclass(frozen=True)
class Entry:
    """One entry. `about` is the row it was made from; `changed_at` is later than `at` after a correction."""

    what: What
    at: datetime
    changed_at: datetime
    about: object


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """Return the newest entries of several lists, the newest first."""
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]


def legal(words: str) -> str:
    """Return words without the characters that XML 1.0 forbids (section 2.2), which no escaping can save."""
    return NOT_IN_XML.sub("", words)
