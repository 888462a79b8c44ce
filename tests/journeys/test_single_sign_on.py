"""An official who signs in with the account of their department, and lands on the desk."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from consult import config, create_app
from consult.extensions import db
from tests import factories
from tests.accounts.providers import CLIENT, SECRET, RealProvider, a_real_provider
from tests.journeys.conftest import DESK, TELEPHONE, served, what_axe_finds
from tests.ports import a_free_port

ANN = {
    "name": "Ann Ode",
    "email": "ann@roads.example",
    "email_verified": True,
    "groups": ["/policy/footways"],
}


@pytest.fixture(scope="module")
def gate() -> Iterator[RealProvider]:
    with a_real_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def site(gate: RealProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real site behind the provider."""
    port = a_free_port()
    address = f"http://127.0.0.1:{port}"
    settings = config.load(
        tmp_path_factory.mktemp("gate"),
        {
            "PORT": str(port),
            "CONSULT_LOG_LEVEL": "ERROR",
            "CONSULT_OIDC_ISSUER": gate.issuer,
            "CONSULT_OIDC_CLIENT_ID": CLIENT,
            "CONSULT_OIDC_CLIENT_SECRET": SECRET,
            "CONSULT_OIDC_NAME": "Roads Gate",
            "CONSULT_OIDC_ROLES": "/policy/footways=official:footways",
        },
    )
    _fill(create_app(settings))
    with served(settings, port):
        yield address


def _fill(app: Flask) -> None:
    with app.app_context():
        db.create_all()
        factories.a_site(name="Roads Authority")
        factories.a_unit(
            factories.an_organisation(slug="roads", name="Roads Authority"),
            slug="footways",
            name="Footways Unit",
        )
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(chrome: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser on the site, wide or narrow; the provider's pages fetch nothing from elsewhere."""
    opened = []

    def open_page(width: int, *, script: bool = True) -> Page:
        viewport = {"width": width, "height": 900}
        opened.append(chrome.new_context(base_url=site, viewport=viewport, java_script_enabled=script))
        page = opened[-1].new_page()
        page.set_default_timeout(10_000)
        page.route("https://**", lambda route: route.abort())
        return page

    yield open_page
    for context in opened:
        context.close()


def _accessible(page: Page) -> None:
    page.wait_for_load_state()  # a click goes on before the page has its style
    found = what_axe_finds(page)
    assert not found, [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [DESK, TELEPHONE])
def test_an_official_signs_in_with_the_provider_and_sees_the_desk(browser, gate, site, width, script):
    gate.knows("ann", **ANN, amr=["pwd", "otp"])
    page = browser(width, script=script)
    page.goto("/desk")
    if script:
        _accessible(page)
    page.get_by_role("button", name="Sign in with Roads Gate").press("Enter")
    page.get_by_placeholder("sub").fill("ann")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{site}/desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is waiting")
    page.goto("/account")
    expect(page.get_by_text("You sign in with Roads Gate, since")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_somebody_whose_address_was_not_checked_is_told_what_to_do(browser, gate):
    gate.knows("bob", name="Bob", email="bob@roads.example", email_verified=False)
    for width in (DESK, TELEPHONE):
        page = browser(width)
        page.goto("/sign-in")
        page.get_by_role("button", name="Sign in with Roads Gate").click()
        page.get_by_placeholder("sub").fill("bob")
        page.get_by_role("button", name="Authorize").click()
        expect(page.get_by_role("alert")).to_contain_text("that your email address was checked")
        _accessible(page)
        page.get_by_role("link", name="Other ways to sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_page_that_leads_there_can_be_read(browser, gate):
    """Where a browser does not go on by itself, or the provider is slow."""
    page = browser(TELEPHONE)
    page.route(f"{gate.issuer}/**", lambda route: route.fulfill(status=204))  # stay where you are
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with Roads Gate").click()
    expect(page.get_by_text("You are being taken there")).to_be_visible()
    expect(page.get_by_role("link", name="Go on")).to_have_attribute("href", re.compile(gate.issuer))
    _accessible(page)
