"""What is done to guidance: the officials of a unit say which pages they followed."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from consult import audit, clock
from consult.consultations.models import Consultation, Stage
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import ROW, db
from consult.permissions import May, require
from consult.toolkit.followed import queries
from consult.toolkit.followed.models import GuidanceFollowed

ENDED = (Stage.WITHDRAWN,)  # with its outcome a unit may still say what it followed


def say_followed(
    *, actor: Any, consultation: Consultation, based_on: str, followed: Mapping[int, str]
) -> bool:
    """Say which pages were followed, by their ids, each with a word on how or ""; say whether anything changed.

    `based_on` names the state that the writer began from (`queries.state_of`). Raises Conflict with what is stored where
    somebody said otherwise since, Invalid for a page that is no guidance, Closed when the consultation was withdrawn.
    """
    require(May.RUN_CONSULTATION, actor, consultation)
    db.session.refresh(
        consultation, ["stage"], with_for_update=ROW
    )  # who says it or withdraws it next waits here
    if consultation.stage in ENDED:
        raise Closed(_("This consultation was withdrawn: its page stays as it is."))
    stored = queries.followed_by(consultation.id)
    before = {page.id: page.how for page in stored}
    if before == dict(followed):
        return False
    if queries.state_of(stored) != based_on:
        raise Conflict(_("Somebody saved this before you."), theirs=stored)
    if followed.keys() - before.keys() - {page.id for page in queries.guidance()}:
        raise Invalid(_("This page is not there any more: choose another"))
    _store(actor, consultation, before, followed)
    consultation.stamp = Consultation.stamp + 1
    db.session.flush()
    return True


def _store(
    actor: Any, consultation: Consultation, before: Mapping[int, str], followed: Mapping[int, str]
) -> None:
    dropped = before.keys() - followed.keys()
    here = GuidanceFollowed.consultation_id == consultation.id
    db.session.execute(delete(GuidanceFollowed).where(here, GuidanceFollowed.page_id.in_(dropped)))
    for page_id, how in followed.items():
        if before.get(page_id) == how:
            continue
        row = db.session.get(GuidanceFollowed, (consultation.id, page_id))
        if row is None:
            row = GuidanceFollowed(consultation_id=consultation.id, page_id=page_id)
            db.session.add(row)
        row.how, row.noted_at, row.noted_by = how, clock.now(), actor.id if actor is not None else None
    audit.record(
        "plan.guidance",
        f"consultation:{consultation.id}",
        actor_id=actor.id if actor is not None else None,
        organisation_id=consultation.organisation_id,
        before=f"{len(before)} pages",
        after=f"{len(followed)} pages",
    )
