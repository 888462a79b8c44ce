"""Dates and times in plain words, in the site's zone and the reader's language.

Babel formats one date in some 60 µs, which a list of fifty feels. A pattern is taken apart once here, with Babel's
own names of days and months, and then costs a tenth. Patterns use these letters of Unicode TR 35: d, MMM, MMMM, yyyy,
EEE, EEEE, h, mm, a, HH.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from babel.dates import get_day_names, get_month_names
from flask import current_app

from consult.web.translations import language

PART = re.compile(r"([A-Za-z])\1*|'[^']*'|[^A-Za-z']+")
Piece = Callable[[datetime | date], str]


def in_words(at: datetime | date, form: str) -> str:
    """Return a moment (in the site's zone) or a day in the words of a pattern, such as "d MMM yyyy, h.mm a"."""
    if isinstance(at, datetime):
        at = at.astimezone(current_app.config["CONSULT_ZONE"])
    return "".join([piece(at) for piece in _pieces(form, language())])


@cache
def _pieces(form: str, spoken: str) -> tuple[Piece, ...]:
    return tuple(_piece(part.group(), spoken) for part in PART.finditer(form))


def _piece(part: str, spoken: str) -> Piece:
    names = {
        "MMM": lambda: get_month_names("abbreviated", locale=spoken),
        "MMMM": lambda: get_month_names("wide", locale=spoken),
        "EEE": lambda: get_day_names("abbreviated", locale=spoken),
        "EEEE": lambda: get_day_names("wide", locale=spoken),
    }
    numbers: dict[str, Piece] = {
        "d": lambda at: str(at.day),
        "yyyy": lambda at: str(at.year),
        "h": lambda at: str((at.hour + 11) % 12 + 1),  # type: ignore[union-attr]
        "HH": lambda at: f"{at.hour:02d}",  # type: ignore[union-attr]
        "mm": lambda at: f"{at.minute:02d}",  # type: ignore[union-attr]
        "a": lambda at: "am" if at.hour < 12 else "pm",  # type: ignore[union-attr]
    }
    if part in names:
        words = dict(names[part]())
        return (lambda at: words[at.month]) if part[0] == "M" else (lambda at: words[at.weekday()])
    if part in numbers:
        return numbers[part]
    if part[0].isalpha():
        raise ValueError(f"a date pattern may not hold {part!r}")
    fixed = part.strip("'") if part[0] == "'" else part
    return lambda at: fixed
