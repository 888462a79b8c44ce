"""What a bulk act would do: each comment that it was asked for, with why it would be left out, in a few questions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, union
from sqlalchemy.orm import joinedload, load_only

from consult.accounts.models import Part, Person
from consult.consultations.models import Consultation
from consult.discussion.models import Comment, Correction
from consult.documents.models import Document, Draft, Version
from consult.extensions import db
from consult.moderation import actions, claims, marks, queries, reads
from consult.moderation.appeals.models import Appeal
from consult.moderation.models import Cause, QueueItem
from consult.moderation.several.models import Why


@dataclass(frozen=True)
class Looked:
    """A comment, what is open of it in the queue, and why it is left out; None where it is decided on."""

    comment: Comment
    item: QueueItem | None
    face: str
    why: Why | None
    holder: str = ""  # who has it open


def looked_at(
    person: Any, keys: Sequence[str], *, now: datetime, seen: Mapping[str, str] | None = None
) -> list[Looked]:
    """Return these comments of the organisations that a person moderates, in the order given.

    `seen` has the `face` of each as a preview showed it: one that has another now is left out.
    """
    asked = {"keys": list(keys), "organisations": queries.organisations_of(person)}
    rows: Sequence[Any] = db.session.execute(_LOOKED_AT, asked).all()
    barred = _documents_with_a_part(person, [row.Comment for row in rows])
    found = {row.Comment.key: _look(person, row, barred, now, seen or {}) for row in rows}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


# built once: building it costs more than running it
_holder: Any = Person.__table__.alias("holder").c
_LOOKED_AT = (
    select(Comment, QueueItem, Correction, Appeal.id.label("appeal"), _holder.name.label("holder"))
    .add_columns(reads.latest_decision().label("decision_id"))
    .outerjoin(QueueItem, (QueueItem.comment_id == Comment.id) & QueueItem.settled_at.is_(None))
    .outerjoin(Correction, Correction.comment_id == Comment.id)
    .outerjoin(Appeal, (Appeal.comment_id == Comment.id) & Appeal.settled_at.is_(None))
    .outerjoin(_holder.id.table, _holder.id == QueueItem.claimed_by)
    .where(
        Comment.key.in_(bindparam("keys", expanding=True)),
        Comment.organisation_id.in_(bindparam("organisations", expanding=True)),
        Comment.is_team_only.is_(False),  # no moderator may know that it is there
    )
    .options(
        joinedload(Comment.author, innerjoin=True).lazyload(Person.roles),
        joinedload(Comment.paragraph, innerjoin=True),
        joinedload(Comment.document, innerjoin=True)
        .joinedload(Document.consultation, innerjoin=True)
        .options(
            load_only(
                *(Consultation.unit_id, Consultation.organisation_id, Consultation.title),
                Consultation.is_toolkit,
            )
        )
        .lazyload(Consultation.unit),
    )
    .execution_options(populate_existing=True)
)
_DOCUMENTS: Any = bindparam("documents", expanding=True)
_WRITTEN = union(
    select(Version.document_id).where(
        Version.document_id.in_(_DOCUMENTS), Version.published_by == bindparam("person")
    ),
    select(Draft.document_id).where(Draft.document_id.in_(_DOCUMENTS), Draft.saved_by == bindparam("person")),
)


def _look(person: Any, row: Any, barred: Collection[int], now: datetime, seen: Mapping[str, str]) -> Looked:
    comment, item = row.Comment, row.QueueItem
    face = actions.face(comment, row.Correction, row.decision_id)
    is_held = item is not None and claims.is_held(item, person.id, now)
    reasons = {
        Why.DECIDED: item is None or comment.is_sealed,
        Why.CHANGED: seen.get(comment.key, face) != face,
        Why.OWN: comment.author_id == person.id,
        Why.PART: comment.document_id in barred,
        Why.APPEALED: row.appeal is not None or (item is not None and item.cause is Cause.APPEALED),
        Why.COMPLAINED: item is not None and marks.DEFAMATION in marks.read(item.marks),
        Why.PASSED_ON: item is not None and marks.PASSED_ON in marks.read(item.marks),
        Why.CORRECTED: row.Correction is not None,
        Why.CLAIMED: is_held,
    }
    why = next((reason for reason, holds in reasons.items() if holds), None)
    return Looked(comment, item, face, why, row.holder if is_held else "")


def _documents_with_a_part(person: Any, comments: Sequence[Comment]) -> set[int]:
    """Return the documents that a person wrote or answers for and another moderator does not."""
    one_of_each = {comment.document_id: comment for comment in comments}
    wrote = set(db.session.scalars(_WRITTEN, {"documents": list(one_of_each), "person": person.id}))
    conflicted = [
        comment
        for number, comment in one_of_each.items()
        if number in wrote or person.plays(Part.OFFICIAL, unit_id=comment.document.consultation.unit_id)
    ]
    return {
        comment.document_id for comment in conflicted if queries.another_moderator_exists(person, comment)
    }
