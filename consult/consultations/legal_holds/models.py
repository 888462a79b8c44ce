"""Legal holds of an organisation: on all that it has, or on one of its consultations."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.extensions import Model


class LegalHold(Model):
    """Nothing is deleted from when it was set until it is lifted. `consultation_id` None: all of the organisation.

    `reason` is for administrators alone.
    """

    __table_args__ = (Index("ix_legal_hold_open", "lifted_at", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None]

    consultation: Mapped[Consultation | None] = relationship()
    setter: Mapped[Person] = relationship(foreign_keys=[set_by])
    lifter: Mapped[Person | None] = relationship(foreign_keys=[lifted_by])
