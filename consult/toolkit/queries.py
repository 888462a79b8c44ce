"""Questions about the toolkit: its shelves, a page with who changed it, its history, what links to it."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from consult.accounts.models import Part, Person, Role, Site
from consult.documents.models import Document
from consult.errors import NotFound
from consult.extensions import db
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.models import Page, PageName, Revision, Shelf
from consult.toolkit.names import name_of
from consult.toolkit.talk.models import PageTalk

HISTORY_PAGE = 50
NEAREST = 5
LIKE_ENOUGH = 55  # of 100, by the likeness of words
TITLES_COMPARED = 2_000
NAMES_AT_ONCE = 1_000  # databases limit the values of one statement

Rows = Sequence[Any]  # rows with the columns that each question names


def shelves() -> dict[Shelf, list[Any]]:
    """Return slug, title, summary and stamp of every practice page, by shelf, in the order of its editors."""
    rows = db.session.execute(
        select(Page.shelf, Page.slug, Page.title, Page.summary, Page.stamp)
        .where(Page.current_revision_id.is_not(None), Page.kind == PageKind.PRACTICE)
        .order_by(Page.position, Page.title)
    )
    found: dict[Shelf, list[Any]] = {shelf: [] for shelf in Shelf}
    for row in rows:
        found[row.shelf].append(row)
    return found


def stamps(*more: Any) -> Any:
    """Return what the list of all pages hangs on: the sum of their stamps, which only rise, and the site's.

    `more` are columns of whatever else it hangs on, for the same read.
    """
    site_stamp = select(Site.stamp).where(Site.id == 1).scalar_subquery().label("site_stamp")
    return db.session.execute(
        select(func.count(Page.id), func.coalesce(func.sum(Page.stamp), 0), site_stamp, *more)
    ).one()


def changed() -> tuple[Any, ...]:
    """Return the columns that say what a revision changed, why and by whom; its author is joined as Person.

    Of one that is withheld they say when and why instead, and the title that the page has now.
    """
    is_shown = Revision.withheld_at.is_(None)
    return (
        *(Revision.number, case((is_shown, Revision.title), else_=_TITLE_NOW).label("title")),
        *(case((is_shown, Revision.note), else_="").label("note"), Revision.restores, Revision.created_at),
        *(Revision.withheld_at, Revision.withheld_why),
        *(Person.name.label("author_name"), _SUGGESTER.label("suggester_name")),
    )


_page_now, _suggester = aliased(Page), aliased(Person)
_TITLE_NOW = (
    select(_page_now.title).where(_page_now.id == Revision.page_id).correlate(Revision).scalar_subquery()
)
_SUGGESTER = (
    select(_suggester.name)
    .where(_suggester.id == Revision.suggester_id)
    .correlate(Revision)
    .scalar_subquery()
)


def readable(slug: str) -> Any:
    """Return all that a page shows of itself, with its latest change, in one read. Raises NotFound."""
    return _one(_readable().where(Page.slug == slug, Revision.id == Page.current_revision_id))


def readable_revision(slug: str, number: int) -> Any:
    """Return a page as it read in one of its revisions. Raises NotFound."""
    return _one(_readable().where(Page.slug == slug, Revision.number == number))


def _readable() -> Select[Any]:
    site_stamp = select(Site.stamp).where(Site.id == 1).scalar_subquery().label("site_stamp")
    owner = aliased(Person)
    return (
        select(
            *(owner.name.label("owner_name"), is_editing(owner.id).label("owner_edits")),
            *(
                Page.id,
                Page.slug,
                Page.shelf,
                Page.reviewed_on,
                Page.review_by,
                Page.stamp,
                Page.revision_count,
            ),
            *(Page.kind, Revision.facts, Revision.summary, Revision.html, *changed(), site_stamp),
            *(PageTalk.document_id.label("talk_document_id"), PageTalk.marks.label("talk_marks")),
            *(Document.stamp.label("talk_stamp"), Document.comment_count.label("talk_count")),
        )
        .join(Revision, Revision.page_id == Page.id)
        .outerjoin(Person, Person.id == Revision.author_id)
        .outerjoin(owner, owner.id == Page.owner_id)
        .outerjoin(PageTalk, PageTalk.page_id == Page.id)
        .outerjoin(Document, Document.id == PageTalk.document_id)
    )


def _one(wanted: Select[Any]) -> Any:
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def page(slug: str) -> Page:
    """Return a page to work on, by its address or any name that it has, or had. Raises NotFound."""
    named = select(PageName.page_id).where(PageName.name == slug).scalar_subquery()
    found = db.session.scalar(select(Page).where(Page.id == named))
    if found is None:
        raise NotFound
    return found


def revision(page_id: int, number: int) -> Revision:
    found = db.session.scalar(select(Revision).where(Revision.page_id == page_id, Revision.number == number))
    if found is None:
        raise NotFound
    return found


def edits(person_id: int) -> bool:
    """Say whether somebody edits the toolkit now."""
    return bool(db.session.scalar(select(is_editing(person_id))))


def is_editing(person_id: Any) -> ColumnElement[bool]:
    """Return the condition that somebody, by their id or a column of ids, edits the toolkit now."""
    editor = aliased(Person)
    played = (Role.person_id == person_id, Role.part == Part.EDITOR, Role.played())
    return (
        select(Role.id)
        .join(editor, editor.id == Role.person_id)
        .where(*played, editor.disabled_at.is_(None), editor.closed_at.is_(None))
        .exists()
    )


def pages_named(wanted: Iterable[str]) -> dict[str, str]:
    """Return, of these names, those that a page bears, with the slug of that page."""
    remaining = iter(sorted(wanted))
    found: dict[str, str] = {}
    while some := list(islice(remaining, NAMES_AT_ONCE)):
        rows = db.session.execute(
            select(PageName.name, Page.slug)
            .join(Page, Page.id == PageName.page_id)
            .where(PageName.name.in_(some))
        )
        found.update((row.name, row.slug) for row in rows)
    return found


def slug_now(words: str) -> str | None:
    """Return the address of the page that is, or was, called so; None where there is none."""
    name = name_of(words)
    return pages_named([name]).get(name) if name else None


def history(page_id: int, before: int | None = None) -> Rows:
    """Return revisions of a page, newest first: one page of them and one more if there are more.

    `growth` is by how many characters a revision is longer than the one before it.
    """
    earlier = aliased(Revision)
    growth: ColumnElement[Any] = func.length(Revision.source) - func.coalesce(func.length(earlier.source), 0)
    wanted = (
        select(*changed(), growth.label("growth"))
        .outerjoin(Person, Person.id == Revision.author_id)
        .outerjoin(earlier, (earlier.page_id == Revision.page_id) & (earlier.number == Revision.number - 1))
        .where(Revision.page_id == page_id)
        .order_by(Revision.number.desc())
        .limit(HISTORY_PAGE + 1)
    )
    return db.session.execute(wanted if before is None else wanted.where(Revision.number < before)).all()


def two_revisions(slug: str, first: int, second: int) -> tuple[Any, Any]:
    """Return two revisions of a page with their sources, in one read. Raises NotFound."""
    rows = db.session.execute(
        select(Page.title.label("page_title"), Page.stamp, Page.revision_count, *_compared())
        .join(Revision, Revision.page_id == Page.id)
        .outerjoin(Person, Person.id == Revision.author_id)
        .where(Page.slug == slug, Revision.number.in_((first, second)))
    ).all()
    found = {row.number: row for row in rows}
    if first not in found or second not in found:
        raise NotFound
    return found[first], found[second]


def _compared() -> tuple[Any, ...]:
    return (Page.id, Page.shelf, Page.kind, Revision.summary, Revision.source, Revision.facts, *changed())


def nearest(words: str) -> list[Any]:
    """Return the pages whose address or title is most like `words`, best first."""
    rows = db.session.execute(
        select(Page.slug, Page.title, Page.summary).order_by(Page.id).limit(TITLES_COMPARED)
    ).all()
    wanted = name_of(words).replace("-", " ") or words[:80].lower()
    choices = {place: f"{row.slug.replace('-', ' ')} {row.title.lower()}" for place, row in enumerate(rows)}
    best = process.extract(
        wanted, choices, scorer=fuzz.token_set_ratio, limit=NEAREST, score_cutoff=LIKE_ENOUGH
    )
    return [rows[place] for _words, _score, place in best]
