"""Mind the gap, in public: the page, each of its lists in full, and the same as files."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from consult import clock, promises
from consult.accounts import queries as accounts
from consult.consultations import queries as consultations
from consult.errors import NotFound
from consult.monitor import board, charts, exports, series, strips, words
from consult.monitor.board import LISTS
from consult.monitor.rows import Found, Link
from consult.monitor.rules import PAGE, WORST
from consult.monitor.scope import Scope, scope
from consult.monitor.series import Told
from consult.monitor.stale import stamps as stamps_of_stale
from consult.permissions import May
from consult.web import limits
from consult.web.access import needs
from consult.web.conditional import Shelf, Stamps, answer_alike
from consult.web.robots import unlisted

bp = Blueprint("monitor", __name__)

STRIPS = 3  # on the first page
STRIPS_A_PAGE = 10
TOLD: Shelf[list[Told]] = Shelf(
    200_000, lambda told: 500 * len(told)
)  # figures of weeks, made anew every hour


@bp.get("/monitor")
@needs(May.READ)
@unlisted
def gaps() -> Response:
    """The worst of every list, the figures of each unit, where people talk, and figures over time."""
    of = _scope()
    return answer_alike(_stamps(of), lambda: _gaps(of), place=f"/monitor?unit={of.chosen}")


@bp.get("/units/<string:slug>/monitor")
@needs(May.READ)
@unlisted
def of_unit(slug: str) -> Any:
    """The monitor of one unit has its address in the monitor."""
    return redirect(url_for("monitor.gaps", unit=accounts.unit(slug).slug), 302)


@bp.get("/monitor/<string:gaps>")
@needs(May.READ)
@unlisted
def gap(gaps: str) -> Response:
    """Every row of one list, page by page."""
    of, after = _scope(), request.args.get("after", "")
    if gaps not in LISTS:
        raise NotFound
    stamps = _stamps(of)  # before what hangs on it: else what is kept could be older than its stamps
    found = LISTS[gaps](of, after, PAGE + 1)
    place = f"/monitor/{gaps}?unit={of.chosen}&after={after}"
    return answer_alike(stamps, lambda: _gap(of, gaps, after, found), place=place)


@bp.get("/monitor/heat")
@needs(May.READ)
@unlisted
def heat() -> Response:
    """The heat strip of every draft that is open."""
    of, after = _scope(), request.args.get("after", "")
    number = int(after) if after.isascii() and after.isdigit() and len(after) <= 9 else 0

    def build() -> str:
        ids = strips.open_documents(of, number, STRIPS_A_PAGE + 1)
        return render_template(
            "monitor/heat.html",
            scope=of,
            strips=strips.of_documents(ids[:STRIPS_A_PAGE]),
            after=after,
            last=ids[STRIPS_A_PAGE - 1] if len(ids) > STRIPS_A_PAGE else "",
        )

    place = f"/monitor/heat?unit={of.chosen}&after={number}"
    return answer_alike(_stamps(of), build, place=place)


@bp.get("/monitor.json")
@needs(May.READ)
@limits.MONITOR_FILES
def json() -> Response:
    """All of it as data."""
    of = _scope()
    response = answer_alike(_stamps(of), lambda: _json(of), place=f"/monitor.json?unit={of.chosen}")
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    return response


@bp.get("/monitor/<string:gaps>.csv")
@needs(May.READ)
@limits.MONITOR_FILES
def csv(gaps: str) -> Response:
    """Every row of one list as a file; `weeks` are the figures over time."""
    of = _scope()
    if gaps not in LISTS and gaps != "weeks":
        raise NotFound
    place = f"/monitor/{gaps}.csv?unit={of.chosen}"
    response = answer_alike(_stamps(of), lambda: _csv(of, gaps), place=place)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{gaps}-{of.today}.csv"'
    return response


@bp.app_template_global("leads_to")
def leads_to(link: Link) -> str:
    """Return the address of a row on the page."""
    return url_for(link.endpoint, _anchor=link.anchor or None, **link.values)


def _scope() -> Scope:
    return scope(request.args.get("unit", ""), clock.now(), current_app.config["CONSULT_ZONE"])


def _stamps(of: Scope) -> Stamps:
    """Return what the monitor hangs on; it is made anew every hour at least."""
    names = tuple((unit.slug, unit.name, unit.promise_days) for unit in of.units)
    clocks = str(of.calendar.periods)  # an election may have stopped some
    return (consultations.tally(of.now), stamps_of_stale(), _hour(of.now), names, clocks)


def _hour(now: datetime) -> str:
    return f"{now:%Y-%m-%d %H}"


def _told(of: Scope) -> list[Told]:
    """Return the figures over time, which are counted once an hour."""
    made, _stamps_of_it = TOLD.get_or_build(
        ("weeks", of.chosen), (_hour(of.now), str(current_app.name)), lambda: series.told(of)
    )
    return made


def _gaps(of: Scope) -> str:
    lists = board.lists(of, WORST)
    told = _told(of)
    return render_template(
        "monitor/gaps.html",
        scope=of,
        lists=lists,
        words=words.words(),
        counts={name: words.counted(name, found) for name, found in lists.items()},
        of_late=words.of_late,
        empty={name: _empty_since(of, name) for name, found in lists.items() if not found.count},
        lines=board.by_unit(of),
        sent_to_teams=board.sent_to_teams(of),
        promises=promises.ordered(unit.promise_days for unit in of.looked_at),
        strips=strips.of_documents(strips.open_documents(of, 0, STRIPS)),
        told=told,
        charts=_charts(told),
        chart=charts,
        worst=WORST,
    )


def _gap(of: Scope, name: str, after: str, found: Found) -> str:
    rows = found.rows[:PAGE]
    return render_template(
        "monitor/gap.html",
        scope=of,
        name=name,
        words=words.words()[name],
        found=found,
        rows=rows,
        note=words.of_late(name, found),
        empty=None if found.count else _empty_since(of, name),
        after=after,
        last=rows[-1].cursor if len(found.rows) > PAGE else "",
    )


def _empty_since(of: Scope, name: str) -> tuple[bool, datetime | date]:
    """Return whether a list was ever emptied, and since when it is empty."""
    at = board.empty_since(of, name)
    return at is not None, at or board.site_began()


def _charts(told: list[Told]) -> list[dict[str, Any]]:
    """Return the three charts: a name, the finding, and the bars."""
    waiting = [each.waiting for each in told]
    medians = [each.median for each in told]
    shown = next((charts.figure(value) for value in reversed(medians) if value is not None), "")
    threads, joined = sum(each.threads for each in told), sum(each.joined for each in told)
    return [
        {"name": "waiting", "title": words.waiting_title(waiting), "bars": charts.bars(waiting)},
        {"name": "median", "title": words.median_title(medians, shown), "bars": charts.bars(medians)},
        {
            "name": "share",
            "title": words.share_title(threads, joined),
            "bars": charts.bars([each.share for each in told]),
        },
    ]


def _json(of: Scope) -> str:
    lists = board.lists(of, exports.MOST_IN_JSON)
    body = {
        "made_at": of.now.isoformat(),
        "definitions": current_app.config["CONSULT"].base_url + url_for("discussion.figures"),
        "unit": of.chosen or None,
        "gaps": exports.gaps_in_json(lists),
        "sent_only_to_teams": board.sent_to_teams(of),
        "units": [exports.unit_in_json(line) for line in board.by_unit(of)],
        "weeks": [exports.week_in_json(each) for each in _told(of)],
    }
    return str(current_app.json.dumps(body, indent=1))


def _csv(of: Scope, name: str) -> str:
    if name == "weeks":
        return "".join(exports.csv_of_weeks(_told(of)))
    return "".join(exports.csv_of(of, name))
