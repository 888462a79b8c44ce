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
)
_SIGNS: dict[str, set[tuple[int, int]]] = {}
for _axis, (_plus, _minus) in enumerate(_AXES):
    for _sign, _listed in ((1, _plus), (-1, _minus)):
        for _word in _listed.split():
            for _form in (_word, f"{_word}d", f"{_word}ed", f"{_word}ing", f"{_word.removesuffix('e')}ing"):
                _SIGNS.setdefault(_form, set()).add((_axis, _sign))
_NOT = listed("not no never without neither nor against nid ddim na nac peidiwch peidio")
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
_DIGITS = re.compile(r"\d")


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
            yield _with_no(gone), _with_no(come), before[-4:], after[:4]


def _with_no(words: Sequence[str]) -> Sequence[str]:
    """Read "say no" as being against."""
    return [
        "against" if word == "no" and at and words[at - 1] in _SAYING else word
        for at, word in enumerate(words)
    ]


def _is_opposite(
    gone: Sequence[str], come: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> bool:
    if _is_denial(gone, come) or _is_antonym(gone, come):
        return True
    is_framed = (len(before) >= AROUND and len(after) >= AROUND) or len(before) + len(after) >= 3 * AROUND
    return is_framed and (
        _is_other_number(gone, come, before, after) or _is_other_option(gone, come, before, after)
    )


def _is_denial(gone: Sequence[str], come: Sequence[str]) -> bool:
    """Say whether the one denies what the other says, in the same words."""
    denies = [any(word in _NOT for word in words) for words in (gone, come)]
    rest = [[word for word in words if word not in _NOT and word not in _HELPERS] for words in (gone, come)]
    return denies[0] != denies[1] and rest[0] == rest[1]


def _is_antonym(gone: Sequence[str], come: Sequence[str]) -> bool:
    one, other = _signs(gone), _signs(come)
    return any(one[axis] * other[axis] < 0 for axis in one.keys() & other.keys())


def _signs(words: Sequence[str]) -> dict[int, int]:
    sign = -1 if sum(word in _NOT and word != "against" for word in words) % 2 else 1
    found: dict[int, int] = {}
    for word in words:
        for axis, way in _SIGNS.get(word, ()):
            found[axis] = found.get(axis, sign) * way
    return found


def _is_other_number(
    gone: Sequence[str], come: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> bool:
    one, other = _numbers(gone), _numbers(come)
    if not one or not other or one == other:
        return False
    near = {*before[-2:], *after[:2], *gone, *come}
    if near & _OF_A_LIFE:
        return False
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
