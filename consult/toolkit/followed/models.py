"""That a unit followed a page of guidance in a consultation."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.extensions import Model


class GuidanceFollowed(Model):
    """One page that was followed in one consultation, with a word on how where its officials gave one."""

    __tablename__ = "guidance_followed"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("toolkit_page.id"), primary_key=True, index=True)
    how: Mapped[str] = mapped_column(String(200), default="")
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
