"""Saying what became of a comment: after the close, with a reason, and before the outcome is published with it."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from consult import audit, clock
from consult.consultations import stages
from consult.consultations.models import Consultation, Stage
from consult.consultations.verdicts import LONGEST_REASON, Verdict
from consult.discussion.conditions import replies_first
from consult.discussion.desk.acts import remember, undone_by
from consult.discussion.desk.models import ActKind, DeskAct, DeskItem
from consult.discussion.models import Comment, State
from consult.discussion.verdict.models import CommentVerdict
from consult.documents.models import Document
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import ROW, db
from consult.permissions import May, require

AT_ONCE = 500


def give_verdict(*, actor: Any, comment: Comment, verdict: Verdict, reason: str) -> CommentVerdict:
    """Say what became of a comment; said again, the later one holds.

    Raises Closed while comments are open and once the outcome is published, Invalid without a reason, Conflict for a
    comment that nobody can read any more.
    """
    consultation = comment.document.consultation
    require(May.RUN_CONSULTATION, actor, consultation)
    check_time(consultation)
    reason = _checked(reason)
    db.session.refresh(comment, ["state"], with_for_update=ROW)
    if comment.state is not State.PUBLISHED:
        raise Conflict(_("This comment has been withdrawn or taken down."))
    given = db.session.get(CommentVerdict, comment.id)
    if given is None:
        given = CommentVerdict(comment_id=comment.id, consultation_id=consultation.id)
        db.session.add(given)
    given.verdict, given.reason = verdict, reason
    given.given_at, given.given_by = clock.now(), actor.id
    db.session.flush()
    _record("comment.verdict", comment, actor, verdict)
    return given


def give_verdicts(*, actor: Any, keys: Collection[str], verdict: Verdict, reason: str) -> DeskAct | None:
    """Say the same of many comments that have no verdict yet; None when there is none among them.

    One that has a verdict keeps it, and what was sent only to the team has none. Raises as `give_verdict`.
    """
    reason, at = _checked(reason), clock.now()
    decided = select(CommentVerdict.comment_id)
    wanted = (
        select(Comment)
        .where(
            Comment.key.in_(list(keys)[:AT_ONCE]),
            Comment.state == State.PUBLISHED,
            Comment.is_team_only.is_(False),
            Comment.id.not_in(decided),
        )
        .order_by(*replies_first())
        .with_for_update(key_share=True, of=Comment)
    )
    comments = db.session.scalars(wanted).all()
    for consultation in {comment.document.consultation for comment in comments}:
        require(May.RUN_CONSULTATION, actor, consultation)
        check_time(consultation)
    if not comments:
        return None
    for comment in comments:
        given = CommentVerdict(comment_id=comment.id, consultation_id=comment.document.consultation_id)
        given.verdict, given.reason, given.given_at, given.given_by = verdict, reason, at, actor.id
        db.session.add(given)
    db.session.flush()
    for comment in comments:
        _record("comment.verdict", comment, actor, verdict)
    items = {comment.id: {"verdict": verdict.value} for comment in comments}
    return remember(actor=actor, kind=ActKind.VERDICT, items=items, at=at)


@undone_by(ActKind.VERDICT)
def _take_back(actor: Any, act: DeskAct, items: Sequence[DeskItem]) -> int:
    """Let comments be without a verdict again, but those that have another since, or whose outcome is out."""
    theirs = select(CommentVerdict).join(Consultation, Consultation.id == CommentVerdict.consultation_id)
    theirs = theirs.where(
        CommentVerdict.comment_id.in_([item.comment_id for item in items]),
        CommentVerdict.given_by == act.actor_id,
        CommentVerdict.given_at == act.at,
        Consultation.stage.not_in((Stage.OUTCOME, Stage.WITHDRAWN)),
    )
    found = db.session.scalars(theirs).all()
    for given in found:
        db.session.delete(given)
    db.session.flush()
    return len(found)


def _checked(reason: str) -> str:
    """Return a reason as it is kept. Raises Invalid for none and for too long a one."""
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Write the reason: it is published with the outcome"), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            _(
                "Shorten this to %(most)s characters; it has %(count)s.",
                most=LONGEST_REASON,
                count=len(reason),
            ),
            field="reason",
        )
    return reason


def _record(act: str, comment: Comment, actor: Any, verdict: Verdict) -> None:
    audit.record(
        act,
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        after=verdict.value,
    )


def check_time(consultation: Consultation) -> None:
    """Raise Closed unless comments have closed and the outcome is still to come."""
    standing = stages.standing(consultation, clock.now())
    if standing is stages.Standing.CLOSED:
        return
    if consultation.stage in (Stage.OUTCOME, Stage.WITHDRAWN):
        raise Closed(_("The outcome has been published: what became of comments stands as it is."))
    raise Closed(
        _(
            "Comments are open. A comment carries no verdict until they have closed: no decision has been made."
        )
    )


def verdict_on(comment: Comment) -> CommentVerdict | None:
    """Return what was decided on a comment. Who may see it, the caller asks."""
    return db.session.scalar(select(CommentVerdict).where(CommentVerdict.comment_id == comment.id))


def kept_on(comment_ids: Collection[int]) -> dict[int, CommentVerdict]:
    """Return what is kept for the outcome on these comments: for officials of the unit alone, which the caller sees to."""
    if not comment_ids:
        return {}
    wanted = select(CommentVerdict).where(CommentVerdict.comment_id.in_(comment_ids))
    return {row.comment_id: row for row in db.session.scalars(wanted)}


def progress(consultation: Consultation) -> tuple[int, int]:
    """Return of how many published comments it is said what became of them, and how many there are; without replies."""
    own = (
        select(func.count(CommentVerdict.comment_id), func.count())
        .select_from(Comment)
        .join(Document, Document.id == Comment.document_id)
        .outerjoin(CommentVerdict, CommentVerdict.comment_id == Comment.id)
        .where(
            Document.consultation_id == consultation.id,
            Comment.state == State.PUBLISHED,
            Comment.parent_id.is_(None),
        )
    )
    given, all_of_them = db.session.execute(own).one()
    return given, all_of_them


def verdicts_on(consultation: Consultation, comment_ids: Collection[int]) -> dict[int, CommentVerdict]:
    """Return what became of these comments, as everybody may know it: nothing before the outcome is published."""
    if consultation.stage is not Stage.OUTCOME or not comment_ids:
        return {}
    return kept_on(comment_ids)
