"""What people do with their comments. `change_state` is the one way a state changes; officials: `answering`.

Words are rendered before a transaction opens: `written` does it, the actions take its answer.
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, insert, select

from consult import audit, clock
from consult.announcements import comment_changed, correction_proposed
from consult.consultations import stages
from consult.consultations.models import Policy
from consult.discussion import conditions, states
from consult.discussion.answering import correct_response as correct_response
from consult.discussion.answering import respond as respond
from consult.discussion.counting import count_change
from consult.discussion.models import Comment, Correction, Decision, Kind, Response, State, Wording
from consult.discussion.words import Words, form_token
from consult.discussion.words import answer_written as answer_written
from consult.discussion.words import face as face
from consult.discussion.words import written as written
from consult.documents.actions import touch
from consult.documents.models import Paragraph
from consult.errors import Closed, Conflict
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, allows, require

QUIET = timedelta(minutes=15)  # in which a correction is a slip of the pen, and nobody is told of it
KEY_LENGTH = 10


def post_comment(
    *,
    actor: Any,
    paragraph: Paragraph,
    body: str | Words,
    kind: Kind = Kind.COMMENT,
    parent: Comment | None = None,
    response: Response | None = None,
    once: str = "",
    version: int | None = None,
) -> Comment:
    """Record a comment on the words of `version` (the current one when None); a moderator may have to look first.

    A reply to a `response` hangs on the comment it answered. The same form (`once`) with the same words makes one
    row. Raises Closed when nobody can comment now, Conflict when `parent` can no longer be replied to.
    """
    require(May.COMMENT, actor, paragraph)
    words = body if isinstance(body, Words) else written(body)
    token = form_token(once, paragraph.id, parent.id if parent else None, kind.value, words.body)
    if token and (twin := _posted(actor.id, token)):
        return twin
    document = paragraph.document
    consultation = document.consultation
    now = clock.now()
    conditions.check_open(consultation, paragraph, now)
    if parent is not None:
        conditions.check_parent(parent, paragraph)
    version_id = conditions.version_read(document, version)
    comment = Comment(
        key=new_key(KEY_LENGTH),
        organisation_id=consultation.organisation_id,
        document_id=document.id,
        paragraph_id=paragraph.id,
        version_id=version_id,
        block_id=conditions.block_read(paragraph, version_id),
        parent_id=parent.id if parent else None,
        root_id=(parent.root_id or parent.id) if parent else None,
        depth=parent.depth + 1 if parent else 0,
        reply_to_response_id=response.id if response else None,
        author_id=actor.id,
        kind=kind,
        was_published=False,
        body=words.body,
        html=words.html,
        created_at=now,
        once=token or None,
    )
    db.session.add(comment)
    after = State.WAITING if consultation.policy is Policy.BEFORE else State.PUBLISHED
    _move(comment, None, after, actor=actor, rule=f"policy.{consultation.policy.value}", act="comment.post")
    return comment


_decisions: Any = Decision.__table__
_DECIDED = insert(_decisions)


def change_state(
    *, actor: Any, comment: Comment, after: State, reason: str = "", note: str = "", rule: str = ""
) -> Decision:
    """Lead a comment from one state to another: the one way in which that happens.

    A moderator decides; an author alone withdraws; a `rule` needs nobody. Adds the Decision and the audit entry,
    changes counts and stamps, and announces it. Raises Conflict when the comment's state does not lead there.
    """
    if not rule and not (allows(May.CORRECT, actor, comment) and after in states.AUTHORS_OWN):
        require(May.DECIDE, actor, comment)
    db.session.refresh(comment, ["state", "was_published", "answered_at"], with_for_update=True)
    before = comment.state
    if not states.leads_to(before, after):
        raise Conflict(_("This comment changed while you were looking at it. Look again before you decide."))
    return _move(comment, before, after, actor=actor, reason=reason, note=note, rule=rule)


def _move(
    comment: Comment,
    before: State | None,
    after: State,
    *,
    actor: Any,
    reason: str = "",
    note: str = "",
    rule: str = "",
    act: str = "",
) -> Decision:
    now = clock.now()
    comment.state = after
    comment.state_changed_at = now
    comment.state_reason = reason
    if after is State.PUBLISHED:
        comment.published_at = comment.published_at or now
        comment.was_published = True
    db.session.flush()
    actor_id = None if actor is None else actor.id
    decided: dict[str, Any] = {
        "comment_id": comment.id,
        "actor_id": None if rule else actor_id,
        "rule": rule,
        "before": before,
        "after": after,
        "reason": reason,
        "note": note,
        "decided_at": now,
    }
    db.session.connection().execute(_DECIDED, decided)
    decision = Decision(**decided)  # to tell the listeners: the row is there, and no decision is ever changed
    step = (after is State.PUBLISHED) - (before is State.PUBLISHED)
    if step:
        count_change(comment, step)
    if before is State.PUBLISHED:
        db.session.execute(delete(Correction).where(Correction.comment_id == comment.id))
    audit.record(
        act or states.ACTS[after],
        f"comment:{comment.id}",
        actor_id=actor_id,
        organisation_id=comment.organisation_id,
        before=before.value if before else "",
        after=after.value,
        reason=reason,
    )
    comment_changed.send("consult.discussion", comment=comment, before=before, actor=actor, decision=decision)
    return decision


def correct_comment(*, actor: Any, comment: Comment, body: str | Words, seen: str = "") -> Comment:
    """Give one's own comment other words, while the consultation takes comments.

    In the first 15 minutes, or before anybody could read it, that is all; later the earlier words stay to be
    read. Where a moderator looks before publication, a published comment keeps its approved words until the
    correction is approved. `seen` is the `face` of the words the form began with. Raises Closed after closing.
    """
    require(May.CORRECT, actor, comment)
    words = body if isinstance(body, Words) else written(body)
    db.session.refresh(comment, ["state", "body", "html"], with_for_update=True)
    if comment.state not in states.CORRECTABLE:
        raise Conflict(
            _("This comment has been withdrawn or taken down. Its words can no longer be changed.")
        )
    if seen and seen != face(comment.body):
        raise Conflict(_("You changed these words in another window."), theirs=comment.body, yours=words.body)
    consultation = comment.document.consultation
    if not stages.takes_comments(consultation, clock.now()):
        raise Closed(_("Comments are closed. You can still withdraw what you wrote."))
    if words.body == comment.body:
        return comment
    if comment.state is State.PUBLISHED and consultation.policy is Policy.BEFORE:
        _propose(actor, comment, words)
    else:
        _reword(actor, comment, words, is_told=is_told(comment))
        if comment.state is State.RETURNED:
            _move(comment, State.RETURNED, State.WAITING, actor=actor, rule="corrected")
    return comment


def settle_correction(*, actor: Any, comment: Comment, accept: bool, reason: str = "") -> Comment:
    """Put the waiting correction of a published comment in place of its words, or drop it."""
    require(May.DECIDE, actor, comment)
    correction = db.session.scalar(select(Correction).where(Correction.comment_id == comment.id))
    if correction is None or comment.state is not State.PUBLISHED:
        raise Conflict(_("This correction has been settled already."))
    words = Words(correction.body, correction.html)
    db.session.delete(correction)
    if accept:
        _reword(actor, comment, words, is_told=True)
    else:
        _record("comment.refuse_correction", comment, actor, reason)
    return comment


def withdraw_comment(*, actor: Any, comment: Comment) -> Decision:
    """Take one's own comment back, also after closing: a marker is left where it was public, replies stay."""
    require(May.CORRECT, actor, comment)
    return change_state(actor=actor, comment=comment, after=State.WITHDRAWN, reason="author")


def is_told(comment: Comment) -> bool:
    """Say whether readers are told of a correction: somebody could read it, for longer than a slip takes."""
    return comment.was_published and clock.now() - comment.created_at > QUIET


def _reword(actor: Any, comment: Comment, words: Words, *, is_told: bool) -> None:
    now = clock.now()
    if is_told:
        db.session.add(Wording(comment_id=comment.id, body=comment.body, html=comment.html, replaced_at=now))
        comment.edited_at = now
    comment.body, comment.html = words.body, words.html
    if comment.state is State.PUBLISHED:
        touch(comment.document)
    _record("comment.correct", comment, actor)
    comment_changed.send(
        "consult.discussion", comment=comment, before=comment.state, actor=actor, decision=None
    )


def _propose(actor: Any, comment: Comment, words: Words) -> None:
    db.session.execute(delete(Correction).where(Correction.comment_id == comment.id))
    correction = Correction(comment_id=comment.id, body=words.body, html=words.html, proposed_at=clock.now())
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
    )


def _posted(author_id: int, token: str) -> Comment | None:
    """Return what this form made before; most often nothing, which the database says without an object."""
    found = db.session.scalar(_TWIN, {"author": author_id, "token": token})
    return None if found is None else db.session.get(Comment, found)


_TWIN = select(Comment.__table__.c.id).where(
    Comment.__table__.c.author_id == bindparam("author"), Comment.__table__.c.once == bindparam("token")
)
