"""Whether two letters are of one campaign, and whether a letter belongs to a group. Pure rules over `likeness`."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from consult.text.campaigns.letters import Letter
from consult.text.campaigns.likeness import Likeness, likeness, places, stretch
from consult.text.campaigns.stance import differ

# Copies: so many words in common, which are so large a part of the shorter one, in so many sentences, so many of them
# together. Two letters alone must have more in common than one letter has with most of a group: both may be by people who
# took a sentence or two from the same place.
COPIES = ((14, 0.6, 1, 0), (28, 0.3, 2, 0), (45, 0.12, 2, 0))
COPIES_ALONE = ((14, 0.7, 1, 0), (28, 0.45, 2, 28), (70, 0.2, 3, 30), (100, 0.12, 4, 30))
SHORT = 30  # words: of a shorter letter nearly all must be there
PART_OF_SHORT = 0.7

# Letters of alternatives: so many pairs of words in the same order, in so many sentences, so dense.
ALTERNATIVES = (7, 3, 0.18)
ALTERNATIVES_ALONE = (8, 3, 0.2)

HALF = 0.5  # of a group's letters: more of them must be like a letter
# Or a letter is a little like each of them: from so many letters on, so dense and in so many sentences on average, and
# so large a part of it known to the group.
POOLED = ((2, 0.15, 1.5, 0.28), (3, 0.115, 1.5, 0.33), (8, 0.115, 1.8, 0.28))
KNOWN_TWICE_FROM = 8  # letters: from so many on, words count as a group's own when two of them have them
SHORTEST_STRETCH = 20
AS_ALIKE = 0.5  # as the letters of the group are among themselves
HELD_AGAINST_ONE_ANOTHER = 6  # letters of a group
FIRST = 4  # letters of a group that may make the others needless


def is_copy(
    found: Likeness, one: Letter, other: Letter, asked: Sequence[tuple[int, float, int, int]]
) -> bool:
    """Say whether two letters have so much text in common that one was made from the other."""
    if min(one.length, other.length) < SHORT and found.part < PART_OF_SHORT:
        return False
    return any(
        found.shared >= words
        and found.part >= part
        and found.sentences >= count
        and found.together >= together
        for words, part, count, together in asked
    )


def is_alternative(found: Likeness, asked: tuple[int, int, float]) -> bool:
    """Say whether two letters run in parallel, as letters do whose phrases are drawn from lists."""
    ordered, spread, density = asked
    return found.ordered >= ordered and found.spread >= spread and found.density >= density


def are_one(one: Letter, other: Letter) -> bool:
    """Say whether two letters that nobody has grouped yet are of one campaign."""
    found = likeness(one, other)
    is_like = is_copy(found, one, other, COPIES_ALONE) or is_alternative(found, ALTERNATIVES_ALONE)
    return is_like and not differ(one, other)


def how_well(letter: Letter, members: Sequence[Letter]) -> float:
    """Return how well a letter fits the group of which these are letters, 0 where it does not belong to it."""
    if len(members) < 2:
        return float(any(are_one(letter, member) for member in members))
    if len(members) > FIRST and (fit := _clearly(letter, members[:FIRST])) is not None:
        return fit
    return _fit(letter, members)


def _clearly(letter: Letter, members: Sequence[Letter]) -> float | None:
    """Return how well a letter fits where the first of a group make it plain, to spare the others."""
    found = [likeness(letter, member) for member in members]
    if not any(each.ordered for each in found):
        return 0.0
    near = _near(letter, members, found)
    if len(near) < len(members) or any(differ(letter, member) for member in near):
        return None
    if not _is_as_alike(letter, members, found):
        return None
    return 1.0 + _alike(found)


def _fit(letter: Letter, members: Sequence[Letter]) -> float:
    found = [likeness(letter, member) for member in members]
    near = _near(letter, members, found)
    if len(near) <= HALF * len(members):
        if not _is_pooled(letter, members, found):
            return 0.0
        near = list(members)
    if not _is_as_alike(letter, members, found):
        return 0.0
    if sum(differ(letter, member) for member in near) >= HALF * len(near):
        return 0.0
    return 1.0 + _alike(found)


def _near(letter: Letter, members: Sequence[Letter], found: Sequence[Likeness]) -> list[Letter]:
    return [
        member
        for each, member in zip(found, members, strict=True)
        if is_copy(each, letter, member, COPIES) or is_alternative(each, ALTERNATIVES)
    ]


def _is_as_alike(letter: Letter, members: Sequence[Letter], found: Sequence[Likeness]) -> bool:
    """Say whether a letter is a copy of most, or as like them as they are one another.

    Two letters from one pen have turns of phrase in common; where all others are copies, that is not enough.
    """
    copies = sum(is_copy(each, letter, member, COPIES) for each, member in zip(found, members, strict=True))
    if copies > HALF * len(members):
        return True
    return _alike(found) >= AS_ALIKE * _cohesion(tuple(members[:HELD_AGAINST_ONE_ANOTHER]))


def belongs(letter: Letter, members: Sequence[Letter]) -> bool:
    """Say whether a letter is of the campaign of which these are letters."""
    return how_well(letter, members) > 0


def _is_pooled(letter: Letter, members: Sequence[Letter], found: Sequence[Likeness]) -> bool:
    count = len(members)
    _least, density, spread, known = [asked for asked in POOLED if asked[0] <= count][-1]
    return (
        sum(each.density for each in found) >= density * count
        and sum(each.spread for each in found) >= spread * count
        and _known(letter, members) >= known
    )


def _alike(found: Sequence[Likeness]) -> float:
    return sum(each.density + each.part for each in found) / len(found)


@lru_cache(maxsize=1_000)
def _cohesion(members: tuple[Letter, ...]) -> float:
    """Return how much the letters of a group are alike among themselves."""
    return _alike([likeness(one, other) for one, other in combinations(members, 2)])


def _known(letter: Letter, members: Sequence[Letter]) -> float:
    """Return which part of a letter's densest stretch the group has said before."""
    least = 2 if len(members) >= KNOWN_TWICE_FROM else 1
    hits = places(
        letter,
        [pair for pair in letter.pairs_at if sum(pair in member.pairs_at for member in members) >= least],
    )
    start, end = stretch(hits)
    return sum(start <= at < end for at in hits) / max(SHORTEST_STRETCH, end - start)
