"""From the plan of a publication to the rows that an official looks at. Pure.

First the doubtful matches, each with what may have become of the paragraph: a person has to say. Then what is sure
but worth a look: meaning turned, much reworded, moved, split, joined, removed; what has comments first. The rest is
counted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from typing import Literal

from markupsafe import Markup
from rapidfuzz.distance import Indel

from consult.documents.matching import Doubt, Old, fingerprints, may_be
from consult.documents.placing import Plan, Slot
from consult.text import lineage, meaning, sameness
from consult.text.block import Block
from consult.text.brief import brief, brief_diff
from consult.text.meaning import Turn
from consult.text.pieces import bare, pieces

Kind = Literal["turned", "removed", "heavy", "split", "joined", "restored", "moved"]
RANK: dict[Kind, int] = {
    "turned": 0,  # the words look alike and say something else: the easiest to overlook
    "removed": 1,
    "heavy": 2,
    "split": 3,
    "joined": 4,
    "restored": 5,
    "moved": 6,
}
REMOVED = "removed"  # the answer that a paragraph is not in the new text; a fingerprint never reads so
ELSEWHERE = "elsewhere"  # the answer that it became another paragraph, to be chosen among all
MOST_ALTERNATIVES = 3
LEAST_ALIKE = 0.5  # below it a block is nothing to propose: words that every text shares
LOOKED_INTO = 12  # blocks with the most words in common, of which the likeness is then taken
TIMES_LONGER = 4  # a block longer or shorter than that, in words, is not proposed, unless both have few
FEW = 8
LEAST_KEPT = 0.35  # below it the new words are shown by themselves: a comparison would strike out everything
HEADING_WORDS = 60  # characters of a heading as its name
LONGEST_SHOWN = 900  # characters of words that are shown by themselves
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


@dataclass(frozen=True)
class Labels:
    """What is said before words taken out and put in, to those who only hear them."""

    deleted: str = ""
    inserted: str = ""


@dataclass(frozen=True)
class Option:
    """One thing that may have become of a paragraph: `value` names its blocks, `words` shows them.

    `joined` is the paragraph that lives on there already: choosing it joins the two.
    """

    value: str
    words: tuple[Markup, ...]
    joined: Old | None = None
    is_proposed: bool = False


@dataclass(frozen=True)
class Question:
    """A doubtful match. `by_mark`: the source gives its number to words that have nothing to do with the old ones.

    `has_lapsed`: somebody had confirmed it, and the words they chose have left the text since.
    """

    old: Old
    comment_count: int
    options: tuple[Option, ...]
    by_mark: bool
    has_lapsed: bool
    words: str


@dataclass(frozen=True)
class Answer:
    """What somebody confirmed: the numbers under which the paragraph lives on (none: removed), and their words."""

    old: Old
    comment_count: int
    numbers: tuple[str, ...]
    words: tuple[Markup, ...]
    joined: Old | None = None


@dataclass(frozen=True)
class Change:
    """One paragraph of which something became, and what of it deserves a look (`kinds`, the gravest first)."""

    slot: Slot
    old: Old
    kinds: tuple[Kind, ...]
    turns: tuple[Turn, ...]
    comment_count: int
    became: tuple[int, ...]  # new indices


@dataclass(frozen=True)
class Sifted:
    """The changes in the order in which they are looked at, lightly reworded ones apart, the rest counted."""

    weighty: tuple[Change, ...]
    light: tuple[Change, ...]
    same_count: int


def questions(between: Between, labels: Labels, most: int) -> list[Question]:
    """Return the doubtful matches in page order, the first `most` of them."""
    return [_question(between, doubt, labels) for doubt in between.plan.doubts[:most]]


def answers(between: Between, labels: Labels) -> list[Answer]:
    """Return what was confirmed, in page order."""
    return [
        _answer(between, between.old[index], between.confirmed[index], labels)
        for index in sorted(between.confirmed)
    ]


def sifted(between: Between) -> Sifted:
    """Sort what became of every paragraph that nobody is asked about and nobody confirmed."""
    asked = {between.old[doubt.old].paragraph_id for doubt in between.plan.doubts}
    done = {between.old[index].paragraph_id for index in between.confirmed}
    changes = [
        change
        for slot in between.plan.slots
        if slot.old is not None and slot.old.paragraph_id not in asked | done
        for change in [_change(between, slot, slot.old)]
        if change is not None
    ]
    weighty = sorted((change for change in changes if change.kinds), key=_gravity)
    light = sorted((change for change in changes if not change.kinds), key=lambda each: -each.comment_count)
    same = sum(slot.relation == "same" and not slot.is_removed for slot in between.plan.slots)
    return Sifted(tuple(weighty), tuple(light), same)


def shown(between: Between, change: Change, labels: Labels) -> tuple[Markup, ...]:
    """Return the words of a change: one text with what went and came, or the last words of what is gone."""
    before = said_by(change.old)
    if not change.became:
        return (_safe(brief(before)),)
    if "joined" in change.kinds:
        return (_safe(brief(before)), _safe(brief(said_by(between.blocks[change.became[0]]))))
    now = " ".join(said_by(between.blocks[index]) for index in change.became)
    return (_diff(before, now, labels),)


def said_by(paragraph: Old | Block) -> str:
    """Return the words of a paragraph as they are read."""
    return paragraph.plain or paragraph.text


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


def place_of(between: Between, was: Old) -> int:
    """Return the index of the new block where an old paragraph stands, or of the last one before its old place."""
    last = 0
    for slot in between.plan.slots:
        last = slot.new if slot.new is not None else last
        if slot.old is not None and slot.old.paragraph_id == was.paragraph_id:
            break
    return last


def numbers_of(between: Between, indices: Sequence[int]) -> tuple[str, ...]:
    """Return the numbers of new blocks, as they are shown; a heading goes by its words."""
    return tuple(
        f"“{brief(said_by(between.blocks[index]), HEADING_WORDS)}”"
        if between.blocks[index].level
        else between.slot_of[index].number
        for index in indices
    )


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


def _question(between: Between, doubt: Doubt, labels: Labels) -> Question:
    was = between.old[doubt.old]
    options = [_option(between, was, doubt.targets, labels, is_proposed=True)] if doubt.targets else []
    among = [index for index in between.changed if (index,) != doubt.targets]
    for index, likeness in alike(between, was, among, MOST_ALTERNATIVES):
        if likeness >= LEAST_ALIKE:
            options.append(_option(between, was, (index,), labels))
    return Question(
        was,
        between.comments(was),
        tuple(options),
        doubt.by_mark,
        was.paragraph_id in between.lapsed,
        brief(said_by(was), LONGEST_SHOWN),
    )


def _option(
    between: Between, was: Old, indices: Sequence[int], labels: Labels, *, is_proposed: bool = False
) -> Option:
    value = " ".join(between.names[index] for index in indices)
    return Option(
        value, _now(between, was, indices, labels), joined_at(between, was, indices[0]), is_proposed
    )


def _now(between: Between, was: Old, indices: Sequence[int], labels: Labels) -> tuple[Markup, ...]:
    """Return the new words: as a comparison where they are alike, by themselves where that would be a muddle."""
    before, now = said_by(was), [said_by(between.blocks[index]) for index in indices]
    if len(now) == 1 and _kept(before, now[0]) >= LEAST_KEPT:
        return (_diff(before, now[0], labels),)
    return tuple(_safe(brief(words, LONGEST_SHOWN)) for words in now)


def joined_at(between: Between, was: Old, index: int) -> Old | None:
    """Return the paragraph that lives on in a new block already, if that is another one."""
    there = between.slot_of[index].old
    return there if there is not None and there.paragraph_id != was.paragraph_id else None


def _answer(between: Between, was: Old, indices: Sequence[int], labels: Labels) -> Answer:
    return Answer(
        was,
        between.comments(was),
        numbers_of(between, indices),
        _now(between, was, indices, labels),
        joined_at(between, was, indices[0]) if indices else None,
    )


def _change(between: Between, slot: Slot, was: Old) -> Change | None:
    """Return what became of a paragraph; None where it is as it was, or had been removed before and still is."""
    if slot.new is None:
        if was.is_removed or (was.table in between.removed and not between.comments(was)):
            return None  # of a table that is gone, its rows are gone with it
        became = () if slot.home is None else _indices(between.plan.slots[slot.home])
        kind: Kind = "removed" if slot.home is None else "joined"
        return Change(slot, was, (kind,), (), between.comments(was), became)
    if was.kind == "table" and slot.came_after is None and not was.is_removed:
        return None  # its rows speak for themselves
    kinds, turns = _kinds(between, slot, was)
    if not kinds and not slot.is_reworded:
        return None
    parts = between.parts.get(was.paragraph_id, ())
    return Change(slot, was, kinds, turns, between.comments(was), (slot.new, *parts))


def _kinds(between: Between, slot: Slot, was: Old) -> tuple[tuple[Kind, ...], tuple[Turn, ...]]:
    before, now = said_by(was), said_by(between.blocks[slot.new or 0])
    is_compared = slot.is_reworded and slot.relation != "split" and was.kind != "table"
    turns = meaning.turned(before, now) if is_compared else ()
    said: dict[Kind, bool] = {
        "turned": bool(turns),
        "heavy": is_compared and not turns and _kept(before, now) < meaning.LIGHT,
        "split": slot.relation == "split",
        "restored": slot.relation == "restored",
        "moved": slot.came_after is not None,
    }
    return tuple(sorted((kind for kind, holds in said.items() if holds), key=RANK.__getitem__)), turns


def _indices(slot: Slot) -> tuple[int, ...]:
    return () if slot.new is None else (slot.new,)


def _gravity(change: Change) -> tuple[bool, int, int]:
    """What has comments first, then by kind, then by how many: the order in which an official should look."""
    return change.comment_count == 0, RANK[change.kinds[0]], -change.comment_count


def _kept(old: str, new: str) -> float:
    """Return which part of the words of both texts stayed, as `meaning` sees it."""
    return Indel.normalized_similarity(*([bare(piece) for piece in pieces(text)] for text in (old, new)))


def _diff(old: str, new: str, labels: Labels) -> Markup:
    return brief_diff(old, new, deleted=labels.deleted, inserted=labels.inserted)


def _safe(words: str) -> Markup:
    return Markup("{}").format(words)


def _words(text: str) -> frozenset[str]:
    return frozenset(sameness.same_words(text[:LONGEST_READ]).casefold().split())


def _is_of_a_size(one: frozenset[str], other: frozenset[str]) -> bool:
    return max(len(one), len(other)) <= FEW or min(len(one), len(other)) * TIMES_LONGER >= max(
        len(one), len(other)
    )


def _in_common(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (1 + min(len(one), len(other)))
