"""How much two short texts say in the same words, from 0 to 1. Pure."""

import re
from collections import Counter

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SHORT = 3  # letters: such words stand in every text, and say little of what it is about


def shingles(text: str) -> Counter[str]:
    """Return the words of a text that say what it is about, with how often; of one without such, all of its words."""
    words = _WORD.findall(text.casefold())
    telling = [word for word in words if len(word) > SHORT]
    return Counter(telling or words)


def share(one: Counter[str], other: Counter[str]) -> float:
    """Return which share of the words of two texts they have in common (Dice, 1945)."""
    together = one.total() + other.total()
    return 2 * (one & other).total() / together if together else 0.0
