"""What can be found: one row for each thing that the public may read, now or from a time that is set."""

import enum
from datetime import date, datetime

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


class FruitlessSearch(Model):
    """Words that were looked for and not found, how often on one day. Nothing says by whom, or from where."""

    __table_args__ = (UniqueConstraint("day", "words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    words: Mapped[str] = mapped_column(String(60))
    times: Mapped[int] = mapped_column(default=1)


class RemovedSearch(Model):
    """Words that were taken off the list of searches in vain, and are counted no more. Only a keyed digest is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    removed_at: Mapped[datetime]
