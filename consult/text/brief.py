"""Long texts made short enough to look over: their beginning, or their changes with a few words around each. Pure."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup
from rapidfuzz.distance import Postfix, Prefix

from consult.text.diff import Op, ops_html, word_diff

BEGINNING = 220  # characters
AROUND = 90  # characters left beside a change of what stayed
LONGEST_RUN = 700  # characters of what was taken out, or put in, in one place
LONG = 20_000  # characters that are compared: of longer texts, from the first difference on
LONGEST = 2_400  # characters of one comparison
CUT = "…"


def brief(text: str, most: int = BEGINNING) -> str:
    """Return the beginning of a text, cut behind a word where there is one."""
    if len(text) <= most:
        return text
    cut = text[:most].rsplit(None, 1)[0]
    return f"{(cut if len(cut) > most // 2 else text[:most]).rstrip()} {CUT}"


def brief_diff(old: str, new: str, *, deleted: str = "", inserted: str = "") -> Markup:
    """Return what differs between two texts, what stayed cut down to the words beside it."""
    ops = word_diff(*_what_differs(old, new))
    if all(op == "equal" for op, _ in ops):
        return Markup("{}").format(brief(new))
    return ops_html(_within(_shortened(ops)), deleted=deleted, inserted=inserted)


def _what_differs(old: str, new: str) -> tuple[str, str]:
    """Leave out of two long texts what both begin and end with, but for the words beside what differs."""
    if max(len(old), len(new)) <= LONG:
        return old, new
    head = max(0, Prefix.similarity(old, new) - 2 * AROUND)
    shorter = min(len(old), len(new)) - head
    tail = max(0, min(Postfix.similarity(old, new), shorter) - 2 * AROUND)
    return _part(old, head, tail), _part(new, head, tail)


def _part(text: str, head: int, tail: int) -> str:
    return (f"{CUT} " if head else "") + text[head : len(text) - tail][:LONG]


def _shortened(ops: Sequence[tuple[Op, str]]) -> Iterator[tuple[Op, str]]:
    for place, (op, text) in enumerate(ops):
        if op == "equal":
            yield op, _middle_out(text, is_first=place == 0, is_last=place == len(ops) - 1)
        else:
            tail = " " if text[-1:].isspace() else ""
            yield op, text if len(text) <= LONGEST_RUN else brief(text, LONGEST_RUN) + tail


def _middle_out(text: str, *, is_first: bool, is_last: bool) -> str:
    """Leave of a stretch that stayed the words beside the changes."""
    if len(text) <= (1 if is_first or is_last else 2) * AROUND + len(CUT) + 2:
        return text
    before = "" if is_first else _cut_behind(text[:AROUND])
    after = "" if is_last else _cut_before(text[-AROUND:])
    return f"{before}{CUT}{after}" if is_last else f"{before}{CUT} {after}"


def _cut_behind(text: str) -> str:
    words = text.rsplit(None, 1)
    return f"{words[0]} " if len(words) == 2 else text


def _cut_before(text: str) -> str:
    words = text.split(None, 1)
    return words[1] if len(words) == 2 else text


def _within(ops: Iterator[tuple[Op, str]]) -> Iterator[tuple[Op, str]]:
    left = LONGEST
    for op, text in ops:
        yield op, text
        left -= len(text)
        if left < 0:
            yield "equal", f" {CUT}"
            return
