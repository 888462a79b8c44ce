"""Somebody without an account follows a draft, gets a digest from a real mail server, and leaves by one click."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from consult import clock, config, create_app
from consult.documents.models import Document
from consult.extensions import db
from consult.notices import dispatch
from tests import factories
from tests.beside import beside
from tests.discussion import ground
from tests.journeys.conftest import DESK, TELEPHONE, _browsers, insist_on_access, served
from tests.journeys.test_first_day import Post
from tests.ports import a_free_port

ANN = "ann@letterbox.example"


class Site:
    """A real site with one draft, served, that sends its mails to a server of the test."""

    def __init__(self, app: Flask, address: str, post: Post) -> None:
        self.app, self.address, self.post = app, address, post
        self.days = 0

    def says(self, words: str) -> str:
        """Have somebody comment on the first paragraph; return the address of the draft."""
        with beside(self.app):
            draft = db.session.query(Document).one()
            ground.say(ground.paragraph(draft), words)
            return f"/consultations/{draft.consultation.slug}/{draft.slug}"

    def next_morning(self) -> int:
        """Do what a worker does the next morning, and return how many mails left."""
        self.days += 1
        at = (clock.now() + timedelta(days=self.days)).replace(hour=9)
        with beside(self.app):
            clock.replace(lambda: at)
            try:
                dispatch.tell_followers()
                return dispatch.deliver_due()
            finally:
                clock.replace(None)
                db.session.remove()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    post, mail_port, port = Post(), a_free_port(), a_free_port()
    mail_server = Controller(post, hostname="127.0.0.1", port=mail_port)
    mail_server.start()
    address = f"http://localhost:{port}"
    environ = {
        "PORT": str(port),
        "CONSULT_BASE_URL": address,
        "CONSULT_MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "CONSULT_MAIL_FROM": "consult@roads.example",
        "CONSULT_LOG_LEVEL": "ERROR",
    }
    settings = config.load(tmp_path, environ)
    app = create_app(settings)
    with app.app_context():
        db.create_all()
        factories.a_site(name="Roads Authority")
        ground.a_draft()
        db.session.remove()
        db.engine.dispose()
    try:
        with served(settings, port):
            yield Site(app, address, post)
    finally:
        mail_server.stop()


@pytest.fixture
def browser(chrome: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    yield from _browsers(chrome, site.address)


def _press(page: Page, name: str) -> None:
    """Look at a page as the desk and as a telephone show it, and press what is there."""
    for width in (DESK, TELEPHONE):
        page.set_viewport_size({"width": width, "height": 900})
        insist_on_access(page)
    with page.expect_navigation():
        page.get_by_role("button", name=name).or_(
            page.get_by_role("link", name=name, exact=True)
        ).first.click()


def test_a_follower_without_an_account_gets_a_digest_and_leaves_by_one_click(
    site: Site, browser: Callable[..., Page]
) -> None:
    page = browser()
    page.goto(site.says("What nobody followed yet."))
    _press(page, "Follow")
    page.get_by_role("textbox", name="Email").fill("ann at letterbox")
    _press(page, "Send me a link to confirm")
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.get_by_role("textbox", name="Email")).to_have_value("ann at letterbox")
    page.get_by_role("textbox", name="Email").fill(ANN)
    _press(page, "Send me a link to confirm")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    insist_on_access(page)
    page.goto(site.post.link(ANN, "confirm"))
    _press(page, "Yes, follow it")
    expect(page.get_by_role("heading", level=1)).to_have_text("You follow it now")
    insist_on_access(page)
    site.says("Plant oaks, please.")
    assert site.next_morning() == 1
    address, words = site.post.letters[-1]
    assert address == ANN
    assert "> Plant oaks, please." in words
    assert "What nobody followed yet." not in words
    page.goto(site.post.link(ANN, "choose"))
    _press(page, "Save how often")
    page.goto(site.post.link(ANN, "leave"))
    _press(page, "Stop following")
    expect(page.get_by_role("heading", level=1)).to_have_text("You no longer follow it")
    expect(page.get_by_role("button", name="Follow again")).to_be_visible()
    insist_on_access(page)
    site.says("Said to nobody.")
    assert site.next_morning() == 0
