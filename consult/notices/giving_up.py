"""What an administrator does with a mail that was given up: have it tried again, or let it go."""

from typing import Any

from consult import audit, clock
from consult.consultations.legal_holds import queries as legal_holds
from consult.extensions import db
from consult.notices.models import OutboxMail
from consult.permissions import May, require


def retry_mail(*, actor: Any, mail: OutboxMail) -> None:
    """Put a mail that was given up back among those that are due, as if it had never been tried."""
    require(May.SET_UP_SITE, actor)
    mail.dead_at = mail.leased_until = None
    mail.attempts, mail.due_at = 0, clock.now()
    audit.record("mail.retry", f"mail:{mail.id}", actor_id=actor.id)


def drop_mail(*, actor: Any, mail: OutboxMail) -> None:
    """Delete a mail that was given up. Raises Conflict while a legal hold is in force."""
    require(May.SET_UP_SITE, actor)
    if legal_holds.is_any_in_force():
        raise legal_holds.kept()
    audit.record("mail.drop", f"mail:{mail.id}", actor_id=actor.id)
    db.session.delete(mail)
    db.session.flush()
