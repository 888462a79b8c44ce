"""Official answers that were held before an election, and are published by themselves after.

Each goes out in the name of the official who let it, as if they posted it then; or it stays a draft where that cannot
be: a colleague has answered meanwhile, a comment is gone, or they answer for the unit no more.
"""

import logging
from datetime import datetime

from sqlalchemy import select

from consult import clock
from consult.accounts.models import Person, Unit
from consult.consultations.election_models import Effect
from consult.consultations.election_queries import organisations_with
from consult.discussion.answering import drafting, drafts
from consult.discussion.answering.models import DraftAnswer, Step
from consult.errors import DomainError, NotAllowed
from consult.extensions import db, transaction

log = logging.getLogger("consult.elections")


def release_due() -> int:
    """Publish what was held and need not be any more, each by itself, and return how many went out."""
    due = _due(clock.now())
    db.session.rollback()
    return sum(_release(key) for key in due)


def _due(now: datetime) -> list[str]:
    wanted = (
        select(DraftAnswer.key, Unit.organisation_id)
        .join(Unit, Unit.id == DraftAnswer.unit_id)
        .where(DraftAnswer.held_at.is_not(None), DraftAnswer.step.in_((Step.WRITING, Step.CLEARED)))
        .order_by(DraftAnswer.held_at, DraftAnswer.id)
    )
    rows = db.session.execute(wanted).all()
    still = organisations_with(Effect.HOLD_ANSWERS, now) if rows else set()
    return [key for key, organisation_id in rows if organisation_id not in still]


def _release(key: str) -> bool:
    try:
        with transaction():
            draft = drafts.draft(key)
            official = db.session.get_one(Person, draft.held_by)
            if not official.is_active:
                raise NotAllowed
            drafting.release(actor=official, draft=draft)
    except DomainError as refusal:
        log.warning("a held answer stays a draft", extra={"why": type(refusal).__name__})
        with transaction():
            drafting.let_stay(draft=drafts.draft(key))
        return False
    return True
