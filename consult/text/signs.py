"""Where in a text stand the words that can turn its meaning: numbers, dates, negations, duties, opposites, names. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from consult.text import turning
from consult.text.pieces import bare, ends_sentence, pieces
from consult.text.sameness import same_words

Kind = Literal["negation", "number", "date", "duty", "opposite", "name"]
_NUMBER = re.compile(r"([£$€¥₹]?)\s?(\d+(?:[.,]\d+)*)\s?(%|[^\W\d]*)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_CODE = re.compile(r"[^\W\d_]{3}")
"""Letters that make a word with figures in it a name: "SHA-256", "37signals"."""
_SECTION = re.compile(r"\d+(?:[.-]\d+)+\.?")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_BRITISH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_MEASURED = re.compile(r"(\d+(?:[.,]\d+)*)-([a-z]{3,})")
"""A number joined to what it counts, "6-digit": it is read as "6 digit"."""
_ELISION = re.compile(r"([dljcstmn]|qu)'(\w.*)", re.I)
_CONTRACTED = {
    "can't": ["can", "not"],
    "cannot": ["can", "not"],
    "won't": ["will", "not"],
    "shan't": ["shall", "not"],
}
_BEGINNINGS = frozenset().union(
    turning.PHRASES, turning.WEEKDAYS, turning.MONTHS, turning.MULTIPLES, turning.FRACTIONS
)
_ORDINARY = 0.25
"""Where more than this part of the words has a capital (a heading, German), a capital makes no name."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Words from `start` to `end` that mean `sort`; two signs of one kind and sort say the same."""

    kind: Kind
    sort: str
    words: str
    start: int
    end: int
    beside: str = ""
    """Of a number, it without its unit; of other words, what stands after them: so they are known when moved."""
    is_common: bool = False
    """It counts only against another sign of its kind."""


@dataclass(frozen=True, slots=True)
class Word:
    said: str
    key: str
    is_first: bool
    """It begins a sentence."""


def words(text: str) -> list[Word]:
    """Return the words of a text, contractions parted ("don't" is "do" and "not"), without addresses of the web."""
    found: list[Word] = []
    is_first = True
    here = pieces(same_words(text))
    for at, piece in enumerate(here):
        said = bare(piece)
        if any(map(str.isalnum, said)) and "://" not in said and "@" not in said:
            found += [Word(part, part.casefold(), is_first and not n) for n, part in enumerate(_parted(said))]
            is_first = False
        is_first = is_first or ends_sentence(here, at) or said in ":•|"
    return found


def _parted(said: str) -> list[str]:
    key = said.casefold()
    if key in _CONTRACTED:
        return _CONTRACTED[key]
    if key.endswith("n't"):
        return [said[:-3], turning.NOT]
    if key.endswith("nae") and len(key) > 4:
        return [said[:-3], turning.NOT]
    if measured := _MEASURED.fullmatch(said):
        return [measured[1], measured[2]]
    elided = _ELISION.fullmatch(said)
    if elided and not key.endswith("'s"):
        return ["ne" if elided[1].casefold() == "n" else elided[1], elided[2]]
    return [said]


def signs(text: Sequence[Word]) -> list[Sign]:
    """Return the signs of a text in order; no word is in two."""
    found: list[Sign] = []
    names = _capitals_make_names(text)
    at = 0
    while at < len(text):
        sign = (
            _date(text, at) or _number(text, at) or _phrase(text, at) or (_name(text, at) if names else None)
        )
        if sign:
            found.append(sign)
        at = sign.end if sign else at + 1
    return found


def _may_begin(word: Word) -> bool:
    """Say whether a sign could begin with this word: most words of a text need no closer look."""
    key = word.key
    return (
        word.said[0].isupper()
        or key in _BEGINNINGS
        or key.partition("-")[0] in turning.SPELLED
        or any(map(str.isdecimal, key))
    )


def _said(text: Sequence[Word], start: int, end: int) -> str:
    return " ".join(word.said for word in text[start:end])


def _key(text: Sequence[Word], at: int) -> str:
    return text[at].key if 0 <= at < len(text) else ""


def _date(text: Sequence[Word], at: int) -> Sign | None:
    """A weekday, a day, a month and a year as far as they stand together, in either order of day and month."""
    whole = _written(text[at].key)
    if whole:
        return Sign("date", whole, text[at].said, at, at + 1)
    found: dict[str, int] = {}
    end = at
    while end < len(text) and (part := _part(text, end, found)):
        if part[0] in found:
            break
        found[part[0]] = part[1]
        end += part[2]
    if not found.keys() & {"month", "weekday"} and not ("year" in found and len(found) == 1):
        return None
    if len(found) == 1 and "month" in found and text[at].key in turning.UNSURE_MONTHS:
        return None
    sort = "/".join(str(found.get(name, "")) for name in ("weekday", "day", "month", "year"))
    return Sign("date", sort, _said(text, at, end), at, end)


def _written(key: str) -> str:
    """Return the sort of a date in figures; "" for anything else."""
    if iso := _ISO.fullmatch(key):
        return f"/{int(iso[3])}/{int(iso[2])}/{iso[1]}"
    if british := _BRITISH.fullmatch(key):
        return f"/{int(british[1])}/{int(british[2])}/{british[3]}"
    return ""


def _part(text: Sequence[Word], at: int, found: dict[str, int]) -> tuple[str, int, int] | None:
    """Return which part of a date stands here, its value, and how many words it takes."""
    key = text[at].key
    if key in turning.WEEKDAYS and text[at].said[0].isupper():
        return "weekday", turning.WEEKDAYS[key], 1
    if key in turning.MONTHS and (text[at].said[0].isupper() or found):
        return "month", turning.MONTHS[key], 1
    if _YEAR.fullmatch(key) and not turning.UNITS.get(_key(text, at + 1)):
        return "year", int(key), 1
    day = _DAY.fullmatch(key)
    if day and 0 < int(day[1]) < 32:
        if "month" in found:
            return "day", int(day[1]), 1
        gap = 2 if _key(text, at + 1) in ("of", "de") else 1
        if _key(text, at + gap) in turning.MONTHS:
            return "day", int(day[1]), gap
    return None


def _number(text: Sequence[Word], at: int) -> Sign | None:
    figure = _figure(text[at].key) or _spelled(text, at)
    if figure is None:
        return None
    if _CODE.search(text[at].said) and any(map(str.isdecimal, text[at].said)):
        return Sign("name", text[at].key, text[at].said, at, at + 1)
    value, end = figure[0], at + figure[1]
    unit_at = end
    while _key(text, unit_at) in turning.BETWEEN_UNIT:
        unit_at += 1
    unit = turning.UNITS.get(_key(text, unit_at)) or (
        "percent" if _said(text, end, end + 2) == "per cent" else ""
    )
    if unit:
        value += " " + " ".join([*(word.key for word in text[end:unit_at]), unit])
        end_of_unit = unit_at + (2 if unit == "percent" and _key(text, unit_at) == "per" else 1)
        return Sign("number", value, _said(text, at, end_of_unit), at, end_of_unit, _said(text, at, end))
    said = _said(text, at, end)
    if at == 0 and len(text) > 1 and _SECTION.fullmatch(said):
        return None  # the number of a section is its place, not what it says
    return Sign("number", value, said, at, end, said, is_common=text[at].key in turning.COMMON)


def _figure(key: str) -> tuple[str, int] | None:
    """Return the value of a word with figures in it: of a number what it is worth, of a code the code."""
    if not any(map(str.isdecimal, key)):
        return None
    plain = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in key)
    found = _NUMBER.fullmatch(plain.replace("٫", ".").replace("٬", ","))
    if found is None:
        return plain, 1
    value = _THOUSANDS.sub("", found[2]).replace(",", ".").removesuffix(".0").removesuffix(".00")
    unit = turning.UNITS.get(found[3], found[3])
    return f"{found[1]}{value}{' ' if unit else ''}{unit}", 1


def _spelled(text: Sequence[Word], at: int) -> tuple[str, int] | None:
    """Return the value of a number in words and how many words it takes: "two hundred and fifty" is 250."""
    key = text[at].key
    if key in turning.FRACTIONS:
        return turning.FRACTIONS[key], 1
    value = turning.MULTIPLES.get(key) or _worth(key)
    if value is None:
        return None
    end = at + 1
    multiple = turning.MULTIPLES.get(_key(text, end))
    if multiple:
        value, end = value * multiple, end + 1
        more_at = end + (_key(text, end) == "and")
        more = _worth(_key(text, more_at))
        if more is not None and more < multiple:
            value, end = value + more, more_at + 1
    return str(value), end - at


def _worth(key: str) -> int | None:
    """Return the value of a number word below a hundred."""
    tens, dash, ones = key.partition("-")
    if tens not in turning.SPELLED or (dash and ones not in turning.SPELLED):
        return None
    return turning.SPELLED[tens] + (turning.SPELLED[ones] if dash else 0)


def _phrase(text: Sequence[Word], at: int) -> Sign | None:
    for phrase, kind, sort in turning.PHRASES.get(text[at].key, ()):
        end = at + len(phrase)
        if tuple(word.key for word in text[at:end]) == phrase:
            if kind == "duty" and sort != turning.FREE and _key(text, end) == turning.NOT:
                sort = turning.NOT_TO
            return Sign(kind, sort, _said(text, at, end), at, end, _key(text, end))
    return None


def _name(text: Sequence[Word], at: int) -> Sign | None:
    """Words with a capital that begin no sentence, and abbreviations in capitals wherever they stand."""
    end = at
    while end < len(text) and _is_name(text, end, at):
        end += 1
    if end == at:
        return None
    said = _said(text, at, end)
    return Sign("name", said.casefold().removesuffix("'s").replace(".", ""), said, at, end)


def _is_name(text: Sequence[Word], at: int, start: int) -> bool:
    word = text[at]
    if word.key in turning.PHRASES or len(word.said) < 2:
        return False
    is_acronym = word.said.isupper() and word.said.isalpha() and len(word.said) <= 6
    return word.said[0].isupper() and (not word.is_first or is_acronym) and (at == start or not word.is_first)


def _capitals_make_names(text: Sequence[Word]) -> bool:
    inside = [word for word in text if not word.is_first and len(word.said) > 3]
    capital = sum(word.said[0].isupper() for word in inside)
    return capital <= max(1, _ORDINARY * len(inside))
