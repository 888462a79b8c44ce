"""What a legal hold keeps of one person: whoever wrote, or plays a part, where one is in force cannot be deleted."""

from typing import Any

from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations.legal_holds import queries
from consult.discussion.models import Comment
from consult.documents.models import Document
from consult.extensions import db


def on_account_closed(sender: object, *, person: Person, heir: Person, **rest: Any) -> None:
    """Raise Conflict where a hold keeps what hangs on somebody who closes an account: the act is undone as a whole."""
    if not queries.is_any_in_force():
        return
    wrote = (
        select(Document.consultation_id)
        .join(Comment, Comment.document_id == Document.id)
        .where(Comment.author_id.in_([person.id, heir.id]))  # they may have been handed over already
        .distinct()
    )
    bodies = {role.organisation_id for role in person.roles if role.organisation_id is not None}
    if queries.covers_any(list(db.session.scalars(wrote)), bodies):
        raise queries.kept()
