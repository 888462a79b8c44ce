"""A demonstration and a real site, served by the production server, and real browsers that walk through them."""

import itertools
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select, update

from consult import config, create_app
from consult.accounts import passwords
from consult.accounts.models import Person, Role, Unit
from consult.cli.demonstration import filling
from consult.documents.models import Document, Paragraph
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from consult.web import server
from tests import factories
from tests.beside import beside
from tests.discussion import ground
from tests.ports import a_free_port, wait_until_somebody_listens

DESK, TELEPHONE = 1366, 390
PASSWORD = "three random words"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = Axe()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
Account = dict[str, str]
_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            for mark in (pytest.mark.browser, pytest.mark.slow, pytest.mark.once):
                item.add_marker(mark)


@dataclass(frozen=True)
class Demonstration:
    """A demonstration that answers at `address`, and its accounts.

    Those that every demonstration has; for tests also a colleague of the official. `app` reaches
    the same database, for what a test needs to find there.
    """

    address: str
    accounts: dict[str, Account]
    app: Flask


def _serve(settings: config.Settings, port: int) -> None:
    os.setpgrp()
    server.serve(settings, host="127.0.0.1", port=port, workers=1)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    port = a_free_port()
    instance = tmp_path_factory.mktemp("demonstration")
    settings = config.load(instance, {"PORT": str(port), "CONSULT_LOG_LEVEL": "ERROR"})
    app = create_app(settings)
    with app.app_context():
        db.create_all()
        filling.fill(settings)
        accounts = json.loads((Path(instance) / "demo-accounts.json").read_text("utf-8"))
        more = {"colleague": _a_colleague(accounts["official"]["email"])}
        db.session.remove()
        db.engine.dispose()
    with served(settings, port):
        yield Demonstration(f"http://127.0.0.1:{port}", {**accounts, **more}, app)


@contextmanager
def served(settings: config.Settings, port: int) -> Iterator[None]:
    """Serve a site by the production server for as long as this lasts."""
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(settings, port))
    process.start()
    try:
        wait_until_somebody_listens(port)
        yield
    finally:
        os.kill(int(process.pid or 0), signal.SIGTERM)
        process.join(10)


@dataclass(frozen=True)
class RealSite:
    """A site that is no demonstration: it answers at `address`, and what is asked of real sites is asked here.

    `accounts` are `admin` (of the site), `official`, `moderator` and `citizen`; none has a second step yet. `app`
    reaches the same database.
    """

    address: str
    accounts: dict[str, Account]
    app: Flask

    def mails(self, to: str) -> list[OutboxMail]:
        """Return the mails to one address, oldest first, whether or not they have left."""
        with beside(self.app):
            wanted = select(OutboxMail).where(OutboxMail.to_address == to).order_by(OutboxMail.id)
            found = list(db.session.scalars(wanted))
            db.session.expunge_all()
            return found

    def newcomer(self) -> Account:
        """Return somebody with an account and no part, whose name nobody else bears."""
        name = f"Newcomer {next(_numbers)}"
        email = f"{name.lower().replace(' ', '-')}@letterbox.example"
        with beside(self.app):
            return _with_password(factories.a_person(name=name, email=email))

    def an_official(self) -> Account:
        """Return another official of the official's unit, without a second step."""
        n = next(_numbers)
        with beside(self.app):
            unit = db.session.scalars(select(Unit).where(Unit.slug == "footways")).one()
            return _with_password(
                factories.an_official(unit, name=f"Officer {n}", email=f"officer-{n}@roads.example")
            )

    def let_in(self, page: Page, email: str, *, with_second_step: bool = True) -> None:
        """Have somebody signed in in a browser, as if they had gone through the door."""
        with beside(self.app):
            person = db.session.scalars(select(Person).where(Person.email == email)).one()
            kept = {
                "_user_id": factories.a_session(person, with_second_step=with_second_step),
                "_fresh": True,
            }
            sealer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        page.context.add_cookies([{"name": "consult", "value": sealer.dumps(kept), "url": self.address}])


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSite]:
    """A real site with a body, a unit and four people. Its name is `localhost`, for passkeys ask for a name."""
    port = a_free_port()
    address = f"http://localhost:{port}"
    settings = config.load(
        tmp_path_factory.mktemp("real"),
        {"PORT": str(port), "CONSULT_BASE_URL": address, "CONSULT_LOG_LEVEL": "ERROR"},
    )
    app = create_app(settings)
    with app.app_context():
        db.create_all()
        factories.a_site(name="Roads Authority")
        unit = factories.a_unit(
            factories.an_organisation(slug="roads", name="Roads Authority"),
            slug="footways",
            name="Footways Unit",
        )
        people = {
            "admin": factories.an_administrator(name="Ada Setter", email="ada@roads.example"),
            "official": factories.an_official(unit, name="Olu Fisher", email="olu@roads.example"),
            "moderator": factories.a_moderator(
                unit.organisation, name="Mo Derrick", email="mo@roads.example"
            ),
            "citizen": factories.a_person(name="Cit Izen", email="cit@letterbox.example"),
        }
        accounts = {part: _with_password(person) for part, person in people.items()}
        db.session.remove()
        db.engine.dispose()
    with served(settings, port):
        yield RealSite(address, accounts, app)


def _with_password(person: Person) -> Account:
    password_hash = passwords.hash_of(PASSWORD)
    with (
        transaction()
    ):  # the server writes too: who reads first and writes then would be told that it is locked
        db.session.execute(update(Person).where(Person.id == person.id).values(password_hash=password_hash))
    return {"name": person.name, "email": person.email, "password": PASSWORD}


def _a_colleague(email: str) -> Account:
    """Return another official of the unit that somebody answers for."""
    unit = select(Role.unit_id).join(Role.person).where(Person.email == email).scalar_subquery()
    return _let_in(select(Role).join(Role.person).where(Role.unit_id == unit, Person.email != email))


def _let_in(wanted: object) -> Account:
    """Give a password to the first person who holds the role that is asked for."""
    person = db.session.scalars(wanted).first().person  # type: ignore[call-overload]
    person.password_hash = passwords.hash_of(PASSWORD)
    db.session.commit()
    return {"name": person.name, "email": person.email, "password": PASSWORD}


@pytest.fixture(scope="session")
def chrome(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def browser_at(chrome: Browser, demonstration: Demonstration) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser, wide or narrow, with or without JavaScript; its pages must log no error."""
    yield from _browsers(chrome, demonstration.address)


@pytest.fixture
def browser_on_real_site(chrome: Browser, real_site: RealSite) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser as `browser_at` does, on the real site."""
    yield from _browsers(chrome, real_site.address)


complaints_of: dict[Page, list[str]] = {}  # what the pages of a test have logged
unscripted: set[Page] = set()


def what_axe_finds(page: Page, rules: dict[str, Any] = RULES) -> list[dict[str, Any]]:
    """Return what the page does against the rules. Axe is put into a page once: it is half a megabyte to read."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    return list(page.evaluate(f"axe.run({json.dumps(rules)}).then(found => found.violations)"))


def insist_on_access(page: Page) -> None:
    """Insist that the page is accessible, and no wider than its screen. Not for a page without scripts: axe is one."""
    assert page not in unscripted, "axe would wait for ever"
    page.wait_for_load_state()  # a click goes on before the page has its style
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    logged = list(complaints_of[page])
    found = what_axe_finds(page)
    page.wait_for_timeout(100)  # for the last of them to arrive
    complaints_of[page][:] = logged  # axe styles what it looks at, which our policy refuses and logs
    assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]


def _browsers(chrome: Browser, address: str) -> Iterator[Callable[..., Page]]:
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(width: int = DESK, *, script: bool = True, height: int = 900) -> Page:
        context = chrome.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            locale="en-GB",
            reduced_motion="reduce",
        )
        opened.append(context)
        page = context.new_page()
        complaints_of[page] = errors
        if not script:
            unscripted.add(page)
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None,
        )
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not errors, errors


@pytest.fixture
def sign_in_at(demonstration: Demonstration) -> Callable[[Page, str | Account], None]:
    """Sign a browser in: as admin, official, moderator, citizen, editor or colleague, or with an account."""

    def sign_in(page: Page, part: str | Account) -> None:
        account = demonstration.accounts[part] if isinstance(part, str) else part
        page.goto("/sign-in")
        page.get_by_label("Email").fill(account["email"])
        page.get_by_label("Password", exact=True).fill(account["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)

    return sign_in


@pytest.fixture(scope="session")
def busy(demonstration: Demonstration) -> str:
    """Return the number of the paragraph of the large draft that people talk about most."""
    with beside(demonstration.app):
        wanted = (
            select(Paragraph.number)
            .join(Document)
            .where(
                Document.consultation.has(slug="clear-footways"),
                Paragraph.kind == "p",
                Paragraph.removed_in.is_(None),
            )
            .order_by(Paragraph.comment_count.desc())
        )
        return str(db.session.scalars(wanted.limit(1)).one())


@pytest.fixture
def newcomer(demonstration: Demonstration) -> Callable[[], Account]:
    """Return somebody who has an account since a moment ago, and a name that nobody else bears."""

    def arrive() -> Account:
        name = f"Newcomer {next(_numbers)}"
        email = f"{name.lower().replace(' ', '-')}@letterbox.example"
        with beside(demonstration.app):
            factories.a_person(name=name, email=email, password_hash=passwords.hash_of(PASSWORD))
        return {"name": name, "email": email, "password": PASSWORD}

    return arrive


@pytest.fixture
def said(demonstration: Demonstration, newcomer: Callable[[], Account]) -> Callable[..., Account]:
    """Have a newcomer say something on a paragraph; return who they are, with the `key` of what they said."""

    def say(slug: str, number: str, body: str, *, ask: bool = False) -> Account:
        who = newcomer()
        with beside(demonstration.app):
            person = db.session.scalars(select(Person).where(Person.email == who["email"])).one()
            document = db.session.scalars(
                select(Document).where(Document.consultation.has(slug=slug))
            ).first()
            assert document, slug
            comment = ground.say(ground.paragraph(document, number), body, by=person, ask=ask)
            return {**who, "key": comment.key}

    return say


@pytest.fixture
def open_draft(demonstration: Demonstration) -> Callable[[str], str]:
    """Open a consultation of the official's unit on a text, comments published at once; return its address."""

    def begin(text: str) -> str:
        email = demonstration.accounts["official"]["email"]
        with beside(demonstration.app):
            role = db.session.scalars(select(Role).join(Role.person).where(Person.email == email)).one()
            n = next(_numbers)
            document = ground.a_draft(
                text,
                unit=db.session.get(Unit, role.unit_id),
                slug=f"handrails-{n}",
                title=f"Handrails at steps, round {n}",
            )
            return f"/consultations/{document.consultation.slug}/{document.slug}"

    return begin
