"""The list of the desk: what the comments said to some units wait for, page by page, on the ledger alone.

A list is put together of branches, each of which one index holds in the order of the list (a unit and a place in the
ledger, say), so that a page costs the same however many comments there are. What narrows it further is looked at in
passing. Counts stop at `MOST_COUNTED`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_, union_all

from consult.consultations.models import Consultation
from consult.discussion.desk import walk
from consult.discussion.desk.asked import Conditions, Desk, holder, in_passing
from consult.discussion.desk.sieve import PLACES, Order, Sieve, View, With
from consult.discussion.ledger.models import LedgerEntry as Entry
from consult.discussion.models import Comment, Kind
from consult.documents.models import Block, Document, Paragraph
from consult.extensions import db

PAGE = 25
MOST_COUNTED = 1_000
MOST_PARAGRAPHS = 200  # that may have the same number, in as many drafts


@dataclass(frozen=True)
class _Branch:
    """Entries that one index holds in the order of the list: all conditions but those that are looked at in passing."""

    unit_id: int
    conditions: Conditions


def page(desk: Desk, sieve: Sieve, *, after: str = "", limit: int = PAGE + 1) -> list[int]:
    """Return the ids of the comments on one page, in order; `after` is the key of the last one of the page before."""
    last = _last(after) if after else None
    if sieve.order is Order.PARAGRAPH and not sieve.paragraph:
        return walk.page(desk, sieve, last, limit)
    branches = _branches(desk, sieve)
    if not branches:
        return []
    is_down = sieve.order in (Order.NEWEST, Order.ASKERS)
    by: tuple[Any, ...] = (Entry.since, Entry.comment_id)
    if sieve.order is Order.ASKERS:
        by = (Entry.also_count, *by)
    keyset: Conditions = ()
    if last is not None:
        here = tuple_(*(literal(getattr(last, column.key), column.type) for column in by))
        keyset = (tuple_(*by) < here if is_down else tuple_(*by) > here,)
    parts = [_part(branch, select(*by), keyset, _directed(by, is_down), limit) for branch in branches]
    chosen = union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery()
    order = _directed([chosen.c[column.key] for column in by], is_down)
    return list(db.session.scalars(select(chosen.c.comment_id).order_by(*order).limit(limit)))


def counts(desk: Desk, sieve: Sieve, views: Sequence[View]) -> dict[View, int]:
    """Return how much each view holds, `MOST_COUNTED` + 1 for more than that, in one read."""
    wanted = [_counted(_branches(desk, replace(sieve, view=view))) for view in views]
    found = db.session.execute(select(*wanted)).one() if wanted else ()
    return {view: min(int(count or 0), MOST_COUNTED + 1) for view, count in zip(views, found, strict=True)}


def waiting(desk: Desk, sieve: Sieve) -> tuple[int, int, int, int]:
    """Return how many questions wait too long, how many of those with nobody, how many wait with me and with nobody."""
    plain = Sieve(unit=sieve.unit, consultation=sieve.consultation)
    asked = (
        replace(plain, is_late=True),
        replace(plain, is_late=True, held_by=With.NOBODY),
        replace(plain, held_by=With.ME),
        replace(plain, held_by=With.NOBODY),
    )
    found = db.session.execute(select(*(_counted(_branches(desk, each)) for each in asked))).one()
    late, late_with_nobody, mine, nobodys = (min(int(count or 0), MOST_COUNTED + 1) for count in found)
    return late, late_with_nobody, mine, nobodys


def keys_of(desk: Desk, sieve: Sieve, limit: int) -> list[str]:
    """Return the keys of the first comments of a list, in order."""
    ids = page(desk, sieve, limit=limit)
    keys = dict(db.session.execute(select(Comment.id, Comment.key).where(Comment.id.in_(ids))).all())
    return [keys[comment_id] for comment_id in ids]


def _last(key: str) -> Any:
    """Return where the last comment of the page before stands; None when there is no such comment."""
    wanted = (
        select(
            *(Entry.comment_id, Entry.since, Entry.also_count),
            *(Entry.document_id, Entry.paragraph_id, Block.position),
        )
        .join(Comment, Comment.id == Entry.comment_id)
        .join(Document, Document.id == Entry.document_id)
        .outerjoin(
            Block,
            (Block.version_id == Document.current_version_id) & (Block.paragraph_id == Entry.paragraph_id),
        )
        .where(Comment.key == key)
        .limit(1)
    )
    return db.session.execute(wanted).one_or_none()


def _part(
    branch: _Branch, wanted: Select[*tuple[Any, ...]], more: Conditions, order: Sequence[Any], limit: int
) -> Any:
    """Return the first rows of a branch, in order: made a table of its own, for SQLite joins no others."""
    rows = wanted.where(*branch.conditions, *more).order_by(*order).limit(limit).subquery()
    return select(*rows.c)


def _directed(columns: Sequence[Any], is_down: bool) -> list[Any]:
    return [column.desc() for column in columns] if is_down else list(columns)


def _counted(branches: Sequence[_Branch]) -> Any:
    if not branches:
        return literal(0)
    parts = [
        select(select(Entry.comment_id).where(*branch.conditions).limit(MOST_COUNTED + 1).subquery())
        for branch in branches
    ]
    counted = union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery()
    return select(func.count()).select_from(counted).scalar_subquery()


def _branches(desk: Desk, sieve: Sieve) -> list[_Branch]:
    """Return what the list is put together of; nothing when it asks for what there is none of."""
    if sieve.view is View.WAITING and sieve.kind not in (None, Kind.QUESTION):
        return []  # questions alone wait
    units = [unit for unit in desk.units if unit.slug == sieve.unit] or list(desk.units)
    found = []
    for unit_id, scope in _scopes(sieve, [unit.id for unit in units]):
        more = in_passing(desk, sieve, unit_id)
        for step in _steps(desk, sieve, unit_id, scope):
            found.append(_Branch(unit_id, (Entry.is_shown, *step, *more)))
    return found


def _scopes(sieve: Sieve, unit_ids: Sequence[int]) -> list[tuple[int, Conditions]]:
    """Return where to look, by unit: a paragraph, a consultation, or all that the unit runs."""
    if sieve.paragraph:
        wanted = (
            select(Paragraph.id, Consultation.unit_id)
            .join(Document, Document.id == Paragraph.document_id)
            .join(Consultation, Consultation.id == Document.consultation_id)
            .where(Paragraph.number == sieve.paragraph, Consultation.unit_id.in_(unit_ids))
            .order_by(Paragraph.id)
            .limit(MOST_PARAGRAPHS)
        )
        if sieve.consultation:
            wanted = wanted.where(Consultation.slug == sieve.consultation)
        return [(unit_id, (Entry.paragraph_id == key,)) for key, unit_id in db.session.execute(wanted)]
    if sieve.consultation:
        one = select(Consultation.id, Consultation.unit_id).where(
            Consultation.slug == sieve.consultation, Consultation.unit_id.in_(unit_ids)
        )
        return [(unit_id, (Entry.consultation_id == key,)) for key, unit_id in db.session.execute(one)]
    return [(unit_id, (Entry.unit_id == unit_id,)) for unit_id in unit_ids]


def _steps(desk: Desk, sieve: Sieve, unit_id: int, scope: Conditions) -> list[Conditions]:
    """Return the conditions of the branches within one scope, so that each follows an index."""
    person_id = holder(desk, sieve)
    if person_id is not None:
        held = (Entry.assignee_id == person_id, Entry.unit_id == unit_id, *scope)
        if sieve.view is View.WAITING:
            return [(*held, Entry.waits)]
        return [(*held, Entry.place == place) for place in PLACES[sieve.view]]
    if sieve.view is View.WAITING:
        return [(*scope, Entry.waits)]
    if sieve.view is View.ALL and not (sieve.consultation and not sieve.paragraph):
        return [scope]
    return [(*scope, Entry.place == place) for place in PLACES[sieve.view]]
