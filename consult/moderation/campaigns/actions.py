"""What moderators do with campaigns by hand: say that a comment is on its own, or take that back."""

from typing import Any

from flask_babel import gettext as _

from consult import audit
from consult.discussion.models import Comment
from consult.errors import Conflict
from consult.extensions import db
from consult.moderation.campaigns.arrival import take_out, wait
from consult.moderation.campaigns.models import CampaignLetter
from consult.moderation.campaigns.writing import take_turn
from consult.permissions import May, require


def set_apart(*, actor: Any, comment: Comment) -> None:
    """Take a comment out of its campaign: it is on its own from now on, also when its author corrects it.

    Raises Conflict where it is in none.
    """
    require(May.DECIDE, actor, comment)
    letter = _letter(comment)
    if letter is None or letter.campaign_id is None:
        raise Conflict(_("This comment is in no campaign."))
    take_turn(letter.consultation_id)
    before = letter.campaign_id
    letter.is_apart = True
    take_out(letter)
    _record(actor, comment, "campaign.set_apart", before=f"campaign:{before}")


def let_group(*, actor: Any, comment: Comment) -> None:
    """Let a comment that was set apart be grouped again, as if it had only just arrived.

    Raises Conflict where it was not set apart.
    """
    require(May.DECIDE, actor, comment)
    letter = _letter(comment)
    if letter is None or not letter.is_apart:
        raise Conflict(_("This comment was not set apart."))
    take_turn(letter.consultation_id)
    db.session.delete(letter)
    wait(comment.id)
    _record(actor, comment, "campaign.let_group")


def _letter(comment: Comment) -> CampaignLetter | None:
    return db.session.get(CampaignLetter, comment.id, populate_existing=True, with_for_update=True)


def _record(actor: Any, comment: Comment, act: str, before: str = "") -> None:
    audit.record(
        act,
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        before=before,
    )
