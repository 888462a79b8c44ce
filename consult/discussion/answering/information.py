"""Questions that ask for information which the law gives a right to: marked, told, and closed.

Freedom of Information Act 2000, section 10(1): not later than the twentieth working day following the date of receipt.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from consult import audit, clock
from consult.accounts.models import Person, Unit
from consult.announcements import information_requested
from consult.discussion.answering.models import InformationRequest
from consult.discussion.models import Comment, State
from consult.documents.models import Paragraph
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import ROW, db, settings
from consult.permissions import May, require
from consult.workdays import nth_working_day

DAYS = 20


def mark_request(*, actor: Any, comment: Comment, received_on: date | None = None) -> InformationRequest:
    """Mark a comment as a request for information; its author and the organisation's contact are told.

    It was received when it was said, unless a day is given. Raises Invalid for a day that cannot be, and where the
    organisation has named no contact; Conflict for what was marked already or can be read no longer.
    """
    document = comment.document
    require(May.ANSWER, actor, document)
    db.session.refresh(comment, ["state"], with_for_update=ROW)
    if comment.state not in (State.PUBLISHED, State.RECEIVED):
        raise Conflict(_("This comment has been withdrawn or taken down. There is nothing to answer."))
    if request_on(comment.id) is not None:
        raise Conflict(_("This is marked as a request for information already."))
    unit = document.consultation.unit
    if not unit.organisation.information_contact:
        raise Invalid(
            _(
                "%(organisation)s has named nobody who sees to requests for information. An administrator can do so.",
                organisation=unit.organisation.name,
            ),
            field="received",
        )
    said_on = comment.received_on or comment.created_at.astimezone(settings().timezone).date()
    received = received_on or said_on
    now = clock.now()
    if not said_on <= received <= now.astimezone(settings().timezone).date():
        raise Invalid(_("Enter a day from when it was said until today"), field="received")
    request = InformationRequest(
        comment_id=comment.id,
        unit_id=unit.id,
        reference=f"IR-{received.year}-{comment.key.upper()}",
        received_on=received,
        due_on=nth_working_day(received, DAYS),
        marked_at=now,
        marked_by=actor.id,
    )
    db.session.add(request)
    db.session.flush()
    _record("information_request.mark", request, actor, unit)
    information_requested.send("consult.discussion", request=request, comment=comment)
    return request


def close_request(*, actor: Any, request: InformationRequest) -> None:
    """Note that a request for information has been dealt with. Done twice it is done once."""
    unit = db.session.get_one(Unit, request.unit_id)
    require(May.ANSWER, actor, unit)
    if request.closed_at is None:
        request.closed_at, request.closed_by = clock.now(), actor.id
        _record("information_request.close", request, actor, unit)


def request_on(comment_id: int) -> InformationRequest | None:
    """Return the request for information that a comment is marked as."""
    return db.session.scalar(select(InformationRequest).where(InformationRequest.comment_id == comment_id))


def request_by(key: str) -> InformationRequest:
    """Return the request for information that the comment with a key is marked as."""
    wanted = select(InformationRequest).join(Comment, Comment.id == InformationRequest.comment_id)
    found = db.session.scalar(wanted.where(Comment.key == key))
    if found is None:
        raise NotFound
    return found


def open_requests(unit_ids: Sequence[int], limit: int = 100) -> list[Any]:
    """Return the requests for information that units have not closed, the one that is due first on top.

    One outlasts its comment: where that was withdrawn or taken down (`is_gone`), officials read its words no more.
    """
    is_gone = Comment.state.not_in((State.PUBLISHED, State.RECEIVED))
    wanted = (
        select(
            *(InformationRequest.reference, InformationRequest.received_on, InformationRequest.due_on),
            *(Comment.key, Comment.is_team_only, is_gone.label("is_gone")),
            *(Comment.html, Person.name.label("author_name")),
            *(Paragraph.number, Paragraph.kind.label("paragraph_kind")),
        )
        .join(Comment, Comment.id == InformationRequest.comment_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .where(InformationRequest.unit_id.in_(unit_ids), InformationRequest.closed_at.is_(None))
        .order_by(InformationRequest.due_on, InformationRequest.id)
        .limit(limit)
    )
    return list(db.session.execute(wanted))


def _record(act: str, request: InformationRequest, actor: Any, unit: Unit) -> None:
    db.session.flush()
    audit.record(
        act,
        f"information_request:{request.id}",
        actor_id=actor.id,
        organisation_id=unit.organisation_id,
    )
