"""The demonstration's mailbox: one's own mails, in one's own browser, and none on a real site."""

import json

import pytest

from consult.extensions import settings
from tests.accounts.ground import PASSWORD, somebody
from tests.factories import a_site
from tests.pages import Visitor

NEW = {"name": "Nia", "email": "nia@mail.example", "password": PASSWORD}


def test_a_real_site_has_none(visit):
    a_site()
    visit.get("/mailbox", status=404)


@pytest.fixture
def demonstration(app):
    return a_site(is_demonstration=True)


def test_it_says_what_will_appear_while_it_is_empty(visit, demonstration):
    page = visit.get("/mailbox")
    assert "No mail yet" in page.main.text
    assert page.select_one('main a[href="/sign-up"]')


def test_reading_it_sets_no_cookie(visit, demonstration):
    response = visit.client.get("/mailbox")
    assert "Set-Cookie" not in response.headers
    assert "Vary" not in response.headers or "Cookie" not in response.headers["Vary"]


def test_a_newcomer_follows_the_link_in_the_browser(visit, demonstration):
    visit.post("/sign-up", NEW)
    page = visit.get("/mailbox")
    mail = page.select_one("article")
    assert "nia@mail.example" in mail.text
    link = mail.select_one('a[href^="/confirm/"]')["href"]
    visit.get(link)
    visit.post(link)
    assert visit.get("/account").h1.text == "Your account"


def test_another_browser_sees_nothing_of_it(visit, app, demonstration):
    visit.post("/sign-up", NEW)
    other = Visitor(app.test_client())
    assert not other.get("/mailbox").select("article")
    other.post("/sign-up", {**NEW, "email": "other@mail.example"})
    (mail,) = other.get("/mailbox").select("article")
    assert "nia@mail.example" not in mail.text


def test_it_outlives_signing_in_and_out(visit, demonstration):
    visit.post("/sign-up", NEW)
    person = somebody()
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert visit.get("/mailbox").select("article")
    visit.post("/sign-out")
    assert visit.get("/mailbox").select("article")


def test_mail_to_the_demonstration_accounts_is_never_shown(visit, demonstration):
    person = somebody(email="admin@demo.example")
    path = settings().instance / "demo-accounts.json"
    path.write_text(json.dumps({"admin": {"email": person.email, "password": "x"}}))
    try:
        visit.post("/forgotten-password", {"email": person.email}, status=200)
        visit.post("/sign-up", NEW)
        shown = visit.get("/mailbox").main.text
    finally:
        path.unlink()
    assert "nia@mail.example" in shown
    assert "admin@demo.example" not in shown


def test_what_people_typed_is_shown_as_words(visit, demonstration):
    person = somebody(name="<b>Nia</b>")
    visit.post("/forgotten-password", {"email": person.email}, status=200)
    page = visit.get("/mailbox")
    assert not page.select("article b")
    assert "<b>Nia</b>" in page.select_one("article").text


def test_it_asks_a_fixed_number_of_questions(visit, demonstration):
    from tests.counting import queries

    counts = []
    for number in range(2):
        visit.post("/sign-up", {**NEW, "email": f"p{number}@mail.example"})
        with queries() as asked:
            visit.get("/mailbox")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 3
