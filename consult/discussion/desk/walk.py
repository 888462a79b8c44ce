"""The list of the desk in the order of the drafts: by document, by paragraph as it stands now, the oldest first.

Each document is walked along the blocks of its current version. What has no block there comes at its end: what was
said about the whole draft, and about a paragraph that was joined with another.
"""

from typing import Any

from sqlalchemy import literal, or_, select, tuple_

from consult.consultations.models import Consultation
from consult.discussion.desk.asked import Conditions, Desk, holder, in_passing
from consult.discussion.desk.sieve import PLACES, Sieve, View
from consult.discussion.ledger.models import LedgerEntry as Entry
from consult.documents.models import Block, Document, Paragraph
from consult.extensions import db

MOST_DOCUMENTS = 200  # that one list goes along
_OLDEST = (Entry.since, Entry.comment_id)


def page(desk: Desk, sieve: Sieve, last: Any, limit: int) -> list[int]:
    """Return the ids of the comments on one page, in order; `last` is where the page before ended, None at the start."""
    found: list[int] = []
    for document in _documents(desk, sieve, last.document_id if last else 0):
        here = last if last is not None and document.id == last.document_id else None
        conditions = (*_view(desk, sieve), *in_passing(desk, sieve, document.unit_id))
        if here is None or here.position is not None:
            found += _along(document, conditions, here, limit - len(found))
            here = None
        if len(found) < limit:
            found += _beside(document, conditions, here, limit - len(found))
        if len(found) >= limit:
            break
    return found


def _documents(desk: Desk, sieve: Sieve, from_id: int) -> list[Any]:
    """Return the documents of the units about which anything was said, from one on."""
    units = [unit.id for unit in desk.units if unit.slug == sieve.unit] or [unit.id for unit in desk.units]
    # the first one found is enough; as `EXISTS`, PostgreSQL would read the whole ledger to join it
    said = select(Entry.comment_id).where(Entry.is_shown, Entry.document_id == Document.id).limit(1)
    if sieve.view is View.WAITING:
        said = said.where(Entry.waits)
    wanted = (
        select(Document.id, Document.current_version_id, Consultation.unit_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(Consultation.unit_id.in_(units), Document.id >= from_id, said.scalar_subquery().is_not(None))
        .order_by(Document.id)
        .limit(MOST_DOCUMENTS)
    )
    if sieve.consultation:
        wanted = wanted.where(Consultation.slug == sieve.consultation)
    return list(db.session.execute(wanted))


def _view(desk: Desk, sieve: Sieve) -> Conditions:
    person_id = holder(desk, sieve)
    held: Conditions = (Entry.assignee_id == person_id,) if person_id is not None else ()
    if sieve.view is View.WAITING:
        return (Entry.is_shown, Entry.waits, *held)
    if sieve.view is View.ALL:
        return (Entry.is_shown, *held)
    return (Entry.is_shown, or_(*(Entry.place == place for place in PLACES[sieve.view])), *held)


def _along(document: Any, conditions: Conditions, after: Any, limit: int) -> list[int]:
    by = (Block.position, *_OLDEST)
    wanted = (
        select(Entry.comment_id)
        .join(Block, Block.paragraph_id == Entry.paragraph_id)
        .where(Block.version_id == document.current_version_id, *conditions)
        .order_by(*by)
        .limit(limit)
    )
    if after is not None:
        # said twice: the first alone tells where in the version to go on
        wanted = wanted.where(Block.position >= after.position)
        wanted = wanted.where(tuple_(*by) > tuple_(literal(after.position), *_moment(after)))
    return list(db.session.scalars(wanted))


def _beside(document: Any, conditions: Conditions, after: Any, limit: int) -> list[int]:
    stands = select(Block.id).where(
        Block.version_id == document.current_version_id, Block.paragraph_id == Paragraph.id
    )
    loose = select(Paragraph.id).where(Paragraph.document_id == document.id, ~stands.exists())
    wanted = select(Entry.comment_id).where(Entry.paragraph_id.in_(loose), *conditions)
    if after is not None:
        wanted = wanted.where(tuple_(*_OLDEST) > tuple_(*_moment(after)))
    return list(db.session.scalars(wanted.order_by(*_OLDEST).limit(limit)))


def _moment(after: Any) -> tuple[Any, Any]:
    return literal(after.since, Entry.since.type), literal(after.comment_id)
