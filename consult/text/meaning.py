"""What turned the meaning of a paragraph that is otherwise as it was: a pointer for somebody's eye. Pure.

Heavy edits are read anyway; a "not", a "250" or a "may" in a long paragraph is easily overlooked. What is named here
is put in front of a person: it decides nothing.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz.distance import Indel

from consult.text import turning
from consult.text.sameness import same_words
from consult.text.signs import Kind, Sign, signs, words

LIGHT = 0.7
"""An edit is light that leaves this part of the words of both texts. Below it a reader compares the whole anyway."""
FEW = 6
"""In a short text an edit is also light that takes out and puts in no more than so many words: three for three."""
MOST = 0.8
"""… as long as something stays: this part of the words of both texts, and no more, may go or come."""
TOGETHER = 2
"""Changes with no more than so many unchanged words between them are one change, and what they hold belongs together."""
SHORT = 6
"""Of a change of no more than so many words, a number or date put in or taken out is named; in a longer one it came
with what was written about it."""
WRITTEN = 14
"""The same for a negation or a duty: longer than this, a whole sentence came or went, which nobody overlooks."""
ALIKE = 0.88
"""Two names with this part of their letters in common are one, spelled otherwise."""
_UN = ("un", "in", "im", "ir", "il", "non", "non-", "dis", "mis", "anti-")


@dataclass(frozen=True, slots=True)
class Turn:
    """What turned: the words before and after; "" where something was put in or taken out."""

    kind: Kind
    before: str
    after: str


@dataclass(slots=True)
class _Change:
    """One change: the signs it took out and put in, and its words, with the few that stayed between."""

    gone: list[Sign]
    come: list[Sign]
    old: list[str]
    new: list[str]

    @property
    def length(self) -> int:
        return max(len(self.old), len(self.new))

    def of(self, kind: Kind) -> tuple[list[Sign], list[Sign]]:
        return [s for s in self.gone if s.kind == kind], [s for s in self.come if s.kind == kind]


def turned(old: str, new: str) -> tuple[Turn, ...]:
    """Return what turned between two wordings of a paragraph, in reading order; nothing for a heavy edit."""
    if same_words(old) == same_words(new):
        return ()
    before, after = words(old), words(new)
    keys_old, keys_new = [word.key for word in before], [word.key for word in after]
    if not _is_light(keys_old, keys_new):
        return ()
    places = _places(keys_old, keys_new)
    signs_old, signs_new = _By(signs(before)), _By(signs(after))
    changes = [
        _Change(signs_old.at(i, i_end), signs_new.at(j, j_end), keys_old[i:i_end], keys_new[j:j_end])
        for i, i_end, j, j_end in places
    ]
    _forget_what_stayed(changes)
    return tuple(dict.fromkeys(turn for change in changes for turn in _turns(change)))


def _is_light(old: list[str], new: list[str]) -> bool:
    apart = Indel.distance(old, new)
    said = len(old) + len(new)
    return bool(apart <= (1 - LIGHT) * said or (apart <= FEW and apart <= MOST * said))


def _places(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    """Return where the changes are in either text, neighbours as one."""
    found: list[tuple[int, int, int, int]] = []
    for code in Indel.opcodes(old, new):
        if code.tag == "equal":
            continue
        here = (code.src_start, code.src_end, code.dest_start, code.dest_end)
        if found and here[0] - found[-1][1] <= TOGETHER and here[2] - found[-1][3] <= TOGETHER:
            here = (found[-1][0], here[1], found[-1][2], here[3])
            found.pop()
        found.append(here)
    return found


class _By:
    """The signs of a text, to be asked for by place."""

    def __init__(self, found: list[Sign]) -> None:
        self._signs = deque(found)

    def at(self, start: int, end: int) -> list[Sign]:
        """Return the signs that a change touches, those just beside it too: what stayed, both texts have.

        Each is returned once; places have to come in order.
        """
        while self._signs and self._signs[0].end < start:
            self._signs.popleft()
        found: list[Sign] = []
        while self._signs and self._signs[0].start <= end:
            found.append(self._signs.popleft())
        return found


def _forget_what_stayed(changes: list[_Change]) -> None:
    """Take away signs that a change both took out and put in, then those that moved from one change to another."""
    for change in changes:
        change.gone, change.come = _apart(change.gone, change.come, lambda sign: (sign.kind, sign.sort))
    gone = [sign for change in changes for sign in change.gone if not change.of(sign.kind)[1]]
    come = [sign for change in changes for sign in change.come if not change.of(sign.kind)[0]]
    left = {id(sign) for side in _apart(gone, come, _moved_with) for sign in side}
    moved = {id(sign) for sign in (*gone, *come)} - left
    for change in changes:
        change.gone = [sign for sign in change.gone if id(sign) not in moved]
        change.come = [sign for sign in change.come if id(sign) not in moved]


def _moved_with(sign: Sign) -> tuple[str, ...]:
    """A number is the same wherever it went; a "not" only together with what it denies."""
    return (
        (sign.kind, sign.sort)
        if sign.kind in ("number", "date", "name")
        else (sign.kind, sign.sort, sign.beside)
    )


def _apart(
    gone: list[Sign], come: list[Sign], by: Callable[[Sign], tuple[str, ...]]
) -> tuple[list[Sign], list[Sign]]:
    """Return what only one side has, counting how often."""
    return _without(gone, Counter(map(by, come)), by), _without(come, Counter(map(by, gone)), by)


def _without(
    here: list[Sign], there: Counter[tuple[str, ...]], by: Callable[[Sign], tuple[str, ...]]
) -> list[Sign]:
    found = []
    for sign in here:
        if there[by(sign)]:
            there[by(sign)] -= 1
        else:
            found.append(sign)
    return found


def _turns(change: _Change) -> Iterator[Turn]:
    duties = list(_duties(change))
    if not any(turn.before and turn.after for turn in duties):
        yield from _negations(change)
    yield from duties
    yield from _opposites(change)
    for kind in ("date", "number", "name"):
        yield from _values(change, kind)


def _negations(change: _Change) -> Iterator[Turn]:
    """A negation on one side alone. One for another ("without paying", "if they do not pay") is a rewording."""
    pairs = list(_denied(change)) if change.length <= SHORT else []
    gone, come = change.of("negation")
    if not pairs and bool(gone) != bool(come) and change.length <= WRITTEN:
        yield Turn("negation", _joined(gone), _joined(come))
    yield from pairs


def _denied(change: _Change) -> Iterator[Turn]:
    for old in change.old:
        for new in change.new:
            if _denies(old, new) or _denies(new, old):
                yield Turn("negation", old, new)


def _joined(found: Iterable[Sign]) -> str:
    return " … ".join(sign.words for sign in found)


def _denies(word: str, other: str) -> bool:
    """Say whether a word is the other with "un-" and the like before it, or with "-less" for its "-ful"."""
    is_less = word.endswith("less") and other == word.removesuffix("less") + "ful"
    return is_less or (len(other) > 3 and word.endswith(other) and word.removesuffix(other) in _UN)


def _duties(change: _Change) -> Iterator[Turn]:
    gone, come = change.of("duty")
    for old, new in zip_longest(gone, come):
        if old and new:
            is_same_word = old.words.casefold() == new.words.casefold()
            if not is_same_word:  # where it is, a "not" behind it came or went, and that is named
                yield Turn("duty", _with_not(old), _with_not(new))
        elif (old or new).sort in turning.SPEAKS_ALONE and change.length <= WRITTEN:
            yield Turn("duty", old.words if old else "", new.words if new else "")


def _with_not(sign: Sign) -> str:
    return f"{sign.words} {sign.beside}" if sign.sort == turning.NOT_TO else sign.words


def _opposites(change: _Change) -> Iterator[Turn]:
    gone, come = change.of("opposite")
    for old in gone:
        group = old.sort.partition(".")[0]
        new = next((sign for sign in come if sign.sort.partition(".")[0] == group), None)
        if new:
            come.remove(new)
            yield Turn("opposite", old.words, new.words)


def _values(change: _Change, kind: Kind) -> Iterator[Turn]:
    gone, come = change.of(kind)
    for old, new in zip_longest(gone, come):
        if old and new:
            if not _is_same(old, new, change):
                yield _value(kind, old, new)
        elif kind != "name" and change.length <= SHORT and not (old or new).is_common:
            yield Turn(kind, old.words if old else "", new.words if new else "")


def _value(kind: Kind, old: Sign, new: Sign) -> Turn:
    """A number is named with its unit only where that is what changed."""
    has_same_unit = old.sort.partition(" ")[2] == new.sort.partition(" ")[2]
    if kind == "number" and has_same_unit:
        return Turn(kind, old.beside, new.beside)
    return Turn(kind, old.words, new.words)


def _is_same(old: Sign, new: Sign, change: _Change) -> bool:
    """Say whether two signs differ in nothing that counts: a unit left out, a shorter name, a name's initials."""
    if old.kind == "number":
        value, _, unit = old.sort.partition(" ")
        value_new, _, unit_new = new.sort.partition(" ")
        return value == value_new and not (unit and unit_new)
    if old.kind == "name":
        initials = {"".join(word[0] for word in sign.sort.split()) for sign in (old, new)}
        is_part = old.sort in new.sort or new.sort in old.sort
        is_alike = Indel.normalized_similarity(old.sort, new.sort) >= ALIKE
        return (
            is_part or is_alike or bool(initials & {old.sort, new.sort}) or _is_capital_only(old, new, change)
        )
    return False


def _is_capital_only(old: Sign, new: Sign, change: _Change) -> bool:
    """Say whether both names stand on the other side too, in small letters."""
    return set(old.sort.split()) <= set(change.new) and set(new.sort.split()) <= set(change.old)
