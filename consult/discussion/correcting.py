"""Other words for a comment: at once, kept beside the earlier ones, or waiting for a moderator."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from consult import audit, clock
from consult.announcements import comment_changed, correction_proposed
from consult.consultations.models import Consultation, Policy
from consult.discussion import conditions, digests, kinds, leading, replacing, states
from consult.discussion.models import Comment, Correction, Decision, Kind, State, Wording
from consult.discussion.publication import held_by, text_of
from consult.discussion.wishes import PLAIN
from consult.discussion.words import Words, face, written
from consult.documents.actions import touch
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import ROW, db
from consult.permissions import May, allows, require

QUIET = timedelta(minutes=15)  # in which a correction is a slip of the pen, and nobody is told of it


def correct_comment(
    *, actor: Any, comment: Comment, body: str | Words, seen: str = "", kind: Kind | None = None
) -> Comment:
    """Give one's own comment other words, or call it another `kind`, while the consultation takes comments.

    A question stays one, whatever `kind` says: it is owed an answer.

    In the first 15 minutes, or before anybody could read it, that is all; later the earlier words stay to be
    read. Where a moderator looks before publication, a published comment keeps its approved words until the
    correction is approved. One that was taken down or returned goes to a moderator with its new words; what it said
    before is public nowhere. `seen` is the `face` of the words the form began with. Raises Closed after closing,
    Invalid for the same words sent again after they were taken down or returned.
    """
    require(May.CORRECT, actor, comment)
    words = body if isinstance(body, Words) else written(body)
    return put_right(
        actor=actor, comment=comment, words=words, seen=seen, is_in_time=conditions.takes_comments, kind=kind
    )


def put_right(
    *,
    actor: Any,
    comment: Comment,
    words: Words,
    seen: str,
    is_in_time: Callable[[Any, datetime], bool],
    kind: Kind | None = None,
) -> Comment:
    """The same, for an act that has asked who may. `is_in_time` says of a consultation whether they still can."""
    fresh = ["state", "kind", "answered_at", "body", "html", "replacement", "replacement_html", "salt"]
    db.session.refresh(comment, [*fresh, "is_sealed"], with_for_update=ROW)
    if comment.is_sealed:
        raise Conflict(
            _("The text of this comment is sealed. Nothing can be done with it until that is lifted.")
        )
    if comment.state not in states.CORRECTABLE:
        raise Conflict(_("This comment has been withdrawn or erased. Its words can no longer be changed."))
    if seen and seen != face_of(comment):
        raise Conflict(_("You changed these words in another window."), theirs=comment.body, yours=words.body)
    consultation = comment.document.consultation
    if not is_in_time(consultation, clock.now()):
        raise Closed(_("Comments are closed. You can still withdraw what you wrote."))
    words = replacing.on_its_block(comment, words)
    kind = kinds.after_correction(comment, kind)
    conditions.check_talk(consultation, kind, PLAIN, False, words.replacement)
    if (words.body, words.replacement, kind) == (comment.body, comment.replacement, comment.kind):
        if comment.state in states.SENT_BACK:
            raise Invalid(_("Change your words before you send them again"), field="body")
        return comment
    before, held = comment.state, _correction_held_by(comment, consultation, words)
    is_editors = comment.by_editor and allows(May.EDIT_TOOLKIT, actor)  # who may have been one only then
    is_looked_at = consultation.policy is Policy.BEFORE and not is_editors
    if comment.state is State.PUBLISHED and (held or is_looked_at):
        _propose(actor, comment, words, kind, rule=held)
    else:
        is_withheld = before in states.SENT_BACK
        _reword(actor, comment, words, kind, is_told=is_told(comment), is_withheld=is_withheld, held=held)
        if is_withheld:
            leading.lead_held(actor=actor, comment=comment, after=State.WAITING, rule=held or "corrected")
    return comment


def _correction_held_by(comment: Comment, consultation: Consultation, words: Words) -> str:
    """Return the rule by which new words wait: of what is published, only for what they bring."""
    if comment.is_team_only:
        return ""
    approved = text_of(comment.body, comment.replacement) if comment.state is State.PUBLISHED else ""
    return held_by(comment, consultation, text_of(words.body, words.replacement), approved)


def settle_correction(*, actor: Any, comment: Comment, accept: bool, reason: str = "") -> Comment:
    """Put the waiting correction of a published comment in place of its words, or drop it."""
    require(May.DECIDE, actor, comment)
    correction = db.session.scalar(select(Correction).where(Correction.comment_id == comment.id))
    if correction is None or comment.state is not State.PUBLISHED:
        raise Conflict(_("This correction has been settled already."))
    words = Words(
        correction.body,
        correction.html,
        correction.replacement,
        correction.replacement_html,
        comment.block_id,
    )
    kind = kinds.after_correction(comment, correction.kind)
    db.session.delete(correction)
    if accept:
        _reword(actor, comment, words, kind, is_told=True)
    else:
        _record("comment.refuse_correction", comment, actor, reason)
    return comment


def hold_back(*, comment: Comment, rule: str, reason: str = "") -> Decision:
    """Let a published comment wait unseen for a moderator, by a rule. Its author's waiting words are its words then."""
    proposed = db.session.scalar(select(Correction).where(Correction.comment_id == comment.id))
    decision = leading.lead(actor=None, comment=comment, after=State.WAITING, reason=reason, rule=rule)
    if proposed is not None:
        words = Words(
            proposed.body,
            proposed.html,
            proposed.replacement,
            proposed.replacement_html,
            comment.block_id,
        )
        kind = kinds.after_correction(comment, proposed.kind)
        _reword(comment.author, comment, words, kind, is_told=True)
    return decision


def face_of(comment: Comment) -> str:
    """Return the `face` of what a comment says, to which a form of its author belongs."""
    return face(comment.body, comment.replacement)


def is_told(comment: Comment) -> bool:
    """Say whether readers are told of a correction: somebody could read it, for longer than a slip takes."""
    could_read = comment.was_published or comment.state is State.RECEIVED
    return could_read and clock.now() - comment.created_at > QUIET


def _reword(
    actor: Any,
    comment: Comment,
    words: Words,
    kind: Kind,
    *,
    is_told: bool,
    is_withheld: bool = False,
    held: str = "",
) -> None:
    now = clock.now()
    if is_withheld:
        _withhold_wordings(comment)
    if is_told or is_withheld:
        earlier = Wording(
            comment_id=comment.id,
            kind=comment.kind,
            body=comment.body,
            html=comment.html,
            replacement=comment.replacement,
            replacement_html=comment.replacement_html,
            replaced_at=now,
            is_withheld=is_withheld,
        )
        db.session.add(earlier)
    if is_told:
        comment.edited_at = now
    comment.body, comment.html = words.body, words.html
    comment.replacement, comment.replacement_html = words.replacement, words.replacement_html
    kinds.set_kind(comment, kind, now)
    if comment.state is State.PUBLISHED or comment.was_published:
        touch(
            comment.document
        )  # a change of state may follow: the draft is locked before the record, as by everybody
    _record("comment.correct", comment, actor)
    comment_changed.send(
        "consult.discussion", comment=comment, before=comment.state, actor=actor, decision=None, held=held
    )


def _withhold_wordings(comment: Comment) -> None:
    """Let nobody but moderators read what a comment said before: what was taken down may stand there too."""
    db.session.execute(update(Wording).where(Wording.comment_id == comment.id).values(is_withheld=True))


def _propose(actor: Any, comment: Comment, words: Words, kind: Kind, *, rule: str) -> None:
    db.session.execute(delete(Correction).where(Correction.comment_id == comment.id))
    correction = Correction(
        comment_id=comment.id,
        kind=kind,
        body=words.body,
        html=words.html,
        replacement=words.replacement,
        replacement_html=words.replacement_html,
        proposed_at=clock.now(),
        rule=rule,
    )
    db.session.add(correction)
    _record("comment.propose_correction", comment, actor)
    correction_proposed.send("consult.discussion", comment=comment, correction=correction, actor=actor)


def _record(act: str, comment: Comment, actor: Any, reason: str = "") -> None:
    db.session.flush()
    audit.record(
        act,
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        reason=reason,
        text_digest=digests.of_comment(comment),
    )
