"""A list of unfinished comments as plain text, to be read and changed elsewhere, and what comes back. Pure.

Each comment begins with a line that names it (`=== [key] Paragraph 12, Clear footways ===`); lines that begin with
`|` are the words of the draft, for whoever reads, and count for nothing. After the line `=== instead ===` come the
words that a suggestion would put instead. A line of a comment that would look like any of these bears a backslash in
front.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MARK = re.compile(r"^=== \[([2-9a-z]{1,12})\].*$")
INSTEAD = "=== instead ==="  # what follows are the words that a suggestion would put
TO_BE_ESCAPED = re.compile(r"^\\*(===|\||\\)")


@dataclass(frozen=True)
class Item:
    """One comment: its key, where it is, the words of the draft there, its own, and those it would put instead."""

    key: str
    place: str
    about: str
    body: str
    instead: str = ""


def as_text(items: Iterable[Item]) -> str:
    """Return the list as one text that `bodies` reads back."""
    parts = []
    for item in items:
        place = " ".join(item.place.split())
        about = "".join(f"| {line}\n" for line in item.about.splitlines())
        body = "\n".join(_escaped(line) for line in item.body.split("\n"))
        if item.instead:
            instead = "\n".join(_escaped(line) for line in item.instead.split("\n"))
            body += f"\n\n{INSTEAD}\n{instead}"
        parts.append(f"=== [{item.key}] {place} ===\n{about}\n{body}\n")
    return "\n".join(parts)


def bodies(text: str) -> dict[str, str]:
    """Return the words of each comment in a text, by key. ValueError for a text without a mark, or with one twice.

    What stands before the first mark counts for nothing: it may be a note by whoever sent the file back.
    """
    return {key: said for key, (said, _instead) in _parts(text).items()}


def words_instead(text: str) -> dict[str, str]:
    """Return the words to put instead, by the key of the comment, of those comments that have the line for them."""
    return {key: instead for key, (_said, instead) in _parts(text).items() if instead is not None}


def _parts(text: str) -> dict[str, tuple[str, str | None]]:
    found: dict[str, list[list[str]]] = {}
    here: list[list[str]] | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        mark = MARK.match(line)
        if mark:
            if mark[1] in found:
                raise ValueError(mark[1])
            here = found[mark[1]] = [[]]
        elif here is not None and line.rstrip() == INSTEAD and len(here) == 1:
            here.append([])
        elif here is not None and not line.startswith("|"):
            here[-1].append(line[1:] if line.startswith("\\") else line)
    if not found:
        raise ValueError("")
    texts = {key: ["\n".join(lines).strip() for lines in parts] for key, parts in found.items()}
    return {key: (said[0], said[1] if len(said) > 1 else None) for key, said in texts.items()}


def _escaped(line: str) -> str:
    return f"\\{line}" if TO_BE_ESCAPED.match(line) else line
