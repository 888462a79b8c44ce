"""The reads behind the queue, as statements that are built once: building one costs more than running it.

Parameters: `organisations` (ids), `cause`, `since` and `id` (of a place), `key`, `comment`, `author`,
`organisation`, `person`, `document`.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    cast,
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
from consult.discussion.models import Comment, Correction, Decision
from consult.documents.models import Block, Document, Draft, Paragraph, Version
from consult.moderation.models import QueueItem, QueueTally, Report

EXCERPT = 240  # characters of a comment that the list shows
HISTORY = 60  # reports and decisions shown with a comment

_item: Any = QueueItem.__table__.c
_ORGANISATIONS: Any = bindparam("organisations", expanding=True)


@cache
def queue(limit: int, *, has_cause: bool, has_place: bool) -> Select[Any]:
    """A line for each open item, oldest first: what the list shows and no more."""
    comment: Any = Comment.__table__.c
    wanted = (
        select(
            *(_item.id, _item.since, _item.cause, comment.key, comment.kind),
            func.substr(comment.body, 1, EXCERPT).label("words"),
            Person.__table__.c.name.label("author"),
            Paragraph.__table__.c.number,
        )
        .select_from(QueueItem.__table__)
        .join(Comment.__table__, comment.id == _item.comment_id)
        .join(Person.__table__, Person.__table__.c.id == comment.author_id)
        .join(Paragraph.__table__, Paragraph.__table__.c.id == comment.paragraph_id)
        .where(_item.organisation_id.in_(_ORGANISATIONS), _item.settled_at.is_(None))
        .order_by(_item.since, _item.id)
        .limit(limit)
    )
    if has_cause:
        wanted = wanted.where(_item.cause == bindparam("cause", type_=_item.cause.type))
    if has_place:
        place = tuple_(bindparam("since", type_=_item.since.type), bindparam("id", type_=_item.id.type))
        wanted = wanted.where(tuple_(_item.since, _item.id) > place)
    return wanted


_tally: Any = QueueTally.__table__.c
TALLIES = (
    select(_tally.cause, func.sum(_tally.open_count))
    .where(_tally.organisation_id.in_(_ORGANISATIONS))
    .group_by(_tally.cause)
)

TO_DECIDE = (
    select(Comment)
    .where(Comment.key == bindparam("key"))
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
            ),
        )
        .lazyload(Consultation.unit),
        joinedload(Comment.parent).joinedload(Comment.author).lazyload(Person.roles),
    )
)


def _wrote() -> ColumnElement[bool]:
    published = select(Version.id).where(
        Version.document_id == bindparam("document"), Version.published_by == bindparam("person")
    )
    saved = select(Draft.id).where(
        Draft.document_id == bindparam("document"), Draft.saved_by == bindparam("person")
    )
    return published.exists() | saved.exists()


OUTLOOK = (
    select(Correction, _wrote().label("wrote"))
    .select_from(Comment)
    .outerjoin(Correction, Correction.comment_id == Comment.id)
    .where(Comment.id == bindparam("comment"))
)

_said: Any = Comment.__table__.c
RECORD = (
    select(_said.state, func.count())
    .where(_said.author_id == bindparam("author"), _said.organisation_id == bindparam("organisation"))
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
        )
        .outerjoin(Person, Person.id == Decision.actor_id)
        .where(Decision.comment_id == bindparam("comment"))
    )
    both = union_all(reports, decisions).subquery()
    return select(both).order_by(both.c.what, both.c.id.desc()).limit(HISTORY)


HISTORY_OF = _history()
