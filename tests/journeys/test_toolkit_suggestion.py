"""Somebody suggests other words for a toolkit page by keyboard alone; an editor amends them; whoever suggested is told."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from consult.extensions import db
from consult.notices.models import OutboxMail
from tests.beside import beside
from tests.journeys.conftest import DESK, TELEPHONE, Account, Demonstration, insist_on_access

MOST_STEPS = 60  # from field to field


def _step_to(page: Page, wanted: Locator) -> None:
    """Go on from field to field by the keyboard until this one has the focus."""
    expect(wanted).to_be_attached()
    for _ in range(MOST_STEPS):
        if wanted.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {wanted}")


def test_somebody_suggests_an_editor_amends_and_it_is_published(
    demonstration: Demonstration,
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    newcomer: Callable[[], Account],
) -> None:
    who = newcomer()
    page = browser_at(DESK)
    sign_in_at(page, who)
    page.goto("/toolkit/elections")
    _step_to(page, page.locator(".tabs").get_by_role("link", name="Suggest a change"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/suggest")
    _step_to(page, page.locator("#source"))
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\nAsk the elections office first.")
    _step_to(page, page.get_by_label("Why should it change?"))
    page.keyboard.type("They know the dates before anybody else.")
    _step_to(page, page.get_by_role("button", name="Preview"))
    page.keyboard.press("Enter")
    expect(page.locator("#preview .diff ins")).to_contain_text("Ask the elections office first.")
    insist_on_access(page)
    _step_to(page, page.get_by_role("button", name="Send to an editor"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/toolkit/suggestions/*")
    expect(page.get_by_text("Sent. An editor looks at it")).to_be_visible()
    address = page.url

    editor = browser_at(TELEPHONE)
    sign_in_at(editor, "editor")
    editor.goto(address)
    insist_on_access(editor)
    editor.get_by_role("link", name="Change it, then accept").click()
    words = editor.locator("#source")
    words.fill(words.input_value().replace("Ask the elections office", "Telephone the elections office"))
    editor.get_by_label("A word to its author").fill("I made it shorter to do.")
    editor.get_by_role("button", name="Accept with these words").click()
    expect(editor.get_by_text("Accepted with changes").first).to_be_visible()

    page.goto("/toolkit/elections")
    expect(page.get_by_text("Telephone the elections office first.")).to_be_visible()
    page.goto("/toolkit/elections/history")
    expect(page.get_by_text(f"suggested by {who['name']}, accepted by")).to_be_visible()
    page.goto("/account/suggestions")
    expect(page.get_by_text("I made it shorter to do.")).to_be_visible()
    with beside(demonstration.app):
        wanted = select(OutboxMail.subject).where(OutboxMail.to_address == who["email"])
        assert list(db.session.scalars(wanted.order_by(OutboxMail.id))) == ["Your suggestion is accepted"]


def test_a_draft_that_is_deleted_gives_way_to_the_page_as_it_stands(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None], newcomer: Callable[[], Account]
) -> None:
    page = browser_at(DESK)
    sign_in_at(page, newcomer())
    page.goto("/toolkit/elections/suggest")
    stands = page.locator("#source").input_value()
    page.locator("#summary").fill("Something else.")
    page.locator("#source").fill("I was about to say that")
    kept = page.get_by_role("button", name="Delete it")
    expect(kept).to_be_visible()
    kept.click()
    expect(page.locator("#source")).to_have_value(stands)
    expect(page.locator("#summary")).not_to_have_value("Something else.")
    expect(kept).to_be_hidden()
    page.reload()
    expect(page.locator("#source")).to_have_value(stands)
