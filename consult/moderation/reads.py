"""The reads behind the queue, as statements that are built once: building one costs more than running it.

Parameters: `organisations` (ids) or `organisation_0` and on, `cause`, `consultation`, `hold`, `campaign`, `as_of`,
`due_0` and `id_0` and on (the place of each risk after which to go on), `key`, `comment`, `author`, `organisation`,
`person`, `document`.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import joinedload, load_only

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.discussion.models import Comment, Correction, Decision, State
from consult.documents.models import Block, Document, Draft, Paragraph, Version
from consult.moderation import due
from consult.moderation.campaigns.models import Campaign, CampaignLetter
from consult.moderation.models import QueueItem, QueueTally, Report

EXCERPT = 240  # characters of a comment that the list shows
MANY = 500  # over time: beyond this a page says that there are more
MOST_CONSULTATIONS = 100  # to choose from
HISTORY = 60  # reports and decisions shown with a comment

_item: Any = QueueItem.__table__.c
_ORGANISATIONS: Any = bindparam("organisations", expanding=True)


@cache
def queue(limit: int, *, organisations: int, narrowed: frozenset[str] = frozenset()) -> Select[Any]:
    """A line for each open item in the order of the queue, after a place: what the list shows and no more.

    `narrowed` names what it is narrowed by (see `sieve`).

    What is over time goes first, then risk; and within one risk what is over time is due before what is not. So the
    next few of each risk, which an index has in order, hold the next few of all: the rest is never looked at.
    """
    branches = [
        _next_of(limit, number, risk, narrowed) for number in range(organisations) for risk in due.RISKS
    ]
    holder: Any = Person.__table__.alias("holder").c
    found: Any = union_all(*(select(branch) for branch in branches)).subquery("found").c
    comment: Any = Comment.__table__.c
    letter: Any = CampaignLetter.__table__.c
    campaign: Any = Campaign.__table__.c
    return (
        select(
            *(
                _item.id,
                _item.comment_id,
                _item.since,
                _item.due_at,
                _item.risk,
                _item.cause,
                _item.holds,
                _item.marks,
                comment.key,
                comment.kind,
            ),
            *(comment.on_behalf_of, comment.on_behalf_kind),
            func.substr(comment.body, 1, EXCERPT).label("words"),
            Person.__table__.c.name.label("author"),
            Paragraph.__table__.c.number,
            *(_item.claimed_by, _item.claimed_at, holder.name.label("holder")),
            campaign.letter_count,
        )
        .select_from(found.id.table)
        .join(QueueItem.__table__, _item.id == found.id)
        .join(Comment.__table__, comment.id == _item.comment_id)
        .join(Person.__table__, Person.__table__.c.id == comment.author_id)
        .join(Paragraph.__table__, Paragraph.__table__.c.id == comment.paragraph_id)
        .outerjoin(holder.id.table, holder.id == _item.claimed_by)
        .outerjoin(letter.comment_id.table, letter.comment_id == _item.comment_id)
        .outerjoin(campaign.id.table, campaign.id == letter.campaign_id)
        .order_by(found.is_later, found.risk, found.due_at, found.id)
        .limit(limit)
    )


def _next_of(limit: int, number: int, risk: int, narrowed: frozenset[str]) -> Any:
    """The next items of one risk in one organisation, as the index has them."""
    when: Any = _item.due_at.type
    is_later = case((_item.due_at > bindparam("as_of", type_=when), 1), else_=0).label("is_later")
    after = tuple_(bindparam(f"due_{risk}", type_=when), bindparam(f"id_{risk}", type_=_item.id.type))
    wanted = select(_item.id, _item.risk, _item.due_at, is_later).where(
        *_narrow(f"organisation_{number}", narrowed),
        _item.risk == risk,
        tuple_(_item.due_at, _item.id) > after,
    )
    return wanted.order_by(_item.due_at, _item.id).limit(limit).subquery()


def _narrow(organisation: str, by: frozenset[str]) -> list[ColumnElement[bool]]:
    """Say what is wanted. Only the narrowest of organisation, consultation and campaign is asked for.

    It lies within the others, and so there is but one index that fits.
    """
    letters: Any = CampaignLetter.__table__.c
    within = {
        "organisation": _item.organisation_id == bindparam(organisation),
        "consultation": _item.consultation_id == bindparam("consultation"),
        "campaign": _item.comment_id.in_(
            select(letters.comment_id).where(letters.campaign_id == bindparam("campaign"))
        ),
    }
    narrowest = next((name for name in ("campaign", "consultation") if name in by), "organisation")
    found = [within[narrowest], _item.settled_at.is_(None)]
    if narrowest == "campaign" and "consultation" in by:
        found.append(within["consultation"])
    if "cause" in by:
        found.append(_item.cause == bindparam("cause", type_=_item.cause.type))
    if (
        "hold" in by
    ):  # the rule is "hold.links+private": with a sign at either end each name stands between two
        names = func.replace(_item.holds, ".", "+").concat("+")
        found.append(names.contains(bindparam("hold")))
    return found


@cache
def count(limit: int, *, organisations: int, narrowed: frozenset[str]) -> Select[Any]:
    """How many open items there are, and no more of them than `limit`."""
    of_each = [
        select(_item.id).where(*_narrow(f"organisation_{number}", narrowed))
        for number in range(organisations)
    ]
    return select(func.count()).select_from(union_all(*of_each).limit(limit).subquery())


def _over_time() -> Any:
    """How many of an organisation are over time, and no more of them than a page can say."""
    of_each = [
        select(_item.id).where(
            _item.organisation_id.in_(_ORGANISATIONS),
            _item.settled_at.is_(None),
            _item.risk == risk,
            _item.due_at <= bindparam("as_of", type_=_item.due_at.type),
        )
        for risk in due.RISKS
    ]
    return select(func.count()).select_from(union_all(*of_each).limit(MANY + 1).subquery())


OVER_TIME = _over_time()

_exercise: Any = Consultation.__table__.c
CONSULTATIONS_WAITING = (
    select(_exercise.slug, _exercise.title)
    .where(
        _exercise.organisation_id.in_(_ORGANISATIONS),
        select(_item.id).where(_item.consultation_id == _exercise.id, _item.settled_at.is_(None)).exists(),
    )
    .order_by(_exercise.title, _exercise.id)
    .limit(MOST_CONSULTATIONS)
)

_tally: Any = QueueTally.__table__.c
TALLIES = (
    select(_tally.cause, func.sum(_tally.open_count))
    .where(_tally.organisation_id.in_(_ORGANISATIONS))
    .group_by(_tally.cause)
)

TO_DECIDE = (
    select(Comment)
    .where(Comment.key == bindparam("key"), Comment.is_team_only.is_(False))
    .options(
        joinedload(Comment.author, innerjoin=True).lazyload(Person.roles),
        joinedload(Comment.paragraph, innerjoin=True),
        joinedload(Comment.block).load_only(Block.plain),
        joinedload(Comment.document, innerjoin=True)
        .joinedload(Document.consultation, innerjoin=True)
        .options(
            load_only(
                *(Consultation.unit_id, Consultation.organisation_id, Consultation.slug, Consultation.title),
                *(Consultation.stage, Consultation.policy, Consultation.opens_at, Consultation.closes_at),
                *(Consultation.look_hours, Consultation.look_counts_work, Consultation.is_toolkit),
            ),
        )
        .lazyload(Consultation.unit),
        joinedload(Comment.parent).joinedload(Comment.author).lazyload(Person.roles),
    )
)


def wrote(document: Any) -> ColumnElement[bool]:
    """Say in SQL whether `person` wrote a version of a document, or saved the next one."""
    published = select(Version.id).where(
        Version.document_id == document, Version.published_by == bindparam("person")
    )
    saved = select(Draft.id).where(Draft.document_id == document, Draft.saved_by == bindparam("person"))
    return published.exists() | saved.exists()


def latest_decision() -> Any:
    """Return in SQL the id of the latest decision on a comment of the statement around it."""
    decided: Any = Decision.__table__.c
    wanted = select(func.max(decided.id)).where(decided.comment_id == Comment.__table__.c.id)
    return wanted.correlate(Comment.__table__).scalar_subquery()


OUTLOOK = (
    select(
        Correction, wrote(bindparam("document")).label("wrote"), func.coalesce(_item.holds, "").label("holds")
    )
    .select_from(Comment)
    .outerjoin(Correction, Correction.comment_id == Comment.id)
    .outerjoin(QueueItem.__table__, (_item.comment_id == bindparam("comment")) & _item.settled_at.is_(None))
    .where(Comment.id == bindparam("comment"))
)

_said: Any = Comment.__table__.c
RECORD = (
    select(_said.state, func.count())
    .where(
        _said.author_id == bindparam("author"),
        _said.organisation_id == bindparam("organisation"),
        _said.is_team_only.is_(False),
    )
    .group_by(_said.state)
)


def _history() -> Select[Any]:
    reports = select(
        literal("report").label("what"),
        Report.id.label("id"),
        Report.created_at.label("at"),
        Report.reason.label("reason"),
        Report.note.label("note"),
        cast(null(), String).label("after"),
        cast(null(), String).label("by"),
        Report.is_own_name.label("is_own_name"),
        Report.reporter_id.label("reporter_id"),
    ).where(Report.comment_id == bindparam("comment"), Report.settled_at.is_(None))
    decisions = (
        select(
            literal("decision"),
            Decision.id,
            Decision.decided_at,
            Decision.reason,
            Decision.note,
            cast(Decision.after, String),
            Person.name,
            false(),
            cast(null(), Integer),
        )
        .outerjoin(Person, Person.id == Decision.actor_id)
        .where(Decision.comment_id == bindparam("comment"))
    )
    both = union_all(reports, decisions).subquery()
    return select(both).order_by(both.c.what, both.c.id.desc()).limit(HISTORY)


HISTORY_OF = _history()


def _reporters() -> Any:
    """How many comments of an organisation some people reported, and what became of these: by their state."""
    settled = Report.settled_at.is_not(None)
    return (
        select(
            Report.reporter_id,
            func.count(),
            func.sum(case((settled & (Comment.state == State.PUBLISHED), 1), else_=0)),
            func.sum(case((settled & Comment.state.in_((State.TAKEN_DOWN, State.RETURNED)), 1), else_=0)),
        )
        .join(Comment, Comment.id == Report.comment_id)
        .where(
            Report.reporter_id.in_(bindparam("reporters", expanding=True)),
            Comment.organisation_id == bindparam("organisation"),
        )
        .group_by(Report.reporter_id)
    )


REPORTERS = _reporters()
