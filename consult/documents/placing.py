"""Where each paragraph of the new text stands, and what became of each of the old: the plan of a publication. Pure.

`matching` says which old paragraphs live on in which new blocks. Here each new block gets its paragraph: one of the
old, with its number, or a new one. Of several old ones joined in one block the first keeps it, and the talk of the
others is shown there; of the parts of a split one the first keeps the number. What is left out keeps its place.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from consult.documents.matching import Doubt, Matches, Old, OnDoubt, may_be
from consult.documents.matching import match as match_texts
from consult.documents.numbering import HEADINGS, Place, is_retired, number_all
from consult.text import sameness
from consult.text.block import Block

START = ""  # where a paragraph came from that had stood before all others


@dataclass(frozen=True)
class Slot:
    """One place of the new page: `new` is the index of its block, None where a removed paragraph had stood.

    `relation` is the value of models.Relation that the record will keep. `joined` are the old paragraphs whose talk is
    shown here from now on; of such a paragraph's own slot, which has no block, `home` is the index of that slot among
    the slots. `split_from` is whose part a new paragraph was. `came_after` is the number of the paragraph that a moved
    one used to follow, None for what did not move. `is_reworded` says that it stands under other words than its last,
    `is_confirmed` that somebody looked at the match.
    """

    number: str
    kind: str
    old: Old | None
    new: int | None
    relation: str
    confidence: float = 1.0
    joined: tuple[Old, ...] = ()
    home: int | None = None
    split_from: Old | None = None
    came_after: str | None = None
    is_reworded: bool = False
    is_confirmed: bool = False

    @property
    def is_removed(self) -> bool:
        return self.new is None


@dataclass(frozen=True)
class Link:
    """One old paragraph that lives on at one place, or at none; or one place where nothing old lives on."""

    old: Old | None
    slot: Slot | None
    relation: str
    confidence: float


@dataclass(frozen=True)
class Plan:
    """The new page in order, what is in doubt about it, and every link between the old page and it.

    What had been removed before and still is has no link: there is nothing new to say of it.
    """

    slots: list[Slot]
    doubts: tuple[Doubt, ...]
    links: tuple[Link, ...]


def plan(
    old: Sequence[Old],
    new: Sequence[Block],
    used: Collection[str],
    confirmed: Mapping[int, Sequence[int]] | None = None,
    *,
    on_doubt: OnDoubt = "accept",
) -> Plan:
    """Return the new page. `old` is the current page in order, `used` every number ever given.

    `confirmed` and `on_doubt` as in `matching.match`.
    """
    found = match_texts(old, new, confirmed, on_doubt=on_doubt)
    came_from = _identities(old, new, found)
    order = _in_order(old, new, came_from)
    numbers = number_all(_places(order, old, new, came_from), used)
    page = _Page(old, new, found, came_from, order)
    slots = [page.slot(number, place) for number, place in zip(numbers, order, strict=True)]
    return Plan(slots, found.doubts, tuple(page.links(slots)))


# A place is (index into new, None) for what stands, (None, index into old) for what was removed.
_Place = tuple[int | None, int | None]


def _identities(old: Sequence[Old], new: Sequence[Block], found: Matches) -> dict[int, int]:
    """Return for indices of `new` the index of the old paragraph whose number each one bears."""
    came_from = dict(found.firm)
    taken = set(came_from.values())
    for i in sorted(found.targets):
        for j in found.targets[i]:
            if i not in taken and j not in came_from and may_be(old[i], new[j]):
                came_from[j] = i
                taken.add(i)
    return came_from


class _Page:
    """What is known of every place, at hand for making the slots."""

    def __init__(
        self,
        old: Sequence[Old],
        new: Sequence[Block],
        found: Matches,
        came_from: Mapping[int, int],
        order: Sequence[_Place],
    ) -> None:
        self.old, self.new, self.found, self.came_from = old, new, found, came_from
        self.standing = set(came_from.values())
        self.moved = moved([came_from[j] for j in sorted(came_from) if not old[came_from[j]].is_removed])
        self.followed = _followed(old)
        self.slot_of = {place[0]: index for index, place in enumerate(order) if place[0] is not None}
        self.sources: dict[int, list[int]] = defaultdict(list)
        for i in sorted(found.targets):
            for j in found.targets[i]:
                self.sources[j].append(i)

    def slot(self, number: str, place: _Place) -> Slot:
        index, gone = place
        if index is None:
            return self._gone(number, gone or 0)
        if index in self.came_from:
            return self._kept(number, index)
        return self._new(number, index)

    def links(self, slots: Sequence[Slot]) -> Iterator[Link]:
        for slot in slots:
            if slot.old is None:
                if slot.new is not None and not self.sources[slot.new]:
                    yield Link(None, slot, "added", slot.confidence)
            elif slot.new is not None:
                yield Link(slot.old, slot, slot.relation, slot.confidence)
            elif slot.home is None and not slot.old.is_removed:
                yield Link(slot.old, None, "removed", slot.confidence)
        for i in sorted(self.found.targets):
            relation = "split" if i in self.standing else "merged"
            for j in self.found.targets[i]:
                if self.came_from.get(j) != i:
                    yield Link(
                        self.old[i], slots[self.slot_of[j]], relation, self.found.confidence.get(i, 1.0)
                    )

    def _gone(self, number: str, i: int) -> Slot:
        was = self.old[i]
        targets = self.found.targets.get(i, ())
        return Slot(
            number,
            was.kind,
            was,
            None,
            "merged" if targets else "removed",
            self.found.confidence.get(i, 1.0),
            home=self.slot_of[targets[0]] if targets else None,
            is_confirmed=i in self.found.confirmed,
        )

    def _kept(self, number: str, j: int) -> Slot:
        i = self.came_from[j]
        was = self.old[i]
        return Slot(
            number,
            was.kind,
            was,
            j,
            self._relation(i, j),
            self.found.confidence.get(i, 1.0),
            joined=self._joined(j),
            came_after=self.followed[i] if i in self.moved else None,
            is_reworded=not _same(was, self.new[j]),
            is_confirmed=i in self.found.confirmed,
        )

    def _new(self, number: str, j: int) -> Slot:
        parted = [i for i in self.sources[j] if i in self.standing]
        joined = self._joined(j)
        relation = "split" if parted else "merged" if joined else "added"
        return Slot(
            number,
            self.new[j].kind,
            None,
            j,
            relation,
            joined=joined,
            split_from=self.old[parted[0]] if parted else None,
        )

    def _joined(self, j: int) -> tuple[Old, ...]:
        """Return the old paragraphs that stand nowhere themselves and whose talk belongs to block `j`."""
        here = (i for i in self.sources[j] if i not in self.standing and self.found.targets[i][0] == j)
        return tuple(self.old[i] for i in here)

    def _relation(self, i: int, j: int) -> str:
        was, is_same = self.old[i], _same(self.old[i], self.new[j])
        if was.is_removed:
            return "restored"
        if is_same:
            return "moved" if i in self.moved else "same"
        if len(self.found.targets.get(i, ())) > 1:
            return "split"
        return "merged" if self._joined(j) else "edited"


def _same(was: Old, now: Block) -> bool:
    return sameness.same_words(was.text) == sameness.same_words(now.text)


def _followed(old: Sequence[Old]) -> list[str]:
    """Return for each old paragraph the number of the one it stood behind: the nearest with a number on the page."""
    followed: list[str] = []
    before = START
    for was in old:
        followed.append(before)
        if not was.is_removed and was.kind not in HEADINGS and was.kind != "footnote":
            before = was.number
    return followed


def _in_order(old: Sequence[Old], new: Sequence[Block], came_from: dict[int, int]) -> list[_Place]:
    """Put each removed paragraph behind the one it stood behind; the first of all at the top."""
    went_to = {was: index for index, was in came_from.items()}
    behind: dict[int | None, list[int]] = defaultdict(list)
    last: int | None = None
    for index in range(len(old)):
        if index in went_to:
            last = went_to[index]
        else:
            behind[last].append(index)
    order: list[_Place] = [(None, gone) for gone in behind[None]]
    for index in range(len(new)):
        order.append((index, None))
        order += [(None, gone) for gone in behind[index]]
    return order


def _places(
    order: Sequence[_Place], old: Sequence[Old], new: Sequence[Block], came_from: dict[int, int]
) -> list[Place]:
    """Say to numbering what stands where; a removed row stands in the place of its table."""
    at = {index: place for place, (index, _) in enumerate(order) if index is not None}
    gone_at = {gone: place for place, (_, gone) in enumerate(order) if gone is not None}
    went_to = {was: index for index, was in came_from.items()}
    index_of = {was.paragraph_id: index for index, was in enumerate(old)}
    places: list[Place] = []
    for index, gone in order:
        if index is None:
            was = old[gone or 0]
            table = index_of.get(was.table) if was.table is not None else None
            spot = None if table is None else at.get(went_to.get(table, -1), gone_at.get(table))
            places.append(Place(was.kind, was.number, spot if was.kind == "row" else None))
            continue
        block = new[index]
        carried = old[came_from[index]] if index in came_from else None
        kind = carried.kind if carried else block.kind
        spot = at[block.table] if block.table is not None and kind == "row" else None
        number = carried.number if carried and not is_retired(carried.number) else None
        places.append(Place(kind, number, spot))
    return places


def moved(sequence: Sequence[int]) -> set[int]:
    """Return the old indices outside the longest run that kept its order: those, and few, are what moved."""
    tails: list[int] = []
    tail_at: list[int] = []
    previous: list[int] = []
    for position, value in enumerate(sequence):
        length = bisect_left(tails, value)
        previous.append(tail_at[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            tail_at.append(position)
        else:
            tails[length] = value
            tail_at[length] = position
    kept: set[int] = set()
    position = tail_at[-1] if tail_at else -1
    while position >= 0:
        kept.add(sequence[position])
        position = previous[position]
    return set(sequence) - kept
