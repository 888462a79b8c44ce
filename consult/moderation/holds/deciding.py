"""Which holds fire for what somebody wrote. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from consult.moderation.holds import names
from consult.moderation.holds.details import details_in
from consult.moderation.holds.found import Found
from consult.moderation.holds.links import links_in
from consult.moderation.holds.wordlist import words_in

RATE_MOST, RATE_WITHIN = (
    10,
    timedelta(minutes=10),
)  # more of one person's than that, within that, and they wait
DAY = 24 * 60


@dataclass(frozen=True)
class Rules:
    """What a consultation asks: which holds it has, and what each needs to know."""

    links: bool = False
    private: bool = False
    words: bool = False
    rate: bool = False
    spam: bool = False
    opens_minute: int | None = None
    closes_minute: int | None = None
    wordlist: Sequence[str] = ()


def passages(text: str, rules: Rules) -> dict[str, list[Found]]:
    """Return, for each hold that looks at what was written, the passages for which it fires."""
    found = {
        names.PRIVATE: details_in(text) if rules.private else [],
        names.LINKS: links_in(text) if rules.links else [],
        names.WORDS: words_in(text, rules.wordlist) if rules.words else [],
    }
    return {name: places for name, places in found.items() if places}


def fired_by_words(text: str, rules: Rules, *, approved: str = "") -> list[str]:
    """Return the holds that fire for what was written, save for passages that stand in the `approved` words."""
    return [
        name
        for name, places in passages(text, rules).items()
        if any(not approved or text[each.start : each.end] not in approved for each in places)
    ]


def is_outside_hours(rules: Rules, now: datetime, zone: tzinfo) -> bool:
    """Say whether comments do not appear by themselves at this moment."""
    if rules.opens_minute is None or rules.closes_minute is None:
        return False
    there = now.astimezone(zone)
    since_opening = (there.hour * 60 + there.minute - rules.opens_minute) % DAY
    return since_opening >= (rules.closes_minute - rules.opens_minute) % DAY
