"""An official corrects a typing error, withdraws a version, and numbers the paragraphs anew; what readers see of it."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from consult.documents.models import Document
from consult.extensions import db
from tests.beside import beside
from tests.documents.ground import publish
from tests.journeys.conftest import DESK, TELEPHONE, Demonstration
from tests.journeys.test_every_page import RULES

FIRST = (
    "# Rails\n\nThe rail is at leest 90 centimetres high.\n\nIt runs past the last step.\n\nIt is round.\n"
)
SECOND = FIRST.replace("It runs past the last step.\n\n", "")


@pytest.fixture
def rails(demonstration: Demonstration, open_draft: Callable[[str], str]) -> str:
    """A draft whose second version leaves out paragraph 2; its address."""
    address = open_draft(FIRST)
    with beside(demonstration.app):
        document = db.session.scalars(
            select(Document).where(Document.consultation.has(slug=address.split("/")[2]))
        ).one()
        publish(document, SECOND, "One paragraph less.")
    return address


def _correct(page: Page, address: str) -> None:
    page.goto(f"{address}/correct")
    box = page.get_by_label("The text, in Markdown")
    box.fill(box.input_value().replace("leest", "least"))
    page.get_by_label("What was wrong?").fill("“leest” for “least”.")
    page.get_by_role("button", name="Look at the correction").click()
    page.get_by_role("button", name="Correct version 2").click()
    expect(page.get_by_text("“leest” for “least”.")).to_be_visible()


def _number_anew(page: Page, address: str, version: int) -> None:
    page.goto(f"{address}/renumber")
    page.get_by_label("Why are the paragraphs numbered anew?").fill("For the final text.")
    page.get_by_label("I understand that letters").check()
    page.get_by_role("button", name=f"Publish version {version} with new numbers").click()


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
def test_a_typing_error_is_corrected_and_a_version_withdrawn(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None], rails: str, script: bool
) -> None:
    page = browser_at(script=script)
    sign_in_at(page, "official")
    _correct(page, rails)
    page.goto(f"{rails}/withdraw")
    page.get_by_role("button", name="Withdraw version 2").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it is withdrawn")
    page.get_by_label("Why is it withdrawn?").fill("Paragraph 2 was left out by mistake.")
    page.get_by_role("button", name="Withdraw version 2").click()
    expect(page.get_by_text("It runs past the last step.")).to_be_visible()
    page.goto(f"{rails}/v/2")
    expect(page.get_by_text("Paragraph 2 was left out by mistake.").first).to_be_visible()


def test_the_pages_of_a_mended_version_are_accessible_on_every_width(
    chrome: Browser, demonstration: Demonstration, sign_in_at: Callable[..., None], rails: str
) -> None:
    """In a browser that minds no complaint: axe styles what it looks at."""
    context = chrome.new_context(base_url=demonstration.address, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    sign_in_at(page, "official")
    _correct(page, rails)
    _number_anew(page, rails, 3)
    for there in ("", "/v/3/numbers", "/compare/1...3", "/compare/2...3", "/removed", "/v/1", "/withdraw"):
        page.goto(rails + there)
        for width in (DESK, TELEPHONE):
            page.set_viewport_size({"width": width, "height": 900})
            violations = Axe().run(page, options=RULES).response["violations"]
            assert not violations, [(found["id"], found["nodes"][0]["html"]) for found in violations]
    page.goto(f"{rails}/v/3/numbers")
    expect(page.locator("main table").last).to_contain_text("2 of version 1")
    context.close()
