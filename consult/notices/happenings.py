"""What happened, written down for followers: one row each, in the transaction of the act, and nothing else.

Who follows it is looked up later (`notices.fanning`, `notices.digests`), so that a post costs one row however many are
told. Corrections of spelling (`version_corrected`, `response_corrected`) are no happenings.
"""

from typing import Any

from sqlalchemy import insert, select

from consult import clock
from consult.consultations.models import Consultation, Stage
from consult.consultations.stages import text_is_public
from consult.discussion.models import Comment, Response, State
from consult.documents.models import Document, Version
from consult.extensions import db
from consult.notices.models import Event, Happening
from consult.toolkit.models import Page
from consult.toolkit.talk.queries import page_of

# where a comment can have been when the public sees it for the first time; from elsewhere it is put back
BEFORE_ALL_EYES = frozenset({None, State.UNCONFIRMED, State.WAITING, State.RETURNED})
ACTS = {
    "consultation.open": Event.OPENED,
    "consultation.extend": Event.EXTENDED,
    "consultation.outcome": Event.OUTCOME,
    "consultation.withdraw": Event.WITHDRAWN,
}


def on_comment_changed(
    sender: object, *, comment: Comment, before: State | None, decision: Any, **more: Any
) -> None:
    """Write down that a comment is there for everybody to read: the first time, and not when it is put back."""
    if decision is None or comment.state is not State.PUBLISHED or before not in BEFORE_ALL_EYES:
        return
    if before is State.RETURNED and _is_known(comment):
        return
    if comment.published_at != comment.state_changed_at:
        return  # it was public before a report let it wait
    consultation, about = comment.document.consultation, {"document_id": comment.document_id}
    if consultation.is_toolkit:  # followers of the page hear of what is said about it
        about["page_id"] = page_of(comment.document_id)
    _note(Event.COMMENT, consultation, comment_id=comment.id, **about)


def on_question_answered(sender: object, *, response: Response, **more: Any) -> None:
    document = db.session.get_one(Document, response.document_id)
    _note(Event.RESPONSE, document.consultation, document_id=document.id, response_id=response.id)


def on_version_published(sender: object, *, document: Document, version: Version, **more: Any) -> None:
    """Write down a version that can be read; what is published before the opening is told of by the opening."""
    if text_is_public(document.consultation, clock.now()):
        _note(Event.VERSION, document.consultation, document_id=document.id, version_id=version.id)


def on_consultation_changed(
    sender: object,
    *,
    consultation: Consultation,
    act: str = "",
    before: Stage | None = None,
    after: Stage | None = None,
    **more: Any,
) -> None:
    """Write down what followers wait for: it opens, is extended, has an outcome, is withdrawn. Other words are none."""
    event = ACTS.get(act)
    if event is None or (before is not None and before is after):
        return
    _note(event, consultation)


def on_page_changed(sender: object, *, page: Page, **more: Any) -> None:
    db.session.add(Happening(event=Event.PAGE, at=clock.now(), page_id=page.id))
    db.session.flush()


def _is_known(comment: Comment) -> bool:
    wanted = select(Happening.id).where(Happening.comment_id == comment.id)
    return db.session.scalar(wanted.limit(1)) is not None


def _note(event: Event, consultation: Consultation, **about: int) -> None:
    now = clock.now()
    at = max(now, consultation.opens_at or now) if event is Event.OPENED else now
    row = {
        "event": event,
        "at": at,
        "organisation_id": consultation.organisation_id,
        "unit_id": consultation.unit_id,
        "consultation_id": consultation.id,
        **dict.fromkeys(_ABOUT),
        **about,
    }
    db.session.flush()
    db.session.connection().execute(_NOTE, row)


_happenings: Any = Happening.__table__
_NOTE = insert(_happenings)
_ABOUT = ("document_id", "version_id", "comment_id", "response_id", "page_id")
