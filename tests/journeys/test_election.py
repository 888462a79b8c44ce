"""An administrator before an election: sets the quiet days, everybody reads the line, and it ends again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from consult import clock
from consult.consultations.election_forms import typed
from consult.extensions import db
from tests import factories
from tests.beside import beside
from tests.discussion import ground
from tests.journeys.conftest import DESK, TELEPHONE, Demonstration, insist_on_access


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
def test_an_administrator_sets_an_election_and_everybody_reads_of_it(
    demonstration: Demonstration,
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    width: int,
) -> None:
    with beside(demonstration.app):
        body = factories.an_organisation(name="Otterby Council")
        document = ground.a_draft(unit=factories.a_unit(body, promise_days=None))
        place = ground.paragraph(document)
        ground.say(place, "When do you count?", ask=True)
        elections, thread = f"/admin/organisations/{body.slug}/elections", ground.address(place)
        today = clock.now().astimezone(ground.LONDON).date()
        db.session.remove()
    page = browser_at(width)
    sign_in_at(page, "admin")
    page.goto(elections)
    expect(page.get_by_text("No election is set.")).to_be_visible()
    insist_on_access(page)
    page.get_by_role("link", name="Set a period").click()
    page.get_by_label("Which election?").fill("Council elections")
    page.get_by_label("First day of the quiet").fill(typed(today))
    page.get_by_label("Last day of the quiet").fill(typed(today + timedelta(days=20)))
    page.get_by_role("button", name="Set this period").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the day of the election")
    insist_on_access(page)
    page.get_by_label("Day of the election").fill(typed(today + timedelta(days=20)))
    answers = page.get_by_role("group", name="Hold official answers and outcomes, and release them after")
    answers.get_by_label("What the public is told").fill("Answers come after {until}.")
    page.get_by_role("button", name="Set this period").click()
    expect(page.locator(".note-ok")).to_contain_text("It is set.")
    expect(page.get_by_text("Holds now")).to_be_visible()
    insist_on_access(page)

    reader = browser_at(width)
    reader.goto(thread)
    line = reader.locator("[data-election]")
    expect(line).to_contain_text("There is an election on")
    expect(line).to_contain_text("You can still comment. Answers come after")
    expect(reader.locator(".tag-wait")).to_have_text("Question · waiting, to be answered at the end")
    insist_on_access(reader)
    reader.goto(thread.rpartition("/p/")[0])
    expect(reader.locator("[data-election]").first).to_contain_text("You can still comment.")
    insist_on_access(reader)

    page.get_by_role("link", name="Change").click()
    insist_on_access(page)
    page.get_by_role("group", name="Close the forms").get_by_label("On", exact=True).check()
    page.get_by_role("button", name="Save the changes").click()
    reader.goto(thread)
    expect(reader.locator("[data-election]")).to_contain_text("Comments cannot be added until after")
    expect(reader.get_by_role("textbox", name="Your comment on")).to_have_count(0)

    page.get_by_role("link", name="Change").click()
    page.get_by_role("link", name="End it now").click()
    insist_on_access(page)
    page.get_by_role("button", name="End it now").click()
    expect(page.locator(".note-ok")).to_contain_text("It is over.")
    reader.goto(thread)
    expect(reader.locator("[data-election]")).to_have_count(0)
