"""A text as the pieces that a reader takes in whole: words, numbers, dates; characters where words have no gaps. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise

from consult.text.sameness import same_words

_WITH_MARKS = (range(0x300, 0x2100), range(0xA600, 0xAC00), range(0xFE20, 0xFE30), range(0x11000, 0x11E00))
_MARKS = "".join(chr(code) for code in chain(*_WITH_MARKS) if unicodedata.category(chr(code)).startswith("M"))
# accents and vowel signs are no letters to `re`, yet no word ends at one
_MARK = f"[{re.escape(_MARKS)}\u00ad\u200c\u200d]"
# Thai, Lao, Burmese, Khmer, kana, Han: words have no gaps between them
_GAPLESS = (
    "\u0e00-\u0e4f\u0e80-\u0ecf\u1000-\u103f\u1780-\u17df\u3005-\u3007\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# a syllable of Thai or Lao begins with a vowel that is written before it, and keeps those written behind
_SYLLABLE = (
    rf"[\u0e40-\u0e44\u0ec0-\u0ec4]?[{_GAPLESS}](?:{_MARK}|[\u0e30-\u0e33\u0e45\u0eb0-\u0eb3]|\u17d2\w)*"
)
_LETTER = rf"(?![{_GAPLESS}])\w{_MARK}*"
_WORD = rf"(?:[£$€¥₹]\s?)?(?:{_LETTER})+(?:[.,:/@'’_\-‐‑–·&٫٬](?:{_LETTER})+)*(?:\s?%)?"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_TONES = "[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"
_SIGN = rf"[^\w\s]{_TONES}(?:\u200d[^\w\s]{_TONES})*"
_URL = r"https?://[^\s<>]*[\w/]"
_PIECE = re.compile(rf"(?:\A\s+)?(?:{_URL}|{_WORD}|{_SYLLABLE}|\.{{3}}|-{{2,3}}|{_FLAG}|{_SIGN}|\S)\s*|\s+")
_ENDS = frozenset(".!?;…؟۔؛।॥։።")
_ENDS_WITHOUT_SPACE = frozenset("。！？；")
_CLOSERS = frozenset("\"'”’»)]）」』")
_SHORT = re.compile(r"\w|e\.g|i\.e|etc|cf|nos?|arts?|paras?|dr|mrs?|ms|st|vs", re.I)
"""What comes before a full stop that ends no sentence."""


def pieces(text: str) -> list[str]:
    """Return the pieces of a text, each with the white space after it; joined, they are the text."""
    return _PIECE.findall(text)


def bare(piece: str) -> str:
    """Return what a piece is compared by: white space is no difference."""
    return piece.strip() or " "


def bare_of_typography(piece: str) -> str:
    """Return what a piece is compared by where it makes no difference which quotation marks and dashes are used."""
    return same_words(piece) or " "


def weight(piece: str) -> float:
    """Return how much a piece says: little words say little in most languages, punctuation nothing."""
    word = piece.strip()
    if not any(map(str.isalnum, word)):
        return 0.0
    if len(word) == 1 and ord(word) > 0x2E80:
        return 0.4
    if len(word) > 4 or any(map(str.isdigit, word)):
        return 1.0
    return 0.6 if len(word) == 4 else 0.25


def sentences(text: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the sentences of a text begin and end, in pieces; a semicolon ends one too."""
    ends = [0, *(at + 1 for at in range(len(text) - 1) if ends_sentence(text, at)), len(text)]
    return [(start, end) for start, end in pairwise(ends) if start < end]


def ends_sentence(text: Sequence[str], at: int) -> bool:
    """Say whether a sentence ends with the piece at `at`, closing quotation marks and brackets with it."""
    sign = text[at].strip()
    if sign in _ENDS_WITHOUT_SPACE:
        return at + 1 == len(text) or text[at + 1].strip() not in _CLOSERS
    if not text[at][-1:].isspace() and at + 1 < len(text):
        return False
    back = at
    while back and text[back].strip() in _CLOSERS and not text[back - 1][-1:].isspace():
        back -= 1
    sign = text[back].strip()
    if sign not in _ENDS and sign != "...":
        return sign in _ENDS_WITHOUT_SPACE
    return not (sign == "." and back and _SHORT.fullmatch(text[back - 1].strip()))


def sums(values: Sequence[float]) -> list[float]:
    """Return the sums of the first none, one, two … values: those of any stretch are one subtraction away."""
    return list(accumulate(values, initial=0.0))
