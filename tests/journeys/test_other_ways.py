"""What did not come by the site, and what is not for everybody: officials write it down, and answer it by mail."""

import itertools
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from consult.accounts.models import Person
from consult.documents.models import Document
from consult.extensions import db
from tests.beside import beside
from tests.discussion import ground
from tests.journeys.conftest import DESK, TELEPHONE, Account, Demonstration, insist_on_access

with_and_without_scripts = pytest.mark.parametrize(
    ("width", "script"), [(TELEPHONE, True), (DESK, False)], ids=["telephone", "no-scripts"]
)
_numbers = itertools.count(1)


def _look(page: Page, heading: str, *, script: bool) -> None:
    """Wait for a page by its heading, and insist that it is accessible: looking needs scripts."""
    expect(page.locator("h1")).to_have_text(heading)
    page.wait_for_load_state()
    if script:
        insist_on_access(page)


def _fill_in(page: Page, number: str, name: str) -> None:
    page.get_by_label("Number of the paragraph").fill(number)
    page.get_by_label("What they said").fill("We measured it **twice**, with a borrowed tape.")
    page.get_by_role("radio", name="A letter").check()
    page.get_by_label("Source").fill("Letter, file 9, ref. 4")
    page.get_by_label("Name to show").fill(name)
    page.get_by_label("Name of the organisation").fill("Tape and Trundle")
    page.get_by_label("What kind of organisation is it?").select_option("Charity or voluntary organisation")


@with_and_without_scripts
def test_a_letter_is_written_down_looked_at_and_read_by_everybody(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    busy: str,
    width: int,
    script: bool,
) -> None:
    name = f"Winifred Larkham {'I' * next(_numbers)}"
    page = browser_at(width, script=script)
    sign_in_at(page, "official")
    page.goto("/desk")
    page.get_by_role("link", name="Write one down").click()
    page.get_by_role("main").get_by_role("link", name="Clear footways: sharing the pavement fairly").click()
    _look(page, "Write down a response", script=script)
    _fill_in(page, busy, name)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what they agreed to")
    _look(page, "Write down a response", script=script)
    page.get_by_role("radio", name="They agreed that it is published with this name").check()
    page.get_by_role("button", name="Check it").click()
    preview = page.get_by_role("region", name="Check it before you keep it")
    expect(preview).to_contain_text(f"Paragraph {busy}")
    expect(preview.locator(".quote-para")).to_contain_text(re.compile(r"\w{3}"))
    expect(preview).to_contain_text("A moderator looks first, then everybody can read it.")
    _look(page, "Write down a response", script=script)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("A moderator looks at it, then it appears.")).to_be_visible()
    expect(page.locator(".c-tags")).to_contain_text("Waiting")
    _look(page, "What your unit wrote down", script=script)

    moderator = browser_at(script=script)
    sign_in_at(moderator, "moderator")
    moderator.goto("/moderation")
    moderator.locator(".qitem a", has=moderator.get_by_text(name)).click()
    expect(moderator.locator("#detail")).to_contain_text("Source: Letter, file 9, ref. 4")
    moderator.locator("#detail").get_by_role("button", name="Publish").click()

    stranger = browser_at(width, script=script)
    stranger.goto(page.url.replace("/desk/recorded/", "/comments/"))
    article = stranger.get_by_role("article", name=f"Comment by {name}")
    expect(article).to_contain_text("for Tape and Trundle (charity)")
    expect(article.locator(".c-tags")).to_contain_text(re.compile("Came by letter, .*; written down by"))
    expect(article.locator("strong")).to_have_text("twice")
    expect(stranger.get_by_text("file 9, ref. 4")).to_have_count(0)


def _asks_the_team(demonstration: Demonstration, who: Account, words: str) -> str:
    with beside(demonstration.app):
        person = db.session.scalars(select(Person).where(Person.email == who["email"])).one()
        document = db.session.scalars(
            select(Document).where(Document.consultation.has(slug="clear-footways"))
        ).one()
        place = ground.paragraph(document, "all")
        return ground.tell_team(place, words, by=person, ask=True, why="It is about my landlord.").key


@with_and_without_scripts
def test_what_was_asked_only_of_the_team_is_answered_by_mail(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    newcomer: Callable[[], Account],
    demonstration: Demonstration,
    width: int,
    script: bool,
) -> None:
    who = newcomer()
    key = _asks_the_team(demonstration, who, "May my landlord put his bins on the **footway**?")
    page = browser_at(width, script=script)
    sign_in_at(page, "official")
    page.goto("/desk")
    page.get_by_role("link", name=re.compile(r"^Only to the team \(\d")).click()
    _look(page, "Only to the team", script=script)
    page.get_by_role("link", name=f"Open what {who['name']} wrote", exact=True).click()
    expect(page.get_by_text("It is about my landlord.")).to_be_visible()
    assert who["email"] not in page.content()
    _look(page, "A question on the whole draft, only to the team", script=script)
    page.get_by_label("What you want to explain").fill("He may **not**, under this draft.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("article", name="Preview of your reply").locator("strong")).to_have_text("not")
    _look(page, "A question on the whole draft, only to the team", script=script)
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_text("Your reply is sent. It stands on no public page.")).to_be_visible()
    expect(page.locator("#replies")).to_contain_text("He may not, under this draft.")
    page.get_by_role("link", name="See the email").first.click()
    expect(page.locator("main article", has_text=who["email"]).first).to_contain_text("under this draft")

    author = browser_at(width, script=script)
    sign_in_at(author, who)
    author.goto(f"/comments/{key}")
    expect(author.locator("h1")).to_have_text("Your account")
    expect(author.get_by_text("He may not, under this draft.")).to_be_visible()
    _look(author, "Your account", script=script)

    stranger = browser_at(width, script=script)
    stranger.goto(f"/comments/{key}")
    expect(stranger.locator("h1")).to_have_text("There is no such page")


def test_the_unit_sees_who_answered_for_whom(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None]
) -> None:
    page = browser_at()
    sign_in_at(page, "official")
    page.goto("/desk/responses")
    page.get_by_label("Consultation").select_option("Loading bays near schools")
    page.get_by_role("checkbox", name="Came after the closing").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Weighbridge Street Infants, the governors (public body)")
    _look(page, "All responses", script=True)
