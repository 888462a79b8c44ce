"""That the text of a comment is to be sealed, who asked and agreed, who may open it, and the text itself, locked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.extensions import Model
from consult.moderation.erasure.models import Ground


class Seal(Model):
    """One request to seal a text, and the seal once somebody else agreed (`agreed_at`), until it is lifted.

    `text` is all that was taken out of the other tables, encrypted with the key of the site; empty before, after, and
    when the text was erased. At most one of a comment is not over.
    """

    __table_args__ = (
        Index("ix_seal_open", "organisation_id", "over_at", "id"),
        Index("ix_seal_comment", "comment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    ground: Mapped[Ground]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    lifting_asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifting_asked_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]  # refused, lifted, or its text erased
    over_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text, default="")

    comment: Mapped[Comment] = relationship()
    asker: Mapped[Person] = relationship(foreign_keys=[asked_by])
    readers: Mapped[list["SealReader"]] = relationship(order_by="SealReader.person_id")

    @property
    def is_sealed(self) -> bool:
        return self.agreed_at is not None and self.over_at is None


class SealReader(Model):
    """Somebody who may open one sealed text."""

    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

    person: Mapped[Person] = relationship()
