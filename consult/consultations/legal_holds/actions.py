"""Set a legal hold, and lift it: what was postponed goes on from then by itself."""

from typing import Any

from consult import audit, clock
from consult.accounts.models import Organisation
from consult.consultations.legal_holds.models import LegalHold
from consult.consultations.models import Consultation
from consult.errors import Conflict, NotFound
from consult.extensions import db
from consult.permissions import May, require


def set_hold(
    *, actor: Any, organisation: Organisation, reason: str, consultation: Consultation | None = None
) -> LegalHold:
    """Stop all deletion, of an organisation or of one of its consultations, until the hold is lifted."""
    require(May.ADMINISTER, actor, organisation)
    if consultation is not None and consultation.organisation_id != organisation.id:
        raise NotFound
    hold = LegalHold(
        organisation_id=organisation.id,
        consultation_id=consultation.id if consultation is not None else None,
        reason=reason,
        set_by=actor.id,
        set_at=clock.now(),
    )
    db.session.add(hold)
    db.session.flush()
    _record("legal_hold.set", hold, actor)
    return hold


def lift(*, actor: Any, organisation: Organisation, hold: LegalHold) -> None:
    """Lift a hold. Raises Conflict where somebody has."""
    require(May.ADMINISTER, actor, organisation)
    db.session.refresh(hold, ["lifted_at"], with_for_update=True)
    if hold.lifted_at is not None:
        raise Conflict
    hold.lifted_at, hold.lifted_by = clock.now(), actor.id
    _record("legal_hold.lift", hold, actor)


def _record(act: str, hold: LegalHold, actor: Any) -> None:
    on = f"consultation:{hold.consultation_id}" if hold.consultation_id else "organisation"
    audit.record(
        act,
        f"legal_hold:{hold.id}",
        actor_id=actor.id,
        organisation_id=hold.organisation_id,
        after="lifted" if hold.lifted_at else "in force",
        reason=on,
    )
