"""What somebody added to a letter in their own words, as stretches of the text as it was typed. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from consult.text.campaigns.words import folded

SEEN_IN = 0.25  # of a campaign's letters: what stands in so many is of the campaign
GAP = 2  # words of the letter between two additions, which are then one
SHORTEST = 3  # words: fewer are a slip of the pen

_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ`´′][^\W_]+)*")

Span = tuple[int, int]


def added(text: str, shown: str, others: Sequence[str]) -> list[Span]:
    """Return from where to where stands in `text` what its author added to a letter.

    `shown` is the one that stands for the campaign, `others` are some more of it.
    """
    spans, words = _words(text)
    known = _known(words, [_words(shown)[1], *(_words(other)[1] for other in others)])
    found: list[list[int]] = []
    for at in (at for at, is_known in enumerate(known) if not is_known):
        if found and at - found[-1][-1] <= GAP + 1:
            found[-1].append(at)
        else:
            found.append([at])
    return [(spans[some[0]][0], spans[some[-1]][1]) for some in found if len(some) >= SHORTEST]


def _words(text: str) -> tuple[list[Span], list[str]]:
    spans: list[Span] = []
    words: list[str] = []
    for found in _WORD.finditer(text):
        for word in folded(found[0]):
            spans.append(found.span())
            words.append(word)
    return spans, words


def _known(words: Sequence[str], letters: Sequence[Sequence[str]]) -> list[bool]:
    """Say of each word whether it stands in a run of two that the first of the letters has, or enough of them."""
    known = [False] * len(words)
    least = max(2, SEEN_IN * len(letters))
    shown, *runs = [set(pairwise(letter)) for letter in letters]
    for at, run in enumerate(pairwise(words)):
        if run in shown or sum(run in theirs for theirs in runs) >= least:
            known[at] = known[at + 1] = True
    return known
