"""A moderator with some waiting: publishes, takes down with a reason, returns for mending."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Account, insist_on_access

with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


def _open(page: Page, who: Account) -> None:
    page.goto("/moderation")
    page.locator(".qitem a", has=page.get_by_text(who["name"], exact=True)).click()
    expect(page.locator("#qd-h")).to_contain_text(who["name"])


@with_and_without_scripts
def test_a_comment_is_published_then_taken_down_with_a_reason(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    busy: str,
    script: bool,
) -> None:
    who = said("clear-footways", busy, "Whoever wrote this is a donkey.")
    page = browser_at(script=script)
    sign_in_at(page, "moderator")
    page.get_by_role("link", name="Moderation").click()
    _open(page, who)
    page.locator("#detail").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").filter(has_text=re.compile(r"\w"))).to_be_visible()
    stranger = browser_at(script=script)
    stranger.goto(f"/comments/{who['key']}")
    expect(stranger.locator(f"#comment-{who['key']}")).to_contain_text("donkey")
    page.get_by_role("link", name="Decisions").first.click()
    page.get_by_role("link", name=f"Open the comment by {who['name']}").first.click()
    page.get_by_role("button", name="Take down and tell them").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("radio", name="abuse or threat").check()
    page.get_by_label(re.compile("^What we tell the author")).fill("Say what is wrong with the draft.")
    page.get_by_role("button", name="Take down and tell them").click()
    expect(page.locator("h1")).to_have_text("Moderation")
    stranger.reload()
    marker = stranger.locator(f"#comment-{who['key']}")
    expect(marker).to_contain_text(re.compile("was taken down by a moderator on .*: abuse or threat"))
    expect(marker).not_to_contain_text("donkey")
    page.get_by_role("link", name="See the email").first.click()
    mail = page.locator("main article", has_text=who["email"]).first
    expect(mail).to_contain_text("Say what is wrong with the draft.")


@with_and_without_scripts
def test_a_comment_is_returned_and_mended_by_its_author(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    busy: str,
    script: bool,
) -> None:
    who = said("clear-footways", busy, "My neighbour at number 14 leaves his board out all night.")
    page = browser_at(script=script)
    sign_in_at(page, "moderator")
    _open(page, who)
    page.get_by_role("radio", name="names or shows a private person").check()
    page.get_by_label(re.compile("^What we tell the author")).fill("Leave out the number of the house.")
    page.get_by_role("button", name="Return it for mending").click()
    expect(page.locator("h1")).to_have_text("Moderation")
    author = browser_at(script=script)
    sign_in_at(author, who)
    author.goto("/account")
    expect(author.locator("main")).to_contain_text("Leave out the number of the house.")
    author.get_by_role("link", name="Change it and send it again").click()
    author.get_by_label("Your comment").fill("Some neighbours leave their boards out all night.")
    author.get_by_role("button", name="Save the new words").click()
    own = author.locator(f"#comment-{who['key']}")
    expect(own).to_contain_text("With a moderator · only you can see this")
    _open(page, who)
    expect(page.locator("#detail")).to_contain_text("Some neighbours leave their boards out all night.")


def test_the_queue_is_worked_through_by_keys_once_they_are_switched_on(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None], said: Callable[..., Account], busy: str
) -> None:
    good = said("clear-footways", busy, "The corner shop needs its board.")
    bad = said("clear-footways", busy, "Cheap boards at boards dot example!")
    page = browser_at()
    sign_in_at(page, "moderator")
    _open(page, good)
    here = page.url
    for key in ("a", "j", "t"):
        page.keyboard.press(key)
    assert page.url == here
    expect(page.locator("kbd", has_text="A").locator("visible=true")).to_have_count(0)
    page.get_by_role("checkbox", name=re.compile("^Single-key shortcuts")).check()
    for key, who in (("j", bad), ("k", good), ("a", bad)):
        page.keyboard.press(key)
        expect(page.locator("#qd-h")).to_contain_text(who["name"])
        page.wait_for_load_state()
    page.keyboard.press("t")
    page.keyboard.press("4")
    expect(page.get_by_role("radio", name="advertising")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".qitem", has_text=bad["name"])).to_have_count(0)
    page.goto("/moderation/decisions")
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text=bad["name"])).to_contain_text("advertising")
    expect(rows.filter(has_text=good["name"])).to_contain_text("published")


def test_thirty_items_are_cleared_by_keyboard_alone(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None], said: Callable[..., Account], busy: str
) -> None:
    waiting = [said("clear-footways", busy, f"Remark {number} about the width.") for number in range(30)]
    page = browser_at()
    sign_in_at(page, "moderator")
    _open(page, waiting[0])
    expect(page.locator("#keys-offer")).to_be_visible()
    insist_on_access(page)
    page.locator("#keys-offer").get_by_role("button", name="Switch the keys on").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#keys-offer")).to_be_hidden()
    heading, left = page.locator("#qd-h"), {who["name"] for who in waiting}
    taken_down = 0
    while left:
        name = next((name for name in left if name in heading.inner_text()), None)
        before = heading.inner_text()
        if name is None:  # something of the demonstration's own, between ours
            page.keyboard.press("s")
        elif len(left) % 5:
            page.keyboard.press("a")
        else:
            for key in ("t", "5", "Enter"):
                page.keyboard.press(key)
            taken_down += 1
        left -= {name}
        if left:
            expect(heading).not_to_have_text(before)
            page.wait_for_load_state()
    assert taken_down == 6
    expect(page.locator("#act-undo")).to_be_visible()
    page.wait_for_load_state()
    insist_on_access(page)
    page.keyboard.press("z")
    expect(page.get_by_role("status").filter(has_text="Undone. It waits for you again.")).to_be_visible()
    expect(page.locator("#qd-h")).to_contain_text(name or "")
    page.locator("#message").focus()
    page.keyboard.type("anzs")
    expect(page.locator("#message")).to_have_value("anzs")
    page.goto("/moderation/decisions")
    expect(page.locator("tbody tr").filter(has_text="not about this draft").first).to_be_visible()
