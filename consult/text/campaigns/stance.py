"""Whether two letters of one frame say the opposite: for and against, more and less, one option and another.

Only what stands between the same words is held against each other: there one word changes what the letter asks for.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from rapidfuzz.distance import Indel

from consult.text.campaigns.common import listed
from consult.text.campaigns.letters import Letter

SAME_STEM = 4  # letters that two forms of one word begin with
LONGEST_CHANGE = 5  # words on either side, for one to stand in the place of the other
AROUND = 2  # words before and after, that are the same; one where a word turns the meaning

_AXES = (
    (
        "support back welcome favour favor endorse agree accept approve adopt grant allow permit for pro applaud "
        "cefnogi croesawu cytuno yes",
        "oppose object reject disagree against refuse deplore condemn ban prohibit forbid anti "
        "gwrthwynebu gwrthod anghytuno",
    ),
    (
        "keep retain preserve maintain protect save continue strengthen build install introduce create cadw",
        "scrap remove abolish repeal drop abandon withdraw end stop cancel weaken demolish close axe",
    ),
    (
        "increase raise more higher expand extend longer wider greater larger bigger faster upper maximum rise",
        "decrease reduce cut lower less fewer shrink shorten shorter narrower smaller slower minimum fall",
    ),
    ("open agor", "close shut closed"),
    ("include inclusion", "exclude exclusion"),
    ("always must", "never"),
    ("better good right safe safer benefit", "worse bad wrong dangerous unsafe harm"),
    ("before", "after"),
    ("enough sufficient", "insufficient inadequate"),
    # from here on words of any sentence, which turn it only where all else is the same
    ("start begin launch resume", "stop end cease halt"),
    ("high long wide large big", "low short narrow small"),
    ("early earlier sooner", "late later"),
    ("welcome love enjoy", "regret hate deplore"),
    ("compulsory mandatory obligatory", "voluntary optional"),
    ("everyone everybody all every", "nobody none"),
    ("always often", "rarely seldom hardly"),
    ("have has", "lack lacks"),
    ("with", "without"),
)
_EXACT = next(at for at, (plus, _minus) in enumerate(_AXES) if plus.startswith("start"))
_SIGNS: dict[str, set[tuple[int, int]]] = {}


def _forms(word: str) -> set[str]:
    """Return a word as it stands in a letter: welcomed, banned, closing, without its last s, before a Welsh article."""
    bare, doubled = word.removesuffix("e"), word + word[-1]
    endings = {f"{word}d", f"{word}ed", f"{word}ing", f"{bare}ing", f"{doubled}ed", f"{doubled}ing"}
    return {word, f"{word}r", word.removesuffix("s"), *endings}


for _axis, (_plus, _minus) in enumerate(_AXES):
    for _sign, _listed in ((1, _plus), (-1, _minus)):
        for _word in _listed.split():
            for _form in _forms(_word):
                _SIGNS.setdefault(_form, set()).add((_axis, _sign))
_NOT = listed("not no never nothing without neither nor against nid ddim na nac peidiwch peidio")
_DEGREES = listed(
    "a an any some the strong strongly real really very great greatly serious fully wholly quite such ever"
)
_TURNING = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "de")  # what a word begins with that is turned
SHORTEST_TURNED = 4  # letters of the word that is turned: "unit" is not "it"
_HELPERS = listed("do does did be to is are should ought must will would shall can could may might")
_SAYING = listed("say saying said vote voting voted")
_FIRST = listed("i we")
_FOR = listed("support supporting back welcome favour favor endorse agree applaud approve cefnogi")
_AGAINST = listed("oppose opposing object objecting reject disagree against deplore gwrthwynebu opposition")
_NUMBER_WORDS = listed("""zero one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy
    eighty ninety hundred thousand million half double un dau tri pedwar pump chwech saith wyth naw deg""")
_UNITS = listed("""mph mile kilometre km metre meter percent pound euro dollar home house storey floor unit dwelling place space
    hour day week lane degree tonne megawatt mw kg""")
_OF_A_LIFE = listed("year month child children grandchildren grandchild old aged am son daughter")
_OPTIONS = listed(
    """option route scenario alternative site model version policy question scheme number opsiwn safle llwybr"""
)
_CHOOSING = listed("prefer choose choice vote pick favour")
_WAYS = listed(
    "north south east west northern southern eastern western left right inner outer upper lower red blue green"
)
_BY_WHEN = listed("by until before after from")
_DIGITS = re.compile(r"\d")
_WITH_UNIT = re.compile(r"(\d+)([a-z]+)")
_YEAR = re.compile(r"20[2-9]\d")


def differ(one: Letter, other: Letter) -> bool:
    """Say whether two letters that are alike ask for opposite things, or for different ones by name or number."""
    return _stances(one.words, other.words) or any(
        _is_opposite(*change) for change in _changes(one.words, other.words)
    )


Change = tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str]]
"""What stands in the one, what in the other, and the words before and after, which are the same."""


def _changes(one: Sequence[str], other: Sequence[str]) -> Iterator[Change]:
    one, other = [word for word in one if word], [word for word in other if word]
    codes = list(Indel.opcodes(one, other))
    at = 0
    while at < len(codes):
        if codes[at].tag == "equal":
            at += 1
            continue
        start = at
        while at < len(codes) and codes[at].tag != "equal":
            at += 1
        first, last = codes[start], codes[at - 1]
        before = one[codes[start - 1].src_start : first.src_start] if start else []
        after = one[last.src_end : codes[at].src_end] if at < len(codes) else []
        gone = one[first.src_start : last.src_end]
        come = other[first.dest_start : last.dest_end]
        if before and after and max(len(gone), len(come)) <= LONGEST_CHANGE:
            yield _read(gone, before), _read(come, before), before[-4:], _read(after[:4], gone)


def _read(words: Sequence[str], before: Sequence[str]) -> Sequence[str]:
    """Read "say no" as being against, and "20mph" as two words."""
    found: list[str] = []
    for word in words:
        last = found[-1] if found else next(iter(before[-1:]), "")
        with_unit = _WITH_UNIT.fullmatch(word)
        if word == "no" and last in _SAYING:
            found.append("against")
        elif with_unit and with_unit[2] in _UNITS:
            found += [with_unit[1], with_unit[2]]
        else:
            found.append(word)
    return found


def _is_opposite(
    gone: Sequence[str], come: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> bool:
    if _is_denial(gone, come) or _is_antonym(gone, come) or _is_turned(gone, come):
        return True
    is_framed = (len(before) >= AROUND and len(after) >= AROUND) or len(before) + len(after) >= 3 * AROUND
    return is_framed and (
        _is_other_number(gone, come, before, after) or _is_other_option(gone, come, before, after)
    )


def _is_denial(gone: Sequence[str], come: Sequence[str]) -> bool:
    """Say whether the one denies what the other says, in the same words."""
    denies = [any(word in _NOT and word != "without" for word in words) for words in (gone, come)]
    passed_over = _NOT | _HELPERS | _DEGREES
    rest = [[word for word in words if word not in passed_over] for words in (gone, come)]
    return denies[0] != denies[1] and rest[0] == rest[1]


def _is_turned(gone: Sequence[str], come: Sequence[str]) -> bool:
    """Say whether a word of the one stands in the other with its meaning turned by what it begins with."""
    same = set(gone) & set(come) | _NOT | _HELPERS | _DEGREES
    one, other = ([word for word in words if word not in same] for words in (gone, come))
    return len(one) == len(other) == 1 and (_turns(one[0], other[0]) or _turns(other[0], one[0]))


def _turns(word: str, other: str) -> bool:
    return len(word) >= SHORTEST_TURNED and any(other == begins + word for begins in _TURNING)


def _is_antonym(gone: Sequence[str], come: Sequence[str]) -> bool:
    one, other = _signs(gone), _signs(come)
    axes = [axis for axis in one.keys() & other.keys() if one[axis] * other[axis] < 0]
    return any(axis < _EXACT or _rest(gone, axis) == _rest(come, axis) for axis in axes)


def _rest(words: Sequence[str], axis: int) -> list[str]:
    """Return what is said besides the word that has an opposite."""
    passed_over = _NOT | _HELPERS | _DEGREES
    of_it = {word for word in words if any(each == axis for each, _way in _SIGNS.get(word, ()))}
    return [word for word in words if word not in passed_over and word not in of_it]


def _signs(words: Sequence[str]) -> dict[int, int]:
    """Return on which side the words stand of each axis that they name. A denial turns what stands beside it."""
    found: dict[int, int] = {}
    for word in words:
        for axis, way in _SIGNS.get(word, ()):
            found[axis] = found.get(axis, _turned(words, axis)) * way
    return found


def _turned(words: Sequence[str], axis: int) -> int:
    denials = [word for word in words if word in _NOT and word != "against"]
    beside = [word for word in denials if not any(each == axis for each, _way in _SIGNS.get(word, ()))]
    return -1 if len(beside) % 2 else 1


def _is_other_number(
    gone: Sequence[str], come: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> bool:
    one, other = _numbers(gone), _numbers(come)
    if not one or not other or one == other:
        return False
    near = {*before[-2:], *after[:2], *gone, *come}
    if near & _OF_A_LIFE:
        return False
    if _YEAR.fullmatch(one[-1]) and _YEAR.fullmatch(other[-1]) and {*before[-1:], *gone[:-1]} & _BY_WHEN:
        return True
    return bool(near & (_UNITS | _OPTIONS))


def _numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if word.isdigit() or word in _NUMBER_WORDS]


def _is_other_option(
    gone: Sequence[str], come: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> bool:
    if not gone or not come:
        return False
    if {*gone} & _WAYS and {*come} & _WAYS and not {*gone} & {*come} & _WAYS:
        return True
    named = [words for words in (gone, come) if len(words[-1]) <= 2 or _DIGITS.search(words[-1])]
    if len(named) == 2 and gone[-1] != come[-1] and {*before[-1:], *gone[:-1]} & _OPTIONS:
        return True
    is_same_word = gone[-1][:SAME_STEM] == come[-1][:SAME_STEM]
    return len(gone) == len(come) <= 3 and not is_same_word and bool({*before[-2:]} & _CHOOSING)


def _stances(one: Sequence[str], other: Sequence[str]) -> bool:
    return _stance(one) * _stance(other) < 0


def _stance(words: Sequence[str]) -> int:
    """Return 1 for who says "I support" and nothing against, -1 for the opposite, 0 where it is not said or is mixed."""
    found = set()
    for at, word in enumerate(words):
        way = 1 if word in _FOR else -1 if word in _AGAINST else 0
        if not way:
            continue
        said = list(takewhile(bool, reversed(words[max(0, at - 8) : at])))
        if not _FIRST & set(said):
            continue
        close = said[: next(place for place, before in enumerate(said) if before in _FIRST)]
        denials = sum(before in _NOT for before in close if before != "against")
        found.add(-way if denials % 2 else way)
    return found.pop() if len(found) == 1 else 0
