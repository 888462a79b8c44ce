"""An entry's own pages: written with its facts, read with them, and what is wrong said at its field."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.extensions import db
from consult.toolkit import queries
from consult.toolkit.entries.kinds import FOLDERS, PageKind
from consult.toolkit.models import Page
from consult.toolkit.suggestions.models import Suggestion
from tests import factories
from tests.toolkit.entries.made import CASE_STUDY, COMMUNITY, EXPERT, FACTS, PLATFORM, an_entry
from tests.toolkit.shelf import resaved, restored

FORM = {"title": "Halcyon", "shelf": "consult", "summary": "What it is.", "source": "Words.", "do": "save"}
HOSTILE = "<script>alert(1)</script> [[x]] **b** “q” =1+1 https://evil.example/?a=1&b=2"


def facts_of(page):
    return queries.revision(page.id, page.revision_count).facts


@pytest.mark.parametrize("kind", list(FOLDERS))
def test_an_editor_starts_an_entry_of_each_kind_with_its_facts(visitor, kind):
    shelf = visitor.get("/toolkit")
    start = next(
        a["href"] for a in shelf.select('a[href*="/toolkit/new"]') if a["href"].endswith(f"={kind.value}")
    )
    form = visitor.get(start)
    assert {field["name"] for field in form.select("fieldset [name]")} >= set(FACTS[kind])
    assert visitor.post(start, {**FORM, **FACTS[kind]}).location == "/toolkit/halcyon"
    page = visitor.get("/toolkit/halcyon")
    shown = [term.text for term in page.select(".kit-facts dt")]
    assert "Last checked" in shown
    assert facts_of(queries.page("halcyon")) == FACTS[kind]


@pytest.mark.parametrize(
    ("facts", "field", "says"),
    [
        ({"rate_date": ""}, "rate_date", "Say on which day the day rate was published"),
        ({"rate_source": ""}, "rate_source", "Say where the day rate can be read"),
        ({"rate_date": "25 November 2026"}, "rate_date", "cannot be in the future"),
        ({"rate_date": "soon"}, "rate_date", "must be a day"),
        ({"day_rate": "a lot"}, "day_rate", "must be in pounds"),
        ({"contact": "ring us"}, "contact", "must be an email address"),
        ({"conflicts": "x" * 1_200}, "conflicts", "It is 1,200 characters long"),
        ({"right_of_reply": ""}, "right_of_reply", "Fill in “Right of reply”"),
        ({"checked": ""}, "checked", "“Last checked” must be a day, such as"),
        ({"example": "perhaps"}, "example", "Choose an answer"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_all_is_kept(visitor, facts, field, says):
    page = visitor.post("/toolkit/new?kind=expert", {**FORM, **EXPERT, **facts}, 422).page
    assert says in page.select_one(f'[role=alert] a[href="#{field}"]').text
    assert len(page.select("[role=alert] li")) == 1
    assert page.select_one(f"#{field}")["aria-invalid"] == "true"
    assert f"{field}-error" in page.select_one(f"#{field}")["aria-describedby"].split()
    assert page.select_one("#skills")["value"] == EXPERT["skills"]
    assert page.title.text.startswith("Error:")
    assert db.session.scalar(select(func.count(Page.id))) == 0


def test_an_editor_changes_facts_and_the_history_compares_them_word_by_word(visitor):
    page = an_entry(PageKind.EXPERT, "Halcyon")
    form = visitor.get("/toolkit/halcyon/edit")
    assert form.select_one("#rate_date")["value"] == "1 September 2026"
    changed = EXPERT | {"day_rate": "£640 to £780", "rate_date": "1 October 2026", "based_on": "1"}
    visitor.post("/toolkit/halcyon/edit", {**FORM, **changed, "summary": "What it is for."})
    db.session.refresh(page)
    assert facts_of(page)["rate_date"] == "2026-10-01"
    compared = visitor.get("/toolkit/halcyon/compare/1...2")
    section = compared.select_one('section[aria-label="Day rate"]')
    assert "£620" in section.select_one("del").text
    assert "£640" in section.select_one("ins").text
    assert "£620 to £780" in visitor.get("/toolkit/halcyon/history/1").select_one(".kit-facts").text
    restored(page, 1)
    assert "£620 to £780" in visitor.get("/toolkit/halcyon").select_one(".kit-facts").text


def test_a_preview_shows_the_facts_and_stores_nothing(visitor):
    page = visitor.post("/toolkit/new?kind=platform", {**FORM, **PLATFORM, "do": "preview"}, 200).page
    assert "Exports everything as CSV." in page.select_one("#preview .kit-facts").text
    assert db.session.scalar(select(func.count(Page.id))) == 0


def test_two_editors_at_once_lose_no_fact(visitor):
    page = an_entry(PageKind.PLATFORM, "A wiki")
    resaved(page, "Words.", facts=PLATFORM | {"cost": "Theirs, £9"})
    mine = {
        **FORM,
        **PLATFORM,
        "title": "A wiki",
        "summary": "What it is for.",
        "cost": "Mine, £8",
        "based_on": "1",
    }
    shown = visitor.post("/toolkit/a-wiki/edit", mine, 409).page
    assert shown.select_one("#cost").text.strip() == "Mine, £8"
    assert "Theirs, £9" in shown.select_one("#theirs").text
    assert facts_of(page)["cost"] == "Theirs, £9"


def test_hostile_facts_are_words_wherever_they_stand(site, visit, client):
    an_entry(PageKind.PLATFORM, "A wiki", cost=HOSTILE, purpose=HOSTILE[:40])
    for address in (
        "/toolkit/a-wiki",
        "/toolkit/platforms",
        "/toolkit",
        "/toolkit/platforms/compare?page=a-wiki",
    ):
        page = visit.get(address)
        assert not page.find("script", string=lambda words: words and "alert" in words)
        assert "<script>alert(1)</script>" in page.text
    link = visit.get("/toolkit/a-wiki").select_one('.kit-facts a[href^="https://evil"]')
    assert (link["href"], link["rel"]) == ("https://evil.example/?a=1&b=2", ["nofollow"])
    an_entry(PageKind.EXPERT, "Formula", skills="=cmd()")
    assert "'=cmd()" in client.get("/toolkit/experts.csv").text


def test_an_address_of_mail_is_quoted_where_it_leads(site, visit):
    an_entry(PageKind.EXPERT, "Halcyon", contact="hello?cc=x&y@halcyon.example")
    link = visit.get("/toolkit/halcyon").select_one('.kit-facts a[href^="mailto"]')
    assert (link["href"], link.text) == (
        "mailto:hello%3Fcc%3Dx%26y@halcyon.example",
        "hello?cc=x&y@halcyon.example",
    )


def test_an_address_leads_to_the_whole_of_it_wherever_it_is_cut(site, visit):
    long = f"https://halcyon.example/{'a/' * 100}prices"
    wiki = "https://en.example/wiki/Wiki_(software)"
    an_entry(
        PageKind.PLATFORM, "A wiki", cost=f"Free ({wiki}), see https://... and {long}.", leaving="Export"
    )
    links = visit.get("/toolkit/a-wiki").select(".kit-facts dd a")
    assert [one["href"] for one in links] == [one.text for one in links] == [wiki, long]
    cell = visit.get("/toolkit/platforms").select_one('td[data-l="Cost"]')
    assert [one["href"] for one in cell.select("a")] == [wiki, long]
    assert cell.select("a")[1].text == long[: len(cell.select("a")[1].text)]
    assert len(cell.text) < 200
    assert cell.text.strip().endswith(" …")


def test_a_rate_of_long_ago_is_marked(site, visit):
    an_entry(PageKind.EXPERT, "Fresh")
    an_entry(PageKind.EXPERT, "Stale", rate_date="2025-06-01")
    assert "older than 12 months" in visit.get("/toolkit/stale").text
    assert "older than 12 months" not in visit.get("/toolkit/fresh").text
    assert visit.get("/toolkit/experts").text.count("older than 12 months") == 1


def test_an_example_says_so_and_an_expert_shows_their_right_of_reply(site, visit):
    an_entry(PageKind.EXPERT, "Halcyon")
    page = visit.get("/toolkit/halcyon")
    assert "This is an invented example." in page.text
    assert "they agreed with every line" in page.select_one(".kit-facts").text
    an_entry(PageKind.CASE_STUDY, "Real", example="no")
    assert "invented example" not in visit.get("/toolkit/real").text


def test_an_entry_is_found_by_its_facts_and_the_result_says_its_kind(site, visit):
    an_entry(PageKind.PLATFORM, "A wiki", runner="A foundation in Utrecht")
    an_entry(PageKind.CASE_STUDY, "A market", **CASE_STUDY | {"organisation_kind": "devolved"})
    found = visit.get("/search?q=utrecht")
    hit = found.select_one('[data-found="page"] li')
    assert hit.select_one("a")["href"] == "/toolkit/a-wiki"
    assert "Platform" in hit.text
    assert "A market" in visit.get("/search?q=devolved+government").select_one('[data-found="page"]').text


@pytest.mark.parametrize(
    "address", ["/toolkit/halcyon", "/toolkit/halcyon/history/1", "/toolkit/print/consult"]
)
def test_the_page_its_revisions_and_its_print_give_the_same_warnings(site, visit, client, address):
    consent = "yes" if "print" in address else "no"  # without it nothing is printed
    page = an_entry(PageKind.COMMUNITY, "Halcyon", checked="2025-11-03", consent=consent)
    for sign in (
        "invented example.",
        "Not checked for 12 months.",
        *["Not on the list."] * (consent == "no"),
    ):
        assert sign in visit.get(address).text
    assert not visit.get(address).select("[data-past-review]")
    page.review_by = date(2026, 11, 23)
    page.stamp += 1
    db.session.commit()
    assert "23 November 2026" in visit.get(address).select_one("[data-past-review]").text
    tag = client.get(address).headers["ETag"]
    clock.replace(lambda: datetime(2027, 5, 4, tzinfo=UTC))
    assert "Not checked for 18 months" in visit.get(address, headers={"If-None-Match": tag}).text


def test_what_an_expert_is_is_shown_on_the_list_and_the_page(site, visit):
    an_entry(PageKind.EXPERT, "Halcyon", who="public-figure")
    assert "A public figure" in visit.get("/toolkit/halcyon").select_one(".kit-facts").text
    assert visit.get("/toolkit/experts").select_one('td[data-l="Who they are"]').text == "A public figure"


SECRET = "the oak room, on Tuesdays"


def test_a_community_that_has_not_agreed_is_given_out_nowhere(site, visit, client, editor, visit_as):
    page = an_entry(PageKind.COMMUNITY, "Halcyon", where=SECRET)
    resaved(page, "Words.", facts=COMMUNITY | {"where": f"{SECRET} at nine", "consent": "no"})
    for address in ("", "/recent", "/print/consult", ".atom", "/communities", "/communities.csv"):
        assert "Halcyon" not in client.get(f"/toolkit{address}").text, address
    assert not visit.get("/search?q=oak+room").select('[data-found="page"]')
    for address in ("", "/history/1", "/history/2", "/compare/1...2"):
        assert "oak room" not in client.get(f"/toolkit/halcyon{address}").text, address
    assert "This community has not agreed to be listed." in visit.get("/toolkit/halcyon").text
    theirs = visit_as(editor)
    assert "Halcyon" in theirs.get("/toolkit/recent").text
    for address in ("", "/history/1", "/compare/1...2", "/suggest"):
        assert "oak room" in str(theirs.get(f"/toolkit/halcyon{address}")), address
    resaved(page, "Words.", facts=COMMUNITY | {"where": SECRET})
    assert "oak room" in client.get("/toolkit/halcyon").text
    assert "Halcyon" in client.get("/toolkit/print/consult").text


def test_whoever_suggests_a_change_does_not_see_or_change_the_facts_that_are_withheld(site, visit_as):
    page = an_entry(PageKind.COMMUNITY, "Halcyon", where=SECRET, consent="no")
    nia = visit_as(factories.a_person(name="Nia"))
    form = nia.get("/toolkit/halcyon/suggest")
    assert "oak room" not in str(form)
    sent = {"title": "Halcyon", "summary": "What it is for.", "source": "Better words.", "why": "Clearer."}
    sent |= {"based_on": "1", "where": "Nowhere"}
    shown = nia.post("/toolkit/halcyon/suggest", {**sent, "do": "preview"}, 200).page
    assert "oak room" not in str(shown)
    assert "Better" in shown.text
    there = nia.post("/toolkit/halcyon/suggest", {**sent, "do": "send"}).location
    assert "oak room" not in str(nia.get(there))
    assert db.session.scalar(select(Suggestion.facts)) is None
    assert facts_of(page)["where"] == SECRET
