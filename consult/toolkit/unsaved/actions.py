"""Keeping what is not saved yet, and letting it go. Nobody but its writer ever sees it, so the record has none of it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from consult import clock
from consult.errors import Invalid
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, require
from consult.toolkit.rendering import LONGEST_SOURCE
from consult.toolkit.unsaved import queries
from consult.toolkit.unsaved.models import Unsaved
from consult.toolkit.unsaved.queries import MOST, Place

KEY_LENGTH = 10
LONGEST_KEPT = 2 * LONGEST_SOURCE  # characters in all: more than can be saved, so that nothing typed is lost


def keep(*, actor: Any, place: Place, fields: Mapping[str, str]) -> Unsaved:
    """Keep what a form holds, in place of what was kept there before. Raises Invalid for too much, or too many."""
    require(May.HOLD_ACCOUNT, actor)
    if sum(map(len, fields.values())) > LONGEST_KEPT:
        raise Invalid(_("This is too long to be kept. Shorten it first."), field="source")
    now = clock.now()
    found = queries.kept_at(actor.id, place)
    if found is None:
        found = _begin(actor, place)
    found.fields, found.updated_at = dict(fields), now
    db.session.flush()
    return found


def _begin(actor: Any, place: Place) -> Unsaved:
    if queries.count_of(actor.id) >= MOST:
        raise Invalid(
            _("%(limit)s texts are kept for you already. Finish or delete some of them first.", limit=MOST),
            field="source",
        )
    made = Unsaved(
        key=new_key(KEY_LENGTH),
        person_id=actor.id,
        place=place.name,
        use=place.use,
        page_id=place.page_id,
        suggestion_id=place.suggestion_id,
        created_at=clock.now(),
    )
    db.session.add(made)
    return made


def let_go(*, actor: Any, place: Place) -> None:
    """Delete what somebody had begun at a place: it is saved or sent now, or they do not want it any more."""
    mine = (Unsaved.person_id == actor.id, Unsaved.place == place.name)
    db.session.execute(delete(Unsaved).where(*mine))


def delete_unsaved(*, actor: Any, unsaved: Unsaved) -> None:
    """Delete one of one's own, from the list of them."""
    require(May.HOLD_ACCOUNT, actor)
    db.session.delete(unsaved)
    db.session.flush()
