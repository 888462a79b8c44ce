"""Campaigns held against the comments: counts, letters that should not be there, comments that nobody looked at."""

from collections.abc import Iterator

from sqlalchemy import delete, exists, func, or_, select, update

from consult.discussion.models import Comment
from consult.documents.models import Document
from consult.extensions import db
from consult.moderation.campaigns.arrival import MOST, leave, wait
from consult.moderation.campaigns.models import Campaign, CampaignBand, CampaignLetter, CampaignWaiting
from consult.moderation.campaigns.writing import GROUPED, take_turn
from consult.text.campaigns.letters import SEED


def recount() -> list[str]:
    """Mend what differs and return, in words, what was wrong. What is to be grouped anew waits for the next look."""
    return [*_strays(), *_unread(), *_counts(), *_given_up()]


def regroup(consultation_id: int) -> int:
    """Let all comments of a consultation arrive anew, but for those set apart; return how many.

    For who has changed how comments are compared. Call it inside `transaction()`.
    """
    take_turn(consultation_id)
    ids = db.session.scalars(
        select(CampaignLetter.comment_id)
        .where(CampaignLetter.consultation_id == consultation_id, CampaignLetter.is_apart.is_(False))
        .order_by(CampaignLetter.comment_id)
    ).all()
    db.session.execute(delete(CampaignBand).where(CampaignBand.consultation_id == consultation_id))
    db.session.execute(
        delete(CampaignLetter).where(
            CampaignLetter.consultation_id == consultation_id, CampaignLetter.is_apart.is_(False)
        )
    )
    db.session.execute(delete(Campaign).where(Campaign.consultation_id == consultation_id))
    for comment_id in ids:
        wait(comment_id)
    return len(ids)


def _strays() -> Iterator[str]:
    """Letters of comments that are in no campaign any more, or are nobody's but the team's."""
    gone = or_(Comment.state.not_in(GROUPED), Comment.is_team_only)
    wanted = select(CampaignLetter.comment_id).join(Comment).where(gone).order_by(CampaignLetter.comment_id)
    for comment_id in db.session.scalars(wanted).all():
        leave(comment_id)
        yield f"campaign_letter {comment_id}: its comment is in no campaign any more"


def _unread() -> Iterator[str]:
    """Comments that nobody looked at, or that were read by an earlier version of the code."""
    read = exists().where(CampaignLetter.comment_id == Comment.id, CampaignLetter.sketch == SEED)
    waits = exists().where(CampaignWaiting.comment_id == Comment.id)
    wanted = (
        select(Comment.id)
        .join(Document, Document.id == Comment.document_id)
        .where(Comment.state.in_(GROUPED), Comment.is_team_only.is_(False), ~read, ~waits)
        .order_by(Comment.id)
    )
    for comment_id in db.session.scalars(wanted).all():
        wait(comment_id)
        yield f"comment {comment_id}: was not looked at for campaigns, and waits now"


def _counts() -> Iterator[str]:
    true = (
        select(CampaignLetter.campaign_id, func.count().label("count"))
        .where(CampaignLetter.campaign_id.is_not(None))
        .group_by(CampaignLetter.campaign_id)
        .subquery()
    )
    count = func.coalesce(true.c.count, 0)
    wanted = (
        select(Campaign.id, count)
        .outerjoin(true, true.c.campaign_id == Campaign.id)
        .where(Campaign.letter_count != count)
        .order_by(Campaign.id)
    )
    for campaign_id, letters in db.session.execute(wanted).all():
        db.session.execute(update(Campaign).where(Campaign.id == campaign_id).values(letter_count=letters))
        yield f"campaign {campaign_id}: has {letters} letters"
    _let_go_of_single_ones()


def _let_go_of_single_ones() -> None:
    """Let go of campaigns that have one letter or none: none is left so unless a count was wrong."""
    few = db.session.scalars(select(Campaign.id).where(Campaign.letter_count < 2)).all()
    for campaign_id in few:
        db.session.execute(
            update(CampaignLetter).where(CampaignLetter.campaign_id == campaign_id).values(campaign_id=None)
        )
        db.session.execute(delete(Campaign).where(Campaign.id == campaign_id))


def _given_up() -> Iterator[str]:
    """Comments that could not be grouped: they are tried again."""
    wanted = select(CampaignWaiting).where(CampaignWaiting.attempts >= MOST)
    for waiting in db.session.scalars(wanted).all():
        waiting.attempts = 0
        yield f"comment {waiting.comment_id}: could not be grouped, and waits again"
