"""What is done with suggestions: made, taken back, accepted as they are or in other words, declined, opened again.

Whoever settles one holds its row first and then the toolkit: of two editors one is first, and the other is told.
"""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import inspect, select

from consult import announcements, audit, clock, workdays
from consult.accounts.models import Person
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import ROW, db, settings
from consult.keys import new_key
from consult.permissions import May, require
from consult.toolkit import actions as toolkit
from consult.toolkit import queries as pages
from consult.toolkit.actions import Wording
from consult.toolkit.entries.checking import mistakes, tidied
from consult.toolkit.models import Page, Shelf
from consult.toolkit.suggestions import queries
from consult.toolkit.suggestions.models import KEY_LENGTH, State, Suggestion
from consult.toolkit.suggestions.queries import Words

ROOM = __name__
PROMISED = 40  # working hours: by then an editor should have looked
MOST_WAITING = 10  # suggestions of one person
MOST_A_DAY = 20  # made by one person
DAY = timedelta(days=1)
LONGEST_NOTE = 200  # characters of the history


def suggest_change(
    *,
    actor: Any,
    page: Page | None,
    wording: Wording,
    why: str,
    based_on: int = 0,
    shelf: Shelf | None = None,
    signs: str = "",
    once: str = "",
) -> Suggestion:
    """Say how a page should read, or with no `page` that there should be one; it waits unseen for an editor.

    The same form sent twice (`once`) makes one. Raises Invalid where nothing was changed, the page is there
    already, or too much waits.
    """
    require(May.SUGGEST, actor)
    facts = None
    _one_at_a_time(actor)
    if found := queries.by_once(once, actor.id):
        return found
    if page is None and pages.slug_now(wording.title):
        raise Invalid(_("There is a page with this name already: suggest a change to it"), field="title")
    if page is not None:
        based_on = based_on if 0 < based_on <= page.revision_count else page.revision_count
        facts = _facts(page, based_on, wording)
    _refuse_too_many(actor)
    now = clock.now()
    made = Suggestion(
        key=new_key(KEY_LENGTH),
        page_id=page.id if page is not None else None,
        author_id=actor.id,
        based_on=based_on,
        shelf=shelf if page is None else None,
        title=wording.title,
        summary=wording.summary,
        source=wording.text.source,
        facts=facts,
        why=why,
        signs=signs,
        created_at=now,
        due_at=due_at(now),
        once=once or None,
    )
    db.session.add(made)
    db.session.flush()
    _record("make", actor, made, "")
    return made


def due_at(since: datetime) -> datetime:
    """Return by when an editor should have looked at what came then."""
    return workdays.working_hours_after(since, PROMISED, settings().timezone)


def accept(
    *,
    actor: Any,
    suggestion: Suggestion,
    wording: Wording,
    seen: int,
    word: str = "",
    is_amended: bool = False,
    slug: str = "",
) -> Suggestion:
    """Let the page say what was suggested, or with `is_amended` what the editor made of it; both stay on record.

    `seen` is the number of the revision that the editor looked at: when the page was saved since, that is a Conflict.
    A page that was not there is started at the address `slug`. Where the page says it already, no revision comes of it
    and nobody is named in the history.
    """
    require(May.EDIT_TOOLKIT, actor)
    _hold(actor, suggestion, State.WAITING)
    page = _published(actor, suggestion, wording, seen, slug)
    suggestion.page_id = page.id
    if page.revision_count == seen:  # the page says it already
        _settle(actor, suggestion, State.ACCEPTED, word)
        return suggestion
    revision = pages.revision(page.id, page.revision_count)
    revision.suggester_id, suggestion.revision_id = suggestion.author_id, revision.id
    _settle(actor, suggestion, State.AMENDED if is_amended else State.ACCEPTED, word)
    return suggestion


def _published(actor: Any, suggestion: Suggestion, wording: Wording, seen: int, slug: str) -> Page:
    page = suggestion.page
    if page is None:
        shelf = suggestion.shelf or Shelf.CONSULT
        return toolkit.start_page(actor=actor, slug=slug, shelf=shelf, wording=wording)
    db.session.refresh(page)
    if page.revision_count != seen:
        raise Conflict(_("Somebody saved the page while you were looking. See what it says now."))
    return toolkit.save_page(actor=actor, page=page, wording=wording, shelf=page.shelf, based_on=seen)


def decline(*, actor: Any, suggestion: Suggestion, word: str) -> Suggestion:
    """Leave the page as it is, with a word to whoever suggested otherwise. Raises Invalid without one."""
    require(May.EDIT_TOOLKIT, actor)
    if not word.strip():
        raise Invalid(_("Write why you decline it: its author is told"), field="word")
    _hold(actor, suggestion, State.WAITING)
    _settle(actor, suggestion, State.DECLINED, word)
    return suggestion


def reopen(*, actor: Any, suggestion: Suggestion) -> Suggestion:
    """Let a suggestion that was declined wait again. Its author is told of what comes of it then."""
    require(May.EDIT_TOOLKIT, actor)
    _hold(actor, suggestion, State.DECLINED)
    declined_at = suggestion.settled_at
    suggestion.state, suggestion.settled_at, suggestion.settled_by = State.WAITING, None, None
    suggestion.word = ""  # of whoever declined it: what comes of it now has a word of its own
    suggestion.due_at = due_at(clock.now())
    db.session.flush()
    _record("reopen", actor, suggestion, State.DECLINED.value)
    announcements.suggestion_reopened.send(ROOM, suggestion=suggestion, declined_at=declined_at)
    return suggestion


def withdraw(*, actor: Any, suggestion: Suggestion) -> Suggestion:
    """Take one's own suggestion back before an editor has settled it."""
    require(May.SUGGEST, actor)
    _hold(actor, suggestion, State.WAITING)
    if suggestion.author_id != actor.id:
        raise NotAllowed
    _settle(actor, suggestion, State.WITHDRAWN, "")
    return suggestion


def note_from(why: str) -> str:
    """Return why something was suggested as the one line that the history has room for."""
    line = " ".join(why.split())
    return line if len(line) <= LONGEST_NOTE else line[: LONGEST_NOTE - 1].rstrip() + "…"


def _facts(page: Page, based_on: int, wording: Wording) -> dict[str, str] | None:
    """Return the facts that are suggested for a page; None where they are left as they stood.

    Raises Invalid where nothing at all is changed, and for facts that no editor could save.
    """
    began = queries.said_in(pages.revision(page.id, based_on))
    facts = dict(began.facts) if wording.facts is None else tidied(page.kind, wording.facts)
    if began == Words(wording.title, wording.summary, wording.text.source, facts):
        raise Invalid(_("You have not changed anything yet"), field="source")
    if facts == began.facts:
        return None
    for field, message in mistakes(page.kind, facts).items():
        raise Invalid(message, field=field)
    return facts


def _one_at_a_time(actor: Any) -> None:
    """Let one person's forms come in one after the other, so that each counts those before it.

    Raises NotAllowed for an account that closed a moment ago.
    """
    db.session.refresh(actor, ["disabled_at", "closed_at"], with_for_update=ROW)
    if not actor.is_active:
        raise NotAllowed


def _refuse_too_many(actor: Any) -> None:
    if queries.waiting_count_of(actor.id) >= MOST_WAITING:
        raise Invalid(
            _(
                "%(limit)s of your suggestions wait for an editor. Send this one when some of them are settled.",
                limit=MOST_WAITING,
            ),
            field="source",
        )
    if queries.made_since(actor.id, clock.now() - DAY) >= MOST_A_DAY:
        raise Invalid(
            _(
                "You have made %(limit)s suggestions within a day. Keep this one, and send it tomorrow.",
                limit=MOST_A_DAY,
            ),
            field="source",
        )


def _hold(actor: Any, suggestion: Suggestion, wanted: State) -> None:
    """Keep the row to ourselves, and go on only if it is still as it was when its page was shown.

    First its people, whom the acts name, as whoever closes an account does: or the two would wait for each other.
    Raises NotFound where its author has gone and taken it along.
    """
    (number,) = inspect(suggestion).identity or (0,)
    author_id = db.session.scalar(select(Suggestion.author_id).where(Suggestion.id == number))
    people = select(Person.id).where(Person.id.in_({author_id, actor.id})).order_by(Person.id)
    db.session.execute(people.with_for_update(read=True, key_share=True))
    row = select(Suggestion).where(Suggestion.id == number).with_for_update(key_share=True, of=Suggestion)
    if db.session.scalar(row.execution_options(populate_existing=True)) is None:
        raise NotFound
    if suggestion.state is not wanted:
        raise Conflict(who_was_first(suggestion.state))


def who_was_first(state: State) -> str:
    """Return what is said to whoever wanted something else of a suggestion and comes too late."""
    words = {
        State.WAITING: _("Somebody has opened this suggestion again. It waits."),
        State.ACCEPTED: _("This suggestion was accepted while you were looking."),
        State.AMENDED: _("This suggestion was amended and accepted while you were looking."),
        State.DECLINED: _("This suggestion was declined while you were looking."),
        State.WITHDRAWN: _("Its author has taken this suggestion back."),
    }
    return str(words[state])


def _settle(actor: Any, suggestion: Suggestion, state: State, word: str) -> None:
    suggestion.state, suggestion.word = state, word.strip()
    suggestion.settled_at = clock.now()
    suggestion.settled_by = None if state is State.WITHDRAWN else actor.id
    db.session.flush()
    _record(_ACTS[state], actor, suggestion, State.WAITING.value)
    announcements.suggestion_settled.send(ROOM, suggestion=suggestion)


_ACTS = {
    State.ACCEPTED: "accept",
    State.AMENDED: "amend",
    State.DECLINED: "decline",
    State.WITHDRAWN: "withdraw",
}


def _record(act: str, actor: Any, suggestion: Suggestion, before: str) -> None:
    audit.record(
        f"suggestion.{act}",
        f"suggestion:{suggestion.id}",
        actor_id=actor.id,
        before=before,
        after=suggestion.state.value,
    )
