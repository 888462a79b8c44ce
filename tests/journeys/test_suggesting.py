"""Somebody proposes other words for a paragraph; an official treats a comment as a question, and its author says no."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, TELEPHONE, Account, insist_on_access


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])
def test_somebody_puts_words_of_their_own_on_a_phone(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    newcomer: Callable[[], Account],
    open_draft: Callable[[str], str],
    script: bool,
) -> None:
    page = browser_at(TELEPHONE, script=script)
    sign_in_at(page, newcomer())
    page.goto(open_draft("Every flight of steps has a handrail."))
    page.locator(".doc .para a.count").first.click()
    if script:
        page.get_by_role("link", name="More choices").click()
    page.get_by_label("Your comment on").fill("Say it shorter.")
    page.get_by_role("radio", name="Suggestion").check()
    field = page.get_by_role("textbox", name="The words you would put instead")
    if not script:
        page.get_by_text("The words you would put instead").first.click()
    page.get_by_role("button", name="Begin with the words that stand there").click()
    old = field.input_value()
    assert old
    if script:
        page.wait_for_load_state()
        insist_on_access(page)
    field.fill(f"{old} And nothing else.")
    page.get_by_role("button", name="Post the comment").click()
    own = page.locator("article.comment", has_text="Say it shorter.")
    expect(own.locator(".tag", has_text="Suggestion")).to_be_visible()
    expect(own.locator(".c-instead")).to_contain_text("Instead of the words of version")
    expect(own.locator(".c-instead ins")).to_contain_text("And nothing else.")
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE if script else True
    if script:
        page.wait_for_load_state()
        insist_on_access(page)


def test_an_official_treats_a_comment_as_a_question_and_its_author_says_no(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    said: Callable[..., Account],
    open_draft: Callable[[str], str],
) -> None:
    slug = open_draft("Every flight of steps has a handrail.").split("/")[2]
    theirs = said(slug, "1", "I wonder who will measure all this.")
    page = browser_at(DESK)
    sign_in_at(page, "official")
    page.goto(f"/comments/{theirs['key']}")
    comment = page.locator(f"#comment-{theirs['key']}")
    comment.get_by_role("button", name="Mark as a question").click()
    expect(comment.locator(".c-tags")).to_contain_text("Marked as a question by")
    expect(comment.get_by_role("button", name="Take the mark back")).to_be_visible()
    page.wait_for_load_state()
    insist_on_access(page)
    author = browser_at(TELEPHONE)
    sign_in_at(author, theirs)
    author.goto(f"/comments/{theirs['key']}")
    author.get_by_role("button", name="It is no question").click()
    expect(author.get_by_text("It is no question any more.")).to_be_visible()
    author.wait_for_load_state()
    insist_on_access(author)
