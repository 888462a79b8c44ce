"""What must hold before somebody comments or answers, and which words it is about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from consult.consultations import stages
from consult.consultations.models import Consultation
from consult.discussion.models import Answer, Comment, Response, State
from consult.discussion.words import Words
from consult.documents.models import Block, Document, Paragraph, Version
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import db


def check_open(consultation: Consultation, paragraph: Paragraph, now: datetime) -> None:
    """Raise Closed unless people can comment on the paragraph at `now`."""
    if not stages.takes_comments(consultation, now):
        raise Closed(_("Comments on this draft are closed. What was said stays here to be read."))
    if not paragraph.is_open:
        raise Closed(_("The unit takes no comments on this paragraph."))


def check_parent(parent: Comment, paragraph: Paragraph) -> None:
    """Raise unless `parent` stands on the paragraph and can be replied to."""
    if parent.paragraph_id != paragraph.id:
        raise Invalid(_("The comment you reply to belongs to another paragraph."), field="parent")
    if parent.state is not State.PUBLISHED:
        raise Conflict(
            _(
                "The comment you reply to has been withdrawn or taken down meanwhile. "
                "You can post your words as a comment of their own."
            )
        )


def version_read(document: Document, number: int | None) -> int:
    """Return the id of the version that was read: the one with this number, or the current one."""
    current = document.current_version_id
    if current is None:
        raise Closed(_("There is no text to comment on yet."))
    if number is None or number == document.version_count:
        return current
    wanted = select(Version.id).where(Version.document_id == document.id, Version.number == number)
    return db.session.scalar(wanted) or current


def block_read(paragraph: Paragraph, version_id: int) -> int | None:
    """Return the id of the words that were read: those of the version, or the last before they were removed.

    Whoever replied to what was said on a paragraph since joined with another read the words of the other.
    """
    for read in filter(None, (paragraph.id, paragraph.home_id)):
        found: int | None = db.session.scalar(_READ, {"paragraph": read, "version": version_id})
        if found is not None:
            return found
    return paragraph.last_block_id


_blocks: Any = Block.__table__.c
_READ = select(_blocks.id).where(
    _blocks.paragraph_id == bindparam("paragraph"),
    _blocks.version_id == bindparam("version"),
    _blocks.is_removed.is_(False),
)


def check_answerable(comments: Sequence[Comment], seen: datetime | None, words: Words) -> None:
    """Raise unless all stand on one paragraph, are public, and nobody has answered one of them since `seen`."""
    if len({comment.paragraph_id for comment in comments}) != 1:
        raise Invalid(_("One reply answers comments on one paragraph."), field="also")
    ids = sorted(comment.id for comment in comments)
    locked = select(Comment.state).where(Comment.id.in_(ids)).order_by(Comment.id).with_for_update()
    if any(state is not State.PUBLISHED for state in db.session.scalars(locked)):
        raise Conflict(
            _("A comment that you answer has been withdrawn or taken down meanwhile."), yours=words.body
        )
    if seen is None:
        return
    since = select(Response).join(Answer, Answer.response_id == Response.id)
    since = since.where(Answer.comment_id.in_(ids), Response.created_at > seen)
    colleagues = db.session.scalar(since.order_by(Response.created_at.desc()).limit(1))
    if colleagues is not None:
        raise Conflict(
            _("Somebody else answered while you were writing."), theirs=colleagues, yours=words.body
        )
