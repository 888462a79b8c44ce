"""What can be asked of campaigns: which one a comment is in, how large it is, what its people wrote of their own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, select

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.discussion.models import Comment, State
from consult.extensions import db
from consult.moderation.campaigns import reading
from consult.moderation.campaigns.models import Campaign, CampaignLetter, CampaignWaiting
from consult.text.campaigns.additions import Frame, Span
from consult.text.campaigns.grouping import SAMPLE
from consult.text.campaigns.letters import Letter
from consult.text.campaigns.likeness import likeness

PAGE = 50

SHOWN_BESIDE = 3  # similar comments beside one
LONGEST_BESIDE = 160  # characters of each

_letter: Any = CampaignLetter.__table__.c
_other: Any = CampaignLetter.__table__.alias("other").c
_said: Any = Comment.__table__.c
_ALIKE = (
    select(
        *(_letter.campaign_id, _letter.is_apart, Campaign.__table__.c.letter_count),
        *(_said.key, _said.state, _said.on_behalf_of, _said.on_behalf_kind, Person.__table__.c.name),
        case((_said.is_sealed, ""), else_=func.substr(_said.body, 1, LONGEST_BESIDE)).label("words"),
    )
    .select_from(_letter.comment_id.table)
    .outerjoin(Campaign.__table__, Campaign.__table__.c.id == _letter.campaign_id)
    .outerjoin(
        _other.comment_id.table,
        (_other.campaign_id == _letter.campaign_id) & (_other.comment_id != _letter.comment_id),
    )
    .outerjoin(Comment.__table__, _said.id == _other.comment_id)
    .outerjoin(Person.__table__, Person.__table__.c.id == _said.author_id)
    .where(_letter.comment_id == bindparam("comment"))
    .order_by(_other.comment_id)
    .limit(SHOWN_BESIDE)
)


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


@dataclass(frozen=True)
class Alike:
    """What is nearly identical to a comment: its campaign (None: it is in none), how many others, and some as rows."""

    campaign_id: int | None = None
    others: int = 0
    rows: Sequence[Any] = ()
    is_apart: bool = False  # somebody took it out of its campaign by hand


def alike(comment_id: int) -> Alike:
    """Return what is nearly identical to a comment, in one question."""
    rows = db.session.execute(_ALIKE, {"comment": comment_id}).all()
    if not rows:
        return Alike()
    first = rows[0]
    return Alike(
        first.campaign_id,
        first.letter_count - 1 if first.letter_count else 0,
        [row for row in rows if row.key],
        bool(first.is_apart),
    )


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


def size_of(campaign: Campaign, *, only_public: bool = False) -> Size:
    """Count a campaign's comments, the people who sent them and the paragraphs on which they stand."""
    confirmed = case((Person.confirmed_at.is_not(None), Comment.author_id))
    wanted = (
        select(func.count(), func.count(confirmed.distinct()), func.count(Comment.paragraph_id.distinct()))
        .select_from(CampaignLetter)
        .join(Comment, Comment.id == CampaignLetter.comment_id)
        .join(Person, Person.id == Comment.author_id)
        .where(CampaignLetter.campaign_id == campaign.id)
    )
    return Size(
        *db.session.execute(wanted.where(Comment.state == State.PUBLISHED) if only_public else wanted).one()
    )


def sample_of(campaign: Campaign) -> Comment:
    """Return the comment that shows best what a campaign says: the one that has most in common with the others.

    One whose text is sealed is taken only where all are.
    """
    found = _sample(campaign)
    best = _best_of(campaign, found, Comment.is_sealed.is_(False))
    return best or db.session.get_one(Comment, _most_like_the_others(found, found))


def public_sample_of(campaign: Campaign) -> Comment | None:
    """Return the same of what everybody can read; None where nobody can read any of it."""
    return _best_of(campaign, _sample(campaign), Comment.state == State.PUBLISHED)


def _best_of(campaign: Campaign, found: Mapping[int, Letter], wanted: ColumnElement[bool]) -> Comment | None:
    """Return, of what is wanted, what is most like the others of a sample, or else the first of the campaign."""
    theirs = (
        select(Comment.id)
        .join(CampaignLetter, CampaignLetter.comment_id == Comment.id)
        .where(CampaignLetter.campaign_id == campaign.id, wanted)
    )
    best = db.session.scalars(theirs.where(Comment.id.in_(found))).all()
    if best:
        return db.session.get_one(Comment, _most_like_the_others(best, found))
    first = db.session.scalar(theirs.order_by(Comment.id).limit(1))
    return None if first is None else db.session.get_one(Comment, first)


def _most_like_the_others(of: Collection[int], found: Mapping[int, Letter]) -> int:
    return max(of, key=lambda number: (_in_common(found[number], found), -found[number].length, -number))


def members_of(campaign: Campaign, after: int = 0, limit: int = PAGE) -> list[Member]:
    """Return the comments of a campaign, in order of arrival, with what each added in their own words."""
    comments = db.session.scalars(
        select(Comment)
        .join(CampaignLetter, CampaignLetter.comment_id == Comment.id)
        .where(CampaignLetter.campaign_id == campaign.id, CampaignLetter.comment_id > after)
        .order_by(CampaignLetter.comment_id)
        .limit(limit)
    ).all()
    frames = frames_of(campaign, sample_of(campaign))
    return [Member(one, frames.added(one.id, one.body)) for one in comments]


class Frames:
    """What a campaign says, to hold its comments against: none of them against itself."""

    def __init__(self, shown: Comment, others: Mapping[int, str]) -> None:
        self._shown, self._others = shown, others
        self._usual = Frame(shown.body, list(others.values()))

    def added(self, number: int, body: str) -> list[Span]:
        """Return from where to where stands in the comment with this id what its author added."""
        if number not in self._others:
            return self._usual.added(body)
        return Frame(
            self._shown.body, [words for other, words in self._others.items() if other != number]
        ).added(body)


def frames_of(campaign: Campaign, shown: Comment) -> Frames:
    """Return what a campaign says, by the comment that shows it and some others."""
    rows = db.session.execute(select(Comment.id, Comment.body).where(Comment.id.in_(_sample(campaign))))
    return Frames(shown, {number: body for number, body in rows if number != shown.id})


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
