"""What can be found: one row for each thing that the public may read, now or from a time that is set."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.extensions import Model


class Kind(enum.Enum):
    """What sort of thing was found, in the order in which a page shows them."""

    CONSULTATION = "consultation"
    PARAGRAPH = "paragraph"
    COMMENT = "comment"
    RESPONSE = "response"
    PAGE = "page"


class SearchEntry(Model):
    """The words of one thing. Rows are added and deleted, never changed: a later row is a newer thing.

    `key` is what the thing is called in its address. `public_from` is when its words may be found, None for not
    yet. The index itself stands beside this table: `indexes.install` makes it.
    """

    __table_args__ = (UniqueConstraint("kind", "ref_id"), Index(None, "kind", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    ref_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(80))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    paragraph_id: Mapped[int | None] = mapped_column(ForeignKey("paragraph.id"))
    title: Mapped[str] = mapped_column(String(240), default="")
    words: Mapped[str] = mapped_column(Text)
    public_from: Mapped[datetime | None]
    at: Mapped[datetime]
