"""What can be asked of campaigns: which one a comment is in, how large it is, what its people wrote of their own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.discussion.models import Comment
from consult.extensions import db
from consult.moderation.campaigns import reading
from consult.moderation.campaigns.models import Campaign, CampaignLetter, CampaignWaiting
from consult.text.campaigns.additions import Span, added
from consult.text.campaigns.grouping import SAMPLE
from consult.text.campaigns.letters import Letter
from consult.text.campaigns.likeness import likeness

PAGE = 50

_letter: Any = CampaignLetter.__table__.c


@dataclass(frozen=True)
class Size:
    """How many comments a campaign has, by how many people with a confirmed address, on how many paragraphs."""

    letters: int
    people: int
    paragraphs: int


@dataclass(frozen=True)
class Member:
    """A comment of a campaign, and from where to where in its `body` stands what its author added to the letter."""

    comment: Comment
    additions: Sequence[Span]

    @property
    def own_words(self) -> list[str]:
        """Return what its author added, passage by passage."""
        return [self.comment.body[start:end] for start, end in self.additions]


def campaign(campaign_id: int) -> Campaign | None:
    return db.session.get(Campaign, campaign_id)


def campaign_of(comment_id: int) -> Campaign | None:
    """Return the campaign that a comment is in."""
    wanted = select(Campaign).join(CampaignLetter, CampaignLetter.campaign_id == Campaign.id)
    return db.session.scalar(wanted.where(CampaignLetter.comment_id == comment_id))


def campaigns_of(comment_ids: Collection[int]) -> Mapping[int, int]:
    """Return the campaign of each of these comments that is in one."""
    rows = db.session.execute(
        select(_letter.comment_id, _letter.campaign_id).where(
            _letter.comment_id.in_(comment_ids), _letter.campaign_id.is_not(None)
        )
    )
    return dict(rows.all())


def campaigns_in(consultation: Consultation, limit: int = PAGE) -> Sequence[Campaign]:
    """Return the largest campaigns of a consultation."""
    return db.session.scalars(
        select(Campaign)
        .where(Campaign.consultation_id == consultation.id)
        .order_by(Campaign.letter_count.desc(), Campaign.id)
        .limit(limit)
    ).all()


def size_of(campaign: Campaign) -> Size:
    """Count a campaign's comments, the people who sent them and the paragraphs on which they stand."""
    confirmed = case((Person.confirmed_at.is_not(None), Comment.author_id))
    row = db.session.execute(
        select(func.count(), func.count(confirmed.distinct()), func.count(Comment.paragraph_id.distinct()))
        .select_from(CampaignLetter)
        .join(Comment, Comment.id == CampaignLetter.comment_id)
        .join(Person, Person.id == Comment.author_id)
        .where(CampaignLetter.campaign_id == campaign.id)
    ).one()
    return Size(*row)


def sample_of(campaign: Campaign) -> Comment:
    """Return the comment that shows best what a campaign says: the one that has most in common with the others."""
    found = _sample(campaign)
    most = max(found, key=lambda number: (_in_common(found[number], found), -found[number].length, -number))
    return db.session.get_one(Comment, most)


def members_of(campaign: Campaign, after: int = 0, limit: int = PAGE) -> list[Member]:
    """Return the comments of a campaign, in order of arrival, with what each added in their own words."""
    comments = db.session.scalars(
        select(Comment)
        .join(CampaignLetter, CampaignLetter.comment_id == Comment.id)
        .where(CampaignLetter.campaign_id == campaign.id, CampaignLetter.comment_id > after)
        .order_by(CampaignLetter.comment_id)
        .limit(limit)
    ).all()
    shown = sample_of(campaign)
    others = db.session.execute(select(Comment.id, Comment.body).where(Comment.id.in_(_sample(campaign))))
    bodies = [(number, body) for number, body in others if number != shown.id]
    return [
        Member(one, added(one.body, shown.body, [body for number, body in bodies if number != one.id]))
        for one in comments
    ]


def is_set_apart(comment_id: int) -> bool:
    """Say whether somebody took a comment out of its campaign by hand."""
    wanted = select(CampaignLetter.is_apart).where(CampaignLetter.comment_id == comment_id)
    return bool(db.session.scalar(wanted))


def waiting_count() -> int:
    """Return how many comments are still to be looked at."""
    return db.session.scalar(select(func.count()).select_from(CampaignWaiting)) or 0


def _sample(campaign: Campaign) -> dict[int, Letter]:
    rows = db.session.execute(
        select(_letter.comment_id, _letter.mark)
        .where(_letter.campaign_id == campaign.id, _letter.is_first)
        .order_by(_letter.mark)
        .limit(SAMPLE)
    )
    return reading.letters(dict(rows.all()))


def _in_common(letter: Letter, others: Mapping[int, Letter]) -> float:
    found = [likeness(letter, other) for other in others.values() if other is not letter]
    return sum(each.part + each.density for each in found)
