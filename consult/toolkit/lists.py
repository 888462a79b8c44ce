"""Long lists of the toolkit, page by page: what changed, what links where, what nobody has written yet; a whole shelf."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, or_, select, tuple_

from consult.accounts.models import Person
from consult.extensions import db
from consult.toolkit.entries.queries import is_withheld
from consult.toolkit.models import Page, PageLink, PageName, Revision, Shelf
from consult.toolkit.queries import changed, is_editing

PAGE = 50
RECENT = 8  # changes on the first page
LINKING_SHOWN = 30  # pages beside the one that they link to
MOST_WANTED = 100
MOST_WANTING = 500

Rows = Sequence[Any]  # rows with the columns that each question names


def changes(
    before: int | None = None,
    shelf: Shelf | None = None,
    *,
    page_id: int | None = None,
    limit: int | None = None,
    has_withheld: bool = False,
) -> Rows:
    """Return revisions of all pages, of those on one shelf or of one, newest first: one page of them and one more.

    `before` is the id of the last one of the page before. Of communities that have not agreed to be listed there is
    nothing among those of several pages, unless it `has_withheld`: for editors.
    """
    wanted = (
        select(Revision.id, Page.slug, Page.shelf, *changed())
        .join(Page, Page.id == Revision.page_id)
        .outerjoin(Person, Person.id == Revision.author_id)
        .order_by(Revision.id.desc())
        .limit(limit or PAGE + 1)
    )
    if before is not None:
        wanted = wanted.where(Revision.id < before)
    if page_id is not None:
        wanted = wanted.where(Revision.page_id == page_id)
    elif not has_withheld:
        wanted = wanted.where(~is_withheld(Page.id))
    return db.session.execute(wanted if shelf is None else wanted.where(Page.shelf == shelf)).all()


def linking(page_id: int, after: int | None = None, *, limit: int | None = None) -> Rows:
    """Return the pages that link to a page by any of its names, by title: one page of them and one more.

    `after` is the id of the last one of the page before.
    """
    names = select(PageName.name).where(PageName.page_id == page_id)
    links = select(PageLink.page_id).where(PageLink.target.in_(names), PageLink.page_id != page_id)
    wanted = (
        select(Page.id, Page.slug, Page.title, Page.summary)
        .where(Page.id.in_(links))
        .order_by(Page.title, Page.id)
        .limit(limit or PAGE + 1)
    )
    if after is not None:
        last = select(Page.title).where(Page.id == after).scalar_subquery()
        wanted = wanted.where(tuple_(Page.title, Page.id) > tuple_(last, after))
    return db.session.execute(wanted).all()


def wanted() -> dict[str, list[Any]]:
    """Return the names that pages link to and that no page bears, each with pages that do; the most wanted first."""
    missing = ~exists().where(PageName.name == PageLink.target)
    count = func.count(PageLink.page_id)
    names = db.session.scalars(
        select(PageLink.target)
        .where(missing)
        .group_by(PageLink.target)
        .order_by(count.desc(), PageLink.target)
        .limit(MOST_WANTED)
    ).all()
    found: dict[str, list[Any]] = {name: [] for name in names}
    rows = db.session.execute(
        select(PageLink.target, Page.slug, Page.title)
        .join(Page, Page.id == PageLink.page_id)
        .where(PageLink.target.in_(names))
        .order_by(Page.title, Page.id)
        .limit(MOST_WANTING)
    )
    for row in rows:
        found[row.target].append(row)
    return found


def orphans() -> Rows:
    """Return the pages that no other page links to: they are found on their shelf alone."""
    linked = (
        exists()
        .where(PageName.page_id == Page.id, PageLink.target == PageName.name, PageLink.page_id != Page.id)
        .correlate(Page)
    )
    return db.session.execute(
        select(Page.slug, Page.title).where(~linked).order_by(Page.title, Page.id).limit(MOST_WANTED)
    ).all()


def unowned() -> Rows:
    """Return the pages that nobody owns who edits the toolkit now, by title, with who owned them last."""
    return db.session.execute(
        select(Page.slug, Page.title, Person.name.label("owner_name"))
        .outerjoin(Person, Person.id == Page.owner_id)
        .where(or_(Page.owner_id.is_(None), ~is_editing(Page.owner_id)))
        .order_by(Page.title, Page.id)
        .limit(MOST_WANTED)
    ).all()


def whole_shelf(shelf: Shelf) -> Rows:
    """Return every page of a shelf as it reads now, practice first and in the order of its editors, in one read.

    Communities that have not agreed to be listed are left out.
    """
    return db.session.execute(
        select(
            *(Page.id, Page.slug, Page.title, Page.kind, Page.reviewed_on, Page.review_by),
            *(Revision.summary, Revision.html, Revision.facts, Revision.created_at),
        )
        .join(Revision, Revision.id == Page.current_revision_id)
        .where(Page.shelf == shelf, ~is_withheld(Page.id))
        .order_by(Page.kind.desc(), Page.position, Page.title, Page.id)
    ).all()
