"""That the text of a comment is to go, who asked for it on which ground, and who agreed."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.extensions import Model


class Ground(enum.Enum):
    """Why the law lets, or makes, us erase a text. No ground, no erasure."""

    RIGHT = "right_to_erasure"
    THIRD_PARTY = "third_party"
    CHILD = "child"
    COURT = "court_order"
    ILLEGAL = "illegal_to_hold"


class Erasure(Model):
    """One request to erase. Open while neither `agreed_at` nor `refused_at` is set; at most one of a comment is.

    It holds no words of anybody: what is gone must not live on in the reason for it. Nobody asked (`asked_by`) where a
    site that was restored from a back-up followed what had been erased since.
    """

    __table_args__ = (
        Index("ix_erasure_open", "organisation_id", "agreed_at", "refused_at", "id"),
        Index("ix_erasure_comment", "comment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    ground: Mapped[Ground]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    refused_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refused_at: Mapped[datetime | None]

    comment: Mapped[Comment] = relationship()
    asker: Mapped[Person | None] = relationship(foreign_keys=[asked_by])

    @property
    def is_open(self) -> bool:
        return self.agreed_at is None and self.refused_at is None
