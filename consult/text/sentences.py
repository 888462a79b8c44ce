"""Which sentences of one text became which of another, so that words are compared where they belong. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, LCSseq

from consult.text.pieces import sentences, weight

ALIKE = 0.4
"""Sentences that share less than this part of their longer words are two sentences, not one reworded."""
_JOINED = 1.5
"""Words that a second sentence must add before two sentences count as having become one, or one as two."""
_SAYS_SOMETHING = 0.6
_PAIRS_AT_MOST = 2_500
"""Pairs of sentences to hold against each other in one stretch; in a longer one the words alone decide."""

Span = tuple[int, int]
Stretch = tuple[int, int, int, int]
"""From and to in the old text, from and to in the new, in pieces."""
_SHAPES = ((1, 1), (2, 1), (1, 2))


def aligned(old: Sequence[str], new: Sequence[str], key_old: list[str], key_new: list[str]) -> list[Stretch]:
    """Return stretches that cover both texts in order; where nothing answers a stretch, its other side is empty.

    `key_old` and `key_new` are what the pieces are compared by.
    """
    spans_old, spans_new = sentences(old), sentences(new)
    said_old = [" ".join(key_old[start:end]) for start, end in spans_old]
    said_new = [" ".join(key_new[start:end]) for start, end in spans_new]
    found: list[Stretch] = []
    for is_equal, (i, i_end, j, j_end) in _blocks(said_old, said_new):
        here_old, here_new = spans_old[i:i_end], spans_new[j:j_end]
        if is_equal:
            found += [(*before, *after) for before, after in zip(here_old, here_new, strict=True)]
        else:
            at = (found[-1][1], found[-1][3]) if found else (0, 0)
            found += _paired(here_old, here_new, key_old, key_new, at)
    return found


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[bool, Stretch]]:
    """Return equal sentences, and what lies between them with both its sides, by turns."""
    i = j = 0
    for code in [*Indel.opcodes(old, new), None]:
        if code is None or code.tag == "equal":
            i_next, j_next = (code.src_start, code.dest_start) if code else (len(old), len(new))
            if i < i_next or j < j_next:
                yield False, (i, i_next, j, j_next)
            if code:
                yield True, (code.src_start, code.src_end, code.dest_start, code.dest_end)
                i, j = code.src_end, code.dest_end


def _paired(
    old: list[Span], new: list[Span], key_old: list[str], key_new: list[str], at: Span
) -> list[Stretch]:
    """Return the stretches of one gap. Of one sentence against one the words alone say whether they are alike."""
    if not 1 < len(old) * len(new) <= _PAIRS_AT_MOST:
        return [(at[0], old[-1][1] if old else at[0], at[1], new[-1][1] if new else at[1])]
    gap = _Gap([_words(key_old, span) for span in old], [_words(key_new, span) for span in new])
    found: list[Stretch] = []
    for count_old, count_new in gap.steps():
        i, j = at
        at = (old[count_old - 1][1] if count_old else i, new[count_new - 1][1] if count_new else j)
        found.append((i, at[0], j, at[1]))
    return found


def _words(keys: list[str], span: Span) -> list[str]:
    """Return what a sentence says, without the little words that any other has too, if it has longer ones."""
    words = keys[slice(*span)]
    return [word for word in words if weight(word) >= _SAYS_SOMETHING] or words


@dataclass
class _Gap:
    """Sentences that have no equal on the other side: which of them are alike, in order, so that most words agree."""

    old: list[list[str]]
    new: list[list[str]]

    def steps(self) -> Iterator[Span]:
        """Return after each stretch how many sentences of either side are done."""
        _, taken = self._best()
        i = j = 0
        while i < len(self.old) or j < len(self.new):
            step = taken[i][j]
            i, j = i + step[0], j + step[1]
            yield i, j

    def _best(self) -> tuple[list[list[float]], list[list[Span]]]:
        """Return how many words the rests from i and j can be made to share, and the first step to that."""
        rows, columns = len(self.old), len(self.new)
        best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
        taken = [[(1, 0) if i < rows else (0, 1) for _ in range(columns + 1)] for i in range(rows + 1)]
        for i in reversed(range(rows)):
            for j in reversed(range(columns)):
                options = [(best[i + 1][j], (1, 0)), (best[i][j + 1], (0, 1))]
                for a, b in _SHAPES:
                    if i + a <= rows and j + b <= columns and (shared := self._shared(i, a, j, b)):
                        options.append((best[i + a][j + b] + shared, (a, b)))
                best[i][j], taken[i][j] = max(options, key=lambda option: option[0])
        return best, taken

    def _shared(self, i: int, a: int, j: int, b: int) -> float:
        old = [word for sentence in self.old[i : i + a] for word in sentence]
        new = [word for sentence in self.new[j : j + b] for word in sentence]
        shared = float(LCSseq.similarity(old, new))
        if 2 * shared < ALIKE * (len(old) + len(new)):
            return 0.0
        return shared - _JOINED * (a + b - 2)
