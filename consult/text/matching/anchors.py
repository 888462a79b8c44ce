"""Blocks whose text did not change: the fixed points between which everything else is looked for."""

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import LCSseq

from consult.text.matching.words import Reading

# A text that stands more often than this in a gap is taken in order even when its number changed; rarer ones
# are left to the judgement of their surroundings.
MANY = 8


def anchor(
    old: Sequence[Reading], new: Sequence[Reading], known: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Old to new index of the blocks with the same text, beside the links already `known`.

    Texts standing once on each side come first, then what joins on to them, then repeated text between them in
    order (Heckel, "A technique for isolating differences between files", 1978; Cohen's patience diff).
    """
    links = dict(known or {})
    _unique(links, old, new)
    _extend(links, old, new, sections=True)
    _extend(links, old, new)
    for between_old, between_new in _gaps(links, old, new):
        links.update(_in_order(between_old, between_new))
    _extend(links, old, new)
    return links


def _unique(links: dict[int, int], old: Sequence[Reading], new: Sequence[Reading]) -> None:
    in_old, in_new = Counter(r.key for r in old), Counter(r.key for r in new)
    place = {r.key: r.index for r in new}
    taken = set(links.values())
    for reading in old:
        if in_old[reading.key] == 1 == in_new[reading.key] and reading.index not in links:
            target = place[reading.key]
            if target not in taken:
                links[reading.index] = target


def _extend(
    links: dict[int, int], old: Sequence[Reading], new: Sequence[Reading], *, sections: bool = False
) -> None:
    """Give equal neighbours of linked blocks to each other, as far as they run.

    With `sections` not from a heading to the block before it: that is the end of another section, and where
    sections change places each keeps its own last item.
    """
    taken = set(links.values())
    waiting = deque(sorted(links.items()))
    while waiting:
        i, j = waiting.popleft()
        before = () if sections and old[i].level else ((i - 1, j - 1),)
        for a, b in ((i + 1, j + 1), *before):
            inside = 0 <= a < len(old) and 0 <= b < len(new)
            if inside and a not in links and b not in taken and old[a].key == new[b].key:
                links[a] = b
                taken.add(b)
                waiting.append((a, b))


def backbone(links: Mapping[int, int]) -> list[tuple[int, int]]:
    """The longest run of links that keep their order (patience sorting); what moved is left out."""
    pairs = sorted(links.items())
    tails: list[int] = []
    ends: list[int] = []
    before = [-1] * len(pairs)
    for at, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        tails[place : place + 1] = [j]
        ends[place : place + 1] = [at]
        before[at] = ends[place - 1] if place else -1
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _gaps(
    links: Mapping[int, int], old: Sequence[Reading], new: Sequence[Reading]
) -> list[tuple[list[Reading], list[Reading]]]:
    """What is not linked between two neighbours of the backbone, old and new."""
    taken = set(links.values())
    gaps = []
    last_old = last_new = -1
    for i, j in [*backbone(links), (len(old), len(new))]:
        between_old = [r for r in old[last_old + 1 : i] if r.index not in links]
        between_new = [r for r in new[last_new + 1 : j] if r.index not in taken]
        if between_old and between_new:
            gaps.append((between_old, between_new))
        last_old, last_new = i, j
    return gaps


def _in_order(old: list[Reading], new: list[Reading]) -> dict[int, int]:
    """Repeated texts of one gap, matched in order where their number leaves no doubt (or is large)."""
    count: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for side, readings in enumerate((old, new)):
        for reading in readings:
            count[reading.key][side] += 1
    clear = {key for key, (a, b) in count.items() if a and b and (a == b or max(a, b) > MANY)}
    old = [r for r in old if r.key in clear]
    new = [r for r in new if r.key in clear]
    links = {}
    for step in LCSseq.opcodes([r.key for r in old], [r.key for r in new]):
        if step.tag == "equal":
            for offset in range(step.src_end - step.src_start):
                links[old[step.src_start + offset].index] = new[step.dest_start + offset].index
    return links
