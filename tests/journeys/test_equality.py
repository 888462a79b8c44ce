"""Somebody says who is taking part, apart from any comment; everybody reads the totals when it has closed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from consult.consultations import queries
from consult.extensions import db
from tests.beside import beside
from tests.journeys.conftest import DESK, TELEPHONE, Demonstration

FORM = "/consultations/clear-footways/equality"
on_both_widths = pytest.mark.parametrize("width", [DESK, TELEPHONE])
with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


@pytest.fixture
def tallies(demonstration: Demonstration) -> Callable[[], dict[tuple[str, str], int]]:
    """Return how to read the tallies of the open consultation."""

    def read() -> dict[tuple[str, str], int]:
        with beside(demonstration.app):
            found = queries.equality_tallies(queries.consultation("clear-footways").id)
            db.session.remove()
        return found

    return read


def _choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


@on_both_widths
@with_and_without_scripts
def test_it_is_filled_in_from_the_overview_and_counted(
    browser_at: Callable[..., Page],
    tallies: Callable[[], dict[tuple[str, str], int]],
    width: int,
    script: bool,
) -> None:
    before, page = tallies(), browser_at(width, script=script)
    page.goto("/consultations/clear-footways")
    page.get_by_role("link", name="Tell us who is taking part").click()
    expect(page.locator("h1")).to_have_text("Who is taking part")
    _choose(page, "How old are you?", "65 to 74")
    _choose(page, "What is your religion?", "Sikh")
    _choose(page, "What is your ethnic group?", "Prefer not to say")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    raised = {cell: count - before[cell] for cell, count in tallies().items() if count != before[cell]}
    assert raised == {("age", "65_74"): 1, ("religion", "sikh"): 1, ("ethnic_group", "not_said"): 1}
    page.get_by_role("link", name="Where they will be").click()
    expect(page.locator("main")).to_contain_text("Until then nobody sees them, the officials neither.")
    expect(page.locator("main table")).to_have_count(0)


def test_it_is_filled_in_by_keyboard_and_a_second_press_counts_once(
    browser_at: Callable[..., Page], tallies: Callable[[], dict[tuple[str, str], int]]
) -> None:
    before, page = tallies(), browser_at()
    page.goto(FORM)
    page.locator("#sex").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Male", exact=True)).to_be_checked()
    page.get_by_role("button", name="Send my answers").dblclick()
    expect(page.locator("h1")).to_have_text("Thank you")
    raised = {cell: count - before[cell] for cell, count in tallies().items() if count != before[cell]}
    assert raised == {("sex", "male"): 1}


def test_whoever_is_signed_in_sees_no_name_beside_the_questions(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None], demonstration: Demonstration
) -> None:
    page = browser_at()
    sign_in_at(page, "citizen")
    page.goto("/consultations/clear-footways")
    name = demonstration.accounts["citizen"].get("name") or page.locator("a.me").inner_text().split(":")[0]
    page.goto(FORM)
    expect(page.locator("a.me")).to_have_count(0)
    assert name not in page.inner_text("body")


@on_both_widths
@with_and_without_scripts
def test_totals_are_read_when_it_has_closed(
    browser_at: Callable[..., Page], width: int, script: bool
) -> None:
    page = browser_at(width, script=script)
    page.goto("/consultations/crossing-times")
    page.get_by_role("link", name="Totals of the equality form").click()
    expect(page.locator("h1")).to_have_text("Who took part")
    identity = page.get_by_role("region", name="Gender identity").get_by_role("table")
    expect(identity.get_by_role("row", name="Yes")).to_contain_text("191")
    expect(identity.get_by_role("row", name="No", exact=False).nth(0)).to_contain_text("fewer than 5")
    expect(identity.get_by_role("row", name="Prefer not to say")).to_contain_text("9 to 13")
    needed, given = page.evaluate(
        "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
    )
    assert needed <= given
    page.goto("/consultations/crossing-times/equality")
    expect(page.locator("main")).to_contain_text("This consultation has closed")


def test_an_old_page_is_shown_again_with_what_was_chosen(browser_at: Callable[..., Page]) -> None:
    page = browser_at(TELEPHONE)
    page.goto(FORM)
    _choose(page, "What is your sex?", "Female")
    page.locator('input[name="once"]').evaluate("field => { field.value = 'of-another-day'; }")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page.get_by_role("radio", name="Female", exact=True)).to_be_checked()
