"""Which new blocks are worth comparing with an old one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from consult.text.matching.anchors import backbone
from consult.text.matching.words import Rarity, Reading

# The rarest words of a block that are looked up; a word standing in more places than `PLACES` is not.
WORDS = 30
PLACES = 60
# In a long document the words of a heading or a short item may all be common: in blocks of up to `SHORT` different
# words, words in this many places are looked up too.  Without them an item of a list that moved was not found at all.
SHORT, PLACES_OF_SHORT = 12, 400
# How many are kept by each of three views: shared weight, share of the new block, share of both.
BY_WORDS = 4
# How many are kept before and after the expected place.
AROUND = 3


def candidates(
    old: Sequence[Reading], new: Sequence[Reading], links: Mapping[int, int], rarity: Rarity
) -> list[tuple[int, int]]:
    """Pairs of an unlinked old block and an unlinked new block that it may live on in."""
    taken = set(links.values())
    open_new = [r for r in new if r.index not in taken]
    index = index_words(open_new, (r for r in old if r.index not in links))
    places = expected(links, len(old), len(new))
    free = [r.index for r in open_new]
    pairs: list[tuple[int, int]] = []
    for reading in old:
        if reading.index not in links:
            found = similar(reading, new, index, rarity)
            at = bisect_left(free, places[reading.index])
            found.update(free[max(0, at - AROUND) : at + AROUND])
            pairs.extend((reading.index, j) for j in sorted(found))
    return pairs


def expected(links: Mapping[int, int], old_size: int, new_size: int) -> list[float]:
    """Where each old block would stand in the new text if nothing moved: between its linked neighbours."""
    places = [0.0] * old_size
    last_old = last_new = -1
    for i, j in [*backbone(links), (old_size, new_size)]:
        for at in range(last_old + 1, min(i + 1, old_size)):
            places[at] = last_new + (at - last_old) * (j - last_new) / (i - last_old)
        last_old, last_new = i, j
    return places


def index_words(readings: Iterable[Reading], wanted: Iterable[Reading]) -> dict[str, list[int]]:
    """Where each word of the wanted blocks stands."""
    words = {word for reading in wanted for word in reading.bag}
    index: dict[str, list[int]] = defaultdict(list)
    for reading in readings:
        for word in reading.bag.keys() & words:
            index[word].append(reading.index)
    return index


def similar(
    reading: Reading, among: Sequence[Reading], index: Mapping[str, list[int]], rarity: Rarity
) -> set[int]:
    """The blocks that share most rare words with this one, seen three ways (itself left out by the caller)."""
    places = PLACES if len(reading.bag) > SHORT else PLACES_OF_SHORT
    rare = [word for word in reading.bag if 0 < len(index.get(word, ())) <= places]
    rare.sort(key=lambda word: (-rarity[word], word))
    shared: dict[int, float] = defaultdict(float)
    for word in rare[:WORDS]:
        for place in index[word]:
            shared[place] += rarity[word]
    if len(shared) <= BY_WORDS:
        return set(shared)
    weight = rarity.weight(reading)
    weights = rarity.weights
    size = {j: weights[among[j].text] for j in shared}
    views = (
        shared,
        {j: value / (size[j] + 1) for j, value in shared.items()},
        {j: value / (size[j] + weight) for j, value in shared.items()},
    )
    return {j for view in views for j in sorted(view, key=view.__getitem__, reverse=True)[:BY_WORDS]}
