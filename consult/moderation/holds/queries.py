"""What is set, and what a moderator is shown of a comment that waits."""

from dataclasses import dataclass, field

from consult.consultations.models import Consultation
from consult.extensions import db
from consult.moderation.holds import deciding, names, spam
from consult.moderation.holds.models import HoldRules, UnitWords


def holds_of(consultation_id: int) -> HoldRules | None:
    """Return what a consultation lets wait; None where nobody ever said."""
    return db.session.get(HoldRules, consultation_id)


def words_of(unit_id: int) -> UnitWords | None:
    """Return the list of a unit, if it has one."""
    return db.session.get(UnitWords, unit_id)


@dataclass(frozen=True)
class Fired:
    """One hold that fired, and the passages for which it did: what each is, and its words; of spam, its `signs`."""

    name: str
    passages: list[tuple[str, str]]
    signs: dict[str, int] = field(default_factory=dict)


def fired_for(consultation: Consultation, rule: str, text: str, *, how: str = "") -> list[Fired]:
    """Return what fired as the record has it, each with the passages that are found in the text now.

    `how` is the manner in which the comment was sent. The record keeps no words. Where a list was changed since, a hold may have fired for words that are on it no more.
    """
    fired = names.names_in(rule)
    if not fired:
        return []
    found = {}
    if set(fired) & set(names.OF_CONTENT):
        words = words_of(consultation.unit_id) if names.WORDS in fired else None
        wanted = deciding.Rules(
            links=names.LINKS in fired,
            private=names.PRIVATE in fired,
            words=words is not None,
            wordlist=words.words.splitlines() if words else (),
        )
        found = deciding.passages(text, wanted)
    return [
        Fired(
            name,
            [(each.kind, text[each.start : each.end]) for each in found.get(name, [])],
            spam.signs(text, how) if name == names.SPAM else {},
        )
        for name in fired
    ]
