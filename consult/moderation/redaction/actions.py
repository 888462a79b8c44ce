"""A moderator takes words out of a comment, and puts them back. What is public is changed; what stood there is kept apart."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from consult import audit, clock
from consult.announcements import comment_changed, response_corrected, words_put_back, words_taken_out
from consult.discussion import actions as discussion
from consult.discussion import digests
from consult.discussion.models import Comment, Decision, Response, State, Wording
from consult.documents.actions import touch
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.moderation import actions as moderation
from consult.moderation import queries as moderation_queries
from consult.moderation import standing
from consult.moderation.redaction import planning, queries
from consult.moderation.redaction.models import Ending, RedactedText, Redaction
from consult.moderation.redaction.planning import Change, Plan, Texts, texts_of
from consult.moderation.standing import Standing
from consult.moderation.undoing import acts
from consult.moderation.undoing.acts import Done
from consult.moderation.undoing.models import ModerationAct
from consult.permissions import May, require
from consult.reasons import BEFORE_ELECTIONS, PUT_BACK

ROOM = "consult.moderation.redaction"
REDACTABLE = (State.WAITING, State.PUBLISHED, State.RETURNED, State.TAKEN_DOWN)
TAKE_OUT, PUT_BACK_VERB = "take-out", "put-back"


def take_out(
    *, actor: Any, comment: Comment, plan: Plan, message: str = "", seen: str = "", aware: str = ""
) -> ModerationAct:
    """Carry out what was planned: the comment is public without the words, whatever it was before.

    `seen` and `aware` are as in `moderation.actions.decide`, and so is who may. Raises Conflict where the comment
    changed since it was planned, or its author's appeal is open; Invalid without a message for "something else".
    """
    at = _check(actor, comment, seen, aware)
    comment = at.comment
    if plan.reason == "other" and not message:
        raise Invalid(_("Write what the author should know"), field="message")
    if plan.reason == BEFORE_ELECTIONS and not moderation_queries.is_before_election(comment):
        raise Invalid(_("Choose another reason: this one holds only before an election"), field="reason")
    if comment.state not in REDACTABLE or texts_of(comment) != plan.own.before:
        raise Conflict(_("This comment changed while you were looking at it. Look again before you decide."))
    before = comment.state
    redaction = Redaction(
        comment_id=comment.id, passages="\n".join(plan.passages), mark=plan.mark, made_at=clock.now()
    )
    replies = _apply(comment, plan.changes)
    comment.redacted_at = redaction.made_at
    db.session.flush()
    decision = _decide(actor, comment, plan.reason, message, act="comment.take_out_words")
    redaction.decision_id = decision.id
    db.session.add(redaction)
    db.session.flush()
    db.session.add_all(_kept(redaction, change) for change in plan.changes)
    if at.correction is None and not at.marks:  # what else is said of it stays open
        moderation.settle(comment, actor_id=actor.id)
    _announce(comment, actor, replies)
    words_taken_out.send(ROOM, comment=comment, decision=decision, passages=plan.passages, mark=plan.mark)
    return acts.remember(actor=actor, verb=TAKE_OUT, done=[Done(comment, at.item_id, before, decision)])


def put_back(*, actor: Any, comment: Comment, why: str, seen: str = "") -> ModerationAct:
    """Put the words back that were taken out last, with a reason which the author is told.

    Raises Conflict where none are out any more, Invalid without a reason.
    """
    comment = _check(actor, comment, seen, aware="").comment
    found = queries.standing(comment)
    if not found or comment.state is not State.PUBLISHED:
        raise Conflict(_("No words are out of this comment any more. Look again."))
    if not why:
        raise Invalid(_("Write why the words go back"), field="why")
    decision = restore(actor=actor, redaction=found[0], ending=Ending.PUT_BACK, reason=PUT_BACK, note=why)
    words_put_back.send(ROOM, comment=comment, decision=decision)
    return acts.remember(
        actor=actor, verb=PUT_BACK_VERB, done=[Done(comment, None, State.PUBLISHED, decision)]
    )


def restore(
    *, actor: Any, redaction: Redaction, ending: Ending, reason: str, note: str = "", rule: str = ""
) -> Decision:
    """Put words back for an act that has asked who may: the texts are as they were, where nobody changed them since."""
    comment = redaction.comment
    replies = _exchange(redaction)
    decision = _decide(actor, comment, reason, note, act="comment.put_words_back", rule=rule)
    redaction.ended_at, redaction.ending, redaction.undoing_id = decision.decided_at, ending, decision.id
    _follow_what_stands(comment)
    _announce(comment, actor, replies)
    return decision


def on_decision_undone(sender: object, *, comment: Comment, decision_id: int, **rest: Any) -> None:
    """Follow a moderator who takes back a moment later what they took out or put back."""
    redaction = queries.of_decision(decision_id)
    if redaction is None:
        return
    replies = _exchange(redaction)
    if redaction.decision_id == decision_id:
        redaction.ended_at, redaction.ending = clock.now(), Ending.UNDONE
    else:
        redaction.ended_at = redaction.ending = redaction.undoing_id = None
    _follow_what_stands(comment)
    _record("comment.undo_words", comment, actor_id=redaction.decision.actor_id)
    _announce(comment, None, replies)


def on_comment_changed(sender: object, *, comment: Comment, decision: Any, **rest: Any) -> None:
    """Let redactions end where an author's new words have taken the place of those with the marks."""
    if sender == ROOM or decision is not None or comment.redacted_at is None:
        return
    for redaction in queries.standing(comment):
        redaction.ended_at, redaction.ending = clock.now(), Ending.OTHER_WORDS
    comment.redacted_at = None


def on_response_written(sender: object, *, response: Response, **rest: Any) -> None:
    """Let an official reply, new or corrected, not repeat what was taken out of a comment that it answers."""
    if sender == ROOM:
        return
    for redaction in queries.standing_under(response.id):
        change = planning.without_quotes(response, redaction.words, redaction.mark)
        if change.before != change.after:
            _apply(redaction.comment, [change])
            db.session.add(_kept(redaction, change))
    db.session.flush()


def forget(comment_id: int) -> list[str]:
    """Delete what was kept of a comment whose text is erased, and return it: mails may quote it."""
    ids = select(Redaction.id).where(Redaction.comment_id == comment_id)
    mine = RedactedText.redaction_id.in_(ids)
    rows = db.session.execute(select(RedactedText.body, RedactedText.replacement).where(mine)).all()
    db.session.execute(delete(RedactedText).where(mine))
    for redaction in db.session.scalars(select(Redaction).where(Redaction.comment_id == comment_id)):
        redaction.passages = ""
    return [words for row in rows for words in row if words]


def _check(actor: Any, comment: Comment, seen: str, aware: str) -> Standing:
    """Lock a comment and return how it stands, for who may decide on it and looks at what is there."""
    require(May.DECIDE, actor, comment)
    at = standing.hold(comment.key, person_id=actor.id)
    moderation.check_sight(actor=actor, at=at, seen=seen, aware=aware)
    if at.is_appealed:
        raise Conflict(_("The author has appealed. Publish the comment, or let a second moderator decide."))
    return at


def _decide(actor: Any, comment: Comment, reason: str, note: str, *, act: str, rule: str = "") -> Decision:
    """Lead a comment to the public, or put on record that it stays there with other words."""
    if comment.state is not State.PUBLISHED:
        decision = discussion.lead(
            actor=actor, comment=comment, after=State.PUBLISHED, reason=reason, note=note, rule=rule
        )
    else:
        decision = Decision(
            comment_id=comment.id,
            actor_id=None if rule or actor is None else actor.id,
            rule=rule,
            before=State.PUBLISHED,
            after=State.PUBLISHED,
            reason=reason,
            note=note,
            decided_at=clock.now(),
        )
        db.session.add(decision)
    _record(act, comment, actor_id=None if actor is None else actor.id, reason=reason)
    return decision


def _record(act: str, comment: Comment, *, actor_id: int | None, reason: str = "") -> None:
    db.session.flush()
    audit.record(
        act,
        f"comment:{comment.id}",
        actor_id=actor_id,
        organisation_id=comment.organisation_id,
        before=comment.state.value,
        after=comment.state.value,
        reason=reason,
        text_digest=digests.of_comment(comment),
    )


def _announce(comment: Comment, actor: Any, replies: Sequence[Response]) -> None:
    """Let whoever keeps the words follow: the search index, campaigns, the pages."""
    touch(comment.document)
    comment_changed.send(ROOM, comment=comment, before=comment.state, actor=actor, decision=None, held="")
    for reply in replies:
        response_corrected.send(ROOM, response=reply)


def _follow_what_stands(comment: Comment) -> None:
    """Say beside a comment since when words are out of it, now that some are out no more."""
    db.session.flush()
    wanted = select(Redaction.made_at).where(Redaction.comment_id == comment.id, Redaction.ended_at.is_(None))
    comment.redacted_at = db.session.scalar(wanted.order_by(Redaction.id.desc()).limit(1))
    db.session.flush()


def _apply(comment: Comment, changes: Sequence[Change]) -> list[Response]:
    """Put texts in place, and return the official replies among them. Raises Conflict where one changed meanwhile."""
    replies = []
    for change in changes:
        row = _row(comment, change.wording_id, change.response_id)
        if texts_of(row) != change.before:
            raise Conflict(
                _("This comment changed while you were looking at it. Look again before you decide.")
            )
        _put(row, change.after)
        if isinstance(row, Response):
            replies.append(row)
    return replies


def _exchange(redaction: Redaction) -> list[Response]:
    """Exchange what is public and what is kept; return the official replies that changed.

    What somebody has changed since keeps its words. Raises Conflict where that is the comment itself.
    """
    replies = []
    for kept in queries.texts_of(redaction):
        row = _row(redaction.comment, kept.wording_id, kept.response_id)
        public = texts_of(row)
        if public.face != kept.face:
            if row is redaction.comment:
                raise Conflict(_("The author has changed the comment since: there is nothing to put back."))
            continue
        was_kept = texts_of(kept)
        _put(row, was_kept)
        _put(kept, public)
        kept.face = was_kept.face
        if isinstance(row, Response):
            replies.append(row)
    db.session.flush()
    return replies


def _row(comment: Comment, wording_id: int | None, response_id: int | None) -> Any:
    if wording_id is not None:
        return db.session.get_one(Wording, wording_id)
    return comment if response_id is None else db.session.get_one(Response, response_id)


def _put(row: Any, texts: Texts) -> None:
    row.body, row.html = texts.body, texts.html
    if not isinstance(row, Response):
        row.replacement, row.replacement_html = texts.replacement, texts.replacement_html


def _kept(redaction: Redaction, change: Change) -> RedactedText:
    kept = RedactedText(
        redaction_id=redaction.id,
        wording_id=change.wording_id,
        response_id=change.response_id,
        face=change.after.face,
    )
    _put(kept, change.before)
    return kept
