"""An author appeals; a second moderator, or an outsider where there is none, grants the appeal or upholds the decision."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from consult import audit, clock
from consult.accounts.models import Organisation, Person
from consult.announcements import appeal_made, appeal_sent_out, appeal_settled
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, Decision, State
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import ROW, db
from consult.keys import new_key
from consult.moderation.actions import open_item, settle
from consult.moderation.appeals import queries, signing
from consult.moderation.appeals.models import Appeal, Outcome, Outsider
from consult.moderation.models import Cause
from consult.moderation.redaction import queries as redaction
from consult.moderation.redaction.actions import ROOM as REDACTION
from consult.moderation.redaction.actions import restore
from consult.moderation.redaction.models import Ending
from consult.permissions import May, require
from consult.reasons import BY_APPEAL, UNDONE

ROOM = "consult.moderation"
HEARD = (Outcome.GRANTED, Outcome.UPHELD)
BY_OUTSIDER = "appeal.outsider"  # the rule under which an outsider's decision stands on record


def make_appeal(*, actor: Any, comment: Comment, why: str) -> Appeal:
    """Appeal against the decision that took one's own comment down, returned it or took words out of it.

    Raises Invalid without a reason, Conflict where no moderator's decision stands or it was appealed against before.
    """
    require(May.CORRECT, actor, comment)
    db.session.refresh(comment, ["state", "redacted_at"], with_for_update=ROW)
    decision = queries.decision_on(comment)
    if decision is None or not queries.may_be_appealed(decision, comment):
        raise Conflict(_("There is no decision of a moderator on this comment to appeal against."))
    if queries.appeal_on(decision) is not None:
        raise Conflict(_("You have appealed against this decision. We tell you the outcome by email."))
    if not why:
        raise Invalid(_("Write why the decision is wrong"), field="why")
    appeal = Appeal(
        key=new_key(signing.KEY_LENGTH),
        organisation_id=comment.organisation_id,
        comment_id=comment.id,
        decision_id=decision.id,
        decided_by=decision.actor_id,
        reason=decision.reason,
        why=why,
        made_at=clock.now(),
    )
    db.session.add(appeal)
    db.session.flush()
    open_item(comment, Cause.APPEALED)
    _record("appeal.make", appeal, actor.id, reason=decision.reason)
    if not queries.second_moderators(comment, decided_by=appeal.decided_by):
        _send_out(appeal)
    appeal_made.send(ROOM, appeal=appeal, comment=comment)
    return appeal


def withdraw_appeal(*, actor: Any, comment: Comment) -> None:
    """Take back one's own appeal, which nobody decides then: the decision stands, and it is the only appeal there was.

    Raises Conflict where somebody has decided it already, or there is none.
    """
    require(May.CORRECT, actor, comment)
    db.session.refresh(comment, ["state", "redacted_at"], with_for_update=ROW)
    appeal = queries.open_appeal(comment.id)
    if appeal is None:
        raise Conflict(_("Your appeal has been decided already."))
    _close(appeal, Outcome.WITHDRAWN, actor_id=actor.id)
    if comment.state is not State.PUBLISHED or not queries.is_reported(comment.id):
        settle(comment, actor_id=None)


def decide_appeal(*, actor: Any, appeal: Appeal, outcome: Outcome, words: str) -> None:
    """Grant an appeal, which publishes the comment again, or uphold the decision, with words for the author.

    Raises NotAllowed for whoever took the decision or has a part in the draft, Conflict when somebody was quicker,
    Invalid without words.
    """
    comment = appeal.comment
    require(May.DECIDE, actor, comment)
    if not queries.may_hear(actor, appeal, comment):
        raise NotAllowed(
            _(
                "You took this decision, wrote the comment, or have a part in the draft. "
                "Somebody else hears the appeal."
            )
        )
    _settle(appeal, outcome, words, actor=actor)


def decide_as_outsider(*, actor: Any, appeal: Appeal, outcome: Outcome, words: str) -> None:
    """The same, by the person outside who was sent the appeal: the link that they opened says who they are."""
    _settle(appeal, outcome, words, actor=None)


def _settle(appeal: Appeal, outcome: Outcome, words: str, *, actor: Person | None) -> None:
    comment = appeal.comment
    db.session.refresh(comment, ["state", "redacted_at"], with_for_update=ROW)
    db.session.refresh(appeal, ["settled_at", "outcome"], with_for_update=True)
    if appeal.settled_at is not None:
        raise Conflict(_("This appeal has been decided already. Your decision was not taken."))
    if comment.is_sealed and outcome is Outcome.GRANTED:
        raise Conflict(
            _("The text of this comment is sealed. Nothing can be done with it until that is lifted.")
        )
    if not words:
        raise Invalid(_("Write what the author should know"), field="told")
    _close(appeal, outcome, words=words, actor_id=None if actor is None else actor.id)
    settle(comment, actor_id=None if actor is None else actor.id)
    if outcome is Outcome.GRANTED:
        _grant(comment, actor, rule="" if actor is not None else BY_OUTSIDER)
    appeal_settled.send(ROOM, appeal=appeal, comment=comment)


def _grant(comment: Comment, actor: Person | None, *, rule: str) -> None:
    """Publish a comment again, or put back what was taken out of it."""
    if comment.state is not State.PUBLISHED:
        discussion.lead(actor=actor, comment=comment, after=State.PUBLISHED, reason=BY_APPEAL, rule=rule)
        return
    for taken in redaction.standing(comment)[:1]:  # the last, against which the appeal is
        restore(actor=actor, redaction=taken, ending=Ending.APPEAL, reason=BY_APPEAL, rule=rule)


def note_late(*, actor: Any, appeal: Appeal) -> None:
    """Put on record that somebody decided on an appeal a moment after somebody else had: it changed nothing."""
    _record("appeal.late", appeal, actor.id)


def _close(appeal: Appeal, outcome: Outcome, *, words: str = "", actor_id: int | None = None) -> None:
    appeal.outcome, appeal.words = outcome, words
    appeal.settled_at, appeal.settled_by = clock.now(), actor_id
    by = "outsider" if appeal.outsider_email and actor_id is None else ""
    appeal.outsider_email = ""
    acts = {
        Outcome.GRANTED: "appeal.grant",
        Outcome.UPHELD: "appeal.uphold",
        Outcome.WITHDRAWN: "appeal.withdraw",
        Outcome.OVERTAKEN: "appeal.overtake",
    }
    _record(acts[outcome], appeal, actor_id, reason=by if outcome in HEARD else "")


def follow_state(
    sender: object, *, comment: Comment, before: State | None, decision: Decision | None, **rest: Any
) -> None:
    """Close the appeal on a comment that moved on: its author corrected it, or a moderator took the decision back."""
    if decision is None:
        _follow_words(sender, comment)
    if decision is None or before is None:
        return
    was_redacted = before is State.PUBLISHED is not comment.state and comment.redacted_at is not None
    if (before in queries.APPEALABLE or was_redacted) and (
        appeal := queries.open_appeal(comment.id)
    ) is not None:
        _close(appeal, Outcome.OVERTAKEN)
        settle(comment, actor_id=None)
    if decision.reason == UNDONE:
        _open_again(comment)
    if comment.state is State.ERASED:
        db.session.execute(
            update(Appeal).where(Appeal.comment_id == comment.id).values(why="", words="")
        )  # either may quote what was erased


def _follow_words(sender: object, comment: Comment) -> None:
    """Close the appeal on words that were taken out of a comment which says something else now."""
    if sender == REDACTION or comment.redacted_at is None:
        return
    if (appeal := queries.open_appeal(comment.id)) is not None:
        _close(appeal, Outcome.OVERTAKEN)
        settle(comment, actor_id=None)


def _open_again(comment: Comment) -> None:
    """Open the appeal again that was overtaken by a decision which somebody took back a moment later."""
    decision = queries.decision_on(comment)
    appeal = queries.appeal_on(decision) if decision is not None else None
    if appeal is None or appeal.outcome is not Outcome.OVERTAKEN:
        return
    appeal.outcome, appeal.settled_at = None, None
    db.session.flush()
    _record("appeal.open_again", appeal, None)
    if not queries.second_moderators(comment, decided_by=appeal.decided_by):
        _send_out(appeal)


def name_outsider(*, actor: Any, organisation: Organisation, name: str, email: str) -> None:
    """Say who hears appeals where there is no second moderator; what waits for somebody goes to them at once.

    With neither name nor address nobody is named any more.
    """
    require(May.ADMINISTER, actor, organisation)
    outsider = queries.outsider_of(organisation.id)
    if not name and not email:
        if outsider is not None:
            db.session.delete(outsider)
            _record_naming("outsider.remove", organisation, actor)
        return
    if not name or not email:
        field = "email" if name else "name"
        raise Invalid(_("Give both a name and an address, or neither"), field=field)
    if outsider is None:
        outsider = Outsider(organisation_id=organisation.id)
        db.session.add(outsider)
    outsider.name, outsider.email = name, email
    outsider.named_by, outsider.named_at = actor.id, clock.now()
    db.session.flush()
    _record_naming("outsider.name", organisation, actor)
    for appeal in queries.waiting_for_somebody(organisation.id):
        if not queries.second_moderators(appeal.comment, decided_by=appeal.decided_by):
            _send_out(appeal)


def _send_out(appeal: Appeal) -> None:
    """Send an appeal that no moderator may hear to the outsider, if one is named; otherwise it waits in the queue."""
    outsider = queries.outsider_of(appeal.organisation_id)
    if outsider is None:
        return
    appeal.outsider_name, appeal.outsider_email = outsider.name, outsider.email
    db.session.flush()
    _record("appeal.send_out", appeal, None)
    appeal_sent_out.send(ROOM, appeal=appeal, comment=appeal.comment, signed=signing.sign(appeal))


def on_moderator_left(sender: object, **rest: Any) -> None:
    """Send out the appeals that no moderator may hear any more."""
    db.session.flush()
    wanted = select(Appeal).where(Appeal.settled_at.is_(None), Appeal.outsider_email == "")
    for appeal in db.session.scalars(wanted.order_by(Appeal.id)).all():
        if not queries.second_moderators(appeal.comment, decided_by=appeal.decided_by):
            _send_out(appeal)


def _record(act: str, appeal: Appeal, actor_id: int | None, *, reason: str = "") -> None:
    audit.record(
        act,
        f"appeal:{appeal.id}",
        actor_id=actor_id,
        organisation_id=appeal.organisation_id,
        before="" if act == "appeal.make" else "open",
        after=appeal.outcome.value if appeal.outcome else "open",
        reason=reason,
    )


def _record_naming(act: str, organisation: Organisation, actor: Any) -> None:
    audit.record(act, f"organisation:{organisation.id}", actor_id=actor.id, organisation_id=organisation.id)
