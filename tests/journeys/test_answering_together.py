"""Officials answer together: two come to the same question, and an answer is cleared by a colleague before it is out."""

import os
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from consult.accounts.models import Person, Unit
from consult.extensions import db, transaction
from tests.beside import beside
from tests.journeys.conftest import DESK, TELEPHONE, Account, Demonstration, insist_on_access

TEXT = "Every flight of steps has a handrail.\n\nThe rail is 90 centimetres high.\n"
SHOTS = os.environ.get("CONSULT_TEST_SHOTS", "")
with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


def _look(page: Page, name: str, *, script: bool) -> None:
    """Insist on access at both widths; axe cannot run where scripts are off."""
    if not script:
        return
    for width in (TELEPHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        insist_on_access(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


@with_and_without_scripts
def test_two_officials_at_one_question_lose_nothing(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    open_draft: Callable[[str], str],
    demonstration: Demonstration,
    script: bool,
) -> None:
    slug = open_draft(TEXT).split("/")[2]
    asked = said(slug, "1", "Are three steps a flight of steps?", ask=True)
    said(slug, "2", "Are three steps a flight of steps already?", ask=True)
    first, second = browser_at(script=script), browser_at(script=script)
    for page, who in ((first, "official"), (second, "colleague")):
        sign_in_at(page, who)
        page.goto(f"/desk/answer/{asked['key']}")
        page.get_by_label("What you want to explain").fill(f"From two on, says the {who}.")
    expect(second.locator("#here")).to_contain_text("has this open to answer as well")
    expect(second.get_by_text("% the same words")).to_be_visible()
    first.get_by_role("button", name="Post the official reply").click()
    expect(first.locator("[data-official]")).to_contain_text("says the official")
    second.get_by_label("Add a note").fill("Say it in the guidance too.")
    _look(second, "respond", script=script)
    second.get_by_role("button", name="Post the official reply").click()
    expect(second.get_by_role("heading", name=re.compile("answered meanwhile"))).to_be_visible()
    expect(second.locator("main")).to_contain_text("From two on, says the official.")
    expect(second.get_by_label("What you want to explain")).to_have_value("From two on, says the colleague.")
    _look(second, "conflict", script=script)
    first.get_by_role("button", name="Undo", exact=True).click()
    first.goto(f"/desk/answer/{asked['key']}")
    expect(first.get_by_text("Question · answered")).to_have_count(0)


@with_and_without_scripts
def test_an_answer_is_cleared_and_released(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    open_draft: Callable[[str], str],
    demonstration: Demonstration,
    script: bool,
) -> None:
    slug = open_draft(TEXT).split("/")[2]
    asked = [said(slug, number, f"Why is that so, at {number}?", ask=True) for number in ("1", "2")]
    with beside(demonstration.app), transaction():
        wanted = select(Person).where(Person.email == demonstration.accounts["colleague"]["email"])
        role = db.session.scalars(wanted).one().roles[0]
        role.may_clear = True
        db.session.get_one(Unit, role.unit_id).clearing_role = "Press office"
    writer, clearer = browser_at(script=script), browser_at(script=script)
    sign_in_at(writer, "official")
    sign_in_at(clearer, "colleague")
    writer.goto("/desk/answer-several?" + urlencode([("key", each["key"]) for each in asked]))
    expect(writer.locator("h1")).to_have_text("Answer 2 comments")
    writer.get_by_label("What you want to explain").fill("Because steps are **steep**.")
    writer.get_by_role("button", name="Preview").click()
    expect(writer.get_by_role("article", name="Preview of your reply").locator("strong")).to_have_text(
        "steep"
    )
    _look(writer, "several", script=script)
    writer.get_by_role("button", name="Ask to have it cleared").click()
    expect(writer.get_by_text("Sent to be cleared.")).to_be_visible()
    clearer.goto("/desk/clearance")
    _look(clearer, "clearance", script=script)
    clearer.get_by_role("link", name=re.compile("Because steps are")).click()
    clearer.get_by_role("button", name="Send it back").click()
    expect(clearer.get_by_role("alert")).to_contain_text("Say what has to change")
    clearer.get_by_label("To the author").fill("Good as it is.")
    _look(clearer, "clear", script=script)
    clearer.get_by_role("button", name="Clear it").click()
    expect(clearer.get_by_text("Cleared. The unit is told and releases it.")).to_be_visible()
    writer.goto("/desk/drafts")
    _look(writer, "drafts", script=script)
    writer.get_by_role("checkbox", name=re.compile("Because steps are")).check()
    writer.get_by_role("button", name="Release those ticked").click()
    expect(writer.get_by_text("1 official reply is published.")).to_be_visible()
    for each in asked:
        writer.goto(f"/comments/{each['key']}")
        expect(writer.locator("[data-official]")).to_contain_text("Because steps are steep.")
