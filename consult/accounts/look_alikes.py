"""What a name looks like, whatever characters it is made of. Pure.

The shape of a character is that of UTS #39 (Unicode Security Mechanisms, section 4), from `confusables.txt` as the
package confusable-homoglyphs carries it. Its data are used and its functions are not: they say whether a text could
be confused with something, but make no skeleton to compare. In its data each pair stands twice, once each way, and
right-to-left characters stand between marks.

The readings here go further than the skeleton of the standard, which tells `I` from `i` and `é` from `e`: they have no
case, no accents and no blanks, and take figures and signs for the letters that they imitate. That is right only
because they are held against the few names that are reserved, and never one private name against another.
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

SIGNS = {
    "2": "z",
    "3": "e",
    "4": "a",
    "5": "s",
    "6": "b",
    "7": "t",
    "8": "b",
    "9": "g",
    "@": "a",
    "$": "s",
    "€": "e",
}
SIGNS |= {"!": "l", "|": "l", "¡": "l", "+": "t", "ʍ": "m"}
SIGNS["i"] = "l"  # as I is in most typefaces, and readings have no case
AS_LETTERS = re.compile(r"[!|¡@$€+]")
AND = re.compile("[&ꝸ]")
APOSTROPHES = re.compile("['’‘ʼʻ`´ʹʾʿ]")
# "LATIN SMALL LETTER D WITH STROKE", "NEGATIVE CIRCLED LATIN CAPITAL LETTER M", "LATIN LETTER SMALL CAPITAL R"
NAMED_LETTER = re.compile(
    r"(?:.+ )?(?:LATIN )?(?:SMALL |CAPITAL )?(?:LETTER|LETTER SMALL CAPITAL|SYMBOL LETTER) ([A-Z])(?: WITH .*)?"
)
NOT_SEEN = re.compile("[\u115f\u1160\u3164\uffa0\u2800]")  # letters and signs that leave no trace
UNSEEN = frozenset({"Cf", "Cc"})
VIRAMA = 9  # the combining class of the sign that takes the vowel from an Indic letter
NO_SCRIPT = frozenset({"COMMON", "INHERITED"})
WRITTEN_TOGETHER = (  # UTS #39, section 5.2, "highly restrictive"
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)


@lru_cache(maxsize=10_000)
def readings(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a text as the eye reads them, in two ways.

    In the first, figures and signs stand for letters, so that `M0der@tor` is a moderator; in the second they are left
    out, so that `*Moderator 2!*` is one too.
    """
    plain = _taken_apart(text)
    without = "".join(" " if AS_LETTERS.match(letter) else letter for letter in plain if not letter.isdigit())
    return _words(plain), _words(without)


def skeleton(text: str) -> str:
    """Return how a text reads, figures and signs as letters, without blanks: two texts that look alike have the same."""
    return "".join(readings(text)[0])


def mixes_scripts(text: str) -> bool:
    """Say whether one word has letters of several scripts which no language writes together."""
    words = re.split(r"[^\w'’‘ʼʻ]+", unicodedata.normalize("NFC", text))
    return any(_is_mixed(word) for word in words)


def without_joiners(text: str) -> str:
    """Return a text without the joiners that its own script needs, such as those in Persian and Sinhala names.

    UAX #31, section 2.3: a joiner may follow a virama, and one that parts letters may stand between Arabic ones.
    """
    kept = []
    for before, letter, after in zip(" " + text, text, text[1:] + " ", strict=False):
        follows = letter in "\u200c\u200d" and unicodedata.combining(before) == VIRAMA
        parts = letter == "\u200c" and script_of(before) == script_of(after) == "ARABIC"
        if not follows and not parts:
            kept.append(letter)
    return "".join(kept)


def script_of(letter: str) -> str:
    """Return the script that a character belongs to, as Unicode calls it; COMMON where it is of all of them."""
    starts, ends, names = _scripts()
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        if starts[middle] <= ord(letter):
            low = middle + 1
        else:
            high = middle
    return names[low - 1] if low and ord(letter) <= ends[low - 1] else "UNKNOWN"


def _is_mixed(word: str) -> bool:
    scripts = {script_of(letter) for letter in word} - NO_SCRIPT
    return len(scripts) > 1 and not any(scripts <= together for together in WRITTEN_TOGETHER)


def _words(plain: str) -> tuple[str, ...]:
    """Return the words of a text in NFKD by their shapes; letters that stand alone make one word with their likes."""
    seen = NOT_SEEN.sub("", AND.sub(" and ", APOSTROPHES.sub("", plain)))
    shapes = "".join(_shape(letter) for letter in seen).replace("vv", "w")
    found: list[str] = []
    is_run = False
    for word in "".join(part if _is_of_a_word(part) else " " for part in shapes).split():
        is_alone = len(word) == 1 or word == "rn"  # the shape of an m
        if is_alone and is_run:
            found[-1] += word
        else:
            found.append(word)
        is_run = is_alone
    return tuple(found)


def _taken_apart(text: str) -> str:
    """Return a text in NFKD. What has the shape of a letter is given it first: `ſ` looks like an f, and means an s."""
    return unicodedata.normalize("NFKD", "".join(map(_looked_at, unicodedata.normalize("NFD", text))))


def _looked_at(letter: str) -> str:
    if letter.isdigit() or AS_LETTERS.match(letter):
        return letter
    shape = _prototypes().get(letter, "")
    return shape if shape.isascii() and shape else letter


def _is_of_a_word(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")


@cache
def _shape(letter: str) -> str:
    """Return the shape of one character: small letters without accents, followed until it has no other shape."""
    shape, before = letter, ""
    while shape != before:
        before = shape
        shape = "".join(_step(part) for part in unicodedata.normalize("NFKD", before))
    return shape


def _step(letter: str) -> str:
    if (
        unicodedata.category(letter) in UNSEEN or script_of(letter) == "INHERITED"
    ):  # accents, not vowels of a script
        return ""
    shape = _prototypes().get(letter) or SIGNS.get(letter) or letter
    named = NAMED_LETTER.fullmatch(unicodedata.name(shape, "")) if len(shape) == 1 else None
    return (named[1] if named else shape).casefold()


@cache
def _prototypes() -> dict[str, str]:
    """Return each character that looks like another with that other, which may be several (`m` is `rn`).

    A character that has another's shape has just one partner; of two that have but each other, the first is the one
    that is replaced, as in the file of the standard.
    """
    known: dict[str, list[dict[str, str]]] = json.loads(_data("confusables.json"))
    partners = {_bare(one): [_bare(other["c"]) for other in others] for one, others in known.items()}
    places = {one: place for place, one in enumerate(partners)}
    found = {}
    for one, others in partners.items():
        other = others[0]
        if len(one) == 1 == len(others) and (len(partners[other]) > 1 or places[one] < places[other]):
            found[one] = other
    return found


def _bare(listed: str) -> str:
    return listed.replace("\u200e", "")


@cache
def _scripts() -> tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]:
    """Return where the ranges of scripts start, where they end, and what they are called."""
    known = json.loads(_data("categories.json"))
    names = known["iso_15924_aliases"]
    starts, ends, numbers, _categories = zip(*known["code_points_ranges"], strict=True)
    return tuple(starts), tuple(ends), tuple(names[number] for number in numbers)


def _data(name: str) -> str:
    return (files("confusable_homoglyphs") / name).read_text("utf-8")
