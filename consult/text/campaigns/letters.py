"""A comment as it is compared: its own words, their runs, and the few numbers under which it is looked up.

Every number comes from our own universal hashing (Carter and Wegman, 1979) over words numbered by BLAKE2, so that it
is the same in every process and every version of Python. What is kept in a table hangs on SEED: whoever changes the
hashing, or what is hashed, changes it and has the table made anew (`consult recount`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

from consult.text.campaigns.common import ANYWHERE, LITTLE
from consult.text.campaigns.words import BREAK, Runs, sentences

SEED = 1
PRIME = (1 << 61) - 1
BANDS_OF_PAIRS = 22
BANDS_OF_TRIPLES = 10
SHORTEST = 16  # words
LONG_SENTENCE = 25  # words: a longer one counts as several, as where somebody writes no full stops
FEWEST_TELLING = 7  # different words that do not stand in any answer to a consultation


def _coefficients(seed: int, count: int) -> tuple[int, ...]:
    digest = (blake2b(f"{seed}:{at}".encode(), digest_size=8).digest() for at in range(count))
    return tuple(int.from_bytes(each, "big") % (PRIME - 1) + 1 for each in digest)


_A, _B, _C, _D, _E = _coefficients(SEED, 5)


@lru_cache(maxsize=100_000)
def number_of(word: str) -> int:
    """Return the number of a word, below PRIME."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") % PRIME


@dataclass(frozen=True, eq=False)
class Letter:
    """The own words of a comment, as they are compared.

    `words` has a BREAK between sentences; `sentence` says of each word in which it stands. `pairs` are the numbers of
    two words in a row, where one of them says something, in order. `pairs_at` says where in `pairs` each stands, and
    `triples_at` where among the words each number of three words in a row does. `buckets` are its bands: two comments that share one are worth a look. `mark` is the same for two comments of the same words alone.
    """

    words: tuple[str, ...]
    sentence: tuple[int, ...]
    length: int
    pairs: tuple[int, ...]
    pair_sentence: tuple[int, ...]
    pairs_at: Mapping[int, Sequence[int]]
    triples_at: Mapping[int, Sequence[int]]
    buckets: tuple[int, ...]
    mark: int

    @property
    def is_groupable(self) -> bool:
        """Say whether it is long enough, and says enough of its own, to be told from one that merely agrees."""
        return bool(self.buckets)


def letter(text: str, *backgrounds: Runs) -> Letter:
    """Read a comment as it was typed. Runs of words that stand in one of the `backgrounds` too do not count."""
    words, places = _flat(sentences(text, *backgrounds))
    numbers = [number_of(word) if word else 0 for word in words]
    says = [bool(word) and word not in LITTLE for word in words]
    placed = list(_pairs(numbers, says))
    pairs = tuple(pair for pair, _at in placed)
    pairs_at = _places(enumerate(pairs))
    triples_at = _places(_triples(numbers, says))
    length = sum(map(bool, words))
    telling = {word for word in words if word and word not in ANYWHERE and not word.isdigit()}
    is_long = length >= SHORTEST and len(telling) >= FEWEST_TELLING
    mark = _digest(" ".join(filter(None, words)))
    buckets = tuple(_buckets(pairs_at, triples_at)) if is_long else ()
    in_sentence = tuple(places[at] for _pair, at in placed)
    return Letter(words, places, length, pairs, in_sentence, pairs_at, triples_at, buckets, mark)


def _flat(parts: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    words: list[str] = []
    places: list[int] = []
    at = 0
    for part in parts:
        words += [*part, BREAK]
        places += [at + place // LONG_SENTENCE for place in range(len(part) + 1)]
        at = places[-1] + 1
    return tuple(words), tuple(places)


def _pairs(numbers: Sequence[int], says: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield each pair, and where its first word stands."""
    for at, (one, other) in enumerate(pairwise(numbers)):
        if one and other and (says[at] or says[at + 1]):
            yield (_A * one + _B * other + _D) % PRIME, at


def _triples(numbers: Sequence[int], says: Sequence[bool]) -> Iterator[tuple[int, int]]:
    for at in range(len(numbers) - 2):
        one, two, three = numbers[at : at + 3]
        if one and two and three and (says[at] or says[at + 1] or says[at + 2]):
            yield at, (_A * one + _B * two + _C * three + _E) % PRIME


def _places(numbered: Iterable[tuple[int, int]]) -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = {}
    for at, number in numbered:
        found.setdefault(number, []).append(at)
    return found


def _buckets(pairs: Iterable[int], triples: Iterable[int]) -> Iterator[int]:
    """Yield a number for each band: MinHash by one permutation (Li, Owen and Zhang, 2012), a band of one row each.

    A band that no feature falls into has none. Letters made of alternatives share few runs, so that one row is all
    that can be asked of a band; what is found by chance goes when texts are compared.
    """
    for first, count, features in (
        (0, BANDS_OF_PAIRS, pairs),
        (BANDS_OF_PAIRS, BANDS_OF_TRIPLES, triples),
    ):
        least: dict[int, int] = {}
        for feature in features:
            mixed = (feature * _C + _D) % PRIME
            band, rank = mixed % count, mixed // count
            if rank < least.get(band, PRIME):
                least[band] = rank
        for band, rank in sorted(least.items()):
            yield _signed((rank * 64 + first + band) * _E % PRIME)


def _digest(text: str) -> int:
    return _signed(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") % PRIME)


def _signed(number: int) -> int:
    """Return a number as it is kept: below 2⁶¹, which every database holds as an integer."""
    return number % PRIME
