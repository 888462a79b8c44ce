"""From what somebody types to what is looked for. Pure.

Only letters and numbers count, so no sign has a meaning of its own, in any database. Words in quotes, and words that
a sign joins ("co-design"), are looked for side by side.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_QUERY = 200  # characters
MOST_TERMS = 20
QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|(\S+)")
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Terms:
    """What is looked for: every term must be there. A term is one word, or several side by side."""

    terms: tuple[tuple[str, ...], ...]
    is_too_long: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def words(self) -> frozenset[str]:
        return frozenset(word for term in self.terms for word in term)


def read(query: str) -> Terms:
    """Return what `query` asks for; nothing when it has no word in it, or is too long to be meant."""
    if len(query) > LONGEST_QUERY:
        return Terms((), is_too_long=True)
    terms = tuple(dict.fromkeys(_terms(unicodedata.normalize("NFKC", query))))
    return Terms((), is_too_long=True) if len(terms) > MOST_TERMS else Terms(terms)


def _terms(query: str) -> Iterator[tuple[str, ...]]:
    for quoted, bare in QUOTED.findall(query):
        words = tuple(folded(word) for word in WORD.findall(quoted or bare))
        if words:
            yield words


def folded(word: str) -> str:
    """Return a word in small letters without accents: people type "ty" for "tŷ"."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
