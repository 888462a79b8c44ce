"""Mails about how somebody signs in: whoever did it, the owner of the account hears of it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.accounts.links import HOURS
from consult.accounts.models import Person
from consult.accounts.ways import Change
from consult.extensions import link_to
from consult.notices.actions import send
from consult.notices.letters import Letter, letter


def on_address_change_asked(sender: object, *, person: Person, email: str, token: str, **more: Any) -> None:
    """Write to both addresses: the new one gets the link, or word that it has an account already."""
    told = confirm_other_address(token) if token else other_address_taken()
    send(to=email, subject=told.subject, body=told.body, person=person if token else None)
    warning = address_change_asked(person.name)
    send(to=person.email, subject=warning.subject, body=warning.body, person=person)


def on_address_changed(sender: object, *, person: Person, before: str, **more: Any) -> None:
    told = address_changed(person.name)
    for address in (before, person.email):
        send(to=address, subject=told.subject, body=told.body, person=person)


def confirm_other_address(token: str) -> Letter:
    return letter(
        _("Confirm your new email address"),
        _("Hello,"),
        _(
            "Somebody, we hope you, wants to use this email address for their account. To confirm it, open this link:"
        ),
        link_to("accounts.confirm_other_email", token=token),
        _(
            "The link works once and for %(hours)s hours, for whoever is signed in to the account.",
            hours=HOURS,
        ),
        _("If it was not you, do nothing."),
    )


def other_address_taken() -> Letter:
    return letter(
        _("This email address has an account already"),
        _("Hello,"),
        _(
            "Somebody, we hope you, wanted to use this email address for another account. It has one already, and "
            "no two accounts share an address."
        ),
        link_to("accounts.sign_in"),
        _("If it was not you, do nothing. Nobody has got into your account."),
    )


def address_change_asked(name: str) -> Letter:
    return letter(
        _("Somebody wants to change the email address of your account"),
        _("Hello %(name)s,", name=name),
        _(
            "Somebody, we hope you, gave your password and another email address for your account. It changes once "
            "the link that went there is opened."
        ),
        _("If it was not you, choose a new password at once, and tell us:"),
        link_to("accounts.forgotten"),
    )


def address_changed(name: str) -> Letter:
    return letter(
        _("The email address of your account was changed"),
        _("Hello %(name)s,", name=name),
        _("Your account has another email address now, and all other devices were signed out."),
        _("If it was not you, tell us at once: links to choose a new password go to the new address."),
    )


def on_second_step_changed(
    sender: object, *, person: Person, change: Change, left: int | None, **more: Any
) -> None:
    told = second_step_changed(person.name, change, left)
    send(to=person.email, subject=told.subject, body=told.body, person=person)


def second_step_changed(name: str, change: Change, left: int | None) -> Letter:
    subject, news = _news(change)
    rest = ""
    if left is not None:
        rest = ngettext("%(num)s recovery code is left.", "%(num)s recovery codes are left.", left)
    return letter(
        subject,
        _("Hello %(name)s,", name=name),
        news,
        rest,
        _("If it was you, there is nothing to do. If not, choose a new password at once, and tell us:"),
        link_to("accounts.forgotten"),
    )


def _news(change: Change) -> tuple[str, str]:
    """Return the subject of the mail, and what happened in one sentence."""
    words: dict[Change, tuple[str, str]] = {
        Change.SET: (
            _("Your second step is set up"),
            _("Signing in to your account now takes a code of the app that has just been set up."),
        ),
        Change.TURNED_OFF: (
            _("Your second step was turned off"),
            _("Signing in to your account now takes the password alone."),
        ),
        Change.RESET: (
            _("Your second step was reset"),
            _(
                "An administrator has taken the second step off your account, and all devices were signed out. "
                "Set up a new one when you next sign in."
            ),
        ),
        Change.CODES_RENEWED: (
            _("You have new recovery codes"),
            _("New recovery codes were made for your account. Those of before no longer work."),
        ),
        Change.CODE_USED: (
            _("A recovery code was used"),
            _("A recovery code of your account was used in place of the second step."),
        ),
        Change.PASSKEY_ADDED: (
            _("A passkey was added"),
            _("Your account can now be signed in to with one more passkey, after the password."),
        ),
        Change.PASSKEY_REMOVED: (
            _("A passkey was removed"),
            _("A passkey of your account was removed. It no longer signs anybody in."),
        ),
    }
    return words[change]
