"""Somebody looks at all that is held about them, takes it away, and goes; somebody else takes in what a guest wrote."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from consult.accounts.models import Person, Unit
from consult.documents.models import Document
from consult.extensions import db
from tests import factories
from tests.beside import beside
from tests.discussion import ground
from tests.journeys.conftest import DESK, TELEPHONE, Account, RealSite, insist_on_access

WORDS = "Leave the plane tree where it is."
both_ways = pytest.mark.parametrize(
    ("width", "script"),
    [(DESK, True), (TELEPHONE, True), (TELEPHONE, False)],
    ids=["desk", "telephone", "telephone-no-scripts"],
)


SLUG = "plane-trees"


def _draft() -> Document:
    """The draft that people here speak about; made by the first who asks."""
    found = db.session.scalars(select(Document).where(Document.consultation.has(slug=SLUG))).first()
    unit = db.session.scalars(select(Unit).where(Unit.slug == "footways")).one()
    return found or ground.a_draft(unit=unit, slug=SLUG, title="Plane trees")


@pytest.fixture
def somebody(real_site: RealSite) -> Account:
    """A newcomer who has said something."""
    who = real_site.newcomer()
    with beside(real_site.app):
        person = db.session.scalars(select(Person).where(Person.email == who["email"])).one()
        return {**who, "key": ground.say(ground.paragraph(_draft()), WORDS, by=person).key}


def _sign_in(page: Page, account: Account) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


def _look_at(page: Page, *, script: bool) -> None:
    """Insist that a page is accessible; what looks at it is a script itself."""
    if script:
        insist_on_access(page)


def _take_away(page: Page, *, script: bool) -> dict[str, list[dict[str, object]]]:
    """From the account to the file with everything."""
    page.goto("/account")
    page.get_by_role("link", name="See your data").click()
    expect(page.locator("h1")).to_have_text("Your data")
    expect(page.locator("main")).to_contain_text(WORDS)
    _look_at(page, script=script)
    with page.expect_download() as found:
        page.get_by_role("link", name="Download everything").click()
    assert re.fullmatch(r"my-data-\d{4}-\d\d-\d\d\.json", found.value.suggested_filename)
    content: dict[str, list[dict[str, object]]] = json.loads(Path(found.value.path()).read_text("utf-8"))
    return content


def _close(page: Page, choice: str, *, script: bool) -> None:
    """From the account through the page that says what will happen; the first press is a slip."""
    page.goto("/account")
    page.get_by_role("link", name="Close the account").click()
    expect(page.locator("h1")).to_have_text("Close your account")
    _look_at(page, script=script)
    page.get_by_role("button", name="Close the account").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what shall become of your comments")
    _look_at(page, script=script)
    page.get_by_label(choice).check()
    page.get_by_label("I know that this cannot be undone").check()
    page.get_by_role("button", name="Close the account").click()
    expect(page.locator("h1")).to_have_text("It is done")
    _look_at(page, script=script)


@both_ways
def test_somebody_takes_their_data_and_goes_and_their_words_stay_without_the_name(
    browser_on_real_site: Callable[..., Page],
    real_site: RealSite,
    somebody: Account,
    width: int,
    script: bool,
) -> None:
    page = browser_on_real_site(width, script=script)
    _sign_in(page, somebody)
    content = _take_away(page, script=script)
    assert [comment["words"] for comment in content["comments"]] == [WORDS]
    assert content["account"][0]["email"] == somebody["email"]
    _close(page, "They stay with their paragraphs, without my name", script=script)
    page.goto(f"/comments/{somebody['key']}")
    comment = page.locator(f"#comment-{somebody['key']}")
    expect(comment.locator(".c-name")).to_have_text("Name removed")
    expect(comment).to_contain_text(WORDS)
    expect(page.locator("body")).not_to_contain_text(somebody["name"])
    page.goto("/account")
    expect(page).to_have_url(re.compile("/sign-in"))
    assert [mail.subject for mail in real_site.mails(somebody["email"])] == ["Your account is closed"]


@both_ways
def test_somebody_goes_and_takes_their_words_along(
    browser_on_real_site: Callable[..., Page],
    somebody: Account,
    width: int,
    script: bool,
) -> None:
    page = browser_on_real_site(width, script=script)
    _sign_in(page, somebody)
    _close(page, "Withdraw them", script=script)
    page.goto(f"/comments/{somebody['key']}")
    comment = page.locator(f"#comment-{somebody['key']}")
    expect(comment).to_have_attribute("data-state", "withdrawn")
    expect(comment).not_to_contain_text(WORDS)
    page.goto("/sign-in")
    page.get_by_label("Email").fill(somebody["email"])
    page.get_by_label("Password", exact=True).fill(somebody["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Email or password is not right")


def test_closing_is_done_by_keyboard_alone(
    browser_on_real_site: Callable[..., Page], somebody: Account
) -> None:
    page = browser_on_real_site()
    _sign_in(page, somebody)
    page.goto("/account/close")
    page.get_by_label("They stay").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Withdraw them")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close the account")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("It is done")


@both_ways
def test_somebody_takes_in_what_they_wrote_as_a_guest(
    browser_on_real_site: Callable[..., Page],
    real_site: RealSite,
    width: int,
    script: bool,
) -> None:
    who = real_site.newcomer()
    with beside(real_site.app):
        guest = factories.a_guest(name="A passer-by", email=who["email"])
        guest_id = guest.id
        key = ground.say(ground.paragraph(_draft()), "From the kerb.", by=guest).key
    page = browser_on_real_site(width, script=script)
    _sign_in(page, who)
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("You have 1 comment made as a guest with this address.")
    page.get_by_role("link", name="Take it into your account").click()
    expect(page.locator("main")).to_contain_text("The name beside them now: A passer-by.")
    _look_at(page, script=script)
    page.get_by_role("button", name="Take it into my account").click()
    expect(page.locator(".note[role=status]")).to_have_text("1 comment is in your account now.")
    expect(page.locator("main")).to_contain_text("From the kerb.")
    page.goto(f"/comments/{key}")
    expect(page.locator(f"#comment-{key} .c-name")).to_have_text(who["name"])
    with beside(real_site.app):
        gone = db.session.get(Person, guest_id)
        assert gone
        assert not gone.is_active
