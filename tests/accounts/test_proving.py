"""A recent proof of who one is, asked again before sensitive acts; nothing that was typed is lost."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from consult import clock
from consult.accounts import passwords, queries
from consult.accounts.models import SignedIn
from consult.extensions import db
from tests.accounts.ground import PASSWORD, read_again, somebody, with_an_app
from tests.factories import a_person, a_site, an_administrator
from tests.pages import Visitor

AGAIN = "/sign-in/again"


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


def _later(**much: int) -> None:
    moment = clock.now() + timedelta(**much)
    clock.replace(lambda: moment)


def _administrator():
    return an_administrator(password_hash=somebody().password_hash)


def _fields(page) -> dict[str, str]:
    form = page.find("input", {"name": "again-password"}).find_parent("form")
    return {tag["name"]: tag.get("value", "") for tag in form.select("input")}


def test_a_page_opens_for_fifteen_minutes_and_is_then_asked_for_again(visit_as):
    visit = visit_as(_administrator())
    _later(minutes=14)
    visit.get("/admin/people/new")
    _later(minutes=1)
    assert visit.client.get("/admin/people/new?x=1").location == f"{AGAIN}?next=/admin/people/new?x%3D1"
    page = visit.get(f"{AGAIN}?next=/admin/people/new?x%3D1")
    answer = visit.post(AGAIN, {**_fields(page), "again-password": PASSWORD})
    assert answer.location == "/admin/people/new?x=1"
    visit.get("/admin/people/new")


def test_a_form_that_was_opened_may_be_filled_in_for_an_hour(visit_as):
    visit = visit_as(_administrator())
    _later(minutes=59)
    visit.post("/admin/people/new", {}, status=422)
    _later(minutes=1)
    assert visit.post("/admin/people/new", {}, status=307).location == f"{AGAIN}?next=/admin/people/new"


def test_what_was_typed_comes_along_and_is_sent_on(visit_as):
    visit = visit_as(_administrator())
    typed = {"name": "The Service", "contact_email": "a@b.example", "contact_address": 'One\n"Two" <3>'}
    _later(minutes=61)
    kept = db.session.scalars(select(SignedIn)).one()
    kept.seen_at = clock.now()  # in use meanwhile
    db.session.commit()
    location = visit.post("/admin/site", typed, status=307).location
    page = visit.post(location, typed, status=200).page  # as a browser does with a 307
    assert "What you typed is kept" in page.main.text
    sent = _fields(page)
    assert {name: sent[name] for name in typed} == typed
    page = visit.post(AGAIN, {**sent, "again-password": "a wrong password"}, status=422).page
    sent = {**_fields(page), "again-password": PASSWORD}
    assert visit.post(AGAIN, sent, status=307).location == "/admin/site"
    visit.post("/admin/site", sent)
    db.session.rollback()
    assert queries.site().name == "The Service"
    assert queries.site().contact_address == typed["contact_address"]


def test_a_form_of_nothing_but_a_button_is_sent_on_as_well(visit_as):
    administrator, other = _administrator(), an_administrator()
    visit = visit_as(administrator)
    _later(minutes=61)
    db.session.scalars(select(SignedIn)).one().seen_at = clock.now()
    db.session.commit()
    target = f"/admin/roles/{other.roles[0].id}/end"
    location = visit.post(target, status=307).location
    page = visit.post(location, status=200).page
    sent = {**_fields(page), "again-password": PASSWORD}
    assert visit.post(AGAIN, sent, status=307).location == target
    visit.post(target, sent)
    assert read_again(other).parts == []


def test_secrets_do_not_come_along(visit_as):
    typed = {"current": "my old password", "password": "my new password", "code": "123456", "x": "kept"}
    page = visit_as(somebody()).post(AGAIN, typed, status=200).page
    assert "my old" not in str(page)
    assert "my new" not in str(page)
    assert "123456" not in str(page)
    assert page.select_one('input[name="x"]')["value"] == "kept"


def test_a_new_proof_changes_the_cookie_and_keeps_the_session(visit_as, app):
    person = somebody()
    visit = visit_as(person)
    visit.get("/account")
    before = visit.client.get_cookie("consult").value
    _later(minutes=20)
    visit.post(AGAIN, {"again-password": PASSWORD, "again-next": ""})
    thief = app.test_client()
    thief.set_cookie("consult", before)
    assert thief.get("/account").status_code == 303
    row = db.session.scalars(select(SignedIn)).one()
    assert row.proved_at == clock.now()
    assert row.began_at < row.proved_at
    visit.get("/account")


def test_a_code_proves_it_too_and_works_once(visit_as):
    person, secret = with_an_app(somebody())
    visit = visit_as(person)
    _later(minutes=20)
    code = pyotp.TOTP(secret).at(clock.now())
    answer = visit.post(AGAIN, {"again-code": code, "again-next": "/account/password"})
    assert answer.location == "/account/password"
    visit.get("/account/password")
    visit.post(AGAIN, {"again-code": code, "again-next": ""}, status=422)


def test_a_password_proves_nothing_of_somebody_who_has_a_second_step(visit_as):
    """Whoever has got hold of both could otherwise put another second step in the place of theirs."""
    person, _secret = with_an_app(somebody())
    visit = visit_as(person)
    _later(minutes=20)
    page = visit.get(AGAIN)
    assert not page.select('input[type="password"]')
    visit.post(AGAIN, {"again-password": PASSWORD, "again-next": "/account/second-step"}, status=422)
    assert visit.client.get("/account/second-step").location.startswith(AGAIN)


def test_who_is_held_back_and_has_no_second_step_yet_can_prove_it_with_a_password(app):
    person = _administrator()
    visit = Visitor(app.test_client())
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    _later(minutes=20)
    location = visit.client.get("/account/second-step").location
    assert visit.get(location).select_one('input[name="again-password"]')
    answer = visit.post(AGAIN, {"again-password": PASSWORD, "again-next": "/account/second-step"})
    assert answer.location == "/account/second-step"
    visit.get("/account/second-step")
    assert visit.client.get("/admin").location.startswith("/account/second-step?next=")


def test_who_has_no_second_step_is_asked_for_no_code(visit_as):
    page = visit_as(somebody()).get(AGAIN)
    assert page.select_one('input[name="again-password"]')
    assert not page.select('input[name="again-code"]')


@pytest.mark.parametrize("typed", ["", "a wrong password", "p" * 100_000])
def test_a_wrong_password_proves_nothing(visit_as, typed):
    visit = visit_as(somebody())
    _later(minutes=20)
    page = visit.post(AGAIN, {"again-password": typed, "again-next": "/account"}, status=422).page
    assert page.select_one('[role="alert"]')
    assert page.select_one('input[type="password"]')["value"] == ""
    assert visit.client.get("/account/password").status_code == 303


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_it_never_leads_to_another_site(visit_as, target):
    visit = visit_as(somebody())
    assert "evil" not in str(visit.get(AGAIN, query_string={"next": target}).main)
    assert visit.post(AGAIN, {"again-password": PASSWORD, "again-next": target}).location == "/account"


def test_nobody_proves_anything_who_is_not_signed_in(visit):
    assert visit.client.get(AGAIN).location.startswith("/sign-in?next=")


def test_changing_the_password_asks_for_a_recent_proof_and_changes_it(visit_as):
    person = somebody()
    visit = visit_as(person)
    _later(minutes=16)
    assert visit.client.get("/account/password").location == f"{AGAIN}?next=/account/password"
    visit.post(AGAIN, {"again-password": PASSWORD, "again-next": "/account/password"})
    visit.post("/account/password", {"current": PASSWORD, "password": "quite another one"})
    assert passwords.matches(read_again(person).password_hash, "quite another one")


RECENT = {
    "accounts.change_email",
    "accounts.change_password",
    "accounts.end_role",
    "accounts.give_role",
    "accounts.passkeys",
    "accounts.privacy_details",
    "accounts.remove_passkey",
    "accounts.renew_recovery_codes",
    "accounts.second_step",
    "accounts.site_details",
    "accounts.turn_off_second_step",
}


def test_sensitive_acts_ask_for_a_recent_proof(app):
    found = {name for name, view in app.view_functions.items() if getattr(view, "recent", False)}
    assert found >= RECENT


def test_changing_the_password_keeps_the_second_step_of_this_session(visit_as):
    person, _ = with_an_app(_administrator())
    visit: Visitor = visit_as(person)
    visit.post("/account/password", {"current": PASSWORD, "password": "quite another one"})
    visit.get("/admin")


def test_who_has_nothing_to_prove_it_with_is_told_to_sign_in_anew(visit_as):
    page = visit_as(a_person()).get(AGAIN)
    assert not page.select('input[type="password"]')
    assert page.select_one('main form[action="/sign-out"] button')
