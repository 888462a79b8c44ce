"""Which words changed between two texts, in runs that a person can read."""

import re
from collections.abc import Iterable
from typing import Literal

from markupsafe import Markup, escape
from rapidfuzz.distance import Indel

Op = Literal["equal", "delete", "insert"]
_TOKEN = re.compile(r"\w+(?:[.,'’\-]\w+)*\s*|[^\w\s]\s*|\s+")
_SENTENCE_END = re.compile(r"[.;:!?](?:\s|$)")
_DELETED, _INSERTED = Markup("<del>{}{}</del>{}"), Markup("<ins>{}{}</ins>{}")
_COMPARED_AT_MOST = 400_000_000
"""Cells of the table that is compared; beyond it (two texts of 20,000 words) all counts as rewritten."""
_GAP = 2
"""So many unchanged words between two changes are shown as changed too, against confetti."""


def word_diff(old: str, new: str) -> list[tuple[Op, str]]:
    """Runs of words that stayed, went and came; a run that went stands before what came for it."""
    runs = _joined(_runs(_TOKEN.findall(old), _TOKEN.findall(new)))
    return [(op, text) for kept, gone, come in runs for op, text in _ops(kept, gone, come) if text]


def diff_html(old: str, new: str, *, deleted: str = "", inserted: str = "") -> Markup:
    """`<del>` and `<ins>` around the changes, with the caller's words for those who only hear them."""
    pieces = []
    for op, text in word_diff(old, new):
        if op == "equal":
            pieces.append(escape(text))
            continue
        words = text.rstrip()
        said = deleted if op == "delete" else inserted
        label = Markup('<span class="vh">{} </span>').format(said) if said else Markup()
        around = _DELETED if op == "delete" else _INSERTED
        pieces.append(around.format(label, words, text[len(words) :]))
    return Markup().join(pieces)


Run = tuple[str, str, str]
"""Words that stayed, and after them what went and what came."""


def _ops(kept: str, gone: str, come: str) -> tuple[tuple[Op, str], ...]:
    return ("equal", kept), ("delete", gone), ("insert", come)


def _runs(old: list[str], new: list[str]) -> Iterable[Run]:
    kept = gone = come = ""
    for op, old_from, old_to, new_from, new_to in _opcodes(old, new):
        if op == "equal":
            if gone or come:
                yield kept, gone, come
                kept = gone = come = ""
            kept += "".join(new[new_from:new_to])
            kept += " " if old[old_to - 1][-1].isspace() and not kept[-1].isspace() else ""
        gone += "".join(old[old_from:old_to]) if op in ("delete", "replace") else ""
        come += "".join(new[new_from:new_to]) if op in ("insert", "replace") else ""
    yield kept, gone, come


def _opcodes(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    if len(old) * len(new) > _COMPARED_AT_MOST:
        return [("replace", 0, len(old), 0, len(new))]
    words_old, words_new = [_bare(word) for word in old], [_bare(word) for word in new]
    return [
        (code.tag, code.src_start, code.src_end, code.dest_start, code.dest_end)
        for code in Indel.opcodes(words_old, words_new)
    ]


def _bare(token: str) -> str:
    """White space is not a change."""
    return token.strip() or " "


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for kept, gone, come in runs:
        if joined and (gone or come) and _is_confetti(joined[-1], (kept, gone, come)):
            before, gone_before, come_before = joined.pop()
            joined.append((before, gone_before + kept + gone, come_before + kept + come))
        else:
            joined.append((kept, gone, come))
    return joined


def _is_confetti(previous: Run, following: Run) -> bool:
    """A word or two between two changes, each at least as long, and no end of a sentence there."""
    kept = following[0]
    changed = min(_length(previous), _length(following))
    words = len(kept.split())
    return words <= min(_GAP, changed) and not _SENTENCE_END.search(kept)


def _length(run: Run) -> int:
    return max(len(run[1].split()), len(run[2].split()))
