"""What officials write for one another about a comment: dated, signed, on no public page; but it may be released on request."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from consult import audit, clock
from consult.accounts.models import Person
from consult.discussion.answering.models import TeamNote
from consult.discussion.models import Comment
from consult.errors import Invalid
from consult.extensions import db
from consult.permissions import May, require

LONGEST = 2_000


def add_note(*, actor: Any, comment: Comment, body: str) -> TeamNote:
    """Write a note about a comment for the colleagues of the unit. Raises Invalid for none, and for too long a one."""
    require(May.ANSWER, actor, comment.document)
    words = body.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid(_("Write the note"), field="note")
    if len(words) > LONGEST:
        raise Invalid(_("Write at most %(most)s characters", most=f"{LONGEST:,}"), field="note")
    note = TeamNote(comment_id=comment.id, author_id=actor.id, body=words, created_at=clock.now())
    db.session.add(note)
    db.session.flush()
    audit.record(
        "note.add",
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
    )
    return note


def notes_on(comment_ids: Sequence[int], limit: int = 100) -> list[Any]:
    """Return the notes about comments, oldest first, with the names of who wrote them."""
    newest = (
        select(TeamNote.id, TeamNote.comment_id, TeamNote.body, TeamNote.created_at, Person.name)
        .join(Person, Person.id == TeamNote.author_id)
        .where(TeamNote.comment_id.in_(comment_ids))
        .order_by(TeamNote.id.desc())
        .limit(limit)
    )
    return list(reversed(db.session.execute(newest).all()))
