"""How alike two blocks are in themselves, wherever they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log

from rapidfuzz import fuzz

from consult.text.matching.candidates import index_words, similar
from consult.text.matching.words import Rarity, Reading

# Two blocks of four words or more of which neither finds this share of its words or pieces in the other have
# nothing in common but the language: whatever stands around them, the one did not become the other.
NOTHING_SHARED = 0.25
FEW_WORDS = 4
# A single word ("or") says nothing about a block of more words than this, though it stands there.
AMONG = 5
# Texts are compared letter by letter up to here; beyond it their words alone count.
LETTERS = 4000


@dataclass(slots=True)
class Likeness:
    """What two blocks share, each figure from 0 to 1."""

    old_kept: float  # share of the old block's weight of words found in the new one: what became of it
    new_known: float  # share of the new block's weight found in the old one: how much of it is not new
    old_pieces: float  # the same for pieces of four letters: sees through endings and compounds
    new_pieces: float
    pairs: float  # words that stand next to each other in both: tells a rewording from a shared vocabulary
    missing: float  # the rarest word of one that the other lacks: a boilerplate row about something else
    overall: float  # one figure for all, to compare candidates with


def likeness(old: Reading, new: Reading, rarity: Rarity) -> Likeness | None:
    """Compare two blocks; None if they share next to nothing."""
    shared = rarity.shared(old.bag, new.bag)
    weight, weight_new = rarity.weight(old), rarity.weight(new)
    old_kept, new_known = shared / weight, shared / weight_new
    pieces = len(old.pieces & new.pieces)
    old_pieces, new_pieces = pieces / max(1, len(old.pieces)), pieces / max(1, len(new.pieces))
    size = min(len(old.words), len(new.words))
    if max(old_kept, new_known, old_pieces, new_pieces) < NOTHING_SHARED * min(1.0, size / FEW_WORDS):
        return None
    both = len(old.pairs) + len(new.pairs)
    return Likeness(
        old_kept,
        new_known,
        old_pieces,
        new_pieces,
        pairs=2 * len(old.pairs & new.pairs) / both if both else 2 * shared / (weight + weight_new),
        missing=min(rarity.rarest_missing(old.bag, new.bag), rarity.rarest_missing(new.bag, old.bag)),
        overall=_overall(old, new, shared, (weight, weight_new)),
    )


def about(old: Reading, new: Reading, rarity: Rarity) -> float:
    """The most that either block shows of what the other is about, 0 to 1.

    Low for another subject in the same turns of phrase, however many common words the two share.
    """
    if min(len(old.words), len(new.words)) < 2 and max(len(old.words), len(new.words)) > AMONG:
        return 0.0
    core, whole = rarity.cores[old.text]
    core_new, whole_new = rarity.cores[new.text]
    shared = sum([min(weight, core_new[stem]) for stem, weight in core.items() if stem in core_new])
    return shared / min(whole, whole_new)


def alone(old: Reading, new: Reading) -> float:
    """The most that either of two blocks shows of the other, 0 to 1, judged by these two alone.

    Where no text says which words are rare, long ones stand in for them: the words that every sentence has are
    short in every language with spaces. Pieces see through endings, and stand in for words where none is long.
    """
    shared = sum(min(count, new.bag[word]) * len(word) for word, count in old.bag.items())
    pieces = len(old.pieces & new.pieces)
    return max(
        share / max(1, whole)
        for share, whole in (
            (shared, sum(map(len, old.words))),
            (shared, sum(map(len, new.words))),
            (pieces, len(old.pieces)),
            (pieces, len(new.pieces)),
        )
    )


def _overall(old: Reading, new: Reading, shared: float, weights: tuple[float, float]) -> float:
    """Letters for a half, shared weight of both and of the smaller for a quarter each: order, content, part."""
    letters = fuzz.ratio(old.plain[:LETTERS], new.plain[:LETTERS]) / 100
    return 0.5 * letters + 0.5 * shared / sum(weights) + 0.25 * shared / min(weights)


def nearest_sibling(readings: Sequence[Reading], wanted: Collection[int], rarity: Rarity) -> dict[int, float]:
    """How like each wanted block is to the most similar *other* block of its own text.

    Boilerplate resembles its siblings; a match no better than that says little.
    """
    index = index_words(readings, (readings[i] for i in wanted))
    siblings = {}
    for i in wanted:
        here = readings[i]
        others = similar(here, readings, index, rarity) | {i - 2, i - 1, i + 1, i + 2}
        siblings[i] = max(
            (_alike(here, readings[k], rarity) for k in others if k != i and 0 <= k < len(readings)),
            default=0.0,
        )
    return siblings


def _alike(one: Reading, other: Reading, rarity: Rarity) -> float:
    weights = rarity.weights[one.text], rarity.weights[other.text]
    return _overall(one, other, rarity.shared(one.bag, other.bag), weights)


def length(reading: Reading) -> float:
    """Number of words on a scale from 0 (none) to 1 (150 and more)."""
    return min(1.0, log(1 + len(reading.words)) / 5)
