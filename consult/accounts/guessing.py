"""Which passwords are guessed first. Pure.

Beside the commonest ones, which ship as a list, these are common words, words about the owner and the site, and walks
over the keyboard, with a few figures and signs around them: `Liverpool2026!`, `P@ssw0rd123456`, `qwertyuiop12`. No kind
of characters is asked for or refused.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FEWEST_LETTERS = 4  # different characters; "aaaaaaaaaaaa" is no password
LONGEST_UNIT = 7  # characters; what only repeats so few is worth no more than they are
MOST_PIECES = 4
SHORTEST_WORD = 4  # letters of a word about the owner or the site
SHORTEST_WALK = 4  # keys in a row
PADDING = re.compile(r"[\W\d_]{1,6}")  # figures and signs: a year, a day, "123!"
FIGURES_FOR_LETTERS = str.maketrans("@4301!$57", "aaeoiisst")
WALKS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1234567890",
    "0123456789",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "147258369",
)


def is_guessable(password: str, about: Iterable[str]) -> bool:
    """Say whether a password is guessed early: words in `about` (a name, an address, the site) count as common ones."""
    plain = password.casefold()
    if plain in commonest() or len(set(plain)) < FEWEST_LETTERS or _repeats(plain):
        return True
    known = [word.casefold() for word in about]
    words = _words() | {part for word in known for part in re.findall(rf"[^\W\d_]{{{SHORTEST_WORD},}}", word)}
    return plain in known or _pieces(plain, words) <= MOST_PIECES


def _repeats(plain: str) -> bool:
    return any(
        len(plain) >= 2 * unit and plain == (plain[:unit] * (len(plain) // unit + 1))[: len(plain)]
        for unit in range(1, LONGEST_UNIT + 1)
    )


def _pieces(plain: str, words: Iterable[str]) -> float:
    """Return into how few common pieces a password falls; infinite where something in it is none, or all is padding."""
    never = float("inf")
    fewest: list[dict[bool, float]] = [{False: 0.0}] + [
        {} for _ in plain
    ]  # by place, and whether it is more than padding
    for place in range(len(plain)):
        for end, counts in _ends(plain, place, words):
            for had_word, so_far in fewest[place].items():
                key = had_word or counts
                fewest[end][key] = min(fewest[end].get(key, never), so_far + 1)
    return fewest[-1].get(True, never)


def _ends(plain: str, place: int, words: Iterable[str]) -> list[tuple[int, bool]]:
    """Return where a common piece that begins at a place can end, and whether it is more than padding."""
    readings = (plain, plain.translate(FIGURES_FOR_LETTERS))
    found = [
        (place + len(word), True)
        for word in words
        if any(reading.startswith(word, place) for reading in readings)
    ]
    walks = (end for end in range(place + SHORTEST_WALK, len(plain) + 1) if _is_walk(plain[place:end]))
    found += [(end, True) for end in walks]
    padding = PADDING.match(plain, place)
    if padding:
        found += [(end, False) for end in range(place + 1, padding.end() + 1)]
    return found


def _is_walk(piece: str) -> bool:
    return any(piece in walk or piece[::-1] in walk for walk in WALKS)


@cache
def commonest() -> frozenset[str]:
    """Return the passwords of twelve characters or more that are used most, in lower case."""
    return frozenset(_lines("commonest_passwords.txt"))


@cache
def _words() -> frozenset[str]:
    return frozenset(_lines("common_words.txt"))


def _lines(name: str) -> list[str]:
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
