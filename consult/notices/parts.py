"""Telling people of the parts they are offered, given and lose, and of what administrators do to their accounts.

Each function hears one announcement, in the transaction of the act.
"""

from typing import Any

from consult.accounts import queries as accounts
from consult.accounts.models import Person, Role
from consult.notices import part_letters as letters
from consult.notices.actions import send
from consult.notices.letters import Letter
from consult.permissions import Actor


def _send(person: Person, letter: Letter) -> None:
    send(to=person.email, subject=letter.subject, body=letter.body, person=person)


def on_role_offered(
    sender: object, *, person: Person, role: Role, token: str, actor: Actor, **more: Any
) -> None:
    _send(person, letters.role_offered(person.name, role, accounts.place_of(role), actor.name, token))


def on_role_declined(sender: object, *, person: Person, role: Role, inviter: Person, **more: Any) -> None:
    _send(inviter, letters.role_declined(inviter.name, role, accounts.place_of(role), person.name))


def on_role_taken_back(sender: object, *, person: Person, role: Role, **more: Any) -> None:
    if person.is_active:
        _send(person, letters.role_taken_back(person.name, role, accounts.place_of(role)))


def on_role_given(sender: object, *, person: Person, role: Role, token: str, **more: Any) -> None:
    _send(person, letters.role_given(person.name, role, accounts.place_of(role), token))


def on_role_moved(sender: object, *, person: Person, role: Role, **more: Any) -> None:
    if person.is_active:
        _send(person, letters.role_moved(person.name, role, accounts.place_of(role)))


def on_role_ended(sender: object, *, person: Person, role: Role, **more: Any) -> None:
    if person.is_active:
        _send(person, letters.role_ended(person.name, role, accounts.place_of(role)))


def on_password_link_sent(sender: object, *, person: Person, token: str, **more: Any) -> None:
    _send(person, letters.password_link(person.name, token))


def on_sessions_ended(sender: object, *, person: Person, **more: Any) -> None:
    if person.email:
        _send(person, letters.sessions_ended(person.name))


def on_account_disabled(sender: object, *, person: Person, **more: Any) -> None:
    _send(person, letters.account_disabled(person.name))


def on_account_enabled(sender: object, *, person: Person, **more: Any) -> None:
    _send(person, letters.account_enabled(person.name))
