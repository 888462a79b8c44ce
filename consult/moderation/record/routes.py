"""What everybody can see of an organisation's moderation: its figures, as a page and as a file."""

from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, render_template

from consult import audit, clock
from consult.accounts import queries as accounts
from consult.accounts.models import Organisation
from consult.moderation.record import figures, words
from consult.moderation.routes import bp
from consult.permissions import May
from consult.text.csv_line import BOM, csv_line
from consult.web.access import needs
from consult.web.conditional import answer_alike, stream_alike

PATH = "/organisations/<string:slug>/moderation"


@bp.get(PATH)
@needs(May.READ)
def transparency(slug: str) -> Response:
    about = accounts.organisation(slug)
    return answer_alike(_stamps(about), lambda: _page(about))


def _stamps(about: Organisation) -> tuple[object, ...]:
    return (about.id, about.name, accounts.site().stamp, figures.stamp(about.id))


def _page(about: Organisation) -> str:
    head = audit.head(about.id)
    return render_template(
        "moderation/transparency.html",
        organisation=about,
        periods=_periods(about),
        names=figures.names(),
        words=words,
        entries=head[0],
        last=head[1],
    )


def _periods(about: Organisation) -> list[figures.Period]:
    return figures.of(about.id, clock.now(), current_app.config["CONSULT_ZONE"])


@bp.get(f"{PATH}.csv")
@needs(May.READ)
def transparency_csv(slug: str) -> Response:
    """Give out the same as a table, one line for each period."""
    about = accounts.organisation(slug)
    response = stream_alike(
        _stamps(about), lambda: iter(list(_lines(about))), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{about.slug}-moderation.csv"'
    return response


def _lines(about: Organisation) -> Iterator[str]:
    names = figures.names()
    head = ("period", "from", "to", *map(words.column, names), "median_minutes_to_a_decision")
    yield BOM + csv_line(head)
    for period in _periods(about):
        yield csv_line(_cells(period, names))


def _cells(period: figures.Period, names: tuple[str, ...]) -> Iterator[Any]:
    quarter = period.quarter
    yield period.code
    yield quarter.first_day.isoformat() if quarter else ""
    yield quarter.last_day.isoformat() if quarter else ""
    yield from (words.cell(period.counts[name]) for name in names)
    yield period.median_minutes
