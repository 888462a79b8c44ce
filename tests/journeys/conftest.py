"""A demonstration site, served by the production server, and real browsers that walk through it."""

import itertools
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select

from consult import config, create_app
from consult.accounts import passwords
from consult.accounts.models import Part, Person, Role, Unit
from consult.cli.demonstration import filling
from consult.documents.models import Document, Paragraph
from consult.extensions import db
from consult.web import server
from tests import factories
from tests.discussion import ground

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
Account = dict[str, str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker walks all journeys, so that the demonstration is filled once."""
    for item in items:
        if "journeys" in item.path.parts:
            for mark in (
                pytest.mark.browser,
                pytest.mark.slow,
                pytest.mark.once,
                pytest.mark.xdist_group("journeys"),
            ):
                item.add_marker(mark)


@dataclass(frozen=True)
class Demonstration:
    """A demonstration that answers at `address`, and its accounts.

    The four that every demonstration has; for tests also an editor, and a colleague of the official. `app` reaches
    the same database, for what a test needs to find there.
    """

    address: str
    accounts: dict[str, Account]
    app: Flask


def _serve(settings: config.Settings, port: int) -> None:
    os.setpgrp()
    server.serve(settings, host="127.0.0.1", port=port, workers=1)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, free_port: int) -> Iterator[Demonstration]:
    instance = tmp_path_factory.mktemp("demonstration")
    settings = config.load(instance, {"PORT": str(free_port), "CONSULT_LOG_LEVEL": "ERROR"})
    app = create_app(settings)
    with app.app_context():
        db.create_all()
        filling.fill(settings)
        accounts = json.loads((Path(instance) / "demo-accounts.json").read_text("utf-8"))
        more = {"editor": _an_editor(), "colleague": _a_colleague(accounts["official"]["email"])}
        db.session.remove()
        db.engine.dispose()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(settings, free_port))
    process.start()
    yield Demonstration(f"http://127.0.0.1:{free_port}", {**accounts, **more}, app)
    os.kill(int(process.pid or 0), signal.SIGTERM)
    process.join(10)


def _an_editor() -> Account:
    return _let_in(select(Role).where(Role.part == Part.EDITOR))


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
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(width: int = DESK, *, script: bool = True, height: int = 900) -> Page:
        context = chrome.new_context(
            base_url=demonstration.address,
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            locale="en-GB",
            reduced_motion="reduce",
        )
        opened.append(context)
        page = context.new_page()
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


_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def busy(demonstration: Demonstration) -> str:
    """Return the number of the paragraph of the large draft that people talk about most."""
    with demonstration.app.app_context():
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
        with demonstration.app.app_context():
            factories.a_person(name=name, email=email, password_hash=passwords.hash_of(PASSWORD))
        return {"name": name, "email": email, "password": PASSWORD}

    return arrive


@pytest.fixture
def said(demonstration: Demonstration, newcomer: Callable[[], Account]) -> Callable[..., Account]:
    """Have a newcomer say something on a paragraph; return who they are, with the `key` of what they said."""

    def say(slug: str, number: str, body: str, *, ask: bool = False) -> Account:
        who = newcomer()
        with demonstration.app.app_context():
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
        with demonstration.app.app_context():
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
