"""What officials do: answer in the name of their unit, and correct what they answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from consult import audit, clock
from consult.accounts.models import Part
from consult.announcements import question_answered, response_corrected
from consult.consultations import stages
from consult.discussion.conditions import check_answerable
from consult.discussion.counting import count_answers
from consult.discussion.models import Answer, Comment, Kind, Response, Wording
from consult.discussion.words import Words, answer_written, face, form_token
from consult.documents.actions import touch
from consult.documents.models import Document
from consult.errors import Closed, Conflict
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, require

KEY_LENGTH = 10


def respond(
    *,
    actor: Any,
    comments: Sequence[Comment],
    body: str | Words,
    once: str = "",
    seen: datetime | None = None,
) -> Response:
    """Answer comments on one paragraph in the name of the unit. It explains and carries no verdict.

    `seen` is when the official began: Conflict, with both texts, when a colleague has answered one of them since.
    Raises Closed outside the time for answers, Conflict when a comment is no longer public.
    """
    first = comments[0]
    consultation = first.document.consultation
    require(May.ANSWER, actor, consultation)
    words = body if isinstance(body, Words) else answer_written(body)
    token = form_token(once, sorted(comment.id for comment in comments), words.body)
    if token and (twin := _responded(actor.id, token)):
        return twin
    now = clock.now()
    if not stages.takes_responses(consultation, now):
        raise Closed(
            _("The time for answers is over: the outcome has been published, or it has not opened yet.")
        )
    check_answerable(comments, seen, words)
    response = Response(
        key=new_key(KEY_LENGTH),
        document_id=first.document_id,
        paragraph_id=first.paragraph_id,
        version_id=first.document.current_version_id,
        unit_id=consultation.unit_id,
        author=actor,
        author_title=title_of(actor, consultation.unit_id),
        body=words.body,
        html=words.html,
        created_at=now,
        once=token or None,
    )
    db.session.add(response)
    db.session.flush()
    db.session.execute(
        insert(Answer), [{"response_id": response.id, "comment_id": comment.id} for comment in comments]
    )
    count_answers(comments, _mark_answered(comments, now))
    audit.record(
        "response.publish",
        f"response:{response.id}",
        actor_id=actor.id,
        organisation_id=consultation.organisation_id,
    )
    question_answered.send("consult.discussion", response=response, comments=list(comments))
    return response


def correct_response(*, actor: Any, response: Response, body: str | Words, seen: str = "") -> Response:
    """Give an official reply other words; the earlier ones always stay to be read."""
    document = db.session.get_one(Document, response.document_id)
    require(May.ANSWER, actor, document)
    words = body if isinstance(body, Words) else answer_written(body)
    db.session.refresh(response, with_for_update=True)
    if seen and seen != face(response.body):
        raise Conflict(_("A colleague changed this reply meanwhile."), theirs=response.body, yours=words.body)
    if not stages.takes_responses(document.consultation, clock.now()):
        raise Closed(_("The outcome has been published: this reply can no longer be changed."))
    if words.body == response.body:
        return response
    now = clock.now()
    db.session.add(Wording(response_id=response.id, body=response.body, html=response.html, replaced_at=now))
    response.body, response.html, response.edited_at = words.body, words.html, now
    touch(document)
    audit.record(
        "response.correct",
        f"response:{response.id}",
        actor_id=actor.id,
        organisation_id=document.consultation.organisation_id,
    )
    db.session.flush()
    response_corrected.send("consult.discussion", response=response)
    return response


def title_of(person: Any, unit_id: int) -> str:
    """Return the part a person plays in a unit, as it is shown beside an official reply."""
    titles = (
        role.title
        for role in person.roles
        if role.part is Part.OFFICIAL and role.unit_id == unit_id and role.ended_at is None
    )
    return next(titles, "")


def _responded(author_id: int, token: str) -> Response | None:
    wanted = select(Response).where(Response.author_id == author_id, Response.once == token)
    return db.session.scalar(wanted)


def _mark_answered(comments: Sequence[Comment], now: datetime) -> int:
    """Note when the questions among them had their first answer, and return for how many this is it."""
    marked = db.session.execute(
        update(Comment)
        .where(
            Comment.id.in_([comment.id for comment in comments]),
            Comment.kind == Kind.QUESTION,
            Comment.answered_at.is_(None),
        )
        .values(answered_at=now),
        execution_options={"synchronize_session": False},
    )
    for comment in comments:
        db.session.expire(comment, ["answered_at"])
    return int(marked.rowcount)  # type: ignore[attr-defined]
