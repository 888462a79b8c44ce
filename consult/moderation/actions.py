"""What readers and moderators do: report a comment, decide on one. The queue follows the comments' states."""

import enum
import hashlib
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from consult import audit, clock
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, Correction, Decision, State
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import db
from consult.moderation import queries
from consult.moderation.models import Cause, QueueItem, QueueTally, Report
from consult.permissions import May, require
from consult.reasons import BY_CODE

REPORTABLE = (State.PUBLISHED,)


class Verb(enum.Enum):
    """What a moderator can do with a comment, in the words of the form."""

    PUBLISH = "publish"  # of a published one: let it stay, or put its author's correction in place
    KEEP = "keep"  # the approved words stay, the correction is dropped
    TAKE_DOWN = "take-down"
    RETURN = "return"


AFTER = {Verb.PUBLISH: State.PUBLISHED, Verb.TAKE_DOWN: State.TAKEN_DOWN, Verb.RETURN: State.RETURNED}
REMOVALS = (Verb.TAKE_DOWN, Verb.RETURN)


def report_comment(*, actor: Any, comment: Comment, reason: str, note: str, once: str = "") -> Report:
    """Record a reader's report and put the comment in the queue. The comment stays up.

    `once` names the form: sent twice, it makes one report. Raises NotFound for what the public cannot see.
    """
    require(May.REPORT, actor)
    if comment.state not in REPORTABLE:
        raise NotFound
    if once and (twin := db.session.scalar(select(Report).where(Report.once == once))):
        return twin
    report = Report(
        comment_id=comment.id,
        reporter_id=actor.id,
        reason=reason,
        note=note,
        created_at=clock.now(),
        once=once or None,
    )
    db.session.add(report)
    open_item(comment, Cause.REPORTED)
    audit.record(
        "comment.report",
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        reason=reason,
    )
    return report


def decide(
    *, actor: Any, comment: Comment, verb: Verb, reason: str = "", message: str = "", seen: str = ""
) -> None:
    """Publish a comment, let it stay, take it down with a reason, or return it to its author with a message.

    `seen` is the `face` of the comment that the moderator was looking at. Raises Conflict when somebody decided
    or its author changed it meanwhile, NotAllowed for whoever wrote or answers the draft while another moderator
    exists, Invalid when a reason or a message is missing.
    """
    require(May.DECIDE, actor, comment)
    if queries.is_conflicted(actor, comment) and queries.another_moderator_exists(actor, comment):
        raise NotAllowed(
            _("You wrote this draft or answer for it. Another moderator decides on comments about it.")
        )
    if seen and seen != face(comment, queries.correction_of(comment.id)):
        raise Conflict(_("This comment changed while you were looking at it. Look again before you decide."))
    _check_words(verb, reason, message)
    if verb in (Verb.PUBLISH, Verb.KEEP) and comment.state is State.PUBLISHED:
        _let_stay(actor, comment, verb, message)
    elif verb is Verb.KEEP:
        raise Conflict(_("This comment changed while you were looking at it. Look again before you decide."))
    else:
        kept = reason if verb in REMOVALS else ""
        discussion.change_state(actor=actor, comment=comment, after=AFTER[verb], reason=kept, note=message)
    settle(comment, actor_id=actor.id)


def _check_words(verb: Verb, reason: str, message: str) -> None:
    if verb in REMOVALS and reason not in BY_CODE:
        raise Invalid(_("Choose a reason"), field="reason")
    if verb in REMOVALS and not message and (verb is Verb.RETURN or reason == "other"):
        raise Invalid(_("Write what the author should know"), field="message")


def _let_stay(actor: Any, comment: Comment, verb: Verb, note: str) -> None:
    """Put on record that a published comment stays up, with its correction where there is one."""
    if queries.correction_of(comment.id) is not None:
        discussion.settle_correction(actor=actor, comment=comment, accept=verb is Verb.PUBLISH)
    db.session.add(
        Decision(
            comment_id=comment.id,
            actor_id=actor.id,
            before=State.PUBLISHED,
            after=State.PUBLISHED,
            note=note,
            decided_at=clock.now(),
        )
    )
    audit.record(
        "comment.let_stay",
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        before=State.PUBLISHED.value,
        after=State.PUBLISHED.value,
    )


def face(comment: Comment, correction: Correction | None) -> str:
    """Return a short digest of what a moderator sees of a comment: where it stands, its words, and its new words."""
    content = f"{comment.state.value}\n{comment.body}\n{correction.body if correction else ''}"
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def follow_state(sender: object, *, comment: Comment, before: State | None, **rest: Any) -> None:
    """Keep the queue in step with a comment: what waits is in it; what is published or withdrawn leaves it."""
    if comment.state is State.WAITING:
        open_item(comment, Cause.WAITING)
    elif before is not None and not (before is comment.state is State.PUBLISHED):
        settle(comment, actor_id=None)


def follow_correction(sender: object, *, comment: Comment, **rest: Any) -> None:
    """Put a comment whose author proposes other words in the queue."""
    open_item(comment, Cause.CORRECTED)


def open_item(comment: Comment, cause: Cause) -> None:
    """Put a comment in the queue unless it is there already."""
    if _open_item_of(comment) is not None:
        return
    db.session.add(
        QueueItem(
            organisation_id=comment.organisation_id,
            consultation_id=comment.document.consultation_id,
            comment_id=comment.id,
            cause=cause,
            since=clock.now(),
        )
    )
    _tally(comment.organisation_id, cause, 1)
    db.session.flush()


def settle(comment: Comment, *, actor_id: int | None) -> None:
    """Take a comment out of the queue and close the reports on it."""
    item = _open_item_of(comment)
    if item is None:
        return
    item.settled_at = clock.now()
    item.settled_by = actor_id
    _tally(item.organisation_id, item.cause, -1)
    db.session.execute(
        update(Report)
        .where(Report.comment_id == comment.id, Report.settled_at.is_(None))
        .values(settled_at=item.settled_at)
    )
    db.session.flush()


def _open_item_of(comment: Comment) -> QueueItem | None:
    return db.session.scalar(
        select(QueueItem).where(QueueItem.comment_id == comment.id, QueueItem.settled_at.is_(None))
    )


def _tally(organisation_id: int, cause: Cause, step: int) -> None:
    changed = db.session.execute(
        update(QueueTally)
        .where(QueueTally.organisation_id == organisation_id, QueueTally.cause == cause)
        .values(open_count=QueueTally.open_count + step)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        db.session.add(QueueTally(organisation_id=organisation_id, cause=cause, open_count=step))
        db.session.flush()
