"""What the matches made so far say about one more: its neighbours, its section, who else claims it."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable

from consult.text.matching.candidates import expected
from consult.text.matching.scene import Pair, Scene

# Said of the neighbour of a first or last block that has none: as good as a match, but not proof of one.
EDGE = 0.7
# Halves the nearness of a block this far from where it is expected.
REACH = 3
# How much less a linked neighbour says for each unlinked block between it and the block in question.
FADING = 0.1
# How many blocks before and after are asked whether the match keeps their order, and how far they may be off.
ROUND, FAR = 3, 12


class Surroundings:
    """The state of the matching after one round, as features of every pair for the next."""

    def __init__(self, scene: Scene, links: Iterable[Pair]) -> None:
        self.scene = scene
        self.targets: dict[int, list[int]] = defaultdict(list)
        self.sources: dict[int, list[int]] = defaultdict(list)
        for i, j in (*scene.anchors.items(), *links):
            self.targets[i].append(j)
            self.sources[j].append(i)
        home = {i: js[0] for i, js in self.targets.items()}
        self.places = expected(home, len(scene.old), len(scene.new))
        self.linked = sorted(home)
        self.home = home
        self.sections: dict[int, Counter[int]] = defaultdict(Counter)
        for i, j in home.items():
            self.sections[scene.parent_old[i]][scene.parent_new[j]] += 1

    def features(self, i: int, j: int) -> tuple[float, ...]:
        """The features that other matches decide, in the order of `weights.MOVING`."""
        left, right, rank = self._nearest(i, j)
        taken, left_over = self._taken(i, j)
        shared_out, left_behind = self._shared_out(i, j)
        return (
            1 / (1 + abs(self.places[i] - j) / REACH),
            self._joined(i - 1, j - 1),
            self._joined(i + 1, j + 1),
            self._alike(i - 1, j - 1),
            self._alike(i + 1, j + 1),
            left,
            right,
            rank,
            self._order(i, j),
            self._section(i, j),
            taken,
            left_over,
            shared_out,
            left_behind,
        )

    def _outside(self, i: int, j: int) -> bool:
        """Both before the first, or both after the last block."""
        return i < 0 > j or (i >= len(self.scene.old) and j >= len(self.scene.new))

    def _joined(self, i: int, j: int) -> float:
        """Whether two neighbours are matched with each other."""
        return EDGE if self._outside(i, j) else float(j in self.targets.get(i, ()))

    def _alike(self, i: int, j: int) -> float:
        """How alike two neighbours are, matched or not."""
        if self._outside(i, j):
            return 0.5
        if i in self.scene.anchors:
            return float(self.scene.anchors[i] == j)
        like = self.scene.likeness.get((i, j))
        return like.overall if like else 0.0

    def _nearest(self, i: int, j: int) -> tuple[float, float, float]:
        """How well the match keeps its distance to the nearest matched block before, after; and its rank between."""
        at = bisect_left(self.linked, i)
        last = self.linked[at - 1] if at else -1
        after = at + 1 if at < len(self.linked) and self.linked[at] == i else at
        next_ = self.linked[after] if after < len(self.linked) else len(self.scene.old)
        left, right = 1 / (1 + abs(i - j)), 0.5
        low, high = -1, len(self.scene.new)
        if at:
            low = max(self.targets[last])
            off = min(abs((j - x) - (i - last)) for x in self.targets[last])
            left = 1 / (1 + off) / (1 + FADING * (i - last - 1))
        if after < len(self.linked):
            high = min(self.targets[next_])
            off = min(abs((x - j) - (next_ - i)) for x in self.targets[next_])
            right = 1 / (1 + off) / (1 + FADING * (next_ - i - 1))
        same_rank = low < j < high and high - low == next_ - last and j - low == i - last
        return left, right, 1 / (next_ - last - 1) if same_rank else 0.0

    def _order(self, i: int, j: int) -> float:
        """The share of matched neighbours that stay near and on their side."""
        kept = asked = 0
        for step in range(-ROUND, ROUND + 1):
            target = self.home.get(i + step) if step else None
            if target is not None:
                asked += 1
                kept += (target - j) * step > 0 and abs(target - j) <= FAR
        return kept / asked if asked else 0.5

    def _section(self, i: int, j: int) -> float:
        """Whether the heading above went to the heading above, and the other blocks under it too."""
        above, above_new = self.scene.parent_old[i], self.scene.parent_new[j]
        if above < 0:
            heading = float(above_new < 0)
        elif above in self.targets:
            heading = float(above_new in self.targets[above])
        else:
            heading = 0.3
        went = self.sections.get(above, Counter())
        others = sum(went.values()) - (i in self.home)
        if others <= 0:
            return heading
        here = went[above_new] - (self.home.get(i) == j)
        return 0.5 * heading + 0.5 * here / others

    def _taken(self, i: int, j: int) -> tuple[float, float]:
        """Whether another old block has this target already; what of the old block is in the rest of the target."""
        others = [x for x in self.sources.get(j, ()) if x != i]
        if not others:
            return 0.0, 0.0
        owner = max(others, key=lambda x: self._alike(x, j))
        rest = self.scene.new[j].bag - self.scene.old[owner].bag
        return 1.0, self.scene.rarity.shared(self.scene.old[i].bag, rest) / self.scene.rarity.weight(
            self.scene.old[i]
        )

    def _shared_out(self, i: int, j: int) -> tuple[float, float]:
        """The same seen from the new block: whether the old one has another target, and what that leaves."""
        others = [x for x in self.targets.get(i, ()) if x != j]
        if not others:
            return 0.0, 0.0
        other = max(others, key=lambda x: self._alike(i, x))
        rest = self.scene.old[i].bag - self.scene.new[other].bag
        return 1.0, self.scene.rarity.shared(self.scene.new[j].bag, rest) / self.scene.rarity.weight(
            self.scene.new[j]
        )
