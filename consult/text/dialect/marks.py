"""`[7A]` before a block is its permanent number, if the register has it; `{#name}` after a heading its anchor.

Raw HTML and indented code have no place for a mark: theirs stands alone above them, as a paragraph of its own.
The first cell of a table may bear two, the table's and that of the row: `| [12] [12.1] Name |`.
"""

import re
from itertools import pairwise

from consult.text.dialect.parts import HEADINGS, Part

NUMBER = r"[sn]?[A-Z]*\d{1,6}[A-Z]*(?:\.[A-Z]*\d{1,6}[A-Z]*)?"
IN_INFO = re.compile(rf"\[({NUMBER})\]")
_AT_START = re.compile(rf"\s*\[({NUMBER})\](?:\s+|$)")
_IN_ROW = re.compile(rf"\s*\[{NUMBER}\]\s*")
_ANCHOR = re.compile(r"\s*\{:?\s*#([\w:.-]{1,200})[^{}]*\}\s*$")


def take_marks(part: Part, known: frozenset[str]) -> None:
    """Take the marks at the head of a part out of its text. Parts come parents first."""
    _give_to_what_has_no_place(part, known)
    if part.tag == "pre":
        part.mark = part.mark or mark_in(part.info, known)
    elif part.tag == "table":
        _take_header_marks(part, known)
    elif part.tag == "tr" and part.parts()[0].tag == "td":
        part.mark = _take_from_cell(part, known)
    elif part.tag in ("p", "dt", *HEADINGS):
        part.mark = _take_number(part, known)
    if part.tag in HEADINGS and (anchor := _ANCHOR.search(part.source or "")):
        part.anchor = anchor[1]
        part.source = (part.source or "")[: anchor.start()]


def mark_in(info: str, known: frozenset[str]) -> str | None:
    """Return the number in the info string of a fence, if it has one."""
    return next((found[1] for found in IN_INFO.finditer(info) if found[1] in known), None)


def stands_for_next(part: Part, following: Part, known: frozenset[str]) -> str | None:
    """Return the number that a paragraph is nothing but, where the next part has no place for its own."""
    if part.tag != "p" or following.tag not in ("raw", "pre") or following.info or not following.source:
        return None
    found = _AT_START.fullmatch(part.source or "")
    return found[1] if found and found[1] in known else None


def _give_to_what_has_no_place(parent: Part, known: frozenset[str]) -> None:
    given = set()
    for part, following in pairwise(parent.parts()):
        if number := stands_for_next(part, following, known):
            following.mark = number
            given.add(part)
    if given:
        parent[:] = [part for part in parent if part not in given]


def _take_number(part: Part, known: frozenset[str], *, of_row: bool = False) -> str | None:
    found = _AT_START.match(part.source or "")
    if not found or found[1] not in known or (of_row and "." not in found[1]):
        return None
    part.source = (part.source or "")[found.end() :]
    return found[1]


def _take_from_cell(row: Part, known: frozenset[str], *, of_row: bool = False) -> str | None:
    number = _take_number(row.parts()[0], known, of_row=of_row)
    if number:
        row.source = _IN_ROW.sub("", row.source or "", count=1)
    return number


def _take_header_marks(table: Part, known: frozenset[str]) -> None:
    header = table.parts()[0]
    number = _take_from_cell(header, known)
    if number and "." not in number:
        table.mark = number
        number = _take_from_cell(header, known, of_row=True)
    header.mark = number
