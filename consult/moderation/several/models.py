"""What a bulk act left out, and why: ids and codes, never words."""

import enum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.discussion.models import Comment
from consult.extensions import Model


class Why(enum.Enum):
    """Why a bulk act leaves a comment as it is."""

    DECIDED = "decided"  # somebody has decided, or its author has taken it back
    CLAIMED = "claimed"  # another moderator has it open
    CHANGED = "changed"  # since the preview was drawn
    OWN = "own"  # the moderator wrote it
    PART = "part"  # the moderator has a part in the draft, and another moderator has none
    APPEALED = "appealed"  # a second moderator hears the appeal
    COMPLAINED = "complained"  # a notice of complaint is settled on a page of its own
    PASSED_ON = (
        "passed-on"  # somebody may be in danger: a named person looks, and a human writes to the author
    )
    CORRECTED = "corrected"  # its author proposes other words: they are to be read one by one
    TOO_MANY = "too-many"  # for one act


class ModerationActLeft(Model):
    """A comment that an act was asked to decide on, and did not."""

    __tablename__ = "moderation_act_left"

    act_id: Mapped[int] = mapped_column(ForeignKey("moderation_act.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, index=True)
    why: Mapped[Why]

    comment: Mapped[Comment] = relationship()
