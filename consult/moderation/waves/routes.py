"""Say of a wave that it is welcome, from the queue, or that it is not."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from consult.errors import Conflict
from consult.extensions import transaction
from consult.moderation.routes import bp
from consult.moderation.waves import actions, queries
from consult.permissions import May, require
from consult.web import access, limits
from consult.web.access import needs

ACTS = {"welcome": True, "hold": False}


@bp.post("/moderation/waves/<string:key>")
@limits.DESK
@needs(May.DECIDE)
def wave(key: str) -> Any:
    who, do, found = access.actor(), request.form.get("do", ""), queries.wave(key)
    require(May.DECIDE, who, found)
    if do not in ACTS:
        abort(400)
    try:
        with transaction(who):
            actions.welcome(actor=who, wave=found, is_welcome=ACTS[do])
    except Conflict as refusal:
        flash(refusal.message, "warn")
    else:
        flash(
            _(
                "Nothing waits for this wave any more. What waits already is still in the list. "
                "You can hold it again while it lasts."
            )
            if ACTS[do]
            else _("Comments that come in with this wave wait again.")
        )
    return redirect(url_for("moderation.queue"), 303)
