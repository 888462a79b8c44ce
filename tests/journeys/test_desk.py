"""An official clears a desk of twenty: by single keys, on a telephone, and without JavaScript."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from consult import clock
from consult.accounts import passwords
from consult.discussion.ledger.models import LedgerEntry
from consult.extensions import db, transaction
from tests import factories
from tests.beside import beside
from tests.discussion import ground
from tests.journeys.conftest import (
    DESK,
    PASSWORD,
    TELEPHONE,
    Account,
    Demonstration,
    insist_on_access,
)

MANY = 20
Desk = tuple[Account, str]


@pytest.fixture
def busy_desk(demonstration: Demonstration) -> Callable[[], Desk]:
    """Return an official for whose unit alone twenty questions wait, and the slug of what they are about."""

    def fill() -> Desk:
        with beside(demonstration.app):
            unit = factories.a_unit(name="Unit for Steps")
            official = factories.an_official(
                unit, name="Tess Steps", password_hash=passwords.hash_of(PASSWORD)
            )
            factories.an_official(unit, name="Cole League")
            draft = ground.a_draft(unit=unit, title="Steps")
            people = [factories.a_person(name=f"Asker {n}") for n in range(4)]
            for n in range(MANY - 1):
                where = ground.paragraph(draft, str(n % 3 + 1))
                asked = ground.say(where, f"Question {n}: who paints step {n}?", by=people[n % 4], ask=True)
                with transaction():
                    db.session.get_one(LedgerEntry, asked.id).since = clock.now() - timedelta(days=30 - n)
            ground.tell_team(
                ground.paragraph(draft), "Question 19: quietly, who fell?", by=people[0], ask=True
            )
            found = {"name": official.name, "email": official.email, "password": PASSWORD}
            return found, draft.consultation.slug

    return fill


def _picture(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("CONSULT_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _told(page: Page, words: str) -> None:
    """Insist on what is said of the last act, and wait until the page hears keys again."""
    expect(page.locator(".undo[role=status]")).to_contain_text(words)
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
def test_a_desk_of_twenty_is_cleared_by_single_keys(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    busy_desk: Callable[[], Desk],
    width: int,
) -> None:
    official, slug = busy_desk()
    page = browser_at(width)
    sign_in_at(page, official)
    page.goto(f"/desk/points/{slug}")
    page.get_by_label("Another point").fill("Paint")
    page.get_by_role("button", name="Add the point").click()
    expect(page.get_by_role("rowheader", name="Paint")).to_be_visible()
    insist_on_access(page)
    _picture(page, f"points-{width}")
    page.goto("/desk")
    expect(page.locator("tr[data-row]")).to_have_count(MANY)
    insist_on_access(page)
    _picture(page, f"desk-{width}")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator(".undo")).to_have_count(0)
    page.get_by_role("checkbox", name=re.compile("^Single-key shortcuts")).check()
    # read the first, then the second: the place is kept
    page.keyboard.press("j")
    expect(page.locator("tr.cur")).to_contain_text("Question 0:")
    page.keyboard.press("r")
    _told(page, "1 comment marked as read.")
    expect(page.locator("tr.cur")).to_contain_text("Question 0:")
    # five to me
    for _ in range(5):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-ticked]")).to_have_text("5 ticked")
    _picture(page, f"desk-ticked-{width}")
    page.keyboard.press("g")
    _told(page, f"5 comments given to {official['name']}.")
    insist_on_access(page)
    _picture(page, f"desk-undo-{width}")
    page.keyboard.press("z")
    expect(page.get_by_role("status").filter(has_text="Undone, for 5 comments.")).to_be_visible()
    page.wait_for_load_state()
    expect(page.locator("td", has_text="nobody")).to_have_count(MANY)
    # all of the page under a point; letters typed into a field do nothing
    page.get_by_role("link", name="Select all on this page").click()
    page.keyboard.press("p")
    expect(page.locator("#put-point")).to_be_focused()
    page.keyboard.press("r")
    page.locator("#put-point").select_option(label="Paint")
    page.get_by_role("button", name="Put there").press("Enter")
    _told(page, "20 comments put under the point “Paint”.")
    page.keyboard.press("?")
    expect(page.locator("#keys-list")).to_have_attribute("open", "")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url("**/desk/answer/*")


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
def test_the_same_can_be_done_without_javascript(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    busy_desk: Callable[[], Desk],
    width: int,
) -> None:
    official, _slug = busy_desk()
    page = browser_at(width, script=False)
    sign_in_at(page, official)
    page.goto("/desk")
    expect(page.get_by_role("checkbox", name=re.compile("^Single-key shortcuts"))).to_have_count(0)
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the comments first")
    page.get_by_role("link", name="Select all on this page").click()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator(".undo[role=status]")).to_contain_text("20 comments marked as read.")
    page.locator("tr[data-row]").first.get_by_role("checkbox").check()
    page.get_by_label("Give to", exact=True).select_option(label="Cole League")
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.locator("tr[data-row]").first).to_contain_text("Cole League")
    expect(page.locator("tr[data-row]").first).to_contain_text("In progress")
    page.get_by_role("button", name=re.compile("^Undo: 1 comment given to Cole League")).click()
    expect(page.locator("tr[data-row]").first).to_contain_text("nobody")
    page.locator("summary", has_text="Narrow and order").click()
    page.get_by_role("textbox", name="Paragraph").fill("2")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tr[data-row]")).to_have_count(6)
    page.get_by_role("link", name="Points").first.click()
    page.get_by_label("Another point").fill("Paint")
    page.get_by_role("button", name="Add the point").click()
    page.get_by_role("link", name="Change “Paint”").click()
    page.get_by_label("Its title").fill("Paint and grip")
    page.get_by_role("button", name="Save the title").click()
    expect(page.get_by_role("rowheader", name="Paint and grip")).to_be_visible()


HIDDEN = """() => {
  const bar = document.querySelector('#acts'), held = document.activeElement
  const box = held.getBoundingClientRect(), over = bar.getBoundingClientRect()
  return !bar.contains(held) && box.bottom > over.top + 1 && box.top < over.bottom
}"""


@pytest.mark.parametrize(("width", "height"), [(DESK, 900), (1000, 640), (DESK, 420)])
def test_what_has_the_focus_is_never_under_the_bar(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    busy_desk: Callable[[], Desk],
    width: int,
    height: int,
) -> None:
    official, _slug = busy_desk()
    page = browser_at(width, height=height)
    sign_in_at(page, official)
    page.goto("/desk")
    rows = 0
    while not page.evaluate("document.querySelector('#acts').contains(document.activeElement)"):
        page.keyboard.press("Tab")
        rows += page.evaluate("Boolean(document.activeElement.closest('tr[data-row]'))")
        assert not page.evaluate(HIDDEN), page.evaluate("document.activeElement.outerHTML")
    assert rows >= 3 * MANY


def test_the_list_can_be_printed_and_the_current_tab_is_told_in_two_colours(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    busy_desk: Callable[[], Desk],
) -> None:
    official, _slug = busy_desk()
    page = browser_at()
    sign_in_at(page, official)
    page.goto("/desk")
    page.emulate_media(media="print")
    expect(page.locator("tr[data-row]").first).to_be_visible()
    expect(page.locator("#acts")).to_be_hidden()
    page.emulate_media(media="screen", forced_colors="active")
    line = "tab => getComputedStyle(tab).borderBottomColor"
    here = page.locator(".tabs a[aria-current]").evaluate(line)
    assert here not in page.locator(".tabs a:not([aria-current])").evaluate_all(f"all => all.map({line})")
