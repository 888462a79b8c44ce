"""Whether a legal hold is in force, and on what."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.consultations.legal_holds.models import LegalHold
from consult.consultations.models import Consultation
from consult.errors import Conflict, NotFound
from consult.extensions import db


def is_any_in_force() -> bool:
    """Say whether any hold is in force on this site: what goes by itself and belongs to nobody's consultation waits."""
    return db.session.scalar(select(LegalHold.id).where(LegalHold.lifted_at.is_(None)).limit(1)) is not None


def covers(consultation: Consultation) -> bool:
    """Say whether a hold is in force on a consultation, or on the whole of its organisation."""
    wanted = select(LegalHold.id).where(
        LegalHold.lifted_at.is_(None),
        LegalHold.organisation_id == consultation.organisation_id,
        or_(LegalHold.consultation_id.is_(None), LegalHold.consultation_id == consultation.id),
    )
    return db.session.scalar(wanted.limit(1)) is not None


def covers_any(consultation_ids: Collection[int], organisation_ids: Collection[int] = ()) -> bool:
    """Say whether a hold is in force on any of these consultations, or on all of any of these organisations."""
    bodies = select(Consultation.organisation_id).where(Consultation.id.in_(consultation_ids))
    wanted = select(LegalHold.id).where(
        LegalHold.lifted_at.is_(None),
        or_(
            LegalHold.consultation_id.in_(consultation_ids),
            LegalHold.consultation_id.is_(None)
            & or_(LegalHold.organisation_id.in_(bodies), LegalHold.organisation_id.in_(organisation_ids)),
        ),
    )
    return db.session.scalar(wanted.limit(1)) is not None


def kept() -> Conflict:
    """Return what is told to whoever asks that something goes which a hold keeps. It says nothing of the reason."""
    return Conflict(
        _(
            "This is kept because of a legal duty, and cannot be deleted until that duty ends. "
            "Nothing was changed. Ask again later."
        )
    )


def holds_of(organisation_id: int) -> list[LegalHold]:
    """Return all holds of an organisation, those in force first, then the latest."""
    wanted = (
        select(LegalHold)
        .where(LegalHold.organisation_id == organisation_id)
        .options(
            joinedload(LegalHold.consultation),
            joinedload(LegalHold.setter).lazyload(Person.roles),
            joinedload(LegalHold.lifter).lazyload(Person.roles),
        )
        .order_by(LegalHold.lifted_at.is_not(None), LegalHold.id.desc())
    )
    return list(db.session.scalars(wanted))


def hold(organisation_id: int, number: int) -> LegalHold:
    """Return one hold of an organisation. Raises NotFound."""
    found = db.session.get(LegalHold, number)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found


def consultations_of(organisation_id: int) -> list[Consultation]:
    """Return the consultations of an organisation that a hold can be set on, by title."""
    wanted = select(Consultation).where(
        Consultation.organisation_id == organisation_id, Consultation.is_exercise()
    )
    return list(db.session.scalars(wanted.order_by(Consultation.title, Consultation.id)))
