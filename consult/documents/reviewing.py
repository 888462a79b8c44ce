"""From the plan of a publication to the rows that an official looks at. Pure.

First the doubtful matches, each with what may have become of the paragraph: a person has to say. Then what is sure
but worth a look: meaning turned, much reworded, moved, split, joined, removed; what has comments first. The rest is
counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup
from rapidfuzz.distance import Indel

from consult.documents.between import Between, alike, joined_at, numbers_of, said_by
from consult.documents.matching import Doubt, Old
from consult.documents.placing import Slot
from consult.text import meaning
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
LEAST_KEPT = 0.35  # below it the new words are shown by themselves: a comparison would strike out everything
LONGEST_SHOWN = 900  # characters of words that are shown by themselves


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
