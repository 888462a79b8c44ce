"""The runs of pieces that stayed, went and came between two texts: found by words, cleaned for a reader. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rapidfuzz.distance import Indel

from consult.text import pieces
from consult.text.sentences import Stretch, aligned

_COMPARED_AT_MOST = 400_000_000
"""Cells of the table that is compared; beyond it (two texts of 20,000 words) all counts as rewritten."""
_LITTLE = 0.5
"""Weight of what stays between two changes and is no island yet: two little words, but none that says something."""
_SHARE = 0.3
"""Between long changes more is drowned: what weighs less than this part of the shorter change beside it …"""
_ISLAND = 4.0
"""… but more words than these that say something are always worth finding again."""
_REWRITTEN = 0.35
"""A sentence changed in three places or more that keeps less than this part of its words was rewritten."""
_EDGE = 5.0
"""Beside a change of this weight, little words at the beginning or end of a sentence go with it."""
_SLIDE = 40
"""Pieces by which a change may be moved to begin at a better place."""


@dataclass(slots=True)
class Run:
    """Pieces that stayed from `old` and `new` on, as many in either text, and after them how many went and came."""

    old: int
    new: int
    kept: int = 0
    gone: int = 0
    come: int = 0

    @property
    def changed_old(self) -> int:
        return self.old + self.kept

    @property
    def changed_new(self) -> int:
        return self.new + self.kept

    @property
    def is_change(self) -> bool:
        return bool(self.gone or self.come)

    def take(self, following: "Run") -> None:
        """Count what stayed before the following change as changed, and both as one change."""
        self.gone += following.kept + following.gone
        self.come += following.kept + following.come


class Side:
    """One text in pieces, with what is asked about stretches of it over and over."""

    def __init__(self, text: str, exact: bool) -> None:
        self.pieces = pieces.pieces(text)
        self.keys = list(map(pieces.bare if exact else pieces.bare_of_typography, self.pieces))

    def text(self, start: int, count: int) -> str:
        return "".join(self.pieces[start : start + count])

    def weight(self, start: int, count: int) -> float:
        return self._weights[start + count] - self._weights[start]

    def has_end(self, start: int, count: int) -> bool:
        """Say whether a sentence ends in a stretch."""
        return self._ends[start + count] > self._ends[start]

    def border(self, at: int) -> int:
        """Return how well a change can begin or end here: between sentences, after a comma or bracket, anywhere."""
        if at in (0, len(self.pieces)) or self.has_end(at - 1, 1):
            return 3
        return int(not any(map(str.isalnum, self.keys[at - 1])))

    @cached_property
    def _weights(self) -> list[float]:
        return pieces.sums([pieces.weight(key) for key in self.keys])

    @cached_property
    def _ends(self) -> list[float]:
        return pieces.sums([pieces.ends_sentence(self.pieces, at) for at in range(len(self.pieces))])


class Comparison:
    """Two texts and the runs between them, in order; together the runs cover both."""

    def __init__(self, old: str, new: str, *, exact: bool) -> None:
        self.old, self.new = Side(old, exact), Side(new, exact)
        self.runs = _together(run for stretch in self._stretches() for run in self._within(stretch))

    def _stretches(self) -> list[Stretch]:
        old, new = self.old, self.new
        if old.keys == new.keys or len(old.keys) * len(new.keys) > _COMPARED_AT_MOST:
            return [(0, len(old.keys), 0, len(new.keys))]
        return aligned(old.pieces, new.pieces, old.keys, new.keys)

    def _within(self, stretch: Stretch) -> list[Run]:
        i, i_end, j, j_end = stretch
        old, new = self.old.keys[i:i_end], self.new.keys[j:j_end]
        if old == new:
            return [Run(i, j, len(old))]
        if not old or not new or len(old) * len(new) > _COMPARED_AT_MOST:
            return [Run(i, j, 0, len(old), len(new))]
        runs = _runs(old, new, i, j)
        for run, following in pairwise(runs):
            self._slide(run, following)
        runs = self._without_edges(self._without_islands(runs))
        return [Run(i, j, 0, len(old), len(new))] if self._is_rewritten(runs) else runs

    def _slide(self, run: Run, following: Run) -> None:
        """Move what only came, or only went, along equal words to where a reader would see it begin."""
        if bool(run.gone) == bool(run.come):
            return
        side, at, count = (
            (self.new, run.changed_new, run.come) if run.come else (self.old, run.changed_old, run.gone)
        )
        step = _best_step(side, at, count, -min(run.kept, _SLIDE), min(following.kept, _SLIDE))
        run.kept += step
        following.old += step
        following.new += step
        following.kept -= step

    def _without_islands(self, runs: list[Run]) -> list[Run]:
        found: list[Run] = []
        for run in runs:
            while found and run.is_change and self._is_island(found[-1], run):
                last = found.pop()
                last.take(run)
                run = last
            found.append(run)
        return found

    def _is_island(self, last: Run, run: Run) -> bool:
        """Say whether what stayed between two changes is too little to stand alone; a whole sentence never is."""
        if not run.kept:
            return True
        if self.new.has_end(run.new, run.kept):
            return False
        beside = min(self._changed(last), self._changed(run))
        kept = self._kept(run)
        return (beside > 0 and kept <= _LITTLE) or kept <= min(_ISLAND, _SHARE * beside)

    def _changed(self, run: Run) -> float:
        return max(self.old.weight(run.changed_old, run.gone), self.new.weight(run.changed_new, run.come))

    def _without_edges(self, runs: list[Run]) -> list[Run]:
        """Let a little word go with the long change beside it; a full stop alone only when nothing else stayed."""
        first, last = runs[0], runs[-1]
        if first.kept and self._changed(first) >= _EDGE and self._kept(first) <= _LITTLE:
            first.gone, first.come, first.kept = first.gone + first.kept, first.come + first.kept, 0
        if len(runs) > 1 and not last.is_change and self._changed(runs[-2]) >= _EDGE:
            is_all = len(runs) == 2 and not first.kept
            if (0 if is_all else 0.01) <= self._kept(last) <= _LITTLE:
                runs[-2].take(runs.pop())
        return runs

    def _kept(self, run: Run) -> float:
        return self.new.weight(run.new, run.kept)

    def _is_rewritten(self, runs: list[Run]) -> bool:
        if sum(run.is_change for run in runs) < 3:
            return False
        kept = sum(map(self._kept, runs))
        gone = sum(self.old.weight(run.changed_old, run.gone) for run in runs)
        come = sum(self.new.weight(run.changed_new, run.come) for run in runs)
        return kept < _REWRITTEN * (kept + max(gone, come))


def _runs(old: list[str], new: list[str], i: int, j: int) -> list[Run]:
    """Return the runs by words alone, for keys that begin at piece i of the old text and j of the new."""
    runs = [Run(i, j)]
    for code in Indel.opcodes(old, new):
        if code.tag == "equal":
            if runs[-1].is_change:
                runs.append(Run(i + code.src_start, j + code.dest_start))
            runs[-1].kept += code.src_end - code.src_start
        else:
            runs[-1].gone += code.src_end - code.src_start
            runs[-1].come += code.dest_end - code.dest_start
    return runs


def _best_step(side: Side, at: int, count: int, least: int, most: int) -> int:
    """Return by how many pieces to move a stretch of `count` from `at`, with the same words before and after."""
    keys = side.keys
    steps = [0]
    while steps[-1] > least and keys[at + steps[-1] - 1] == keys[at + count + steps[-1] - 1]:
        steps.append(steps[-1] - 1)
    steps.append(0)
    while steps[-1] < most and keys[at + steps[-1]] == keys[at + count + steps[-1]]:
        steps.append(steps[-1] + 1)
    return max(steps, key=lambda step: side.border(at + step) + side.border(at + step + count))


def _together(runs: Iterable[Run]) -> list[Run]:
    """Join runs of neighbouring sentences: what stayed in one with what stayed in the next, changes with changes."""
    found: list[Run] = []
    for run in runs:
        if found and not found[-1].is_change:
            found[-1].kept += run.kept
            found[-1].gone, found[-1].come = run.gone, run.come
        elif found and not run.kept:
            found[-1].take(run)
        else:
            found.append(run)
    return found
