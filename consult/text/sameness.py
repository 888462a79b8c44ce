"""The same words in two texts: which block is which by its words alone, however they are typed.

`text.lineage` goes on from here, to blocks whose words have changed.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from rapidfuzz.distance import Indel

Relation = Literal["same", "edited", "moved", "split", "merged", "removed", "added"]
SURE = 1.0
UNSURE = 0.5
"""Text that is gone word for word may live on in other words: this method cannot tell."""

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        "…": "...",
        "|": " | ",  # cells of a row, however near they are set
    }
)
_DASHES = re.compile(r"-{2,3}")


class HasText(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Link:
    """One connected group: which old blocks became which new ones."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    relation: Relation
    confidence: float


def match(old: Sequence[HasText], new: Sequence[HasText]) -> list[Link]:
    """One link for each block of either side, in the order of the old and then of the new.

    A table follows its rows: it lives on in the table where most of them are.
    """
    pairs = _same_text(_texts(old), _texts(new))
    in_order = _longest_run(pairs)
    relations: dict[int, tuple[Relation, float]] = {
        before: ("same" if before in in_order else "moved", SURE) for before in pairs
    }
    for before, (after, share) in _tables(old, new, pairs).items():
        pairs[before] = after
        relations[before] = ("same", SURE) if share == 1 else ("edited", share)
    taken = set(pairs.values())
    links = [
        Link((before,), (pairs[before],), *relations[before])
        if before in pairs
        else Link((before,), (), "removed", UNSURE)
        for before in range(len(old))
    ]
    return links + [Link((), (after,), "added", UNSURE) for after in range(len(new)) if after not in taken]


def same_words(text: str) -> str:
    """The text by which two blocks are the same, whatever their quotation marks, dashes and spaces."""
    return " ".join(_DASHES.sub("-", text.translate(_TYPOGRAPHY)).split())


def _texts(blocks: Sequence[HasText]) -> list[str]:
    return ["" if block.kind == "table" else same_words(block.text) for block in blocks]


def _same_text(old: list[str], new: list[str]) -> dict[int, int]:
    """Text once on each side is the same block wherever it stands; repeated text, in its order."""
    pairs = _once_each(old, new)
    taken = set(pairs.values())
    repeated = ((before, after) for before, after in _in_common_order(old, new) if after not in taken)
    return {**dict(repeated), **pairs}


def _once_each(old: list[str], new: list[str]) -> dict[int, int]:
    count_old, count_new = Counter(old), Counter(new)
    places = {text: position for position, text in enumerate(new) if text}
    return {
        position: places[text]
        for position, text in enumerate(old)
        if text in places and count_old[text] == 1 == count_new[text]
    }


def _in_common_order(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    return [
        (code.src_start + step, code.dest_start + step)
        for code in Indel.opcodes(old, new)
        if code.tag == "equal"
        for step in range(code.src_end - code.src_start)
        if old[code.src_start + step]
    ]


def _longest_run(pairs: Mapping[int, int]) -> set[int]:
    """The old blocks that kept their order among themselves; the others have moved."""
    ends: list[int] = []
    last: list[int] = []
    previous: dict[int, int | None] = {}
    for before in sorted(pairs):
        length = bisect_left(ends, pairs[before])
        previous[before] = last[length - 1] if length else None
        ends[length : length + 1] = [pairs[before]]
        last[length : length + 1] = [before]
    kept: set[int] = set()
    step = last[-1] if last else None
    while step is not None:
        kept.add(step)
        step = previous[step]
    return kept


def _tables(
    old: Sequence[HasText], new: Sequence[HasText], pairs: Mapping[int, int]
) -> dict[int, tuple[int, float]]:
    """For each old table the new one with most of its rows (at least half), and their share of all rows."""
    home_old, home_new = _homes(old), _homes(new)
    votes = Counter(
        (home_old[before], home_new[after])
        for before, after in pairs.items()
        if before in home_old and after in home_new
    )
    size_old, size_new = Counter(home_old.values()), Counter(home_new.values())
    found: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for (before, after), count in votes.most_common():
        share = count / max(size_old[before], size_new[after])
        if before not in found and after not in taken and 2 * count >= size_old[before]:
            found[before] = (after, share)
            taken.add(after)
    return found


def _homes(blocks: Sequence[HasText]) -> dict[int, int]:
    """For each row the table it follows."""
    homes: dict[int, int] = {}
    table: int | None = None
    for position, block in enumerate(blocks):
        if block.kind == "table":
            table = position
        elif block.kind == "row" and table is not None:
            homes[position] = table
        else:
            table = None
    return homes
