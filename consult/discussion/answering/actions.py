"""What officials do: answer in the name of their unit, and correct what they answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import String, func, insert, literal, select, type_coerce, update

from consult import audit, clock
from consult.accounts.models import Part, Signing, Unit
from consult.announcements import question_answered, response_corrected
from consult.consultations import stages
from consult.discussion.conditions import check_answerable, check_answers_go_out, lock, takes_responses
from consult.discussion.counting import count_response
from consult.discussion.desk.acts import remember
from consult.discussion.desk.models import ActKind
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Answer, Comment, Kind, Response, ResponsePlace, Wording
from consult.discussion.words import Words, answer_written, face, form_token
from consult.documents.actions import touch
from consult.documents.models import Document
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, allows, require

KEY_LENGTH = 10


def respond(
    *,
    actor: Any,
    comments: Sequence[Comment],
    body: str | Words,
    once: str = "",
    seen: datetime | None = None,
    is_cleared: bool = False,
) -> Response:
    """Answer comments on one draft in the name of the unit, whatever their paragraphs. It carries no verdict.

    `seen` is when the official began: Conflict, with both texts, when a colleague has answered one of them since.
    Raises Closed outside the time for answers, Conflict when a comment is no longer public, NotAllowed where the unit
    has its answers cleared and this one is not (`is_cleared`: the one who releases a draft has seen to it).
    """
    first = comments[0]
    consultation = first.document.consultation
    require(May.ANSWER, actor, consultation)
    check_clearance(consultation.unit, is_cleared=is_cleared)
    words = body if isinstance(body, Words) else answer_written(body)
    token = form_token(once, sorted(comment.id for comment in comments), words.body)
    states = lock(comments)  # before looking for a twin, which may be on its way in this very moment
    if token and (twin := _responded(actor.id, token)):
        return twin
    now = clock.now()
    if not takes_responses(consultation, now):
        raise Closed(
            _("The time for answers is over: the outcome has been published, or it has not opened yet.")
        )
    check_answers_go_out(consultation, now)
    check_answerable(comments, states, seen, words)
    response = Response(
        key=new_key(KEY_LENGTH),
        document_id=first.document_id,
        paragraph_id=first.paragraph_id,
        version_id=first.document.current_version_id,
        unit_id=consultation.unit_id,
        author=actor,
        author_title=title_shown(actor, consultation.unit),
        body=words.body,
        html=words.html,
        created_at=now,
        is_unnamed=signs_unnamed(consultation.unit),
        once=token or None,
    )
    db.session.add(response)
    db.session.flush()
    _put_under(response, comments)
    count_response(first.document, _mark_answered(comments, now))
    ledger.note_answered(comments, actor.id, now)
    audit.record(
        "response.publish",
        f"response:{response.id}",
        actor_id=actor.id,
        organisation_id=consultation.organisation_id,
    )
    remember(
        actor=actor,
        kind=ActKind.ANSWER,
        items={comment.id: {"response": response.id} for comment in comments},
        at=now,
    )
    question_answered.send("consult.discussion", response=response, comments=list(comments))
    return response


def by_document(comments: Sequence[Comment]) -> list[list[Comment]]:
    """Return comments on the drafts of one consultation, draft by draft. Raises Invalid for those of several."""
    if len({comment.document.consultation_id for comment in comments}) > 1:
        raise Invalid(_("One reply answers comments on the drafts of one consultation."), field="also")
    found: dict[int, list[Comment]] = {}
    for comment in sorted(comments, key=lambda comment: (comment.document_id, comment.id)):
        found.setdefault(comment.document_id, []).append(comment)
    return list(found.values())


def correct_response(*, actor: Any, response: Response, body: str | Words, seen: str = "") -> Response:
    """Give an official reply other words; the earlier ones always stay to be read."""
    document = db.session.get_one(Document, response.document_id)
    require(May.ANSWER, actor, document)
    check_clearance(response.unit, is_cleared=allows(May.CLEAR, actor, response.unit))
    words = body if isinstance(body, Words) else answer_written(body)
    db.session.refresh(response, with_for_update=True)
    if response.undone_at is not None:
        raise Conflict(_("This reply was taken back meanwhile."), yours=words.body)
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
    titles = (role.title for role in person.parts if role.part is Part.OFFICIAL and role.unit_id == unit_id)
    return next(titles, "")


def signs_unnamed(unit: Unit) -> bool:
    """Say whether the officials of a unit sign with their part alone, as their organisation has decided."""
    return unit.organisation.signs_with is Signing.ROLE


def title_shown(person: Any, unit: Unit) -> str:
    """Return what is kept beside a reply of theirs: never empty where it stands in the place of a name."""
    title = title_of(person, unit.id)
    return title or (_("Official") if signs_unnamed(unit) else "")


def check_clearance(unit: Unit, *, is_cleared: bool) -> None:
    """Raise NotAllowed where a unit lets no answer out uncleared, and this one is not cleared."""
    if unit.needs_clearance and not is_cleared:
        raise NotAllowed(
            _(
                "Answers of %(unit)s are cleared by %(role)s before they are out. Save this one, and ask for it.",
                unit=unit.name,
                role=unit.clearing_role or _("somebody who may"),
            )
        )


def _responded(author_id: int, token: str) -> Response | None:
    wanted = select(Response).where(Response.author_id == author_id, Response.once == token)
    return db.session.scalar(wanted)


def _put_under(response: Response, comments: Sequence[Comment]) -> None:
    """Tie a response to what it answers, noting where each comment stood before, and to the paragraphs of these."""
    ids = [comment.id for comment in comments]
    stood = func.coalesce(type_coerce(LedgerEntry.place, String), "")
    answered = (
        select(literal(response.id), Comment.id, stood)
        .outerjoin(LedgerEntry, LedgerEntry.comment_id == Comment.id)
        .where(Comment.id.in_(ids))
    )
    places = select(Comment.paragraph_id, literal(response.id)).where(Comment.id.in_(ids)).distinct()
    columns = ["response_id", "comment_id", "place_before"]
    db.session.execute(insert(Answer).from_select(columns, answered, include_defaults=False))
    db.session.execute(insert(ResponsePlace).from_select(["paragraph_id", "response_id"], places))


def _mark_answered(comments: Sequence[Comment], now: datetime) -> dict[int, int]:
    """Note when the questions among them had their first answer; return for how many it is, by paragraph."""
    first = (
        Comment.id.in_([comment.id for comment in comments]),
        Comment.kind == Kind.QUESTION,
        Comment.answered_at.is_(None),
    )
    found = select(Comment.paragraph_id, func.count()).where(*first).group_by(Comment.paragraph_id)
    marked = dict.fromkeys((comment.paragraph_id for comment in comments), 0)
    marked.update(db.session.execute(found).all())
    db.session.execute(
        update(Comment).where(*first).values(answered_at=now),
        execution_options={"synchronize_session": False},
    )
    for comment in comments:
        db.session.expire(comment, ["answered_at"])
    return marked
