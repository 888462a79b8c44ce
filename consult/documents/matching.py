"""Which block of a new text each paragraph of the current page lives on in: the match behind a publication. Pure.

What an official confirmed holds. A number mark in the source is trusted. Then the same words are the same paragraph,
then words that had been removed and are back. Then likeness decides (`consult.text.lineage`), and says of whom a
person should be asked. A table is its rows: it stays the one that most of them came from.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Literal

from consult.documents.numbering import series
from consult.text import lineage, sameness
from consult.text.block import Block

OnDoubt = Literal["accept", "remove"]
Found = tuple[int, tuple[int, ...], float, bool]  # old index, new ones, how sure that is, and whether to ask


@dataclass(frozen=True)
class Old:
    """A paragraph as the current page has it: its last words, and whether they had been removed already.

    `table` is the paragraph of a row's table. `plain` are the same words without Markdown, to be shown.
    """

    paragraph_id: int
    number: str
    kind: str
    text: str
    is_removed: bool = False
    table: int | None = None
    key: str = ""
    plain: str = ""


@dataclass(frozen=True)
class Doubt:
    """An old paragraph of whom a person is to say what became of it.

    `targets` are the new blocks it seems to be, none where it seems to be gone; `by_mark` says that a mark in the
    source claims so, while the words have nothing in common.
    """

    old: int
    targets: tuple[int, ...]
    confidence: float
    by_mark: bool = False


@dataclass(frozen=True)
class Matches:
    """For each old index the new ones it lives on in (none: removed), how sure that is, and what is in doubt.

    `firm` are the pairs, new to old, that have the first claim on a paragraph's number: marks, and equal words.
    """

    targets: dict[int, tuple[int, ...]]
    firm: dict[int, int]
    confidence: dict[int, float]
    doubts: tuple[Doubt, ...]
    confirmed: frozenset[int]


def match(
    old: Sequence[Old],
    new: Sequence[Block],
    confirmed: Mapping[int, Sequence[int]] | None = None,
    *,
    on_doubt: OnDoubt = "accept",
) -> Matches:
    """Match the current page with a new text.

    `confirmed` are the old indices that somebody has looked at, with the new ones they said. Doubtful matches are
    taken as they seem with `on_doubt="accept"`; with "remove" such a paragraph counts as removed, for nothing is put
    on other words unasked.
    """
    said = {i: tuple(js) for i, js in (confirmed or {}).items()}
    marked = _by_mark(old, new, said)
    firm = dict(marked)
    for was_removed in (False, True):
        firm |= _by_words(old, new, firm, said, was_removed=was_removed)
    targets = {**{i: (j,) for j, i in firm.items()}, **said}
    confidence = dict.fromkeys(targets, 1.0)
    doubts = {
        i: Doubt(i, (j,), 0.0, by_mark=True) for j, i in marked.items() if lineage.unrelated(old[i], new[j])
    }
    for find in (_by_likeness, partial(_beside_marks, marked=marked, said=said)):
        for i, js, sure, is_doubtful in find(old, new, targets):
            if is_doubtful:
                doubts[i] = Doubt(i, js, sure)
            elif i in doubts and not doubts[i].by_mark:
                del doubts[i]
            if not is_doubtful or on_doubt == "accept":
                targets[i], confidence[i] = js, sure
    firm |= _by_rows(old, new, firm, targets)
    targets |= {i: (j,) for j, i in firm.items() if i not in targets}
    in_order = tuple(doubts[i] for i in sorted(doubts))
    return Matches(targets, firm, confidence, in_order, frozenset(said))


def fingerprints(blocks: Sequence[Block]) -> list[str]:
    """Name each block of a text by its words, however typed, so that it is known again while others change.

    Equal blocks are told apart by their order.
    """
    seen: Counter[str] = Counter()
    names: list[str] = []
    for block in blocks:
        words = f"{series(block.kind)}\n{sameness.same_words(block.text)}"
        name = sha256(words.encode()).hexdigest()[:16]
        seen[name] += 1
        names.append(f"{name}.{seen[name]}")
    return names


def _by_mark(old: Sequence[Old], new: Sequence[Block], said: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
    """Trust the marks; of two that bear the same one the first has it."""
    by_number = {was.number: index for index, was in enumerate(old) if index not in said}
    firm: dict[int, int] = {}
    for index, block in enumerate(new):
        if block.mark in by_number:
            firm[index] = by_number.pop(block.mark)
    return firm


def _by_words(
    old: Sequence[Old],
    new: Sequence[Block],
    firm: Mapping[int, int],
    said: Mapping[int, tuple[int, ...]],
    *,
    was_removed: bool,
) -> dict[int, int]:
    taken = {*firm.values(), *said}
    free = {j for js in said.values() for j in js} if was_removed else set()
    before = [i for i, was in enumerate(old) if was.is_removed is was_removed and i not in taken]
    after = [j for j in range(len(new)) if j not in firm and j not in free]
    links = sameness.match([old[i] for i in before], [new[j] for j in after])
    pairs = {before[link.old[0]]: after[link.new[0]] for link in links if link.old and link.new}
    if not was_removed:
        # equal words on one page are told apart by what stands around them; a table by its rows
        pairs = {i: j for i, j in pairs.items() if old[i].kind == "table"}
        for place, came in lineage.equal([old[i] for i in before], [new[j] for j in after]).items():
            if "table" not in (old[before[place]].kind, new[after[came]].kind):
                pairs[before[place]] = after[came]
    return {j: i for i, j in pairs.items() if may_be(old[i], new[j])}


def _by_likeness(
    old: Sequence[Old],
    new: Sequence[Block],
    targets: Mapping[int, tuple[int, ...]],
) -> list[Found]:
    """Find reworded paragraphs again."""
    before = [
        i
        for i, was in enumerate(old)
        if not was.is_removed and was.kind != "table" and targets.get(i, (0,)) != ()
    ]
    back = {j for i, js in targets.items() if old[i].is_removed for j in js}
    after = [j for j, block in enumerate(new) if block.kind != "table" and j not in back]
    place_after = {j: place for place, j in enumerate(after)}
    known = {
        place: place_after[targets[i][0]]
        for place, i in enumerate(before)
        if i in targets and targets[i][0] in place_after
    }
    found = lineage.trace([old[i] for i in before], [new[j] for j in after], _one_to_one(known))
    ask = set(found.ask)
    return [
        (i, tuple(after[j] for j in found.targets[place]), found.confidence[place], place in ask)
        for place, i in enumerate(before)
        if i not in targets
    ]


def _beside_marks(
    old: Sequence[Old],
    new: Sequence[Block],
    targets: Mapping[int, tuple[int, ...]],
    *,
    marked: Mapping[int, int],
    said: Collection[int],
) -> list[Found]:
    """Find what was split off from a paragraph that bears its mark, and what was joined with it.

    A mark says where a paragraph is, and not that nothing else of it, or of others, is elsewhere. So those whose words
    changed are judged once more with what has no place yet; only what agrees with the marks counts.
    """
    changed = {i: j for j, i in marked.items() if targets.get(i) == (j,) and not _is_same(old[i], new[j])}
    taken = {j for js in targets.values() for j in js}
    lost = {
        i
        for i, was in enumerate(old)
        if not (was.is_removed or was.kind == "table" or i in said or targets.get(i))
    }
    if not changed or (not lost and len(taken) == len(new)):
        return []
    others = {i: js for i, js in targets.items() if i not in changed and i not in lost}
    again = {i: (js, sure, ask) for i, js, sure, ask in _by_likeness(old, new, others)}
    agreed = {j for i, j in changed.items() if i in again and j in again[i][0]}
    found = []
    for i, (js, sure, ask) in again.items():
        if i in changed:
            parts = tuple(j for j in js if j == changed[i] or j not in taken)
            if changed[i] in parts and len(parts) > 1:
                found.append((i, parts, sure, ask))
        elif i in lost and js and all(j in agreed or j not in taken for j in js):
            found.append((i, js, sure, ask))
    return found


def _is_same(was: Old, now: Block) -> bool:
    return sameness.same_words(was.text) == sameness.same_words(now.text)


def _one_to_one(known: Mapping[int, int]) -> dict[int, int]:
    """Of several that were confirmed to be joined in one block, the first stands for all."""
    seen: set[int] = set()
    first: dict[int, int] = {}
    for i, j in known.items():
        if j not in seen:
            first[i] = j
            seen.add(j)
    return first


def may_be(was: Old, now: Block) -> bool:
    """Say whether one can bear the other's number: a heading's (s2) and a footnote's (n1) are for their kind alone."""
    before, after = series(was.kind), series(now.kind)
    return before == after or {before, after} <= {"", "row"}


def _by_rows(
    old: Sequence[Old],
    new: Sequence[Block],
    firm: Mapping[int, int],
    targets: Mapping[int, tuple[int, ...]],
) -> dict[int, int]:
    """Find the tables again whose words changed: most of a table's rows came from it."""
    index_of = {was.paragraph_id: index for index, was in enumerate(old)}
    taken = set(targets)
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for came, indices in targets.items():
        old_table = old[came].table
        for index in indices:
            table = new[index].table
            if table is not None and old_table in index_of and table not in firm:
                votes[table][index_of[old_table]] += 1
    found: dict[int, int] = {}
    for table, counter in votes.items():
        free = [(count, -was) for was, count in counter.items() if was not in taken]
        if free:
            was = -max(free)[1]
            found[table] = was
            taken.add(was)
    return found
