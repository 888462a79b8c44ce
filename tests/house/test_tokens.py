"""Links in mails: each is good once, in time, for one purpose and one person, at every door that takes one."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select, text

from consult import clock, config, create_app
from consult.accounts import links
from consult.accounts.models import OneTimeLink, Person, Purpose
from consult.errors import NotFound
from consult.extensions import db, transaction
from tests import factories
from tests.house.test_extra_fields import _dump

# What each door's links are for. A door that is new here must say so.
DOORS = {
    "accounts.confirm": Purpose.CONFIRM_EMAIL,
    "accounts.reset": Purpose.RESET_PASSWORD,
    "accounts.first_administrator": Purpose.FIRST_ADMINISTRATOR,
    "accounts.invitation": Purpose.INVITATION,
    "accounts.decline_invitation": Purpose.INVITATION,
    "accounts.mail_received": Purpose.MAIL_RECEIVED,
    "discussion.confirm_comment": Purpose.CONFIRM_COMMENT,
    "discussion.not_me": Purpose.CONFIRM_COMMENT,
    "discussion.guest_return": Purpose.GUEST_RETURN,
    "accounts.confirm_other_email": Purpose.CHANGE_EMAIL,
}
OF_THE_SIGNED_IN = {"accounts.confirm_other_email"}  # whoever opens it must be signed in to the account
# A link that is spent is what these take; all they do is send another to where the first one went.
TAKE_SPENT = {"discussion.confirmation_again": Purpose.CONFIRM_COMMENT}
OF_A_GUEST = {Purpose.CONFIRM_COMMENT, Purpose.GUEST_RETURN}
TYPED = {
    "name": "Somebody New",
    "email": "new@mail.example",
    "site_name": "Our consultations",
    "password": "three random words",
}
GARBAGE = (
    "x",
    "nothing",
    "a" * 43,
    "é",
    "%00",
    "a%00b",
    "a" * 5_000,
    "%F0%9F%8F%B3",
    "..",
    "%27%20OR%201=1--",
    "%0d%0aX:y",
    "null",
    "0",
)


def _rules(app):
    return sorted(
        (rule for rule in app.url_map.iter_rules() if "token" in rule.arguments),
        key=lambda rule: rule.endpoint,
    )


def _address(rule, token: str) -> str:
    return rule.rule.replace("<string:token>", token)


def _link(purpose: Purpose, person: Person | None = None) -> tuple[str, Person | None]:
    """Return the token of a link as the site makes it, and whose it is."""
    if purpose is Purpose.FIRST_ADMINISTRATOR:
        person = None
    elif person is None:
        person = factories.a_guest() if purpose in OF_A_GUEST else factories.a_person(is_confirmed=False)
    role = None
    if purpose is Purpose.CHANGE_EMAIL:
        person.pending_email, person.confirmed_at = f"other{person.id}@mail.example", clock.now()
        db.session.commit()
    if purpose is Purpose.INVITATION:
        role = factories.an_official(factories.a_unit()).roles[0]
        role.accepted_at, role.person = None, person
        db.session.commit()
    with transaction():
        token = links.make(purpose, person, role=role)
    return token, person


@pytest.fixture(autouse=True)
def _site(app) -> None:
    factories.a_site()


def test_every_door_that_takes_a_link_says_what_for(app):
    assert {rule.endpoint for rule in _rules(app)} == set(DOORS) | set(TAKE_SPENT)
    assert {method for rule in _rules(app) for method in rule.methods} <= {"GET", "HEAD", "POST", "OPTIONS"}


@pytest.fixture
def browser_for(app, sign_in):
    """Return a browser such as a door asks for: that of the link's person, or of anybody."""

    def browser(rule, person: Person | None = None):
        if rule.endpoint not in OF_THE_SIGNED_IN:
            return app.test_client()
        return sign_in(person if person is not None and not person.is_guest else factories.a_person())

    return browser


def test_no_door_takes_a_link_for_another_purpose(app, browser_for):
    for rule in _rules(app):
        for purpose in Purpose:
            if purpose is {**DOORS, **TAKE_SPENT}[rule.endpoint]:
                continue
            token, person = _link(purpose)
            browser = browser_for(rule, person)
            _is_refused(browser, rule, token, why=f"{rule.endpoint} with a link for {purpose.value}")


def test_no_door_takes_what_is_no_link(app, browser_for):
    for rule in _rules(app):
        browser = browser_for(rule)
        for token in GARBAGE:
            _is_refused(browser, rule, token, why=f"{rule.endpoint} with {token[:20]}")


def test_no_door_takes_a_link_that_is_late_or_was_called_back(app, browser_for):
    for rule in _rules(app):
        purpose = DOORS.get(rule.endpoint)
        if purpose is None:
            continue
        late, owner = _link(purpose)
        voided, person = _link(purpose)
        link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.digest == links._digest(late)))
        link.expires_at = clock.now() - timedelta(seconds=1)
        db.session.commit()
        with transaction():
            links.void(purpose, person)
        _is_refused(browser_for(rule, owner), rule, late, why=f"{rule.endpoint}, late")
        _is_refused(browser_for(rule, person), rule, voided, why=f"{rule.endpoint}, called back")


def _is_refused(browser, rule, token: str, *, why: str) -> None:
    before = _dump()
    for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
        response = browser.open(
            _address(rule, token), method=method, data=TYPED if method == "POST" else None
        )
        if rule.endpoint not in TAKE_SPENT:
            assert response.status_code == 404, f"{why}: {method}: {response.status_code}"
        assert response.status_code < 500, f"{why}: {method}: {response.status_code}"
        assert "Set-Cookie" not in response.headers or "_user_id" not in response.headers["Set-Cookie"]
    assert _dump() == before, f"{why} changed something"


def test_looking_spends_no_link_and_it_works_once(app, browser_for):
    for rule in _rules(app):
        purpose = DOORS.get(rule.endpoint)
        if purpose is None:
            continue
        token, person = _link(purpose)
        browser = browser_for(rule, person)
        if "GET" in rule.methods:
            for _ in range(2):
                assert browser.get(_address(rule, token)).status_code == 200, rule.endpoint
                assert browser.head(_address(rule, token)).status_code == 200, rule.endpoint
        first = browser.post(_address(rule, token), data=TYPED)
        assert first.status_code in (200, 303), f"{rule.endpoint}: {first.status_code}"
        assert _used(token), rule.endpoint
        db.session.expire_all()
        anew = browser_for(rule, person)
        before = _dump()
        again = anew.post(_address(rule, token), data=TYPED)
        assert again.status_code == 404, f"{rule.endpoint}: {again.status_code}"
        assert _dump() == before, rule.endpoint
        _only_administrator_goes()


def _used(token: str) -> bool:
    db.session.expire_all()
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.digest == links._digest(token)))
    return link.used_at is not None


def _only_administrator_goes() -> None:
    """Let the next first administrator come, too."""
    db.session.rollback()
    with db.engine.begin() as connection:
        role = db.metadata.tables["role"]
        connection.execute(role.delete().where(role.c.part == "administrator"))


def test_somebody_elses_link_changes_nothing_of_who_is_signed_in(app, sign_in):
    for rule in _rules(app):
        purpose = {**DOORS, **TAKE_SPENT}[rule.endpoint]
        me = factories.a_person()
        browser = sign_in(me)
        token, _ = _link(purpose)
        mine = _row(me)
        assert browser.post(_address(rule, token), data=TYPED).status_code < 500
        assert _row(me) == mine, rule.endpoint
        _only_administrator_goes()


def _row(person: Person) -> tuple:
    db.session.rollback()
    with db.engine.connect() as connection:
        table = db.metadata.tables["person"]
        return tuple(connection.execute(select(table).where(table.c.id == person.id)).one())


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request, tmp_path) -> Iterator[object]:
    """An application on a database that many threads use at once."""
    address, server = f"sqlite:///{tmp_path}/shared.sqlite3", None
    if (
        request.param == "postgresql"
    ):  # a database of its own: this worker's may be the one that all tests run on
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"{server.url.database}_threads"
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        address = server.url.set(database=name).render_as_string(hide_password=False)
    environ = {"CONSULT_SECRET_KEY": "k" * 40, "CONSULT_DATABASE_URL": address, "CONSULT_LOG_LEVEL": "ERROR"}
    off = {"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False}
    site = create_app(config.load(tmp_path, environ, testing=True, extra=off))
    with site.app_context():
        db.create_all()
        yield site
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def _at_once(count: int, act) -> list[object]:
    """Let so many threads do the same at the same moment, and return what came of it."""
    together, answers = threading.Barrier(count), []

    def run() -> None:
        together.wait()
        answers.append(act())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("purpose", Purpose)
def test_of_many_uses_of_a_link_at_once_one_succeeds(shared, purpose):
    person = None if purpose is Purpose.FIRST_ADMINISTRATOR else factories.a_person()
    with transaction():
        token = links.make(purpose, person)

    def use() -> bool:
        with shared.app_context():
            try:
                with transaction():
                    links.use(token, purpose)
                return True
            except NotFound:
                return False

    assert sorted(_at_once(6, use)) == [False] * 5 + [True]


def test_of_two_confirmations_at_once_one_succeeds(shared):
    factories.a_site()
    for _ in range(5):
        person = factories.a_person(is_confirmed=False)
        with transaction():
            token = links.make(Purpose.CONFIRM_EMAIL, person)
        answers = _at_once(2, lambda token=token: shared.test_client().post(f"/confirm/{token}").status_code)
        assert sorted(answers) == [303, 404]
        db.session.rollback()
        acts = db.metadata.tables["audit_entry"]
        about = db.session.execute(
            select(acts.c.act).where(acts.c.subject == f"person:{person.id}")
        ).scalars()
        assert list(about).count("account.confirm") == 1


def test_of_two_new_passwords_at_once_one_is_chosen(shared):
    factories.a_site()
    person = factories.a_person()
    with transaction():
        token = links.make(Purpose.RESET_PASSWORD, person)
    form = {"password": "three random words"}
    answers = _at_once(
        2, lambda: shared.test_client().post(f"/choose-password/{token}", data=form).status_code
    )
    assert sorted(answers) == [303, 404]
    db.session.expire_all()
    assert db.session.get(Person, person.id).session_version == 2
