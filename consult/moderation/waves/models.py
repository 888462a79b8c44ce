"""How many comments came in each hour, and the waves there were."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.documents.models import Document
from consult.extensions import Model


class DocumentHour(Model):
    """How many comments for the public came in on a document in one clock hour: kept as they come.

    `hour` counts hours since 1970, in UTC. What came in stays counted, whatever becomes of it.
    """

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    arrived_count: Mapped[int] = mapped_column(default=0)


_OPEN = text("ended_at IS NULL")


class Wave(Model):
    """A time in which far more comments came in on a document than usual. A document has one open wave at most.

    `most` is the rate an hour that it rose above, `usual` what was normal then. `is_launch` is one of the first day of a
    consultation, which is never held. A moderator who says that it is welcome (`welcomed_at`) lets later comments appear.
    """

    __table_args__ = (
        Index("uq_wave_open", "document_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_wave_organisation", "organisation_id", "ended_at"),
        Index("ix_wave_latest", "document_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    most: Mapped[float]
    usual: Mapped[float]
    is_launch: Mapped[bool] = mapped_column(default=False)
    welcomed_at: Mapped[datetime | None]
    welcomed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    document: Mapped[Document] = relationship()
