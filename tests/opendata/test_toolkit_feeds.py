import feedparser
import pytest

from tests import factories
from tests.toolkit.shelf import a_page, renamed, resaved, restored
from tests.toolkit.suggestions.made import accepted, suggested


@pytest.fixture
def site(app):
    return factories.a_site()


def feed(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert answer.headers["X-Robots-Tag"]
    found = feedparser.parse(answer.data)
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_the_feed_tells_every_change_newest_first(site, client):
    page = a_page(
        "First.", title="One & <b>only</b>", slug="one", actor=factories.an_editor(name="Grace Lim")
    )
    resaved(page, "Second.", note="Why & what\x0b")
    restored(page, 1)
    a_page(title="Two")
    entries = feed(client, "/toolkit.atom").entries
    assert [entry.title for entry in entries] == [
        "Two: revision 1",
        *(f"One & <b>only</b>: revision {number}" for number in (3, 2, 1)),
    ]
    assert [entry.summary for entry in entries[:3]] == [
        "Started the page",
        "Brought back revision 1",
        "Why & what",
    ]
    assert entries[2].link.endswith("/toolkit/one/compare/1...2")
    assert entries[3].author == "Grace Lim"
    assert len({entry.id for entry in entries}) == 4


def test_whoever_suggested_a_change_is_named_in_every_list_of_changes(site, client, visit):
    nia, editor = factories.a_person(name="Nia Probert"), factories.an_editor(name="Edda Rhys")
    accepted(suggested(a_page("First.", slug="one"), "Second.", by=nia), by=editor)
    for address in ("/toolkit", "/toolkit/recent", "/toolkit/one/history"):
        who = visit.get(address).select_one('td[data-l="Who"]').text
        assert who == "suggested by Nia Probert, accepted by Edda Rhys", address
    for address in ("/toolkit.atom", "/toolkit/one.atom"):
        entry = feed(client, address).entries[0]
        assert entry.author == "Edda Rhys"
        assert [one.name for one in entry.contributors] == ["Nia Probert"]
        assert entry.summary.endswith("Suggested by Nia Probert.")


def test_a_page_has_a_feed_that_outlives_its_name(site, client, visit):
    page = a_page(title="One", slug="one")
    a_page(title="Two")
    before = feed(client, "/toolkit/one.atom")
    assert len(before.entries) == 1
    for address in ("/toolkit/one", "/toolkit/one/history"):
        link = visit.get(address).select_one('link[rel=alternate][type="application/atom+xml"]')
        assert link["href"] == "/toolkit/one.atom"
    renamed(page, slug="moved")
    assert client.get("/toolkit/one.atom").headers["Location"] == "/toolkit/moved.atom"
    after = feed(client, "/toolkit/moved.atom")
    assert after.feed.id == before.feed.id
    assert after.entries[-1].id == before.entries[0].id
    assert client.get("/toolkit/nowhere.atom").status_code == 404
    tag = client.get("/toolkit/moved.atom").headers["ETag"]
    assert client.get("/toolkit/moved.atom", headers={"If-None-Match": tag}).status_code == 304
    for address in ("/toolkit", "/toolkit/recent"):
        assert visit.get(address).select_one('link[rel=alternate][href="/toolkit.atom"]')
