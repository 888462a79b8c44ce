"""Telling moderators that far more comments come in than usual: one mail for a wave to each who wants it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from consult import clock
from consult.accounts.models import Part, Person, Role
from consult.consultations.election_models import Effect
from consult.consultations.election_queries import organisations_with
from consult.discussion.models import Comment
from consult.extensions import db, link_to
from consult.moderation.waves.models import Wave
from consult.notices import letters
from consult.notices.actions import send


def on_wave_begun(sender: object, *, wave: Wave, comment: Comment, **more: Any) -> None:
    """Write to the moderators of the organisation who want it, save while it sends no mails before an election."""
    if wave.organisation_id in organisations_with(Effect.SEND_NO_MAILS, clock.now()):
        return
    for person in _moderators(wave.organisation_id):
        letter = wave_begins(person.name, wave, comment.document.title)
        once = f"wave.{wave.key}.{person.id}"
        send(to=person.email, subject=letter.subject, body=letter.body, person=person, once=once)


def _moderators(organisation_id: int) -> list[Person]:
    plays = select(Role.id).where(
        Role.person_id == Person.id,
        Role.part == Part.MODERATOR,
        Role.organisation_id == organisation_id,
        Role.played(),
    )
    wanted = select(Person).where(
        Person.wants_wave_mail,
        Person.email != "",
        Person.disabled_at.is_(None),
        Person.closed_at.is_(None),
        plays.exists(),
    )
    return list(db.session.scalars(wanted.order_by(Person.id)))


def wave_begins(name: str, wave: Wave, title: str) -> letters.Letter:
    """Say on which document it is and what is usual there; what was said is not in the mail."""
    usual = round(wave.usual)
    return letters.letter(
        _("Far more comments than usual: %(title)s", title=title),
        _("Hello %(name)s,", name=name),
        _("Far more comments come in than usual on “%(title)s”.", title=title),
        ngettext(
            "About %(num)s an hour is usual at this time.",
            "About %(num)s an hour are usual at this time.",
            usual,
        )
        if usual
        else _("Hardly any are usual at this time."),
        _(
            "That may be welcome: a meeting, a newspaper, the first day. Whether they wait for a moderator meanwhile is "
            "set for each consultation. How many there are, and a button for it, stand above the list of what waits:"
        ),
        link_to("moderation.queue"),
        _("There is one mail for this wave. You can stop these mails in your account:"),
        link_to("accounts.gap_mail"),
    )
