"""The first day of a real site: an administrator works down the checklist, from the console to the opening."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Literal

import pyotp
import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from consult import clock, config, create_app
from consult.accounts.models import Unit
from consult.consultations.models import Stage
from consult.extensions import db
from tests import factories
from tests.beside import beside
from tests.discussion import ground
from tests.journeys.conftest import (
    DESK,
    PASSWORD,
    TELEPHONE,
    _browsers,
    insist_on_access,
    served,
)
from tests.ports import a_free_port

PATIENCE = 30  # seconds until a mail has come


class Post:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.original_content, policy=default)  # type: ignore[attr-defined]
        self.letters.append((str(mail["To"]), mail.get_body(("plain",)).get_content()))
        return "250 taken"

    def link(self, to: str, about: str) -> str:
        """Wait for the newest mail to an address that has a link of a kind, and return the link."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for address, words in reversed(self.letters):
                found = re.search(rf"^http\S*/{about}/\S+", words, re.M)
                if to in address and found:
                    return found[0]
            time.sleep(0.2)
        raise AssertionError(f"no mail with /{about}/ came to {to}")


class Begun:
    """A site as `consult start` leaves it, served; the command that runs on it; its post."""

    def __init__(self, folder: Path, post: Post, mail_port: int) -> None:
        port = a_free_port()
        self.address, self.post = f"http://localhost:{port}", post
        self.environ = {
            "CONSULT_INSTANCE": str(folder),
            "CONSULT_BASE_URL": self.address,
            "CONSULT_MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "CONSULT_MAIL_FROM": "consult@roads.example",
            "CONSULT_LOG_LEVEL": "ERROR",
            "PORT": str(port),
        }
        self.command("db", "upgrade")
        self.start = self.command("start").splitlines()[-1]
        self.settings = config.load(folder, self.environ)
        self.app = create_app(self.settings)

    def command(self, *words: str) -> str:
        """Type a command in a process of its own: this one is about to fork, and SQLite must not be open in it then."""
        return subprocess.run(
            [sys.executable, "-m", "consult.cli.main", *words],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **self.environ},
            check=True,
        ).stdout


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Begun]:
    post, port = Post(), a_free_port()
    server = Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    try:
        site = Begun(tmp_path / "site", post, port)
        with served(site.settings, site.settings.port):
            yield site
    finally:
        server.stop()


@pytest.fixture
def browser(chrome: Browser, begun: Begun) -> Iterator[Callable[..., Page]]:
    yield from _browsers(chrome, begun.address)


def _press(page: Page, role: Literal["button", "link"], name: str) -> None:
    """Press a button or a link, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).first.click()


def _second_step(page: Page) -> None:
    assert "/account/second-step" in page.url
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(pyotp.TOTP(secret).now())
    _press(page, "button", "Confirm")
    _press(page, "link", "go on")


def _look(page: Page) -> None:
    """Look at a page as the desk and as a telephone show it."""
    for width in (DESK, TELEPHONE):
        page.set_viewport_size({"width": width, "height": 900})
        insist_on_access(page)
        needed, given = page.evaluate(
            "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
        )
        assert needed <= given, page.url
    page.set_viewport_size({"width": DESK, "height": 900})


def _left(page: Page) -> list[str]:
    page.goto("/admin")
    return page.locator('section[aria-labelledby="left"] h3').all_inner_texts()


def _do(page: Page, step: str) -> None:
    page.goto("/admin")
    page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=step)).get_by_role(
        "link"
    ).click()
    _look(page)


def _by_keyboard(page: Page, *typed: str) -> None:
    """Fill in a form without a mouse: from the first field on, one after the other, and press the button."""
    page.locator("main input:not([type=hidden])").first.focus()
    for words in typed:
        page.keyboard.press("Control+A")
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _begin(page: Page, begun: Begun) -> None:
    page.goto(begun.start)
    _look(page)
    for label, words in [("Name of the service", "Roads Authority"), ("Your name", "Ada Setter")]:
        page.get_by_label(label).fill(words)
    page.get_by_label("Email").fill("ada@roads.example")
    page.get_by_label("Password").fill(PASSWORD)
    _press(page, "button", "Begin")
    page.goto("/admin")
    _second_step(page)
    page.wait_for_url("**/admin")


def _invite(page: Page, name: str, email: str, part: str, place: str) -> None:
    page.goto("/admin/people")
    _press(page, "link", "Invite somebody")
    page.get_by_label("Name, as it will be signed").fill(name)
    page.get_by_label("Work email").fill(email)
    page.get_by_label(part).check()
    page.get_by_label("Where").select_option(label=place)
    _press(page, "button", "Send the invitation")
    expect(page.get_by_text("The invitation is on its way")).to_be_visible()


def _accept(page: Page, link: str, *, script: bool = True) -> None:
    page.goto(link)
    expect(page.locator("main")).to_contain_text("Ada Setter invites you")
    if script:
        _look(page)
    page.get_by_label("Password").fill(PASSWORD)
    _press(page, "button", "Accept")
    _second_step(page)


def test_from_the_console_to_the_opening(begun: Begun, browser: Callable[..., Page]) -> None:
    page = browser()
    _begin(page, begun)
    assert len(_left(page)) == 8
    _look(page)

    _do(page, "Say whose site this is")
    _by_keyboard(page, "Roads Authority", "hello@roads.example", "020 7946 0123", "1 Example Street")
    _do(page, "Who answers for people’s data")
    page.get_by_label("Who is responsible for the data").fill("Roads Authority")
    page.get_by_label("Email of the data protection officer").fill("dpo@roads.example")
    _press(page, "button", "Save")
    _do(page, "Privacy notice")
    page.get_by_label("Privacy notice").fill("We act in the *public interest*.")
    _press(page, "button", "Save")
    _do(page, "Accessibility statement")
    page.get_by_label("Email for problems with accessibility").fill("access@roads.example")
    page.get_by_label("Day on which the statement was prepared").fill("23/11/2026")
    page.get_by_label("England, Scotland and Wales").check()
    _press(page, "button", "Save")

    _do(page, "An organisation and a unit")
    _press(page, "link", "Add an organisation")
    page.get_by_label("Name of the organisation").fill("Roads Authority")
    page.get_by_label("Its address on this site").fill("roads")
    page.get_by_label("Central government").check()
    _press(page, "button", "Add it")
    _press(page, "link", "Add a unit")
    page.get_by_label("Name of the unit").fill("Footways Unit")
    page.get_by_label("Its address on this site").fill("footways")
    page.get_by_label("Months after the outcome").select_option("6")
    _look(page)
    _press(page, "button", "Add it")
    _look(page)

    _invite(page, "Olu Fisher", "olu@roads.example", "Write drafts", "Footways Unit, Roads Authority")
    official = browser()
    _accept(official, begun.post.link("olu@roads.example", "invitation"))
    official.wait_for_url("**/desk")
    opening = _ready_to_open(begun)
    official.goto(opening)
    expect(official.locator("main")).to_contain_text("Of the site as a whole: Email that arrives")
    _press(official, "button", "Open it")
    expect(official.get_by_role("alert")).to_be_visible()  # nothing opens before the list is done

    _moderator_comes(page, browser, begun)
    _mail_arrives(page, browser, begun)
    assert _left(page) == ["Back-up, and a restore that was tried"]
    _copy_is_proved(page, begun)

    assert _left(page) == []
    expect(page.locator("main")).to_contain_text("Consultations can open")
    _look(page)
    official.goto(opening)
    _press(official, "button", "Open it")
    expect(official.get_by_text("It is open.")).to_be_visible()
    reader = browser(TELEPHONE)
    reader.goto("/")
    expect(reader.get_by_role("link", name="Steps at crossings").first).to_be_visible()


def _moderator_comes(page: Page, browser: Callable[..., Page], begun: Begun) -> None:
    """A moderator accepts on a telephone, without JavaScript, by the second mail: the first link was lost."""
    _invite(page, "Mo Derrick", "mo@roads.example", "Decide on comments", "Roads Authority")
    lost = begun.post.link("mo@roads.example", "invitation")
    page.goto("/admin/people?part=moderator")
    expect(page.locator("tbody")).to_contain_text("Invited, not yet")
    assert "mo@roads.example" not in page.content()
    _press(page, "link", "Mo Derrick")
    _look(page)
    _press(page, "button", "Send it again")
    assert "Moderators, from outside every unit that drafts" in _left(page)
    while (link := begun.post.link("mo@roads.example", "invitation")) == lost:
        time.sleep(0.2)
    moderator = browser(TELEPHONE, script=False)
    assert moderator.goto(lost).status == 404  # type: ignore[union-attr]
    _accept(moderator, link, script=False)
    moderator.wait_for_url("**/moderation")


def _mail_arrives(page: Page, browser: Callable[..., Page], begun: Begun) -> None:
    """The mail is read on a telephone where nobody is signed in."""
    _do(page, "Email that arrives")
    _press(page, "button", "Send a test mail")
    telephone = browser(TELEPHONE)
    telephone.goto(begun.post.link("ada@roads.example", "mail-received"))
    insist_on_access(telephone)
    _press(telephone, "button", "It has arrived")
    expect(telephone.get_by_role("heading", name="Email arrives")).to_be_visible()


def _copy_is_proved(page: Page, begun: Begun) -> None:
    """The two commands are typed as the page has them, save for where the file goes."""
    _do(page, "Back-up, and a restore that was tried")
    expect(page.locator(".tag-wait")).to_have_count(2)
    file = str(begun.settings.instance.parent / "copy.zip")
    for typed in page.locator("pre code").all_inner_texts():
        words = typed.removeprefix(".venv/bin/consult ").split()
        begun.command(*(file if word.endswith(".zip") else word for word in words))
    page.reload()
    expect(page.locator(".tag-wait")).to_have_count(0)


def _ready_to_open(begun: Begun) -> str:
    """Have the unit write a consultation that lacks nothing of its own; return the address of the page that opens it."""
    with beside(begun.app):
        unit = db.session.scalars(select(Unit)).one()
        draft = ground.a_draft(
            unit=unit,
            stage=Stage.PREPARING,
            slug="steps",
            title="Steps at crossings",
            closes_at=clock.now() + timedelta(days=30),
        )
        slug = draft.consultation.slug
        factories.db.session.remove()
        db.engine.dispose()
    return f"/consultations/{slug}/open"
