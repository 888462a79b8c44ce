"""Questions about answers that are not out yet: whose, at which step, to what; and who may clear them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from consult.accounts.models import Organisation, Part, Person, Role, Unit
from consult.audit import AuditEntry
from consult.consultations.models import Consultation
from consult.discussion.answering.models import IN_HAND, DraftAnswer, DraftAnswerTo, Step
from consult.discussion.models import Comment
from consult.documents.models import Document, Paragraph
from consult.errors import NotFound
from consult.extensions import db

MOST_LISTED = 100
CHANGED = "draft_answer.change"  # in the record: by it, whoever changed a draft does not clear it


def draft(key: str) -> DraftAnswer:
    """Return a draft answer by its key, with what a page shows of it at hand."""
    wanted = select(DraftAnswer).where(DraftAnswer.key == key)
    found = db.session.scalar(
        wanted.options(joinedload(DraftAnswer.unit), joinedload(DraftAnswer.consultation))
    )
    if found is None:
        raise NotFound
    return found


def comments_of(drafted: DraftAnswer) -> list[Comment]:
    """Return the comments that a draft answers, by paragraph and time, whatever their state."""
    wanted = (
        select(Comment)
        .join(DraftAnswerTo, DraftAnswerTo.comment_id == Comment.id)
        .where(DraftAnswerTo.draft_id == drafted.id)
        .order_by(Comment.paragraph_id, Comment.created_at, Comment.id)
    )
    return list(db.session.scalars(wanted))


def drafts_of(unit_ids: Sequence[int], *, limit: int = MOST_LISTED) -> list[Any]:
    """Return the drafts that units have in hand, what was cleared last on top, then by how long they wait."""
    return _listed(DraftAnswer.unit_id.in_(unit_ids), DraftAnswer.step.in_(IN_HAND), limit=limit)


def to_clear(organisation_ids: Collection[int], *, limit: int = MOST_LISTED) -> list[Any]:
    """Return the drafts that wait to be cleared in organisations, those that wait longest first."""
    units = select(Unit.id).where(Unit.organisation_id.in_(organisation_ids))
    return _listed(DraftAnswer.unit_id.in_(units), DraftAnswer.step == Step.CLEARING, limit=limit)


def count_in_hand(unit_ids: Sequence[int]) -> int:
    """Return how many drafts units have in hand."""
    wanted = select(func.count()).where(DraftAnswer.unit_id.in_(unit_ids), DraftAnswer.step.in_(IN_HAND))
    return db.session.scalar(wanted) or 0


def drafts_to(comment_id: int) -> list[Any]:
    """Return the drafts in hand that answer a comment: key, step and whose."""
    wanted = (
        select(DraftAnswer.key, DraftAnswer.step, DraftAnswer.updated_at, Person.name)
        .join(DraftAnswerTo, DraftAnswerTo.draft_id == DraftAnswer.id)
        .join(Person, Person.id == DraftAnswer.author_id)
        .where(DraftAnswerTo.comment_id == comment_id, DraftAnswer.step.in_(IN_HAND))
        .order_by(DraftAnswer.id)
    )
    return list(db.session.execute(wanted))


def writers_of(drafted: DraftAnswer) -> set[int]:
    """Return who wrote a draft: whoever began it, and everybody who changed it since, by the record."""
    changed = select(AuditEntry.actor_id).where(
        AuditEntry.subject == f"draft_answer:{drafted.id}", AuditEntry.act == CHANGED
    )
    return {drafted.author_id, *filter(None, db.session.scalars(changed))}


def clears_for(actor: Any) -> list[int]:
    """Return the organisations whose answers somebody may clear."""
    return sorted(
        {
            role.organisation_id
            for role in actor.parts
            if role.part is Part.OFFICIAL and role.may_clear and role.organisation_id is not None
        }
    )


def who_clears(organisation_id: int, *, besides: Collection[int] = ()) -> list[Person]:
    """Return the people who may clear the answers of an organisation's units, but some of them."""
    wanted = (
        select(Person)
        .join(Role, Role.person_id == Person.id)
        .join(Organisation, Organisation.id == Role.organisation_id)
        .where(
            *(Role.part == Part.OFFICIAL, Role.may_clear, Role.played(), Organisation.id == organisation_id),
            *(Person.disabled_at.is_(None), Person.closed_at.is_(None), Person.id.not_in(besides)),
        )
        .distinct()
        .order_by(Person.id)
    )
    return list(db.session.scalars(wanted))


def _listed(*where: Any, limit: int) -> list[Any]:
    """Return drafts as rows, each with how many comments it answers and where the first of them stands."""
    answered = DraftAnswerTo.draft_id == DraftAnswer.id
    count = select(func.count()).where(answered).correlate(DraftAnswer).scalar_subquery()
    first = (
        select(func.min(DraftAnswerTo.comment_id)).where(answered).correlate(DraftAnswer).scalar_subquery()
    )
    decider = aliased(Person)
    return list(
        db.session.execute(
            select(
                *(DraftAnswer.key, DraftAnswer.step, DraftAnswer.step_at, DraftAnswer.updated_at),
                *(
                    DraftAnswer.held_at,
                    DraftAnswer.body,
                    DraftAnswer.note,
                    DraftAnswer.author_id,
                    count.label("count"),
                ),
                *(Person.name.label("author_name"), decider.name.label("decider_name")),
                *(Consultation.title.label("consultation_title"), Document.title.label("document_title")),
                *(Paragraph.number, Paragraph.kind.label("paragraph_kind")),
                *(Unit.name.label("unit_name"), Unit.clearing_role, Unit.needs_clearance),
            )
            .join(Person, Person.id == DraftAnswer.author_id)
            .join(Consultation, Consultation.id == DraftAnswer.consultation_id)
            .join(Unit, Unit.id == DraftAnswer.unit_id)
            .join(Comment, Comment.id == first)
            .join(Document, Document.id == Comment.document_id)
            .join(Paragraph, Paragraph.id == Comment.paragraph_id)
            .outerjoin(decider, decider.id == DraftAnswer.decided_by)
            .where(*where)
            .order_by(DraftAnswer.step_at, DraftAnswer.id)
            .limit(limit)
        )
    )
