"""What the pages of campaigns show: which there are and what waits of each, and what people added in one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Answer, Comment, Response, State
from consult.documents.models import Document, Paragraph
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation.campaigns import queries
from consult.moderation.campaigns.models import Campaign, CampaignLetter
from consult.moderation.models import QueueItem
from consult.text.campaigns.additions import parts

PAGE = 30  # campaigns of a list
OWN_WORDS = 50  # additions of a page
READ_AT_ONCE = 100
MOST_READ = 500  # comments that one page is made of
AROUND = 90  # characters of the letter shown around an addition
EXCERPT = 200

_letter: Any = CampaignLetter.__table__.c
_item: Any = QueueItem.__table__.c
_waits = (
    select(func.count())
    .select_from(_letter.comment_id.table)
    .join(_item.id.table, and_(_item.comment_id == _letter.comment_id, _item.settled_at.is_(None)))
    .where(_letter.campaign_id == Campaign.id)
    .correlate(Campaign)
    .scalar_subquery()
)
_published = (
    select(func.count())
    .select_from(_letter.comment_id.table)
    .join(Comment, Comment.id == _letter.comment_id)
    .where(_letter.campaign_id == Campaign.id, Comment.state == State.PUBLISHED)
    .correlate(Campaign)
    .scalar_subquery()
)
_some = (
    select(func.substr(Comment.body, 1, EXCERPT))
    .join(CampaignLetter, CampaignLetter.comment_id == Comment.id)
    .where(_letter.campaign_id == Campaign.id, Comment.is_sealed.is_(False))
    .limit(1)
    .correlate(Campaign)
)
_words = _some.where(CampaignLetter.is_first).order_by(CampaignLetter.mark).scalar_subquery()
_public_words = (
    _some.where(Comment.state == State.PUBLISHED).order_by(CampaignLetter.comment_id).scalar_subquery()
)


@dataclass(frozen=True)
class Place:
    """After which campaign a list goes on: its size and its id. They stand by size, the largest first."""

    size: int
    id: int

    @classmethod
    def read(cls, words: str) -> "Place | None":
        """Return the place that an address names, or None when it names none."""
        size, _sign, number = words.partition("_")
        if len(words) > 20 or not (size.isdecimal() and number.isdecimal()):
            return None
        return cls(min(int(size), 2**31 - 1), min(int(number), 2**31 - 1))

    def __str__(self) -> str:
        return f"{self.size}_{self.id}"


def for_moderators(
    organisation_ids: Sequence[int], *, with_decided: bool = False, after: Place | None = None
) -> Sequence[Any]:
    """Return the campaigns in which something waits for a moderator, or all, the largest first; one more than a page."""
    wanted = _listed(_waits, _words, after).where(Consultation.organisation_id.in_(organisation_ids))
    if not with_decided:
        wanted = wanted.where(_waits > 0)
    return db.session.execute(wanted).all()


def for_officials(unit_ids: Sequence[int], *, after: Place | None = None) -> Sequence[Any]:
    """Return the campaigns of which a unit can read something, the largest first; one more than a page."""
    wanted = _listed(_published, _public_words, after).where(
        Consultation.unit_id.in_(unit_ids), Consultation.is_exercise()
    )
    return db.session.execute(wanted.where(_published > 0)).all()


def _listed(count: Any, words: Any, after: Place | None) -> Select[Any]:
    wanted = (
        select(
            *(Campaign.id, Campaign.letter_count, Consultation.slug, Consultation.title),
            *(count.label("count"), words.label("words")),
        )
        .join(Consultation, Consultation.id == Campaign.consultation_id)
        .order_by(Campaign.letter_count.desc(), Campaign.id)
        .limit(PAGE + 1)
    )
    if after is None:
        return wanted
    is_next = and_(Campaign.letter_count == after.size, Campaign.id > after.id)
    return wanted.where(or_(Campaign.letter_count < after.size, is_next))


def campaign_of_units(number: int, unit_ids: Sequence[int]) -> Campaign:
    """Return a campaign in a consultation of these units. Raises NotFound for any other."""
    found = db.session.scalar(
        select(Campaign)
        .join(Consultation, Consultation.id == Campaign.consultation_id)
        .where(Campaign.id == number, Consultation.unit_id.in_(unit_ids), Consultation.is_exercise())
    )
    if found is None:
        raise NotFound
    return found


def states_of(campaign: Campaign) -> Counter[State]:
    """Return how many comments of a campaign are in which state."""
    rows = db.session.execute(
        select(Comment.state, func.count())
        .join(CampaignLetter, CampaignLetter.comment_id == Comment.id)
        .where(CampaignLetter.campaign_id == campaign.id)
        .group_by(Comment.state)
    )
    return Counter(dict(rows.tuples().all()))


def to_answer(campaign: Campaign, limit: int) -> tuple[list[str], int]:
    """Return the keys of what can be read and has no official reply yet, and how many have one."""
    answered = (
        select(Answer.comment_id)
        .join(Response, Response.id == Answer.response_id)
        .where(Answer.comment_id == Comment.id, Response.stands())
        .exists()
    )
    of_campaign = (
        select(Comment.key)
        .join(CampaignLetter, CampaignLetter.comment_id == Comment.id)
        .where(CampaignLetter.campaign_id == campaign.id, Comment.state == State.PUBLISHED)
    )
    keys = db.session.scalars(of_campaign.where(~answered).order_by(Comment.id).limit(limit)).all()
    count = select(func.count()).select_from(of_campaign.where(answered).subquery())
    return list(keys), db.session.scalar(count) or 0


def in_the_ledger(campaign: Campaign, limit: int) -> list[str]:
    """Return the keys of what can be put under a point: what has a place in the ledger and can be read."""
    wanted = (
        select(Comment.key)
        .join(CampaignLetter, CampaignLetter.comment_id == Comment.id)
        .join(LedgerEntry, LedgerEntry.comment_id == Comment.id)
        .where(CampaignLetter.campaign_id == campaign.id, LedgerEntry.is_shown)
        .order_by(Comment.id)
        .limit(limit)
    )
    return list(db.session.scalars(wanted))


def published_in_groups(unit_ids: Sequence[int], *, after: tuple[int, int], limit: int) -> Sequence[Any]:
    """Return what everybody can read of the groups of these units, group by group, after a group and a comment."""
    group, comment = CampaignLetter.campaign_id, CampaignLetter.comment_id
    wanted = (
        select(
            *(Campaign.id.label("group"), Comment.id, Comment.key, Comment.body, Comment.created_at),
            *(Comment.on_behalf_of, Comment.on_behalf_kind, Person.name.label("author"), Paragraph.number),
            *(Consultation.title.label("consultation"), Document.title.label("document")),
        )
        .select_from(Campaign)
        .join(CampaignLetter, group == Campaign.id)
        .join(Comment, Comment.id == comment)
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Campaign.consultation_id)
        .where(
            Consultation.unit_id.in_(unit_ids),
            Consultation.is_exercise(),
            Comment.state == State.PUBLISHED,
            or_(Campaign.id > after[0], and_(Campaign.id == after[0], comment > after[1])),
        )
        .order_by(Campaign.id, comment)
        .limit(limit)
    )
    return db.session.execute(wanted).all()


@dataclass(frozen=True)
class Added:
    """A comment as a row, and its words in parts: each with whether its author added it."""

    row: Any
    parts: Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Additions:
    """What people added, on one page. `copies` say the same as the sample word for word, of the whole campaign;

    `varied` are of this page, and differ from it without adding anything. `after` is where the next page goes on.
    """

    own: Sequence[Added]
    copies: int
    varied: int
    after: int | None


def additions(campaign: Campaign, shown: Comment, *, after: int = 0, only_public: bool = False) -> Additions:
    """Return what people added to the letter, in the order in which their comments came."""
    frames, mark = queries.frames_of(campaign, shown), _mark_of(shown)
    found: list[Added] = []
    count, last = 0, after
    while count < MOST_READ and len(found) < OWN_WORDS:
        rows = db.session.execute(_next(campaign, mark, last, only_public=only_public)).all()
        for row in rows:
            count, last = count + 1, row.id
            if spans := frames.added(row.id, row.body):
                found.append(Added(row, parts(row.body, spans, AROUND)))
            if len(found) == OWN_WORDS:
                break
        if len(rows) < READ_AT_ONCE and (not rows or last == rows[-1].id):
            return Additions(
                found, _copies(campaign, mark, only_public=only_public), count - len(found), None
            )
    return Additions(found, _copies(campaign, mark, only_public=only_public), count - len(found), last)


def _mark_of(shown: Comment) -> int:
    return int(db.session.scalars(select(_letter.mark).where(_letter.comment_id == shown.id)).one())


def _next(campaign: Campaign, mark: int, after: int, *, only_public: bool) -> Select[Any]:
    wanted = (
        select(
            *(
                Comment.id,
                Comment.key,
                Comment.body,
                Comment.state,
                Comment.on_behalf_of,
                Comment.on_behalf_kind,
            ),
            *(Person.name.label("author"), Paragraph.kind.label("paragraph_kind"), Paragraph.number),
            _item.id.label("item_id"),
        )
        .join(CampaignLetter, CampaignLetter.comment_id == Comment.id)
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .outerjoin(_item.id.table, and_(_item.comment_id == Comment.id, _item.settled_at.is_(None)))
        .where(
            CampaignLetter.campaign_id == campaign.id,
            CampaignLetter.comment_id > after,
            CampaignLetter.mark != mark,
            Comment.is_sealed.is_(False),
        )
        .order_by(CampaignLetter.comment_id)
        .limit(READ_AT_ONCE)
    )
    return wanted.where(Comment.state == State.PUBLISHED) if only_public else wanted


def _copies(campaign: Campaign, mark: int, *, only_public: bool) -> int:
    wanted = (
        select(func.count())
        .select_from(CampaignLetter)
        .where(CampaignLetter.campaign_id == campaign.id, CampaignLetter.mark == mark)
    )
    if only_public:
        wanted = wanted.join(Comment, Comment.id == CampaignLetter.comment_id).where(
            Comment.state == State.PUBLISHED
        )
    return db.session.scalar(wanted) or 0
