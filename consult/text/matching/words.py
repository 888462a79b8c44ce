"""Reading one block for matching: its words in any script, without its markup.

Nothing here knows a language: no list of stop words, no stems.  A word that stands in many blocks of the two
texts at hand counts little (see `Rarity`), whatever language it belongs to.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from math import log
from typing import Protocol


class BlockLike(Protocol):
    """What matching needs to know of a block: its kind (`h1`…`h6`, `p`, `li`, `row`, `code`, `quote`) and text."""

    @property
    def kind(self) -> str: ...

    @property
    def text(self) -> str: ...


_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f"),
        "\u2026": "...",
    }
)
# Combining marks that `\w` leaves out although they stand inside words: accents, Hebrew, Arabic, Indian scripts.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0711\u0730-\u074a\u07a6-\u07b0\u0900-\u0963\u0971-\u0df3"
)
# Scripts written without spaces (Thai, Lao, Tibetan, Burmese, Khmer, kana, ideographs).
_UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0f0a\u0f0c-\u0fbc\u1000-\u109f\u1780-\u17d3\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|(?:(?![{_UNSPACED}])[\w{_MARKS}])+")
_SPACED_WORD = re.compile(rf"[\w{_MARKS}]+")
_ANY_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^)\s]*(?:\s[^)]*)?\)|\[[^\[\]]*\])")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_MARKUP = re.compile(r"[*`~\\|]+|(?<!\w)_+|_+(?!\w)")
_DASHES = re.compile(r"-{2,3}")
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
# A piece of this many letters: long enough to tell word stems apart, short enough to survive an ending.
PIECE = 4
# Words that begin alike count as one where the subject of a text is in question: payment, payments, to pay.
STEM = 5


class Text:
    """The words of a text, each view of them made when it is first asked for: most texts did not change."""

    def __init__(self, key: str) -> None:
        self.key = key

    @cached_property
    def plain(self) -> str:
        return plain(self.key)

    @cached_property
    def words(self) -> list[str]:
        return split_words(self.plain)

    @cached_property
    def bag(self) -> Counter[str]:
        return Counter(self.words)

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        return set(pairwise(self.words))

    @cached_property
    def pieces(self) -> set[str]:
        line = f" {' '.join(self.words)} "
        return {line[at : at + PIECE] for at in range(len(line) - PIECE + 1)}


class Reading:
    """One block as the matcher sees it; two with the same `key` share their text.  `level` is 0 for no heading."""

    __slots__ = ("index", "key", "kind", "level", "text")

    def __init__(self, index: int, kind: str, text: Text) -> None:
        self.index, self.kind, self.text, self.key = index, kind, text, text.key
        self.level = int(kind[1]) if kind in _HEADINGS else 0

    @property
    def plain(self) -> str:
        return self.text.plain

    @property
    def words(self) -> list[str]:
        return self.text.words

    @property
    def bag(self) -> Counter[str]:
        return self.text.bag

    @property
    def pairs(self) -> set[tuple[str, str]]:
        return self.text.pairs

    @property
    def pieces(self) -> set[str]:
        return self.text.pieces


def same_key(text: str) -> str:
    """Equal for two texts that differ in white space or typography alone (quotes, dashes, composed letters)."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)
    if "--" in text:
        text = _DASHES.sub("-", text)
    return " ".join(text.split())


def plain(key: str) -> str:
    """The visible words of a piece of Markdown in small letters; its source where nothing is visible."""
    shown = _LINK.sub(r" \1 ", key) if "[" in key else key
    shown = _TAG.sub(" ", shown) if "<" in shown else shown
    return " ".join(_MARKUP.sub(" ", shown).split()).casefold() or key.casefold()


def split_words(text: str) -> list[str]:
    """The words of a text; pairs of letters where no spaces are written; bare signs (emoji) if nothing else."""
    if not _ANY_UNSPACED.search(text):
        return _SPACED_WORD.findall(text) or [sign for sign in text if not sign.isspace()]
    found: list[str] = []
    for match in _WORD.finditer(text):
        run = match.group()
        if match["unspaced"] and len(run) > 1:
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.append(run)
    return found or [sign for sign in text if not sign.isspace()]


def read(*texts: Sequence[BlockLike]) -> list[list[Reading]]:
    """Read every block of each text once, and equal ones together."""
    known: dict[str, Text] = {}
    keys: dict[str, str] = {}
    return [
        [Reading(index, block.kind, _text(block.text, keys, known)) for index, block in enumerate(blocks)]
        for blocks in texts
    ]


def _text(source: str, keys: dict[str, str], known: dict[str, Text]) -> Text:
    key = keys.get(source)
    if key is None:
        key = keys[source] = same_key(source)
    text = known.get(key)
    if text is None:
        text = known[key] = Text(key)
    return text


class Rarity(dict[str, float]):
    """How much each word tells: rare ones much, those in every block next to nothing.

    Inverse document frequency (Spärck Jones, 1972), counted in whichever text has the word more often: a word
    that one edit brings into many blocks must not look rare.
    """

    def __init__(self, old: Sequence[Reading], new: Sequence[Reading]) -> None:
        super().__init__()
        in_old, in_new = _standing_in(old), _standing_in(new)
        total = max(len(old), len(new)) + 1
        for word in in_old.keys() | in_new.keys():
            self[word] = log(1 + total / max(in_old[word], in_new[word]))
        self.most = max(self.values(), default=1.0)
        self.weights = Weights(self)
        self.cores = Cores(self)

    def weight(self, reading: Reading) -> float:
        """How much all words of a block tell."""
        return self.weights[reading.text]

    def shared(self, one: Counter[str], other: Counter[str]) -> float:
        """Weight of the words that two bags have in common."""
        if len(one) > len(other):
            one, other = other, one
        return sum([self[word] * min(count, other[word]) for word, count in one.items() if word in other])

    def rarest_missing(self, one: Counter[str], other: Counter[str]) -> float:
        """The rarest word of one bag that the other has not, 0 (none) to 1."""
        return max((self[word] for word in one if word not in other), default=0.0) / self.most


class Weights(dict[Text, float]):
    """How much all words of a text tell, counted when first asked for."""

    def __init__(self, rarity: Rarity) -> None:
        super().__init__()
        self.rarity = rarity

    def __missing__(self, text: Text) -> float:
        weight = self[text] = sum([self.rarity[word] * count for word, count in text.bag.items()]) or 1.0
        return weight


class Cores(dict[Text, tuple[dict[str, float], float]]):
    """What a text is about, and the sum of it: its words by their beginnings, rare ones far before common (squared)."""

    def __init__(self, rarity: Rarity) -> None:
        super().__init__()
        self.rarity = rarity

    def __missing__(self, text: Text) -> tuple[dict[str, float], float]:
        core: dict[str, float] = {}
        for word, count in text.bag.items():
            core[word[:STEM]] = core.get(word[:STEM], 0.0) + count * self.rarity[word] ** 2
        found = self[text] = core, sum(core.values()) or 1.0
        return found


def _standing_in(readings: Sequence[Reading]) -> Counter[str]:
    """In how many blocks each word stands."""
    found: Counter[str] = Counter()
    for reading in readings:
        found.update(reading.bag.keys())
    return found
