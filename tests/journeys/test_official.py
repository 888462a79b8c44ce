"""An official on a Tuesday: answers who is waiting, prepares a consultation, publishes, and publishes again."""

import itertools
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account

FIRST = """# Handrails

Every flight of more than three steps has a handrail.

The rail is 90 centimetres high.

| Place | Rails |
|---|---|
| Station | 2 |
"""
SECOND = """# Handrails

Every flight of more than three steps has a handrail.

Councils publish a list of such places each April.
"""
with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
_numbers = itertools.count(1)


@with_and_without_scripts
def test_one_reply_answers_two_questions(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    open_draft: Callable[[str], str],
    script: bool,
) -> None:
    slug = open_draft("Every flight of steps has a handrail.").split("/")[2]
    one = said(slug, "1", "Are three steps a flight?", ask=True)
    two = said(slug, "1", "Does a single step count?", ask=True)
    page = browser_at(script=script)
    sign_in_at(page, "official")
    page.get_by_role("link", name="Desk").click()
    expect(page.locator("h1")).to_have_text("Who is waiting")
    page.get_by_role("link", name=f"Answer the question by {one['name']}", exact=True).click()
    page.get_by_role("checkbox", name=re.compile("Does a single step count")).check()
    page.get_by_label("What you want to explain").fill("From **two** steps on.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("article", name="Preview of your reply").locator("strong")).to_have_text("two")
    expect(page.get_by_text("This will appear as an official reply from")).to_be_visible()
    page.get_by_role("button", name="Post the official reply").click()
    reply = page.locator("[data-official]")
    expect(reply).to_contain_text("Official reply")
    expect(reply).to_contain_text("This explains the draft. No decision has been made.")
    for who in (one, two):
        question = page.locator(f"#comment-{who['key']}")
        expect(question.locator(".tag-done")).to_have_text("Question · answered")
    expect(page.get_by_text("Answered together with the question above")).to_have_count(1)
    page.goto("/desk")
    for who in (one, two):
        expect(page.get_by_text(who["name"])).to_have_count(0)


def _begin(page: Page, title: str) -> None:
    """From the desk to a consultation with every statement and a closing date."""
    page.goto("/desk")
    page.get_by_role("link", name="New consultation").click()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin").click()
    for field in ("summary", "aims", "who_reads", "what_happens", "post_address"):
        page.locator(f"#{field}").fill(f"What we say under {field}.")
    for field in ("telephone", "easy_read", "bsl", "large_print", "welsh"):
        page.locator(f"#{field}").fill("Ask on 020 7946 0199.")
    page.get_by_role("radio", name=re.compile("Comments are published at once")).check()
    page.locator("#closes_on").fill("18 December 2099")
    page.locator("#closes_time").fill("11.59 pm")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text(title)


def _write(page: Page, source: str, shown: str, *, script: bool) -> None:
    """Paste a text, look at it as readers will see it, save it, and go on to publish."""
    page.get_by_label("Markdown", exact=True).fill(source)
    if not script:
        page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text(shown)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text(re.compile(r"^Saved as draft"))).to_be_visible()
    page.get_by_role("link", name="Go on to publish the saved draft").click()


@with_and_without_scripts
def test_a_consultation_is_prepared_opened_and_given_a_second_version(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    script: bool,
) -> None:
    title = f"Handrails at steps, plan {next(_numbers)}"
    page = browser_at(script=script)
    sign_in_at(page, "official")
    _begin(page, title)
    overview = page.url
    page.get_by_role("link", name="Add a document").click()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin writing").click()
    _write(page, FIRST, "The rail is 90 centimetres high.", script=script)
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
    address = page.url
    stranger = browser_at(script=script)
    stranger.goto(address)
    expect(stranger.locator("h1")).to_have_text("There is no such page")
    page.goto(overview)
    page.get_by_role("link", name="Open it").click()
    page.get_by_role("radio", name=re.compile("^A draft")).check()
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_text("It is open.")).to_be_visible()
    stranger.reload()
    expect(stranger.locator("h1")).to_have_text(title)
    expect(stranger.locator(".para-table td", has_text="Station")).to_be_visible()
    said(address.split("/")[-2], "2", "For a child that is too high.")
    page.goto(address)
    page.get_by_role("link", name="Write the next version").click()
    _write(page, SECOND, "Councils publish a list", script=script)
    expect(
        page.get_by_text("1 comment stays beside a line that says its paragraph was removed.")
    ).to_be_visible()
    expect(page.locator("tr[id^=change-]").first).to_contain_text("The rail is 90 centimetres high.")
    page.get_by_label("What changed, and why?").fill("The height is left open, and there will be a list.")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()
    expect(page.locator(".para.gone")).to_contain_text("Removed in version 2.")
    page.get_by_role("link", name=re.compile("1 paragraph with comments was removed")).click()
    expect(page.locator(".removed-list")).to_contain_text("The rail is 90 centimetres high.")
    page.locator(".removed-list a.count").click()
    expect(page.get_by_text("For a child that is too high.")).to_be_visible()


@with_and_without_scripts
def test_the_second_to_save_a_draft_sees_both_texts(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    open_draft: Callable[[str], str],
    script: bool,
) -> None:
    address = open_draft("Every flight of steps has a handrail.")
    first, second = browser_at(script=script), browser_at(script=script)
    sign_in_at(first, "official")
    sign_in_at(second, "colleague")
    for page in (first, second):
        page.goto(f"{address}/edit")
    first.get_by_label("Markdown", exact=True).fill("Every flight of steps has two handrails.")
    first.get_by_role("button", name="Save the draft").click()
    expect(first.get_by_text(re.compile("^Saved as draft"))).to_be_visible()
    second.get_by_label("Markdown", exact=True).fill("Every flight of steps has a lamp.")
    second.get_by_role("button", name="Save the draft").click()
    expect(second.get_by_role("alert")).to_contain_text("Somebody saved this draft after you opened it")
    expect(second.get_by_label("Markdown", exact=True)).to_have_value("Every flight of steps has a lamp.")
    expect(second.get_by_label("Their text", exact=True).and_(second.locator("textarea"))).to_have_value(
        "Every flight of steps has two handrails."
    )
    second.get_by_role("button", name="Save mine as the new draft").click()
    expect(second.get_by_text(re.compile("^Saved as draft"))).to_be_visible()
    first.reload()
    expect(first.get_by_label("Markdown", exact=True)).to_have_value("Every flight of steps has a lamp.")
