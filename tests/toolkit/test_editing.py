from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.extensions import db
from consult.toolkit import queries
from consult.toolkit.models import Page, Revision
from tests import factories
from tests.toolkit.shelf import a_page, html_of, resaved

FORM = {"title": "A page", "shelf": "consult", "summary": "What it is for.", "source": "Words.", "do": "save"}


@pytest.fixture
def editor(app):
    factories.a_site()
    return factories.an_editor()


@pytest.fixture
def visitor(editor, visit_as):
    return visit_as(editor)


def test_an_editor_starts_a_page(visitor, editor):
    answer = visitor.post("/toolkit/new", {**FORM, "title": "Clear footways", "note": "A start"})
    assert answer.location == "/toolkit/clear-footways"
    page = visitor.get("/toolkit/clear-footways")
    assert editor.name in page.text
    assert page.select_one('.tabs a[href="/toolkit/clear-footways/edit"]')


def test_an_address_may_be_chosen(visitor):
    assert visitor.post("/toolkit/new", {**FORM, "slug": "short"}).location == "/toolkit/short"


@pytest.mark.parametrize("slug", ["New", "edit", "a b", "ä", "../x", "x" * 81, "taken", "a\u202eb"])
def test_an_address_that_cannot_be_had_is_refused_at_its_field(visitor, slug):
    a_page(title="Taken")
    page = visitor.post("/toolkit/new", {**FORM, "title": "Another", "slug": slug}, 422).page
    assert page.select_one('[role=alert] a[href="#slug"]')
    assert page.select_one("#slug")["aria-invalid"] == "true"
    assert page.select_one("#title")["value"] == "Another"
    assert db.session.scalar(select(func.count(Page.id))) == 1


@pytest.mark.parametrize(
    ("given", "name"),
    [({"title": "New"}, "new"), ({"title": "Case studies"}, "case-studies"), ({"slug": "recent"}, "recent")],
)
def test_a_name_of_the_site_s_own_is_refused_for_that_reason(visitor, given, name):
    a_page(title="Another")
    renaming = {"title": "Fresh", "slug": name, "was_slug": "another", "was_title": "Another"}
    for address, form in (("/toolkit/new", {**FORM, **given}), ("/toolkit/another/rename", renaming)):
        refused = visitor.post(address, form, 422).page.select_one('[role=alert] a[href="#slug"]').text
        assert refused == f"“{name}” has a meaning of its own on this site: choose another address"


def test_a_title_without_letters_for_an_address_asks_for_one(visitor):
    page = visitor.post("/toolkit/new", {**FORM, "title": "日本"}, 422).page
    assert page.select_one('[role=alert] a[href="#slug"]')


def test_an_editor_saves_a_page(visitor):
    page = a_page("First.")
    form = visitor.get("/toolkit/a-page/edit")
    assert form.select_one("#source").text.strip() == "First."
    based_on = form.select_one("[name=based_on]")["value"]
    answer = visitor.post("/toolkit/a-page/edit", {**FORM, "source": "Second.", "based_on": based_on})
    assert answer.location == "/toolkit/a-page"
    db.session.refresh(page)
    assert "Second." in html_of(page)


def test_a_preview_shows_the_page_and_stores_nothing(visitor):
    a_page("First.")
    page = visitor.post(
        "/toolkit/a-page/edit",
        {**FORM, "source": "## Soon\n\nSee [[Nowhere]].", "based_on": "1", "do": "preview"},
        200,
    ).page
    assert page.select_one("#preview h2 ~ .kit-page h2").text == "Soon"
    assert page.select_one("#preview a.missing")
    assert "## Soon" in page.select_one("#source").text
    assert page.select_one("[name=based_on]")["value"] == "1"
    assert db.session.scalar(select(func.count(Revision.id))) == 1


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(visitor):
    page = a_page("Both.\n\nHere.")
    resaved(page, "Both.\n\nTheirs.", note="Their reason")
    answer = visitor.post(
        "/toolkit/a-page/edit", {**FORM, "source": "Mine.", "note": "My reason", "based_on": "1"}, 409
    )
    shown = answer.page
    assert shown.select_one("#source").text.strip() == "Mine."
    assert shown.select_one("#note")["value"] == "My reason"
    assert shown.select_one("#their-text").text.strip() == "Both.\n\nTheirs."
    assert "Their reason" in shown.select_one("#theirs").text
    assert shown.select("#theirs ins")
    assert queries.revision(page.id, page.revision_count).source == "Both.\n\nTheirs."
    based_on = shown.select_one("[name=based_on]")["value"]
    visitor.post("/toolkit/a-page/edit", {**FORM, "source": "Both of us.", "based_on": based_on})
    db.session.refresh(page)
    assert page.revision_count == 3


@pytest.mark.parametrize("based_on", ["", "x", "-1", "0", "99", "9" * 40, "²"])
def test_a_save_that_begins_nowhere_is_a_clash_and_keeps_the_text(visitor, based_on):
    a_page("First.")
    answer = visitor.post("/toolkit/a-page/edit", {**FORM, "source": "Mine.", "based_on": based_on}, 409)
    assert answer.page.select_one("#source").text.strip() == "Mine."


BAD = [
    ("title", ""),
    ("title", "x" * 121),
    ("title", "right\u202eleft"),
    ("title", "nul\x00"),
    ("title", "bell\x07"),
    ("title", "Taken"),
    ("shelf", "elsewhere"),
    ("shelf", ""),
    ("summary", ""),
    ("summary", "x" * 241),
    ("summary", "zero\u200bwidth"),
    ("source", ""),
    ("source", " \n "),
    ("source", "word " * 200_000),
    ("source", "nul\x00"),
    ("source", "[" * 3_000),
    ("source", "> " * 40 + "deep"),
    ("note", "x" * 201),
    ("note", "bell\x07"),
]


@pytest.mark.parametrize(("field", "value"), BAD, ids=lambda value: str(value)[:12])
@pytest.mark.parametrize("address", ["/toolkit/new", "/toolkit/a-page/edit"])
def test_bad_input_is_said_at_its_field_and_stores_nothing(visitor, address, field, value):
    a_page("First.", title="Taken")
    a_page("First.", title="A page")
    given = {**FORM, "title": "Other", "source": "Kept.", "based_on": "1", field: value}
    page = visitor.post(address, given, 422).page
    assert page.select_one(f'[role=alert] a[href="#{field}"]')
    control = page.select_one(f"#{field}")
    assert control["aria-invalid"] == "true"
    assert page.select_one(f"#{field}-error").text
    if field != "source":
        assert page.select_one("#source").text.strip() == "Kept."
    elif value.strip() and "\x00" not in value:
        assert page.select_one("#source").text.strip() == value.strip()
    assert db.session.scalar(select(func.count(Revision.id))) == 2


def test_a_file_in_place_of_text_is_nothing_typed(visitor):
    import io

    a_page("First.")
    given = {**FORM, "source": (io.BytesIO(b"\x89PNG\x00"), "photo.png"), "based_on": "1"}
    page = visitor.post("/toolkit/a-page/edit", given, 422).page
    assert page.select_one('[role=alert] a[href="#source"]')


def test_scripts_in_a_page_do_not_run(visitor):
    a_page(
        "<script>alert(1)</script><a href='javascript:alert(1)' onclick='x'>here</a>\n\n"
        "Words [[<b>bold</b>|<i>x</i>]]"
    )
    page = visitor.get("/toolkit/a-page")
    assert not page.select(".prose script, .prose [onclick], .prose [href^=javascript], .prose i")


def test_an_editor_brings_a_revision_back(visitor):
    page = a_page("First.")
    resaved(page, "Second.")
    assert visitor.get("/toolkit/a-page/history/1").select_one("form[action$='/history/1/restore']")
    assert visitor.post("/toolkit/a-page/history/1/restore").location == "/toolkit/a-page"
    db.session.refresh(page)
    assert queries.revision(page.id, 3).restores == 1
    visitor.post("/toolkit/a-page/history/9/restore", status=404)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/toolkit/new"),
        ("post", "/toolkit/new"),
        ("get", "/toolkit/a-page/edit"),
        ("post", "/toolkit/a-page/edit"),
        ("post", "/toolkit/a-page/history/1/restore"),
    ],
)
def test_others_may_not_write(editor, client, sign_in, method, address):
    a_page("First.")
    assert getattr(client, method)(address, data=FORM if method == "post" else None).status_code == 303
    unit = factories.a_unit()
    for person in (
        factories.a_person(),
        factories.an_official(unit),
        factories.a_moderator(unit.organisation),
    ):
        assert getattr(sign_in(person), method)(address).status_code == 403
    assert db.session.scalar(select(func.count(Revision.id))) == 1


def test_readers_see_no_way_to_edit(editor, visit):
    a_page("First.")
    resaved(db.session.scalar(select(Page)), "Second.")
    for address in ("/toolkit", "/toolkit/a-page", "/toolkit/a-page/history", "/toolkit/a-page/history/1"):
        page = visit.get(address)
        assert not page.select('a[href$="/edit"], a[href^="/toolkit/new"], main form[method=post]')


def test_a_page_says_by_when_it_is_read_again(visitor, visit):
    clock.replace(lambda: datetime(2026, 11, 23, 12, tzinfo=UTC))
    visitor.post("/toolkit/new", {**FORM, "title": "Dated", "review_by": "1 March 2027"})
    form = visitor.get("/toolkit/dated/edit")
    assert form.select_one("#review_by")["value"] == "1 March 2027"
    assert "1 March 2027" in visit.get("/toolkit/dated").select_one(".facts").text
    page = queries.page("dated")
    visitor.post("/toolkit/dated/edit", {**FORM, "title": "Dated", "based_on": "1", "review_by": "1/3/2027"})
    assert page.review_by == date(2027, 3, 1)
    checked = {**FORM, "title": "Dated", "based_on": "1", "review_by": "1 March 2027", "is_reviewed": "y"}
    visitor.post("/toolkit/dated/edit", checked)
    db.session.refresh(page)
    assert (page.reviewed_on, page.review_by) == (date(2026, 11, 23), date(2027, 11, 23))
    wrong = visitor.post("/toolkit/dated/edit", {**checked, "review_by": "soon"}, 422).page
    assert wrong.select_one('[role=alert] a[href="#review_by"]')
    assert wrong.select_one("#review_by")["value"] == "soon"
    clock.replace(lambda: datetime(2027, 11, 24, 12, tzinfo=UTC))
    assert "past its review" in visit.get("/toolkit/dated").select_one(".facts").text
