"""Somebody on a telephone looks at what is unanswered, and becomes the first to speak where nobody has."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import TELEPHONE, insist_on_access

LISTS = ("questions", "joined", "units", "outcomes", "short", "silent", "pages", "searches")


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
def test_a_visitor_on_a_telephone_finds_what_waits_and_where_to_speak(
    browser_at: Callable[..., Page], script: bool
) -> None:
    page = browser_at(TELEPHONE, script=script)
    page.goto("/")
    page.get_by_role("link", name="Mind the gap").first.click()
    expect(page.locator("h1")).to_have_text("Mind the gap")

    # what waits longest stands above every figure, and a week of the demonstration leaves no list without a row
    longest, counts = page.locator(".longest"), page.locator("nav.jump")
    above, below = longest.bounding_box(), counts.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]
    for name in LISTS:
        expect(page.locator(f'[data-gap="{name}"] tbody tr').first).to_be_visible()
        expect(page.locator(f'[data-gap="{name}"] td.mend').first).not_to_be_empty()

    # a count leads to its list, and the list to all of it
    counts.get_by_role("link", name="paragraphs nobody has spoken about").click()
    assert page.url.endswith("#silent")
    silent = page.locator('[data-gap="silent"]')
    silent.get_by_role("link", name="All").click()
    expect(page.locator("h1")).to_have_text("Paragraphs nobody has spoken about")

    # choosing a number leads to the form of that paragraph
    page.locator(".paras a").first.click()
    expect(page.locator("#reply")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="All gaps").click()

    # one unit alone, by keyboard
    page.get_by_label("Unit", exact=True).select_option(label="Noise and Nuisance Team")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.locator('[data-gap="questions"] tbody tr')).to_have_count(2)
    first = page.locator('[data-gap="questions"] tbody th a').first
    words = first.inner_text().rstrip("…")
    first.click()
    expect(page.locator("main")).to_contain_text(words)
    page.go_back()

    # the strip scrolls by itself and can be read without seeing it; the charts say their numbers
    strip = page.get_by_role("region", name="Comments on each paragraph: Quiet streets at night").first
    strip.focus()
    expect(strip.get_by_role("link", name="Paragraph 12: ")).to_have_count(1)
    expect(page.locator("svg.chart[role=img]")).to_have_count(3)
    if script:
        insist_on_access(page)


def test_it_is_accessible_in_the_dark_and_on_a_wide_screen(browser_at: Callable[..., Page]) -> None:
    page = browser_at(1366)
    page.emulate_media(color_scheme="dark")
    page.goto("/monitor")
    insist_on_access(page)
    expect(page.locator(".longest")).to_be_hidden()
    page.emulate_media(color_scheme="light")
    page.goto("/consultations/clear-footways")
    expect(page.get_by_role("heading", name="Where people talk")).to_be_visible()
    insist_on_access(page)
