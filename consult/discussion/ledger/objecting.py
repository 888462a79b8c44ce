"""What somebody who asked says of the answer: that it answers the question, or, once and with why, that it does not."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from consult import audit, clock
from consult.announcements import question_returned
from consult.consultations import stages
from consult.discussion.counting import count_objection, count_team
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment, Kind, State
from consult.errors import Closed, Conflict, Invalid, NotFound
from consult.extensions import ROW, db
from consult.permissions import May, require

LONGEST_WHY = 500


def object_to_answer(*, actor: Any, comment: Comment, why: str) -> None:
    """Put one's own question back on the desk, because its answer does not answer it. This can be said once.

    Raises Invalid without words or with too many, Conflict for a question that has no answer, has come back before or
    is gone, Closed once the outcome is there.
    """
    require(May.OBJECT, actor, comment)
    why = why.strip()
    if not why:
        raise Invalid(_("Write what the answer leaves open"), field="why")
    if len(why) > LONGEST_WHY:
        raise Invalid(
            _("Shorten this to %(most)s characters; it has %(count)s.", most=LONGEST_WHY, count=len(why)),
            field="why",
        )
    entry = _locked_entry(comment)
    if entry.objected_at is not None:
        raise Conflict(_("You have said this once. You can write a reply in the thread instead."))
    _check_answered(comment)
    now = clock.now()
    comment.answered_at = None
    db.session.flush()
    if comment.state is State.PUBLISHED:
        count_objection(comment)
    else:
        count_team(comment, 0)  # one question more waits: the pages that say so are made anew
    ledger.note_objection(comment, why, now)
    _record("question.object", comment, actor)
    question_returned.send("consult.discussion", comment=comment)


def accept_answer(*, actor: Any, comment: Comment) -> None:
    """Say that one's own question is answered. Raises as `object_to_answer`."""
    require(May.OBJECT, actor, comment)
    entry = _locked_entry(comment)
    _check_answered(comment)
    if entry.content_at is None:
        ledger.note_content(comment.id, clock.now())
        _record("question.content", comment, actor)


def entry_of(comment: Comment) -> LedgerEntry:
    """Return where a comment stands in the ledger; NotFound for one that is not in it."""
    found = db.session.get(LedgerEntry, comment.id)
    if found is None:
        raise NotFound
    return found


def can_object(comment: Comment, entry: LedgerEntry) -> bool:
    """Say whether its author can still say that the answer does not answer it."""
    return (
        comment.kind is Kind.QUESTION
        and comment.state in ledger.SHOWN
        and comment.answered_at is not None
        and entry.objected_at is None
        and stages.takes_responses(comment.document.consultation, clock.now())
    )


def _locked_entry(comment: Comment) -> LedgerEntry:
    db.session.refresh(comment, ["state", "kind", "answered_at"], with_for_update=ROW)
    if comment.kind is not Kind.QUESTION or comment.state not in ledger.SHOWN:
        raise Conflict(_("This question has been withdrawn or taken down."))
    if not stages.takes_responses(comment.document.consultation, clock.now()):
        raise Closed(_("The outcome has been published: questions are not answered any more."))
    locked = select(LedgerEntry).where(LedgerEntry.comment_id == comment.id).with_for_update()
    return db.session.scalars(locked.execution_options(populate_existing=True)).one()


def _check_answered(comment: Comment) -> None:
    if comment.answered_at is None:
        raise Conflict(_("This question has no answer yet."))


def _record(act: str, comment: Comment, actor: Any) -> None:
    audit.record(act, f"comment:{comment.id}", actor_id=actor.id, organisation_id=comment.organisation_id)
