"""The toolkit with few and with very many pages and revisions: reading a page, its history, lists and the search."""

from typing import Any

from consult.extensions import db, transaction
from consult.search import indexing
from consult.toolkit.models import Page
from tests import factories
from tests.toolkit import bulk
from tests.toolkit.shelf import a_page

FEW = (40, 60)  # pages, and revisions of the one that is read: more than one page of its history shows
MANY = (4_000, 10_000)


def fill(pages: int, revisions: int, editor: Any) -> Page:
    """Write so many pages, thirty of which link to one with so many revisions, and let the search know them all."""
    page = a_page("See [[Nowhere yet]].", title="A page", actor=editor)
    bulk.pages(30, linking_to="a-page")
    bulk.pages(pages - 30, beginning=30)
    bulk.revisions(page, revisions, editor.id)
    with transaction():
        indexing.reindex()
    db.session.execute(db.text("ANALYZE"))
    db.session.commit()
    return page


def addresses(revisions: int) -> dict[str, str]:
    """Return what is asked for, by name."""
    return {
        "a page": "/toolkit/a-page",
        "its headings": "/toolkit/a-page?view=headings",
        "its history": "/toolkit/a-page/history",
        "the end of its history": "/toolkit/a-page/history?before=9",
        "its last change": f"/toolkit/a-page/compare/{revisions - 1}...{revisions}",
        "its form": "/toolkit/a-page/edit",
        "what links to it": "/toolkit/a-page/links",
        "recent changes": "/toolkit/recent",
        "search, a word of one page in a hundred": "/search?q=rare7&in=page",
        "search, a word of every page": "/search?q=words&in=page",
    }


def editor() -> Any:
    return factories.an_editor()
