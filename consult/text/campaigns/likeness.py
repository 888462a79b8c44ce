"""How much two letters have in common: the words that stand in both in runs, and the pairs that stand in both in order.

Copies share runs. Letters whose phrases are drawn from lists of wordings share few, but what they share comes in the
same order, all the way through; people who talk of the same thing share as many words, and in no order.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from consult.text.campaigns.letters import Letter

SAYS_SOMETHING = 5  # words of a sentence that must be shared for it to count as one of those in common
SMALLEST_STRETCH = 30  # pairs: a match within fewer is luck
COST_OF_A_MISS = 0.1
SLIP = 5  # words between two that are shared, which are still together
LONGEST_RUN = 3
FEWEST_IN_A_SENTENCE, MOST_IN_A_SENTENCE = 2, 4  # pairs, where sentences have changed their order


@dataclass(frozen=True)
class Likeness:
    """What two letters share.

    `shared` words stand in common runs, which are `part` of the shorter letter and touch so many `sentences`; so many of
    them stand `together`, with next to nothing between them.
    `ordered` pairs of words stand in both in the same order, of sentences or within them, in so many sentences of each (`spread`), which is `density`
    of the stretches in which they stand. Of a run no more than LONGEST_RUN count: one phrase that two people took from
    the same place is not a letter.
    """

    shared: int = 0
    part: float = 0.0
    sentences: int = 0
    together: int = 0
    ordered: int = 0
    spread: int = 0
    density: float = 0.0


NOTHING = Likeness()


def likeness(one: Letter, other: Letter) -> Likeness:
    """Compare two letters; it is the same whichever comes first."""
    common = one.pairs_at.keys() & other.pairs_at.keys()
    if len(common) < 3:
        return NOTHING
    triples = one.triples_at.keys() & other.triples_at.keys()
    covered, covered_too = covered_by(one, triples), covered_by(other, triples)
    shared = min(len(covered), len(covered_too))
    at_one, at_other = places(one, common), places(other, common)
    from_one, to_one = stretch(at_one)
    from_other, to_other = stretch(at_other)
    ordered, spread = _in_order(
        one,
        [at for at in at_one if from_one <= at < to_one],
        other,
        [at for at in at_other if from_other <= at < to_other],
    )
    beside, sentences_beside = _in_sentences(one, other, common)
    if beside > ordered:
        ordered, spread = beside, sentences_beside
    within = max(SMALLEST_STRETCH, min(to_one - from_one, to_other - from_other))
    shorter = max(1, min(one.length, other.length))
    sentences = min(_sentences(one, covered), _sentences(other, covered_too))
    together = min(_together(covered), _together(covered_too))
    return Likeness(shared, shared / shorter, sentences, together, ordered, spread, ordered / within)


def _in_order(one: Letter, at_one: Sequence[int], other: Letter, at_other: Sequence[int]) -> tuple[int, int]:
    """Return how many of these pairs stand in the same order in both, and in how many sentences of each."""
    codes = LCSseq.opcodes([one.pairs[at] for at in at_one], [other.pairs[at] for at in at_other])
    ordered, run, last = 0, 0, (-2, -2)
    said_in: set[int] = set()
    said_in_other: set[int] = set()
    for code in codes:
        if code.tag != "equal":
            continue
        for step in range(code.src_end - code.src_start):
            here = at_one[code.src_start + step], at_other[code.dest_start + step]
            run = run + 1 if here == (last[0] + 1, last[1] + 1) else 1
            ordered += run <= LONGEST_RUN
            last = here
            said_in.add(one.pair_sentence[here[0]])
            said_in_other.add(other.pair_sentence[here[1]])
    return ordered, min(len(said_in), len(said_in_other))


def _in_sentences(one: Letter, other: Letter, common: Iterable[int]) -> tuple[int, int]:
    """Return the same where sentences may have changed their order: each goes with the one that it shares most with."""
    cells = Counter(
        (one.pair_sentence[one.pairs_at[pair][0]], other.pair_sentence[other.pairs_at[pair][0]])
        for pair in common
    )
    ordered, spread = 0, 0
    taken: set[int] = set()
    taken_other: set[int] = set()
    for (here, there), count in sorted(cells.items(), key=lambda cell: (-cell[1], cell[0])):
        if count < FEWEST_IN_A_SENTENCE:
            break
        if here not in taken and there not in taken_other:
            taken.add(here)
            taken_other.add(there)
            ordered, spread = ordered + min(count, MOST_IN_A_SENTENCE), spread + 1
    return ordered, spread


def covered_by(letter: Letter, triples: Iterable[int]) -> set[int]:
    """Return which of a letter's words stand in one of these runs of three."""
    return {at + step for triple in triples for at in letter.triples_at[triple] for step in range(3)}


def _together(covered: Iterable[int]) -> int:
    """Return how many of these words stand in one stretch at most, over which a slip or two is passed."""
    most, count, last = 0, 0, -1
    for at in sorted(covered):
        count = count + 1 if count and at - last <= SLIP else 1
        most, last = max(most, count), at
    return most


def _sentences(letter: Letter, covered: Iterable[int]) -> int:
    """Return in how many sentences enough of these words stand."""
    touched = Counter(letter.sentence[at] for at in covered)
    return sum(count >= SAYS_SOMETHING for count in touched.values())


def places(letter: Letter, pairs: Iterable[int]) -> list[int]:
    """Return where in a letter's pairs these stand, which must all be its own."""
    return sorted(at for pair in pairs for at in letter.pairs_at[pair])


def stretch(hits: Sequence[int]) -> tuple[int, int]:
    """Return from where to where hits stand closest: each is worth one, and each place between them costs a little."""
    if not hits:
        return 0, 0
    best = (0.0, hits[0], hits[0])
    worth, began, last = 0.0, hits[0], hits[0]
    for at in hits:
        cost = COST_OF_A_MISS * (at - last - 1) if at > last else 0.0
        if worth <= cost:
            worth, began = 0.0, at
        else:
            worth -= cost
        worth, last = worth + 1.0, at
        if worth > best[0]:
            best = (worth, began, at)
    return best[1], best[2] + 1
