"""What became of a comment, as the unit decided it once comments had closed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.consultations.verdicts import LONGEST_REASON, Verdict
from consult.extensions import Model


class CommentVerdict(Model):
    """The verdict on one comment, with its reason: shown to nobody but the unit until the outcome is published."""

    __tablename__ = "comment_verdict"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, autoincrement=False)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    given_at: Mapped[datetime]
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
