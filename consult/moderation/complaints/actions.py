"""Give notice of a defamatory comment; pass it on to its author; answer it; settle it. Every step is on record."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from consult import audit, clock
from consult.announcements import complaint_made, complaint_passed_on, complaint_reopened, complaint_settled
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, Decision, State
from consult.errors import Closed, Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import ROW, db, settings
from consult.keys import new_key
from consult.moderation import due, marks, signing
from consult.moderation import queries as moderation
from consult.moderation.actions import open_item, retime, settle, unmark
from consult.moderation.complaints import queries, times
from consult.moderation.complaints.models import Complaint, Outcome, Wish
from consult.moderation.complaints.queries import PURPOSE, Step
from consult.moderation.models import Cause
from consult.permissions import May, require
from consult.reasons import UNDONE

ROOM = "consult.moderation"
REASON = "unlawful"
GONE = frozenset({State.TAKEN_DOWN, State.RETURNED, State.WITHDRAWN, State.ERASED})
ACTS = {
    Outcome.REMOVED: "complaint.remove",
    Outcome.STAYS: "complaint.stay",
    Outcome.REFUSED: "complaint.refuse",
}


def make_complaint(*, actor: Any, comment: Comment, once: str = "", **notice: Any) -> Complaint:
    """Give notice that a public comment defames somebody: the clock of 48 hours begins, and the comment stays up.

    `notice` holds the fields of the form: name, email, statement, why, meaning, untrue, shares_contact. `once` names
    the form: sent twice, it is one notice. Raises NotFound for what the public cannot see.
    """
    require(May.REPORT, actor)
    db.session.refresh(comment, ["state"], with_for_update=ROW)
    if once and (twin := db.session.scalar(select(Complaint).where(Complaint.once == once))):
        return twin
    if comment.state is not State.PUBLISHED:
        raise NotFound
    now, zone = clock.now(), settings().timezone
    complaint = Complaint(
        key=new_key(signing.KEY_LENGTH),
        organisation_id=comment.organisation_id,
        comment_id=comment.id,
        once=once or None,
        made_at=now,
        due_at=times.act_by(now, zone),
        **notice,
    )
    db.session.add(complaint)
    promised = due.due_at(comment.document.consultation, now, zone)
    _queue(comment, min(promised, complaint.due_at))
    _record("complaint.make", complaint, actor.id)
    complaint_made.send(ROOM, complaint=complaint, comment=comment)
    return complaint


def pass_on(*, actor: Any, complaint: Complaint) -> None:
    """Send the notice to the comment's author, who has until the end of the fifth day after to answer.

    Raises Conflict when somebody was quicker, or the author has no address that we know.
    """
    _may(actor, complaint)
    _lock(complaint)
    now = clock.now()
    if queries.step_of(complaint, now) is not Step.SEND_ON:
        raise Conflict(_("Somebody dealt with this notice while you were looking. Look again."))
    complaint.passed_at, complaint.passed_by = now, actor.id
    complaint.due_at = times.answer_by(now, settings().timezone)
    settle(
        complaint.comment, actor_id=actor.id
    )  # a moderator has looked; what comes next has a time of its own
    _queue(complaint.comment, complaint.due_at)
    _record("complaint.pass_on", complaint, actor.id)
    signed = signing.sign(PURPOSE, complaint.key, str(complaint.comment.author_id))
    complaint_passed_on.send(ROOM, complaint=complaint, comment=complaint.comment, signed=signed)


def answer(
    *, actor: Any, complaint: Complaint, wish: Wish, name: str = "", address: str = "", shares: bool = False
) -> None:
    """Answer a notice as the author of the comment: the link that they opened says who they are.

    One that may go goes at once. Raises Closed when the time is over or it was settled, Conflict for a second answer,
    Invalid where one that should stay comes without a name or a postal address.
    """
    _lock(complaint)
    if complaint.answered_at is not None:
        raise Conflict(_("You have answered this notice already."))
    if queries.step_of(complaint, clock.now()) is not Step.AUTHOR:
        raise Closed(_("This notice was settled, or the time to answer it is over."))
    if wish is Wish.STAND and not name:
        raise Invalid(_("Enter your full name"), field="name")
    if wish is Wish.STAND and not address:
        raise Invalid(_("Enter your postal address"), field="address")
    complaint.wish, complaint.answered_at = wish, clock.now()
    author = complaint.comment.author
    if wish is Wish.REMOVE:
        _record("complaint.answer", complaint, author.id, reason=wish.value)
        discussion.withdraw_comment(actor=author, comment=complaint.comment)
        return
    complaint.author_name, complaint.author_address, complaint.author_shares = name, address, shares
    complaint.due_at = times.act_by(complaint.answered_at, settings().timezone)
    retime(complaint.comment, complaint.due_at)
    _record("complaint.answer", complaint, author.id, reason=wish.value)


def remove(*, actor: Any, complaint: Complaint, words: str = "") -> None:
    """Take the comment down; all notices about it are settled by that, and those who gave them are told."""
    _may(actor, complaint)
    _lock(complaint)
    _refuse_if_settled(complaint)
    complaint.words = words
    db.session.flush()
    discussion.change_state(
        actor=actor, comment=complaint.comment, after=State.TAKEN_DOWN, reason=REASON, note=words
    )


def let_stay(*, actor: Any, complaint: Complaint, words: str = "") -> None:
    """Let the comment stay up, and tell both. Raises Invalid without words where its author did not stand by it."""
    _may(actor, complaint)
    _lock(complaint)
    step = queries.step_of(complaint, clock.now())
    if step not in (Step.DECIDE, Step.LAPSED):
        raise Conflict(_("Somebody dealt with this notice while you were looking. Look again."))
    if step is Step.LAPSED and not words:
        raise Invalid(_("Write why it stays up although its author did not answer"), field="message")
    _end_by_hand(actor, complaint, Outcome.STAYS, words)


def refuse(*, actor: Any, complaint: Complaint, words: str) -> None:
    """Say that this is no notice to act on, and why: what it lacks, or that it was withdrawn. Invalid without words."""
    _may(actor, complaint)
    _lock(complaint)
    _refuse_if_settled(complaint)
    if not words:
        raise Invalid(_("Write what the notice lacks, or why it is not acted on"), field="message")
    _end_by_hand(actor, complaint, Outcome.REFUSED, words)


def _end_by_hand(actor: Any, complaint: Complaint, outcome: Outcome, words: str) -> None:
    complaint.words = words
    _end(complaint, outcome, actor.id)
    left = queries.open_complaints_on(complaint.comment_id)
    if left:
        retime(complaint.comment, left[0].due_at)
    else:
        unmark(complaint.comment, marks.DEFAMATION, actor_id=actor.id)


def _end(complaint: Complaint, outcome: Outcome, actor_id: int | None) -> None:
    complaint.outcome, complaint.settled_at, complaint.settled_by = outcome, clock.now(), actor_id
    _record(ACTS[outcome], complaint, actor_id)
    complaint_settled.send(ROOM, complaint=complaint, comment=complaint.comment)


def follow_state(
    sender: object, *, comment: Comment, before: State | None, decision: Decision | None = None, **rest: Any
) -> None:
    """Settle the notices about a comment that is gone; put back in the queue what is up again with one open."""
    if decision is None or before is None:
        return
    if not queries.is_complained_of(comment.id):
        return
    if decision.reason == UNDONE:
        _open_again(comment, decision.decided_at)  # the item of the queue is put back by what undoes
        return
    if comment.state in GONE:
        for complaint in queries.open_complaints_on(comment.id):
            _end(complaint, Outcome.REMOVED, decision.actor_id)
    elif comment.state is State.PUBLISHED and (left := queries.open_complaints_on(comment.id)):
        _queue(comment, left[0].due_at)
    if comment.state is State.ERASED:
        empty = dict.fromkeys(("statement", "why", "meaning", "untrue", "words"), "")  # any may quote it
        db.session.execute(update(Complaint).where(Complaint.comment_id == comment.id).values(**empty))


def _open_again(comment: Comment, undone_at: datetime) -> None:
    """Open the notices again that a decision settled which its moderator took back a moment later."""
    settling = db.session.scalar(
        select(Decision.decided_at)
        .where(Decision.comment_id == comment.id, Decision.after.in_(GONE), Decision.decided_at <= undone_at)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    if settling is None:
        return
    for complaint in queries.removed_since(comment.id, settling):
        complaint.outcome, complaint.settled_at, complaint.settled_by, complaint.words = None, None, None, ""
        _record("complaint.open_again", complaint, None)
        complaint_reopened.send(ROOM, complaint=complaint)


def _queue(comment: Comment, by: datetime) -> None:
    open_item(comment, Cause.REPORTED, REASON, mark=marks.DEFAMATION, by=by)


def _may(actor: Any, complaint: Complaint) -> None:
    """Raise NotAllowed for whoever wrote or answers for the draft while another moderator is there."""
    comment = complaint.comment
    require(May.DECIDE, actor, comment)
    if moderation.is_conflicted(actor, comment) and moderation.another_moderator_exists(actor, comment):
        raise NotAllowed(
            _(
                "You wrote the text that this is about, or answer for it. Another moderator decides on comments about it."
            )
        )


def _lock(complaint: Complaint) -> None:
    db.session.refresh(complaint.comment, ["state"], with_for_update=ROW)
    db.session.refresh(complaint)


def _refuse_if_settled(complaint: Complaint) -> None:
    if complaint.settled_at is not None:
        raise Conflict(_("Somebody dealt with this notice while you were looking. Look again."))


def _record(act: str, complaint: Complaint, actor_id: int | None, *, reason: str = "") -> None:
    audit.record(
        act,
        f"complaint:{complaint.id}",
        actor_id=actor_id,
        organisation_id=complaint.organisation_id,
        after=complaint.outcome.value if complaint.outcome else "open",
        reason=reason,
    )
