"""What of the talk may be seen, and by whom. Every public read goes through `public`."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from consult.discussion.models import Comment, State


def public() -> ColumnElement[bool]:
    """Return the condition for what the public may read: the words of a comment, its author, its place."""
    return Comment.state == State.PUBLISHED


def shown_to(viewer: Any) -> ColumnElement[bool]:
    """Return the condition for what stands on a page: what is public, markers of what was, and one's own."""
    stands = or_(public(), Comment.was_published)
    if viewer is None or viewer.id is None:
        return stands
    own = and_(Comment.author_id == viewer.id, Comment.state.in_((State.WAITING, State.RETURNED)))
    return or_(stands, own)
