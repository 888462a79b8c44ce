"""The engagement plan on its pages: written by its unit, section by section, and read by everybody."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.accounts.models import Role, Signing
from consult.audit import AuditEntry
from consult.consultations.models import Consultation, Stage
from consult.consultations.plan import actions
from consult.consultations.plan.models import PlanAnswer, PlanChange, Question
from consult.errors import Closed
from consult.extensions import db, transaction
from tests import factories
from tests.counting import queries as counted
from tests.toolkit.shelf import a_page

ANSWERS = {
    "undecided": {"undecided": "The fee. How late tables may stay."},
    "people": {"affected": "Cafés; people who walk here.", "gather": "The traders meet each month."},
    "answering": {"answering": "Two of us, within five working days."},
    "formats": {"languages": "Turkish.", "offline": "Paper at four libraries."},
    "time": {"why_long": "Two monthly meetings fall into it."},
}


@pytest.fixture
def unit(app):
    factories.a_site()
    return factories.a_unit()


@pytest.fixture
def about(unit):
    return factories.a_consultation(unit, slug="tables", stage=Stage.PREPARING)


@pytest.fixture
def official(unit, visit_as):
    return visit_as(factories.an_official(unit, name="Tom Ashworth"))


def _open(about) -> None:
    about.stage = Stage.OPEN
    db.session.commit()


def _findings(visitor) -> dict[str, str]:
    page = visitor.get("/consultations/tables/plan")
    return {line["data-check"]: line.text for line in page.select("[data-check]")}


def test_it_is_written_section_by_section_and_checks_itself(about, official):
    assert {"undecided", "affected", "gather", "answering", "why_long"} <= set(_findings(official))
    assert "Make the plan" in official.get("/consultations/tables").select_one("[aria-labelledby=plan]").text
    for section, typed in ANSWERS.items():
        address = f"/consultations/tables/plan/{section}"
        assert official.post(address, typed).location == f"/consultations/tables/plan#{section}"
        kept = {field["name"]: field.text.strip() for field in official.get(address).select("main textarea")}
        assert kept == typed
    assert {"undecided", "affected", "gather", "answering", "why_long"}.isdisjoint(_findings(official))
    page = official.get("/consultations/tables/plan")
    shown = {answer["data-answer"]: answer.text for answer in page.select("[data-answer]")}
    assert shown == {name: words for typed in ANSWERS.values() for name, words in typed.items()}
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "plan.answer")).all()
    assert {entry.reason for entry in entries} == {question.value for question in Question}


def test_what_a_consultation_says_elsewhere_is_shown_and_not_asked_twice(about, official):
    page = official.get("/consultations/tables/plan").main.text
    for words in (
        "Gofynnwch am gopi.",
        "1 Example Street",
        "020 7946 0123",
        "We publish what changed and why.",
    ):
        assert words in page
    assert "Tom Ashworth (Policy lead)" in page


def test_others_do_not_learn_of_a_plan_that_is_prepared(about, official, visit, visit_as):
    official.post("/consultations/tables/plan/time", ANSWERS["time"])
    elsewhere = visit_as(factories.an_official(factories.a_unit()))
    for stranger in (visit, elsewhere):
        stranger.get("/consultations/tables/plan", 404)
    elsewhere.get("/consultations/tables/plan/time", 404)


def test_everybody_reads_it_with_the_consultation_and_nobody_else_sees_its_checks(about, official, visit):
    official.post("/consultations/tables/plan/people", ANSWERS["people"])
    _open(about)
    link = visit.get("/consultations/tables").select_one("[aria-labelledby=plan] a")
    page = visit.get(link["href"])
    assert "people who walk here" in page.text
    assert not page.select("[data-check], [data-findings], [data-step], main form, main a[href$='/people']")


def test_a_consultation_without_a_plan_has_no_page_of_it(about, official, visit):
    _open(about)
    visit.get("/consultations/tables/plan", 404)
    assert visit.get("/consultations/tables").select("[aria-labelledby=plan]") == []
    official.get("/consultations/tables/plan")


def test_a_page_that_is_kept_shows_the_next_answer(about, official, client):
    _open(about)
    official.post("/consultations/tables/plan/time", ANSWERS["time"])
    first = client.get("/consultations/tables/plan")
    again = client.get("/consultations/tables/plan", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    official.post("/consultations/tables/plan/time", {"why_long": "It is.", "why_long_edition": "1"})
    assert "It is." in client.get("/consultations/tables/plan").text


def test_what_is_changed_in_public_stays_with_the_plan(about, official, visit):
    official.post("/consultations/tables/plan/time", {"why_long": "A first thought."})
    official.post(
        "/consultations/tables/plan/time", {"why_long": "Monthly meetings.", "why_long_edition": "1"}
    )
    _open(about)
    assert visit.get("/consultations/tables/plan").select("#changes") == []
    official.post("/consultations/tables/plan/time", {"why_long": "", "why_long_edition": "2"})
    assert "Monthly meetings." in visit.get("/consultations/tables/plan").text, "nothing goes in silence"
    official.post("/consultations/tables/plan/time", {"why_long": "Eight weeks.", "why_long_edition": "3"})
    changed = visit.get("/consultations/tables/plan").select_one("[aria-labelledby=changes]").text
    assert "Monthly meetings." in changed
    assert "A first thought." not in changed
    assert db.session.scalars(select(PlanChange.before)).all() == ["Monthly meetings."]


def test_the_same_words_again_change_nothing(about, official):
    official.post("/consultations/tables/plan/time", ANSWERS["time"])
    official.post("/consultations/tables/plan/time", ANSWERS["time"])
    assert db.session.get(PlanAnswer, (about.id, "why_long")).edition == 1


def test_who_saves_second_sees_both_texts_and_other_questions_are_not_held_up(
    about, official, unit, visit_as
):
    colleague = visit_as(factories.an_official(unit))
    colleague.post("/consultations/tables/plan/people", {"affected": "Cafés.", "gather": ""})
    stale = {"affected": "Walkers.", "affected_edition": "0", "gather": "Monthly.", "gather_edition": "0"}
    page = official.post("/consultations/tables/plan/people", stale, 409).page
    assert "Cafés." in page.select_one(".theirs").text
    assert len(page.select(".theirs")) == 1
    assert page.select_one("#affected").text.strip() == "Walkers."
    began = {field["name"]: field.get("value", "") for field in page.select("main input[name$=_edition]")}
    official.post("/consultations/tables/plan/people", {**stale, **began})
    assert db.session.get(PlanAnswer, (about.id, "affected")).words == "Walkers."
    official.post("/consultations/tables/plan/time", ANSWERS["time"])


@pytest.mark.parametrize("words", ["x" * 3_001, "a\x00b"])
def test_what_cannot_be_kept_is_refused_at_its_field(about, official, words):
    page = official.post("/consultations/tables/plan/time", {"why_long": words}, 422).page
    assert page.select_one("#why_long")["aria-invalid"] == "true"
    assert page.select_one("[role=alert] a")["href"] == "#why_long"
    assert db.session.get(PlanAnswer, (about.id, "why_long")) is None


@pytest.mark.parametrize("edition", ["x", "-1", "9" * 30, "²"])
def test_an_edition_that_is_none_is_an_old_one(about, official, edition):
    official.post("/consultations/tables/plan/time", ANSWERS["time"])
    official.post(
        "/consultations/tables/plan/time", {"why_long": "Other words.", "why_long_edition": edition}, 409
    )


def test_there_is_no_other_section(about, official):
    official.get("/consultations/tables/plan/everything", 404)


@pytest.mark.parametrize("stage", [Stage.OUTCOME, Stage.WITHDRAWN])
def test_the_plan_of_what_has_ended_stays_as_it_is(about, official, stage):
    about.stage = stage
    db.session.commit()
    assert official.get("/consultations/tables/plan").select("a[href$='/plan/time']") == []
    answer = official.client.get("/consultations/tables/plan/time")
    assert answer.location == "/consultations/tables/plan#time"
    page = official.post("/consultations/tables/plan/time", ANSWERS["time"], 409).page
    assert "has ended" in page.select_one("[role=alert]").text
    assert page.title.text.startswith("Error:")
    assert page.select_one("#why_long").text.strip() == ANSWERS["time"]["why_long"], "to be copied"
    assert not page.select("main form button")
    assert db.session.get(PlanAnswer, (about.id, "why_long")) is None


def test_the_stage_is_read_again_once_nobody_else_can_change_it(about, unit):
    who = factories.an_official(unit)
    with transaction(who):
        assert about.stage is Stage.PREPARING
        over = update(Consultation).where(Consultation.id == about.id).values(stage=Stage.WITHDRAWN)
        db.session.execute(over.execution_options(synchronize_session=False))  # as another session would
        with pytest.raises(Closed):
            actions.answer_questions(actor=who, consultation=about, typed={Question.WHY_LONG: ("It is.", 0)})


def test_people_who_sign_with_a_part_of_no_name_are_people_who_can_answer(about, official, unit):
    unit.organisation.signs_with = Signing.ROLE
    for role in db.session.query(Role):
        role.title = ""
    db.session.commit()
    assert "nobody" not in _findings(official)


def test_dates_are_changed_where_they_still_can_be(about, official):
    about.closes_at = datetime(2026, 12, 5, 12, tzinfo=UTC)  # a Saturday
    db.session.commit()
    for stage, opens_at, there in (
        (Stage.PREPARING, None, "/consultations/tables/edit#closes_on"),
        (Stage.OPEN, datetime(2026, 10, 1, tzinfo=UTC), "/consultations/tables/extend"),
    ):
        about.stage, about.opens_at = stage, opens_at
        db.session.commit()
        clock.replace(lambda: datetime(2026, 10, 2, tzinfo=UTC))
        line = official.get("/consultations/tables/plan").select_one("[data-check=closing_day]")
        assert "your unit may not be at work" in line.text
        assert line.a["href"] == there
        assert official.get("/consultations/tables/plan/time").select(f"main form a[href='{there}']")
    about.stage = Stage.ANALYSING
    db.session.commit()
    line = official.get("/consultations/tables/plan").select_one("[data-check=closing_day]")
    assert not line.select("a[href^='/consultations']")


def test_an_organisation_sets_its_own_minimum_and_a_shorter_plan_is_told_of_it_as_no_law(
    about, official, unit, visit_as
):
    clock.replace(lambda: datetime(2026, 10, 1, 9, tzinfo=UTC))
    about.opens_at, about.closes_at = clock.now(), clock.now() + timedelta(weeks=4, days=3)
    db.session.commit()
    assert "minimum" not in _findings(official)
    admin = visit_as(factories.an_administrator(unit.organisation))
    typed = {"name": unit.organisation.name, "kind": "local", "about": "", "signs_with": "name"}
    address = f"/admin/organisations/{unit.organisation.slug}"
    admin.post(address, {**typed, "minimum_weeks": "6"})
    said = _findings(official)["minimum"]
    assert "4 weeks and 3 days" in said
    assert f"{unit.organisation.name} has a rule of its own: 6 weeks or more." in said
    assert admin.get(address).select_one("#minimum_weeks option[selected]")["value"] == "6"
    assert admin.post(address, {**typed, "minimum_weeks": "999"}, 422)
    admin.post(address, {**typed, "minimum_weeks": ""})
    assert "minimum" not in _findings(official)


def test_each_finding_leads_to_a_toolkit_page_that_is_there_and_to_none_that_is_not(about, official):
    assert official.get("/consultations/tables/plan").select("[data-check] a[href^='/toolkit']") == []
    a_page(title="Say what can change", slug="gunning-principles")
    link = official.get("/consultations/tables/plan").select_one("[data-check=undecided] a[href^='/toolkit']")
    assert link["href"] == "/toolkit/gunning-principles"
    official.get(link["href"])


def test_the_plan_costs_the_same_however_much_it_says(about, official):
    def cost() -> int:
        with counted() as seen:
            official.get("/consultations/tables/plan")
        return len(seen)

    official.post("/consultations/tables/plan/time", ANSWERS["time"])
    few = cost()
    for section, typed in ANSWERS.items():
        official.post(f"/consultations/tables/plan/{section}", typed)
    assert cost() <= few <= 16


def test_answers_that_say_nothing_are_pointed_out_and_a_holiday_that_was_thought_of_is_settled(
    about, official
):
    about.opens_at, about.closes_at = datetime(2027, 7, 1, tzinfo=UTC), datetime(2027, 9, 1, 12, tzinfo=UTC)
    db.session.commit()
    typed = {"affected": "The public", "gather": "-"}
    official.post("/consultations/tables/plan/people", typed)
    found = _findings(official)
    assert "name the groups" in found["affected"]
    assert "is answered with “-”" in found["gather"]
    page = official.get("/consultations/tables/plan")
    assert page.select("[data-check=august] a[href$='/plan/time']")
    official.post(
        "/consultations/tables/plan/time", {"why_long": "Nine weeks. August is left out of the sum."}
    )
    page = official.get("/consultations/tables/plan")
    assert not page.select("[data-check=august]")
    assert "August is left out of the sum." in page.select_one("[data-settled=august] q").text
    assert len(page.select("[data-check]")) == int(page.select_one("[data-findings]")["data-findings"])
