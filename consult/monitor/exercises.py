"""Consultations that owe an outcome, or give people too little time; and units of which nobody hears."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, not_, or_, select

from consult.accounts.models import Unit
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_is
from consult.consultations.stages import Standing, days_overdue, outcome_due
from consult.discussion.ledger.entries import OWED
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Response
from consult.extensions import db
from consult.monitor.rows import Found, Link, Row, sliced
from consult.monitor.rules import SILENT_DAYS, Span, span
from consult.monitor.scope import Scope

_ABOUT: tuple[Any, ...] = (
    *(Consultation.id, Consultation.slug, Consultation.title, Consultation.stage, Consultation.unit_id),
    *(Consultation.opens_at, Consultation.closes_at, Consultation.comment_count, Consultation.team_count),
    *(Unit.slug.label("unit_slug"), Unit.name.label("unit_name")),
)


def _exercises(scope: Scope, *standings: Standing) -> Sequence[Any]:
    return db.session.execute(
        select(*_ABOUT)
        .join(Unit, Unit.id == Consultation.unit_id)
        .where(
            or_(*(standing_is(standing, scope.now) for standing in standings)),
            scope.of_unit(Consultation.unit_id),
        )
        .order_by(Consultation.closes_at, Consultation.id)
    ).all()


def _row(about: Any, **values: Any) -> Row:
    return Row(
        what=about.title,
        link=Link("consultations.overview", {"slug": about.slug}),
        unit=about.unit_name,
        unit_slug=about.unit_slug,
        cursor=about.slug,
        **values,
    )


# ---- closed without an outcome


def outcomes(scope: Scope, after: str, limit: int) -> Found:
    """Return the consultations that have closed and have no outcome, the longest closed first; late from the due day."""
    rows = [_outcome_row(scope, about) for about in _exercises(scope, Standing.CLOSED) if about.closes_at]
    return sliced(rows, after, limit)


def _outcome_row(scope: Scope, about: Any) -> Row:
    due = outcome_due(about.closes_at, scope.zone)
    late_by = days_overdue(about.closes_at, scope.now, scope.zone)
    if late_by:
        mend = _("The unit publishes the outcome; until then it says by when, and why so late.")
    else:
        mend = _("Nothing yet: the outcome is awaited.")
    return _row(
        about,
        since=about.closes_at,
        figure=(scope.today - scope.day(about.closes_at)).days,
        late_by=late_by,
        mend=mend,
        more={"due": due, "comments": about.comment_count},
    )


# ---- too little time


def short(scope: Scope, after: str, limit: int) -> Found:
    """Return what is or will be open for too few days outside holidays, the shortest first."""
    rows = []
    for about in _exercises(scope, Standing.COMING, Standing.OPEN):
        length = _span(about, scope)
        if length is not None and length.missing:
            rows.append(_short_row(about, length))
    rows.sort(key=lambda row: (row.figure, row.cursor))
    return sliced(rows, after, limit)


def _span(about: Any, scope: Scope) -> Span | None:
    if about.opens_at is None or about.closes_at is None:
        return None
    return span(scope.day(about.opens_at), _last_day(about.closes_at, scope))


def _last_day(closes_at: datetime, scope: Scope) -> date:
    """Return the last day on which people can comment: midnight is the end of the day before."""
    return scope.day(closes_at - timedelta(microseconds=1))


def _short_row(about: Any, length: Span) -> Row:
    mend = ngettext(
        "The unit moves the closing by %(num)s day outside holidays, or says why so little time is enough.",
        "The unit moves the closing by %(num)s days outside holidays, or says why so little time is enough.",
        length.missing,
    )
    return _row(about, since=about.opens_at, figure=length.counted, mend=mend, more={"span": length})


# ---- silent units


def silent_units(scope: Scope, after: str, limit: int) -> Found:
    """Return the units that have had something to answer for 30 days, and have replied to nothing in that time."""
    before = scope.now - timedelta(days=SILENT_DAYS)
    candidates = _without_reply_since(scope, before)
    oldest = _oldest_unanswered([unit.id for unit, _last in candidates], before)
    rows = [_unit_row(scope, unit, last, oldest[unit.id]) for unit, last in candidates if unit.id in oldest]
    rows.sort(key=lambda row: (-row.figure, row.cursor))
    return sliced(rows, after, limit)


def _without_reply_since(scope: Scope, before: datetime) -> list[tuple[Unit, datetime | None]]:
    """Return the units that have replied to nothing since a moment, each with its last reply."""
    last = (
        select(func.max(Response.created_at))
        .where(Response.unit_id == Unit.id, Response.undone_at.is_(None))
        .correlate(Unit)
        .scalar_subquery()
    )
    rows = db.session.execute(select(Unit.id, last.label("last")).where(scope.of_unit(Unit.id)))
    return [(scope.by_id[row.id], row.last) for row in rows if row.last is None or row.last < before]


def _oldest_unanswered(unit_ids: Sequence[int], before: datetime) -> dict[int, datetime]:
    """Return, by unit, the oldest comment of more than 30 days that is unanswered where that is still owed."""
    oldest = (
        select(LedgerEntry.since)
        .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
        .where(
            LedgerEntry.unit_id == Unit.id,
            LedgerEntry.is_shown,
            not_(LedgerEntry.is_team_only),
            LedgerEntry.place != Place.ANSWERED,
            LedgerEntry.since <= before,
            Consultation.stage.in_(OWED),
        )
        .order_by(LedgerEntry.since)
        .limit(1)
        .correlate(Unit)
        .scalar_subquery()
        .label("oldest")
    )
    rows = db.session.execute(select(Unit.id, oldest).where(Unit.id.in_(unit_ids)))
    return {row.id: row.oldest for row in rows if row.oldest is not None}


def _unit_row(scope: Scope, unit: Unit, last: datetime | None, oldest: datetime) -> Row:
    since = max(last, oldest) if last else oldest
    return Row(
        what=unit.name,
        link=Link("consultations.unit", {"slug": unit.slug}),
        unit=unit.name,
        unit_slug=unit.slug,
        since=since,
        figure=(scope.today - scope.day(since)).days,
        mend=_("Any official of the unit replies to one of its comments."),
        cursor=unit.slug,
        more={"last": last},
    )
