"""Who has the answer page of a comment open, so that two officials who answer the same one know of each other."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from consult import clock
from consult.accounts.models import Person
from consult.discussion.answering.models import Answering
from consult.discussion.desk import reading
from consult.discussion.models import Comment
from consult.extensions import db
from consult.permissions import May, require

STALE = timedelta(minutes=3)  # without a sign of life: three times as long as the page waits between two
FRESH = timedelta(seconds=20)  # so lately seen, a row need not be written again


def come_to(*, actor: Any, comments: Sequence[Comment]) -> None:
    """Note that an official of the unit has opened comments to answer them: what was new is read."""
    reading.note_read(actor=actor, comments=comments)
    note_presence(actor=actor, comments=comments)


def note_presence(*, actor: Any, comments: Sequence[Comment]) -> None:
    """Note that an official is answering these comments now, and forget whoever has not been seen for a while."""
    require(May.ANSWER, actor, comments[0].document)
    now, ids = clock.now(), sorted(comment.id for comment in comments)
    mine = (Answering.person_id == actor.id, Answering.comment_id.in_(ids))
    seen = db.session.scalars(select(Answering.comment_id).where(*mine, Answering.seen_at > now - FRESH))
    due = sorted(set(ids) - set(seen))
    if not due:
        return
    _one_page_at_a_time(actor.id)
    db.session.execute(delete(Answering).where(Answering.seen_at < now - STALE))
    db.session.execute(delete(Answering).where(*mine))
    rows = [{"comment_id": each, "person_id": actor.id, "seen_at": now} for each in ids]
    db.session.execute(insert(Answering), rows)


def _one_page_at_a_time(person_id: int) -> None:
    """Let a second page of the same official wait: both would add the same rows, and one be refused."""
    own = select(Person.id).where(Person.id == person_id)
    db.session.execute(own.with_for_update(key_share=True))


def leave(*, actor: Any, comments: Sequence[Comment]) -> None:
    """Note that an official is done with these comments."""
    ids = [comment.id for comment in comments]
    db.session.execute(
        delete(Answering).where(Answering.person_id == actor.id, Answering.comment_id.in_(ids))
    )


def others_at(comment_ids: Sequence[int], besides: int) -> list[str]:
    """Return the names of the other officials who are answering one of these comments now."""
    wanted = (
        select(Person.name)
        .join(Answering, Answering.person_id == Person.id)
        .where(
            Answering.comment_id.in_(comment_ids),
            Answering.person_id != besides,
            Answering.seen_at >= clock.now() - STALE,
        )
        .distinct()
        .order_by(Person.name)
    )
    return list(db.session.scalars(wanted))
