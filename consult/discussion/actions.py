"""What people do with their comments; officials: `answering.actions`. A state changes in `leading` alone.

Words are rendered before a transaction opens: `written` does it, the actions take its answer.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from consult import clock
from consult.accounts import names, terms
from consult.discussion import conditions, replacing
from consult.discussion.answering.actions import correct_response as correct_response
from consult.discussion.answering.actions import respond as respond
from consult.discussion.answering.undoing import undo_response as undo_response
from consult.discussion.correcting import QUIET as QUIET
from consult.discussion.correcting import correct_comment as correct_comment
from consult.discussion.correcting import face_of as face_of
from consult.discussion.correcting import hold_back as hold_back
from consult.discussion.correcting import is_told as is_told
from consult.discussion.correcting import put_right as put_right
from consult.discussion.correcting import settle_correction as settle_correction
from consult.discussion.leading import begin as begin
from consult.discussion.leading import change_state as change_state
from consult.discussion.leading import lead as lead
from consult.discussion.leading import lead_held as lead_held
from consult.discussion.models import Citation, Comment, Decision, Kind, Response, State
from consult.discussion.publication import begins_as as begins_as
from consult.discussion.wishes import PLAIN, Wishes
from consult.discussion.words import Words, form_token
from consult.discussion.words import answer_written as answer_written
from consult.discussion.words import face as face
from consult.discussion.words import letter_written as letter_written
from consult.discussion.words import written as written
from consult.documents.models import Paragraph
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, allows, require

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
    begin(actor=actor, comment=comment, after=after, rule=rule, act="comment.post")
    return comment


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


def withdraw_comment(*, actor: Any, comment: Comment) -> Decision:
    """Take one's own comment back, also after closing: a marker is left where it was public, replies stay."""
    require(May.CORRECT, actor, comment)
    return change_state(actor=actor, comment=comment, after=State.WITHDRAWN, reason="author")


def _posted(author_id: int, token: str) -> Comment | None:
    """Return what this form made before; most often nothing, which the database says without an object."""
    found = db.session.scalar(_TWIN, {"author": author_id, "token": token})
    return None if found is None else db.session.get(Comment, found)


_TWIN = select(Comment.__table__.c.id).where(
    Comment.__table__.c.author_id == bindparam("author"), Comment.__table__.c.once == bindparam("token")
)
