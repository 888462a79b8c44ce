"""What became of each paragraph between two versions: one change for each, in the order of the later page. Pure.

Paragraphs are aligned by what they are, never by likeness: that was settled when the versions were published. What is
removed keeps its place in later pages, so every change has one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from consult.documents.numbering import HEADINGS
from consult.text import meaning
from consult.text.matching.anchors import backbone
from consult.text.sameness import same_words

Sort = Literal["changed", "moved", "new", "removed", "restored", "split", "joined", "formatting", "same"]
ORDER: tuple[Sort, ...] = (
    *("changed", "moved", "new", "restored", "split", "joined", "removed", "formatting", "same"),
)
"""In which order the sorts are counted up to a reader."""
GONE: frozenset[Sort] = frozenset({"removed", "joined"})
UNCOUNTED = HEADINGS | {"row", "footnote"}
START = ""
"""What a paragraph followed that stood before all others."""


@dataclass
class Change:
    """One paragraph in both versions: `old` and `new` are its blocks, None where it does not stand.

    `followed` is the block behind which it stood before it moved, START at the top, None if it did not move. `with_it`
    are those behind it that moved along. `other` is the block it is a part of now or was a part of. `taken_in` are the
    blocks joined with it.
    """

    sort: Sort
    old: Any
    new: Any
    other: Any = None
    followed: Any = None
    with_it: list[Any] = field(default_factory=list)
    taken_in: list[Any] = field(default_factory=list)

    @property
    def block(self) -> Any:
        return self.new or self.old

    @property
    def key(self) -> str:
        return str(self.block.key)

    @property
    def number(self) -> str:
        """Return the number in the later version; of what is gone, the last it had."""
        return str((self.old if self.sort in GONE else self.new).number)

    @property
    def before(self) -> str:
        return str(self.old.plain) if self.old else ""

    @property
    def after(self) -> str:
        return str(self.new.plain) if self.new else ""

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Return the cells of a table's row, each before and after: words do not move from one to the next.

        A row that only one version has, or that has other columns or Markdown in it, is one piece.
        """
        old, new = _cells(self.old), _cells(self.new)
        return (
            list(zip(old, new, strict=True)) if old and len(old) == len(new) else [(self.before, self.after)]
        )

    @property
    def has_moved(self) -> bool:
        return self.followed is not None

    @property
    def is_shown(self) -> bool:
        return self.sort != "same"

    @cached_property
    def turns(self) -> tuple[meaning.Turn, ...]:
        return meaning.turned(self.before, self.after) if self.sort == "changed" else ()


@dataclass(frozen=True)
class Comparison:
    """Every paragraph that stands in either version, and how many there are of each sort."""

    every: list[Change]

    @cached_property
    def changes(self) -> list[Change]:
        return [change for change in self.every if change.is_shown]

    @cached_property
    def strip(self) -> list[Change]:
        """Return what changed, and beside it the paragraphs that stayed; headings, rows and notes go without saying."""
        return [change for change in self.every if change.is_shown or change.block.kind not in UNCOUNTED]

    @cached_property
    def tally(self) -> dict[Sort, int]:
        """Return how many of the strip there are of each sort; what was both reworded and moved is reworded."""
        found = Counter(change.sort for change in self.strip)
        return {sort: found[sort] for sort in ORDER if found[sort]}


def compared(old: Sequence[Any], new: Sequence[Any], homes: Mapping[int, int] | None = None) -> Comparison:
    """Return what became of every paragraph from `old` to `new`, the blocks of two versions in page order.

    `homes` leads from the id of a paragraph that was joined with another to that other's.
    """
    return Comparison(_Pages(old, new, homes or {}).changes())


class _Pages:
    """Two pages, and where in them each paragraph stands."""

    def __init__(self, old: Sequence[Any], new: Sequence[Any], homes: Mapping[int, int]) -> None:
        self.homes = homes
        self.new = new
        self.was = {block.paragraph_id: block for block in old if not block.is_removed}
        self.had_been = {block.paragraph_id for block in old}
        self.now = {block.paragraph_id: block for block in new if not block.is_removed}
        self.in_both = [key for key in self.now if key in self.was]

    def changes(self) -> list[Change]:
        found = list(self._found())
        by_paragraph = {change.block.paragraph_id: change for change in found}
        for change in found:
            if change.sort == "joined" and change.other.paragraph_id in by_paragraph:
                by_paragraph[change.other.paragraph_id].taken_in.append(change.old)
        self._mark_moved(by_paragraph)
        for change in found:
            if change.sort == "same" and change.taken_in:
                change.sort = "formatting"
        return found

    def _found(self) -> Iterator[Change]:
        listed = {block.paragraph_id for block in self.new}
        for block in self.new:
            old = self.was.get(block.paragraph_id)
            if not block.is_removed:
                yield self._kept(old, block) if old else self._born(block)
            elif old:
                yield self._gone(old)
        yield from (self._gone(old) for key, old in self.was.items() if key not in listed)

    def _kept(self, old: Any, new: Any) -> Change:
        if new.kind == "table" == old.kind:
            return Change("same", old, new)  # what it says, its rows say
        if same_words(old.plain) != same_words(new.plain):
            return Change("changed", old, new)
        is_formatted = same_words(old.text) != same_words(new.text) or old.kind != new.kind
        return Change("formatting" if is_formatted else "same", old, new)

    def _born(self, new: Any) -> Change:
        if new.paragraph_id in self.had_been:
            return Change("restored", None, new)
        origin = self.was.get(new.split_from_id)
        return Change("split", None, new, other=origin) if origin else Change("new", None, new)

    def _gone(self, old: Any) -> Change:
        home = self.now.get(self.homes.get(old.paragraph_id, 0))
        return Change("joined", old, None, other=home) if home else Change("removed", old, None)

    def _mark_moved(self, by_paragraph: Mapping[int, Change]) -> None:
        """Mark the first of every run that moved together; what only went along with it is named there."""
        order = [key for key in self.was if key in self.now]
        place_old = {key: at for at, key in enumerate(order)}
        place_new = {key: at for at, key in enumerate(self.in_both)}
        stayed = {at for at, _ in backbone({place_old[key]: at for key, at in place_new.items()})}
        first: Change | None = None
        for key, at in place_new.items():
            was_at = place_old[key]
            if was_at in stayed:
                first = None
                continue
            change = by_paragraph[key]
            if first and was_at and order[was_at - 1] == self.in_both[at - 1]:
                first.with_it.append(change.new)
                continue
            first = change
            change.followed = self.was[order[was_at - 1]] if was_at else START
            change.sort = "moved" if change.sort in ("same", "formatting") else change.sort


def _cells(block: Any) -> list[str]:
    if block is None or block.kind != "row":
        return []
    cells: list[str] = block.text.split(" | ")
    return cells if "".join(cells).replace(" ", "") == block.plain.replace(" ", "") else []


def is_heading(block: Any) -> bool:
    return block.kind in HEADINGS
