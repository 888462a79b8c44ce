"""Who is told what: each function hears one announcement and puts the fitting mail into the outbox.

It runs in the transaction of the act. Nobody is told of what they did themselves.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.accounts.models import Person, Role
from consult.discussion.models import Comment, Decision, Kind, Response, State
from consult.notices import letters
from consult.notices.actions import send


def _send(person: Person, letter: letters.Letter) -> None:
    send(to=person.email, subject=letter.subject, body=letter.body, person=person)


def on_account_made(sender: object, *, person: Person, token: str, **more: Any) -> None:
    _send(person, letters.confirm_address(person.name, token))


def on_account_asked_again(sender: object, *, person: Person, token: str, **more: Any) -> None:
    _send(person, letters.asked_again(token))


def on_address_taken(sender: object, *, person: Person, **more: Any) -> None:
    _send(person, letters.address_taken(person.name))


def on_password_forgotten(sender: object, *, person: Person, token: str, **more: Any) -> None:
    _send(person, letters.forgotten_password(person.name, token))


def on_password_changed(sender: object, *, person: Person, **more: Any) -> None:
    _send(person, letters.password_changed(person.name))


def on_role_given(sender: object, *, person: Person, role: Role, token: str, **more: Any) -> None:
    _send(person, letters.role_given(person.name, role, _place(role), token))


def on_role_ended(sender: object, *, person: Person, role: Role, **more: Any) -> None:
    if person.is_active:
        _send(person, letters.role_ended(person.name, role, _place(role)))


def _place(role: Role) -> str:
    """Return the name of the unit, the organisation or the site where a part is played."""
    if role.unit_id is not None:
        return accounts.unit_by_id(role.unit_id).name
    if role.organisation_id is not None:
        return accounts.organisation_by_id(role.organisation_id).name
    return accounts.site().name or _("the whole site")


def on_mail_test_asked(sender: object, *, to: str, **more: Any) -> None:
    letter = letters.mail_test()
    send(to=to, subject=letter.subject, body=letter.body, is_test=True)


def on_barrier_reported(
    sender: object, *, to: str, name: str, email: str, message: str, once: str, **more: Any
) -> None:
    letter = letters.barrier(name, email, message)
    send(to=to, subject=letter.subject, body=letter.body, once=once)


def on_comment_changed(
    sender: object,
    *,
    comment: Comment,
    before: State | None,
    actor: Person | None,
    decision: Decision | None,
    **more: Any,
) -> None:
    """Tell the author what somebody else decided: published after a wait, taken down, or returned."""
    if decision is None or before is None or before is comment.state:
        return  # new, or other words in the same state
    author = accounts.person(comment.author_id)
    if not author.is_active or (actor is not None and actor.id == author.id):
        return
    words = (author.name, comment.body, comment.key)
    if comment.state is State.PUBLISHED:
        _send(author, letters.comment_published(*words))
    elif comment.state is State.TAKEN_DOWN:
        _send(author, letters.comment_taken_down(*words, decision.reason, decision.note))
    elif comment.state is State.RETURNED:
        _send(author, letters.comment_returned(*words, decision.reason, decision.note))


def on_question_answered(
    sender: object, *, response: Response, comments: Sequence[Comment], **more: Any
) -> None:
    """Tell each author whose comment a response answers, once each, however many of theirs it answers."""
    unit = accounts.unit_by_id(response.unit_id).name
    authors = accounts.people_by_id({comment.author_id for comment in comments})
    told: set[int] = {response.author_id}
    for comment in comments:
        author = authors[comment.author_id]
        if author.id in told or not author.is_active:
            continue
        told.add(author.id)
        letter = letters.question_answered if comment.kind is Kind.QUESTION else letters.comment_answered
        _send(author, letter(author.name, unit, comment.body, comment.key))
