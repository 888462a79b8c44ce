"""Before an election, on pages: what administrators set, what everybody reads, what officials are told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from consult import clock
from consult.consultations.election_models import Effect, Election
from consult.consultations.models import Stage
from consult.extensions import db
from tests import factories
from tests.discussion import ground

FIRST, LAST = date(2027, 3, 25), date(2027, 5, 6)
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
WITHIN = datetime(2027, 4, 12, 12, tzinfo=UTC)
LINE = "There is an election on 6 May. You can still comment. We will answer after 6 May."
DAYS = {
    "name": "Council elections",
    "held_on": "6 May 2027",
    "first_on": "25/3/2027",
    "last_on": "2027-05-06",
}


@pytest.fixture(autouse=True)
def a_day_in_march(app):
    clock.replace(lambda: NOON)
    factories.a_site(is_demonstration=True)


@pytest.fixture
def organisation(app):
    return factories.an_organisation(name="Exampleton Council", slug="exampleton")


@pytest.fixture
def administrator(organisation, visit_as):
    return visit_as(factories.an_administrator(organisation))


def _filled(page, **typed):
    """Return what the form of a page holds, as a browser would send it, with what is typed besides."""
    form = page.select_one("main form")
    values = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    for box in form.select("input[type=checkbox]"):
        values[box["name"]] = "y" if box.has_attr("checked") else None
    values |= {field["name"]: field.text.strip("\n") for field in form.select("textarea")}
    return {name: value for name, value in {**values, **typed}.items() if value is not None}


def _set(administrator, **typed):
    page = administrator.get("/admin/organisations/exampleton/elections/new")
    return administrator.post(
        "/admin/organisations/exampleton/elections/new", _filled(page, **{**DAYS, **typed})
    )


def test_an_administrator_sets_changes_and_cancels_a_period(administrator, visit):
    assert "No election is set." in administrator.get("/admin/organisations/exampleton/elections").main.text
    form = administrator.get("/admin/organisations/exampleton/elections/new")
    ticked = [box["name"] for box in form.select("fieldset input[type=checkbox][checked]")]
    assert ticked == [f"{effect.value}_on" for effect in Effect if effect is not Effect.CLOSE_FORMS]
    assert _set(administrator).location == "/admin/organisations/exampleton/elections"
    page = administrator.get("/admin/organisations/exampleton/elections")
    words = " ".join(page.main.text.split())
    assert "To come 25 March 2027 to 6 May 2027. Election on Thursday 6 May 2027." in words
    assert "Hold official answers and outcomes, and release them after" in words
    assert "We will answer after 6 May." in words
    told = " ".join(visit.get("/organisations/exampleton").main.text.split())
    assert "Election on 6 May 2027. From 25 March 2027 to 6 May 2027:" in told
    assert "We will answer after 6 May." in told
    assert "You can still comment." in told

    here = page.select_one("a.btn-2[href*=elections]")["href"]
    changed = _filled(
        administrator.get(here),
        stop_clock_until="30 April 2027",
        hold_answers_words="Answers come on {until}!",
    )
    assert administrator.post(here, changed).location == "/admin/organisations/exampleton/elections"
    assert "Answers come on 6 May!" in visit.get("/organisations/exampleton").main.text
    assert administrator.get(here).select_one("#stop_clock_until")["value"] == "30 April 2027"
    assert "Somebody changed this before you" in administrator.post(here, changed, 409).page.main.text

    assert "It has not begun" in administrator.get(f"{here}/end").main.text
    administrator.post(f"{here}/end")
    assert "(cancelled)" in administrator.get("/admin/organisations/exampleton/elections").main.text
    assert "never held" in administrator.get(here).main.text
    assert "Before an election" not in visit.get("/organisations/exampleton").main.text
    administrator.post(f"{here}/end", status=409)


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"held_on": ""}, "held_on", "Enter the day of the election"),
        ({"first_on": "soon"}, "first_on", "must be a day"),
        ({"first_on": "28 February 2027"}, "first_on", "has passed"),
        ({"last_on": "24 March 2027"}, "last_on", "must not be before the first"),
        ({"name": ""}, "name", "Say which election"),
        ({"hold_answers_words": " "}, "hold_answers_words", "Say what the public is told"),
        ({"hold_answers_words": "x" * 501}, "hold_answers_words", "500 characters or fewer"),
        ({"stop_clock_from": "1 March 2027"}, "stop_clock_from", "one of the period"),
        ({"by_days": "many"}, "by_days", "Enter a number of days"),
        ({"by_days": ""}, "by_days", "by how many days"),
        ({"until_day": "1 June 2027"}, "by_days", "one of the two"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(administrator, typed, field, message):
    page = administrator.get("/admin/organisations/exampleton/elections/new")
    sent = _filled(page, **{**DAYS, **typed, "open_nothing_words": "Nothing opens, sorry."})
    page = administrator.post("/admin/organisations/exampleton/elections/new", sent, 422).page
    assert message in page.select_one("[role=alert] a[href='#" + field + "']").text
    assert message in page.select_one(f"#{field}-error").text
    assert page.select_one("#open_nothing_words").text.strip() == "Nothing opens, sorry."
    assert page.select_one("#first_on")["value"] == sent["first_on"]
    assert db.session.query(Election).count() == 0


def test_periods_of_another_organisation_are_not_found_or_not_allowed(administrator):
    other = factories.an_organisation()
    theirs = factories.an_election(other, FIRST, LAST, Effect.STOP_CLOCK)
    administrator.get(f"/admin/organisations/exampleton/elections/{theirs.id}", 404)
    administrator.get(f"/admin/organisations/{other.slug}/elections/{theirs.id}", 403)


def _draft(organisation, **values):
    unit = factories.a_unit(organisation)
    return ground.a_draft(unit=unit, opens_at=NOON, closes_at=datetime(2027, 7, 1, tzinfo=UTC), **values)


def _told(page):
    return [" ".join(note.text.split()) for note in page.select("[data-election]")]


def test_everybody_reads_the_line_from_the_first_day_to_the_last(organisation, visit, client):
    document = _draft(organisation)
    about = document.consultation
    factories.an_election(organisation, FIRST, LAST, Effect.HOLD_ANSWERS)
    pages = (
        f"/consultations/{about.slug}",
        f"/consultations/{about.slug}/{document.slug}",
        ground.address(ground.paragraph(document)),
    )
    tags = [client.get(page).headers["ETag"] for page in pages]
    shown = {}
    for moment in ((2027, 3, 24, 23, 59), (2027, 3, 25), (2027, 5, 6, 22, 59), (2027, 5, 6, 23)):
        clock.replace(lambda moment=moment: datetime(*moment, tzinfo=UTC))
        shown[moment] = [_told(visit.get(page)) for page in pages]
    assert list(shown.values()) == [[[]] * 3, [[LINE]] * 3, [[LINE]] * 3, [[]] * 3]
    clock.replace(lambda: WITHIN)
    again = [client.get(page, headers={"If-None-Match": tag}) for page, tag in zip(pages, tags, strict=True)]
    assert {answer.status_code for answer in again} == {200}


def test_a_page_that_is_kept_changes_as_soon_as_a_period_is_set(organisation, visit_as, client, visit):
    clock.replace(lambda: WITHIN)
    administrator = visit_as(factories.an_administrator(organisation))
    document = _draft(organisation)
    here = f"/consultations/{document.consultation.slug}/{document.slug}"
    tag = client.get(here).headers["ETag"]
    _set(administrator, first_on="12 April 2027")
    assert client.get(here, headers={"If-None-Match": tag}).status_code == 200
    assert _told(visit.get(here)) == [LINE]


def test_what_is_decided_or_withdrawn_says_nothing_of_it(organisation, visit):
    factories.an_election(organisation, FIRST, LAST, Effect.HOLD_ANSWERS)
    clock.replace(lambda: WITHIN)
    for stage in (Stage.OUTCOME, Stage.WITHDRAWN):
        about = _draft(organisation, stage=stage, withdrawn_at=NOON, outcome_at=NOON).consultation
        assert _told(visit.get(f"/consultations/{about.slug}")) == []


def test_forms_that_are_closed_say_so_and_the_talk_goes_on_being_read(organisation, visit):
    document = _draft(organisation)
    ground.say(ground.paragraph(document), "Said before.")
    factories.an_election(organisation, FIRST, LAST, Effect.CLOSE_FORMS)
    clock.replace(lambda: WITHIN)
    page = visit.get(f"/consultations/{document.consultation.slug}/{document.slug}")
    assert not page.select("a.btn[href='#say']")
    assert "Comments cannot be added now." in page.select_one("#say").text
    page = visit.get(ground.address(ground.paragraph(document)))
    assert not page.select("textarea")
    assert "Said before." in page.main.text
    assert "Comments cannot be added until after 6 May." in _told(page)[0]


def test_the_first_page_promotes_nothing_of_a_quiet_organisation_but_what_is_open(organisation, visit):
    loud = factories.a_unit(factories.an_organisation())
    for unit, name in ((factories.a_unit(organisation), "Quiet"), (loud, "Loud")):
        for stage, opens in (
            (Stage.OPEN, NOON),
            (Stage.OPEN, WITHIN + timedelta(days=60)),
            (Stage.OUTCOME, NOON),
        ):
            factories.a_consultation(
                unit,
                title=f"{name} {stage.value} {opens:%B}",
                stage=stage,
                opens_at=opens,
                closes_at=WITHIN + timedelta(days=90),
                outcome_at=NOON if stage is Stage.OUTCOME else None,
            )
    factories.an_election(organisation, FIRST, LAST, Effect.SEND_NO_MAILS)
    clock.replace(lambda: WITHIN)
    words = visit.get("/").main.text
    shown = [
        f"{name} {rest}" in words
        for name in ("Quiet", "Loud")
        for rest in ("open March", "open June", "outcome March")
    ]
    assert shown == [True, False, False, True, True, True]
    assert "Quiet open June" in visit.get("/consultations").main.text


def test_an_official_is_told_why_it_cannot_open_and_keeps_what_was_typed(organisation, visit_as):
    about = _draft(organisation, stage=Stage.PREPARING, slug="kerbs").consultation
    factories.an_election(organisation, FIRST, LAST, Effect.OPEN_NOTHING)
    clock.replace(lambda: WITHIN)
    official = visit_as(factories.an_official(about.unit))
    assert "Nothing new opens until after 6 May." in _told(official.get("/consultations/kerbs/open"))[0]
    sent = {"stage": "early_idea", "when": "later", "opens_on": "6 May 2027", "opens_time": "9 am"}
    page = official.post("/consultations/kerbs/open", sent, 422).page
    assert (
        "There is an election on 6 May. Nothing new opens until after 6 May."
        in page.select_one("[role=alert]").text
    )
    assert page.select_one("#opens_on")["value"] == "6 May 2027"
    assert official.post("/consultations/kerbs/open", {**sent, "opens_on": "7 May 2027"}).location


def test_an_official_writes_an_outcome_that_is_kept(organisation, visit_as, visit):
    about = _draft(organisation, slug="kerbs", stage=Stage.ANALYSING).consultation
    factories.an_election(organisation, FIRST, LAST, Effect.HOLD_ANSWERS)
    clock.replace(lambda: WITHIN)
    official = visit_as(factories.an_official(about.unit))
    page = official.get("/consultations/kerbs/finish")
    assert page.select_one("form button.btn:not(.btn-2)").text.strip()
    assert "Keep it for after the election" in page.main.text
    official.post("/consultations/kerbs/finish", {"outcome": "We drop the oaks."})
    page = official.get("/consultations/kerbs/finish")
    assert page.select_one("#outcome").text.strip() == "We drop the oaks."
    assert page.main.select("[name=do][value=drop]")
    assert "published by itself once the election is over" in official.get("/consultations/kerbs").main.text
    assert "oaks" not in visit.get("/consultations/kerbs").main.text
    official.post("/consultations/kerbs/finish", {"do": "drop"})
    assert official.get("/consultations/kerbs/finish").select_one("#outcome").text.strip() == ""


def test_a_unit_that_answers_at_the_end_says_so_everywhere_and_is_never_late(organisation, visit, visit_as):
    unit = factories.a_unit(organisation, name="Trees Unit", promise_days=None)
    document = ground.a_draft(unit=unit, opens_at=NOON, closes_at=datetime(2027, 7, 1, tzinfo=UTC))
    place = ground.paragraph(document)
    ground.say(place, "Why oaks?", ask=True)
    clock.replace(lambda: WITHIN)
    promise = (
        "We read every comment. We answer questions at the end, and will say then what we did about the rest."
    )
    about = document.consultation
    for page in (
        "/",
        f"/units/{unit.slug}",
        f"/consultations/{about.slug}",
        f"/consultations/{about.slug}/{document.slug}",
        ground.address(place),
    ):
        words = " ".join(visit.get(page).main.text.split())
        assert promise in words, page
        assert "past" not in words, page
    monitor = visit.get("/monitor")
    assert promise in " ".join(monitor.main.text.split())
    assert not [row for row in monitor.select("tbody tr") if "past the promise" in row.text]
    assert not monitor.select('nav.jump a.late[href="#questions"]')
    assert "Question · waiting, to be answered at the end" in visit.get(ground.address(place)).main.text
    desk = visit_as(factories.an_official(unit)).get("/desk")
    assert "longer than we aim for" not in desk.main.text
    assert not desk.main.select("b.ink-warn")
