"""The tallies of the queue, which are kept beside what they count."""

from typing import Any

from sqlalchemy import bindparam, update

from consult.extensions import db
from consult.moderation.models import Cause, QueueTally

_tallies: Any = QueueTally.__table__
_STEP = (
    update(_tallies)
    .where(_tallies.c.organisation_id == bindparam("organisation"), _tallies.c.cause == bindparam("of"))
    .values(open_count=_tallies.c.open_count + bindparam("step"))
)


def tally(organisation_id: int, cause: Cause, step: int) -> None:
    """Count one more open item of a cause in an organisation, or with -1 one less."""
    of = {"organisation": organisation_id, "of": cause, "step": step}
    changed = db.session.connection().execute(_STEP, of)
    held = db.session.identity_map.get(db.session.identity_key(QueueTally, (organisation_id, cause)))
    if held is not None:
        db.session.expire(held, ["open_count"])
    if changed.rowcount == 0:
        db.session.add(QueueTally(organisation_id=organisation_id, cause=cause, open_count=step))
        db.session.flush()
