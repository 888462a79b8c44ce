"""What goes by itself in this room when its time is over: what nobody confirmed or sent, and the addresses of guests.

As in `accounts.actions.forgetting`, each function takes one handful and returns how many rows it changed.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update

from consult import audit, clock
from consult.accounts.actions.forgetting import delete_some, forget_addresses, handful
from consult.accounts.models import Person, Site, Unit
from consult.accounts.retention import Ending, Kept, address_goes_at, kept_since, months_after, months_of
from consult.consultations.models import Consultation
from consult.discussion.desk.models import DeskAct, DeskItem
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Citation, Comment, Correction, Decision, State, UnsentComment, Wording
from consult.documents.models import Document
from consult.extensions import db

# What was done at the desk can be undone for half a minute; no mail that hangs on it waits for longer than a day.
DONE_AT_DESK = timedelta(days=1)
ACTS_AT_ONCE = 10  # each of up to 500 comments


_RETAINED: tuple[Any, ...] = (
    Unit.retention_months.label("unit_months"),
    Site.retention_months.label("site_months"),
)


def forget_unconfirmed_comments(*, actor: None = None) -> int:
    """Delete comments of guests that nobody confirmed; where the browser kept one, it is unsent again."""
    since = kept_since(Kept.UNCONFIRMED, clock.now())
    ids = handful(Comment, Comment.state == State.UNCONFIRMED, Comment.created_at <= since)
    if not ids:
        return 0
    rows = db.session.execute(select(Comment.id, Comment.organisation_id).where(Comment.id.in_(ids))).all()
    db.session.execute(update(UnsentComment).where(UnsentComment.comment_id.in_(ids)).values(comment_id=None))
    for table in (Decision, Citation, Correction, Wording, LedgerEntry):
        db.session.execute(delete(table).where(table.comment_id.in_(ids)))
    db.session.execute(delete(Comment).where(Comment.id.in_(ids)))
    for comment_id, organisation_id in rows:
        audit.record(
            "comment.vanish", f"comment:{comment_id}", actor_id=None, organisation_id=organisation_id
        )
    return len(ids)


def forget_unsent(*, actor: None = None) -> int:
    """Delete what somebody began to write and has not touched for a while."""
    return delete_some(UnsentComment, UnsentComment.updated_at <= kept_since(Kept.UNSENT, clock.now()))


def forget_acts_at_desk(*, actor: None = None) -> int:
    """Delete what officials did at the desk and cannot undo any more; the record has it for good."""
    ids = handful(DeskAct, DeskAct.at <= clock.now() - DONE_AT_DESK)[:ACTS_AT_ONCE]
    if ids:
        db.session.execute(delete(DeskItem).where(DeskItem.act_id.in_(ids)))
        db.session.execute(delete(DeskAct).where(DeskAct.id.in_(ids)))
    return len(ids)


def forget_addresses_of_guests(*, actor: None = None) -> int:
    """Delete the addresses of guests for whom every consultation that they wrote on has let go of them."""
    now = clock.now()
    holding, toolkit = consultations_that_hold(now), said_of_toolkit_lately(now)
    spoken = select(Comment.id).where(Comment.author_id == Person.id)
    held = spoken.join(Document, Document.id == Comment.document_id).where(
        Document.consultation_id.in_(holding)
    )
    ids = handful(
        Person,
        Person.is_guest.is_(True),
        Person.email != "",
        spoken.exists(),
        *((~held.exists(),) if holding else ()),
        *((Person.id.not_in(toolkit),) if toolkit is not None else ()),
    )
    guests = db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).all()
    return forget_addresses(guests=guests)


def said_of_toolkit_lately(now: datetime) -> Select[int] | None:
    """Return who said something about a page of the toolkit so lately that their address is still needed; None for nobody.

    That talk never ends, so its time runs from each remark: as many months as after an outcome.
    """
    row = db.session.execute(
        select(*_RETAINED, Consultation.id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .join(Site, Site.id == 1)
        .where(Consultation.is_toolkit)
    ).one_or_none()
    if row is None:
        return None
    since = months_after(now, -months_of(row.unit_months, row.site_months))
    return (
        select(Comment.author_id)
        .join(Document, Document.id == Comment.document_id)
        .where(Document.consultation_id == row.id, Comment.created_at > since)
    )


def consultations_that_hold(now: datetime) -> list[int]:
    """Return the consultations that still need the addresses of the guests who wrote on them: not ended, or lately."""
    rows = db.session.execute(
        select(
            *(Consultation.id, Consultation.outcome_at, Consultation.withdrawn_at),
            *_RETAINED,
        )
        .join(Unit, Unit.id == Consultation.unit_id)
        .join(Site, Site.id == 1)
        .where(Consultation.is_exercise())
    )
    found = []
    for row in rows:
        months = months_of(row.unit_months, row.site_months)
        goes_at = address_goes_at([Ending(row.outcome_at or row.withdrawn_at, months)])
        if goes_at is None or goes_at > now:
            found.append(row.id)
    return found
