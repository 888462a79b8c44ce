"""An official plans a consultation: begins it, answers the questions of its plan, is helped at each step, opens it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import insist_on_access

TITLE = "Tables and chairs on the pavement"
TEXT = "# Tables and chairs\n\nTwo metres stay clear.\n\nA table may stay until ten at night.\n"
STATEMENTS = {
    **dict.fromkeys(("summary", "aims", "who_reads", "what_happens", "post_address"), "What we say of it."),
    **dict.fromkeys(("telephone", "easy_read", "bsl", "large_print", "welsh"), "Ask on 020 7946 0199."),
    "closes_on": "18 December 2099",
    "closes_time": "11.59 pm",
}
ANSWERS = {
    "undecided": {"undecided": "The fee, and how late tables may stay."},
    "people": {
        "affected": "Cafés, and people who walk or wheel there.",
        "gather": "The traders meet each month.",
    },
    "answering": {"answering": "Two of us, within five working days."},
    "formats": {
        "languages": "A summary in Turkish.",
        "offline": "Paper at four libraries.",
    },
}
PRINTED_PAGE = re.compile(rb"/Type\s*/Page\b")


def _is_helped(page: Page, step: str) -> None:
    help_line = page.locator(f"[data-step={step}]")
    expect(help_line).to_contain_text("Help at this step")
    expect(help_line.get_by_role("link").first).to_have_attribute("href", re.compile("^/toolkit/"))


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
def test_a_consultation_is_planned_with_help_at_each_step(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None], script: bool
) -> None:
    title = TITLE if script else f"{TITLE} again"
    page = browser_at(script=script)
    sign_in_at(page, "official")
    page.goto("/consultations/new")
    _is_helped(page, "plan")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin").click()
    for step in ("aims", "formats", "dates"):
        _is_helped(page, step)
    for name, words in STATEMENTS.items():
        page.locator(f"#{name}").fill(words)
    page.get_by_role("button", name="Save").click()
    overview = page.url
    _is_helped(page, "invite")
    page.get_by_role("link", name="Make the plan").click()
    _is_helped(page, "plan")
    expect(page.locator("[data-check=undecided]")).to_contain_text("do not consult")
    for section, answers in ANSWERS.items():
        page.locator(f".section a[href$='/plan/{section}']").click()
        for name, words in answers.items():
            page.locator(f"#{name}").fill(words)
        page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-check=undecided], [data-check=gather]")).to_have_count(0)
    expect(page.locator("[data-check=why_long]")).to_be_visible()
    if script:
        insist_on_access(page)
    page.goto(overview)
    page.get_by_role("link", name="Add a document").click()
    _is_helped(page, "write")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin writing").click()
    page.get_by_label("Markdown", exact=True).fill(TEXT)
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="Go on to publish the saved draft").click()
    _is_helped(page, "publish")
    page.get_by_role("button", name="Publish version 1").click()
    page.goto(overview)
    page.get_by_role("link", name="Open it").click()
    _is_helped(page, "open")
    page.get_by_role("radio", name=re.compile("^A draft")).check()
    page.get_by_role("button", name="Open it").click()
    stranger = browser_at(script=script)
    stranger.goto(overview)
    stranger.get_by_role("link", name="Whom this is for, and how it is run").click()
    expect(stranger.get_by_text("Paper at four libraries.")).to_be_visible()
    expect(stranger.locator("[data-check], [data-step]")).to_have_count(0)


def test_a_plan_of_ordinary_length_is_printed_on_one_sheet(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None]
) -> None:
    page = browser_at()
    address = "/consultations/clear-footways/plan"
    page.goto(address)
    sheets = [page.pdf(format="A4", prefer_css_page_size=True)]
    sign_in_at(page, "official")  # what stands there for its unit alone is not printed
    page.goto(address)
    expect(page.locator("[data-findings]")).to_be_visible()
    sheets.append(page.pdf(format="A4", prefer_css_page_size=True))
    assert [len(PRINTED_PAGE.findall(each)) for each in sheets] == [1, 1]
