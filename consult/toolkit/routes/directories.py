"""The lists of entries, narrowed by what their address says; the same as files; several entries side by side."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.accounts.models import Part
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.extensions import link_to
from consult.permissions import May
from consult.text.csv_line import BOM, csv_line
from consult.toolkit import queries
from consult.toolkit.entries import filters, runs, showing, staleness, words
from consult.toolkit.entries import queries as entries
from consult.toolkit.entries.filters import Asked
from consult.toolkit.entries.kinds import FOLDERS, Field, PageKind, fields_of
from consult.toolkit.routes import exercises
from consult.toolkit.routes.blueprint import bp, today
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import answer_alike, stream_alike

MOST_COMPARED = 6
BRIEF = 180  # characters of a fact in a list
KINDS = {folder: kind for kind, folder in FOLDERS.items()}


@bp.get("/toolkit/communities", defaults={"folder": "communities"})
@bp.get("/toolkit/platforms", defaults={"folder": "platforms"})
@bp.get("/toolkit/experts", defaults={"folder": "experts"})
@bp.get("/toolkit/case-studies", defaults={"folder": "case-studies"})
@needs(May.READ)
def directory(folder: str) -> Response:
    """One list of entries, page by page."""
    asked = _asked(folder)
    told = _told(asked.kind)
    stamps = (tuple(queries.stamps()), *exercises.stamps_of(told))
    return answer_alike(stamps, lambda: _directory(asked, folder, told), place=_place(asked))


def _asked(folder: str) -> Asked:
    repeated = [name for name, given in request.args.lists() if len({*given} - {""}) > 1]
    return Asked.read(KINDS[folder], request.args, repeated=repeated)


def _told(kind: PageKind) -> list[Consultation]:
    return runs.runs() if kind is PageKind.CASE_STUDY else []


def _place(asked: Asked) -> str:
    more = "&more" if asked.has_more else ""
    return f"{request.path}?{urlencode(sorted(asked.address().items()))}{more}"


def _directory(asked: Asked, folder: str, told: list[Consultation]) -> str:
    day = today()
    rows = exercises.filled(entries.listed(asked, day), told)
    if asked.page > 1 and not rows:
        raise NotFound
    return render_template(
        "toolkit/directory.html",
        asked=asked,
        folder=folder,
        rows=[row_of(row, words.COLUMNS[asked.kind], day) for row in rows[: entries.PAGE]],
        has_more=len(rows) > entries.PAGE,
        count=entries.count_listed(asked, day),
        most_in_file=entries.MOST_IN_FILE,
        choices=entries.choices(asked, day),
        fields=filters.fields_by(asked.kind),
        columns=fields_named(asked.kind, words.COLUMNS[asked.kind]),
        compared=_compared_fields(asked.kind) if asked.kind in words.COMPARED else [],
        about=words.ABOUT[asked.kind],
        like_mine=entries.kinds_and_sizes(day) if asked.kind is PageKind.CASE_STUDY else {},
        own_kind=own_kind() if asked.kind is PageKind.CASE_STUDY else None,
    )


def fields_named(kind: PageKind, names: tuple[str, ...]) -> list[Field]:
    known = {field.name: field for field in fields_of(kind)}
    return [known[name] for name in names]


def row_of(row: Any, names: tuple[str, ...], day: date) -> dict[str, Any]:
    """Return an entry as a list shows it: its facts in a few words each, and what a reader must know of their age."""
    return {
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary,
        "facts": [
            showing.fact_shown(field, row.facts, day, most=BRIEF) for field in fields_named(row.kind, names)
        ],
        "checked": row.checked,
        "is_old": row.checked is not None and staleness.age(row.checked, day) is not staleness.Age.FRESH,
        "is_example": staleness.is_example(row.facts),
        "kind_words": showing.said_of(row.kind, row.facts, "organisation_kind"),
        "serves": showing.said_of(row.kind, row.facts, "serves"),
    }


def own_kind() -> str | None:
    """Return the kind of organisation that a signed-in official works for, so that they need not choose it."""
    who = access.actor()
    parts = getattr(who, "parts", None) or ()
    for role in parts:
        if role.part is Part.OFFICIAL and role.organisation_id is not None:
            return str(accounts.organisation_by_id(role.organisation_id).kind.value)
    return None


@bp.get("/toolkit/communities.csv", defaults={"folder": "communities"})
@bp.get("/toolkit/platforms.csv", defaults={"folder": "platforms"})
@bp.get("/toolkit/experts.csv", defaults={"folder": "experts"})
@bp.get("/toolkit/case-studies.csv", defaults={"folder": "case-studies"})
@needs(May.READ)
def directory_file(folder: str) -> Response:
    """Every row of a list as a file, narrowed as the page is."""
    asked = _asked(folder)
    told, day = _told(asked.kind), today()
    response = stream_alike(
        (tuple(queries.stamps()), *exercises.stamps_of(told)),
        lambda: _lines(
            asked.kind, exercises.filled(entries.all_listed(asked, day), told), link_to("toolkit.home"), day
        ),
        content_type="text/csv; charset=utf-8",
        place=_place(asked),
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{folder}.csv"'
    return response


def _lines(kind: PageKind, rows: entries.Rows, home: str, day: date) -> Iterator[str]:
    names = [field.name for field in fields_of(kind)]
    yield BOM + csv_line(("name", "address", "summary", *names, "not_checked_for_12_months"))
    for row in rows:
        is_old = row.checked is not None and staleness.age(row.checked, day) is not staleness.Age.FRESH
        facts = (row.facts.get(name) for name in names)
        yield csv_line((row.title, f"{home}/{row.slug}", row.summary, *facts, is_old))


@bp.get("/toolkit/platforms/compare", defaults={"folder": "platforms"})
@bp.get("/toolkit/case-studies/compare", defaults={"folder": "case-studies"})
@needs(May.READ)
def compare_entries(folder: str) -> Response:
    """Several entries side by side, by the facts that were ticked, or by all."""
    kind = KINDS[folder]
    slugs = list(dict.fromkeys(slug for slug in request.args.getlist("page") if len(slug) <= 80))
    fields = _chosen_fields(kind, request.args.getlist("field"))
    place = f"{request.path}?{urlencode([('page', slug) for slug in slugs[: MOST_COMPARED + 1]])}"
    place += "".join(f"&{field.name}" for field in fields)
    told = _told(kind)
    return answer_alike(
        (tuple(queries.stamps()), *exercises.stamps_of(told)),
        lambda: _side_by_side(kind, slugs, fields, told),
        place=place,
    )


def _compared_fields(kind: PageKind) -> list[Field]:
    return [field for field in fields_of(kind) if field.name not in showing.UNSHOWN]


def _chosen_fields(kind: PageKind, names: list[str]) -> list[Field]:
    wanted = set(names)
    known = _compared_fields(kind)
    return [field for field in known if field.name in wanted] or known


def _side_by_side(kind: PageKind, slugs: list[str], fields: list[Field], told: list[Consultation]) -> str:
    day = today()
    found = exercises.filled(entries.beside(kind, slugs[:MOST_COMPARED], day), told)
    return render_template(
        "toolkit/compare_entries.html",
        folder=FOLDERS[kind],
        kind=kind,
        entries=[row_of(row, (), day) for row in found],
        table=[(field, [showing.fact_shown(field, row.facts, day) for row in found]) for field in fields],
        chosen={field.name for field in fields},
        known=_compared_fields(kind),
        problem=_problem(kind, slugs, found),
    )


def _problem(kind: PageKind, slugs: list[str], found: list[Any]) -> str:
    if len(slugs) > MOST_COMPARED:
        return str(_("You can compare %(most)s at a time. These are the first %(most)s.", most=MOST_COMPARED))
    if len(found) < len(slugs):
        return str(_("Some of what you ticked is no longer on the list, and is left out."))
    return str(_("Tick two or more on the list to compare them.")) if len(found) < 2 else ""
