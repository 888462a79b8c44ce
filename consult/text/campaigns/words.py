"""The words of a comment that are its author's own: without marks, quotations, labels of a form and signatures.

Two people who quote the same passage have not sent the same letter, so that what is quoted does not count; nor do
the labels of a form, nor what the caller hands over as `background` (the paragraph, the comment that is answered).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from consult.text.campaigns.common import listed

BREAK = ""
"""Stands between words that do not follow one another in their author's text."""
QUOTED_AT_LEAST = 8  # words: a shorter quotation is a word or a name that is talked about
REMAINS_AT_LEAST = 5  # words beside the quotations: with fewer, all of it is a letter that somebody passed on
RUN = 5  # words in a row that stand in the background too: they are quoted, with or without marks

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′", "'"))
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKS = re.compile(r"(?m)^[ \t]*(?:#{1,6}[ \t]+|[-*+•][ \t]+|\d{1,3}[.)][ \t]+)|[*_~`|]+")
_MAIL_LINE = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_LABEL = re.compile(
    r"(?m)^[ \t]*(?=\S)(?:[^\W\d_][^\n:?.!,]{0,60}:(?=\s))?(?:[ \t]*[^\n.!?]{3,160}\?(?=\s|$))?"
)
_INLINE_LABEL = re.compile(r"(?:^|(?<=[.;,!?]\s))[A-Z][^\W\d_]*(?: [a-z]+)?:(?=\s)")
_SPANS = (re.compile(r"“([^“”]{20,})”"), re.compile(r"\"([^\"]{20,})\""), re.compile(r"«([^«»]{20,})»"))
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')]*\s+|\n\s*\n")
_SHORT_FORMS = {
    "cannot": "can not",
    "can't": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "i'm": "i am",
    "let's": "let us",
}
_ENDINGS = (("n't", " not"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("'d", " would"))
_LETTER_WORDS = listed(
    "i me my we us our ask urge please dear sincerely faithfully regards rwy hoffwn gofynnaf annwyl"
)


Runs = frozenset[tuple[str, ...]]
"""The runs of words that stand in a text."""
NO_RUNS: Runs = frozenset()


def runs_of(background: str) -> Runs:
    """Return the runs of words of a text that people may quote."""
    words = list(_words(_plain(background)))
    return frozenset(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def sentences(text: str, *backgrounds: Runs) -> list[list[str]]:
    """Return the author's own words, folded, sentence by sentence; BREAK where something was left out."""
    own = _without_quotations(_plain(text))
    found = [words for part in _SENTENCE_END.split(own) if (words := list(_words(part)))]
    known = [runs for runs in backgrounds if runs]
    if not known:
        return found
    return [kept for words in found if any(kept := _without(words, known))]


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    text = _LINK.sub(r"\1", _ADDRESS.sub(" ", text))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_quotations(text: str) -> str:
    """Leave out what is quoted, unless it is nearly all there is or reads as somebody's letter."""
    lines = text.split("\n")
    is_quoted = [bool(_MAIL_LINE.match(line)) for line in lines]
    bare = [_MAIL_LINE.sub("", line) for line in lines]
    quoted = "\n".join(line for line, is_one in zip(bare, is_quoted, strict=True) if is_one)
    rest = "\n".join(line for line, is_one in zip(bare, is_quoted, strict=True) if not is_one)
    if quoted and (_count(rest) < REMAINS_AT_LEAST or _is_letter(quoted)):
        rest = "\n".join(bare)
    rest = _MARKS.sub(" ", rest)
    without = rest
    for span in _SPANS:
        without = span.sub(_kept_span, without)
    if _count(without) >= REMAINS_AT_LEAST:
        rest = without
    unlabelled = _LABEL.sub(lambda found: "\n\n" if found[0].strip() else found[0], rest)
    return _INLINE_LABEL.sub(" \n\n", unlabelled)


def _kept_span(found: re.Match[str]) -> str:
    said = found[1]
    return f" {said} " if _count(said) < QUOTED_AT_LEAST or _is_letter(said) else " \n\n "


def _is_letter(text: str) -> bool:
    """Say whether words speak for somebody, as letters do and drafts do not."""
    return len(_LETTER_WORDS.intersection(text.casefold().split())) >= 2


def _count(text: str) -> int:
    return len(_WORD.findall(text))


def _words(text: str) -> Iterator[str]:
    text = re.sub(r"£\s?(\d[\d,.]*\d|\d)", r"\1 pounds", text).replace("%", " percent ")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    for word in _WORD.findall(text):
        yield from folded(word)


def folded(word: str) -> Sequence[str]:
    """Return a word as it is compared: without case and plural, a short form as the words that it stands for."""
    word = unicodedata.normalize("NFKC", word).casefold().translate(_APOSTROPHES)
    if word in _SHORT_FORMS:
        return _SHORT_FORMS[word].split()
    for ending, full in _ENDINGS:
        if word.endswith(ending):
            return (word.removesuffix(ending) + full).split()
    word = word.removesuffix("'s").replace("'", "")
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return (word[:-1] if is_plural else word,)


def _without(words: list[str], known: Sequence[Runs]) -> list[str]:
    """Put a BREAK in place of each run of words that is known."""
    gone = [False] * len(words)
    for at in range(len(words) - RUN + 1):
        run = tuple(words[at : at + RUN])
        if any(run in runs for runs in known):
            gone[at : at + RUN] = [True] * RUN
    kept: list[str] = []
    for word, is_gone in zip(words, gone, strict=True):
        if not is_gone:
            kept.append(word)
        elif kept and kept[-1] != BREAK:
            kept.append(BREAK)
    return kept
