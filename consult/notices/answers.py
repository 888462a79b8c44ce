"""Mails around an official answer, to officials: somebody asks to have it cleared, it was cleared, a request for information.

They hold no words of a draft: those who may read it are led to it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.accounts.actions import guests
from consult.accounts.models import Person
from consult.discussion.answering.models import DraftAnswer, InformationRequest, Step
from consult.discussion.models import Comment
from consult.extensions import link_to
from consult.notices import letters
from consult.notices.actions import send
from consult.notices.letters import Letter, letter, quoted


def on_clearance_asked(sender: object, *, draft: DraftAnswer, people: Sequence[Person], **more: Any) -> None:
    """Tell everybody who may clear a draft that it waits for them."""
    for person in people:
        if person.email:
            told = _asked(person.name, draft)
            send(to=person.email, subject=told.subject, body=told.body, person=person)


def on_clearance_decided(sender: object, *, draft: DraftAnswer, **more: Any) -> None:
    """Tell the author of a draft what became of it."""
    author = accounts.person(draft.author_id)
    if author.email and author.is_active:
        told = _cleared(author.name, draft) if draft.step is Step.CLEARED else _sent_back(author.name, draft)
        send(to=author.email, subject=told.subject, body=told.body, person=author)


def on_information_requested(
    sender: object, *, request: InformationRequest, comment: Comment, **more: Any
) -> None:
    """Tell the author, and whoever sees to requests for information in the organisation."""
    unit = accounts.unit_by_id(request.unit_id)
    author = accounts.person(comment.author_id)
    if author.email and author.is_active:
        told = _to_author(author.name, unit.name, request, comment)
        if author.is_guest and author.is_confirmed:
            told = letters.with_way_back(told, guests.way_back(author))
        send(to=author.email, subject=told.subject, body=told.body, person=author)
    told = _to_contact(unit.name, request, comment)
    send(to=unit.organisation.information_contact, subject=told.subject, body=told.body)


def _asked(name: str, draft: DraftAnswer) -> Letter:
    return letter(
        _("An answer waits to be cleared: %(title)s", title=draft.consultation.title),
        _("Hello %(name)s,", name=name),
        _(
            "%(author)s of %(unit)s asks you to clear an answer before it is out:",
            author=draft.author.name,
            unit=draft.unit.name,
        ),
        link_to("discussion.clearance_of", key=draft.key),
    )


def _cleared(name: str, draft: DraftAnswer) -> Letter:
    return letter(
        _("Your answer is cleared: %(title)s", title=draft.consultation.title),
        _("Hello %(name)s,", name=name),
        _("%(who)s has cleared your answer. It is not out yet: release it here.", who=_decider(draft)),
        quoted(draft.note),
        link_to("discussion.drafts"),
    )


def _sent_back(name: str, draft: DraftAnswer) -> Letter:
    return letter(
        _("Your answer was sent back: %(title)s", title=draft.consultation.title),
        _("Hello %(name)s,", name=name),
        _("%(who)s asks you to change your answer before it is out:", who=_decider(draft)),
        quoted(draft.note),
        link_to("discussion.draft", key=draft.key),
    )


def _decider(draft: DraftAnswer) -> str:
    return draft.decider.name if draft.decider is not None else draft.unit.clearing_role


def _to_author(name: str, unit: str, request: InformationRequest, comment: Comment) -> Letter:
    return letter(
        _(
            "Your question is treated as a request for information: %(reference)s",
            reference=request.reference,
        ),
        _("Hello %(name)s,", name=name),
        _("%(unit)s treats what you asked as a request for information under the law:", unit=unit),
        quoted(comment.body),
        _(
            "Received: %(day)s. An answer is due by %(due)s. Reference: %(reference)s.",
            day=_day(request.received_on),
            due=_day(request.due_on),
            reference=request.reference,
        ),
        link_to("discussion.comment", key=comment.key),
    )


def _to_contact(unit: str, request: InformationRequest, comment: Comment) -> Letter:
    place = "discussion.team" if comment.is_team_only else "discussion.respond"
    return letter(
        _("Request for information %(reference)s", reference=request.reference),
        _("%(unit)s has marked a question as a request for information.", unit=unit),
        _(
            "Received: %(day)s. An answer is due by %(due)s. Reference: %(reference)s.",
            day=_day(request.received_on),
            due=_day(request.due_on),
            reference=request.reference,
        ),
        "" if comment.is_team_only else quoted(comment.body),
        _("Where it stands, for officials of the unit:"),
        link_to(place, key=comment.key),
    )


def _day(day: date) -> str:
    return str(format_date(day, "d MMMM yyyy"))
