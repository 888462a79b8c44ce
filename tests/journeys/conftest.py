"""A demonstration site, served by the production server, and real browsers that walk through it."""

import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from consult import config, create_app
from consult.cli.demonstration import filling
from consult.extensions import db
from consult.web import server

DESK, TELEPHONE = 1366, 390
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


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
    """A demonstration that answers at `address`, and its four accounts."""

    address: str
    accounts: dict[str, dict[str, str]]


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
        db.session.remove()
        db.engine.dispose()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(settings, free_port))
    process.start()
    accounts = json.loads((Path(instance) / "demo-accounts.json").read_text("utf-8"))
    yield Demonstration(f"http://127.0.0.1:{free_port}", accounts)
    os.kill(int(process.pid or 0), signal.SIGTERM)
    process.join(10)


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
        )
        opened.append(context)
        page = context.new_page()
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
def sign_in_at(demonstration: Demonstration) -> Callable[[Page, str], None]:
    """Sign a browser in with one of the four accounts: admin, official, moderator, citizen."""

    def sign_in(page: Page, part: str) -> None:
        account = demonstration.accounts[part]
        page.goto("/sign-in")
        page.get_by_label("Email").fill(account["email"])
        page.get_by_label("Password", exact=True).fill(account["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)

    return sign_in
