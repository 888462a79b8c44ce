"""Mails to a person who is held, for how long and why; when it is lifted; and what came of a second look."""

from typing import Any

from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.accounts.actions import guests
from consult.accounts.models import Person
from consult.discussion.desk.acts import UNDO
from consult.discussion.models import Comment
from consult.extensions import link_to
from consult.moderation.appeals import queries as appeals
from consult.moderation.held_people.models import Look, PersonHold
from consult.notices.actions import take_back
from consult.notices.letters import Letter, letter, quoted, why
from consult.notices.listeners import tell
from consult.web.dates import in_words


def on_person_held(
    sender: object, *, hold: PersonHold, comment: Comment, before: PersonHold | None, **more: Any
) -> None:
    """Tell the person, once it can be undone no more. An earlier hold of which they were not told yet they never hear of."""
    person = accounts.person(comment.author_id)
    if before is not None:
        take_back([_mail(before)])
    if person.is_active:
        organisation = accounts.organisation_by_id(hold.organisation_id).name
        tell(person, held(person, organisation, hold, comment), named=_mail(hold), after=UNDO)


def on_hold_lifted(
    sender: object, *, hold: PersonHold, comment: Comment, is_undone: bool, **more: Any
) -> None:
    """Tell the person; of what was undone at once they hear nothing."""
    person = accounts.person(comment.author_id)
    if is_undone:
        take_back([_mail(hold)])
    elif person.is_active:
        tell(person, lifted(person.name, hold.ended_note))


def on_hold_asked_about(sender: object, *, hold: PersonHold, comment: Comment, **more: Any) -> None:
    """Tell the moderators who may take the second look."""
    ids = appeals.second_moderators(comment, decided_by=hold.held_by)
    for moderator in accounts.people_by_id(ids).values():
        tell(moderator, please_look(moderator.name, comment))


def on_hold_looked_at(sender: object, *, hold: PersonHold, comment: Comment, **more: Any) -> None:
    person = accounts.person(comment.author_id)
    if person.is_active:
        tell(person, looked_at(person.name, hold))


def _mail(hold: PersonHold) -> str:
    return f"hold.{hold.id}"


def _place(person: Person, comment: Comment) -> str:
    """Return where the person reads it; a guest comes there by a link of their own, by way of the comment."""
    if person.is_guest and person.is_confirmed:
        return link_to("discussion.guest_return", token=guests.way_back(person), decision=comment.key)
    return link_to("moderation.own_hold", key=comment.key)


def held(person: Person, organisation: str, hold: PersonHold, comment: Comment) -> Letter:
    until = in_words(hold.until, "d MMMM yyyy, h.mm a")
    return letter(
        _("What you write waits for a moderator until %(until)s", until=until),
        _("Hello %(name)s,", name=person.name),
        _(
            "A moderator of %(organisation)s has decided that what you write in its consultations waits for a moderator "
            "before it appears, until %(until)s. Then it ends by itself.",
            organisation=organisation,
            until=until,
        ),
        *why(hold.reason, hold.note),
        _(
            "You can read everything and go on writing. What you send only to the team arrives as ever. If you think it "
            "is wrong, ask for a second look: a moderator who did not decide on it takes it. You can do so here:"
        ),
        _place(person, comment),
    )


def please_look(name: str, comment: Comment) -> Letter:
    return letter(
        _("Somebody asks for a second look at a hold"),
        _("Hello %(name)s,", name=name),
        _(
            "A person whose comments wait for a moderator asks that somebody else looks at that. Read why, and decide:"
        ),
        link_to("moderation.hold", key=comment.key),
    )


def lifted(name: str, note: str) -> Letter:
    words = [_("The moderator writes:"), quoted(note)] if note else []
    return letter(
        _("What you write does not wait any more"),
        _("Hello %(name)s,", name=name),
        _(
            "A moderator has lifted the hold before its time: what you write does not wait for a moderator on account of it."
        ),
        *words,
    )


def looked_at(name: str, hold: PersonHold) -> Letter:
    if hold.look is Look.LIFTED:
        outcome = _("Somebody who did not decide on it has looked again, and has lifted the hold.")
    else:
        until = in_words(hold.until, "d MMMM yyyy, h.mm a")
        outcome = _(
            "Somebody who did not decide on it has looked again. The hold stands until %(until)s.",
            until=until,
        )
    return letter(
        _("The second look at your hold"),
        _("Hello %(name)s,", name=name),
        outcome,
        _("They write:"),
        quoted(hold.look_words),
    )
