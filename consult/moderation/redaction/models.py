"""What a moderator took out of comments, and what stood there: for its author, moderators and whoever hears an appeal."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.discussion.models import Comment, Decision
from consult.extensions import Model


class Ending(enum.Enum):
    """Why the words are not out any more."""

    UNDONE = "undone"  # within half a minute, by whoever took them out
    PUT_BACK = "put_back"  # by a moderator, with a reason
    APPEAL = "appeal"  # its author appealed, and it was granted
    OTHER_WORDS = "other_words"  # its author's new words took their place: there is nothing to put back


class Redaction(Model):
    """One act of taking words out of a comment. It stands until `ended_at`.

    `passages` are the words, one a line, as they were chosen. `mark` stands where they stood. The texts are in
    `RedactedText`: the comment holds nothing but what may be read, so that no read can tell more.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    passages: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]
    undoing_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))  # that put the words back

    comment: Mapped[Comment] = relationship()
    decision: Mapped[Decision] = relationship(foreign_keys=[decision_id])

    @property
    def words(self) -> list[str]:
        """Return the passages."""
        return self.passages.splitlines()


class RedactedText(Model):
    """A text out of which words were taken: of the comment itself, an earlier wording, or an official reply to it.

    It is the text that is not public now: with the words while they are out, without them once they are back. `face` is
    that of the public one; where that has changed since, nobody exchanges the two.
    """

    __tablename__ = "redacted_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    redaction_id: Mapped[int] = mapped_column(ForeignKey("redaction.id"), index=True)
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("comment_wording.id"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    replacement: Mapped[str] = mapped_column(Text, default="")
    replacement_html: Mapped[str] = mapped_column(Text, default="")
    face: Mapped[str] = mapped_column(String(16))
