"""Counting anew how long first answers took, where an election stopped the clock on other days than was thought."""

from collections import defaultdict
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from consult.accounts.models import Unit
from consult.consultations.election_queries import calendar
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger.models import LedgerEntry
from consult.extensions import db, settings

AT_ONCE = 500


def on_election_changed(sender: object, *, organisation_id: int, since: date, **more: Any) -> None:
    """Have every first answer of an organisation from a day on say how long it took by the calendar as it is now.

    Whatever was answered before the first day of a period was never touched by it.
    """
    calendar_now = calendar([organisation_id])
    wrong: dict[int, list[int]] = defaultdict(list)
    for row in _answered(organisation_id, datetime.combine(since, time(), settings().timezone)):
        days = calendar_now.waited(row.asked_at, row.first_answered_at, organisation_id)
        if days != row.answer_days:
            wrong[days].append(row.comment_id)
    for days, ids in wrong.items():
        for begin in range(0, len(ids), AT_ONCE):
            ledger.note_days(ids[begin : begin + AT_ONCE], days)


def _answered(organisation_id: int, since: datetime) -> list[Any]:
    """Return the questions that had their first answer since then, locked, so that none is answered in between."""
    units = select(Unit.id).where(Unit.organisation_id == organisation_id)
    wanted = (
        select(
            *(LedgerEntry.comment_id, LedgerEntry.asked_at),
            *(LedgerEntry.first_answered_at, LedgerEntry.answer_days),
        )
        .where(
            LedgerEntry.unit_id.in_(units),
            LedgerEntry.asked_at.is_not(None),
            LedgerEntry.first_answered_at >= since,
        )
        .order_by(LedgerEntry.comment_id)
        .with_for_update()
    )
    return list(db.session.execute(wanted))
