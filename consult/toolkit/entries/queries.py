"""Questions about entries: their lists, what a list can be narrowed by, several side by side.

An entry that nobody has checked for 18 months is on no list, nor is a community that has not agreed to be.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from consult.extensions import db
from consult.toolkit.entries.filters import BY, CHECKED, Asked
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.entries.models import Entry, Fact
from consult.toolkit.entries.staleness import OFF_THE_LIST_AFTER, months_before
from consult.toolkit.models import Page, Revision

PAGE = 50
MOST_IN_FILE = 5_000
MOST_CHOICES = 100  # of one field
SHOWN_AT_HOME = 4  # of each kind

Rows = Sequence[Any]  # slug, title, summary, kind, facts and checked


@dataclass(frozen=True)
class Choice:
    """A thing that a list can be narrowed to, and how many entries it has."""

    key: str
    words: str
    count: int


def listed(asked: Asked, today: date) -> Rows:
    """Return the entries of one page of a list, and one more if there are more."""
    start = (asked.page - 1) * PAGE
    return db.session.execute(_ordered(asked, today).offset(start).limit(PAGE + 1)).all()


def all_listed(asked: Asked, today: date) -> Rows:
    """Return every entry that a list has, for a file."""
    return db.session.execute(_ordered(asked, today).limit(MOST_IN_FILE)).all()


def count_listed(asked: Asked, today: date) -> int:
    """Return how many entries a list has."""
    wanted = select(func.count(Entry.page_id)).where(_is_listed(today), *_conditions(asked))
    return db.session.execute(wanted).scalar_one()


def choices(asked: Asked, today: date) -> dict[str, list[Choice]]:
    """Return by what a list can be narrowed further: for each field its things, the most frequent first.

    They are counted among the entries that all else of what is asked leaves.
    """
    count = func.count(Fact.page_id)
    rows = db.session.execute(
        select(Fact.field, Fact.key, func.min(Fact.words).label("words"), count.label("count"))
        .join(Entry, Entry.page_id == Fact.page_id)
        .where(_is_listed(today), or_(*_each_field_alone(asked)))
        .group_by(Fact.field, Fact.key)
        .order_by(Fact.field, count.desc(), Fact.key)
    )
    found: dict[str, list[Choice]] = {name: [] for name in BY[asked.kind]}
    for row in rows:
        if len(found[row.field]) < MOST_CHOICES:
            found[row.field].append(Choice(row.key, row.words, row._mapping["count"]))
    return found


def kinds_and_sizes(today: date) -> dict[str, dict[str, int]]:
    """Return how many case studies there are of each kind of organisation, by how many people it serves."""
    kind, size = aliased(Fact), aliased(Fact)
    rows = db.session.execute(
        select(kind.key, size.key, func.count())
        .select_from(Entry)
        .join(kind, and_(kind.page_id == Entry.page_id, kind.field == "organisation_kind"))
        .join(size, and_(size.page_id == Entry.page_id, size.field == "serves"))
        .where(_is_listed(today), Entry.kind == PageKind.CASE_STUDY)
        .group_by(kind.key, size.key)
    )
    found: dict[str, dict[str, int]] = {}
    for one, serves, count in rows:
        found.setdefault(one, {})[serves] = count
    return found


def first_of_each(today: date, limit: int = SHOWN_AT_HOME) -> dict[PageKind, list[Any]]:
    """Return the first few entries of every kind, in the order of the editors, in one read.

    Each knows as `total` how many there are of its kind.
    """
    place = func.row_number().over(partition_by=Entry.kind, order_by=(Page.position, Page.title, Page.id))
    total = func.count().over(partition_by=Entry.kind)
    placed = (
        select(Entry.page_id, place.label("place"), total.label("total"))
        .join(Page, Page.id == Entry.page_id)
        .where(_is_listed(today))
        .subquery()
    )
    rows = db.session.execute(
        _rows()
        .add_columns(placed.c.total)
        .join(placed, placed.c.page_id == Page.id)
        .where(placed.c.place <= limit)
        .order_by(placed.c.place)
    )
    found: dict[PageKind, list[Any]] = {kind: [] for kind in BY}
    for row in rows:
        found[row.kind].append(row)
    return found


def beside(kind: PageKind, slugs: Iterable[str], today: date) -> list[Any]:
    """Return the entries of these addresses in their order, to be compared; what is not on the list is not."""
    wanted = list(dict.fromkeys(slugs))
    rows = db.session.execute(
        _rows().where(Page.slug.in_(wanted), Entry.kind == kind, _is_listed(today)).order_by(Page.id)
    ).all()
    found = {row.slug: row for row in rows}
    return [found[slug] for slug in wanted if slug in found]


def is_withheld(page_id: Any) -> ColumnElement[bool]:
    """Return the condition that a page, by its id or a column of ids, is of a community that has not agreed."""
    return exists().where(Entry.page_id == page_id, Entry.is_listed.is_(False))


def withheld(page_id: int) -> bool:
    """Say whether a page is of a community that has not agreed to be listed."""
    return bool(db.session.scalar(select(is_withheld(page_id))))


def _rows() -> Select[Any]:
    columns: tuple[Any, ...] = (Page.slug, Page.title, Page.summary, Page.kind, Revision.facts, Entry.checked)
    return (
        select(*columns)
        .join(Revision, Revision.id == Page.current_revision_id)
        .join(Entry, Entry.page_id == Page.id)
    )


def _ordered(asked: Asked, today: date) -> Select[Any]:
    name = (func.lower(Page.title), Page.id)
    order = (Entry.checked.desc(), *name) if asked.sort == CHECKED else name
    return _rows().where(_is_listed(today), *_conditions(asked)).order_by(*order)


def _is_listed(today: date) -> ColumnElement[bool]:
    return and_(Entry.is_listed, Entry.checked > months_before(today, OFF_THE_LIST_AFTER))


def _each_field_alone(asked: Asked) -> Iterator[ColumnElement[bool]]:
    for name in BY[asked.kind]:
        others = {other: key for other, key in asked.chosen.items() if other != name}
        yield and_(Fact.field == name, *_conditions(replace(asked, chosen=others)))


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    had = aliased(Fact)
    has = [
        exists().where(had.page_id == Entry.page_id, had.field == name, had.key == key).correlate(Entry)
        for name, key in sorted(asked.chosen.items())
    ]
    says = [Entry.words.contains(word, autoescape=True) for word in asked.needles]
    return [Entry.kind == asked.kind, *has, *says]
