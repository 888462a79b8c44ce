"""Taking back an official answer within half a minute of posting it, before anybody is told."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from consult import audit, clock
from consult.announcements import response_undone
from consult.discussion.counting import count_response
from consult.discussion.desk.acts import UNDO, undone_by
from consult.discussion.desk.models import ActKind, DeskAct, DeskItem
from consult.discussion.ledger import entries as ledger
from consult.discussion.models import Answer, Comment, Kind, Response, ResponsePlace, State
from consult.documents.models import Document
from consult.errors import Closed, NotAllowed
from consult.extensions import db
from consult.permissions import May, require


@undone_by(ActKind.ANSWER)
def take_answer_back(actor: Any, act: DeskAct, items: Sequence[DeskItem]) -> int:
    """Undo an answer as an act at the desk."""
    response = db.session.get_one(Response, items[0].before["response"])
    return len(undo_response(actor=actor, response=response))


def undo_response(*, actor: Any, response: Response) -> list[Comment]:
    """Take one's own answer back: it leaves every read but the record, and nobody is told of it.

    What it answered stands where it stood before, and is returned; what a colleague answered since stays answered, by
    that answer. Raises NotAllowed for somebody else's, Closed once the half minute is over. Done twice it is done once.
    """
    document = db.session.get_one(Document, response.document_id)
    require(May.ANSWER, actor, document)
    if response.author_id != actor.id:
        raise NotAllowed(_("Only whoever posted a reply can undo it."))
    comments = _answered_by(response)
    db.session.refresh(response, with_for_update=True)
    if response.undone_at is not None:
        return comments
    now = clock.now()
    if now > response.created_at + UNDO:
        raise Closed(_("It is too late to undo this: people have been told. You can correct the reply."))
    response.undone_at, response.once = now, None
    db.session.flush()
    answered = _answered_since(response)
    for later, ids in answered.items():
        _pass_on(response, later, ids)
    alone = sorted({comment.id for comment in comments}.difference(*answered.values()))
    count_response(document, _unmark(response, alone), -1)
    ledger.note_unanswered(alone, response, document.consultation.stage)
    audit.record(
        "response.undo",
        f"response:{response.id}",
        actor_id=actor.id,
        organisation_id=document.consultation.organisation_id,
    )
    response_undone.send("consult.discussion", response=response, comments=comments)
    return comments


def _answered_by(response: Response) -> list[Comment]:
    """Return the comments that it answers, locked first of all, as by whoever answers them: one waits for the other."""
    wanted = select(Comment).join(Answer, Answer.comment_id == Comment.id)
    wanted = wanted.where(Answer.response_id == response.id).order_by(Comment.id)
    locked = wanted.with_for_update(key_share=True, of=Comment).execution_options(populate_existing=True)
    return list(db.session.scalars(locked))


def _answered_since(response: Response) -> dict[Response, list[int]]:
    """Return which of its comments were answered after it, each under the first of those answers."""
    ours = select(Answer.comment_id).where(Answer.response_id == response.id)
    next_one = (
        select(Answer.comment_id, func.min(Response.id).label("response_id"))
        .join(Response, Response.id == Answer.response_id)
        .where(Response.id > response.id, Response.stands(), Answer.comment_id.in_(ours))
        .group_by(Answer.comment_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Response, next_one.c.comment_id)
        .join(next_one, next_one.c.response_id == Response.id)
        .order_by(Response.id, next_one.c.comment_id)
    )
    found: dict[Response, list[int]] = {}
    for later, comment_id in rows:
        found.setdefault(later, []).append(comment_id)
    return found


def _pass_on(response: Response, later: Response, comment_ids: Sequence[int]) -> None:
    """Let a later answer be the first where this one was: taken back too, it leaves nothing answered by nobody."""
    first = (Comment.id.in_(comment_ids), Comment.answered_at == response.created_at)
    db.session.execute(
        update(Comment).where(*first).values(answered_at=later.created_at),
        execution_options={"synchronize_session": "fetch"},
    )
    ledger.note_next_answer(comment_ids, response, later)


def _unmark(response: Response, comment_ids: Sequence[int]) -> dict[int, int]:
    """Let questions be unanswered again that had their first answer by it; return how many public ones, by paragraph."""
    places = select(ResponsePlace.paragraph_id).where(ResponsePlace.response_id == response.id)
    lost = dict.fromkeys(db.session.scalars(places), 0)
    by_it = (
        Comment.id.in_(comment_ids),
        Comment.kind == Kind.QUESTION,
        Comment.answered_at == response.created_at,
    )
    counted = select(Comment.paragraph_id, func.count()).where(*by_it, Comment.state == State.PUBLISHED)
    lost.update(db.session.execute(counted.group_by(Comment.paragraph_id)).all())
    db.session.execute(
        update(Comment).where(*by_it).values(answered_at=None),
        execution_options={"synchronize_session": "fetch"},
    )
    return lost
