"""`[7A]` before a block is its permanent number, if the register has it; `{#name}` after a heading its anchor."""

import re

from consult.text.dialect.parts import HEADINGS, Part

NUMBER = r"[sn]?\d{1,6}[A-Z]*(?:\.\d{1,6}[A-Z]*)?"
_AT_START = re.compile(rf"\s*\[({NUMBER})\](?:\s+|$)")
_IN_INFO = re.compile(rf"\[({NUMBER})\]")
_ANCHOR = re.compile(r"\s*\{:?\s*#([\w:.-]{1,200})[^{}]*\}\s*$")


def take_marks(part: Part, known: frozenset[str]) -> None:
    if part.source is None:
        return
    if part.tag == "pre":
        found = _IN_INFO.search(part.info)
        part.mark = found[1] if found and found[1] in known else None
    elif part.tag == "tr":
        _take_row_mark(part, known)
    elif part.tag in ("p", "dt", *HEADINGS):
        _take_number(part, known)
    if part.tag in HEADINGS and (anchor := _ANCHOR.search(part.source or "")):
        part.anchor = anchor[1]
        part.source = (part.source or "")[: anchor.start()]


def _take_number(part: Part, known: frozenset[str]) -> None:
    found = _AT_START.match(part.source or "")
    if found and found[1] in known:
        part.mark = found[1]
        part.source = (part.source or "")[found.end() :]


def _take_row_mark(row: Part, known: frozenset[str]) -> None:
    first = row.parts()[0]
    _take_number(first, known)
    if first.mark:
        row.mark, first.mark = first.mark, None
        _take_number(row, known)
