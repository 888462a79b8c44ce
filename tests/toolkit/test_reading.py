import pytest

from consult import clock
from consult.consultations.models import Stage
from consult.extensions import db
from consult.toolkit import queries
from consult.toolkit.models import Shelf
from tests import counting, factories
from tests.toolkit.shelf import a_page, resaved, restored

LONG = "Begin.\n\n## One\n\nWords.\n\n## Two\n\nWords.\n\n## Three\n\nWords.\n\n## Sources\n\n- A book."


@pytest.fixture
def site(app):
    return factories.a_site()


def test_the_shelves_show_their_pages_and_what_changed_lately(site, visit):
    a_page(title="Find people", shelf=Shelf.ENGAGE, summary="Where they are.")
    resaved(a_page(title="Answer well"), "Better.", note="Said it better")
    page = visit.get("/toolkit")
    assert [section["aria-labelledby"] for section in page.select(".strand")] == [
        "engage",
        "influence",
        "consult",
    ]
    assert "Where they are." in page.select_one("#engage").parent.text
    assert "Nothing on this shelf yet." in page.select_one("#influence").parent.text
    assert "Said it better" in page.select_one("tbody tr").text


def test_an_empty_toolkit_has_a_page_too(site, visit):
    assert visit.get("/toolkit").select_one("h1")


def test_a_page_shows_its_summary_contents_and_state(site, visit):
    editor = factories.an_editor(name="Grace Lim")
    a_page(LONG, title="Long page", actor=editor, summary="In short.")
    page = visit.get("/toolkit/long-page")
    assert page.select_one(".lede").text == "In short."
    assert [link.text for link in page.select("nav[aria-labelledby=contents] a")] == [
        "One",
        "Two",
        "Three",
        "Sources",
    ]
    assert "Last changed" in page.text
    assert "Grace Lim" in page.text
    assert page.select_one('a[href="/toolkit/long-page/history"]')


def test_a_short_page_has_no_contents_list(site, visit):
    a_page("Begin.\n\n## One\n\n## Two", title="Short")
    assert not visit.get("/toolkit/short").select("nav[aria-labelledby=contents]")


def test_a_page_lists_the_pages_that_link_to_it(site, visit):
    a_page(title="Linked")
    a_page("See [[Linked]].", title="Linking")
    assert (
        visit.get("/toolkit/linked").select_one("section[aria-labelledby=linking] a")["href"]
        == "/toolkit/linking"
    )


def test_a_link_to_a_page_to_come_says_so(site, visit):
    a_page("See [[To come]].", title="Waiting")
    assert visit.get("/toolkit/waiting").select_one("a.missing").text == "To come (not written yet)"


def test_a_title_in_the_address_leads_to_the_page(site, client):
    a_page(title="A long title", slug="short")
    for address in ("/toolkit/a-long-title", "/toolkit/Short"):
        assert client.get(address).headers["Location"] == "/toolkit/short"


def test_an_unknown_page_offers_the_nearest(site, visit):
    a_page(title="Handle campaigns fairly", slug="handling-campaigns")
    page = visit.get("/toolkit/handling-campaign", 404)
    assert page.select_one('main a[href="/toolkit/handling-campaigns"]')
    assert "Start it" not in page.text


def test_an_unknown_page_can_be_started_by_an_editor(site, visit_as):
    page = visit_as(factories.an_editor()).get("/toolkit/to-come", 404)
    assert page.select_one('a[href="/toolkit/new?slug=to-come"]')


@pytest.mark.parametrize("slug", ["talk", "%00", "%F0%9F%98%80", "x" * 2000, "..", "a.b", "%3Cscript%3E"])
def test_an_odd_address_is_not_found(site, visit, slug):
    visit.get(f"/toolkit/{slug}", 404)


def test_how_this_was_run_leads_back_to_the_consultations(site, visit):
    a_page(title="How this site works", slug="how-this-was-run")
    shown = factories.a_consultation()
    factories.a_consultation(title="Secret plans", stage=Stage.PREPARING, opens_at=None)
    page = visit.get("/toolkit/how-this-was-run")
    assert page.select_one(f'aside a[href="/consultations/{shown.slug}"]')
    assert "Secret plans" not in page.text


def test_the_history_shows_every_revision_newest_first(site, visit):
    page = a_page("First.", title="A page")
    resaved(page, "Second, longer.", note="Why not")
    restored(page, 1)
    rows = visit.get("/toolkit/a-page/history").select("tbody tr")
    assert [row.select_one("th a")["href"][-1] for row in rows] == ["3", "2", "1"]
    assert "Brought back revision 1" in rows[0].text
    assert "−9" in rows[0].text
    assert "Why not" in rows[1].text


def test_a_long_history_is_read_page_by_page(site, visit, monkeypatch):
    monkeypatch.setattr(queries, "HISTORY_PAGE", 2)
    page = a_page("0", title="A page")
    for n in range(1, 5):
        resaved(page, str(n))
    first = visit.get("/toolkit/a-page/history")
    older = first.select_one("nav[aria-label='More of the history'] a")["href"]
    rows = visit.get(older).select("tbody tr th a")
    assert [row["href"][-1] for row in rows] == ["3", "2"]


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, "1"])
def test_a_history_from_nowhere_is_a_page(site, visit, before):
    a_page(title="A page")
    visit.get(f"/toolkit/a-page/history?before={before}")


def test_an_earlier_revision_can_be_read_and_says_that_it_is_one(site, visit):
    resaved(a_page("First.", title="A page"), "Second.")
    page = visit.get("/toolkit/a-page/history/1")
    assert "This is not the current text." in page.text
    assert "First." in page.select_one(".prose").text
    assert not page.select("main form")
    visit.get("/toolkit/a-page/history/3", 404)
    visit.get(f"/toolkit/a-page/history/{'9' * 30}", 404)


def test_two_revisions_are_compared_word_by_word(site, visit):
    resaved(a_page("The width is 1.5 metres.", title="A page"), "The width is 2.0 metres.", summary="Other.")
    page = visit.get("/toolkit/a-page/compare/1...2")
    assert page.select_one("section[aria-labelledby=text] del").text.endswith("1.5")
    assert page.select_one("section[aria-labelledby=text] ins").text.endswith("2.0")
    assert page.select("section[aria-label=Summary] ins")
    assert "Nothing: the two say the same." in visit.get("/toolkit/a-page/compare/2...2").text
    visit.get("/toolkit/a-page/compare/1...9", 404)
    visit.get(f"/toolkit/a-page/compare/1...{'9' * 30}", 404)


def test_anonymous_pages_are_alike_for_all_and_answer_304(site, client):
    resaved(a_page(title="A page"), "Second.")
    for address in (
        "/toolkit",
        "/toolkit/a-page",
        "/toolkit/a-page/history",
        "/toolkit/a-page/history/1",
        "/toolkit/a-page/compare/1...2",
    ):
        answer = client.get(address)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_saved_page_is_never_answered_from_before(site, client):
    page = a_page("First.", title="A page")
    tags = {
        address: client.get(address).headers["ETag"]
        for address in ("/toolkit", "/toolkit/a-page", "/toolkit/a-page/history")
    }
    resaved(page, "Second.")
    for address, tag in tags.items():
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert b"Second." in client.get("/toolkit/a-page").data


@pytest.mark.parametrize(
    "address",
    [
        "/toolkit",
        "/toolkit/how-this-was-run",
        "/toolkit/how-this-was-run/history",
        "/toolkit/how-this-was-run/history/1",
        "/toolkit/how-this-was-run/compare/1...2",
        "/toolkit/how-this-was-run/edit",
        "/toolkit/unknown",
    ],
)
def test_a_page_costs_at_most_seven_queries_however_much_there_is(site, sign_in, address):
    page = a_page(title="How", slug="how-this-was-run", actor=factories.an_editor())
    for n in range(12):
        a_page("See [[How]].", title=f"Page {n}")
        resaved(page, f"See [[Page {n}]].")
        factories.a_consultation()
    browser = sign_in(factories.an_editor())
    with counting.queries() as seen:
        browser.get(address)
    assert len(seen) <= 7, "\n".join(seen)


def test_a_page_is_not_rendered_when_it_is_read(site, client, monkeypatch):
    a_page("See [[Elsewhere]].", title="A page")
    monkeypatch.setattr("consult.toolkit.rendering.render_page", None)
    assert client.get("/toolkit/a-page").status_code == 200


def test_the_day_a_page_was_checked_is_shown(site, visit, app):
    page = a_page(title="A page")
    page.reviewed_on = clock.now().date()
    db.session.commit()
    assert "Checked" in visit.get("/toolkit/a-page").select_one("dl.facts").text


def test_a_place_of_nothing_is_the_beginning_and_the_links_at_the_foot_stand_apart(app, visit):
    factories.a_site()
    a_page("A [[Other page]].", title="One")
    a_page("Words.", title="Other page")
    for address in (
        "/toolkit/one/history?before=0",
        "/toolkit/recent?before=0",
        "/toolkit/other-page/links?after=0",
    ):
        assert visit.get(address).select("[data-count]"), address
    assert "History of this page · Suggest a change" in " ".join(visit.get("/toolkit/one").text.split())
