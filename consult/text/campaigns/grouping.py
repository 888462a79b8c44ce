"""Putting letters into groups as they arrive, whatever keeps them: `Shelf` is memory here, and tables on a site.

A letter is looked up under its bands. What it is found with is compared: single letters one by one, a group by a
sample of its letters, so that no letter that is like one of them alone brings two campaigns together. Who joins a
group makes it known better: single letters that were found with the new one are looked at again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from consult.text.campaigns.letters import Letter
from consult.text.campaigns.linking import are_one, belongs, how_well

ENTRIES_OF_A_BUCKET = 6  # a group has one at most, so that thousands of one letter are not looked through
GROUPS_COMPARED = 4
SINGLES_COMPARED = 8
LOOKED_AT_AGAIN = 4  # single letters, once a group is known better
SAMPLE = 16  # letters by which a group is known
SEED_HITS = 2  # bands that two letters must share to be compared


@dataclass(frozen=True)
class Found:
    """What stands in the buckets of a letter: how often each group and each single letter does."""

    groups: Sequence[tuple[int, int]]
    singles: Sequence[tuple[int, int]]


class Shelf(Protocol):
    """Where letters and groups are kept. Letters and groups have numbers."""

    def look_up(self, number: int, letter: Letter) -> Found:
        """Return what else stands in the buckets of a letter, most often found first."""

    def twin_of(self, number: int, letter: Letter) -> int | None:
        """Return another letter of the very same words."""

    def letter(self, number: int) -> Letter:
        """Return a letter that is on the shelf."""

    def group_of(self, number: int) -> int | None:
        """Return the group of a letter that is on the shelf."""

    def sample(self, group: int) -> Sequence[Letter]:
        """Return up to SAMPLE letters of a group, no two of the same words, the same ones however they came in."""

    def put(self, number: int, letter: Letter) -> None:
        """Put a letter on the shelf, and into its buckets where there is room; for one that stands there, nothing."""

    def begin(self, number: int) -> int:
        """Make a group of a letter on the shelf, and return it."""

    def join(self, number: int, group: int) -> None:
        """Let a letter on the shelf join a group."""

    def merge(self, into: int, other: int) -> None:
        """Let all letters of another group join one, and let the other go."""


def arrive(shelf: Shelf, number: int, letter: Letter) -> int | None:
    """Put a letter on the shelf and into the group that it belongs to, and return that group."""
    if not letter.is_groupable:
        return None
    twin = shelf.twin_of(number, letter)
    if twin is not None:
        group = shelf.group_of(twin)
        return _joined(shelf, number, letter, shelf.begin(twin) if group is None else group)
    found = shelf.look_up(number, letter)
    group = _place(shelf, number, letter, found)
    if group is None:
        shelf.put(number, letter)
    else:
        _look_again(shelf, group, found)
    return group


def settle(shelf: Shelf, number: int, tried: set[tuple[int, int]]) -> bool:
    """Look at a letter again, now that its neighbours are known better; say whether anything changed.

    `tried` are pairs of groups that have been compared meanwhile, and need not be again.
    """
    letter = shelf.letter(number)
    found = shelf.look_up(number, letter)
    group = shelf.group_of(number)
    if group is None:
        return _place(shelf, number, letter, found) is not None
    others = [other for other, _hits in found.groups if other != group and (group, other) not in tried]
    tried.update(pair for other in others for pair in ((group, other), (other, group)))
    return _bring_together(shelf, group, others)


def _place(shelf: Shelf, number: int, letter: Letter, found: Found) -> int | None:
    fits = [(how_well(letter, shelf.sample(group)), group) for group, _hits in found.groups[:GROUPS_COMPARED]]
    fitting = sorted((fit for fit in fits if fit[0] > 0), key=lambda fit: (-fit[0], fit[1]))
    if fitting:
        group = fitting[0][1]
        _joined(shelf, number, letter, group)
        _bring_together(shelf, group, [other for _fit, other in fitting[1:]])
        return group
    alike = [
        other
        for other, hits in found.singles[:SINGLES_COMPARED]
        if hits >= SEED_HITS and are_one(letter, shelf.letter(other))
    ]
    if not alike:
        return None
    group = _joined(shelf, number, letter, shelf.begin(alike[0]))
    for other in alike[1:]:
        if belongs(shelf.letter(other), shelf.sample(group)):
            shelf.join(other, group)
    return group


def _joined(shelf: Shelf, number: int, letter: Letter, group: int) -> int:
    shelf.put(number, letter)
    shelf.join(number, group)
    return group


def _look_again(shelf: Shelf, group: int, found: Found) -> None:
    sample = shelf.sample(group)
    for other, _hits in found.singles[:LOOKED_AT_AGAIN]:
        if shelf.group_of(other) is None and belongs(shelf.letter(other), sample):
            shelf.join(other, group)
            sample = shelf.sample(group)


def _bring_together(shelf: Shelf, group: int, others: Sequence[int]) -> bool:
    """Make one group of two where most of each belong to the other."""
    has_changed = False
    for other in others[:GROUPS_COMPARED]:
        if _are_one(shelf.sample(group), shelf.sample(other)):
            shelf.merge(group, other)
            has_changed = True
    return has_changed


def _are_one(mine: Sequence[Letter], theirs: Sequence[Letter]) -> bool:
    return _mostly(mine, theirs) and _mostly(theirs, mine)


def _mostly(letters: Sequence[Letter], members: Sequence[Letter]) -> bool:
    some = letters[:6]
    return sum(belongs(letter, members) for letter in some) > len(some) / 2
