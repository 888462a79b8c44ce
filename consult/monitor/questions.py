"""Questions that wait for an official, those past their unit's promise first. `LedgerEntry.waits` says what waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, func, not_, select, tuple_
from sqlalchemy.orm import aliased

from consult.accounts.models import Person, Unit
from consult.consultations.models import Consultation
from consult.discussion import provenance
from consult.discussion.fragments import shown
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Comment
from consult.discussion.naming import name_of
from consult.documents.models import Paragraph
from consult.errors import NotFound
from consult.extensions import db
from consult.monitor.rows import Found, Link, Row
from consult.monitor.scope import Scope
from consult.text.plain import plain_text

EXCERPT = 140  # characters of a question, enough to know it by


def waiting(of: Any = LedgerEntry) -> ColumnElement[bool]:
    """Say in SQL that an entry is a public question that waits, word for word as the index for it does."""
    return and_(of.waits, of.is_shown, not_(of.is_team_only))


@dataclass(frozen=True)
class Waiting:
    """What waits for one unit: how many questions, how many of them late, since when the oldest."""

    count: int = 0
    late: int = 0
    oldest: datetime | None = None


def by_unit(scope: Scope) -> dict[int, Waiting]:
    """Count what waits for each unit, in one read of the index."""
    rows = db.session.execute(
        select(
            LedgerEntry.unit_id,
            func.count(),
            func.sum(case((scope.late, 1), else_=0)),
            func.min(LedgerEntry.since),
        )
        .where(waiting(), scope.of_unit(LedgerEntry.unit_id))
        .group_by(LedgerEntry.unit_id)
    )
    return {unit_id: Waiting(count, int(late or 0), oldest) for unit_id, count, late, oldest in rows}


def found(scope: Scope, after: str, limit: int) -> Found:
    """Return questions that wait: late ones first, the oldest first of each. `after` is the key of a comment."""
    counts = by_unit(scope).values()
    begin, is_late = _place(scope, after) if after else (None, True)
    ids = _ids(scope, is_late, begin, limit)
    if is_late and len(ids) < limit:
        ids += _ids(scope, False, None, limit - len(ids))
    rows = {row.id: row for row in _asked(ids)}
    return Found(
        sum(each.count for each in counts),
        sum(each.late for each in counts),
        [_row(scope, rows[each]) for each in ids if each in rows],
    )


def _place(scope: Scope, key: str) -> tuple[int, bool]:
    """Return where the last question of the page before stands, and whether it is late."""
    entry = db.session.execute(
        select(LedgerEntry.comment_id, case((scope.late, 1), else_=0).label("late"))
        .join(Comment, Comment.id == LedgerEntry.comment_id)
        .where(Comment.key == key, waiting(), scope.of_unit(LedgerEntry.unit_id))
    ).one_or_none()
    if entry is None:
        raise NotFound  # nonsense, or it has been answered meanwhile
    return entry.comment_id, bool(entry.late)


def _ids(scope: Scope, is_late: bool, after: int | None, limit: int) -> list[int]:
    wanted = (
        select(LedgerEntry.comment_id)
        .where(waiting(), scope.of_unit(LedgerEntry.unit_id), scope.late if is_late else not_(scope.late))
        .order_by(LedgerEntry.since, LedgerEntry.comment_id)
        .limit(limit)
    )
    if after is not None:
        cursor = aliased(LedgerEntry)
        at = select(cursor.since).where(cursor.comment_id == after).scalar_subquery()
        wanted = wanted.where(tuple_(LedgerEntry.since, LedgerEntry.comment_id) > tuple_(at, after))
    return list(db.session.scalars(wanted))


def _asked(ids: list[int]) -> list[Any]:
    columns: tuple[Any, ...] = (
        *(Comment.id, Comment.key, shown(Comment.html), Comment.created_at, Person.name.label("author_name")),
        *(LedgerEntry.since, LedgerEntry.asked_at, LedgerEntry.assignee_id, LedgerEntry.place),
        *(Paragraph.number, Paragraph.kind, Consultation.title, *provenance.COLUMNS),
        *(Unit.id.label("unit_id"), Unit.slug.label("unit_slug"), Unit.name.label("unit_name")),
    )
    return (
        list(
            db.session.execute(
                select(*columns)
                .join(LedgerEntry, LedgerEntry.comment_id == Comment.id)
                .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
                .join(Unit, Unit.id == LedgerEntry.unit_id)
                .join(Paragraph, Paragraph.id == LedgerEntry.paragraph_id)
                .join(Person, Person.id == Comment.author_id)
                .where(Comment.id.in_(ids))
            )
        )
        if ids
        else []
    )


def _row(scope: Scope, asked: Any) -> Row:
    unit = scope.by_id[asked.unit_id]
    days = scope.calendar.waited(asked.since, scope.now, unit.organisation_id)
    late_by = 0 if unit.promise_days is None else max(0, days - unit.promise_days)
    is_given = asked.assignee_id is not None or asked.place is Place.IN_PROGRESS
    where = name_of(asked.kind, asked.number)
    return Row(
        what=excerpt(asked.html),
        link=Link("discussion.comment", {"key": asked.key}),
        where=_("%(consultation)s, %(paragraph)s", consultation=asked.title, paragraph=where),
        unit=asked.unit_name,
        unit_slug=asked.unit_slug,
        since=asked.since,
        figure=days,
        late_by=late_by,
        mend=_mend(unit, is_given),
        cursor=asked.key,
        more={"asked": asked, "is_given": is_given, "promise": unit.promise_days},
    )


def _mend(unit: Unit, is_given: bool) -> str:
    if unit.promise_days is None:
        return str(_("The unit answers at the end, as it said."))
    if is_given:
        return str(_("Whoever has it answers, or says by when and why."))
    return str(_("An official of the unit takes it and answers."))


def excerpt(html: str) -> str:
    """Return the beginning of what somebody wrote, in words."""
    words = plain_text(html)
    return words if len(words) <= EXCERPT else words[:EXCERPT].rpartition(" ")[0] + "…"
