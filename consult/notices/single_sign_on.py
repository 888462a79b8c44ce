"""Mails about single sign-on: an account is tied to it, and somebody who comes by it asks for a password."""

from typing import Any

from flask_babel import gettext as _

from consult.accounts.models import Person
from consult.extensions import link_to
from consult.notices.actions import send
from consult.notices.letters import Letter, letter


def on_account_tied(
    sender: object, *, person: Person, provider: str, had_password: bool, **more: Any
) -> None:
    said = account_tied(person.name, provider, had_password=had_password)
    send(to=person.email, subject=said.subject, body=said.body, person=person)


def on_password_not_needed(sender: object, *, person: Person, provider: str, **more: Any) -> None:
    said = no_password_needed(person.name, provider)
    send(to=person.email, subject=said.subject, body=said.body, person=person)


def account_tied(name: str, provider: str, *, had_password: bool) -> Letter:
    return letter(
        _("You can now sign in with %(provider)s", provider=provider),
        _("Hello %(name)s,", name=name),
        _(
            "Somebody, we hope you, has just signed in to your account with %(provider)s, which says that this email "
            "address is theirs. From now on you can sign in that way:",
            provider=provider,
        ),
        link_to("accounts.sign_in"),
        _(
            "To be sure that nobody else has the key, your earlier password no longer works, and every other device "
            "was signed out."
        )
        if had_password
        else "",
        _("If it was not you, tell us at once."),
    )


def no_password_needed(name: str, provider: str) -> Letter:
    """Answer somebody who asks for a password, but whose parts hang on single sign-on."""
    return letter(
        _("Sign in with %(provider)s", provider=provider),
        _("Hello %(name)s,", name=name),
        _(
            "Somebody, we hope you, asked to choose a new password. You have none here: you sign in with %(provider)s, "
            "which says what you may do on this site.",
            provider=provider,
        ),
        link_to("accounts.sign_in"),
        _(
            "If you cannot sign in there, ask whoever looks after it. If it was not you who asked, do nothing."
        ),
    )
