"""Sessions: listed, ended, over after a while, and never come back by an old cookie."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.accounts import queries
from consult.accounts.actions import people as people_actions
from consult.accounts.actions.sessions import MOST, begin_session
from consult.accounts.models import Part, SignedIn
from consult.accounts.sessions import GUEST, WITH_A_PART, WITHOUT, digest_of
from consult.extensions import db, transaction
from tests.accounts.ground import PASSWORD, read_again, somebody
from tests.factories import a_guest, a_person, a_session, a_site, a_unit, an_official
from tests.pages import Visitor

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1"


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


def _signed_in(app, person, agent=FIREFOX) -> Visitor:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    visit = Visitor(client)
    visit.post("/sign-in", {"email": person.email, "password": PASSWORD})
    return visit


def _is_in(visit: Visitor) -> bool:
    return visit.client.get("/account/name").status_code == 200


def _forms(page) -> dict[str, str]:
    """Where the button of each device sends its form, by the device."""
    return {row.b.text: row.form["action"] for row in page.select(".keys li")}


def test_ones_own_are_listed_with_what_they_are_and_this_one_marked(app):
    person = somebody()
    here, elsewhere = _signed_in(app, person), _signed_in(app, person, SAFARI)
    _signed_in(app, somebody(), "Somebody Else")
    page = here.get("/account/sessions")
    rows = {row.b.text: row.text for row in page.select(".keys li")}
    assert set(rows) == {"Firefox, Linux", "Safari, iPhone"}
    assert "This one" in rows["Firefox, Linux"]
    assert "This one" not in rows["Safari, iPhone"]
    assert _is_in(elsewhere)


def test_one_is_ended_from_another(app):
    person = somebody()
    here, elsewhere = _signed_in(app, person), _signed_in(app, person, SAFARI)
    here.post(_forms(here.get("/account/sessions"))["Safari, iPhone"])
    assert not _is_in(elsewhere)
    assert _is_in(here)
    assert set(_forms(here.get("/account/sessions"))) == {"Firefox, Linux"}


def test_ending_this_one_signs_out(app):
    here = _signed_in(app, somebody())
    here.post(_forms(here.get("/account/sessions"))["Firefox, Linux"])
    assert not _is_in(here)


def test_all_others_are_ended_at_once(app):
    person, stranger = somebody(), somebody()
    here, others = _signed_in(app, person), [_signed_in(app, person) for _ in range(3)]
    apart = _signed_in(app, stranger)
    here.post("/account/sessions/end-others")
    assert _is_in(here)
    assert not any(_is_in(other) for other in others)
    assert _is_in(apart)


def test_nobody_ends_the_session_of_another(app):
    person, stranger = somebody(), somebody()
    theirs, mine = _signed_in(app, person), _signed_in(app, stranger)
    action = _forms(theirs.get("/account/sessions"))["Firefox, Linux"]
    mine.post(action)
    assert _is_in(theirs)
    mine.post("/account/sessions/nonsense/end")


def test_ending_one_asks_again_who_it_is_after_a_while(app):
    person = somebody()
    here, elsewhere = _signed_in(app, person), _signed_in(app, person, SAFARI)
    action = _forms(here.get("/account/sessions"))["Safari, iPhone"]
    later = clock.now() + timedelta(minutes=61)
    _at(later)
    assert here.post(action, status=307).location.startswith("/sign-in/again?next=")
    assert here.post("/account/sessions/end-others", status=307).location.startswith("/sign-in/again?next=")
    assert _is_in(elsewhere)


def test_of_too_many_the_one_that_was_used_least_lately_ends(app, sign_in):
    person = somebody()
    first, *others = [sign_in(person) for _ in range(MOST)]
    for row in db.session.scalars(select(SignedIn).order_by(SignedIn.id).limit(1)):
        row.seen_at -= timedelta(minutes=4)
    db.session.commit()
    newest = _signed_in(app, person)
    assert _is_in(newest)
    assert first.get("/account/name").status_code == 303
    assert all(other.get("/account/name").status_code == 200 for other in others)
    assert len(_forms(newest.get("/account/sessions"))) >= 1
    assert len(queries.sessions_of(read_again(person))) == MOST


def test_signing_out_ends_this_session_alone(app):
    person = somebody()
    here, elsewhere = _signed_in(app, person), _signed_in(app, person)
    cookie = here.client.get_cookie("consult").value
    here.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("consult", cookie)
    assert thief.get("/account").status_code == 303
    assert _is_in(elsewhere)


def test_signing_in_again_ends_the_session_that_this_browser_had(app):
    one, another = somebody(), somebody()
    browser = _signed_in(app, one)
    cookie = browser.client.get_cookie("consult").value
    browser.post("/sign-in", {"email": another.email, "password": PASSWORD})
    assert _is_in(browser)
    thief = app.test_client()
    thief.set_cookie("consult", cookie)
    assert thief.get("/account").status_code == 303


@pytest.mark.parametrize("what", ["disable", "role given", "role ended", "close"])
def test_all_end_when_what_a_person_may_do_changes(app, sign_in, what):
    person = an_official(a_unit())
    browser = sign_in(person)
    with transaction():
        if what == "disable":
            people_actions.disable(actor=None, person=person)
        elif what == "role given":
            people_actions.give_role(actor=None, person=person, part=Part.EDITOR)
        elif what == "role ended":
            people_actions.end_role(actor=None, role=person.roles[0])
        else:
            person.closed_at = clock.now()
    assert browser.get("/account").status_code == 303


def _at(moment):
    clock.replace(lambda: moment)


@pytest.mark.parametrize(("kind", "limits"), [("with a part", WITH_A_PART), ("without", WITHOUT)])
def test_a_session_that_nobody_uses_runs_out(app, sign_in, kind, limits):
    person = an_official(a_unit()) if kind == "with a part" else a_person()
    browser, began = sign_in(person), clock.now()
    _at(began + limits.idle)
    assert browser.get("/account").status_code == 200  # and it counts as used now
    _at(began + 2 * limits.idle)
    assert browser.get("/account").status_code == 200
    _at(began + 3 * limits.idle + timedelta(minutes=6))
    assert browser.get("/account").status_code == 303


@pytest.mark.parametrize(("kind", "limits"), [("with a part", WITH_A_PART), ("without", WITHOUT)])
def test_a_session_is_over_after_a_while_however_much_it_is_used(app, sign_in, kind, limits):
    person = an_official(a_unit()) if kind == "with a part" else a_person()
    browser, began = sign_in(person), clock.now()
    row = db.session.scalars(select(SignedIn)).one()
    row.seen_at = began + limits.absolute - timedelta(minutes=1)
    db.session.commit()
    _at(began + limits.absolute - timedelta(seconds=1))
    assert browser.get("/account").status_code == 200
    _at(began + limits.absolute)
    assert browser.get("/account").status_code == 303


def test_a_guest_is_known_for_as_long_as_the_link_said(app):
    guest = a_guest()
    key, began = a_session(guest).partition(".")[2], clock.now()
    _at(began + GUEST.absolute - timedelta(minutes=1))
    assert queries.at_the_door(guest.id, digest_of(key))
    _at(began + GUEST.absolute)
    assert queries.at_the_door(guest.id, digest_of(key)) is None


def test_when_somebody_last_signed_in_is_kept(app):
    person = somebody()
    assert person.last_signed_in_at is None
    _signed_in(app, person)
    assert read_again(person).last_signed_in_at


def test_a_device_that_says_nothing_of_itself_has_a_name_all_the_same(app):
    visit = _signed_in(app, somebody(), "")
    assert "does not say what it is" in visit.get("/account/sessions").main.text


def test_keys_are_long_and_never_the_same(app):
    person = somebody()
    keys = [begin_session(actor=person) for _ in range(MOST)]
    assert len(set(keys)) == MOST
    assert all(len(base64.urlsafe_b64decode(key + "=")) * 8 >= 128 for key in keys)
    assert not {row.digest for row in db.session.scalars(select(SignedIn))} & set(keys)
