"""Somebody from a council finds out how another did it, and which platform would do: by keyboard, without typing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK, TELEPHONE, insist_on_access

MOST_TABS = 60  # to anything that leads to an entry: who goes by keyboard gives up before


def press(page: Page, what: Locator, key: str = "Enter") -> None:
    """Walk by Tab from where the page stands to a link, a box or a button, and press it."""
    for _step in range(MOST_TABS):
        page.keyboard.press("Tab")
        if what.evaluate("it => it === document.activeElement"):
            page.keyboard.press(key)
            return
    raise AssertionError(f"{what} is more than {MOST_TABS} steps away")


@pytest.mark.parametrize(
    ("width", "script"),
    [(DESK, True), (TELEPHONE, True), (DESK, False)],
    ids=["desk", "telephone", "no-scripts"],
)
def test_a_council_finds_one_like_itself_in_four_steps_and_compares_platforms(
    browser_at: Callable[..., Page], width: int, script: bool
) -> None:
    page = browser_at(width, script=script)
    page.goto("/")
    press(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Toolkit"))
    expect(page.get_by_role("heading", level=1, name="The engagement toolkit")).to_be_visible()
    press(page, page.locator(".strand").get_by_role("link", name="Case studies"))
    expect(page.get_by_role("heading", level=1, name="Case studies")).to_be_visible()
    like = page.get_by_role("navigation", name="Organisations like mine")
    press(page, like.get_by_role("link", name="Council: 100,000 to 500,000 people"))
    expect(page.get_by_role("link", name="Remove “Kind of organisation: Council”")).to_be_visible()
    _check(page, script)
    press(page, like.locator("h3 + p a").first)  # a subject
    expect(page.get_by_role("link", name="Remove “Subject")).to_be_visible()
    press(page, page.locator("tbody th[scope=row] a").first)
    expect(page.locator(".kit-facts")).to_contain_text("Council")
    _check(page, script)

    page.goto("/toolkit")
    press(page, page.locator(".strand").get_by_role("link", name="Platforms", exact=True))
    expect(page.get_by_role("heading", level=1, name="Platforms")).to_be_visible()
    boxes = page.get_by_role("checkbox", name="Compare ")
    press(page, boxes.nth(0), "Space")
    press(page, boxes.nth(2), "Space")
    press(page, page.get_by_role("button", name="Compare what I ticked"))
    expect(page.get_by_role("heading", level=1, name="Compare platforms")).to_be_visible()
    expect(page.locator("thead th")).to_have_count(3)
    _check(page, script)
    for name in ("Who runs it", "Accessibility", "Evidence"):
        press(page, page.get_by_role("checkbox", name=name), "Space")
    press(page, page.get_by_role("button", name="Compare these"))
    expect(page.get_by_role("rowheader", name="Cost")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Evidence")).to_have_count(0)


def _check(page: Page, script: bool) -> None:
    if script:
        insist_on_access(page)
