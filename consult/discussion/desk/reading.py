"""That an official of the unit has read what somebody said: noted when they open it on their desk, and not before."""

from collections.abc import Sequence
from typing import Any

from consult import audit, clock
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Comment
from consult.extensions import db
from consult.permissions import May, require


def is_new(comment: Comment) -> bool:
    """Say whether nobody at the unit has read it yet: asked before anything is written."""
    entry = db.session.get(LedgerEntry, comment.id)
    return entry is not None and entry.is_shown and entry.place is Place.NEW


def note_read(*, actor: Any, comments: Sequence[Comment]) -> None:
    """Note that an official of the unit has them before them in full. What was read before stays as it is."""
    require(May.ANSWER, actor, comments[0].document)
    for comment_id in ledger.note_read([comment.id for comment in comments], actor.id, clock.now()):
        audit.record(
            "comment.read",
            f"comment:{comment_id}",
            actor_id=actor.id,
            organisation_id=comments[0].organisation_id,
        )
