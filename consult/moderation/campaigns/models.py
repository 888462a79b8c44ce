"""Groups of near-identical comments, who is in them, and the bands under which a comment is looked up."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from consult.extensions import Model


class Campaign(Model):
    """Comments of one consultation that are copies of one letter, on whichever paragraphs they stand.

    `letter_count` is how many there are, kept beside them.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    made_at: Mapped[datetime]
    letter_count: Mapped[int] = mapped_column(default=0)


class CampaignLetter(Model):
    """A comment that was looked at: in a campaign, or in none. A comment without a row waits (`CampaignWaiting`).

    `mark` is the same for comments of the same words; one of them `is_first`, and stands for the others where letters
    are compared. `is_apart` says that somebody took it out of a campaign by hand: it is never grouped again by itself.
    `sketch` is the version of the code that read it (`consult.text.campaigns.letters.SEED`).
    """

    __table_args__ = (
        # a letter of the same words
        Index("ix_campaign_letter_mark", "consultation_id", "mark", "is_first"),
        # a sample of a campaign, the same one in whatever order its letters came
        Index("ix_campaign_letter_sample", "campaign_id", "is_first", "mark"),
        # all letters of a campaign, page by page
        Index("ix_campaign_letter_of", "campaign_id", "comment_id"),
    )

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    mark: Mapped[int] = mapped_column(BigInteger)
    is_first: Mapped[bool] = mapped_column(default=True)
    is_apart: Mapped[bool] = mapped_column(default=False)
    sketch: Mapped[int]


class CampaignBand(Model):
    """A comment in a bucket: comments that share one are compared. A campaign has one entry in a bucket at most.

    `bucket` is the number of a band and the least hash in it, in one.
    """

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    bucket: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("campaign_letter.comment_id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CampaignWaiting(Model):
    """A comment that is to be looked at, written in the transaction that made or changed it: oldest first.

    One that fails for no passing reason is left after some `attempts`; `consult recount` tells of it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)


class CampaignTurn(Model):
    """How often the campaigns of a consultation have changed: who compared letters sees whether that still holds."""

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    turn: Mapped[int] = mapped_column(default=0)
