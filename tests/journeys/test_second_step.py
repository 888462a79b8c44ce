"""An official of a real site: the second step, at the desk and on a telephone, with and without JavaScript."""

import time
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, TELEPHONE, Account, RealSite, insist_on_access

REFUSED = "/sign-in?next=/desk"


def _give_password(page: Page, account: Account) -> None:
    page.goto("/sign-in?next=/desk")
    page.get_by_label("Email").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in?" not in address and not address.endswith("/sign-in"))


def _code(secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


def _set_up(page: Page, *, script: bool = True) -> tuple[str, list[str]]:
    """Set an app up where the page leads, and return its secret and the recovery codes."""
    assert "/account/second-step" in page.url
    expect(page.get_by_text("that needs a second step")).to_be_visible()
    box = page.get_by_role("img", name="QR code").locator("svg").bounding_box()
    assert box["width"] > 150
    if script:
        insist_on_access(page)
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(_code(secret))
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    if script:
        insist_on_access(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save them as a file").click()
    assert download.value.path().read_text().split() == codes
    page.get_by_role("link", name="go on").click()
    page.wait_for_url("**/desk")
    return secret, codes


def _sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(lambda address: address.endswith("/"))


@pytest.mark.parametrize(("width", "script"), [(DESK, True), (TELEPHONE, True), (TELEPHONE, False)])
def test_an_official_is_led_to_the_second_step_and_signs_in_with_it(
    real_site: RealSite, browser_on_real_site: Callable[..., Page], width: int, script: bool
) -> None:
    official, page = real_site.an_official(), browser_on_real_site(width, script=script)
    _give_password(page, official)
    secret, codes = _set_up(page, script=script)
    expect(page.locator("h1")).to_have_count(1)
    assert "second step is set up" in real_site.mails(official["email"])[-1].subject

    cookies = page.context.cookies()
    _sign_out(page)
    thief = browser_on_real_site(width, script=script)
    thief.context.add_cookies(cookies)
    thief.goto("/desk")
    assert thief.url.endswith(REFUSED)

    _give_password(page, official)
    assert page.url.endswith("/sign-in/second-step")
    if script:
        insist_on_access(page)
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    if script:
        insist_on_access(page)
    page.get_by_label("Code", exact=True).fill(_code(secret, steps=1))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk")
    _sign_out(page)

    _give_password(page, official)
    page.get_by_label("Code", exact=True).fill(codes[0].upper())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk")
    assert "recovery code was used" in real_site.mails(official["email"])[-1].subject
    _sign_out(page)
    _give_password(page, official)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
def test_a_passkey_is_made_and_signs_in(
    real_site: RealSite, browser_on_real_site: Callable[..., Page], width: int
) -> None:
    official, page = real_site.an_official(), browser_on_real_site(width)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    _give_password(page, official)
    page.get_by_role("link", name="Add a passkey").click()
    insist_on_access(page)
    page.get_by_label("Name for this passkey").fill("This computer")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Keep these recovery codes").wait_for()
    page.get_by_role("link", name="go on").click()
    page.wait_for_url("**/desk")
    page.goto("/account/passkeys")
    expect(page.get_by_text("This computer", exact=True)).to_be_visible()
    insist_on_access(page)
    _sign_out(page)

    _give_password(page, official)
    assert page.url.endswith("/sign-in/second-step")
    insist_on_access(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk")
    page.goto("/account")
    insist_on_access(page)
    _sign_out(page)

    _give_password(page, official)
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made})
    other = {**options, "hasResidentKey": False}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": other})
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("No passkey answered").wait_for()


def test_without_javascript_a_passkey_is_no_dead_control(
    real_site: RealSite, browser_on_real_site: Callable[..., Page]
) -> None:
    page = browser_on_real_site(script=False)
    real_site.let_in(page, real_site.newcomer()["email"])
    page.goto("/account/passkeys")
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    assert page.locator("form[data-passkey] button").is_hidden()


def test_where_one_is_signed_in_is_seen_and_ended(
    real_site: RealSite, browser_on_real_site: Callable[..., Page]
) -> None:
    somebody = real_site.newcomer()
    page, other = browser_on_real_site(TELEPHONE), browser_on_real_site()
    for each in (page, other):
        real_site.let_in(each, somebody["email"])
    page.goto("/account/sessions")
    insist_on_access(page)
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    other.goto("/account")
    assert "/sign-in" in other.url


def test_an_address_is_changed_by_the_mail_to_the_new_one(
    real_site: RealSite, browser_on_real_site: Callable[..., Page]
) -> None:
    somebody = real_site.newcomer()
    page, new = browser_on_real_site(TELEPHONE), f"new-{somebody['email']}"
    real_site.let_in(page, somebody["email"])
    page.goto("/account/email")
    insist_on_access(page)
    page.get_by_label("New email").fill(new)
    page.get_by_label("Password").fill(somebody["password"])
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Open the link in your mail")).to_be_visible()
    (mail,) = real_site.mails(new)
    page.goto(next(line for line in mail.body.splitlines() if "/account/email/" in line))
    insist_on_access(page)
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_text("Your email address is changed.")).to_be_visible()
    assert "was changed" in real_site.mails(somebody["email"])[-1].subject
