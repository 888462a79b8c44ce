"""Take back what one decided a moment ago."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import ngettext

from consult.errors import Conflict
from consult.extensions import transaction
from consult.moderation.routes import bp, where
from consult.moderation.undoing import acts
from consult.permissions import May
from consult.web import access, limits
from consult.web.access import needs


@bp.post("/moderation/undo/<string:key>")
@limits.DESK
@needs(May.DECIDE)
def undo(key: str) -> Any:
    who = access.actor()
    try:
        with transaction(who):
            done = acts.undo(actor=who, act=acts.act_of(key, who))
    except Conflict as refusal:
        flash(refusal.message, "warn")
        return redirect(url_for("moderation.queue", **where()), 303)
    flash(ngettext("Undone. It waits for you again.", "Undone. %(num)s wait for you again.", len(done)))
    return redirect(url_for("moderation.queue", **{**where(), "item": done[0].key}), 303)
