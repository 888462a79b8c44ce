"""The facts of an entry as pages show them: in words, with links where they name addresses. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote

from consult.text.brief import CUT, brief
from consult.text.urls import host
from consult.toolkit import changes
from consult.toolkit.entries.checking import is_mail
from consult.toolkit.entries.kinds import Field, Of, PageKind, fields_of, parts_of
from consult.toolkit.entries.staleness import is_rate_stale

ADDRESS = re.compile(r"https?://[^\s<>\"“”]+")
BRACKETS = {")": "(", "]": "["}
UNSHOWN = frozenset({"example", "consultation"})  # said in words of their own beside the list


@dataclass(frozen=True)
class Piece:
    """Words of a fact, and the address that they lead to if they do."""

    words: str
    address: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of an entry. `day` is set where it is one; `is_stale` where it is too old to go by."""

    name: str
    label: Any
    pieces: Sequence[Piece] = ()
    day: date | None = None
    is_stale: bool = False


def facts_shown(kind: PageKind, facts: Mapping[str, str], today: date) -> list[Fact]:
    """Return the facts in the order of their kind; those that were never given are left out."""
    return [
        fact_shown(field, facts, today)
        for field in fields_of(kind)
        if facts.get(field.name) and field.name not in UNSHOWN
    ]


def fact_shown(field: Field, facts: Mapping[str, str], today: date, *, most: int | None = None) -> Fact:
    """Return one fact as it is shown, or its beginning of `most` characters; without pieces where it is not given."""
    words = facts.get(field.name, "")
    is_stale = field.name == "day_rate" and is_rate_stale(facts, today)
    if field.of is Of.DAY:
        try:
            return Fact(field.name, field.label, day=date.fromisoformat(words))
        except ValueError:
            pass
    pieces = _pieces(field, words)
    return Fact(
        field.name, field.label, pieces if most is None else list(_begun(pieces, most)), is_stale=is_stale
    )


def all_in_words(kind: PageKind, facts: Mapping[str, str]) -> list[str]:
    """Return every fact of an entry as a reader would say it: what a search looks through."""
    return [
        in_words(field, facts[field.name])
        for field in fields_of(kind)
        if facts.get(field.name) and field.name not in UNSHOWN
    ]


def said_of(kind: PageKind, facts: Mapping[str, str], name: str) -> str:
    """Return what an entry says in one field, in words; "" where its kind has no such field, or it says nothing."""
    found = [field for field in fields_of(kind) if field.name == name and facts.get(name)]
    return in_words(found[0], facts[name]) if found else ""


def in_words(field: Field, words: str) -> str:
    """Return a fact as a reader would say it: the words of a choice, a day as it is written."""
    if field.of is Of.CHOICE:
        return str(dict(field.choices).get(words, words))
    return words


def _pieces(field: Field, words: str) -> list[Piece]:
    words = in_words(field, words)
    if field.of is Of.SEVERAL:
        words = ", ".join(parts_of(words))
    if field.of is Of.ADDRESS and is_mail(words):
        return [Piece(words, f"mailto:{quote(words, safe='@')}")]
    return [piece for piece in _linked(words) if piece.words]


def _linked(words: str) -> Iterator[Piece]:
    at = 0
    for found in ADDRESS.finditer(words):
        if host(address := _without_what_follows(found[0])):
            yield Piece(words[at : found.start()])
            yield Piece(address, address)
            at = found.start() + len(address)
    yield Piece(words[at:])


def _without_what_follows(address: str) -> str:
    """Return an address without the marks of the sentence behind it; a bracket that it opened itself belongs to it."""
    while (last := address[-1]) in ".,;:!?" or (
        last in BRACKETS and address.count(last) > address.count(BRACKETS[last])
    ):
        address = address[:-1]
    return address


def _begun(pieces: Sequence[Piece], most: int) -> Iterator[Piece]:
    """Return the beginning of a fact; an address that it cuts through still leads to the whole of it."""
    words = "".join(piece.words for piece in pieces)
    short = brief(words, most)
    left = len(words) if short == words else len(short.removesuffix(f" {CUT}"))
    for piece in pieces:
        if left > 0:
            yield replace(piece, words=piece.words[:left])
        left -= len(piece.words)
    if short != words:
        yield Piece(f" {CUT}")


def facts_compared(
    kind: PageKind, old: Mapping[str, str], new: Mapping[str, str], **said: str
) -> list[tuple[Any, list[changes.Change]]]:
    """Return, for each fact that is not the same, its label and what changed in it, word by word."""
    return [
        (field.label, changes.compared(_told(field, old), _told(field, new), **said))
        for field in fields_of(kind)
        if old.get(field.name, "") != new.get(field.name, "")
    ]


def _told(field: Field, facts: Mapping[str, str]) -> str:
    return in_words(field, facts.get(field.name, ""))
