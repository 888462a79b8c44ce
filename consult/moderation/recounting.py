"""The queue's tallies counted anew, and what differs, of which there should be nothing."""

from collections.abc import Iterator

from sqlalchemy import func, select

from consult.extensions import db
from consult.moderation import pace
from consult.moderation.models import QueueItem, QueuePace, QueueTally


def recount() -> list[str]:
    """Put every tally right and return, in words, what was wrong."""
    found = list(_differences())
    for tally, true in found:
        tally.open_count = true
    db.session.flush()
    return [
        *(f"queue_tally {tally.organisation_id} {tally.cause.value}: is {true}" for tally, true in found),
        *_recount_pace(),
    ]


def _recount_pace() -> list[str]:
    """Put right how soon moderators decided, and return in words what was wrong."""
    true: dict[tuple[int, int], list[int]] = {}
    decided = select(QueueItem).where(QueueItem.settled_by.is_not(None))
    for item in db.session.scalars(decided.execution_options(yield_per=1_000)):
        hours, in_time = pace.place(item)
        counted = true.setdefault((item.consultation_id, hours), [0, 0])
        counted[0] += 1
        counted[1] += in_time
    kept = {(row.consultation_id, row.hours): row for row in db.session.scalars(select(QueuePace))}
    wrong = []
    for at in sorted({*true, *kept}):
        right = true.get(at, [0, 0])
        row = kept.get(at) or QueuePace(consultation_id=at[0], hours=at[1], decided_count=0, kept_count=0)
        if [row.decided_count, row.kept_count] != right:
            row.decided_count, row.kept_count = right
            db.session.add(row)
            wrong.append(f"queue_pace {at[0]} {at[1]}: is {right[0]}, in time {right[1]}")
    db.session.flush()
    return wrong


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
