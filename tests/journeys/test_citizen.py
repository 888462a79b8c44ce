"""Somebody who follows a link: reads, joins, comments, corrects, withdraws, reports, replies."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK, TELEPHONE, Account

DRAFT = "/consultations/clear-footways/standard"
PASSWORD = "kerb lantern biscuit"
with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
on_both_widths = pytest.mark.parametrize("width", [DESK, TELEPHONE])


def _paragraph(page: Page, number: str) -> Locator:
    return page.locator(f'.doc [data-number="{number}"]')


def _find_the_paragraph(page: Page, number: str, *, script: bool) -> None:
    """From the home page to the thread of a paragraph."""
    page.goto("/")
    page.get_by_role("link", name="Clear footways").first.click()
    page.get_by_role("link", name="Read and comment").click()
    expect(page).to_have_url(re.compile(DRAFT + "$"))
    _paragraph(page, number).locator("a.count").click()
    if script:
        expect(page.locator(".thread-panel")).to_contain_text(f"Paragraph {number}")
        expect(page).to_have_url(re.compile(r"\?p=\w+#p-\w+$"))
    else:
        expect(page.locator("h1")).to_have_text(f"Paragraph {number}")


def _join(page: Page, name: str, email: str) -> None:
    """From the thread through the account and its mail, back to the thread."""
    page.get_by_role("link", name="Sign in instead").click()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name to show").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.locator("h1")).to_have_text("Check your email")
    page.locator("main").get_by_role("link", name="See the email").click()
    expect(page.locator("main article")).to_have_count(1)
    page.locator(".letter a").first.click()
    page.get_by_role("button", name="Confirm and sign in").click()
    expect(page.get_by_text("Your email address is confirmed. You can comment now.")).to_be_visible()


def _comment(page: Page, words: str) -> Locator:
    """Preview, then post; return what the author sees of it."""
    page.get_by_label(re.compile("^Your comment on")).fill(words)
    page.get_by_role("button", name="Preview").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("This is how it will look")
    expect(preview.locator("strong")).to_have_text("too narrow")
    expect(preview).to_contain_text("Anyone can read this")
    page.get_by_role("button", name="Post the comment").click()
    own = page.locator("article.comment", has_text="too narrow")
    expect(own).to_contain_text("With a moderator · only you can see this")
    return own


@on_both_widths
@with_and_without_scripts
def test_somebody_new_joins_and_comments_on_a_paragraph(
    browser_at: Callable[..., Page], busy: str, width: int, script: bool
) -> None:
    page = browser_at(width, script=script)
    name = f"Passer-by {width} {script}"
    _find_the_paragraph(page, busy, script=script)
    _join(page, name, f"passer-by-{width}-{script}@letterbox.example".lower())
    expect(page.locator("h1")).to_have_text(f"Paragraph {busy}")
    own = _comment(page, "Two metres is **too narrow** where buses stop.")
    expect(own.locator(".c-name")).to_have_text(name)
    stranger = browser_at(width, script=script)
    stranger.goto(page.url)
    expect(stranger.locator("h1")).to_have_text(f"Paragraph {busy}")
    expect(stranger.get_by_text(name)).to_have_count(0)


@on_both_widths
@with_and_without_scripts
def test_one_s_own_comment_is_corrected_and_withdrawn(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    busy: str,
    width: int,
    script: bool,
) -> None:
    page = browser_at(width, script=script)
    who = said("clear-footways", busy, "A board outside every shop is to much.")
    sign_in_at(page, who)
    page.goto(f"/comments/{who['key']}")
    own = page.locator(f"#comment-{who['key']}")
    own.get_by_role("link", name="Correct").click()
    page.get_by_label("Your comment").fill("A board outside every shop is too much.")
    page.get_by_role("button", name="Save the new words").click()
    expect(own.locator(".c-body")).to_have_text("A board outside every shop is too much.")
    own.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("Your comment is withdrawn.")).to_be_visible()
    expect(own).to_have_count(0)


@on_both_widths
@with_and_without_scripts
def test_somebody_replies_to_one_comment_and_reports_another(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    newcomer: Callable[[], Account],
    open_draft: Callable[[str], str],
    width: int,
    script: bool,
) -> None:
    address = open_draft("Every flight of steps has a handrail.")
    slug = address.split("/")[2]
    kind, rude = said(slug, "1", "On both sides, please."), said(slug, "1", "Only fools fall down steps.")
    page = browser_at(width, script=script)
    sign_in_at(page, newcomer())
    page.goto(f"/comments/{kind['key']}")
    page.locator(f"#comment-{kind['key']}").get_by_role("link", name="Reply").click()
    page.get_by_label(re.compile("^Your comment on")).fill("And one in the middle where it is wide.")
    page.get_by_role("button", name="Post the reply").click()
    replies = page.locator(f"#comment-{kind['key']} .replies")
    expect(replies).to_contain_text("And one in the middle where it is wide.")
    page.locator(f"#comment-{rude['key']}").get_by_role("link", name="Report").click()
    page.get_by_role("radio", name="abuse or threat").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator("h1")).to_have_text("Thank you: a moderator will look")
    page.get_by_role("link", name="Back to the thread").click()
    expect(page.locator(f"#comment-{rude['key']}")).to_contain_text("Only fools fall down steps.")


@with_and_without_scripts
def test_a_form_that_will_not_do_keeps_what_was_typed(browser_at: Callable[..., Page], script: bool) -> None:
    page = browser_at(script=script)
    page.goto("/sign-up")
    page.get_by_label("Name to show").fill("Wendy")
    page.get_by_label("Email").fill("not an address")
    page.get_by_role("button", name="Send me the link").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    expect(page.get_by_label("Name to show")).to_have_value("Wendy")
    expect(page.get_by_label("Email")).to_have_value("not an address")
    summary.locator("a").first.click()
    assert page.evaluate("document.querySelector(':target').matches('[aria-invalid=true]')")


def test_after_the_closing_date_the_talk_stays_and_nothing_invites_to_comment(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None], newcomer: Callable[[], Account]
) -> None:
    page = browser_at()
    sign_in_at(page, newcomer())
    page.goto("/consultations/garden-waste/proposal")
    expect(page.get_by_text("The time for comments is over.")).to_be_visible()
    expect(page.locator("a.count.heat-0")).to_have_count(0)
    page.locator(".doc a.count").first.click()
    panel = page.locator(".thread-panel")
    expect(panel).to_contain_text("Comments closed on")
    expect(panel.locator("textarea")).to_have_count(0)
    expect(panel.get_by_role("link", name="Reply", exact=True)).to_have_count(0)


def test_what_is_being_written_survives_a_closed_page_and_can_be_deleted(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    newcomer: Callable[[], Account],
    busy: str,
) -> None:
    page = browser_at()
    sign_in_at(page, newcomer())
    page.goto(DRAFT)
    _paragraph(page, busy).locator("a.count").click()
    page.locator(".thread-panel textarea[name=body]").fill("I was about to say that")
    kept = page.locator(".thread-panel .kept")
    expect(kept).to_be_visible()
    page.goto("/")
    page.goto(DRAFT)
    _paragraph(page, busy).locator("a.count").click()
    expect(page.locator(".thread-panel textarea[name=body]")).to_have_value("I was about to say that")
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator(".thread-panel textarea[name=body]")).to_have_value("")
    page.reload()
    expect(page.locator(".thread-panel textarea[name=body]")).to_have_value("")


FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  return {
    is: at.matches('.skip') ? 'skip' : at.matches('a.count.heat-0') ? 'empty count' : at.matches('textarea') ? 'field'
      : at.matches('button[value=post]') ? 'post' : at.tagName,
    lost: at === document.body,
    ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def _tab_to(page: Page, what: str, most: int) -> None:
    """Press Tab until the focus is there; on the way it is never lost and always to be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at: dict[str, Any] = page.evaluate(FOCUS)
        assert (at["lost"], at["ringed"], at["seen"]) == (False, True, True), at
        if at["is"] == what:
            return
    raise AssertionError(f"{what} is further than {most} stops away")


def test_a_comment_is_made_by_keyboard_alone(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None], newcomer: Callable[[], Account]
) -> None:
    page = browser_at()
    sign_in_at(page, newcomer())
    page.goto(DRAFT)
    _tab_to(page, "skip", 1)
    page.keyboard.press("Enter")
    _tab_to(page, "empty count", 60)
    opener = page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    heading = page.locator(".thread-panel h2").first
    expect(heading).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.href") == opener
    page.keyboard.press("Enter")
    expect(heading).to_be_focused()
    _tab_to(page, "field", 8)
    page.keyboard.type("Written without a mouse.")
    _tab_to(page, "post", 4)
    page.keyboard.press("Enter")
    own = page.locator("article.comment", has_text="Written without a mouse.")
    expect(own).to_contain_text("With a moderator · only you can see this")


def test_the_draft_only_is_read_with_few_stops_of_the_tab_key(browser_at: Callable[..., Page]) -> None:
    page = browser_at()
    stops = "[...document.querySelectorAll('main :is(a[href], button, [tabindex]), main summary')].filter(e => e.tabIndex >= 0).length"
    page.goto(DRAFT)
    with_talk = page.evaluate(stops)
    paragraphs = page.locator(".doc .para").count()
    page.get_by_role("link", name="Read the draft only").click()
    expect(page.locator("a.count")).to_have_count(0)
    assert page.evaluate(stops) < paragraphs / 2 < with_talk / 3
    page.get_by_role("link", name="Read with comments").first.click()
    expect(page).to_have_url(re.compile(DRAFT + "$"))


def test_single_keys_do_nothing_until_they_are_switched_on(browser_at: Callable[..., Page]) -> None:
    page = browser_at()
    page.goto(DRAFT)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")
    switch = page.get_by_role("checkbox", name=re.compile("^J jumps"))
    expect(switch).not_to_be_checked()
    switch.check()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.className") == "para-no"
    assert first != second
    assert page.evaluate("document.activeElement.textContent") == first
    page.reload()
    expect(page.get_by_role("checkbox", name=re.compile("^J jumps"))).to_be_checked()
    page.get_by_role("checkbox", name=re.compile("^J jumps")).uncheck()
