"""Setting what waits: the holds of a consultation, and the words of a unit."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult import audit, clock
from consult.accounts.models import Unit
from consult.announcements import consultation_changed
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.moderation.holds import names, wordlist
from consult.moderation.holds.models import HoldRules, UnitWords
from consult.permissions import May, require

ON_AT_FIRST = (names.PRIVATE, names.LINKS, names.WORDS, names.RATE, names.SPAM)
SWITCHES = (*ON_AT_FIRST, names.WAVE)
HOURS = ("opens_minute", "closes_minute")


def on_consultation_changed(
    sender: object, *, consultation: Consultation, act: str = "", **rest: Any
) -> None:
    """Give a consultation that begins its holds, all on but that of waves: whoever runs it can turn each off."""
    if act == "consultation.create":
        db.session.add(HoldRules(consultation_id=consultation.id, **dict.fromkeys(ON_AT_FIRST, True)))


def set_holds(*, actor: Any, consultation: Consultation, based_on: int, values: Mapping[str, Any]) -> None:
    """Say for what a comment waits before anybody reads it. It holds from the next comment on.

    `based_on` is the edition that the writer began from. Raises Conflict when somebody saved since, and Invalid for
    hours of which one is missing, or that are no time at all.
    """
    require(May.SET_HOLDS, actor, consultation)
    opens, closes = (values[name] for name in HOURS)
    if (opens is None) != (closes is None):
        missing = "opens" if opens is None else "closes"
        raise Invalid(_("Enter both times, or neither"), field=missing)
    if opens is not None and opens == closes:
        raise Invalid(_("Choose two different times, or leave both empty"), field="closes")
    kept = db.session.get(HoldRules, consultation.id, with_for_update=True, populate_existing=True)
    if (kept.edition if kept else 0) != based_on:
        raise Conflict(_("Somebody saved this before you. What they saved is shown below."))
    if kept is None:
        kept = HoldRules(consultation_id=consultation.id, **dict.fromkeys(SWITCHES, False), edition=0)
        db.session.add(kept)
    before = in_short(kept)
    for name in (*SWITCHES, *HOURS):
        setattr(kept, name, values[name])
    kept.edition += 1
    consultation.stamp = Consultation.stamp + 1
    audit.record(
        "consultation.set_holds",
        f"consultation:{consultation.id}",
        actor_id=actor.id,
        organisation_id=consultation.organisation_id,
        before=before,
        after=in_short(kept),
    )
    consultation_changed.send(
        __name__,
        consultation=consultation,
        actor=actor,
        act="consultation.set_holds",
        before=None,
        after=None,
    )


def in_short(rules: HoldRules) -> str:
    """Return what is set, as the record keeps it: "private links rate 540-1020"."""
    on = [name for name in SWITCHES if getattr(rules, name)]
    if rules.opens_minute is not None:
        on.append(f"{rules.opens_minute}-{rules.closes_minute}")
    return " ".join(on)


def set_words(*, actor: Any, unit: Unit, based_on: int, typed: str) -> list[str]:
    """Keep the words of a unit; return them as they are kept. The record holds how many there are, never which.

    Raises Conflict when somebody saved since, and Invalid for too many or too long ones.
    """
    require(May.LIST_WORDS, actor, unit)
    words = wordlist.read_list(typed)
    if len(words) > wordlist.MOST_WORDS:
        raise Invalid(
            _(
                "Keep the list to %(most)s words. There are %(count)s",
                most=wordlist.MOST_WORDS,
                count=len(words),
            ),
            field="words",
        )
    for word in words:
        if len(word) > wordlist.LONGEST_WORD:
            raise Invalid(
                _(
                    "“%(word)s…” is too long: up to %(most)s characters",
                    word=word[:20],
                    most=wordlist.LONGEST_WORD,
                ),
                field="words",
            )
    kept = db.session.get(UnitWords, unit.id, with_for_update=True, populate_existing=True)
    if (kept.edition if kept else 0) != based_on:
        raise Conflict(_("Somebody saved this list before you. Theirs is shown below."))
    if kept is None:
        kept = UnitWords(unit_id=unit.id, words="", edition=0, saved_at=clock.now())
        db.session.add(kept)
    before = len(kept.words.splitlines())
    kept.words, kept.saved_at = "\n".join(words), clock.now()
    kept.edition += 1
    audit.record(
        "unit.list_words",
        f"unit:{unit.id}",
        actor_id=actor.id,
        organisation_id=unit.organisation_id,
        before=str(before),
        after=str(len(words)),
    )
    return words
