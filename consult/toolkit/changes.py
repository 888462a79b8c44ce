"""What changed between two revisions, paragraph by paragraph and then word by word. Pure.

Paragraphs that stayed are found first; within what lies between them, paragraphs that are alike are shown as one
that changed, the rest as taken out or put in. Only what changed is shown in full, with a paragraph around it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from markupsafe import Markup, escape
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from consult.text.diff import diff_html

Kind = Literal["same", "changed", "removed", "added", "gap"]
AROUND = 1  # paragraphs shown before and after a change
LIKE_ENOUGH = 50  # of 100: below, two paragraphs are not the same one
BEGINNING = 600  # characters by which two paragraphs are held against each other
PAIRED_AT_MOST = 10_000  # pairs of paragraphs to hold against each other; beyond it, all counts as rewritten
BEGINS = re.compile(r"\s*(?:[-*+>|#]|\d{1,9}[.)]\s)")
FENCE = re.compile(r"\s*(?:```|~~~)")

NOTHING = Markup()

Pair = tuple[str | None, str | None]


@dataclass(frozen=True)
class Change:
    """One paragraph of a comparison; a gap stands for `count` paragraphs that are left out."""

    kind: Kind
    html: Markup = NOTHING
    count: int = 0


def compared(old: str, new: str, *, deleted: str = "", inserted: str = "") -> list[Change]:
    """Return the comparison of two sources in reading order; `deleted` and `inserted` are said before the words."""
    changes = [
        _change(before, after, deleted, inserted) for before, after in _paired(_pieces(old), _pieces(new))
    ]
    return list(_with_gaps(changes))


def _pieces(source: str) -> list[str]:
    """Divide a source into paragraphs, items, rows and headings; the lines of one paragraph are joined."""
    pieces: list[str] = []
    is_open = is_code = False
    for line in source.splitlines():
        if FENCE.match(line):
            is_code = not is_code
        if not line.strip():
            is_open = False
        elif is_open and not is_code and not BEGINS.match(line):
            pieces[-1] += " " + line.strip()
        else:
            pieces.append(line.rstrip())
            is_open = not is_code
    return pieces


def _paired(old: list[str], new: list[str]) -> Iterator[Pair]:
    gone: list[str] = []
    come: list[str] = []
    for code in Indel.opcodes(old, new):
        if code.tag == "equal":
            yield from _matched(gone, come)
            gone, come = [], []
            yield from ((piece, piece) for piece in new[code.dest_start : code.dest_end])
        gone += old[code.src_start : code.src_end] if code.tag in ("delete", "replace") else []
        come += new[code.dest_start : code.dest_end] if code.tag in ("insert", "replace") else []
    yield from _matched(gone, come)


def _matched(gone: list[str], come: list[str]) -> Iterator[Pair]:
    """Put paragraphs that are alike side by side, in order, so that together they are as alike as can be."""
    if len(gone) * len(come) > PAIRED_AT_MOST:
        yield from ((piece, None) for piece in gone)
        yield from ((None, piece) for piece in come)
        return
    best = _best(gone, come)
    i = j = 0
    while i < len(gone) or j < len(come):
        if i < len(gone) and (j == len(come) or best[i][j] == best[i + 1][j]):
            yield gone[i], None
            i += 1
        elif i == len(gone) or best[i][j] == best[i][j + 1]:
            yield None, come[j]
            j += 1
        else:
            yield gone[i], come[j]
            i, j = i + 1, j + 1


def _best(gone: list[str], come: list[str]) -> list[list[float]]:
    """Return how alike the rests from i and from j can be made, for every i and j."""
    best = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for i in reversed(range(len(gone))):
        for j in reversed(range(len(come))):
            like = fuzz.ratio(gone[i][:BEGINNING], come[j][:BEGINNING], score_cutoff=LIKE_ENOUGH)
            together = best[i + 1][j + 1] + like if like else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    return best


def _change(before: str | None, after: str | None, deleted: str, inserted: str) -> Change:
    if before is None or after is None:
        kind: Kind = "added" if before is None else "removed"
        return Change(kind, diff_html(before or "", after or "", deleted=deleted, inserted=inserted))
    if before == after:
        return Change("same", escape(after))
    return Change("changed", diff_html(before, after, deleted=deleted, inserted=inserted))


def _with_gaps(changes: Sequence[Change]) -> Iterator[Change]:
    runs = [(is_same, list(run)) for is_same, run in groupby(changes, lambda change: change.kind == "same")]
    for place, (is_same, run) in enumerate(runs):
        before = AROUND if place > 0 else 0
        after = AROUND if place < len(runs) - 1 else 0
        if not is_same or len(run) <= before + after + 1:
            yield from run
            continue
        yield from run[:before]
        yield Change("gap", count=len(run) - before - after)
        yield from run[len(run) - after :]
