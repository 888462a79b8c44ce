"""Questions that the public asks about the gap: which units there are, and what waits for them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consult.accounts.models import Unit
from consult.discussion import desk
from consult.discussion.desk import Gap
from consult.extensions import db
from consult.workdays import late_before


def units() -> list[Unit]:
    """Return every unit, by name."""
    return list(db.session.scalars(select(Unit).order_by(Unit.name)))


def gap_of(some: list[Unit], now: datetime, zone: ZoneInfo) -> Gap:
    """Return how many questions wait for these units, and how many are past what each unit promised."""
    by_promise = {days: late_before(now, days, zone) for days in {unit.promise_days for unit in some}}
    return desk.gap({unit.id: by_promise[unit.promise_days] for unit in some})
