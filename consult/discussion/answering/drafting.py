"""Answers before they are out: saved, cleared by somebody else or sent back, released or dropped.

A draft holds what its author typed, on the server, for the whole unit. Whoever changes the words or the comments of one
that was cleared has it cleared anew: what is released is what was read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, insert, select

from consult import audit, clock
from consult.announcements import clearance_asked, clearance_decided
from consult.discussion.answering import drafts
from consult.discussion.answering.actions import check_clearance, respond
from consult.discussion.answering.models import IN_HAND, DraftAnswer, DraftAnswerTo, Step
from consult.discussion.conditions import MOST_ANSWERED
from consult.discussion.models import Comment, Response, State
from consult.discussion.words import answer_written, face
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, require
from consult.text.bounds import ANSWER_LENGTH

KEY_LENGTH = 10
LONGEST_NOTE = 500


def save_draft(
    *, actor: Any, comments: Sequence[Comment], body: str, draft: DraftAnswer | None = None
) -> DraftAnswer:
    """Keep an answer that is not out yet; with `draft`, other words or comments for that one.

    Raises Invalid for nothing, too much, or comments on several drafts; Conflict for one that is out or was dropped.
    """
    consultation = comments[0].document.consultation
    require(May.ANSWER, actor, consultation)
    words = _kept(body)
    if len(comments) > MOST_ANSWERED or len({comment.document_id for comment in comments}) != 1:
        raise Invalid(_("One reply answers comments on one draft."), field="also")
    now = clock.now()
    if draft is None:
        draft = DraftAnswer(
            key=new_key(KEY_LENGTH),
            unit_id=consultation.unit_id,
            consultation_id=consultation.id,
            author_id=actor.id,
            step=Step.WRITING,
            step_at=now,
            body=words,
            created_at=now,
            updated_at=now,
        )
        db.session.add(draft)
        db.session.flush()
        _answer(draft, comments)
        _record("draft_answer.save", draft, actor)
        return draft
    if draft.consultation_id != consultation.id:
        raise Invalid(_("One reply answers comments on one draft."), field="also")
    _hold(draft, IN_HAND)
    before, draft.updated_at = set(db.session.scalars(_to(draft))), now
    is_changed = words != draft.body or before != {comment.id for comment in comments}
    if is_changed:
        draft.body = words
        db.session.execute(delete(DraftAnswerTo).where(DraftAnswerTo.draft_id == draft.id))
        _answer(draft, comments)
        _step(draft, Step.WRITING)
    _record(drafts.CHANGED if is_changed else "draft_answer.save", draft, actor)
    return draft


def ask_clearance(*, actor: Any, draft: DraftAnswer) -> None:
    """Ask whoever may clear for the unit to look at a draft; they are told by mail."""
    require(May.ANSWER, actor, draft.unit)
    _hold(draft, (Step.WRITING, Step.SENT_BACK))
    people = drafts.who_clears(draft.unit.organisation_id, besides=drafts.writers_of(draft))
    if not people:
        raise Invalid(
            _("Nobody else may clear answers yet. An administrator can let an official do so."), field="clear"
        )
    _step(draft, Step.CLEARING)
    _record("draft_answer.ask_clearance", draft, actor)
    clearance_asked.send("consult.discussion", draft=draft, people=people)


def clear(*, actor: Any, draft: DraftAnswer, note: str = "", seen: str = "") -> None:
    """Let a draft out, as far as its words go: the unit releases it. Nobody clears their own.

    `seen` is the face of what was read: Conflict when it says something else by now.
    """
    _decide(actor, draft, Step.CLEARED, note, seen)


def send_back(*, actor: Any, draft: DraftAnswer, note: str, seen: str = "") -> None:
    """Send a draft back to its author, with why."""
    if not note.strip():
        raise Invalid(_("Say what has to change"), field="note")
    _decide(actor, draft, Step.SENT_BACK, note, seen)


def face_of(draft: DraftAnswer) -> str:
    """Return a digest of what a draft says and to whom, by which a form tells which words were read."""
    comments = sorted(db.session.scalars(_to(draft)))
    return face(f"{comments} {draft.body}")


def drop(*, actor: Any, draft: DraftAnswer) -> None:
    """Let go of a draft: it answers nobody."""
    require(May.ANSWER, actor, draft.unit)
    _hold(draft, IN_HAND)
    _step(draft, Step.DROPPED)
    _record("draft_answer.drop", draft, actor)


def release(*, actor: Any, draft: DraftAnswer, seen: datetime | None = None) -> Response:
    """Post a draft as it stands: in the name of whoever releases it, as with every answer.

    Everything is checked anew; `seen` is when whoever releases it looked, or else it was saved. Raises Conflict,
    and the draft stays, when a comment is gone or a colleague has answered one since; Closed outside the time for answers; NotAllowed for one that must be cleared and is not.
    """
    require(May.ANSWER, actor, draft.unit)
    _hold(draft, (Step.WRITING, Step.CLEARED))
    comments = list(db.session.scalars(select(Comment).where(Comment.id.in_(_to(draft)))))
    gone = sum(comment.state is not State.PUBLISHED for comment in comments)
    if gone or not comments:
        raise Conflict(
            ngettext(
                "A comment that it answers has been withdrawn or taken down. The draft stays: open it to leave that out.",
                "%(num)s comments that it answers have been withdrawn or taken down. The draft stays: open it to leave them out.",
                max(gone, 1),
            )
        )
    response = respond(
        actor=actor,
        comments=comments,
        body=answer_written(draft.body),
        seen=seen or draft.updated_at,
        is_cleared=draft.step is Step.CLEARED,
    )
    draft.response_id = response.id
    _step(draft, Step.RELEASED, keeps_decision=True)
    _record("draft_answer.release", draft, actor)
    return response


def hold(*, actor: Any, draft: DraftAnswer) -> None:
    """Let a draft go out by itself, in the name of `actor`, once answers are no longer held before an election.

    Raises NotAllowed for one that must be cleared first. Whoever changes the words lets it wait for a hand again.
    """
    require(May.ANSWER, actor, draft.unit)
    _hold(draft, (Step.WRITING, Step.CLEARED))
    check_clearance(draft.unit, is_cleared=draft.step is Step.CLEARED)
    draft.held_at, draft.held_by = clock.now(), actor.id
    _record("draft_answer.hold", draft, actor)


def let_stay(*, draft: DraftAnswer) -> None:
    """Let a draft wait for a hand again that could not go out by itself."""
    draft.held_at = draft.held_by = None
    _record("draft_answer.stay", draft, None)


def follow_undone(sender: object, *, response: Response, **more: Any) -> None:
    """Have a draft in hand again whose answer was taken back."""
    draft = db.session.scalar(select(DraftAnswer).where(DraftAnswer.response_id == response.id))
    if draft is not None:
        draft.response_id = None
        is_cleared = draft.decided_by is not None
        _step(draft, Step.CLEARED if is_cleared else Step.WRITING, keeps_decision=True)
        db.session.flush()


def _decide(actor: Any, draft: DraftAnswer, step: Step, note: str, seen: str) -> None:
    require(May.CLEAR, actor, draft.unit)
    _hold(draft, (Step.CLEARING,))
    if actor.id in drafts.writers_of(draft):
        raise NotAllowed(_("Somebody else clears what you wrote."))
    if seen and seen != face_of(draft):
        raise Conflict(_("This draft was changed meanwhile: read it again."))
    if len(note.strip()) > LONGEST_NOTE:
        raise Invalid(_("Write at most %(most)s characters", most=LONGEST_NOTE), field="note")
    _step(draft, step)
    draft.note, draft.decided_by = note.strip(), actor.id
    _record(f"draft_answer.{'clear' if step is Step.CLEARED else 'send_back'}", draft, actor)
    clearance_decided.send("consult.discussion", draft=draft)


def _kept(body: str) -> str:
    """Return what is kept of the words; they are rendered and held to every bound when they are posted."""
    words = body.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid(_("Write your reply"), field="body")
    if len(words) > ANSWER_LENGTH:
        raise Invalid(_("Write at most %(most)s characters", most=f"{ANSWER_LENGTH:,}"), field="body")
    return words


def _hold(draft: DraftAnswer, steps: Sequence[Step]) -> None:
    """Lock a draft and raise Conflict unless it is at one of these steps."""
    db.session.refresh(draft, _OWN, with_for_update=True)
    if draft.step not in steps:
        raise Conflict(said_of(draft.step))


# What is locked is the draft alone: PostgreSQL locks no row that might not be there, like a unit's that comes along.
_OWN = [column.key for column in DraftAnswer.__mapper__.column_attrs]


def said_of(step: Step) -> str:
    """Return what is to be said of a draft at a step to whoever wants something else of it."""
    said = {
        Step.RELEASED: _("This answer is out already."),
        Step.DROPPED: _("This draft has been dropped."),
        Step.CLEARING: _("This draft is being cleared. Change it to have it back."),
        Step.CLEARED: _("This draft has been cleared already."),
        Step.SENT_BACK: _("This draft was sent back: change it first."),
        Step.WRITING: _("This draft is not there to be cleared: it is being changed."),
    }
    return str(said[step])


def _step(draft: DraftAnswer, step: Step, *, keeps_decision: bool = False) -> None:
    draft.step, draft.step_at = step, clock.now()
    draft.held_at = draft.held_by = None
    if not keeps_decision:
        draft.note, draft.decided_by = "", None


def _to(draft: DraftAnswer) -> Any:
    return select(DraftAnswerTo.comment_id).where(DraftAnswerTo.draft_id == draft.id)


def _answer(draft: DraftAnswer, comments: Sequence[Comment]) -> None:
    rows = [{"draft_id": draft.id, "comment_id": comment.id} for comment in comments]
    db.session.execute(insert(DraftAnswerTo), rows)


def _record(act: str, draft: DraftAnswer, actor: Any) -> None:
    db.session.flush()
    audit.record(
        act,
        f"draft_answer:{draft.id}",
        actor_id=actor.id if actor is not None else None,
        organisation_id=draft.unit.organisation_id,
        after=draft.step.value,
    )
