"""The facts of an entry as pages show them: in words, with links where they name addresses. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from consult.toolkit import changes
from consult.toolkit.entries.checking import is_mail
from consult.toolkit.entries.kinds import Field, Of, PageKind, fields_of, parts_of
from consult.toolkit.entries.staleness import is_rate_stale

ADDRESS = re.compile(r"(https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]])")
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


def fact_shown(field: Field, facts: Mapping[str, str], today: date) -> Fact:
    """Return one fact as it is shown; without pieces where it is not given."""
    words = facts.get(field.name, "")
    is_stale = field.name == "day_rate" and is_rate_stale(facts, today)
    if field.of is Of.DAY:
        try:
            return Fact(field.name, field.label, day=date.fromisoformat(words))
        except ValueError:
            pass
    return Fact(field.name, field.label, _pieces(field, words), is_stale=is_stale)


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
        return [Piece(words, f"mailto:{words}")]
    return [
        Piece(piece, piece if ADDRESS.fullmatch(piece) else "") for piece in ADDRESS.split(words) if piece
    ]


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
