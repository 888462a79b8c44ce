"""Who moderates in an organisation, from the parts that people play, with what keeps each from deciding."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select, union

from consult.accounts.models import Part, Person, Role, Unit
from consult.consultations.models import Consultation, Stage
from consult.documents.models import Document, Draft, Version
from consult.extensions import db


@dataclass(frozen=True)
class Moderator:
    """Somebody who moderates; `answers_for` are the units, `wrote` the consultations on which they do not decide."""

    name: str
    title: str
    answers_for: list[str]
    wrote: list[str]


def moderators_of(organisation_id: int) -> list[Moderator]:
    """Return who moderates in an organisation now, by name, in three questions however many they are."""
    rows = db.session.execute(
        select(Person.id, Person.name, Role.title)
        .join(Role, Role.person_id == Person.id)
        .where(
            Role.part == Part.MODERATOR,
            Role.organisation_id == organisation_id,
            Role.played(),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    ).all()
    ids = [row.id for row in rows]
    units, drafts = _units_of(ids, organisation_id), _written_by(ids, organisation_id)
    return [Moderator(row.name, row.title, units[row.id], drafts[row.id]) for row in rows]


def _units_of(ids: list[int], organisation_id: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    wanted = (
        select(Role.person_id, Unit.name)
        .join(Unit, Unit.id == Role.unit_id)
        .where(
            Role.person_id.in_(ids),
            Role.part == Part.OFFICIAL,
            Role.played(),
            Unit.organisation_id == organisation_id,
        )
        .order_by(Unit.name)
    )
    for person_id, name in db.session.execute(wanted):
        found[person_id].append(name)
    return found


def _written_by(ids: list[int], organisation_id: int) -> dict[int, list[str]]:
    """Return the public consultations of whose drafts each of these people wrote a version or saved the next one."""
    found: dict[int, list[str]] = defaultdict(list)
    published = select(Version.published_by.label("person"), Version.document_id.label("document")).where(
        Version.published_by.in_(ids)
    )
    saved = select(Draft.saved_by, Draft.document_id).where(Draft.saved_by.in_(ids))
    both = union(published, saved).subquery()
    wanted = (
        select(both.c.person, Consultation.title)
        .join(Document, Document.id == both.c.document)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(
            Consultation.organisation_id == organisation_id,
            Document.current_version_id.is_not(None),
            Consultation.stage != Stage.PREPARING,
            Consultation.is_exercise(),
        )
        .distinct()
        .order_by(Consultation.title)
    )
    for person_id, title in db.session.execute(wanted):
        found[person_id].append(title)
    return found
