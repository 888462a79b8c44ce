import pytest
from sqlalchemy import update

from consult.extensions import db
from consult.toolkit import lists
from consult.toolkit.models import Page, PageLink, Shelf
from tests import counting, factories
from tests.toolkit.shelf import a_page, renamed, resaved


@pytest.fixture
def site(app):
    return factories.a_site()


def titles(page):
    return [row.select_one("th a").text for row in page.select("tbody tr")]


def test_recent_changes_come_newest_first_page_by_page_and_by_shelf(site, visit, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    for n in range(3):
        a_page(title=f"Consult {n}")
    resaved(a_page(title="Engage", shelf=Shelf.ENGAGE), "Better.", note="Said it better")
    first = visit.get("/toolkit/recent")
    assert titles(first) == ["Engage", "Engage"]
    assert "Said it better" in first.select_one("tbody tr").text
    assert first.select_one('tbody a[href="/toolkit/engage/compare/1...2"]')
    second = visit.get(first.select_one("a[rel=next]")["href"])
    assert titles(second) == ["Consult 2", "Consult 1"]
    last = visit.get(second.select_one("a[rel=next]")["href"])
    assert titles(last) == ["Consult 0"]
    assert not last.select("a[rel=next]")
    shelf = visit.get("/toolkit/recent?shelf=consult")
    assert titles(shelf) == ["Consult 2", "Consult 1"]
    older = shelf.select_one("a[rel=next]")["href"]
    assert "shelf=consult" in older
    assert titles(visit.get(older)) == ["Consult 0"]
    assert visit.get("/toolkit").select_one('a[href="/toolkit/recent"]')


@pytest.mark.parametrize(
    "query", ["shelf=x", "before=0", "before=x", f"before={'9' * 30}", "before=-1", "shelf=%00"]
)
def test_recent_changes_from_nowhere_are_a_page(site, visit, query):
    a_page()
    visit.get(f"/toolkit/recent?{query}")


def test_what_links_to_a_page_is_all_there(site, visit, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    page = renamed(a_page(title="Linked", slug="old"), slug="linked-now")
    for title in ("B", "A", "A too", "C"):
        a_page("See [[Linked]] and [[old]].", title=title)
    assert visit.get("/toolkit/linked-now").select_one('a[href="/toolkit/linked-now/links"]')
    found, address = [], "/toolkit/linked-now/links"
    while address:
        shown = visit.get(address)
        found += [one.text for one in shown.select("ul[data-count] a")]
        more = shown.select_one("a[rel=next]")
        address = more["href"] if more else None
    assert found == ["A", "A too", "B", "C"]
    assert page.id
    visit.get("/toolkit/linked-now/links?after=999")
    assert "No other page links here yet." in visit.get("/toolkit/a/links").text


def test_editors_see_what_is_still_to_be_written_and_linked_to(site, visit_as, client):
    a_page("See [[To come]], [[日本]] and [[Two]].", title="One")
    a_page("See [[To come]].", title="Two")
    editor = factories.an_editor()
    db.session.execute(update(Page).values(owner_id=editor.id))
    db.session.commit()
    visitor = visit_as(editor)
    assert visitor.get("/toolkit").select_one('main a[href="/toolkit/wanted"]')
    page = visitor.get("/toolkit/wanted")
    assert titles(page) == ["Start “to-come”", "Start “日本”"]
    assert [one.text for one in page.select("tbody tr:first-child td a")] == ["One", "Two"]
    assert [one.text for one in page.select("main ul.bul a")] == ["One"]
    for row in page.select("tbody th a"):
        visitor.get(row["href"])
    form = visitor.get("/toolkit/new?slug=日本")
    assert (form.select_one("#slug")["value"], form.select_one("#title")["value"]) == ("", "日本")
    assert client.get("/toolkit/wanted").status_code == 303


def test_just_the_headings_lead_to_their_places(site, visit, client):
    a_page("Words.\n\n## One\n\nSecret.\n\n### Below *it*\n\n## Two\n\n## Three", title="Long")
    page = visit.get("/toolkit/long?view=headings")
    assert [link["href"] for link in page.select("[data-headings] a")] == [
        "/toolkit/long#s-one",
        "/toolkit/long#s-below-it",
        "/toolkit/long#s-two",
        "/toolkit/long#s-three",
    ]
    assert page.select_one("[data-headings] > li > ul a").text == "Below it"
    assert "Secret." not in page.text
    assert visit.get("/toolkit/long").select_one('aside a[href="/toolkit/long?view=headings"]')
    assert "no headings" in (a_page(title="Short") and visit.get("/toolkit/short?view=headings").text)
    tags = {client.get(f"/toolkit/long{view}").headers["ETag"] for view in ("", "?view=headings")}
    assert len(tags) == 2


def test_a_whole_shelf_is_printed_with_its_contents_and_anchors_of_its_own(site, visit, client):
    a_page('## One\n\nSee [below](#one) and `<a id="x">`.\n\n## Sources\n\n- A book.', title="First")
    a_page("## One\n\nNote.[^1]\n\n[^1]: Here.", title="Second")
    a_page(title="Elsewhere", shelf=Shelf.ENGAGE)
    page = visit.get("/toolkit/print/consult")
    assert [link.text for link in page.select(".kit-contents a")] == ["First", "Second"]
    assert [one["id"] for one in page.select("article h3")] == [
        "first--s-one",
        "first--s-sources",
        "second--s-one",
    ]
    assert page.select_one('article a[href="#first--s-one"]')
    assert page.select_one("article code").text == '<a id="x">'
    assert "A book." in page.text
    assert "Elsewhere" not in page.select_one("main").text
    assert visit.get("/toolkit").select_one('a[href="/toolkit/print/consult"]')
    assert "Nothing on this shelf yet." in visit.get("/toolkit/print/influence").text
    visit.get("/toolkit/print/history", 404)
    assert client.get("/toolkit/print").headers["Location"] == "/toolkit"


def test_lists_are_alike_for_all_and_hold_until_something_changes(site, client):
    page = a_page("See [[Second]].", title="First")
    second = a_page(title="Second")
    addresses = [
        *("/toolkit/recent", "/toolkit/recent?shelf=consult", "/toolkit/second/links"),
        *("/toolkit/print/consult", "/toolkit.atom"),
    ]
    tags = {address: client.get(address).headers["ETag"] for address in addresses}
    for address, tag in tags.items():
        answer = client.get(address, headers={"If-None-Match": tag})
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (304, False), address
    resaved(page, "Nothing.")
    resaved(second, "Words of another kind.")
    for address, tag in tags.items():
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200, address


@pytest.mark.parametrize(
    "address",
    [
        "/toolkit/recent",
        "/toolkit/recent?shelf=engage",
        "/toolkit/page-1/links",
        "/toolkit/print/consult",
        "/toolkit/page-1?view=headings",
        "/toolkit/wanted",
        "/toolkit/page-1/rename",
        "/toolkit.atom",
        "/toolkit/page-1.atom",
    ],
)
def test_lists_cost_the_same_however_much_there_is(site, sign_in, address):
    def asked():
        with counting.queries() as seen:
            assert browser.get(address).status_code == 200
        return seen

    for n in range(3):
        a_page("See [[Page 1]] and [[Nowhere]].", title=f"Page {n}", actor=factories.an_editor())
    browser = sign_in(factories.an_editor())
    few = asked()
    more = [{"title": f"More {n}", "slug": f"more-{n}", "revision_count": 0} for n in range(30)]
    for one in more:
        resaved(a_page("See [[Page 1]] and [[Nowhere else]].", title=one["title"]), "See [[Page 1]], [[X]].")
    assert len(asked()) == len(few) <= 8, "\n".join(few)
    assert db.session.query(PageLink).count() > db.session.query(Page).count()
