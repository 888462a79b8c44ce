"""What somebody added to a letter in their own words, as stretches of the text as it was typed. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from consult.text.campaigns.words import folded

SEEN_IN = 0.25  # of a campaign's letters: what stands in so many is of the campaign
GAP = 2  # words of the letter between two additions, which are then one
SHORTEST = 3  # words: fewer are a slip of the pen

_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ`´′][^\W_]+)*")

Span = tuple[int, int]


class Frame:
    """A letter as several people sent it, read once for all the comments that are held against it."""

    def __init__(self, shown: str, others: Sequence[str]) -> None:
        self._shown = set(pairwise(_words(shown)[1]))
        self._others: Counter[tuple[str, str]] = Counter()
        for other in others:
            self._others.update(set(pairwise(_words(other)[1])))
        self._least = max(2, SEEN_IN * (1 + len(others)))

    def added(self, text: str) -> list[Span]:
        """Return from where to where stands in `text` what its author added."""
        spans, words = _words(text)
        found: list[list[int]] = []
        for at in (at for at, is_known in enumerate(self._known(words)) if not is_known):
            if found and at - found[-1][-1] <= GAP + 1:
                found[-1].append(at)
            else:
                found.append([at])
        return [(spans[some[0]][0], spans[some[-1]][1]) for some in found if len(some) >= SHORTEST]

    def _known(self, words: Sequence[str]) -> list[bool]:
        """Say of each word whether it stands in a run of two that the shown letter has, or enough of the others."""
        known = [False] * len(words)
        for at, run in enumerate(pairwise(words)):
            if run in self._shown or self._others[run] >= self._least:
                known[at] = known[at + 1] = True
        return known


def added(text: str, shown: str, others: Sequence[str]) -> list[Span]:
    """Return from where to where stands in `text` what its author added to a letter.

    `shown` is the one that stands for the campaign, `others` are some more of it.
    """
    return Frame(shown, others).added(text)


def parts(text: str, spans: Sequence[Span], around: int) -> list[tuple[str, bool]]:
    """Return a text in parts, each with whether it was added, and of the rest no more than some characters around."""
    found: list[tuple[str, bool]] = []
    end = 0
    for start, stop in spans:
        found += [(_shortened(text[end:start], around, is_first=not found), False), (text[start:stop], True)]
        end = stop
    tail = text[end:]
    found.append((tail if len(tail) <= around else tail[:around].rsplit(" ", 1)[0] + " …", False))
    return [(words, is_added) for words, is_added in found if words]


def _shortened(between: str, around: int, *, is_first: bool) -> str:
    """Shorten what stands before or between additions, at blanks where there are some."""
    if len(between) <= (around if is_first else 2 * around):
        return between
    before = "… " + between[-around:].split(" ", 1)[-1]
    return before if is_first else between[:around].rsplit(" ", 1)[0] + " " + before


def _words(text: str) -> tuple[list[Span], list[str]]:
    spans: list[Span] = []
    words: list[str] = []
    for found in _WORD.finditer(text):
        for word in folded(found[0]):
            spans.append(found.span())
            words.append(word)
    return spans, words
