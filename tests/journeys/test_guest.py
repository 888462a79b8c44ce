"""Somebody without an account: writes on one paragraph, opens one link, and is known in this browser afterwards."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import DESK, TELEPHONE, Demonstration
from tests.journeys.test_every_page import RULES

with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
on_both_widths = pytest.mark.parametrize("width", [DESK, TELEPHONE])
TEXT = "Every flight of steps has a handrail.\n\nIt is cleaned once a week.\n\nIt is painted once a year.\n"


def begin(page: Page, address: str, number: str, words: str, *, script: bool) -> None:
    """From the draft to the page that asks who it is from: open, write, Continue."""
    page.goto(address)
    page.locator(f'.doc [data-number="{number}"] a.count').click()
    field = page.get_by_label(re.compile("^(Your c|C)omment on"))
    field.fill(words)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Nearly there: who is this from?")


def thread_of(page: Page, address: str, number: str) -> str:
    """Return the address of a draft, which is open, with the thread of one paragraph beside it."""
    key = page.locator(f'.doc [data-number="{number}"]').get_attribute("data-paragraph")
    return f"{address}?p={key}"


def give_details(page: Page, name: str, email: str) -> None:
    page.get_by_label("Name to show").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send me the link").click()


def open_the_link(page: Page, which: str = "/confirm-comment/") -> None:
    page.locator("main").get_by_role("link", name="See the email").click()
    page.locator(f'.letter a[href*="{which}"]').first.click()


def the_comment(page: Page, words: str) -> Locator:
    return page.locator("article.comment", has_text=words)


@on_both_widths
@with_and_without_scripts
def test_a_comment_without_an_account_in_four_acts_and_a_link(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str], width: int, script: bool
) -> None:
    address, words = open_draft(TEXT), "On both sides, please."
    page = browser_at(width, script=script)
    begin(page, address, "1", words, script=script)
    give_details(page, "Nia Probert", "nia.mail.example")
    expect(page.get_by_role("alert")).to_contain_text("Enter an email address with an @")
    expect(page.get_by_label("Name to show")).to_have_value("Nia Probert")
    give_details(page, "Nia Probert", f"nia-{width}-{script}@letterbox.example".lower())
    expect(page.locator("h1")).to_have_text("Check your email")
    open_the_link(page)
    expect(page.locator("h1")).to_have_text("Confirm your comment")
    stranger = browser_at(width, script=script)
    stranger.goto(f"{address}/p/all")
    expect(the_comment(stranger, words)).to_have_count(0)
    page.get_by_role("button", name="Yes, send it").click()
    own = the_comment(page, words)
    expect(own.locator(".c-name")).to_have_text("Nia Probert")
    expect(page.get_by_text("Your comment is published.")).to_be_visible()
    stranger.goto(page.url)
    expect(the_comment(stranger, words)).to_contain_text("guest")
    # the next one needs no mail
    page.get_by_label(re.compile("^Your comment on")).fill("And one in the middle.")
    page.get_by_role("button", name="Post the comment").click()
    expect(the_comment(page, "And one in the middle.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Nia Probert")).click()
    expect(page.locator("tbody tr")).to_have_count(2)


@with_and_without_scripts
def test_only_to_the_team_and_for_an_organisation(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str], script: bool
) -> None:
    address, words = open_draft(TEXT), "Our members fell there; their names are below."
    page = browser_at(script=script)
    begin(page, address, "2", words, script=script)
    page.get_by_role("radio", name=re.compile("^Only the team")).check()
    page.get_by_label("Why is it confidential?").fill("It names our members.")
    page.get_by_text("I answer for an organisation").click()
    page.get_by_label("Name of the organisation").fill("Steps Society")
    page.get_by_label("What kind of organisation is it?").select_option(
        label="Charity or voluntary organisation"
    )
    give_details(page, "Ama Boateng", f"ama-{script}@letterbox.example".lower())
    open_the_link(page)
    expect(page.get_by_text("Only the team can read it")).to_be_visible()
    page.get_by_role("button", name="Yes, send it").click()
    expect(page.locator("h1")).to_have_text("What you wrote")
    expect(page.locator("main")).to_contain_text(words)
    stranger = browser_at(script=script)
    for path in (address, f"{address}/p/all", f"{address}/print"):
        stranger.goto(path)
        expect(stranger.locator("body")).not_to_contain_text(words)
        expect(stranger.locator("body")).not_to_contain_text("Steps Society")


@with_and_without_scripts
def test_whoever_finds_their_address_misused_says_so(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str], script: bool
) -> None:
    page = browser_at(script=script)
    begin(page, open_draft(TEXT), "1", "Written by somebody else.", script=script)
    give_details(page, "Somebody", f"owner-{script}@letterbox.example".lower())
    open_the_link(page, "/not-me")
    expect(page.locator("h1")).to_have_text("This was not me")
    page.get_by_role("button", name="Delete it and report it").click()
    expect(page.locator("h1")).to_have_text("Thank you for telling us")
    page.go_back()
    page.reload()


@with_and_without_scripts
def test_several_comments_are_gathered_cleared_and_sent_together(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str], script: bool
) -> None:
    address = open_draft(TEXT)
    page = browser_at(script=script)
    for number, words in (("3", "Twice a year."), ("1", "On both sides.")):
        page.goto(address)
        page.goto(thread_of(page, address, number))
        page.locator(".thread-panel textarea[name=body]").fill(words)
        page.get_by_role("button", name="Preview").click()
        page.get_by_role("button", name="Keep for later").click()
        expect(page.locator("h1")).to_have_text("Not sent yet")
    expect(page.locator(".draftlist .prewrap")).to_have_text(["On both sides.", "Twice a year."])
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as text").click()
    text = download.value.path().read_text("utf-8")
    assert "| Every flight of steps has a handrail." in text
    page.locator("summary", has_text="Paste the file back in").click()
    page.get_by_label("Paste the whole file").fill(
        text.replace("Twice a year.", "Twice a year, as our board agreed.")
    )
    page.get_by_role("button", name="Take the new words over").click()
    expect(page.get_by_text("1 comment has new words.")).to_be_visible()
    page.get_by_role("button", name="Review and send those ticked").click()
    give_details(page, "Steps Society", f"society-{script}@letterbox.example".lower())
    open_the_link(page)
    page.get_by_role("button", name="Yes, send them").click()
    expect(page.get_by_text("2 comments are sent.")).to_be_visible()
    page.goto(address)
    expect(page.locator('.doc [data-number="3"] a.count')).to_contain_text("1")


def test_what_a_guest_was_writing_is_found_after_the_browser_was_closed(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str]
) -> None:
    address = open_draft(TEXT)
    page = browser_at()
    page.goto(address)
    assert page.context.cookies() == []  # none before one is needed
    page.locator('.doc [data-number="1"] a.count').click()
    with page.expect_response(lambda answer: answer.status == 204):
        page.locator(".thread-panel textarea[name=body]").fill("I was about to say that")
    kept = [cookie for cookie in page.context.cookies() if cookie["expires"] > 0]
    assert kept, "the cookie goes with the window"
    later = browser_at()
    later.context.add_cookies(kept)
    later.goto(address)
    later.locator('.doc [data-number="1"] a.count').click()
    expect(later.locator(".thread-panel textarea[name=body]")).to_have_value("I was about to say that")
    with later.expect_response(lambda answer: answer.status == 204):
        later.get_by_role("button", name="Delete it").click()
    later.reload()
    expect(later.locator(".thread-panel textarea[name=body]")).to_have_value("")


def kept_here(page: Page) -> int:
    """Return how many drafts the browser itself keeps, once the scripts of the page have run."""
    page.wait_for_load_state("load")
    found = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length")
    return int(found)


def test_words_that_never_reached_the_server_are_not_lost_to_older_ones(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str]
) -> None:
    address = open_draft(TEXT)
    page = browser_at()
    page.goto(address)
    page.locator('.doc [data-number="1"] a.count').click()
    field = page.locator(".thread-panel textarea[name=body]")
    with page.expect_response(lambda answer: answer.status == 204):
        field.fill("On both sides.")
    expect(page.locator(".thread-panel .kept")).to_be_visible()
    assert kept_here(page) == 0  # the server has it
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        field.fill("On both sides, and in the middle.")
    assert kept_here(page) == 1
    page.context.set_offline(False)
    page.goto(thread_of(page, address, "1"))
    expect(page.locator(".thread-panel textarea[name=body]")).to_have_value(
        "On both sides, and in the middle."
    )


def test_what_is_typed_just_before_leaving_the_page_is_in_the_list(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str]
) -> None:
    page = browser_at()
    page.goto(open_draft(TEXT))
    page.locator('.doc [data-number="1"] a.count').click()
    page.locator(".thread-panel textarea[name=body]").fill("On both sides.")
    page.goto("/")
    page.wait_for_timeout(500)  # sent while the page was left, with nobody waiting for the answer
    page.goto("/unsent")
    expect(page.locator(".draftlist .prewrap")).to_have_text("On both sides.")


def test_what_is_sent_or_deleted_does_not_come_back(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str]
) -> None:
    address = open_draft(TEXT)
    page = browser_at()
    page.goto(address)
    page.locator('.doc [data-number="1"] a.count').click()
    page.locator(".thread-panel textarea[name=body]").fill("Keep me for later.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Keep for later").click()
    expect(page.locator("h1")).to_have_text("Not sent yet")
    assert kept_here(page) == 0
    page.get_by_role("button", name=re.compile("^Delete")).click()
    expect(page.get_by_text("Deleted. Nobody has read it.")).to_be_visible()
    page.goto(address)
    page.goto(thread_of(page, address, "1"))
    field = page.locator(".thread-panel textarea[name=body]")
    expect(field).to_have_value("")
    field.fill("Typed on a shared computer.")
    expect(page.locator(".thread-panel .kept")).to_be_visible()
    with page.expect_response(lambda answer: answer.status == 204):
        page.get_by_role("button", name="Delete it").click()
    page.wait_for_timeout(2_500)  # longer than the page waits before it keeps what is typed
    page.goto("/unsent")
    expect(page.get_by_text("Nothing waits to be sent.")).to_be_visible()
    assert kept_here(page) == 0


def test_a_letter_can_be_deleted_from_a_shared_computer(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str]
) -> None:
    page = browser_at()
    page.goto(f"{open_draft(TEXT)}/letter")
    page.get_by_label("Your letter").fill("Dear unit,")
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_label("Your letter")).to_have_value("")
    assert kept_here(page) == 0


def test_a_guest_needs_no_mouse(browser_at: Callable[..., Page], open_draft: Callable[[str], str]) -> None:
    page = browser_at()
    page.goto(open_draft(TEXT))
    page.locator('.doc [data-number="1"] a.count').focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".thread-panel textarea[name=body]")
    _tab_to(page, "textarea")
    page.keyboard.type("On both sides, please.")
    _tab_to(page, 'button[value="continue"]')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nearly there: who is this from?")
    _tab_to(page, "#name")
    page.keyboard.type("Kay")
    _tab_to(page, "#email")
    page.keyboard.type("kay@letterbox.example")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Check your email")


def _tab_to(page: Page, selector: str, most: int = 60) -> None:
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


@with_and_without_scripts
def test_one_letter_about_two_paragraphs(
    browser_at: Callable[..., Page], open_draft: Callable[[str], str], script: bool
) -> None:
    address = open_draft(TEXT)
    page = browser_at(script=script)
    page.goto(f"{address}/p/all")
    page.get_by_role("link", name="Send one letter about several paragraphs").click()
    page.get_by_label("Paragraphs it is about").fill("1, 9")
    page.get_by_label("Your letter").fill("Dear unit,\n\nwe have read it all.\n\n" + "Steps matter. " * 800)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("This draft has no paragraph 9.")
    page.get_by_label("Paragraphs it is about").fill("1, 3")
    page.get_by_role("button", name="Continue").click()
    give_details(page, "Wheels Society", f"wheels-{script}@letterbox.example".lower())
    open_the_link(page)
    page.get_by_role("button", name="Yes, send it").click()
    expect(the_comment(page, "we have read it all.")).to_be_visible()
    key = (page.locator("article.comment").first.get_attribute("id") or "").removeprefix("comment-")
    page.goto(address)
    page.goto(thread_of(page, address, "3"))
    expect(page.locator(f'a[href*="{key}"]').first).to_be_attached()


def test_the_pages_of_a_guest_are_accessible_on_every_width(
    chrome: Browser, demonstration: Demonstration, open_draft: Callable[[str], str]
) -> None:
    """In a browser that minds no complaint: axe styles what it looks at."""
    context = chrome.new_context(base_url=demonstration.address, locale="en-GB", reduced_motion="reduce")
    page, address = context.new_page(), open_draft(TEXT)
    page.goto(address)
    page.goto(thread_of(page, address, "1"))
    is_accessible(page)
    page.locator(".thread-panel textarea[name=body]").fill("On both sides, please.")
    page.get_by_role("button", name="Preview").click()
    is_accessible(page)
    page.get_by_role("button", name="Keep for later").click()
    is_accessible(page)
    page.get_by_role("link", name=re.compile("^Edit")).click()
    is_accessible(page)
    page.goto("/unsent")
    page.get_by_role("button", name="Review and send 1 comment").click()
    is_accessible(page)
    page.get_by_text("I answer for an organisation").click()
    give_details(page, "Nia Probert", "nia.mail.example")
    is_accessible(page)
    give_details(page, "Nia Probert", "nia-axe@letterbox.example")
    is_accessible(page)
    open_the_link(page, "/not-me")
    is_accessible(page)
    page.get_by_role("link", name="It was me after all").click()
    is_accessible(page)
    page.get_by_role("button", name="Yes, send it").click()
    is_accessible(page)
    page.goto("/guest")
    is_accessible(page)
    page.get_by_role("button", name="Leave: forget me here").click()
    page.goto("/guest")
    is_accessible(page)
    context.close()


def is_accessible(page: Page) -> None:
    page.wait_for_load_state()  # a click goes on before the page has its style
    for width in (DESK, TELEPHONE):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options=RULES).response["violations"]
        assert not found, [(page.url, rule["id"], rule["nodes"][0]["html"]) for rule in found]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
