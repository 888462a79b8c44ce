"""What of the talk may be seen, and by whom. Every public read goes through `public`."""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_

from consult.discussion.models import Comment, State

C: Any = Comment.__table__.c


def public() -> ColumnElement[bool]:
    """Return the condition for what the public may read: the words of a comment, its author, its place."""
    condition: ColumnElement[bool] = C.state == State.PUBLISHED
    return condition


def stands(with_own: bool) -> ColumnElement[bool]:
    """Return the condition for what stands on a page: what is public, markers of what was, and the viewer's own."""
    seen = or_(public(), C.was_published)
    if not with_own:
        return seen
    own = and_(C.author_id == bindparam("viewer"), C.state.in_((State.WAITING, State.RETURNED)))
    return or_(seen, own)
