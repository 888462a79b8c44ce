import pytest

from consult.discussion import actions as discussion
from consult.extensions import transaction
from tests import counting, factories
from tests.discussion import ground
from tests.search.ground import a_draft
from tests.toolkit.shelf import a_page


@pytest.fixture
def full(app):
    """A site where the word "oak" stands everywhere."""
    factories.a_site()
    document = a_draft("We plant oaks.", title="An oak wood", summary="Oaks.")
    comment = ground.say(ground.paragraph(document), "Why oak & <b>not</b> ash?", ask=True)
    with transaction():
        discussion.respond(
            actor=factories.an_official(document.consultation.unit), comments=[comment], body="Oak lasts."
        )
    a_page("Oak.", title="On oaks")
    return document


def test_everything_that_holds_the_word_is_shown_by_kind_with_its_address(full, visit):
    page = visit.get("/search?q=oak")
    assert [section["data-found"] for section in page.select("[data-found]")] == [
        *("consultation", "paragraph", "comment", "response", "page")
    ]
    for link in page.select(".hits a"):
        assert visit.client.get(link["href"].partition("#")[0], follow_redirects=True).status_code == 200
    paragraph = page.select_one("[data-found=paragraph] a")["href"]
    place, _, anchor = paragraph.partition("#")
    assert visit.get(place).select_one(f"#{anchor}")
    assert len(page.select("mark")) >= 5
    assert not page.select("main .hits b")


def test_one_kind_can_be_searched_alone(full, visit):
    page = visit.get("/search?q=oak&in=page")
    assert [section["data-found"] for section in page.select("[data-found]")] == ["page"]
    assert page.select_one("input[name=in]")["value"] == "page"
    assert len(visit.get("/search?q=oak&in=nonsense").select("[data-found]")) == 5


def test_more_than_twenty_are_said_to_be_twenty_or_more(full, visit):
    for n in range(21):
        a_page("Birch.", title=f"Page {n}")
    page = visit.get("/search?q=birch")
    assert "20 or more" in page.select_one("[data-found=page] h2").text
    assert len(page.select(".hits li")) == 5
    page = visit.get(page.select_one("[data-found=page] .section-head a")["href"])
    assert len(page.select(".hits li")) == 20
    assert "Add a word to find older ones." in page.text


def test_nothing_found_says_what_to_try(full, visit):
    page = visit.get("/search?q=unheardof")
    assert "Nothing has all of these words." in page.text
    assert page.select('main a[href="/toolkit"]')


@pytest.mark.parametrize("query", ["", "%20%20", "%25", "%22", "%00%01", "%E2%80%AE"])
def test_a_search_for_no_word_says_what_can_be_searched(full, visit, query):
    page = visit.get(f"/search?q={query}")
    assert not page.select("[data-found]")
    assert page.select_one("#q")


@pytest.mark.parametrize("query", ["x" * 1024, "word " * 200])
def test_a_search_that_is_too_long_is_refused_at_its_field(full, visit, query):
    page = visit.get("/search", 422, query_string={"q": query})
    assert page.select_one('[role=alert] a[href="#q"]')
    assert page.select_one("#q")["aria-invalid"] == "true"
    assert page.select_one("#q")["value"] == query.strip()


def test_what_is_typed_is_never_markup(full, visit):
    page = visit.get("/search", query_string={"q": '"><script>alert(1)</script> oak'})
    assert page.select_one("#q")["value"] == '"><script>alert(1)</script> oak'


def test_a_search_sets_no_cookie_and_asks_little_of_the_database(full, client, sign_in):
    with counting.queries() as seen:
        answer = client.get("/search?q=oak")
    assert len(seen) <= 2, seen
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    browser = sign_in(factories.a_person())
    with counting.queries() as seen:
        browser.get("/search?q=oak")
    assert len(seen) <= 5, seen


def test_the_sixty_first_search_in_a_minute_has_to_wait(limited):
    browser = limited.test_client()
    assert {browser.get("/search?q=oak").status_code for _ in range(60)} == {200}
    answer = browser.get("/search?q=oak")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert browser.get("/search").status_code == 200
