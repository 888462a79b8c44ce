"""Mails about a comment that was passed on: a link to the named person, and what somebody wrote to its author."""

from typing import Any

from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.discussion.models import Comment
from consult.extensions import link_to
from consult.moderation.escalation.forms import DANGERS
from consult.moderation.escalation.models import Escalation
from consult.notices.actions import send
from consult.notices.letters import Letter, letter, quoted
from consult.notices.listeners import tell


def on_comment_passed_on(
    sender: object, *, escalation: Escalation, comment: Comment, signed: str, **more: Any
) -> None:
    """Ask the named person to look. Nothing of the comment is in the mail, nor who wrote it."""
    organisation = accounts.organisation_by_id(escalation.organisation_id).name
    written = please_look(escalation, organisation, signed)
    send(to=escalation.told_email, subject=written.subject, body=written.body)


def on_escalation_replied(
    sender: object, *, escalation: Escalation, comment: Comment, name: str, **more: Any
) -> None:
    """Send the author what somebody wrote to them, under that person's name."""
    author = accounts.person(comment.author_id)
    organisation = accounts.organisation_by_id(escalation.organisation_id).name
    tell(author, personal_reply(author.name, escalation.reply, name, organisation, comment))


def please_look(escalation: Escalation, organisation: str, signed: str) -> Letter:
    return letter(
        _("Please look at a comment now: %(danger)s", danger=str(DANGERS[escalation.danger])),
        _("Hello %(name)s,", name=escalation.told_name),
        _(
            "A moderator of %(organisation)s passes a comment on to you, because you are named for this: %(danger)s.",
            organisation=organisation,
            danger=str(DANGERS[escalation.danger]),
        ),
        _("Read it here. You can write to its author there, and close it when it was dealt with:"),
        link_to("moderation.look_outside", signed=signed),
        _(
            "The link is for you alone: please do not pass it on. It works until this is closed or taken back."
        ),
    )


def personal_reply(name: str, words: str, writer: str, organisation: str, comment: Comment) -> Letter:
    return letter(
        _("About what you wrote"),
        _("Hello %(name)s,", name=name),
        words,
        _("%(writer)s, for %(organisation)s", writer=writer, organisation=organisation),
        _("This is about your comment:"),
        quoted(comment.body),
    )
