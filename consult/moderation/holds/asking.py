"""Asking, just before a comment reaches its readers, whether it must wait. One question, in the transaction of the post.

Listens to `publication_asked`: the discussion asks, and does not know who answers.
"""

from typing import Any

from sqlalchemy import bindparam, false, func, literal, null, select

from consult import clock
from consult.accounts.models import Person
from consult.consultations.models import Consultation, Policy
from consult.discussion.models import Comment, State
from consult.extensions import db, settings
from consult.moderation.held_people import queries as held_people
from consult.moderation.held_people.models import PersonHold
from consult.moderation.holds import deciding, names, spam
from consult.moderation.holds.deciding import Rules
from consult.moderation.holds.models import HoldRules, UnitWords
from consult.moderation.waves import rule
from consult.moderation.waves.models import DocumentHour, Wave

_said: Any = Comment.__table__.c
_rules: Any = HoldRules.__table__.c
_words: Any = UnitWords.__table__.c
_wave: Any = Wave.__table__.c
_hour: Any = DocumentHour.__table__.c
_about: Any = Consultation.__table__.c

_LATELY = (
    select(func.count())
    .where(
        _said.author_id == bindparam("author"),
        _said.created_at > bindparam("since"),
        _said.state != State.UNCONFIRMED,
        _said.document_id == bindparam("document"),
    )
    .scalar_subquery()
)
_NAME = select(Person.name).where(Person.id == bindparam("author")).scalar_subquery()
_PUBLISHED = (
    select(_said.id)
    .where(
        _said.author_id == bindparam("author"),
        _said.organisation_id == _about.organisation_id,
        _said.state == State.PUBLISHED,
    )
    .exists()
)
_HELD = (
    select(PersonHold.id)
    .where(
        PersonHold.organisation_id == _about.organisation_id,
        held_people.is_on(bindparam("now", type_=PersonHold.__table__.c.until.type)),
        held_people.is_of(bindparam("author", type_=_said.author_id.type)),
    )
    .correlate(Consultation.__table__)
    .exists()
)
_RULES = (
    *(
        _rules.links,
        _rules.private,
        _rules.words,
        _rules.rate,
        _rules.spam,
        _rules.opens_minute,
        _rules.closes_minute,
    ),
    _words.words.label("wordlist"),
)
# the wave for which comments wait: none that a moderator has welcomed, nor one of a launch
_WAVE_MOST = (
    select(_wave.most)
    .where(
        _rules.wave,
        _wave.document_id == bindparam("document"),
        _wave.ended_at.is_(None),
        _wave.welcomed_at.is_(None),
        _wave.is_launch.is_(False),
    )
    .correlate(HoldRules.__table__)
    .scalar_subquery()
)


def _arrived(name: str) -> Any:
    of = (_hour.document_id == bindparam("document"), _hour.hour == bindparam(name))
    return func.coalesce(select(_hour.arrived_count).where(*of).scalar_subquery(), 0)


_WAVES = (_WAVE_MOST, _arrived("this_hour"), _arrived("last_hour"))
_FROM = (
    Consultation.__table__.outerjoin(HoldRules.__table__, _rules.consultation_id == _about.id)
).outerjoin(UnitWords.__table__, (_words.unit_id == _about.unit_id) & _rules.words)


def _asked(*, is_new: bool) -> Any:
    wanted = (_LATELY, _PUBLISHED, _NAME) if is_new else (literal(0), false(), literal(""))
    waves = _WAVES if is_new else (null(), literal(0), literal(0))
    return (
        select(
            *(*_RULES, wanted[0].label("lately"), wanted[1].label("was_published")),
            wanted[2].label("author_name"),
            _HELD.label("is_held"),
            *(
                each.label(name)
                for each, name in zip(waves, ("wave_most", "this_hour", "last_hour"), strict=True)
            ),
        )
        .select_from(_FROM)
        .where(_about.id == bindparam("consultation"))
    )


_NEW, _CORRECTED = _asked(is_new=True), _asked(is_new=False)


def on_publication_asked(
    sender: object,
    *,
    comment: Comment,
    consultation: Consultation,
    text: str,
    approved: str | None,
    **rest: Any,
) -> str:
    """Return the rule by which a comment must wait, which names the holds that fired; empty where none did.

    `approved` are words of its own that a moderator, or the policy, let stand: a correction is asked only for what it
    brings, and not how often its author writes. It is None for what was never published.
    """
    is_new = approved is None
    now = clock.now()
    given: dict[str, Any] = {"consultation": consultation.id, "author": comment.author_id, "now": now}
    if is_new:
        since = now - deciding.RATE_WITHIN
        given |= {"document": comment.document_id, "since": since}
        hour = rule.hour_of(now.timestamp())
        given |= {"this_hour": hour, "last_hour": hour - 1}
    asked = db.session.connection().execute(_NEW if is_new else _CORRECTED, given).one()
    rules = rules_of(asked)
    fired = deciding.fired_by_words(text, rules, approved=approved or "")
    if rules.spam and spam.signs(text, (comment.manner or "") if is_new else "", approved=approved or ""):
        fired.append(names.SPAM)
    if deciding.is_outside_hours(rules, now, settings().timezone):
        fired.append(names.HOURS)
    if is_new and rules.rate and asked.lately >= deciding.RATE_MOST:
        fired.append(names.RATE)
    if asked.wave_most is not None:
        rate = rule.rate(asked.this_hour, asked.last_hour, now.timestamp())
        fired.extend([] if rule.is_over(rate, asked.wave_most) else [names.WAVE])
    if is_new and consultation.policy is Policy.FIRST and not asked.was_published:
        fired.append(names.FIRST)
    if comment.redacted_at is not None:
        fired.append(names.REDACTED)
    if asked.is_held:
        fired.append(names.PERSON)
    if is_new and deciding.fired_by_words(f"{asked.author_name or ''}\n{comment.on_behalf_of or ''}", rules):
        fired.append(names.NAME)
    return names.rule_of(fired)


def rules_of(row: Any) -> Rules:
    """Return the rules of a row of the question; all holds are off where nobody set any."""
    return Rules(
        links=bool(row.links),
        private=bool(row.private),
        words=bool(row.words),
        rate=bool(row.rate),
        spam=bool(row.spam),
        opens_minute=row.opens_minute,
        closes_minute=row.closes_minute,
        wordlist=tuple((row.wordlist or "").splitlines()),
    )
