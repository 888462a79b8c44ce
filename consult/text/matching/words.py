"""Reading one block for matching: its words in any script, without its markup.

Nothing here knows a language: no list of stop words, no stems.  A word that stands in many blocks of the two
texts at hand counts little (see `Rarity`), whatever language it belongs to.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
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
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^)\s]*(?:\s[^)]*)?\)|\[[^\[\]]*\])")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_MARKUP = re.compile(r"[*`~\\|]+|(?<!\w)_+|_+(?!\w)")
_SPACE = re.compile(r"\s+")
# A piece of this many letters: long enough to tell word stems apart, short enough to survive an ending.
PIECE = 4


@dataclass(slots=True, eq=False)
class Reading:
    """One block as the matcher sees it; two with the same `key` are the same text.  `level` is 0 for no heading."""

    index: int
    kind: str
    level: int
    key: str
    plain: str
    words: list[str]
    bag: Counter[str]
    pairs: set[tuple[str, str]]
    pieces: set[str]
    weight: float = 0.0


def same_key(text: str) -> str:
    """Equal for two texts that differ in white space or typography alone (quotes, dashes, composed letters)."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)).strip()


def plain(key: str) -> str:
    """The visible words of a piece of Markdown in small letters; its source where nothing is visible."""
    shown = _MARKUP.sub(" ", _TAG.sub(" ", _LINK.sub(r" \1 ", key)))
    return _SPACE.sub(" ", shown).strip().casefold() or key.casefold()


def split_words(text: str) -> list[str]:
    """The words of a text; pairs of letters where no spaces are written; bare signs (emoji) if nothing else."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        run = match.group()
        if match["unspaced"] and len(run) > 1:
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.append(run)
    return found or [sign for sign in text if not sign.isspace()]


def read(blocks: Sequence[BlockLike]) -> list[Reading]:
    """Read every block once."""
    return [_reading(index, block) for index, block in enumerate(blocks)]


def _reading(index: int, block: BlockLike) -> Reading:
    key = same_key(block.text)
    text = plain(key)
    words = split_words(text)
    line = f" {' '.join(words)} "
    return Reading(
        index=index,
        kind=block.kind,
        level=int(block.kind[1]) if re.fullmatch("h[1-6]", block.kind) else 0,
        key=key,
        plain=text,
        words=words,
        bag=Counter(words),
        pairs=set(pairwise(words)),
        pieces={line[at : at + PIECE] for at in range(len(line) - PIECE + 1)},
    )


class Rarity(dict[str, float]):
    """How much each word tells: rare ones much, those in every block next to nothing.

    Inverse document frequency (Spärck Jones, 1972), counted in whichever text has the word more often: a word
    that one edit brings into many blocks must not look rare.
    """

    def __init__(self, old: Sequence[Reading], new: Sequence[Reading]) -> None:
        super().__init__()
        in_old = Counter(word for reading in old for word in reading.bag)
        in_new = Counter(word for reading in new for word in reading.bag)
        total = max(len(old), len(new)) + 1
        for word in in_old.keys() | in_new.keys():
            self[word] = log(1 + total / max(in_old[word], in_new[word]))
        self.most = max(self.values(), default=1.0)
        for reading in (*old, *new):
            reading.weight = sum(self[word] * count for word, count in reading.bag.items()) or 1.0

    def shared(self, one: Counter[str], other: Counter[str]) -> float:
        """Weight of the words that two bags have in common."""
        if len(one) > len(other):
            one, other = other, one
        return sum(self[word] * min(count, other[word]) for word, count in one.items() if word in other)

    def rarest_missing(self, one: Counter[str], other: Counter[str]) -> float:
        """The rarest word of one bag that the other has not, 0 (none) to 1."""
        return max((self[word] for word in one if word not in other), default=0.0) / self.most
