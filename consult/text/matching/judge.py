"""From features to matches: a weighted sum, then the best pairs first, three times over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from operator import mul

from consult.text.matching.scene import Pair, Scene
from consult.text.matching.surroundings import Surroundings

# A pair below this in the first round is not looked at again.
HOPELESS = 0.002
# A block is matched when its pair reaches about even odds.  On texts left out of the fit 0.4 put more comments on
# wrong paragraphs, 0.6 gave up blocks that live on, and nothing changed between 0.45 and 0.5.
MATCH = 0.45
# A further new block for an old one that has its place (a split) needs much more: the old one is safe already.  At 0.8
# two more of 48 further parts were named, and one wrong one; at 0.7 four and two.
SPLIT = 0.9
# Confidence in equal text, and in the removal of a block that resembles nothing in the new text.
EQUAL, GONE = 0.999, 0.995
# Keeps odds finite.
SURE = 0.999


@dataclass(frozen=True, slots=True)
class Sum:
    """A weighted sum of features and of some of their products (logistic regression)."""

    constant: float
    weights: tuple[float, ...]
    products: tuple[tuple[int, int, float], ...]

    def chance(self, features: Sequence[float]) -> float:
        """How likely the new block carries on the old one."""
        total = self.constant + sum(map(mul, self.weights, features))
        for one, other, weight in self.products:
            total += weight * features[one] * features[other]
        return 1 / (1 + exp(-min(30.0, max(-30.0, total))))


def judge(scene: Scene, rounds: Sequence[Sum]) -> dict[Pair, float]:
    """The chance of every pair, each round knowing the matches of the one before."""
    chances: dict[Pair, float] = {}
    links: list[Pair] = []
    for sum_ in rounds:
        around = Surroundings(scene, links)
        for pair in list(chances or scene.still):
            if chances.get(pair, 1.0) >= HOPELESS:
                chances[pair] = sum_.chance((*scene.still[pair], *around.features(*pair)))
        links = settle(chances)
    return chances


def settle(chances: Mapping[Pair, float], match: float = MATCH, split: float = SPLIT) -> list[Pair]:
    """The matches, best first: an unmatched old block may join a taken target, a new one a matched old block."""
    links: list[Pair] = []
    has_home: set[int] = set()
    has_source: set[int] = set()
    for pair, chance in sorted(chances.items(), key=lambda item: (-item[1], item[0])):
        i, j = pair
        if chance < match:
            break
        if i not in has_home or (j not in has_source and chance >= split):
            links.append(pair)
            has_home.add(i)
            has_source.add(j)
    return links


def certainty(chances: Mapping[Pair, float], links: Iterable[Pair], side: int) -> dict[int, float]:
    """For each old (side 0) or new (1) block the chance that what was decided about it is right.

    The odds of its matches, or 1 if it has none, over 1 and the odds of everything it might have been matched with;
    of several matches all have to be right, so it is no surer than the weakest.
    """
    total: dict[int, float] = {}
    chosen: dict[int, list[float]] = {}
    picked = set(links)
    for pair, chance in chances.items():
        odds = chance / (1 - min(chance, SURE))
        total[pair[side]] = total.get(pair[side], 1.0) + odds
        if pair in picked:
            chosen.setdefault(pair[side], []).append(odds)
    return {index: _share(chosen.get(index, [1.0]), whole) for index, whole in total.items()}


def _share(odds: Sequence[float], whole: float) -> float:
    share = sum(odds) / whole
    return share if len(odds) == 1 else min(share, min(odds) / (1 + min(odds)))


def calibrated(chance: float, slope: float, shift: float) -> float:
    """The chance as it turned out on texts that the weights had not seen (Platt scaling)."""
    chance = min(SURE, max(1 - SURE, chance))
    return 1 / (1 + exp(-(slope * log(chance / (1 - chance)) + shift)))
