"""The draft as readers will see it: its blocks in the shape that a page's blocks have. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from consult.documents import contents
from consult.documents.placing import Slot
from consult.text.block import Block

RELATIONS_TO_SHOW = frozenset({"added", "edited", "moved", "restored", "split", "merged"})


@dataclass(frozen=True)
class Tally:
    """What a publication would do, counted in paragraphs, and what has nowhere to go."""

    same: int
    edited: int
    moved: int
    added: int
    restored: int
    split: int
    merged: int
    removed: tuple[Slot, ...]

    @property
    def stays(self) -> int:
        return self.same + self.edited + self.moved + self.split + self.merged


def items(slots: Sequence[Slot], blocks: Sequence[Block]) -> list[contents.Item]:
    """Return what the preview shows, each block with the number it would get and what became of it."""
    return contents.items(_as_row(slot, blocks) for slot in slots if slot.new is not None)


def _as_row(slot: Slot, blocks: Sequence[Block]) -> Any:
    block = blocks[slot.new or 0]
    return SimpleNamespace(
        key=slot.number,
        number=slot.number,
        kind=block.kind,
        level=block.level,
        depth=block.depth,
        marker=block.marker,
        plain=block.plain,
        html=block.html,
        is_header=block.is_header,
        is_open=block.is_commentable,
        is_removed=False,
        first_version=1,
        removed_in=None,
        reworded_in=None,
        relation=slot.relation if slot.relation in RELATIONS_TO_SHOW else "",
    )


def tally(slots: Sequence[Slot]) -> Tally:
    """Count what a publication would do. What had gone before and stays gone is no news."""
    count = {
        name: sum(slot.relation == name and not slot.is_removed for slot in slots)
        for name in ("same", "edited", "moved", "added", "restored", "split", "merged")
    }
    gone = tuple(slot for slot in slots if slot.is_removed and slot.old and not slot.old.is_removed)
    return Tally(**count, removed=gone)
