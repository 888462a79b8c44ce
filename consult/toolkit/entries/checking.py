"""Whether the facts of a page are whole and can be true: one message for each field that is not. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext

from consult.accounts.addresses import as_stored
from consult.consultations.slugs import is_slug
from consult.consultations.typed_dates import day_from
from consult.text.bounds import is_plain_name
from consult.text.urls import host
from consult.toolkit.entries.filters import key_of
from consult.toolkit.entries.kinds import (
    LONGEST_PART,
    Field,
    Of,
    PageKind,
    fields_of,
    is_unknown,
    is_unpriced,
    parts_of,
)

MONEY = re.compile(r"£\s?\d")
YEARS = re.compile(r"(\d{4})(?:\s*(?:-|–|to)\s*(\d{4}))?")
EARLIEST_YEAR = 1900
MOST_PARTS = 20
NEVER_UNKNOWN = (Of.DAY, Of.YEAR, Of.CHOICE)  # what is missing there is asked for as what is wrong

Facts = Mapping[str, str]


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


def tidied(kind: PageKind, given: Facts) -> dict[str, str]:
    """Return the facts that a page of this kind has, each on one line, as they are stored; empty ones left out."""
    found = {}
    for field in fields_of(kind):
        words = " ".join(unicodedata.normalize("NFC", given.get(field.name) or "").split())
        if words and words != field.usual:
            found[field.name] = _as_stored(field, words)
    return found


def _as_stored(field: Field, words: str) -> str:
    if field.of is Of.SEVERAL:
        named: dict[str, str] = {}
        for part in parts_of(words):
            named.setdefault(key_of(part), part)
        return "; ".join(named.values()) or words
    if field.of is Of.DAY:
        try:
            return day_from(words).isoformat()
        except ValueError:
            return words  # for its message
    return words


def mistakes(kind: PageKind, facts: Facts, today: date | None = None) -> dict[str, str]:
    """Return a message for each field whose fact is missing or cannot be; facts are as `tidied` returns them.

    A day after `today` is refused; None is for pages that come with the site, whose clock may stand anywhere.
    """
    found = {}
    for field in fields_of(kind):
        if message := _mistake(field, facts.get(field.name, ""), today):
            found[field.name] = message
    if kind is PageKind.CASE_STUDY and facts.get("consultation") and not facts.get("numbers"):
        found.pop("numbers", None)  # they are counted there
    return dict(_HANGING_TOGETHER[kind](facts)) | found if kind in _HANGING_TOGETHER else found


def _mistake(field: Field, words: str, today: date | None) -> str:
    label = str(field.label)
    if not words and not (field.is_needed and field.of in NEVER_UNKNOWN):
        return _("Fill in “%(label)s”, or say “Not known”", label=label) if field.is_needed else ""
    if len(words) > field.limit:
        return _(
            "“%(label)s” must be %(limit)s characters or fewer. It is %(length)s characters long",
            label=label,
            limit=f"{field.limit:,}",
            length=f"{len(words):,}",
        )
    if not is_plain_name(words):
        return _("“%(label)s” has characters that cannot be shown", label=label)
    if field.of is Of.DAY:
        return _mistake_of_day(label, words, today)
    if field.of is Of.CHOICE:
        known = {value for value, _label in field.choices}
        return "" if words in known else _("Choose an answer to “%(label)s”", label=label)
    if not _RULES[field.of](words):
        return _message(field, label)
    return _mistake_of_year(label, words, today) if field.of is Of.YEAR else ""


def _mistake_of_day(label: str, words: str, today: date | None) -> str:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return _("“%(label)s” must be a day, such as 3 November 2026", label=label)
    if today is not None and day > today:
        return _("“%(label)s” cannot be in the future", label=label)
    return ""


def _mistake_of_year(label: str, words: str, today: date | None) -> str:
    if today is not None and int(words[-4:]) > today.year:
        return _("“%(label)s” cannot be in the future", label=label)
    return ""


def _mistakes_of_rate(facts: Facts) -> Iterator[tuple[str, str]]:
    """A rate says nothing without its day and its source."""
    rate = facts.get("day_rate", "")
    if rate and not is_unpriced(rate):
        if not facts.get("rate_date"):
            yield "rate_date", _("Say on which day the day rate was published")
        if not facts.get("rate_source"):
            yield "rate_source", _("Say where the day rate can be read")


def _mistakes_of_consent(facts: Facts) -> Iterator[tuple[str, str]]:
    """That somebody agreed says nothing without who it was and when."""
    if facts.get("consent") == "yes":
        if not facts.get("agreed_by"):
            yield "agreed_by", _("Say who agreed that they are listed")
        if not facts.get("agreed_on"):
            yield "agreed_on", _("Say on which day they agreed to be listed")


def _message(field: Field, label: str) -> str:
    return {
        Of.SEVERAL: _(
            "“%(label)s” must be at most %(parts)s things of %(limit)s characters or fewer, with semicolons between",
            label=label,
            parts=MOST_PARTS,
            limit=LONGEST_PART,
        ),
        Of.YEAR: _("“%(label)s” must be a year, such as 2019, or two: 2019 to 2021", label=label),
        Of.MONEY: _(
            "“%(label)s” must be in pounds, such as £620, or “Not published” without a figure", label=label
        ),
        Of.ADDRESS: _(
            "“%(label)s” must be an email address, or a web address that begins with https://", label=label
        ),
        Of.CONSULTATION: _(
            "“%(label)s” must be the last part of its address, like clear-footways", label=label
        ),
    }[field.of]


def _are_short(words: str) -> bool:
    parts = parts_of(words)
    return 0 < len(parts) <= MOST_PARTS and all(len(part) <= LONGEST_PART for part in parts)


def _is_year(words: str) -> bool:
    found = YEARS.fullmatch(words)
    return found is not None and EARLIEST_YEAR <= int(found[1]) <= int(found[2] or found[1])


def is_mail(words: str) -> bool:
    """Say whether a fact is one mail address."""
    try:
        return bool(as_stored(words))
    except ValueError:
        return False


def is_web(words: str) -> bool:
    """Say whether a fact is one web address."""
    return " " not in words and "." in host(words)


_RULES: dict[Of, Callable[[str], bool]] = {
    Of.TEXT: lambda words: True,
    Of.SEVERAL: _are_short,
    Of.YEAR: _is_year,
    Of.MONEY: lambda words: is_unpriced(words) or MONEY.search(words) is not None,
    Of.ADDRESS: lambda words: is_unknown(words) or is_mail(words) or is_web(words),
    Of.CONSULTATION: is_slug,
}
_HANGING_TOGETHER: dict[PageKind, Callable[[Facts], Iterator[tuple[str, str]]]] = {
    PageKind.COMMUNITY: _mistakes_of_consent,
    PageKind.EXPERT: _mistakes_of_rate,
}
