"""What came of a bulk act: what it left out, and why."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.extensions import db
from consult.moderation.several.models import ModerationActLeft, Why
from consult.moderation.undoing.models import ModerationAct


def left_out(act: ModerationAct) -> dict[Why, list[Comment]]:
    """Return what an act was asked to decide on and did not, by the reason for it."""
    rows = db.session.scalars(
        select(ModerationActLeft)
        .where(ModerationActLeft.act_id == act.id)
        .order_by(ModerationActLeft.comment_id)
        .options(
            joinedload(ModerationActLeft.comment, innerjoin=True).options(
                joinedload(Comment.author, innerjoin=True).lazyload(Person.roles),
                joinedload(Comment.paragraph, innerjoin=True),
                joinedload(Comment.document, innerjoin=True),
            )
        )
    ).all()
    return {why: found for why in Why if (found := [row.comment for row in rows if row.why is why])}
