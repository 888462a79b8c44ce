"""Marking somebody's comment as a question: by an official of the unit or a moderator, who thereby tells its author.

The clock starts at the marking. Whoever marked it can take that back for a short while; its author can say once that
it is no question, and then nobody marks it again.
"""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from consult import audit, clock
from consult.accounts.models import Part
from consult.announcements import question_marked, question_unmarked
from consult.discussion import kinds
from consult.discussion.conditions import takes_responses
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment, Kind, State
from consult.errors import Closed, Conflict, NotAllowed, NotFound
from consult.extensions import ROW, db
from consult.permissions import May, allows, require

ROOM = "consult.discussion"
SECOND_THOUGHTS = timedelta(
    minutes=10
)  # in which a mark can be taken back by whoever made it, and nobody is told yet
MARKABLE = (State.WAITING, State.PUBLISHED, State.RECEIVED)


def mark_as_question(*, actor: Any, comment: Comment) -> None:
    """Treat a comment as a question: it is owed an answer from now on, and its author is told.

    Raises NotFound for what the actor may not know of, Closed after the outcome, Conflict for what is a question
    already, was withdrawn or taken down, or is none by the word of its author. To mark it twice changes nothing.
    """
    part = _part_of(actor, comment)
    _lock(comment)
    if comment.marked_at is not None and comment.marked_by == actor.id:
        return
    if comment.state not in MARKABLE:
        raise Conflict(_("This comment has been withdrawn or taken down. It cannot be marked."))
    _check_in_time(comment)
    if comment.kind is Kind.QUESTION:
        raise Conflict(_("This is a question already."))
    if comment.is_no_question:
        raise Conflict(_("Its author has said that it is no question."))
    now = clock.now()
    comment.kind_before, comment.marked_at = comment.kind, now
    comment.marked_by, comment.marked_as = actor.id, part
    kinds.set_kind(comment, Kind.QUESTION, now)
    _record("comment.mark_question", comment, actor, part.value)
    question_marked.send(ROOM, comment=comment, actor=actor, until=now + SECOND_THOUGHTS)


def take_mark_back(*, actor: Any, comment: Comment) -> None:
    """Take back a mark that one made a moment ago. Raises Conflict when it is too late, or there is none of one's own."""
    _part_of(actor, comment)
    _lock(comment)
    if not can_take_back(actor, comment, clock.now()):
        raise Conflict(_("This mark can be taken back no more."))
    _unmark(actor, comment, "comment.take_mark_back")


def say_no_question(*, actor: Any, comment: Comment) -> None:
    """Say of one's own comment that it is no question after all: it is called again what one had called it.

    Raises Conflict where nobody marked it, or it has been answered meanwhile, Closed after the outcome.
    """
    require(May.CORRECT, actor, comment)
    _lock(comment)
    if comment.marked_at is None:
        raise Conflict(_("This comment is not marked as a question."))
    _check_in_time(comment)
    if comment.answered_at is not None:
        raise Conflict(_("It has been answered meanwhile."))
    _unmark(actor, comment, "comment.no_question")
    comment.is_no_question = True


def can_mark(actor: Any, comment: Any) -> bool:
    """Say of a comment that an actor reads, or a row of one, whether they could mark it, by what it is."""
    is_free = comment.kind is not Kind.QUESTION and not comment.is_no_question
    return is_free and comment.state in MARKABLE and comment.author_id != actor.id


def can_take_back(actor: Any, comment: Any, now: datetime) -> bool:
    """Say whether an actor marked a comment, or a row of one, a moment ago and nobody has answered it since."""
    is_own = comment.marked_at is not None and comment.marked_by == actor.id
    return is_own and comment.answered_at is None and now < comment.marked_at + SECOND_THOUGHTS


def _part_of(actor: Any, comment: Comment) -> Part:
    """Return in which part somebody may mark a comment; what they may not know of is not found."""
    is_official = allows(May.ANSWER, actor, comment.document)
    is_moderator = allows(May.DECIDE, actor, comment)
    if (comment.is_team_only and not is_official) or (comment.state is State.WAITING and not is_moderator):
        raise NotFound
    require(May.MARK_QUESTION, actor, comment)
    if comment.author_id == actor.id:
        raise NotAllowed(_("You wrote this yourself: correct it, and call it a question."))
    return Part.OFFICIAL if is_official else Part.MODERATOR


def _lock(comment: Comment) -> None:
    fresh = ["state", "kind", "answered_at", "marked_at", "marked_by", "is_no_question"]
    db.session.refresh(comment, fresh, with_for_update=ROW)


def _check_in_time(comment: Comment) -> None:
    if not takes_responses(comment.document.consultation, clock.now()):
        raise Closed(
            _("The time for answers is over: the outcome has been published, or it has not opened yet.")
        )


def _unmark(actor: Any, comment: Comment, act: str) -> None:
    entry = db.session.get(LedgerEntry, comment.id, populate_existing=True)
    if entry is not None and entry.also_count:
        raise Conflict(_("Others have said that they have this question too. It stays one."))
    before = comment.kind_before or Kind.COMMENT
    comment.marked_at = comment.marked_by = comment.marked_as = comment.kind_before = None
    kinds.set_kind(comment, before, clock.now())
    _record(act, comment, actor)
    question_unmarked.send(ROOM, comment=comment, actor=actor)


def _record(act: str, comment: Comment, actor: Any, part: str = "") -> None:
    db.session.flush()
    audit.record(
        act, f"comment:{comment.id}", actor_id=actor.id, organisation_id=comment.organisation_id, reason=part
    )
