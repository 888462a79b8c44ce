"""The tallies of the queue, which are kept beside what they count."""

from sqlalchemy import update

from consult.extensions import db
from consult.moderation.models import Cause, QueueTally


def tally(organisation_id: int, cause: Cause, step: int) -> None:
    """Count one more open item of a cause in an organisation, or with -1 one less."""
    changed = db.session.execute(
        update(QueueTally)
        .where(QueueTally.organisation_id == organisation_id, QueueTally.cause == cause)
        .values(open_count=QueueTally.open_count + step)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        db.session.add(QueueTally(organisation_id=organisation_id, cause=cause, open_count=step))
        db.session.flush()
