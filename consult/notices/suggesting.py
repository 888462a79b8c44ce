"""Mails about suggestions for the toolkit: to whoever made one, with the editor's word."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from consult import clock
from consult.accounts import queries as accounts
from consult.discussion.desk.acts import UNDO
from consult.extensions import link_to
from consult.notices.actions import take_back
from consult.notices.letters import LONGEST_ANSWER, Letter, letter, quoted
from consult.notices.listeners import tell
from consult.toolkit.suggestions.models import State, Suggestion


def on_suggestion_settled(sender: object, *, suggestion: Suggestion, **more: Any) -> None:
    """Tell whoever suggested something what came of it; a decline after the time in which it is likely taken back."""
    author = accounts.person(suggestion.author_id)
    if not author.is_active or suggestion.settled_by == author.id or suggestion.settled_at is None:
        return
    if suggestion.state is State.DECLINED:
        named = _named(suggestion, suggestion.settled_at)
        tell(author, declined(author.name, suggestion), named=named, after=UNDO)
    elif suggestion.state in (State.ACCEPTED, State.AMENDED):
        tell(author, accepted(author.name, suggestion))


def on_suggestion_reopened(
    sender: object, *, suggestion: Suggestion, declined_at: datetime, **more: Any
) -> None:
    """Take the mail of a decline back; where it has left already, say that it is looked at once more."""
    take_back([_named(suggestion, declined_at)])
    author = accounts.person(suggestion.author_id)
    if author.is_active and clock.now() - declined_at > UNDO:
        tell(author, looked_at_again(author.name, suggestion))


def _named(suggestion: Suggestion, declined_at: datetime) -> str:
    return f"suggestion-{suggestion.key}-{declined_at.timestamp():.0f}"


def accepted(name: str, suggestion: Suggestion) -> Letter:
    title, editor = suggestion.title, accounts.person(suggestion.settled_by or 0).name
    if suggestion.revision_id is None:
        told = _(
            "%(editor)s agrees with what you suggested for “%(title)s”: the page says so already.",
            editor=editor,
            title=title,
        )
    elif suggestion.state is State.AMENDED:
        told = _(
            "%(editor)s has accepted what you suggested for “%(title)s”, in other words. Readers see it now, and the "
            "history of the page names you.",
            editor=editor,
            title=title,
        )
    else:
        told = _(
            "%(editor)s has accepted what you suggested for “%(title)s”. Readers see it now, and the history of the "
            "page names you.",
            editor=editor,
            title=title,
        )
    return letter(
        _("Your suggestion is accepted"),
        _("Hello %(name)s,", name=name),
        told,
        *_word(editor, suggestion),
        _("What you wrote, and what the page says now:"),
        link_to("toolkit.suggestion", key=suggestion.key),
    )


def declined(name: str, suggestion: Suggestion) -> Letter:
    title, editor = suggestion.title, accounts.person(suggestion.settled_by or 0).name
    return letter(
        _("Your suggestion is declined"),
        _("Hello %(name)s,", name=name),
        _(
            "%(editor)s has looked at what you suggested for “%(title)s” and leaves the page as it is.",
            editor=editor,
            title=title,
        ),
        *_word(editor, suggestion),
        _("You can read it again, and suggest something else:"),
        link_to("toolkit.suggestion", key=suggestion.key),
    )


def looked_at_again(name: str, suggestion: Suggestion) -> Letter:
    return letter(
        _("Your suggestion is looked at again"),
        _("Hello %(name)s,", name=name),
        _(
            "What you suggested for “%(title)s” was declined, and an editor has opened it again. We tell you what comes "
            "of it.",
            title=suggestion.title,
        ),
        link_to("toolkit.suggestion", key=suggestion.key),
    )


def _word(editor: str, suggestion: Suggestion) -> tuple[str, ...]:
    if not suggestion.word:
        return ()
    return _("%(editor)s writes:", editor=editor), quoted(suggestion.word, LONGEST_ANSWER)
