"""Asking, just before a comment reaches its readers, whether it must wait. One question, in the transaction of the post.

Listens to `publication_asked`: the discussion asks, and does not know who answers.
"""

from typing import Any

from sqlalchemy import bindparam, false, func, literal, select

from consult import clock
from consult.consultations.models import Consultation, Policy
from consult.discussion.models import Comment, State
from consult.extensions import db, settings
from consult.moderation.holds import deciding, names
from consult.moderation.holds.deciding import Rules
from consult.moderation.holds.models import HoldRules, UnitWords

_said: Any = Comment.__table__.c
_rules: Any = HoldRules.__table__.c
_words: Any = UnitWords.__table__.c
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
_PUBLISHED = (
    select(_said.id)
    .where(
        _said.author_id == bindparam("author"),
        _said.organisation_id == _about.organisation_id,
        _said.state == State.PUBLISHED,
    )
    .exists()
)
_RULES = (
    *(_rules.links, _rules.private, _rules.words, _rules.rate, _rules.opens_minute, _rules.closes_minute),
    _words.words.label("wordlist"),
)
_FROM = (
    Consultation.__table__.outerjoin(HoldRules.__table__, _rules.consultation_id == _about.id)
).outerjoin(UnitWords.__table__, (_words.unit_id == _about.unit_id) & _rules.words)


def _asked(*, is_new: bool) -> Any:
    wanted = (_LATELY, _PUBLISHED) if is_new else (literal(0), false())
    return (
        select(*_RULES, wanted[0].label("lately"), wanted[1].label("was_published"))
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
    given: dict[str, Any] = {"consultation": consultation.id}
    if is_new:
        since = now - deciding.RATE_WITHIN
        given |= {"author": comment.author_id, "document": comment.document_id, "since": since}
    asked = db.session.connection().execute(_NEW if is_new else _CORRECTED, given).one()
    rules = rules_of(asked)
    fired = deciding.fired_by_words(text, rules, approved=approved or "")
    if deciding.is_outside_hours(rules, now, settings().timezone):
        fired.append(names.HOURS)
    if is_new and rules.rate and asked.lately >= deciding.RATE_MOST:
        fired.append(names.RATE)
    if is_new and consultation.policy is Policy.FIRST and not asked.was_published:
        fired.append(names.FIRST)
    return names.rule_of(fired)


def rules_of(row: Any) -> Rules:
    """Return the rules of a row of the question; all holds are off where nobody set any."""
    return Rules(
        links=bool(row.links),
        private=bool(row.private),
        words=bool(row.words),
        rate=bool(row.rate),
        opens_minute=row.opens_minute,
        closes_minute=row.closes_minute,
        wordlist=tuple((row.wordlist or "").splitlines()),
    )
