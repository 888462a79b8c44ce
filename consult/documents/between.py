"""The current page beside the text to come, and what of the one may live on where in the other. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest

from consult.documents.matching import Old, fingerprints, may_be
from consult.documents.placing import Plan, Slot
from consult.text import lineage, sameness
from consult.text.block import Block
from consult.text.brief import brief

LOOKED_INTO = 12  # blocks with the most words in common, of which the likeness is then taken
TIMES_LONGER = 4  # a block longer or shorter than that, in words, is not proposed, unless both have few
FEW = 8
HEADING_WORDS = 60  # characters of a heading as its name
LONGEST_READ = 20_000  # characters of a block, to find what is like it; of a longer one its beginning will do

Talk = Mapping[str, int]


@dataclass(frozen=True)
class Between:
    """The current page, the text to come, and the plan that leads from one to the other.

    `confirmed` are the old indices that somebody looked at, with the new ones they said. `talk` counts comments by
    number, with those of what was joined to it. `lapsed` are the paragraphs of which something was confirmed that is
    in the text no more.
    """

    old: Sequence[Old]
    blocks: Sequence[Block]
    plan: Plan
    confirmed: Mapping[int, Sequence[int]]
    talk: Talk
    lapsed: Collection[int] = ()

    @cached_property
    def names(self) -> list[str]:
        """The fingerprint of each new block."""
        return fingerprints(self.blocks)

    @cached_property
    def slot_of(self) -> dict[int, Slot]:
        """Where each new block stands."""
        return {slot.new: slot for slot in self.plan.slots if slot.new is not None}

    @cached_property
    def removed(self) -> frozenset[int]:
        """The paragraphs that live on nowhere."""
        gone = (slot.old for slot in self.plan.slots if slot.is_removed and slot.home is None)
        return frozenset(was.paragraph_id for was in gone if was is not None)

    @cached_property
    def parts(self) -> dict[int, tuple[int, ...]]:
        """By paragraph, the new blocks that were split off from it."""
        found: dict[int, tuple[int, ...]] = defaultdict(tuple)
        for slot in self.plan.slots:
            if slot.new is not None and slot.split_from is not None:
                found[slot.split_from.paragraph_id] += (slot.new,)
        return found

    @cached_property
    def words(self) -> list[frozenset[str]]:
        """The words of each new block."""
        return [_words(block.text) for block in self.blocks]

    @cached_property
    def changed(self) -> list[int]:
        """The new blocks that are not word for word an old one: what an old paragraph can have become."""
        return [
            slot.new
            for slot in self.plan.slots
            if slot.new is not None
            and slot.relation not in ("same", "moved")
            and self.blocks[slot.new].kind != "table"
        ]

    def comments(self, was: Old) -> int:
        return self.talk.get(was.number, 0)


def said_by(paragraph: Old | Block) -> str:
    """Return the words of a paragraph as they are read."""
    return paragraph.plain or paragraph.text


def joined_at(between: Between, was: Old, index: int) -> Old | None:
    """Return the paragraph that lives on in a new block already, if that is another one."""
    there = between.slot_of[index].old
    return there if there is not None and there.paragraph_id != was.paragraph_id else None


def numbers_of(between: Between, indices: Sequence[int]) -> tuple[str, ...]:
    """Return the numbers of new blocks, as they are shown; a heading goes by its words."""
    return tuple(
        f"“{brief(said_by(between.blocks[index]), HEADING_WORDS)}”"
        if between.blocks[index].level
        else between.slot_of[index].number
        for index in indices
    )


def place_of(between: Between, was: Old) -> int:
    """Return the index of the new block where an old paragraph stands, or of the last one before its old place."""
    last = 0
    for slot in between.plan.slots:
        last = slot.new if slot.new is not None else last
        if slot.old is not None and slot.old.paragraph_id == was.paragraph_id:
            break
    return last


def found_by(between: Between, wanted: str) -> list[int]:
    """Return the new blocks that have all words of a search, or bear the number that was typed."""
    parts = sameness.same_words(wanted).casefold().split()
    number = wanted.strip().strip("[]").upper()
    return [
        index
        for index, block in enumerate(between.blocks)
        if between.slot_of[index].number.upper() == number
        or (parts and all(part in sameness.same_words(block.plain).casefold() for part in parts))
    ]


def alike(between: Between, was: Old, among: Iterable[int], most: int) -> list[tuple[int, float]]:
    """Return which of the new blocks `among` are most like an old one, with their likeness, the most alike first.

    Words in common are counted first, which is quick; likeness is taken of those that have most. What cannot bear its
    number is nothing like it, nor is a block that is shorter or longer by far: a heading has all its words in common
    with what stands below it.
    """
    words = _words(was.text)
    fitting = (
        index
        for index in among
        if may_be(was, between.blocks[index]) and _is_of_a_size(words, between.words[index])
    )
    likely = nlargest(
        max(LOOKED_INTO, most), fitting, key=lambda index: _in_common(words, between.words[index])
    )
    found = [(index, lineage.likeness(was, between.blocks[index])) for index in likely]
    return nlargest(most, found, key=lambda pair: pair[1])


def _words(text: str) -> frozenset[str]:
    return frozenset(sameness.same_words(text[:LONGEST_READ]).casefold().split())


def _is_of_a_size(one: frozenset[str], other: frozenset[str]) -> bool:
    return max(len(one), len(other)) <= FEW or min(len(one), len(other)) * TIMES_LONGER >= max(
        len(one), len(other)
    )


def _in_common(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (1 + min(len(one), len(other)))
