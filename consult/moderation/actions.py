"""What readers and moderators do: report a comment, decide on one. The queue follows the comments' states."""

import enum
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select, update

from consult import audit, clock
from consult.discussion import actions as discussion
from consult.discussion import digests
from consult.discussion.models import Comment, Correction, Decision, State
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import ROW, db, settings
from consult.moderation import due, marks, pace, queries, standing
from consult.moderation.counting import tally
from consult.moderation.holds import unseen
from consult.moderation.holds.names import PREFIX
from consult.moderation.models import Cause, QueueItem, Report
from consult.moderation.standing import Standing
from consult.moderation.undoing import acts
from consult.moderation.undoing.acts import Done
from consult.moderation.undoing.models import ModerationAct
from consult.permissions import May, require
from consult.reasons import BEFORE_ELECTIONS, BY_CODE

REPORTABLE = (State.PUBLISHED,)
NOT_AUTHOR = "not_author"  # the reason of a report by whoever was named and did not write it


class Verb(enum.Enum):
    """What a moderator can do with a comment, in the words of the form."""

    PUBLISH = "publish"  # of a published one: let it stay, or put its author's correction in place
    KEEP = "keep"  # the approved words stay, the correction is dropped
    TAKE_DOWN = "take-down"
    RETURN = "return"


AFTER = {Verb.PUBLISH: State.PUBLISHED, Verb.TAKE_DOWN: State.TAKEN_DOWN, Verb.RETURN: State.RETURNED}
# While an appeal is open, this alone can be decided: what is public without some words can still be taken down.
_PASSES_APPEAL = {State.PUBLISHED: Verb.TAKE_DOWN}
REMOVALS = (Verb.TAKE_DOWN, Verb.RETURN)


def report_comment(
    *,
    actor: Any,
    comment: Comment,
    reason: str,
    note: str,
    once: str = "",
    is_threat: bool = False,
    is_own_name: bool = False,
    may_hold: bool = True,
) -> Report:
    """Record a reader's report and put the comment in the queue. The comment stays up.

    Of private details, a threat (`is_threat`, of abuse) or what may be illegal it waits unseen instead, unless a
    moderator has let these words stay after such a report, this reporter has done so too often (not `may_hold`), or enough of its document waits unseen.
    That it was written in the reporter's own name and not by them (`is_own_name`) is marked in the queue and goes
    before most: then `note` says how it can be seen, or Invalid is raised. It stays up.
    `once` names the form: sent twice, it makes one report. Raises NotFound for what the public cannot see.
    """
    require(May.REPORT, actor)
    db.session.refresh(comment, ["state", "edited_at"], with_for_update=ROW)
    if once and (twin := db.session.scalar(select(Report).where(Report.once == once))):
        return twin
    if comment.state not in REPORTABLE:
        raise NotFound
    if reason == BEFORE_ELECTIONS and not queries.is_before_election(comment):
        raise Invalid(_("Choose another reason: this one holds only before an election"), field="reason")
    is_own_name = is_own_name and reason == NOT_AUTHOR
    if is_own_name and not note:
        raise Invalid(_("Write how a moderator can see that you did not write it"), field="note")
    is_threat = is_threat and reason == "abuse"
    kind = unseen.kind_of(reason, is_threat=is_threat) if may_hold else ""
    waits = (
        bool(kind)
        and not unseen.was_let_stay(comment, reason, is_threat=is_threat)
        and unseen.has_room(comment.document_id)
    )
    report = Report(
        comment_id=comment.id,
        reporter_id=actor.id,
        reason=reason,
        is_threat=is_threat,
        is_own_name=is_own_name,
        note=note,
        created_at=clock.now(),
        once=once or None,
    )
    db.session.add(report)
    open_item(comment, Cause.REPORTED, reason, mark=marks.NOT_BY_ME if is_own_name else "")
    audit.record(
        "comment.report",
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        reason=reason,
        text_digest=digests.of_comment(comment),
    )
    if waits:
        discussion.hold_back(comment=comment, rule=unseen.PREFIX + kind, reason=reason)
    return report


def decide(
    *,
    actor: Any,
    comment: Comment | Standing,
    verb: Verb,
    reason: str = "",
    message: str = "",
    seen: str = "",
    aware: str = "",
) -> ModerationAct | None:
    """Publish a comment, let it stay, take it down with a reason, or return it to its author with a message.

    Returns the act, which can be undone for half a minute; None where it put other words in place or dropped some.

    `comment` is given as it stands under its lock, or is locked here. `seen` is the `face` of the comment that the
    moderator was looking at. Raises Conflict when somebody decided or its author changed it meanwhile, NotAllowed for
    whoever wrote or answers the draft while another moderator exists, Invalid when a reason or a message is missing.
    """
    done = decide_one(
        actor=actor, comment=comment, verb=verb, reason=reason, message=message, seen=seen, aware=aware
    )
    return None if done is None else acts.remember(actor=actor, verb=verb.value, done=[done])


def decide_one(
    *,
    actor: Any,
    comment: Comment | Standing,
    verb: Verb,
    reason: str = "",
    message: str = "",
    seen: str = "",
    aware: str = "",
) -> Done | None:
    """Do the same as a part of an act, which its caller remembers: `undoing.acts`."""
    at = comment if isinstance(comment, Standing) else standing.hold(comment.key, person_id=actor.id)
    comment = at.comment
    require(May.DECIDE, actor, comment)
    if not at.moderates:
        raise NotAllowed  # not any more: `actor` may be as they were at the door
    check_sight(actor=actor, at=at, seen=seen, aware=aware)
    check_words(verb, reason, message)
    _check_election(comment, verb, reason)
    if at.is_appealed and verb is not _PASSES_APPEAL.get(comment.state, Verb.PUBLISH):
        raise Conflict(_("The author has appealed. Publish the comment, or let a second moderator decide."))
    _check_complaint(at, verb)
    before = comment.state
    if verb in (Verb.PUBLISH, Verb.KEEP) and before is State.PUBLISHED:
        decision = _let_stay(actor, at, verb, message)
        settle(comment, actor_id=actor.id)
    elif verb is Verb.KEEP:
        raise Conflict(_("This comment changed while you were looking at it. Look again before you decide."))
    else:
        kept = reason if verb in REMOVALS else ""
        decision = discussion.lead_held(
            actor=actor, comment=comment, after=AFTER[verb], reason=kept, note=message
        )  # which takes it out of the queue: see `follow_state`
    return None if at.correction is not None else Done(comment, at.item_id, before, decision)


def check_sight(*, actor: Any, at: Standing, seen: str, aware: str) -> None:
    """Let nobody decide who has a part in the draft, saw something else, or knows not of who else has it open."""
    has_part = at.wrote or queries.answers_for(actor, at.comment)
    if has_part and queries.another_moderator_exists(actor, at.comment):
        raise NotAllowed(
            _(
                "You wrote the text that this is about, or answer for it. Another moderator decides on comments about it."
            )
        )
    if seen and seen != face(at.comment, at.correction, at.decision_id):
        raise Conflict(_("This comment changed while you were looking at it. Look again before you decide."))
    if at.other is not None and aware != str(at.other.holder_id):
        raise Conflict(_("%(name)s has this comment open and may be deciding on it.", name=at.other.name))


def check_words(verb: Verb, reason: str, message: str) -> None:
    """Raise Invalid where a decision needs a reason, or a message to the author, and has none."""
    if verb in REMOVALS and reason not in BY_CODE:
        raise Invalid(_("Choose a reason"), field="reason")
    if verb in REMOVALS and not message and (verb is Verb.RETURN or reason == "other"):
        raise Invalid(_("Write what the author should know"), field="message")


def _check_election(comment: Comment, verb: Verb, reason: str) -> None:
    """Refuse to call a comment party-political where no election is near: then nobody may be silenced for that."""
    if verb in REMOVALS and reason == BEFORE_ELECTIONS and not queries.is_before_election(comment):
        raise Invalid(_("Choose another reason: this one holds only before an election"), field="reason")


def _check_complaint(at: Standing, verb: Verb) -> None:
    """Let nobody pass over a notice of complaint: it is settled on a page of its own, by which both are told."""
    stays = at.comment.state is State.PUBLISHED and verb in (Verb.PUBLISH, Verb.KEEP)
    if stays and marks.DEFAMATION in marks.read(at.marks):
        raise Conflict(_("A notice of complaint about this comment is open. Settle that first."))


def _let_stay(actor: Any, at: Standing, verb: Verb, note: str) -> Decision:
    """Put on record that a published comment stays up, with its correction where there is one."""
    comment = at.comment
    if at.correction is not None:
        discussion.settle_correction(actor=actor, comment=comment, accept=verb is Verb.PUBLISH)
    decision = Decision(
        comment_id=comment.id,
        actor_id=actor.id,
        before=State.PUBLISHED,
        after=State.PUBLISHED,
        note=note,
        decided_at=clock.now(),
    )
    db.session.add(decision)
    audit.record(
        "comment.let_stay",
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        before=State.PUBLISHED.value,
        after=State.PUBLISHED.value,
        text_digest=digests.of_comment(comment),
    )
    return decision


def face(comment: Comment, correction: Correction | None, decision_id: int | None) -> str:
    """Return a short digest of what a moderator sees of a comment: where it stands, its words, and its new words.

    `decision_id` is the latest decision on it: one that let it stay changes nothing else, and is a decision all the same.
    """
    content = f"{comment.state.value}\n{comment.body}\n{correction.body if correction else ''}"
    content += f"\n{comment.replacement}\n{correction.replacement if correction else ''}\n{decision_id or ''}"
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def follow_state(
    sender: object,
    *,
    comment: Comment,
    before: State | None,
    decision: Decision | None = None,
    held: str = "",
    **rest: Any,
) -> None:
    """Keep the queue in step with a comment: what waits is in it; what is published or withdrawn leaves it."""
    if comment.state is State.WAITING:
        open_item(comment, Cause.WAITING, holds=decision.rule if decision is not None else held)
    elif before is not None and not (before is comment.state is State.PUBLISHED):
        settle(comment, actor_id=_decider(comment, decision))


def _decider(comment: Comment, decision: Decision | None) -> int | None:
    """Return the moderator who decided; None where the author or a rule changed the state."""
    is_own = decision is None or decision.actor_id == comment.author_id or comment.state is State.WITHDRAWN
    return None if is_own or decision is None else decision.actor_id


def follow_correction(sender: object, *, comment: Comment, correction: Correction, **rest: Any) -> None:
    """Put a comment whose author proposes other words in the queue."""
    open_item(comment, Cause.CORRECTED, holds=correction.rule)


def on_account_closed(sender: object, *, person: Any, heir: Any, **rest: Any) -> None:
    """Let the reports of somebody whose own row keeps the name of an official go to the row without a name."""
    _hand_reports_over([person.id], heir.id)


def on_comments_claimed(sender: object, *, person: Any, guest: Any, **rest: Any) -> None:
    """Let the reports that somebody made as a guest be theirs."""
    _hand_reports_over([guest.id], person.id)


def on_people_erased(sender: object, *, ids: Sequence[int], **rest: Any) -> None:
    """Let the reports of people who are no more be those of somebody without an account."""
    _hand_reports_over(ids, None)


def _hand_reports_over(ids: Sequence[int], heir_id: int | None) -> None:
    db.session.execute(update(Report).where(Report.reporter_id.in_(ids)).values(reporter_id=heir_id))


def open_item(
    comment: Comment,
    cause: Cause,
    reason: str = "",
    *,
    holds: str | None = None,
    mark: str = "",
    by: datetime | None = None,
) -> None:
    """Put a comment in the queue; if it is there already, a `reason` or a `mark` can still move it forward.

    `holds` is the rule by which it waits, if one is new. `by` is when it is due where that is not as promised; what is
    there already is then due at the earlier of both.
    """
    risk = due.risk_of(cause.value, reason, mark)
    holds = holds if holds is None or holds.startswith(PREFIX) else ""
    if (item := _open_item_of(comment)) is not None:
        item.risk = min(item.risk, risk)
        item.holds = item.holds if holds is None else holds
        item.marks = marks.add(item.marks, mark) if mark else item.marks
        item.due_at = item.due_at if by is None else min(item.due_at, by)
        db.session.flush()
        return
    now = clock.now()
    consultation = comment.document.consultation
    db.session.add(
        QueueItem(
            organisation_id=comment.organisation_id,
            consultation_id=consultation.id,
            comment_id=comment.id,
            cause=cause,
            since=now,
            due_at=by or due.due_at(consultation, now, settings().timezone),
            risk=risk,
            holds=holds or "",
            marks=mark,
        )
    )
    tally(comment.organisation_id, cause, 1)
    db.session.flush()


def retime(comment: Comment, by: datetime) -> None:
    """Let what is open of a comment be due at another time: the step that was due was taken, and the next has its own."""
    if (item := _open_item_of(comment)) is not None:
        item.due_at = by
        db.session.flush()


def unmark(comment: Comment, mark: str, *, actor_id: int | None) -> None:
    """Take a mark away; the comment leaves the queue with it unless something else keeps it there."""
    item = _open_item_of(comment)
    if item is None:
        return
    item.marks = marks.drop(item.marks, mark)
    reports = select(Report.id).where(Report.comment_id == comment.id, Report.settled_at.is_(None))
    is_needed = (
        item.marks
        or item.cause is not Cause.REPORTED
        or comment.state is State.WAITING
        or db.session.scalar(reports.limit(1)) is not None
        or queries.correction_of(comment.id) is not None
    )
    if not is_needed:
        settle(comment, actor_id=actor_id)


def settle(comment: Comment, *, actor_id: int | None) -> None:
    """Take a comment out of the queue and close the reports on it."""
    db.session.flush()
    now, run = clock.now(), db.session.connection().execute
    item = run(_SETTLE, {"comment": comment.id, "now": now, "actor": actor_id}).one_or_none()
    if item is None:
        return
    held = db.session.identity_map.get(db.session.identity_key(QueueItem, item.id))
    if held is not None:
        db.session.expire(held)
    tally(item.organisation_id, item.cause, -1)
    if actor_id is not None:
        pace.count(item, 1)
    run(_CLOSE_REPORTS, {"comment": comment.id, "now": now})


_items: Any = QueueItem.__table__
_reports: Any = Report.__table__
_SETTLE = (
    update(_items)
    .where(_items.c.comment_id == bindparam("comment"), _items.c.settled_at.is_(None))
    .values(settled_at=bindparam("now"), settled_by=bindparam("actor"))
    .returning(*(_items.c[name] for name in ("id", "organisation_id", "consultation_id", "cause")))
    .returning(*(_items.c[name] for name in ("since", "due_at", "settled_at")))
)
_CLOSE_REPORTS = (
    update(_reports)
    .where(_reports.c.comment_id == bindparam("comment"), _reports.c.settled_at.is_(None))
    .values(settled_at=bindparam("now"))
)


def _open_item_of(comment: Comment) -> QueueItem | None:
    return db.session.scalar(
        select(QueueItem).where(QueueItem.comment_id == comment.id, QueueItem.settled_at.is_(None))
    )
