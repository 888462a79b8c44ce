"""The steps of a consultation, each through its page."""

from datetime import UTC, datetime, timedelta

import pytest

from consult import audit, clock
from consult.consultations.models import Consultation, Stage
from consult.documents.actions import publish_version
from consult.extensions import db, transaction
from tests import factories
from tests.consultations.test_writing import MEGABYTE, _complains

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
STEPS = ("open", "extend", "analyse", "finish", "withdraw")


@pytest.fixture(autouse=True)
def noon_of_a_monday(app):
    clock.replace(lambda: NOON)
    factories.a_site(is_demonstration=True)


@pytest.fixture
def unit(app):
    return factories.a_unit()


@pytest.fixture
def official(unit, visit_as):
    return visit_as(factories.an_official(unit))


def _about():
    db.session.expire_all()
    return db.session.query(Consultation).one()


def _with_text(about):
    with transaction():
        publish_version(actor=None, document=factories.a_document(about), source="# A\n\nWords.\n", note="N")


def _prepared(unit, **values):
    values = {"slug": "kerbs", "stage": Stage.PREPARING, **values}
    return factories.a_consultation(unit, **values)


def _open_for_all(client):
    return "Read and comment" in client.get("/consultations/kerbs").get_data(as_text=True)


def test_it_is_opened_now(official, unit, client):
    _with_text(_prepared(unit))
    page = official.get("/consultations/kerbs/open")
    assert "closes by itself on Wednesday 23 December 2026 at 12.00 pm" in " ".join(page.main.text.split())
    answer = official.post("/consultations/kerbs/open", {"stage": "open", "when": "now"})
    assert answer.location == "/consultations/kerbs"
    assert _open_for_all(client)
    assert "It is open." in official.get("/consultations/kerbs").text


def test_it_is_set_to_open_and_does_so_to_the_minute(official, unit, client):
    _with_text(_prepared(unit))
    data = {"stage": "early_idea", "when": "later", "opens_on": "30 November 2026", "opens_time": "9 am"}
    official.post("/consultations/kerbs/open", data)
    nine = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert (_about().stage, _about().opens_at) == (Stage.EARLY_IDEA, nine)
    assert not _open_for_all(client)
    clock.replace(lambda: nine - timedelta(seconds=1))
    assert not _open_for_all(client)
    clock.replace(lambda: nine)
    assert _open_for_all(client)
    clock.replace(lambda: _about().closes_at)
    assert not _open_for_all(client)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"aims": ""}, "What it is for"),
        ({"welsh": " "}, "Welsh: where it is, or how to ask"),
        ({"closes_at": NOON - DAY}, "A closing day and time that are still to come"),
    ],
)
def test_it_is_refused_with_the_list_of_what_is_missing(official, unit, missing, words):
    _with_text(_prepared(unit, **missing))
    assert words in official.get("/consultations/kerbs/open").main.text
    page = official.post("/consultations/kerbs/open", {"stage": "open", "when": "now"}, status=422).page
    assert page.select_one('[role="alert"]')
    assert words in page.main.text
    assert _about().stage is Stage.PREPARING


def test_it_is_refused_without_a_published_text(official, unit):
    factories.a_document(_prepared(unit))
    page = official.post("/consultations/kerbs/open", {"stage": "open", "when": "now"}, status=422).page
    assert "A published document" in page.main.text


def test_it_is_refused_while_the_site_is_not_ready(official, unit):
    _with_text(_prepared(unit))
    db.session.query(factories.Site).update({"is_demonstration": False})
    db.session.commit()
    page = official.post("/consultations/kerbs/open", {"stage": "open", "when": "now"}, status=422).page
    assert "Of the site as a whole: Privacy notice" in page.main.text
    assert _about().stage is Stage.PREPARING


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("stage", "outcome", "Choose what is on the table"),
        ("stage", "", "Choose what is on the table"),
        ("when", "never", "Choose when it opens"),
        ("opens_on", "", "Enter a day"),
        ("opens_on", "someday", "must be a day"),
        ("opens_on", MEGABYTE, "40 characters or fewer"),
        ("opens_time", "", "Enter a time"),
        ("opens_time", "99", "must be a time"),
    ],
)
def test_a_bad_opening_is_said_at_the_field(official, unit, name, typed, words):
    _with_text(_prepared(unit))
    data = {
        "stage": "open",
        "when": "later",
        "opens_on": "30 November 2026",
        "opens_time": "9 am",
        name: typed,
    }
    page = official.post("/consultations/kerbs/open", data, status=422).page
    _complains(page, name, words)
    assert _about().stage is Stage.PREPARING


def test_an_opening_after_the_closing_is_refused(official, unit):
    _with_text(_prepared(unit))
    data = {"stage": "open", "when": "later", "opens_on": "30 November 2030", "opens_time": "9 am"}
    official.post("/consultations/kerbs/open", data, status=422)
    assert _about().stage is Stage.PREPARING


def test_a_later_closing_is_shown_with_its_reason(official, unit, visit):
    factories.a_consultation(unit, slug="kerbs", closes_at=NOON + 2 * DAY)
    data = {"closes_on": "18 December 2026", "closes_time": "11.59 pm", "reason": "A meeting was missed."}
    official.post("/consultations/kerbs/extend", data)
    words = " ".join(visit.get("/consultations/kerbs").main.text.split())
    assert "Closes Friday 18 December at 11.59 pm, in 25 days" in words
    assert "moved from 25 November 2026, 12.00 pm to 18 December 2026, 11.59 pm" in words
    assert "A meeting was missed." in words


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("reason", "", "Say why it stays open for longer"),
        ("reason", "x" * 501, "500 characters or fewer"),
        ("reason", MEGABYTE, "500 characters or fewer"),
        ("reason", "a\x00b", "cannot be shown"),
        ("closes_on", "", "Enter a day"),
        ("closes_on", "never", "must be a day"),
        ("closes_on", "24 November 2026", "must be later than the one before"),
        ("closes_on", "1 January 2020", "must be later than the one before"),
        ("closes_time", "", "Enter a time"),
        ("closes_time", "late", "must be a time"),
    ],
)
def test_a_bad_extension_is_said_at_the_field(official, unit, name, typed, words):
    factories.a_consultation(unit, slug="kerbs", closes_at=NOON + 2 * DAY)
    data = {"closes_on": "18 Dec 2026", "closes_time": "5 pm", "reason": "Because it must be.", name: typed}
    page = official.post("/consultations/kerbs/extend", data, status=422).page
    _complains(page, name, words)
    if name != "reason":
        assert "Because it must be." in page.select_one("#reason").text
    assert (_about().closes_at, _about().extensions) == (NOON + 2 * DAY, [])


def test_the_comments_are_said_to_be_read_once_it_has_closed(official, unit, visit):
    factories.a_consultation(unit, slug="kerbs", opens_at=NOON - 9 * DAY, closes_at=NOON - DAY)
    official.get("/consultations/kerbs/analyse")
    official.post("/consultations/kerbs/analyse")
    assert "The unit is reading the comments." in visit.get("/consultations/kerbs").main.text


def test_the_outcome_is_written_in_markdown_and_read_by_all(official, unit, visit):
    factories.a_consultation(unit, slug="kerbs", stage=Stage.ANALYSING)
    source = "We *changed* it.\n\n- One\n- Two\n\n<script>alert(1)</script> [x](javascript:alert(1))"
    official.post("/consultations/kerbs/finish", {"outcome": source})
    section = visit.get("/consultations/kerbs").select_one("#outcome").find_parent("section")
    assert section.em.text == "changed"
    assert [item.text for item in section.select("li")] == ["One", "Two"]
    assert not section.select("script, a[href^='javascript']")
    assert _about().stage is Stage.OUTCOME
    assert source in official.get("/consultations/kerbs/finish").select_one("#outcome").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write the outcome"),
        ("x" * 20_001, "20,000 characters or fewer"),
        (MEGABYTE, "20,000 characters or fewer"),
        ("a\x00b", "cannot be shown"),
        ("[" * 5_000, ""),
        ("> " * 5_000, ""),
    ],
)
def test_a_bad_outcome_is_said_at_the_field(official, unit, typed, words):
    factories.a_consultation(unit, slug="kerbs", stage=Stage.ANALYSING)
    page = official.post("/consultations/kerbs/finish", {"outcome": typed}, status=422).page
    _complains(page, "outcome", words)
    assert page.select_one("#outcome").text.removeprefix("\n").replace("\r\n", "\n") == typed.strip()
    assert _about().stage is Stage.ANALYSING


def test_it_is_withdrawn_on_a_page_that_says_what_that_means(official, unit, visit):
    about = factories.a_consultation(unit, slug="kerbs", comment_count=7)
    _with_text(about)
    assert "its 7 comments stay" in official.get("/consultations/kerbs/withdraw").main.text
    official.post("/consultations/kerbs/withdraw", {"reason": "The law changed."})
    words = visit.get("/consultations/kerbs").main.text
    assert "The law changed." in words
    assert "Read and comment" not in words


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Say why"), (MEGABYTE, "characters or fewer"), ("a\x08", "cannot be shown")],
)
def test_a_bad_reason_to_withdraw_is_said_at_the_field(official, unit, typed, words):
    factories.a_consultation(unit, slug="kerbs")
    _complains(
        official.post("/consultations/kerbs/withdraw", {"reason": typed}, status=422).page, "reason", words
    )
    assert _about().stage is Stage.OPEN


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_it_is_not_at_is_refused(official, unit, step):
    factories.a_consultation(unit, slug="kerbs", stage=Stage.WITHDRAWN, withdrawn_at=NOON)
    official.get(f"/consultations/kerbs/{step}", status=409)
    official.post(f"/consultations/kerbs/{step}", status=409)
    assert db.session.query(audit.AuditEntry).count() == 0


@pytest.mark.parametrize("step", STEPS)
def test_nobody_but_officials_of_the_unit_takes_a_step(visit_as, client, unit, step):
    factories.a_consultation(unit, slug="kerbs")
    url = f"/consultations/kerbs/{step}"
    for person in (factories.an_official(factories.a_unit()), factories.a_moderator(unit.organisation)):
        visit_as(person).get(url, status=403)
        visit_as(person).post(url, {"reason": "Because."}, status=403)
    visit_as(factories.a_person()).post(url, status=403)
    assert client.get(url).status_code == 303
    assert client.post(url).status_code == 303
    assert db.session.query(audit.AuditEntry).count() == 0


def test_the_panel_of_the_unit_offers_the_steps_it_is_at(official, unit, visit):
    about = factories.a_consultation(unit, slug="kerbs")

    def offered():
        panel = official.get("/consultations/kerbs").select_one(".panel")
        return {link["href"].rpartition("/")[2] for link in panel.select("a")} & set(STEPS)

    assert offered() == {"extend", "withdraw"}
    about.closes_at = NOON - DAY
    db.session.commit()
    assert offered() == {"analyse", "finish", "extend", "withdraw"}
    about.stage = Stage.ANALYSING
    db.session.commit()
    assert offered() == {"finish", "withdraw"}
    about.stage = Stage.PREPARING
    db.session.commit()
    assert offered() == {"open"}
    about.stage = Stage.OPEN
    db.session.commit()
    assert not visit.get("/consultations/kerbs").select(".panel")
