"""Passkeys: added, used as the second step, removed; wrong answers, and right ones shown again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.accounts import queries
from consult.accounts.models import Passkey, Person
from consult.extensions import db, settings
from consult.web import extras
from tests.accounts.authenticator import Authenticator
from tests.accounts.ground import PASSWORD, mails, somebody, with_an_app
from tests.factories import a_site, a_unit, an_official
from tests.pages import Visitor

LIST, DOOR, AGAIN = "/account/passkeys", "/sign-in/second-step", "/sign-in/again"


@pytest.fixture(autouse=True)
def _site(app, monkeypatch):
    a_site()
    monkeypatch.setitem(app.config, "CONSULT", replace(settings(), base_url="http://localhost:8000"))


def _options(page) -> str:
    return page.select_one("form[data-passkey]")["data-options"]


def _add(visit: Visitor, device: Authenticator, name: str = "My key", status: int = 200):
    answer = device.add(_options(visit.get(LIST)))
    return visit.post(LIST, {"name": name, "answer": answer}, status=status).page


@pytest.fixture
def owner(visit_as):
    """Somebody with one passkey, and the device that has it."""
    person, device = somebody(), Authenticator()
    _add(visit_as(person), device)
    return person, device


def _at_the_door(visit: Visitor, person: Person) -> str:
    """Give the password; return what the page asks of a passkey."""
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    return _options(visit.get(DOOR))


def _is_in(visit: Visitor) -> bool:
    return visit.client.get("/account").status_code == 200


def test_a_passkey_is_added_with_a_name_and_recovery_codes_are_shown(visit_as):
    person, device = somebody(), Authenticator()
    visit = visit_as(person)
    page = _add(visit, device)
    assert len(page.select(".codes code")) == 10
    assert "My key" in visit.get(LIST).main.text
    assert "passkey was added" in mails(person.email)[0].subject
    assert "1 passkey" in visit.get("/account/second-step").main.text
    excluded = json.loads(_options(visit.get(LIST)))["excludeCredentials"]
    assert [each["id"] for each in excluded] == [db.session.scalars(select(Passkey.credential)).one()]


def test_what_a_page_asks_says_nothing_of_the_person_to_the_device(visit_as):
    person = somebody()
    asked = json.loads(_options(visit_as(person).get(LIST)))
    assert asked["rp"]["id"] == "localhost"
    assert asked["authenticatorSelection"]["userVerification"] == "preferred"
    assert len(asked["user"]["id"]) > 40
    assert asked["attestation"] == "none"


def test_it_is_the_second_step_at_the_door(visit, owner):
    person, device = owner
    options = _at_the_door(visit, person)
    assert not _is_in(visit)
    visit.post(DOOR, {"again-answer": device.prove(options)})
    assert _is_in(visit)
    assert db.session.scalars(select(Passkey)).one().sign_count == 1


def test_it_counts_for_the_parts_of_its_owner(visit, visit_as):
    person, device = an_official(a_unit(), password_hash=somebody().password_hash), Authenticator()
    _add(visit_as(person), device)
    visit.post(DOOR, {"again-answer": device.prove(_at_the_door(visit, person))})
    visit.get("/desk")


def test_it_proves_anew_who_one_is(visit_as, owner):
    person, device = owner
    visit = visit_as(person)
    moment = clock.now() + timedelta(minutes=30)
    clock.replace(lambda: moment)
    assert visit.client.get(LIST).status_code == 303
    options = _options(visit.get(f"{AGAIN}?next={LIST}"))
    answer = visit.post(AGAIN, {"again-answer": device.prove(options), "again-next": LIST})
    assert answer.location == LIST
    visit.get(LIST)


def test_an_answer_to_another_challenge_is_refused(visit, app, owner):
    person, device = owner
    elsewhere = Visitor(app.test_client())
    foreign = _at_the_door(elsewhere, person)
    _at_the_door(visit, person)
    page = visit.post(DOOR, {"again-answer": device.prove(foreign)}, status=422).page
    assert "could not be checked" in page.select_one('[role="alert"]').text
    assert not _is_in(visit)


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://evil.example"}, {"origin": "http://localhost:8001"}, {"host": "evil.example"}],
)
def test_an_answer_to_another_site_is_refused(visit, owner, wrong):
    person, device = owner
    visit.post(DOOR, {"again-answer": device.prove(_at_the_door(visit, person), **wrong)}, status=422)
    assert not _is_in(visit)


def test_an_answer_shown_again_with_the_cookie_of_then_is_refused(visit, app, owner):
    """Even of a passkey that does not count, whose count therefore tells nothing."""
    person, device = owner
    options = _at_the_door(visit, person)
    cookie = visit.client.get_cookie("consult").value
    answer = device.prove(options, counts=False)
    visit.post(DOOR, {"again-answer": answer})
    thief = Visitor(app.test_client())
    thief.client.set_cookie("consult", cookie)
    page = thief.post(DOOR, {"again-answer": answer}, status=422).page
    assert "answered already" in page.select_one('[role="alert"]').text
    assert not _is_in(thief)


def test_a_challenge_is_good_for_one_answer_and_ten_minutes(visit, owner):
    person, device = owner
    options = _at_the_door(visit, person)
    visit.post(DOOR, {"again-answer": "nonsense"}, status=422)
    options_after = options  # the page asks anew: what was asked before is forgotten
    visit.post(DOOR, {"again-answer": device.prove(options_after)}, status=422)
    options = _options(visit.get(DOOR))
    moment = clock.now() + timedelta(minutes=10)
    clock.replace(lambda: moment)
    visit.post(DOOR, {"again-answer": device.prove(options)})
    assert not _is_in(visit)


def test_a_count_that_does_not_rise_betrays_a_copy(visit, app, owner):
    person, device = owner
    visit.post(DOOR, {"again-answer": device.prove(_at_the_door(visit, person))})
    copy = Visitor(app.test_client())
    copy.post(DOOR, {"again-answer": device.prove(_at_the_door(copy, person), counts=False)}, status=422)
    assert not _is_in(copy)


def test_the_passkey_of_another_is_refused(visit, visit_as, owner):
    person, _ = owner
    stranger, device = somebody(), Authenticator()
    _add(visit_as(stranger), device)
    visit.post(DOOR, {"again-answer": device.prove(_at_the_door(visit, person))}, status=422)
    assert not _is_in(visit)


@pytest.mark.parametrize("answer", ["", "nonsense", "[]", "{}", '{"id": 5}', "null", "x" * 30_000])
def test_what_is_no_answer_is_refused(visit, visit_as, owner, answer):
    person, _ = owner
    visit_as(person).post(LIST, {"name": "Another", "answer": answer}, status=422)
    _at_the_door(visit, person)
    visit.post(DOOR, {"again-answer": answer}, status=422)
    assert not _is_in(visit)
    assert len(queries.passkeys_of(person)) == 1


def test_a_passkey_of_another_site_is_not_added(visit_as):
    person, device = somebody(), Authenticator()
    visit = visit_as(person)
    answer = device.add(_options(visit.get(LIST)), origin="https://evil.example")
    visit.post(LIST, {"name": "Key", "answer": answer}, status=422)
    assert queries.passkeys_of(person) == []


def test_a_passkey_is_added_once(visit_as, owner):
    person, device = owner
    _add(visit_as(person), device, status=422)
    _add(visit_as(somebody()), device, status=422)
    assert db.session.query(Passkey).count() == 1


@pytest.mark.parametrize("name", ["", "N" * 81, "a\u202eb"])
def test_a_passkey_needs_a_name_that_can_be_shown(visit_as, name):
    person = somebody()
    page = _add(visit_as(person), Authenticator(), name=name, status=422)
    assert page.select_one("#name")["aria-invalid"] == "true"
    assert queries.passkeys_of(person) == []


def test_one_is_removed_and_no_longer_lets_in(visit, visit_as, owner):
    person, _ = owner
    mine = visit_as(person)
    mine.post(mine.get(LIST).select_one(".keys form")["action"])
    assert "not used yet" not in mine.get(LIST).main.text
    assert "removed" in mails(person.email)[-1].subject
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert _is_in(visit)


def test_adding_and_removing_one_signs_other_devices_out(visit_as):
    person, device = somebody(), Authenticator()
    here, elsewhere = visit_as(person), visit_as(person)
    _add(here, device)
    assert not _is_in(elsewhere)
    elsewhere = visit_as(person)
    here.post(here.get(LIST).select_one(".keys form")["action"])
    assert not _is_in(elsewhere)
    assert _is_in(here)


def test_nobody_removes_the_passkey_of_another(visit_as, owner):
    person, _ = owner
    action = visit_as(person).get(LIST).select_one(".keys form")["action"]
    visit_as(somebody()).post(action, status=404)
    assert len(queries.passkeys_of(person)) == 1


def test_the_last_way_that_a_part_needs_is_not_removed(visit_as):
    person, device = an_official(a_unit()), Authenticator()
    visit = visit_as(person)
    _add(visit, device)
    action = visit.get(LIST).select_one(".keys form")["action"]
    visit.post(action)
    assert "cannot be turned off" in visit.get(LIST).main.text
    with_an_app(person)
    visit.post(action)
    assert queries.passkeys_of(person) == []


def test_without_the_package_nothing_is_offered_and_it_says_what_to_install(
    visit, visit_as, owner, monkeypatch
):
    person, _ = owner
    monkeypatch.setattr(extras, "webauthn", None)
    monkeypatch.setattr("consult.web.passkeys.webauthn", None)
    mine = visit_as(person)
    assert not mine.get("/account/second-step").select(f'a[href="{LIST}"]')
    assert "consult[passkeys]" in mine.get(LIST, status=404).main.text
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    page = visit.get(DOOR)
    assert not page.select("form[data-passkey]")
    assert page.select_one('input[name="again-code"]')


def test_a_site_whose_address_is_a_number_offers_none(app, visit_as, monkeypatch):
    monkeypatch.setitem(app.config, "CONSULT", replace(settings(), base_url="http://127.0.0.1:8000"))
    visit = visit_as(somebody())
    assert not visit.get("/account/second-step").select(f'a[href="{LIST}"]')
    visit.get(LIST, status=404)
