"""Many pages, and many revisions of one, put into the tables at once."""

from datetime import timedelta

from sqlalchemy import insert, select

from consult import clock
from consult.extensions import db
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.models import Page, PageLink, PageName, Revision, Shelf

BATCH = 2_000
HTML = '<h2 id="s-one">One</h2>\n<p>Words of revision {n}.</p>\n<h2 id="s-two">Two</h2>\n<p>More.</p>\n'
SOURCE = "## One\n\nWords of revision {n}.\n\n## Two\n\nMore.\n"


def revisions(page: Page, count: int, author_id: int | None = None) -> None:
    """Give a page revisions until it has so many."""
    began = clock.now() - timedelta(days=400)
    numbers = range(page.revision_count + 1, count + 1)
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        db.session.execute(insert(Revision), [_revision(page.id, n, began, author_id) for n in some])
    db.session.flush()
    page.revision_count = count
    page.current_revision_id = db.session.scalar(
        select(Revision.id).where(Revision.page_id == page.id, Revision.number == count)
    )
    page.stamp += 1
    db.session.commit()


def _revision(page_id: int, n: int, began: object, author_id: int | None) -> dict[str, object]:
    return {
        "page_id": page_id,
        "number": n,
        "title": "A page",
        "summary": "What it is for.",
        "source": SOURCE.format(n=n),
        "html": HTML.format(n=n),
        "facts": {},
        "note": f"Change {n}",
        "created_at": began + timedelta(minutes=n),  # type: ignore[operator]
        "author_id": author_id,
    }


def pages(count: int, *, linking_to: str = "", beginning: int = 0) -> None:
    """Write so many pages of one revision each, all of them linking to one name."""
    now = clock.now()
    numbers = range(beginning, beginning + count)
    rows = [
        {
            "slug": f"bulk-{n}",
            "title": f"Bulk {n}",
            "shelf": list(Shelf)[n % 3],
            "kind": PageKind.PRACTICE,
            "summary": "One of many.",
            "position": 100,
            "created_at": now,
            "stamp": 1,
            "revision_count": 1,
        }
        for n in numbers
    ]
    db.session.execute(insert(Page), rows)
    made = select(Page.slug, Page.id).where(Page.slug.like("bulk-%"), Page.current_revision_id.is_(None))
    ids = dict(db.session.execute(made).all())
    texts = [
        {
            **_revision(ids[f"bulk-{n}"], 1, now, None),
            "title": f"Bulk {n}",
            "source": f"{SOURCE} rare{n % 97}",
        }
        for n in numbers
    ]
    db.session.execute(insert(Revision), texts)
    db.session.execute(insert(PageName), [{"name": slug, "page_id": key} for slug, key in ids.items()])
    if linking_to:
        db.session.execute(insert(PageLink), [{"page_id": key, "target": linking_to} for key in ids.values()])
    current = select(Revision.id).where(Revision.page_id == Page.id, Revision.number == 1).scalar_subquery()
    db.session.execute(
        Page.__table__.update().where(Page.current_revision_id.is_(None)).values(current_revision_id=current)
    )
    db.session.commit()
