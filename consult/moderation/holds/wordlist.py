"""The list of words that a unit keeps, and where they stand in what somebody wrote. Pure.

Whole words alone: a list with "ass" says nothing of "assess". Capitals and accents make no difference, nor do the usual
signs in the place of letters ("1d10t"); Welsh letters count by the letter beneath their accent.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from consult.moderation.holds.found import Found, apart

MOST_WORDS, LONGEST_WORD, LONGEST_LIST = 300, 60, 12_000
_SIGNS = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s"}
_STROKES = frozenset("1!|")  # an i or an l
_IN_WORDS = frozenset("@$!|")
_NO_LETTER_BENEATH = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"}
)

Token = tuple[int, int, frozenset[str]]


def read_list(typed: str) -> list[str]:
    """Return the words of a list, one a line, each once in the order in which it was typed."""
    kept: dict[tuple[str, ...], str] = {}
    for line in typed.splitlines():
        word = " ".join(line.split())
        if folded := _folded_words(word):
            kept.setdefault(folded, word)
    return list(kept.values())


def words_in(text: str, wordlist: Iterable[str]) -> list[Found]:
    """Return where words, or phrases, of a list stand in a text."""
    wanted = _wanted(tuple(wordlist))
    if not wanted:
        return []
    found: list[Found] = []
    for with_signs in (False, True):
        tokens = list(_tokens(text, with_signs=with_signs))
        for at in range(len(tokens)):
            found.extend(_phrases_at(tokens, at, wanted))
    return apart(found)


@lru_cache(maxsize=64)
def _wanted(words: tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for word in words:
        if folded := _folded_words(word):
            by_first.setdefault(folded[0], []).append(folded)
    return by_first


def _phrases_at(tokens: list[Token], at: int, wanted: dict[str, list[tuple[str, ...]]]) -> Iterator[Found]:
    for first in tokens[at][2]:
        for phrase in wanted.get(first, ()):
            spoken = tokens[at : at + len(phrase)]
            if len(spoken) == len(phrase) and all(
                part in token[2] for part, token in zip(phrase, spoken, strict=True)
            ):
                yield Found(spoken[0][0], spoken[-1][1], "word")


def _folded_words(word: str) -> tuple[str, ...]:
    return tuple(fold(word[start:end]) for start, end in _runs(word, with_signs=False))


def fold(word: str) -> str:
    """Return a word without capitals, accents and signs that nobody sees."""
    letters = unicodedata.normalize("NFKD", word.casefold()).translate(_NO_LETTER_BENEATH)
    return "".join(sign for sign in letters if unicodedata.category(sign) not in ("Mn", "Me", "Cf"))


def _tokens(text: str, *, with_signs: bool) -> Iterator[Token]:
    for start, end in _runs(text, with_signs=with_signs):
        yield start, end, _forms(fold(text[start:end]))


def _forms(word: str) -> frozenset[str]:
    """Return how a word can be read; signs are letters only beside letters, so that a year is no word."""
    forms = {word}
    if any(sign.isalpha() for sign in word) and not word.isalpha():
        read = "".join(_SIGNS.get(sign, sign) for sign in word)
        read_out = {"".join(letter if sign in _STROKES else sign for sign in read) for letter in "il"}
        forms |= read_out | ({form[1:] for form in read_out} if word[:1] == "@" else set())
    return frozenset(forms)


def _runs(text: str, *, with_signs: bool) -> Iterator[tuple[int, int]]:
    """Yield where the words of a text begin and end; an exclamation mark at the end of one is no part of it."""
    start = None
    for at, sign in enumerate(f"{text} "):
        if _is_part(sign, with_signs=with_signs, is_inside=start is not None) and at < len(text):
            start = at if start is None else start
        elif start is not None:
            end = at
            while with_signs and end > start and text[end - 1] in "!|":
                end -= 1
            if end > start:
                yield start, end
            start = None


def _is_part(sign: str, *, with_signs: bool, is_inside: bool) -> bool:
    if sign.isalnum() or (with_signs and sign in _IN_WORDS):
        return True
    return is_inside and unicodedata.category(sign) in ("Mn", "Me", "Cf")
