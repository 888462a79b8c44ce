"""An official publishes the third version of a real draft over the second, with 200 comments on it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from consult.discussion import recounting
from consult.discussion.models import Comment
from consult.documents.models import Document, Lineage, Paragraph, Version
from consult.extensions import db, transaction
from tests.benchmarks import filling
from tests.beside import beside
from tests.journeys.conftest import DESK, TELEPHONE, Demonstration
from tests.journeys.test_every_page import RULES

COMMENTS = 200
with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


@dataclass(frozen=True)
class Draft:
    """A published document, the text that is to follow it, and a way to ask the database about it."""

    id: int
    address: str
    following: str
    site: Demonstration

    def places(self) -> dict[str, tuple[int, int]]:
        """Return for each comment, by key, its paragraph and its version."""
        with beside(self.site.app):
            rows = db.session.execute(
                select(Comment.key, Comment.paragraph_id, Comment.version_id).where(
                    Comment.document_id == self.id
                )
            ).all()
        return {key: (paragraph, version) for key, paragraph, version in rows}

    def keys_of_commented(self) -> list[str]:
        with beside(self.site.app):
            wanted = select(Paragraph.key).where(
                Paragraph.document_id == self.id, Paragraph.comment_count > 0
            )
            return list(db.session.scalars(wanted))

    def confirmed_count(self) -> int:
        with beside(self.site.app):
            latest = select(func.max(Version.id)).where(Version.document_id == self.id).scalar_subquery()
            wanted = select(func.count(Lineage.from_paragraph_id.distinct())).where(
                Lineage.to_version_id == latest, Lineage.confirmed_by.is_not(None)
            )
            return db.session.scalar(wanted) or 0

    def wrong_counts(self) -> int:
        with beside(self.site.app), transaction():
            return len(recounting.recount())


@pytest.fixture
def talked_about(demonstration: Demonstration, open_draft: Callable[[str], str], shared_path: Path) -> Draft:
    """The authenticators' second version in an open consultation, with 200 comments all over it."""
    folder = shared_path / "corpus" / "authenticators"
    address = open_draft((folder / "v2.md").read_text("utf-8"))
    with beside(demonstration.app):
        document = db.session.scalars(
            select(Document).where(Document.consultation.has(slug=address.split("/")[2]))
        ).one()
        filling.comments(document, COMMENTS, people=40)
        found = Draft(document.id, address, (folder / "v3.md").read_text("utf-8"), demonstration)
    return found


def _save_draft(page: Page, draft: Draft) -> None:
    page.goto(f"{draft.address}/edit")
    page.get_by_label("Markdown", exact=True).fill(draft.following)
    page.get_by_role("button", name="Save the draft").click()
    with page.expect_navigation():  # it takes a while to find what became of each paragraph
        page.get_by_role("link", name="Go on to publish the saved draft").click()


def _left(page: Page) -> int:
    """Return how many matches the page says are left to confirm."""
    found = page.get_by_text(re.compile(r"\d+ match(es)? to confirm before you can publish"))
    return int(found.inner_text().split()[0]) if found.count() else 0


def _answer_by_keyboard(page: Page) -> None:
    """Answer each question in turn without a mouse, with the first thing that the paragraph may have become."""
    page.locator("fieldset.match input[type=radio]").first.focus()
    for place in range(page.locator("fieldset.match").count()):
        question = page.locator("fieldset.match").nth(place)
        expect(question.locator(":focus")).to_have_count(1)
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        expect(question.locator("input:checked")).to_have_count(1)
        page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Confirm the matches")
    with page.expect_navigation():
        page.keyboard.press("Enter")


@with_and_without_scripts
def test_two_hundred_comments_come_along_and_the_doubtful_matches_are_confirmed_by_keyboard(
    browser_at: Callable[..., Page],
    sign_in_at: Callable[..., None],
    talked_about: Draft,
    script: bool,
) -> None:
    before = talked_about.places()
    assert len(before) == COMMENTS
    page = browser_at(script=script)
    sign_in_at(page, "official")
    _save_draft(page, talked_about)
    asked = _left(page)
    assert asked
    page.get_by_label("What changed, and why?").fill("As many asked, with the words of the new guidance.")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_role("alert")).to_contain_text(
        re.compile(rf"{asked} match(es are| is) still to be confirmed")
    )
    while _left(page):
        _answer_by_keyboard(page)
    expect(page.get_by_text("Every doubtful match is confirmed.")).to_be_visible()
    expect(page.get_by_label("What changed, and why?")).to_have_value(
        "As many asked, with the words of the new guidance."
    )
    page.get_by_role("button", name="Publish version 2").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()
    assert talked_about.places() == before
    assert talked_about.wrong_counts() == 0
    assert talked_about.confirmed_count() >= asked
    _each_is_reached(page, talked_about)


def _each_is_reached(page: Page, draft: Draft) -> None:
    """Follow the link of every paragraph with comments, as anybody holds it: its talk is there."""
    for key in draft.keys_of_commented():
        answer = page.request.get(f"{draft.address}/p/{key}")
        assert answer.status == 200, key
        assert 'id="comment-' in answer.text(), key


def test_another_paragraph_is_chosen_and_what_was_said_can_be_undone(
    browser_at: Callable[..., Page], sign_in_at: Callable[..., None], talked_about: Draft
) -> None:
    page = browser_at(script=False)
    sign_in_at(page, "official")
    _save_draft(page, talked_about)
    question = page.locator("fieldset.match").first
    name = question.locator("legend").inner_text()
    question.get_by_role("radio", name=re.compile("^Another paragraph")).check()
    page.get_by_role("button", name="Confirm the matches").click()
    expect(page.locator("h1")).to_have_text(name)
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Find words or a number").fill("biometric")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"\d+ paragraphs with these words"))).to_be_visible()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="It became what is ticked").first.click()
    expect(page.get_by_text("1 match is confirmed.")).to_be_visible()
    row = page.locator("tr[id^=match-]").first
    expect(row).to_contain_text(re.compile("split into|joined with"))
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.locator("tr[id^=match-]")).to_have_count(0)
    expect(page.locator("fieldset.match").first.locator("legend")).to_have_text(name)


def test_the_pages_of_a_publication_are_accessible_on_every_width(
    chrome: Browser, demonstration: Demonstration, sign_in_at: Callable[..., None], talked_about: Draft
) -> None:
    """In a browser that minds no complaint: axe styles what it looks at."""
    context = chrome.new_context(base_url=demonstration.address, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    sign_in_at(page, "official")
    _save_draft(page, talked_about)
    page.get_by_role("button", name="Publish version 2").click()  # with its errors
    address = f"{talked_about.address}/publish"
    key = (page.locator("fieldset.match").first.get_attribute("id") or "").removeprefix("match-")
    for there in (None, address, f"{address}/{key}", f"{address}/{key}?q=verifier"):
        if there:
            page.goto(there)
        page.wait_for_load_state()  # a click goes on before the page has its style
        for width in (DESK, TELEPHONE):
            page.set_viewport_size({"width": width, "height": 900})
            violations = Axe().run(page, options=RULES).response["violations"]
            assert not violations, [(found["id"], found["nodes"][0]["html"]) for found in violations]
        page.set_viewport_size({"width": 320, "height": 900})
        needed, given = page.evaluate(
            "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
        )
        assert needed <= given, there
    context.close()
