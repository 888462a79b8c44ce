"""Questions about the outbox."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from consult.extensions import db
from consult.notices.models import OutboxMail

SHOWN = 50


def caused_by(browser: str, *, never_to: Collection[str] = ()) -> list[OutboxMail]:
    """Return the newest mails that one browser caused, but none to the addresses in `never_to`."""
    if not browser:
        return []
    return list(
        db.session.scalars(
            select(OutboxMail)
            .where(OutboxMail.browser == browser, OutboxMail.to_address.not_in(never_to))
            .order_by(OutboxMail.id.desc())
            .limit(SHOWN)
        )
    )


def waiting() -> tuple[int, datetime | None]:
    """Return how many mails are to leave, and when the oldest of them was written."""
    row = db.session.execute(
        select(func.count(), func.min(OutboxMail.created_at)).where(
            OutboxMail.sent_at.is_(None), OutboxMail.dead_at.is_(None)
        )
    ).one()
    return row[0], row[1]


def given_up() -> int:
    """Return how many mails could not be delivered and are tried no more."""
    return db.session.scalar(select(func.count()).where(OutboxMail.dead_at.is_not(None))) or 0
