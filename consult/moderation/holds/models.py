"""What a consultation lets wait for a moderator, and the words that a unit lists."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.extensions import Model


class HoldRules(Model):
    """Which holds a consultation has. Without a row it has none: so do those that began before there were any.

    With `opens_minute` and `closes_minute`, minutes after midnight where people read, comments appear by themselves
    between these two alone; over midnight where the second is the smaller.
    """

    __tablename__ = "hold_rules"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    links: Mapped[bool] = mapped_column(default=False)
    private: Mapped[bool] = mapped_column(default=False)
    words: Mapped[bool] = mapped_column(default=False)
    rate: Mapped[bool] = mapped_column(default=False)
    spam: Mapped[bool] = mapped_column(default=False)
    wave: Mapped[bool] = mapped_column(default=False)  # off at first: a launch, or a newspaper, is welcome
    opens_minute: Mapped[int | None]
    closes_minute: Mapped[int | None]
    edition: Mapped[int] = mapped_column(default=1)  # raised by each save: a stale one is refused


class UnitWords(Model):
    """The words of which a unit says that a moderator should look first, one a line."""

    __tablename__ = "unit_words"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    words: Mapped[str] = mapped_column(Text, default="")
    edition: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
