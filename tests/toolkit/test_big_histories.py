import pytest

from consult.toolkit import queries
from tests import counting, factories
from tests.toolkit import bulk
from tests.toolkit.shelf import a_page, resaved

MANY = 10_000
ADDRESSES = {
    "page": "/toolkit/a-page",
    "headings": "/toolkit/a-page?view=headings",
    "history": "/toolkit/a-page/history",
    "its end": "/toolkit/a-page/history?before=9",
    "a revision": "/toolkit/a-page/history/5",
    "a comparison": "/toolkit/a-page/compare/5...9",
    "edit": "/toolkit/a-page/edit",
    "rename": "/toolkit/a-page/rename",
    "recent": "/toolkit/recent",
    "home": "/toolkit",
    "feed": "/toolkit/a-page.atom",
    "feed of all": "/toolkit.atom",
}


@pytest.fixture
def page(app):
    factories.a_site()
    return a_page(title="A page")


def test_a_page_costs_the_same_with_ten_and_with_ten_thousand_revisions(page, sign_in):
    editor = factories.an_editor()
    browser = sign_in(editor)

    def asked():
        counts = {}
        for name, address in ADDRESSES.items():
            with counting.queries() as seen:
                assert browser.get(address).status_code == 200, name
            counts[name] = len(seen)
        return counts

    bulk.revisions(page, 10, editor.id)
    few = asked()
    bulk.revisions(page, MANY, editor.id)
    assert asked() == few
    assert max(few.values()) < 8, few


def test_a_page_with_ten_thousand_revisions_is_saved_with_as_few_statements(page):
    bulk.revisions(page, 10)
    with counting.queries() as few:
        resaved(page, "First.")
    bulk.revisions(page, 1_000)
    with counting.queries() as many:
        resaved(page, "Second.")
    assert len(many) <= len(few)
    assert (page.revision_count, queries.revision(page.id, 1_001).source) == (1_001, "Second.")
