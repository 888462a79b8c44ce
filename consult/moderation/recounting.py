"""The queue's tallies counted anew, and what differs, of which there should be nothing."""

from collections.abc import Iterator

from sqlalchemy import func, select

from consult.extensions import db
from consult.moderation.models import QueueItem, QueueTally


def recount() -> list[str]:
    """Put every tally right and return, in words, what was wrong."""
    found = list(_differences())
    for tally, true in found:
        tally.open_count = true
    db.session.flush()
    return [f"queue_tally {tally.organisation_id} {tally.cause.value}: is {true}" for tally, true in found]


def _differences() -> Iterator[tuple[QueueTally, int]]:
    rows = db.session.execute(
        select(QueueItem.organisation_id, QueueItem.cause, func.count())
        .where(QueueItem.settled_at.is_(None))
        .group_by(QueueItem.organisation_id, QueueItem.cause)
    )
    true = {(organisation_id, cause): count for organisation_id, cause, count in rows}
    for tally in db.session.scalars(select(QueueTally)):
        count = true.pop((tally.organisation_id, tally.cause), 0)
        if tally.open_count != count:
            yield tally, count
    for (organisation_id, cause), count in true.items():
        missing = QueueTally(organisation_id=organisation_id, cause=cause, open_count=0)
        db.session.add(missing)
        yield missing, count
