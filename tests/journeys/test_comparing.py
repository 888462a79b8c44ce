"""Somebody from a council finds out how another did it, and which platform would do: by keyboard, without typing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK, TELEPHONE, insist_on_access


def press(what: Locator, key: str = "Enter") -> None:
    what.focus()
    what.press(key)


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
def test_a_council_finds_one_like_itself_in_three_clicks_and_compares_platforms(
    browser_at: Callable[..., Page], width: int
) -> None:
    page = browser_at(width)
    page.goto("/")
    press(page.get_by_role("navigation", name="Main").get_by_role("link", name="Toolkit"))
    like = page.get_by_role("navigation", name="Organisations like mine")
    press(like.get_by_role("link", name="Council: 100,000 to 500,000 people"))
    expect(page.get_by_role("heading", level=1, name="Case studies")).to_be_visible()
    insist_on_access(page)
    press(page.locator("tbody th[scope=row] a").first)
    expect(page.locator(".kit-facts")).to_contain_text("Council")
    insist_on_access(page)

    page.goto("/toolkit/platforms")
    boxes = page.get_by_role("checkbox", name="Compare ")
    press(boxes.nth(0), "Space")
    press(boxes.nth(2), "Space")
    press(page.get_by_role("button", name="Compare what I ticked"))
    expect(page.get_by_role("heading", level=1, name="Compare platforms")).to_be_visible()
    expect(page.locator("thead th")).to_have_count(3)
    insist_on_access(page)
    for name in ("Accessibility", "Evidence", "Who runs it"):
        press(page.get_by_role("checkbox", name=name), "Space")
    press(page.get_by_role("button", name="Compare these"))
    expect(page.get_by_role("rowheader", name="Cost")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Evidence")).to_have_count(0)
