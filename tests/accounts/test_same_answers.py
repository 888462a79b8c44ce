"""Whoever asks at a door learns nothing about an address: known or not, the answer is the same to the last byte."""

import re

import pytest

from consult.accounts.models import Person
from consult.extensions import db
from consult.notices.models import OutboxMail
from tests import factories
from tests.accounts.ground import PASSWORD, mails, somebody
from tests.discussion.ground import a_draft, address, paragraph

ADDRESS = "pat@mail.example"
CHANCE = re.compile(r'(value="|once=|csrf_token=)[A-Za-z0-9_.-]{20,}|number of this page: \w+')


def _account() -> None:
    somebody(email=ADDRESS)


def _unconfirmed() -> None:
    somebody(email=ADDRESS, is_confirmed=False)


def _invited() -> None:
    factories.a_person(email=ADDRESS, is_confirmed=False)


def _disabled() -> None:
    somebody(email=ADDRESS, disabled_at=factories.clock.now())


def _official() -> None:
    factories.an_official(factories.a_unit(), email=ADDRESS)


def _guest() -> None:
    factories.a_guest(email=ADDRESS)


def _closed() -> None:
    factories.a_person(email="", closed_at=factories.clock.now())


KNOWN = (_account, _unconfirmed, _invited, _disabled, _official, _guest, _closed)
DOORS = {
    "/sign-in": {"email": ADDRESS, "password": "not the right one"},
    "/sign-up": {"name": "Pat", "email": ADDRESS, "password": PASSWORD},
    "/forgotten-password": {"email": ADDRESS},
    "/guest/link": {"email": ADDRESS},
}


def _answers(app, path: str, form: dict[str, str]) -> list[tuple[int, str, str, list[str]]]:
    """Return what a browser is told: at the door, and on the page it is led to and the next try."""
    browser, told = app.test_client(), []
    for step in ("first", "again"):
        response = browser.post(path, data=form)
        told.append(_told(response))
        if response.status_code == 303:
            told.append(_told(browser.get(response.headers["Location"])))
            if step == "first":
                told.append(_told(browser.post(response.headers["Location"])))
    told.append(_told(browser.get(path)))
    told.append(_told(browser.get("/account")))
    return told


def _told(response) -> tuple[int, str, str, list[str]]:
    cookies = sorted(cookie.partition("=")[0] for cookie in response.headers.getlist("Set-Cookie"))
    return response.status_code, response.headers.get("Location", ""), CHANCE.sub("", response.text), cookies


def _forget_everybody() -> None:
    """Take away what came of asking with an address that nobody had."""
    for table in ("outbox_mail", "one_time_link"):
        db.session.execute(db.metadata.tables[table].delete())
    people = db.metadata.tables["person"]
    db.session.execute(people.delete().where(people.c.email == ADDRESS))
    db.session.commit()
    db.session.expire_all()


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.__name__.strip("_"))
@pytest.mark.parametrize("path", DOORS)
def test_a_known_address_is_answered_as_one_that_nobody_has(app, path, known):
    factories.a_site()
    unknown = _answers(app, path, DOORS[path])
    _forget_everybody()
    known()
    assert _answers(app, path, DOORS[path]) == unknown


def test_the_answers_that_are_compared_are_those_of_doors_that_did_something(app):
    """Or the comparison above would hold for a door that always fails."""
    factories.a_site()
    for path, form in DOORS.items():
        assert _answers(app, path, form)[0][0] in (200, 303, 422)
    assert db.session.query(Person).filter_by(email=ADDRESS).count() == 1
    assert db.session.query(OutboxMail).count() >= 1


def _send_as_guest(app, where: str) -> list[tuple[int, str, str, list[str]]]:
    """Write a comment as somebody with the address, and return what the browser is told on the way."""
    browser = app.test_client()
    key = browser.post(where, data={"body": "Plant oaks."}).headers["Location"].rpartition("c=")[2]
    form = {"c": key, "to": "public", "name": "Pat", "email": ADDRESS}
    told = [_told(browser.post("/unsent/send", data=form))]
    for act in (browser.get, browser.post, browser.get):
        told.append(_told(act("/unsent/check-email")))
    told += [_told(browser.get("/unsent")), _told(browser.get("/guest"))]
    return [tuple(str(part).replace(key, "KEY") for part in answer) for answer in told]


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.__name__.strip("_"))
def test_a_comment_without_an_account_is_taken_the_same_from_every_address(app, known):
    where = address(paragraph(a_draft()))
    unknown = _send_as_guest(app, where)
    assert unknown[0][:2] == ("303", "/unsent/check-email")
    assert mails(ADDRESS)
    db.session.execute(db.metadata.tables["unsent_comment"].delete())
    db.session.execute(db.metadata.tables["decision"].delete())
    db.session.execute(db.metadata.tables["comment"].delete())
    _forget_everybody()
    known()
    assert _send_as_guest(app, where) == unknown
