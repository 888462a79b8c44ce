"""Telling officials what a colleague gave them at the desk: one mail for one act, none for what they took themselves.

It leaves when the act can no longer be undone. What was said is not in it: it may have been said only to the team.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.accounts.models import Person
from consult.discussion.desk.acts import UNDO
from consult.discussion.desk.models import DeskAct
from consult.extensions import link_to
from consult.notices import letters
from consult.notices.actions import send, take_back


def on_comments_given(
    sender: object, *, act: DeskAct, assignee: Person, actor: Person, titles: Sequence[str], **more: Any
) -> None:
    if assignee.id == actor.id or not assignee.email or not assignee.is_active:
        return
    letter = given(assignee.name, actor.name, act.item_count, titles)
    send(
        to=assignee.email,
        subject=letter.subject,
        body=letter.body,
        person=assignee,
        once=_mail(act),
        after=UNDO,
    )


def on_giving_undone(sender: object, *, act: DeskAct, **more: Any) -> None:
    """Tell nobody of what was given and taken back."""
    take_back([_mail(act)])


def given(name: str, by: str, count: int, titles: Sequence[str]) -> letters.Letter:
    """Say how many comments somebody was given, on which consultations, and where they are."""
    return letters.letter(
        ngettext("%(num)s comment is with you now", "%(num)s comments are with you now", count),
        _("Hello %(name)s,", name=name),
        ngettext(
            "%(by)s gave you %(num)s comment at the desk, on:",
            "%(by)s gave you %(num)s comments at the desk, on:",
            count,
            by=by,
        ),
        "\n".join(f"- {title}" for title in titles),
        _("What is with you:"),
        link_to("discussion.desk", show="mine"),
    )


def _mail(act: DeskAct) -> str:
    return f"given.{act.key}"
