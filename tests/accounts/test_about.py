"""The pages that say how the site is run, and the form for who cannot use it."""

from types import SimpleNamespace

import pytest

from consult.accounts.retention import PERIODS
from consult.accounts.routes import about
from consult.accounts.sessions import WITHOUT
from consult.reasons import REASONS
from consult.web.conditional import PAGES, forget
from tests.accounts.ground import mails, read_again
from tests.counting import queries
from tests.factories import a_moderator, a_person, a_site, a_unit, an_administrator, an_organisation

MESSAGE = {"name": "Nia", "email": "nia@mail.example", "message": "The menu cannot be read aloud.\nAt all."}


@pytest.mark.parametrize("path", ["/about", "/privacy", "/terms", "/accessibility", "/accessibility/thanks"])
def test_reading_sets_no_cookie_and_is_alike_for_all(visit, path):
    a_site()
    visit.get(path)
    response = visit.client.get(path)
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    again = visit.client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/about", "/privacy", "/terms", "/accessibility"])
def test_each_stands_on_a_site_with_nothing_filled_in(visit, path):
    a_site(contact_email="")
    assert "None" not in visit.get(path).main.text


def test_the_rules_are_the_nine_reasons_and_no_others(visit):
    a_site()
    page = visit.get("/about")
    assert page.select_one("h2#rules")
    assert len(page.select("dl.rules dt")) == len(REASONS) == 9
    for reason in REASONS:
        assert str(reason.rule) in page.main.text


def test_who_moderates_comes_from_the_roles(visit):
    a_site()
    moderator = a_moderator(an_organisation(name="Hallowmere Council"), name="Miriam Stone")
    assert "Hallowmere Council: Miriam Stone" in visit.get("/about").main.text
    assert moderator.email not in visit.get("/about").text


def test_a_moderators_new_name_stands_at_once(visit, visit_as):
    a_site()
    moderator = a_moderator(an_organisation(), name="Miriam Stone")
    visit.get("/about")
    visit_as(moderator).post("/account/name", {"name": "Miriam Reed"})
    assert read_again(moderator).name == "Miriam Reed"
    assert "Miriam Reed" in visit.get("/about").main.text


def test_a_site_without_moderators_says_so(visit):
    a_site()
    assert "no moderators yet" in visit.get("/about").main.text


def test_the_pages_ask_few_questions_of_the_database(visit):
    a_site()
    for _ in range(4):
        a_moderator(an_organisation())
    for path in ("/about", "/privacy", "/terms", "/accessibility"):
        with queries() as asked:
            visit.get(path)
        assert len(asked) <= 3, asked


def test_the_statement_has_what_the_law_asks_for(visit):
    a_site(name="Streets", controller="Department for Streets")
    page = visit.get("/accessibility")
    assert [heading.text for heading in page.main.select("h2")] == [
        "How accessible this website is",
        "Feedback and contact information",
        "Enforcement procedure",
        "Technical information about this website’s accessibility",
        "Preparation of this accessibility statement",
    ]
    words = page.main.text
    assert (
        "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018"
        in words
    )
    assert "Equality and Human Rights Commission (EHRC) is responsible for enforcing" in words
    assert "Equality Advisory and Support Service (EASS)" in words
    assert "does not claim to comply" in words
    assert page.select_one('a[href="/accessibility/contact"]')


def test_full_compliance_is_claimed_only_by_whoever_tested_it(visit):
    a_site(accessibility_prepared_on="2026-11-23")
    assert "fully compliant" in visit.get("/accessibility").main.text


def test_anyone_can_tell_us_about_a_problem(visit):
    a_site(accessibility_contact="access@body.example")
    page = visit.get("/accessibility/contact")
    once = page.select_one('input[name="once"]')["value"]
    assert visit.post("/accessibility/contact", {**MESSAGE, "once": once}).location == "/accessibility/thanks"
    visit.post("/accessibility/contact", {**MESSAGE, "once": once})
    (mail,) = mails()
    assert mail.to_address == "access@body.example"
    assert "> The menu cannot be read aloud.\n> At all." in mail.body
    assert "nia@mail.example" in mail.body


def test_it_goes_to_the_sites_contact_where_there_is_no_other(visit):
    a_site(contact_email="hello@body.example")
    visit.post("/accessibility/contact", MESSAGE)
    assert mails()[0].to_address == "hello@body.example"


def test_without_any_contact_it_says_so_and_loses_nothing_silently(visit):
    a_site(contact_email="")
    visit.post("/accessibility/contact", MESSAGE, status=409)


def test_who_is_signed_in_need_not_type_their_address(visit_as):
    a_site()
    person = a_person()
    page = visit_as(person).get("/accessibility/contact")
    assert page.select_one("#email")["value"] == person.email


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("message", ""),
        ("message", "x" * 4_001),
        ("message", "x" * 1_000_000),
        ("message", "a\x00b"),
        ("email", ""),
        ("email", "a@b.example\r\nBcc: c@d.example"),
        ("name", "a\u202eb"),
        ("name", "N" * 81),
    ],
)
def test_what_cannot_be_sent_is_kept_for_another_try(visit, field, typed):
    a_site()
    page = visit.post("/accessibility/contact", {**MESSAGE, field: typed}, status=422).page
    assert page.select_one('[role="alert"] a')["href"] == f"#{field}"
    kept = {
        "name": page.select_one("#name")["value"],
        "email": page.select_one("#email")["value"],
        "message": page.select_one("#message").text.removeprefix("\n"),
    }
    for name in kept.keys() - {field}:
        assert kept[name] == MESSAGE[name]
    assert mails() == []


def _words(page) -> str:
    return " ".join(page.main.text.split())


def test_the_privacy_page_says_what_the_worker_does(visit):
    a_site(retention_months=18)
    a_unit(name="Trees and Greenways Unit", retention_months=3)
    a_unit(name="Kerbs Unit", retention_months=18)
    a_unit(name="Bus Stops Unit")
    page = visit.get("/privacy")
    rows = {row.th.text: row.td.text for row in page.main.select("table tbody tr")}
    assert rows == {
        str(period.what): f"{period.days} days after {period.since}" for period in PERIODS.values()
    }
    words = _words(page)
    assert "we delete it 18 months after the outcome" in words
    assert "Trees and Greenways Unit: 3 months" in words
    assert "Kerbs Unit" not in words
    assert "Bus Stops Unit" not in words


def test_the_privacy_page_follows_the_settings_at_once(visit, visit_as):
    a_site(retention_months=12)
    assert "12 months after the outcome" in _words(visit.get("/privacy"))
    form = {
        "controller": "Streets",
        "data_protection_contact": "dpo@streets.example",
        "retention_months": "6",
    }
    visit_as(an_administrator()).post("/admin/data-protection", form)
    assert "6 months after the outcome" in _words(visit.get("/privacy"))


def test_the_privacy_page_names_the_cookie_and_how_long_it_and_a_session_last(visit, app):
    a_site()
    words = _words(visit.get("/privacy"))
    assert f"One, called {app.config['SESSION_COOKIE_NAME']}, is set when" in words
    assert f"after {app.config['PERMANENT_SESSION_LIFETIME'].days} days" in words
    assert f"not used the site for {WITHOUT.idle.days} days" in words
    assert f"in any case after {WITHOUT.absolute.days} days" in words


def test_the_privacy_page_speaks_of_providers_where_there_are_some(visit, app, monkeypatch):
    a_site()
    assert "an account that you have elsewhere" not in _words(visit.get("/privacy"))
    forget()
    PAGES.clear()
    monkeypatch.setattr(about, "settings", lambda: SimpleNamespace(sign_on="a provider"))
    assert "its provider learns that you did" in _words(visit.get("/privacy"))


@pytest.mark.parametrize(
    "said",
    [
        "is in no feed",
        "Pages with comments ask search engines not to list them",
        "The copyright in what you write stays with you.",
        "We will not publish this. The law may require us to release it",
        "Freedom of Information Act 2000",
        "added to totals at once and kept with no name",
        "by letter, email, telephone or at a meeting",
        "no page loads anything from elsewhere",
        "We do not ask about health",
        "Copies made in case of a breakdown",
    ],
)
def test_the_privacy_page_says_what_people_need_to_know(visit, said):
    a_site()
    assert said in _words(visit.get("/privacy"))
