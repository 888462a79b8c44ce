"""Officials begin a consultation and write what it says of itself."""

from datetime import timedelta

import pytest

from consult import audit, clock
from consult.consultations.models import Consultation, Policy, Stage
from consult.extensions import db
from tests import factories

TYPED = 'input[name]:not([type="radio"], [type="checkbox"])'
MEGABYTE = "x" * 1_000_000
OVERRIDE = "abc\u202edef"
STATEMENTS = (
    "aims",
    "who_reads",
    "what_happens",
    "post_address",
    "telephone",
    "easy_read",
    "bsl",
    "large_print",
    "welsh",
)


@pytest.fixture(autouse=True)
def site(app):
    return factories.a_site()


@pytest.fixture
def unit(app):
    return factories.a_unit()


@pytest.fixture
def official(unit, visit_as):
    return visit_as(factories.an_official(unit))


def _stored():
    db.session.expire_all()
    return db.session.query(Consultation).all()


def _form_of(page):
    """Return what a browser would send if nothing were changed."""
    filled = {field["name"]: field.get("value", "") for field in page.main.select(TYPED)}
    for field in page.main.select('input[type="radio"], input[type="checkbox"]'):
        if field.has_attr("checked"):
            filled[field["name"]] = field["value"]
    filled.update({field["name"]: field.text.removeprefix("\n") for field in page.main.select("textarea")})
    return filled


def _complains(page, name, words=""):
    """Insist on the summary at the top, the link in it, and the message at the field."""
    summary = page.select_one('[role="alert"]')
    field = page.select_one(f'[name="{name}"]')
    assert summary, "no summary"
    assert summary.find("a", href=f"#{field['id']}"), f"the summary does not lead to {name}"
    assert field.get("aria-invalid") == "true" or field.find_parent("fieldset").get("aria-invalid") == "true"
    assert words in page.main.text
    assert page.title.text.startswith("Error:")


class TestNew:
    def test_an_official_begins_one_and_goes_on_to_its_statements(self, official, unit):
        data = {"unit": unit.slug, "title": "Children’s play: streets", "summary": "Short."}
        answer = official.post("/consultations/new", data)
        assert answer.location == "/consultations/childrens-play-streets/edit"
        (made,) = _stored()
        assert (made.title, made.stage, made.unit_id) == (
            "Children’s play: streets",
            Stage.PREPARING,
            unit.id,
        )

    def test_only_officials_come_in_and_only_with_their_own_unit(self, visit, visit_as, client, unit):
        assert client.get("/consultations/new").status_code == 303
        visit_as(factories.a_person()).get("/consultations/new", status=403)
        other = visit_as(factories.an_official(factories.a_unit()))
        page = other.post("/consultations/new", {"unit": unit.slug, "title": "Mine now"}, status=422).page
        _complains(page, "unit")
        assert _stored() == []

    @pytest.mark.parametrize(
        ("name", "typed", "words"),
        [
            ("title", "", "Enter a title"),
            ("title", " \t ", "Enter a title"),
            ("title", "x" * 161, "160 characters or fewer"),
            ("title", MEGABYTE, "160 characters or fewer"),
            ("title", "a\x00b", "cannot be shown"),
            ("title", OVERRIDE, "cannot be shown"),
            ("slug", "Kerbs and more", "small letters"),
            ("slug", "outcome", "a meaning of its own"),
            ("slug", "search", "a meaning of its own"),
            ("slug", "../etc", "small letters"),
            ("slug", "a" * 81, "80 characters or fewer"),
            ("slug", MEGABYTE, "80 characters or fewer"),
            ("summary", "x" * 501, "500 characters or fewer"),
            ("summary", MEGABYTE, "500 characters or fewer"),
            ("summary", "a\x07b", "cannot be shown"),
            ("unit", "", "Choose a unit of yours"),
            ("unit", "no-such", "Choose a unit of yours"),
        ],
    )
    def test_bad_input_is_said_at_the_field_and_nothing_is_stored(self, official, unit, name, typed, words):
        data = {"unit": unit.slug, "title": "Kerbs", "slug": "kerbs", "summary": "Kept.", name: typed}
        page = official.post("/consultations/new", data, status=422).page
        _complains(page, name, words)
        assert _stored() == []
        if name != "summary":
            assert "Kept." in page.select_one("#summary").text

    def test_an_address_that_is_taken_is_said_at_the_field(self, official, unit):
        factories.a_consultation(unit, slug="kerbs")
        page = official.post("/consultations/new", {"unit": unit.slug, "title": "Kerbs"}, status=422).page
        _complains(page, "slug", "Another consultation has this address")
        assert page.select_one("#title")["value"] == "Kerbs"

    @pytest.mark.parametrize("title", ["街の木", "New"])
    def test_a_title_that_makes_no_address_asks_for_one(self, official, unit, title):
        page = official.post("/consultations/new", {"unit": unit.slug, "title": title}, status=422).page
        _complains(page, "slug", "The title makes no address that can be used")

    def test_fields_of_other_kinds_are_no_harm(self, official, unit):
        data = {"unit": [unit.slug, "x"], "title": ["Kerbs", "Other"], "stage": "open", "id": "7"}
        official.post("/consultations/new", data)
        assert [(one.title, one.stage) for one in _stored()] == [("Kerbs", Stage.PREPARING)]


class TestEdit:
    @pytest.fixture
    def about(self, unit):
        about = factories.a_consultation(unit, stage=Stage.PREPARING, slug="kerbs")
        about.opens_at = about.closes_at = None
        db.session.commit()
        return about

    def test_it_comes_filled_and_an_unchanged_form_changes_nothing(self, official, about):
        about.closes_at = clock.now().replace(second=0, microsecond=0) + timedelta(days=9)
        about.policy = Policy.AFTER
        db.session.commit()
        before = {
            name: getattr(about, name) for name in (*STATEMENTS, "closes_at", "policy", "edition", "stamp")
        }
        answer = official.post(
            "/consultations/kerbs/edit", _form_of(official.get("/consultations/kerbs/edit"))
        )
        assert answer.location == "/consultations/kerbs"
        (stored,) = _stored()
        assert {name: getattr(stored, name) for name in before} == before

    def test_all_of_it_can_be_written(self, official, about):
        typed = {name: f"New {name}." for name in STATEMENTS}
        typed |= {"title": "New title", "slug": "new-title", "summary": "New summary.", "policy": "after"}
        typed |= {"opens_on": "12 October 2026", "opens_time": "9 am"}
        typed |= {"closes_on": "18/12/2026", "closes_time": "23:59", "edition": "1"}
        assert official.post("/consultations/kerbs/edit", typed).location == "/consultations/new-title"
        (stored,) = _stored()
        for name in (*STATEMENTS, "title", "slug", "summary"):
            assert getattr(stored, name) == typed[name]
        assert stored.policy is Policy.AFTER
        assert stored.opens_at.isoformat() == "2026-10-12T08:00:00+00:00"  # summer time
        assert stored.closes_at.isoformat() == "2026-12-18T23:59:00+00:00"
        assert [entry.act for entry in db.session.query(audit.AuditEntry)] == ["consultation.revise"]

    def test_what_is_missing_is_listed_with_the_way_to_it(self, official, about):
        about.welsh = about.aims = ""
        db.session.commit()
        page = official.get("/consultations/kerbs/edit")
        links = [link["href"] for link in page.select(".note-wait a")]
        assert links == ["/consultations/kerbs/edit#aims", "/consultations/kerbs/edit#welsh"]

    @pytest.mark.parametrize("name", [name for name in STATEMENTS if name != "telephone"])
    @pytest.mark.parametrize(
        ("typed", "words"), [(MEGABYTE, "characters or fewer"), ("a\x1bb", "cannot be shown")]
    )
    def test_statements_that_cannot_be_are_refused(self, official, about, name, typed, words):
        data = {**_form_of(official.get("/consultations/kerbs/edit")), name: typed, "title": "Kept title"}
        page = official.post("/consultations/kerbs/edit", data, status=422).page
        _complains(page, name, words)
        assert page.select_one("#title")["value"] == "Kept title"
        assert _stored()[0].title != "Kept title"

    @pytest.mark.parametrize(
        ("name", "typed", "words"),
        [
            ("title", "", "Enter a title"),
            ("title", OVERRIDE, "cannot be shown"),
            ("telephone", "9" * 301, "300 characters or fewer"),
            ("slug", "New Slug", "small letters"),
            ("policy", "never", "Choose when a moderator looks"),
            ("closes_on", "31 June 2026", "must be a day"),
            ("closes_on", "soon", "must be a day"),
            ("closes_on", MEGABYTE, "40 characters or fewer"),
            ("closes_on", "a\x00", "must be a day"),
            ("closes_on", "", "Enter a day"),
            ("closes_time", "25:00", "must be a time"),
            ("closes_time", "midnight", "must be a time"),
            ("closes_time", "", "Enter a time"),
            ("closes_on", "1 January 2026", "later than it opens"),
        ],
    )
    def test_other_bad_input_is_said_at_the_field(self, official, about, name, typed, words):
        data = _form_of(official.get("/consultations/kerbs/edit"))
        data |= {
            "opens_on": "12 October 2026",
            "opens_time": "9am",
            "closes_on": "18 Dec 2026",
            "closes_time": "5pm",
        }
        page = official.post("/consultations/kerbs/edit", {**data, name: typed}, status=422).page
        _complains(page, name, words)
        assert _stored()[0].closes_at is None

    def test_a_time_that_the_clocks_leave_out_is_refused(self, official, about):
        data = _form_of(official.get("/consultations/kerbs/edit"))
        data |= {"closes_on": "28 March 2027", "closes_time": "1.30 am"}
        page = official.post("/consultations/kerbs/edit", data, status=422).page
        _complains(page, "closes_time", "clocks go forward")

    def test_the_second_of_two_editors_sees_both_texts_and_can_save(self, official, about):
        mine = _form_of(official.get("/consultations/kerbs/edit"))
        official.post("/consultations/kerbs/edit", {**mine, "aims": "Their aims."})
        page = official.post("/consultations/kerbs/edit", {**mine, "aims": "My aims."}, status=409).page
        assert page.select_one('[role="alert"] a')["href"] == "#aims"
        assert "Their aims." in page.select_one(".theirs").text
        assert page.select_one("#aims").text.strip() == "My aims."
        assert _stored()[0].aims == "Their aims."
        official.post("/consultations/kerbs/edit", _form_of(page))
        assert _stored()[0].aims == "My aims."

    def test_two_editors_who_type_dates_see_both(self, official, about):
        mine = _form_of(official.get("/consultations/kerbs/edit"))
        theirs = {"closes_on": "18 December 2027", "closes_time": "11.59 pm"}
        official.post("/consultations/kerbs/edit", {**mine, **theirs})
        data = {**mine, "closes_on": "1 December 2027", "closes_time": "5 pm"}
        page = official.post("/consultations/kerbs/edit", data, status=409).page
        assert "18 December 2027, 11.59 pm" in page.select_one(".theirs").text
        assert page.select_one("#closes_on")["value"] == "1 December 2027"

    @pytest.mark.parametrize("edition", ["", "0", "-1", "x", "9" * 50, "²"])
    def test_a_form_without_a_good_edition_is_a_stale_one(self, official, about, edition):
        data = {**_form_of(official.get("/consultations/kerbs/edit")), "aims": "Mine.", "edition": edition}
        official.post("/consultations/kerbs/edit", data, status=409)
        assert _stored()[0].aims != "Mine."

    def test_once_open_the_dates_are_no_longer_in_the_form(self, official, unit):
        factories.a_consultation(unit, slug="open-one")
        page = official.get("/consultations/open-one/edit")
        for name in ("slug", "policy", "opens_on", "closes_on"):
            assert not page.select(f'[name="{name}"]')
        closes_at = next(one for one in _stored() if one.slug == "open-one").closes_at
        official.post(
            "/consultations/open-one/edit", {**_form_of(page), "aims": "New.", "closes_on": "1 May 2030"}
        )
        stored = next(one for one in _stored() if one.slug == "open-one")
        assert (stored.aims, stored.closes_at) == ("New.", closes_at)

    def test_a_statement_that_was_announced_cannot_be_emptied(self, official, unit):
        factories.a_consultation(unit, slug="open-one")
        data = {**_form_of(official.get("/consultations/open-one/edit")), "aims": ""}
        page = official.post("/consultations/open-one/edit", data, status=422).page
        assert "none of the statements can be left empty" in page.select_one('[role="alert"]').text

    def test_nobody_else_comes_in(self, visit_as, client, about, unit):
        factories.a_consultation(unit, slug="open-one")
        other = visit_as(factories.an_official(factories.a_unit()))
        other.get("/consultations/kerbs/edit", status=404)
        other.get("/consultations/open-one/edit", status=403)
        other.post("/consultations/open-one/edit", {"title": "Mine"}, status=403)
        visit_as(factories.a_person()).get("/consultations/open-one/edit", status=403)
        assert client.get("/consultations/open-one/edit").status_code == 303
