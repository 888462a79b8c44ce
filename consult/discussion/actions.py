"""What people do with their comments. `change_state` is the one way a state changes; officials: `answering.actions`.

Words are rendered before a transaction opens: `written` does it, the actions take its answer.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from consult import audit, clock
from consult.accounts import names, terms
from consult.announcements import comment_changed, correction_proposed, publication_asked
from consult.consultations.models import Consultation, Policy
from consult.discussion import conditions, digests, kinds, replacing, states
from consult.discussion.answering.actions import correct_response as correct_response
from consult.discussion.answering.actions import respond as respond
from consult.discussion.answering.undoing import undo_response as undo_response
from consult.discussion.counting import count_change, count_team
from consult.discussion.ledger import entries as ledger
from consult.discussion.models import Citation, Comment, Correction, Decision, Kind, Response, State, Wording
from consult.discussion.wishes import PLAIN, Wishes
from consult.discussion.words import Words, form_token
from consult.discussion.words import answer_written as answer_written
from consult.discussion.words import face as face
from consult.discussion.words import letter_written as letter_written
from consult.discussion.words import written as written
from consult.documents.actions import touch
from consult.documents.models import Paragraph
from consult.errors import Closed, Conflict, Invalid, NotFound
from consult.extensions import ROW, db
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
    wishes: Wishes = PLAIN,
    cites: Sequence[Paragraph] | None = None,
    manner: str = "",
) -> Comment:
    """Record a comment on the words of `version` (the current one when None); a moderator may have to look first.

    A reply to a `response` hangs on the comment it answered. The same form (`once`) with the same words makes one
    row. With `cites`, even empty, it is a letter, which is about those paragraphs. Raises Closed when nobody can
    comment now, Conflict when `parent` can no longer be replied to.
    """
    require(May.COMMENT, actor, paragraph)
    words = body if isinstance(body, Words) else written(body)
    more = (words.replacement,) if words.replacement else ()
    token = form_token(once, paragraph.id, parent.id if parent else None, kind.value, words.body, *more)
    if token and (twin := _posted(actor.id, token)):
        return twin
    comment = write_comment(
        author=actor,
        paragraph=paragraph,
        words=words,
        kind=kind,
        parent=parent,
        response=response,
        version=version,
        wishes=wishes,
        cites=cites,
        token=token,
        manner=manner,
    )
    consultation = paragraph.document.consultation
    after, rule = begins_as(comment, consultation, rule=f"policy.{consultation.policy.value}")
    _move(comment, None, after, actor=actor, rule=rule, act="comment.post")
    return comment


def begins_as(comment: Comment, consultation: Consultation, *, rule: str) -> tuple[State, str]:
    """Return where a comment goes whose author is known, and by which rule: to the team, a moderator, or the page.

    The rule is the given one, or that by which it must wait.
    """
    if comment.is_team_only:
        return State.RECEIVED, rule
    held = held_by(comment, consultation, _text_of(comment.body, comment.replacement))
    if held or (consultation.policy is Policy.BEFORE and not comment.by_editor):
        return State.WAITING, held or rule
    return State.PUBLISHED, "policy.editor" if comment.by_editor else rule


def held_by(comment: Comment, consultation: Consultation, text: str, approved: str | None = None) -> str:
    """Return the rule by which a comment with this text must wait for a moderator; empty where none asks for it."""
    answers = publication_asked.send(
        "consult.discussion", comment=comment, consultation=consultation, text=text, approved=approved
    )
    return next((str(rule) for _listener, rule in answers if rule), "")


def _text_of(body: str, replacement: str) -> str:
    return f"{body}\n\n{replacement}" if replacement else body


def write_comment(
    *,
    author: Any,
    paragraph: Paragraph,
    words: Words,
    kind: Kind,
    parent: Comment | None,
    response: Response | None,
    version: int | None,
    wishes: Wishes,
    cites: Sequence[Paragraph] | None = None,
    token: str = "",
    manner: str = "",
) -> Comment:
    """Add the row of a comment, still without a state; whoever calls leads it to the first. Raises as `post_comment`."""
    document = paragraph.document
    consultation = document.consultation
    now = clock.now()
    conditions.check_open(consultation, paragraph, now)
    conditions.check_talk(consultation, kind, wishes, cites is not None, words.replacement)
    if parent is not None:
        conditions.check_parent(parent, paragraph)
    if wishes.on_behalf_of:
        names.refuse_posing_body(wishes.on_behalf_of, own=author, field="organisation")
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
        author_id=author.id,
        kind=kind,
        was_published=False,
        is_team_only=wishes.is_team_only,
        confidential_reason=wishes.confidential_reason,
        on_behalf_of=wishes.on_behalf_of,
        on_behalf_kind=wishes.on_behalf_kind,
        is_letter=cites is not None,
        by_editor=consultation.is_toolkit and allows(May.EDIT_TOOLKIT, author),
        terms=terms.VERSION,
        body=words.body,
        html=words.html,
        created_at=now,
        once=token or None,
        manner=manner,
    )
    words = replacing.on_its_block(comment, words)
    comment.replacement, comment.replacement_html = words.replacement, words.replacement_html
    db.session.add(comment)
    if cites:
        comment.state = State.UNCONFIRMED  # until the caller has said where it goes
        db.session.flush()
        db.session.add_all(
            [Citation(comment_id=comment.id, paragraph_id=each.id) for each in dict.fromkeys(cites)]
        )
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
        if comment.is_team_only:
            raise NotFound  # no moderator may know that it is there
        require(May.DECIDE, actor, comment)
    return lead(actor=actor, comment=comment, after=after, reason=reason, note=note, rule=rule)


def lead_held(*, actor: Any, comment: Comment, after: State, reason: str = "", note: str = "") -> Decision:
    """Lead a comment to another state, for an act that has asked who may and read the comment under its lock."""
    return _move(comment, comment.state, after, actor=actor, reason=reason, note=note)


def lead(
    *, actor: Any, comment: Comment, after: State, reason: str = "", note: str = "", rule: str = ""
) -> Decision:
    """Lead a comment to another state, for an act that has asked who may."""
    fresh = ["state", "kind", "was_published", "answered_at", "body", "replacement", "salt", "is_sealed"]
    db.session.refresh(comment, fresh, with_for_update=ROW)
    return _move(comment, comment.state, after, actor=actor, reason=reason, note=note, rule=rule)


def begin(*, actor: Any, comment: Comment, after: State, rule: str, act: str) -> Decision:
    """Lead a comment that was only just written to its first state, for an act that has asked who may."""
    return _move(comment, None, after, actor=actor, rule=rule, act=act)


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
    if comment.is_sealed and after is not State.ERASED:
        raise Conflict(
            _("The text of this comment is sealed. Nothing can be done with it until that is lifted.")
        )
    if not states.leads_to(before, after, is_team_only=comment.is_team_only):
        raise Conflict(_("This comment changed while you were looking at it. Look again before you decide."))
    now = clock.now()
    _stand(comment, before, after, reason, now)
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
    added = db.session.connection().execute(_DECIDED, decided).inserted_primary_key
    decision = Decision(
        id=added[0] if added else None, **decided
    )  # to tell the listeners: the row is there, and no decision is ever changed
    step = (after is State.PUBLISHED) - (before is State.PUBLISHED)
    if step:
        count_change(comment, step)
    elif before is not None and comment.was_published:
        touch(comment.document)  # the marker in its place says something else now
    team_step = (after is State.RECEIVED) - (before is State.RECEIVED)
    if team_step:
        count_team(comment, team_step)
    ledger.follow_state(comment, before)
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
        text_digest=digests.of_comment(comment),
    )
    comment_changed.send("consult.discussion", comment=comment, before=before, actor=actor, decision=decision)
    return decision


def _stand(comment: Comment, before: State | None, after: State, reason: str, now: datetime) -> None:
    """Write where a comment stands from now on; one that is there already is changed by a statement built once."""
    is_public = after is State.PUBLISHED
    values = {
        "state": after,
        "state_changed_at": now,
        "state_reason": reason,
        "published_at": (comment.published_at or now) if is_public else comment.published_at,
        "was_published": is_public or bool(comment.was_published),
    }
    write = setattr if before is None else set_committed_value
    for name, value in values.items():
        write(comment, name, value)
    db.session.flush()
    if before is not None:
        db.session.connection().execute(_STAND, {"comment": comment.id, **values})


_comments: Any = Comment.__table__
_STAND = (
    update(_comments)
    .where(_comments.c.id == bindparam("comment"))
    .values({name: bindparam(name) for name in ("state", "state_changed_at", "state_reason")})
    .values({name: bindparam(name) for name in ("published_at", "was_published")})
)


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
            _move(comment, before, State.WAITING, actor=actor, rule=held or "corrected")
    return comment


def _correction_held_by(comment: Comment, consultation: Consultation, words: Words) -> str:
    """Return the rule by which new words wait: of what is published, only for what they bring."""
    if comment.is_team_only:
        return ""
    approved = _text_of(comment.body, comment.replacement) if comment.state is State.PUBLISHED else ""
    return held_by(comment, consultation, _text_of(words.body, words.replacement), approved)


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
    decision = lead(actor=None, comment=comment, after=State.WAITING, reason=reason, rule=rule)
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


def withdraw_comment(*, actor: Any, comment: Comment) -> Decision:
    """Take one's own comment back, also after closing: a marker is left where it was public, replies stay."""
    require(May.CORRECT, actor, comment)
    return change_state(actor=actor, comment=comment, after=State.WITHDRAWN, reason="author")


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


def _posted(author_id: int, token: str) -> Comment | None:
    """Return what this form made before; most often nothing, which the database says without an object."""
    found = db.session.scalar(_TWIN, {"author": author_id, "token": token})
    return None if found is None else db.session.get(Comment, found)


_TWIN = select(Comment.__table__.c.id).where(
    Comment.__table__.c.author_id == bindparam("author"), Comment.__table__.c.once == bindparam("token")
)
