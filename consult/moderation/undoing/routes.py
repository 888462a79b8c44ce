"""Take back what one decided a moment ago."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import ngettext

from consult.errors import Conflict
from consult.extensions import transaction
from consult.moderation import queries
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
    done = acts.NOTHING
    try:
        while not done.is_over:
            with transaction(who):
                done = acts.undo(actor=who, act=acts.act_of(key, who), so_far=done)
    except Conflict as refusal:
        flash(refusal.message, "warn")
        return redirect(url_for("moderation.queue", **where()), 303)
    flash(_told(len(done.comment_ids), acts.act_of(key, who).item_count))
    first = queries.key_of(done.comment_ids[0])
    return redirect(url_for("moderation.queue", **{**where(), "item": first}), 303)


def _told(count: int, of: int) -> str:
    """Say how many wait again, and how many do not."""
    words = ngettext("Undone. It waits for you again.", "Undone. %(num)s wait for you again.", count)
    if count == of:
        return str(words)
    stay = ngettext(
        "%(num)s stays as it is: somebody has gone on from there.",
        "%(num)s stay as they are: somebody has gone on from there.",
        of - count,
    )
    return f"{words} {stay}"
