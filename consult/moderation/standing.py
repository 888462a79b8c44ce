"""How a comment stands when somebody decides on it: locked first, then read once with all that a decision hangs on."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload, load_only

from consult import clock
from consult.accounts.models import Part, Person, Role
from consult.consultations.models import Consultation
from consult.discussion.models import Comment, Correction
from consult.documents.models import Document
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation import reads
from consult.moderation.appeals.models import Appeal
from consult.moderation.claims import HELD, Claim
from consult.moderation.models import QueueItem

_comment: Any = Comment.__table__.c
_item: Any = QueueItem.__table__.c
_appeal: Any = Appeal.__table__.c
_holder: Any = Person.__table__.alias("holder")


@dataclass(frozen=True)
class Standing:
    """A comment under its lock: nothing of it changes until the transaction ends.

    `correction` are words that wait to take its place, `item_id` its open item in the queue with its `marks`,
    `decision_id` the latest decision. `moderates` says whether whoever decides moderates here, under the lock as at the
    door, `wrote` whether they wrote the draft, `other` which moderator has it open besides, `is_appealed` whether an
    appeal on it is open.
    """

    comment: Comment
    correction: Correction | None
    item_id: int | None
    marks: str
    decision_id: int | None
    moderates: bool
    wrote: bool
    other: Claim | None
    is_appealed: bool


_LOCK = (
    select(_comment.id)
    .where(_comment.key == bindparam("key"), _comment.is_team_only.is_(False))
    .with_for_update(key_share=True)
)


def _moderates() -> ColumnElement[bool]:
    """Say in SQL whether `person` moderates in the organisation of a comment, as the table of permissions has it."""
    here = or_(Role.organisation_id.is_(None), Role.organisation_id == _comment.organisation_id)
    theirs = select(Role.id).where(
        Role.person_id == bindparam("person"), Role.part == Part.MODERATOR, Role.played(), here
    )
    return theirs.correlate(Comment.__table__).exists()


def _read() -> Select[Any]:
    open_item = and_(_item.comment_id == _comment.id, _item.settled_at.is_(None))
    has_it_open = and_(
        _item.claimed_by == _holder.c.id,
        _item.claimed_by != bindparam("person"),
        _item.claimed_at > bindparam("since", type_=_item.claimed_at.type),
    )
    appealed = select(_appeal.id).where(_appeal.comment_id == _comment.id, _appeal.settled_at.is_(None))
    return (
        select(
            Comment,
            Correction,
            _item.id.label("item_id"),
            _item.marks,
            _item.claimed_at,
            _holder.c.id.label("holder_id"),
            _holder.c.name.label("holder_name"),
            reads.latest_decision().label("decision_id"),
            _moderates().label("moderates"),
            reads.wrote(_comment.document_id).label("wrote"),
            appealed.correlate(Comment.__table__).exists().label("is_appealed"),
        )
        .outerjoin(Correction, Correction.comment_id == Comment.id)
        .outerjoin(QueueItem.__table__, open_item)
        .outerjoin(_holder, has_it_open)
        .where(Comment.key == bindparam("key"), Comment.is_team_only.is_(False))
        .options(
            joinedload(Comment.author, innerjoin=True)
            .load_only(
                *(Person.name, Person.email, Person.is_guest, Person.confirmed_at),
                *(Person.disabled_at, Person.closed_at, Person.session_version),
            )
            .lazyload(Person.roles),
            joinedload(Comment.document, innerjoin=True)
            .load_only(Document.slug, Document.title, Document.consultation_id)
            .joinedload(Document.consultation, innerjoin=True)
            .options(
                load_only(
                    *(Consultation.unit_id, Consultation.organisation_id, Consultation.slug),
                    *(Consultation.title, Consultation.stage, Consultation.policy),
                    *(Consultation.opens_at, Consultation.closes_at, Consultation.created_at),
                    *(Consultation.look_hours, Consultation.look_counts_work, Consultation.is_toolkit),
                ),
            )
            .lazyload(Consultation.unit),
        )
        .execution_options(populate_existing=True)
    )


_READ = _read()


def hold(key: str, *, person_id: int) -> Standing:
    """Lock a comment until the transaction ends, and return how it stands for `person_id`, who decides on it.

    On PostgreSQL the lock is taken by a statement of its own: one that waits for it would read what hangs on the
    comment as it was before. On SQLite whoever writes is alone. Raises NotFound, also for what was sent only to the
    team.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.connection().execute(_LOCK, {"key": key})
    of = {"key": key, "person": person_id, "since": clock.now() - HELD}
    row = db.session.execute(_READ, of).one_or_none()
    if row is None:
        raise NotFound
    other = None if row.holder_id is None else Claim(row.holder_id, row.holder_name, row.claimed_at)
    return Standing(
        comment=row.Comment,
        correction=row.Correction,
        item_id=row.item_id,
        marks=row.marks or "",
        decision_id=row.decision_id,
        moderates=bool(row.moderates),
        wrote=bool(row.wrote),
        other=other,
        is_appealed=bool(row.is_appealed),
    )
