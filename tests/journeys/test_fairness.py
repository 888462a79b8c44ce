"""An author whose comment was taken down: they mend it and are published; they appeal and it is granted."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from consult.accounts import passwords
from consult.accounts.models import Part, Person, Role
from consult.extensions import db
from tests import factories
from tests.beside import beside
from tests.journeys.conftest import PASSWORD, Account, Demonstration, insist_on_access

with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


@pytest.fixture
def second(demonstration: Demonstration) -> Account:
    """Another moderator of the organisation."""
    email = demonstration.accounts["moderator"]["email"]
    with beside(demonstration.app):
        wanted = select(Role).join(Role.person).where(Person.email == email, Role.part == Part.MODERATOR)
        organisation_id = db.session.scalars(wanted).one().organisation_id
        organisation = db.session.get(factories.Organisation, organisation_id)
        person = factories.a_moderator(organisation, password_hash=passwords.hash_of(PASSWORD))
        return {"name": person.name, "email": person.email, "password": PASSWORD}


def _takes_down(page: Page, who: Account, message: str) -> None:
    page.goto(f"/moderation/{who['key']}")
    page.get_by_role("radio", name="abuse or threat").check()
    page.get_by_label(re.compile("^What we tell the author")).fill(message)
    page.get_by_role("button", name="Take down and tell them").click()
    expect(page.get_by_role("status").filter(has_text="Taken down")).to_be_visible()


@with_and_without_scripts
def test_an_appeal_is_granted(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    second: Account,
    busy: str,
    script: bool,
) -> None:
    who = said("clear-footways", busy, "This paragraph is a disgrace.")
    first = browser_at(script=script)
    sign_in_at(first, "moderator")
    _takes_down(first, who, "No insults, please.")
    author = browser_at(script=script)
    sign_in_at(author, who)
    author.goto("/account")
    author.get_by_role("link", name="The decision, and how to appeal").click()
    expect(author.locator("main")).to_contain_text("No insults, please.")
    expect(author.locator("main")).to_contain_text("We do not publish insults, harassment or threats.")
    author.get_by_label("Why should it be published?").fill("It says what is wrong with the draft.")
    author.get_by_role("button", name="Send the appeal").click()
    expect(author.locator("main")).to_contain_text("It waits for somebody who did not take the decision.")
    if script:
        insist_on_access(author)
    first.goto(f"/moderation/{who['key']}")
    expect(first.locator("#detail")).to_contain_text("You may not hear it")
    other = browser_at(script=script)
    sign_in_at(other, second)
    other.goto("/moderation?cause=appealed")
    other.locator(".qitem a", has=other.get_by_text(who["name"], exact=True)).click()
    if script:
        insist_on_access(other)
    other.get_by_label("What we tell the author about the appeal").fill("Sharp, and about the draft.")
    other.get_by_role("button", name="Grant the appeal and publish the comment").click()
    expect(other.get_by_role("status").filter(has_text="The appeal is granted")).to_be_visible()
    author.goto(f"/comments/{who['key']}")
    expect(author.locator(f"#comment-{who['key']}")).to_contain_text("This paragraph is a disgrace.")


@with_and_without_scripts
def test_an_author_mends_what_was_taken_down_and_is_published(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    busy: str,
    script: bool,
) -> None:
    who = said("clear-footways", busy, "Whoever wrote this is a turnip.")
    page = browser_at(script=script)
    sign_in_at(page, "moderator")
    _takes_down(page, who, "Say what is wrong with the draft.")
    author = browser_at(script=script)
    sign_in_at(author, who)
    author.goto(f"/comments/{who['key']}/decision")
    author.get_by_role("link", name="Change it and send it again").click()
    author.get_by_label("Your comment").fill("Two metres are not enough for two wheelchairs.")
    author.get_by_role("button", name="Save the new words").click()
    expect(author.locator(f"#comment-{who['key']}")).to_contain_text("With a moderator")
    page.goto(f"/moderation/{who['key']}")
    page.locator("#detail").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()
    stranger = browser_at(script=script)
    stranger.goto(f"/comments/{who['key']}")
    own = stranger.locator(f"#comment-{who['key']}")
    expect(own).to_contain_text("Two metres are not enough for two wheelchairs.")
    stranger.goto(f"/comments/{who['key']}/history")
    expect(stranger.locator("main")).not_to_contain_text("turnip")
