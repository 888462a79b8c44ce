"""Mind the gap, in public: the questions that nobody has answered."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from consult import clock
from consult.accounts.models import Unit
from consult.consultations import queries as consultations
from consult.discussion import queries as discussion
from consult.errors import NotFound
from consult.monitor import queries
from consult.permissions import May
from consult.text.plain import plain_text
from consult.web.access import needs
from consult.web.conditional import answer_alike
from consult.workdays import working_days_between

bp = Blueprint("monitor", __name__)

PAGE = 25
EXCERPT = 140  # characters of a question, enough to know it by


@bp.get("/monitor")
@needs(May.READ)
def gaps() -> Response:
    now = clock.now()
    unit, after = request.args.get("unit", ""), request.args.get("after", "")
    units = queries.units()
    some = _chosen(units, unit)
    rows = discussion.waiting_questions([one.id for one in some], after or None, PAGE + 1)
    if after and not rows:
        raise NotFound  # nonsense, or it has been answered meanwhile
    place = f"/monitor?unit={unit}&after={after}"
    return answer_alike(
        (consultations.tally(now),), lambda: _gaps(units, some, unit, after, rows), place=place
    )


def _chosen(units: list[Unit], slug: str) -> list[Unit]:
    """Return the units to look at: all, or the one that the address names."""
    some = [unit for unit in units if not slug or unit.slug == slug]
    if slug and not some:
        raise NotFound
    return some


def _gaps(units: list[Unit], some: list[Unit], unit: str, after: str, rows: list[Any]) -> str:
    now, zone = clock.now(), current_app.config["CONSULT_ZONE"]
    waits = [working_days_between(row.created_at, now, zone) for row in rows]
    return render_template(
        "monitor/gaps.html",
        units=units,
        chosen=unit,
        after=after,
        rows=list(zip(rows, waits, strict=True))[:PAGE],
        longest=max(waits, default=0),
        gap=queries.gap_of(some, now, zone),
        promises=sorted({one.promise_days for one in some}),
        last=rows[PAGE - 1].key if len(rows) > PAGE else "",
        excerpt=_excerpt,
    )


def _excerpt(html: str) -> str:
    """Return the beginning of a question, in words."""
    words = plain_text(html)
    return words if len(words) <= EXCERPT else words[:EXCERPT].rpartition(" ")[0] + "…"
