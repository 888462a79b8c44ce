"""The draft as readers will see it: its blocks in the shape that a page's blocks have. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from types import SimpleNamespace
from typing import Any

from consult.documents import contents
from consult.documents.matching import Doubt
from consult.documents.placing import Slot
from consult.text.block import Block
from consult.text.dialect.marks import NUMBER

RELATIONS_TO_SHOW = frozenset({"added", "edited", "moved", "restored", "split", "merged"})
MOST_MARKS = 12  # that a note names
_LOOKS_LIKE_A_MARK = re.compile(rf"\[({NUMBER})\](?:\s|$)")


@dataclass(frozen=True)
class Tally:
    """What a publication would do, counted in paragraphs, and what has nowhere to go.

    `split` counts paragraphs that were split, once each; their further parts are `added`. `merged` counts those that
    others were joined to, `joined` those others: they stand no more, and their talk is shown there. `removed` are the
    paragraphs that live on nowhere.
    """

    same: int
    edited: int
    moved: int
    added: int
    restored: int
    split: int
    merged: int
    joined: int
    removed: tuple[Slot, ...]

    @property
    def stays(self) -> int:
        return self.same + self.edited + self.moved + self.split + self.merged


@dataclass(frozen=True)
class Marks:
    """Marks in the source, as they are typed, that do not do what they seem to: borne by two blocks, or of no
    paragraph that there is.
    """

    twice: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


NO_MARKS = Marks()


def items(
    slots: Sequence[Slot], blocks: Sequence[Block], doubts: Sequence[Doubt] = ()
) -> list[contents.Item]:
    """Return what the preview shows, each block with the number it would get and what became of it.

    What somebody is to confirm first has no number yet: "?".
    """
    doubtful = {index for doubt in doubts for index in doubt.targets}
    return contents.items(
        _as_row(slot, blocks, is_doubtful=slot.new in doubtful) for slot in slots if slot.new is not None
    )


def _as_row(slot: Slot, blocks: Sequence[Block], *, is_doubtful: bool) -> Any:
    block = blocks[slot.new or 0]
    return SimpleNamespace(
        key=slot.number,
        paragraph_id=slot.old.paragraph_id if slot.old else -(slot.new or 0) - 1,  # a new one has no row yet
        home_id=None,
        split_from_id=slot.split_from.paragraph_id if slot.split_from else None,
        number="?" if is_doubtful else slot.number,
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
        came_after=slot.came_after,
        is_new=slot.old is None,
        is_doubtful=is_doubtful,
        split_from=slot.split_from.number if slot.split_from else "",
        joined=tuple(was.number for was in slot.joined),
    )


def tally(slots: Sequence[Slot]) -> Tally:
    """Count what a publication would do. What had gone before and stays gone is no news."""
    kept = Counter(slot.relation for slot in slots if slot.new is not None and slot.old is not None)
    gone = [slot for slot in slots if slot.is_removed and slot.old and not slot.old.is_removed]
    return Tally(
        **{name: kept[name] for name in ("same", "edited", "moved", "restored", "split", "merged")},
        added=sum(slot.old is None for slot in slots),
        joined=sum(slot.home is not None for slot in gone),
        removed=tuple(slot for slot in gone if slot.home is None),
    )


def marks(blocks: Sequence[Block], known: Collection[str]) -> Marks:
    """Return the marks of which the writer should be told, in the order of the text."""
    count = Counter(block.mark for block in blocks if block.mark)
    literal = (_LOOKS_LIKE_A_MARK.match(block.text) for block in blocks if not block.mark)
    unknown = dict.fromkeys(found[1] for found in literal if found and found[1] not in known)
    twice = [mark for mark, times in count.items() if times > 1]
    return Marks(_typed(twice), _typed(unknown))


def _typed(numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"[{number}]" for number in islice(numbers, MOST_MARKS))
