"""A moderator says that a wave is welcome, so that nothing waits for it any more, or takes that back."""

from typing import Any

from flask_babel import gettext as _

from consult import clock
from consult.errors import Conflict
from consult.extensions import db
from consult.moderation.waves.arriving import record
from consult.moderation.waves.models import Wave
from consult.permissions import May, require


def welcome(*, actor: Any, wave: Wave, is_welcome: bool) -> None:
    """Let what comes in with a wave appear by itself from now on, or wait again. What waits already goes on waiting.

    Raises Conflict when the wave is over.
    """
    require(May.DECIDE, actor, wave)
    db.session.refresh(wave, ["ended_at", "welcomed_at"], with_for_update=True)
    if wave.ended_at is not None:
        raise Conflict(_("This wave is over. Nothing waits for it any more."))
    if (wave.welcomed_at is not None) == is_welcome:
        return
    wave.welcomed_at = clock.now() if is_welcome else None
    wave.welcomed_by = actor.id if is_welcome else None
    before, after = ("open", "welcome") if is_welcome else ("welcome", "open")
    record("wave.welcome" if is_welcome else "wave.not_welcome", wave, actor.id, before=before, after=after)
