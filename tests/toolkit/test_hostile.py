"""What is meant to do harm, or is merely too much, is refused with a message; nothing typed is lost."""

import pytest
from sqlalchemy import func, select

from consult.extensions import db
from consult.toolkit.models import Revision
from tests import factories
from tests.toolkit.shelf import a_page

FORM = {"title": "A page", "shelf": "consult", "summary": "What it is for.", "do": "save", "based_on": "1"}
ROW = "| a " * 60 + "|\n"


@pytest.fixture
def visitor(app, visit_as):
    factories.a_site()
    a_page("First.", title="A page")
    return visit_as(factories.an_editor())


@pytest.mark.parametrize(
    "source",
    [
        "| a " * 61 + "|\n" + "| - " * 61 + "|\n",  # a table too wide
        ROW + ROW.replace("a", "-") + ROW * 5_100,  # rows without end
        "\n\n".join(["word"] * 5_100),  # blocks without end
        "- " * 40 + "deep",
        "> " * 40 + "deep",
        "[" * 600 + "x",
        "<div>" * 400,
        "[[" * 400 + "x",
    ],
    ids=["columns", "rows", "blocks", "items", "quotes", "brackets", "divs", "links"],
)
def test_a_bomb_is_refused_at_its_field_and_kept_in_the_form(visitor, source):
    page = visitor.post("/toolkit/a-page/edit", {**FORM, "source": source}, 422).page
    assert page.select_one('[role=alert] a[href="#source"]').text
    assert page.select_one("#source").text.strip() == source.strip()
    assert db.session.scalar(select(func.count(Revision.id))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "*" * 3_000,
        "`" * 3_000,
        "_a" * 3_000,
        "&#x0;&#xd800;",
        "![x](javascript:x)",
        "[^1]\n\n[^1]: [^1]",
        "\\" * 999,
    ],
)
def test_what_only_looks_odd_is_a_page_like_any_other(visitor, source):
    visitor.post("/toolkit/a-page/edit", {**FORM, "source": source})
    page = visitor.get("/toolkit/a-page")
    assert not page.select(".prose script, .prose [href^=javascript], .prose [src^=javascript]")


@pytest.mark.parametrize(
    "title",
    ["دليل المشاركة", "การมีส่วนร่วม", "Συμμετοχή", "हिन्दी में बात", "Ŵy a’r tŷ", "О" * 120, "𝔊𝔬𝔱𝔥𝔦𝔠 title"],
)
def test_titles_in_any_script_are_kept_and_lead_to_their_page(visitor, title):
    visitor.post("/toolkit/new", {**FORM, "title": title, "slug": "own", "source": "Words."})
    page = visitor.get("/toolkit/own")
    assert page.select_one("h1").text == title
    visitor.post("/toolkit/a-page/edit", {**FORM, "source": f"See [[{title}]]."})
    assert visitor.get("/toolkit/a-page").select_one(".prose a")["href"] == "/toolkit/own"
    assert visitor.client.get(f"/toolkit/{title}").headers["Location"] == "/toolkit/own"


@pytest.mark.parametrize(
    "title", ["x" * 121, "x" * 100_000, "😀", "a\u0301\u0301\u0301\u0301\u0301", "a\u202eb"]
)
def test_titles_that_are_none_are_refused(visitor, title):
    page = visitor.post("/toolkit/a-page/edit", {**FORM, "title": title, "source": "Mine."}, 422).page
    assert page.select_one('[role=alert] a[href="#title"]')
    assert page.select_one("#source").text.strip() == "Mine."


def test_a_preview_shows_what_would_change_and_stores_nothing(visitor):
    sent = {**FORM, "source": "First and <b>second</b>.", "do": "preview"}
    page = visitor.post("/toolkit/a-page/edit", sent, 200).page
    assert "second" in page.select_one("#preview ins").text
    assert page.select_one('#preview a[href="#would-change"]')
    same = visitor.post("/toolkit/a-page/edit", {**sent, "source": "First."}, 200).page
    assert "The text is as it was." in same.select_one("#preview").text
    visitor.post("/toolkit/a-page/edit", {**FORM, "source": "Theirs."})
    stale = visitor.post("/toolkit/a-page/edit", sent, 200).page
    assert "Somebody has saved this page since you began." in stale.select_one("#preview").text
    assert "Theirs" not in stale.select_one("#preview").text
    assert not visitor.post("/toolkit/new", {**sent, "title": "Other"}, 200).page.select("#would-change")
    assert db.session.scalar(select(func.count(Revision.id))) == 2


def test_a_page_too_long_is_told_of_pages(visitor):
    source = "\n\n".join(["word"] * 5_100)
    page = visitor.post("/toolkit/a-page/edit", {**FORM, "source": source}, 422).page
    assert (
        "This page is too long. Shorten it, or make two pages of it." in page.select_one("[role=alert]").text
    )


def test_a_day_of_another_age_is_told_which_years_there_are(visitor):
    typed = {**FORM, "source": "Words.", "review_by": "1 January 1900"}
    said = visitor.post("/toolkit/a-page/edit", typed, 422).page.text
    assert "Review by must be in a year from 2000 to 2100" in said
