"""The lists of entries: what stands on them, narrowed, sorted, paged, as files, side by side, and what they cost."""

import csv
import io
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from consult.extensions import db, transaction
from consult.toolkit.entries import keeping, queries
from consult.toolkit.entries.kinds import FOLDERS, PageKind
from consult.toolkit.entries.models import Entry, Fact
from consult.toolkit.models import Page, Revision
from consult.web.conditional import forget
from tests import counting, factories
from tests.toolkit.entries.made import CASE_STUDY, PLATFORM, an_entry
from tests.toolkit.shelf import a_page, resaved, restored


def titles(page):
    return [link.text for link in page.select("tbody th[scope=row] a")]


@pytest.fixture
def communities(site):
    an_entry(PageKind.COMMUNITY, "Walkers", topic="Walking", place="Northmoor", language="English")
    an_entry(PageKind.COMMUNITY, "Traders", topic="Trade", place="Northmoor", language="English; Welsh")
    an_entry(
        PageKind.COMMUNITY,
        "Night staff",
        topic="Work at night",
        place="Online",
        language="Welsh",
        checked="2026-10-01",
    )


@pytest.mark.parametrize(("kind", "folder"), FOLDERS.items())
def test_each_list_shows_its_entries_and_has_words_without_any(site, visit, kind, folder):
    assert "Nothing is on this list yet." in visit.get(f"/toolkit/{folder}").text
    an_entry(kind, "One of them")
    page = visit.get(f"/toolkit/{folder}")
    assert titles(page) == ["One of them"]
    assert page.select_one("#list-h")["data-count"] == "1"
    assert visit.get("/toolkit/one-of-them").select_one(f'.crumbs a[href="/toolkit/{folder}"]')


@pytest.mark.parametrize(
    ("asks", "found"),
    [
        ({}, ["Night staff", "Traders", "Walkers"]),
        ({"language": "welsh"}, ["Night staff", "Traders"]),
        ({"language": "welsh", "place": "northmoor"}, ["Traders"]),
        ({"place": "Northmoor"}, ["Traders", "Walkers"]),
        ({"q": "TRADE"}, ["Traders"]),
        ({"q": "northmoor walk"}, ["Walkers"]),
        ({"q": "100%"}, []),
        ({"sort": "checked"}, ["Traders", "Walkers", "Night staff"]),
        ({"sort": "sideways", "colour": "blue", "from": "many"}, ["Night staff", "Traders", "Walkers"]),
        ({"topic": "nothing-like-it"}, []),
        ({"topic": "x" * 5_000}, []),
        ({"topic": "<script>alert(1)</script>", "q": "' OR 1=1 --"}, []),
    ],
)
def test_a_list_is_narrowed_by_its_address_and_its_file_has_the_same_rows(
    communities, visit, client, asks, found
):
    page = visit.get(f"/toolkit/communities?{urlencode(asks)}")
    assert titles(page) == found
    body = client.get(f"/toolkit/communities.csv?{urlencode(asks)}")
    rows = list(csv.DictReader(io.StringIO(body.text.removeprefix("\ufeff"))))
    assert [row["name"] for row in rows] == found
    if not found:
        assert "Nothing matches: remove a filter." in page.text
    assert not page.find("script", string=lambda words: words and "alert" in words)


def test_a_filter_can_be_taken_away_and_the_form_keeps_what_was_chosen(communities, visit):
    page = visit.get("/toolkit/communities?language=welsh&q=staff")
    assert page.select_one("#language option[selected]").text == "Welsh (1)"
    assert page.select_one("#list-words")["value"] == "staff"
    links = {link.text: link["href"] for link in page.select(".kit-chosen a")}
    assert links["Remove “Language: Welsh”"] == "/toolkit/communities?q=staff"
    assert links["Remove “Words: staff”"] == "/toolkit/communities?language=welsh"


def test_two_things_of_one_kind_in_an_address_are_not_passed_over_in_silence(communities, visit):
    for _again in range(2):
        one = visit.get("/toolkit/communities?topic=walking&sort=")
        assert not one.select("[data-passed-over]")
        two = visit.get("/toolkit/communities?topic=walking&topic=trade")
        assert titles(two) == titles(one) == ["Walkers"]
        assert "by the first of them alone" in two.select_one("[data-passed-over]").text


def test_either_apostrophe_finds_both(site, visit):
    an_entry(PageKind.PLATFORM, "A citizens’ assembly")
    an_entry(PageKind.PLATFORM, "B citizens' assembly")
    both = ["A citizens’ assembly", "B citizens' assembly"]
    for asks in ("citizens' assembly", "Citizens’ Assembly"):
        assert titles(visit.get(f"/toolkit/platforms?{urlencode({'q': asks})}")) == both
        found = visit.get(f"/search?{urlencode({'q': asks})}").select('[data-found="page"] li a')
        assert {link.text for link in found} >= {*both}


def test_two_hundred_fields_in_an_address_do_no_harm(communities, visit):
    args = "&".join(f"field{n}=x&topic=trade" for n in range(200))
    assert titles(visit.get(f"/toolkit/communities?{args}")) == ["Traders"]
    an_entry(PageKind.PLATFORM, "A wiki")
    page = visit.get(
        f"/toolkit/platforms/compare?{'&'.join(f'field=f{n}' for n in range(200))}&page=a-wiki&field=cost"
    )
    assert [row.text for row in page.select("tbody th")] == ["Cost"]


def test_what_has_not_agreed_or_was_not_checked_for_long_is_on_no_list(site, visit):
    an_entry(PageKind.COMMUNITY, "Agreed")
    an_entry(PageKind.COMMUNITY, "Unasked", consent="no")
    an_entry(PageKind.COMMUNITY, "Old", checked="2025-11-01")
    an_entry(PageKind.COMMUNITY, "Too old", checked="2025-05-01")
    page = visit.get("/toolkit/communities")
    assert titles(page) == ["Agreed", "Old"]
    assert page.text.count("not checked for 12 months") == 1
    assert "Not on the list." in visit.get("/toolkit/unasked").text
    assert "Not checked for 18 months, and off the list." in visit.get("/toolkit/too-old").text
    assert "Not checked for 12 months." in visit.get("/toolkit/old").text


def test_a_list_comes_page_by_page(site, visit, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    for letter in "CABED":
        an_entry(PageKind.PLATFORM, f"{letter} wiki")
    page, seen = visit.get("/toolkit/platforms"), []
    while True:
        seen += titles(page)
        following = page.select_one("a[rel=next]")
        if following is None:
            break
        page = visit.get(following["href"])
    assert seen == [f"{letter} wiki" for letter in "ABCDE"]
    visit.get("/toolkit/platforms?from=9", 404)


def test_a_list_follows_what_is_saved_and_brought_back(site, visit):
    page = an_entry(PageKind.PLATFORM, "A wiki", purpose="Wiki")
    resaved(page, "Words.", facts=PLATFORM | {"purpose": "Blog"})
    assert titles(visit.get("/toolkit/platforms?purpose=wiki")) == []
    restored(page, 1)
    assert titles(visit.get("/toolkit/platforms?purpose=wiki")) == ["A wiki"]


def test_a_recount_finds_nothing_and_mends_what_was_spoilt(site):
    page = an_entry(PageKind.PLATFORM, "A wiki")
    an_entry(PageKind.EXPERT, "Halcyon")
    assert keeping.recount() == []
    with transaction():
        db.session.query(Fact).filter(Fact.page_id == page.id).delete()
        db.session.get_one(Entry, page.id).is_listed = False
    with transaction():
        assert keeping.recount() == [f"toolkit_entry {page.id}: did not say what the page says"]
    assert keeping.recount() == []


def test_entries_stand_side_by_side_by_the_facts_that_were_ticked(site, visit):
    an_entry(PageKind.PLATFORM, "A wiki", cost="Free")
    an_entry(PageKind.PLATFORM, "A blog", cost="£8")
    page = visit.get("/toolkit/platforms/compare?page=a-blog&page=a-wiki&field=leaving&field=cost")
    assert [cell.text for cell in page.select("thead th")] == ["Fact", "A blog", "A wiki"]
    assert [row.text for row in page.select("tbody th")] == ["Cost", "How to leave"]
    assert [cell.text for cell in page.select_one("tbody tr").select("td")] == ["£8", "Free"]
    assert not page.select("[role=alert]")


def test_a_file_that_is_cut_says_so_beside_its_link(site, visit, client, monkeypatch):
    for n in range(3):
        an_entry(PageKind.PLATFORM, f"Wiki {n}")
    assert "The file has" not in visit.get("/toolkit/platforms").text
    monkeypatch.setattr(queries, "MOST_IN_FILE", 2)
    assert "The file has the first 2 entries alone." in visit.get("/toolkit/platforms?sort=checked").text
    assert client.get("/toolkit/platforms.csv").text.count("Wiki ") == 2


def test_what_is_off_the_list_is_not_compared_either(site, visit):
    for title, checked in (("Fresh", "2026-11-03"), ("Old", "2025-11-03"), ("Too old", "2025-05-24")):
        an_entry(PageKind.PLATFORM, title, checked=checked)
    page = visit.get("/toolkit/platforms/compare?page=fresh&page=old&page=too-old")
    assert [cell.a.text for cell in page.select("thead th")[1:]] == ["Fresh", "Old"]
    assert "no longer on the list" in page.select_one("[role=alert]").text
    assert "not checked for 12 months" in page.select("thead th")[2].text


@pytest.mark.parametrize(
    ("slugs", "count", "says"),
    [
        ([f"wiki-{n}" for n in range(7)], 6, "You can compare 6 at a time."),
        (["wiki-1", "no-such-page", "case"], 1, "no longer on the list"),
        (["wiki-1"], 1, "Tick two or more"),
        ([], 0, "Tick two or more"),
        (["x" * 5_000, "wiki-1", "wiki-2"], 2, ""),
    ],
)
def test_too_many_or_too_few_to_compare_is_said(site, visit, slugs, count, says):
    for n in range(7):
        an_entry(PageKind.PLATFORM, f"Wiki {n}")
    an_entry(PageKind.CASE_STUDY, "Case")
    page = visit.get(f"/toolkit/platforms/compare?{urlencode([('page', slug) for slug in slugs])}")
    alert = page.select_one("[role=alert]")
    assert says in alert.text if says else alert is None
    assert (page.select_one("table") or {"data-count": "0"})["data-count"] == str(count)


def test_a_council_finds_one_like_itself_by_links_alone(site, visit):
    an_entry(PageKind.CASE_STUDY, "A large city", serves="over-500000")
    an_entry(PageKind.CASE_STUDY, "A county town")
    an_entry(PageKind.CASE_STUDY, "A ministry", organisation_kind="central", serves="nation")
    home = visit.get("/toolkit")
    link = next(a for a in home.select(".kit-like a") if "100,000 to 500,000" in a.text)
    assert titles(visit.get(link["href"])) == ["A county town"]


def test_a_council_goes_on_to_a_subject_and_each_choice_says_what_it_would_leave(site, visit):
    an_entry(PageKind.CASE_STUDY, "A large city", serves="over-500000", subject="Streets; Tax")
    an_entry(PageKind.CASE_STUDY, "A county town", subject="Tax")
    an_entry(PageKind.CASE_STUDY, "A ministry", organisation_kind="central", subject="Law; Tax")
    assert "Council: 2 entries" in visit.get("/toolkit").select_one(".kit-like").text
    assert not visit.get("/toolkit/case-studies").select(".kit-like h3")
    page = visit.get("/toolkit/case-studies?organisation_kind=local")
    assert page.select_one(".kit-like h3").text == "Council, by subject"
    subjects = {link.text: link["href"] for link in page.select(".kit-like h3 + p a")}
    assert list(subjects) == ["Tax 2", "Streets 1"]
    assert titles(visit.get(subjects["Streets 1"])) == ["A large city"]
    counted = [one.text for one in page.select("#subject option")]
    assert counted == ["Any", "Tax (2)", "Streets (1)"]
    kinds = [one.text for one in page.select("#organisation_kind option")]
    assert kinds == ["Any", "Council (2)", "Central government (1)"]  # what else it could be is counted too
    page = visit.get("/toolkit/case-studies?organisation_kind=local&subject=law")
    assert page.select_one("#organisation_kind option[selected]").text == "Council (0)"
    assert [one.text for one in page.select("#subject option")][1:] == ["Tax (2)", "Streets (1)", "law (0)"]
    page = visit.get("/toolkit/case-studies?organisation_kind=local&subject=streets&serves=over-500000")
    assert page.select_one("#list-h").text == "1 entry matches"


def test_each_shelf_names_its_directories_before_its_pages(site, visit):
    home = visit.get("/toolkit")
    named = [
        [link["href"].removeprefix("/toolkit/") for link in shelf.select("p a")]
        for shelf in home.select(".strand")
    ]
    assert named == [["communities"], ["platforms"], ["experts", "case-studies"]]


@pytest.mark.parametrize(
    ("kind", "shelf"),
    [("community", "engage"), ("platform", "influence"), ("expert", "consult"), ("case-study", "consult")],
)
def test_a_new_entry_is_put_on_the_shelf_of_its_kind(site, visit_as, kind, shelf):
    form = visit_as(factories.an_editor()).get(f"/toolkit/new?kind={kind}")
    assert form.select_one("#shelf option[selected]")["value"] == shelf


def test_an_official_is_led_to_organisations_like_their_own(site, visit_as):
    an_entry(PageKind.CASE_STUDY, "A county town")
    unit = factories.a_unit(factories.an_organisation(kind=factories.OrganisationKind.LOCAL))
    page = visit_as(factories.an_official(unit)).get("/toolkit/case-studies")
    assert page.find("a", string="Like yours: Council")["href"].endswith("organisation_kind=local")


def test_the_first_page_shows_a_few_of_each_and_leads_to_all(site, visit):
    for n in range(6):
        an_entry(PageKind.EXPERT, f"Expert {n}")
    a_page(title="Guidance")
    home = visit.get("/toolkit")
    assert [
        link.text for link in home.select_one("#experts").find_parent("section").select("tbody th a")
    ] == [f"Expert {n}" for n in range(4)]
    assert home.select('a[href="/toolkit/experts"]')[1].text.startswith("All 6")
    assert not home.select("#platforms")
    assert "Expert 5" not in home.select_one(".strands").text


def _many(count):
    """Put copies of the first case study beneath the actions, which would take minutes for so many."""
    page = db.session.scalar(select(Page).order_by(Page.id))
    for n in range(count):
        copied = Page(
            slug=f"copy-{n}",
            title=f"Copy {n}",
            shelf=page.shelf,
            kind=page.kind,
            created_at=page.created_at,
            revision_count=1,
        )
        db.session.add(copied)
        db.session.flush()
        words = {"title": copied.title, "source": "", "html": "", "facts": CASE_STUDY}
        revision = Revision(page_id=copied.id, number=1, created_at=page.created_at, **words)
        db.session.add(revision)
        db.session.flush()
        copied.current_revision_id = revision.id
        keeping.keep(copied, CASE_STUDY)
    db.session.commit()


@pytest.mark.slow
def test_a_list_costs_the_same_however_many_entries_there_are(site, client):
    for n in range(10):
        an_entry(PageKind.CASE_STUDY, f"Case {n}", subject=f"Subject {n}; streets")
    addresses = (
        "/toolkit",
        "/toolkit/case-studies",
        "/toolkit/case-studies?subject=streets&q=market",
        "/toolkit/case-studies.csv",
        "/toolkit/case-studies/compare?page=case-1&page=case-2",
        "/toolkit/case-1",
    )
    few = {address: _cost(client, address) for address in addresses}
    _many(990)
    assert {address: _cost(client, address) for address in addresses} == few
    assert max(few.values()) <= 12


def _cost(client, address):
    forget()
    with counting.queries() as seen:
        assert client.get(address).status_code == 200
    return len(seen)
