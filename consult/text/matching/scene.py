"""Everything about two texts that stays the same however their blocks are matched."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from consult.text.matching.anchors import anchor
from consult.text.matching.candidates import candidates
from consult.text.matching.likeness import Likeness, length, likeness, nearest_sibling
from consult.text.matching.words import BlockLike, Rarity, Reading, read

Pair = tuple[int, int]


class Scene:
    """Two texts, the blocks with equal text in both (`anchors`) and the pairs worth judging, with their likeness."""

    def __init__(
        self, old: Sequence[BlockLike], new: Sequence[BlockLike], known: Mapping[int, int] | None = None
    ) -> None:
        self.old, self.new = read(old, new)
        self.anchors = anchor(self.old, self.new, known)
        self.likeness = self._compare()
        self.parent_old, self.parent_new = _parents(self.old), _parents(self.new)
        self.still = self._all_still()

    @cached_property
    def rarity(self) -> Rarity:
        """How much each word tells; nobody asks where every block is settled."""
        return Rarity(self.old, self.new)

    def _compare(self) -> dict[Pair, Likeness]:
        if len(self.anchors) in (len(self.old), len(self.new)):
            return {}
        found = {}
        for i, j in candidates(self.old, self.new, self.anchors, self.rarity):
            like = likeness(self.old[i], self.new[j], self.rarity)
            if like is not None:
                found[i, j] = like
        return found

    def _all_still(self) -> dict[Pair, tuple[float, ...]]:
        if not self.likeness:
            return {}
        olds, news = ({pair[side]: None for pair in self.likeness} for side in (0, 1))
        self.sibling_old = nearest_sibling(self.old, olds, self.rarity)
        self.sibling_new = nearest_sibling(self.new, news, self.rarity)
        self._best_old = _best_two((i, j, like.overall) for (i, j), like in self.likeness.items())
        self._best_new = _best_two((j, i, like.overall) for (i, j), like in self.likeness.items())
        return {pair: self._still(*pair) for pair in self.likeness}

    def _still(self, i: int, j: int) -> tuple[float, ...]:
        """The features that no other match can change, in the order of `weights.STILL`."""
        like, old, new = self.likeness[i, j], self.old[i], self.new[j]
        return (
            like.old_kept,
            like.new_known,
            like.old_pieces,
            like.new_pieces,
            like.pairs,
            like.missing,
            float(old.kind == new.kind),
            float((old.level > 0) != (new.level > 0)),
            length(old),
            length(new),
            self.sibling_old[i] - like.overall,
            self.sibling_new[j] - like.overall,
            like.overall - _other(self._best_old[i], j),
            like.overall - _other(self._best_new[j], i),
        )


def _parents(readings: Sequence[Reading]) -> list[int]:
    """The heading that each block stands under; -1 for none."""
    parents = []
    open_headings: list[Reading] = []
    for reading in readings:
        while reading.level and open_headings and open_headings[-1].level >= reading.level:
            open_headings.pop()
        parents.append(open_headings[-1].index if open_headings else -1)
        if reading.level:
            open_headings.append(reading)
    return parents


def _best_two(triples: Iterable[tuple[int, int, float]]) -> dict[int, tuple[float, int, float]]:
    """For each first index the best likeness, with whom, and the second best."""
    best: dict[int, tuple[float, int, float]] = {}
    for one, other, value in triples:
        top, who, second = best.get(one, (0.0, -1, 0.0))
        if value > top:
            best[one] = (value, other, top)
        else:
            best[one] = (top, who, max(second, value))
    return best


def _other(best: tuple[float, int, float], who: int) -> float:
    """The best likeness with anyone but `who`."""
    return best[2] if best[1] == who else best[0]
