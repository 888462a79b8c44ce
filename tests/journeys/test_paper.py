"""What comes out of a printer: the text, without what can only be pressed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

DRAFT = "/consultations/clear-footways/standard"
FURNITURE = [
    "nav",
    ".demo",
    ".footer",
    ".skip",
    "form",
    ".btn",
    ".toc",
    ".doc-bar",
    ".thread-panel",
    ".c-acts",
    ".tp-filter",
]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (DRAFT, "The footway is the most used public space we have."),
        (f"{DRAFT}/read", "The footway is the most used public space we have."),
        (f"{DRAFT}/print", "Comments on paragraph"),
        (f"{DRAFT}/removed", "Comments on text since removed"),
        ("/consultations/clear-footways", "What will happen to comments"),
        ("/toolkit/answering-well", "The shape of a good reply"),
        ("/accessibility", "Enforcement procedure"),
        ("/privacy", "What we keep"),
    ],
)
def test_paper_bears_the_words_and_none_of_the_furniture(
    browser_at: Callable[..., Page], address: str, words: str
) -> None:
    page = browser_at()
    page.goto(address)
    page.emulate_media(media="print")
    expect(page.get_by_text(words).first).to_be_visible()
    for part in FURNITURE:
        expect(page.locator(part).locator("visible=true")).to_have_count(0)


def test_paper_bears_the_number_of_each_paragraph_and_how_many_comments_it_has(
    browser_at: Callable[..., Page], busy: str
) -> None:
    page = browser_at()
    page.goto(DRAFT)
    page.emulate_media(media="print")
    paragraph = page.locator(f'[data-number="{busy}"]')
    expect(paragraph.locator(".para-no")).to_be_visible()
    shown = paragraph.locator(".count").evaluate("count => getComputedStyle(count, '::before').content")
    assert shown == '"["'
    expect(page.locator(".count.heat-0").locator("visible=true")).to_have_count(0)


def test_paper_leaves_out_the_thread_that_is_open(browser_at: Callable[..., Page], busy: str) -> None:
    page = browser_at()
    page.goto(DRAFT)
    page.locator(f'[data-number="{busy}"] a.count').click()
    expect(page.locator(".thread-panel")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".thread-panel")).to_be_hidden()
