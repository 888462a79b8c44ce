"""Somebody sees who has answered and who has not, joins a question, and says that an answer does not answer it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from consult.accounts.models import Person, Unit
from consult.consultations.models import Consultation
from consult.discussion.models import Comment
from consult.extensions import db
from tests import factories
from tests.beside import beside
from tests.discussion import ground
from tests.journeys.conftest import DESK, TELEPHONE, RealSite, insist_on_access

HERE = "/consultations/clear-footways"


@pytest.mark.parametrize(("width", "script"), [(DESK, True), (TELEPHONE, False)])
def test_anybody_follows_the_ledger_to_a_question_and_joins_it(
    browser_at: Callable[..., Page], width: int, script: bool
) -> None:
    page = browser_at(width, script=script)
    page.goto(f"{HERE}/standard")
    page.locator("[data-figures]").get_by_role("link", name="Where every comment stands").click()
    expect(page.locator("h1")).to_have_text("Where every comment stands")
    page.get_by_label("Where it stands").select_option("waiting")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"state=waiting"))
    row = page.locator("tr[data-place]", has_text="a charge point outside a home")
    expect(row).to_contain_text("6 others have this question")
    if script:
        insist_on_access(page)
    row.locator("td a").first.click()
    question = page.locator("article.comment", has_text="a charge point outside a home").first
    question.get_by_role("button", name="I have this question too").first.click()
    expect(page.locator(".note[role=status]")).to_contain_text("You are counted")
    expect(question.locator("> .c-tags")).to_contain_text("7 others have this question")
    if script:
        insist_on_access(page)
    question.get_by_role("button", name="Take it back").first.click()
    expect(question.locator("> .c-tags")).to_contain_text("6 others have this question")
    page.goto("/figures")
    expect(page.locator("#median")).to_have_text("First answer, the median")
    if script:
        insist_on_access(page)


def test_the_asker_is_told_and_objects_and_the_desk_is_told_why(
    browser_on_real_site: Callable[..., Page], real_site: RealSite
) -> None:
    asker, official = real_site.newcomer(), real_site.an_official()
    key = _an_answered_question(real_site, asker["email"], official["email"])
    mail = real_site.mails(asker["email"])[-1].body
    link = re.search(rf"{real_site.address}(/comments/{key}/answered#no)", mail)
    assert link, mail
    page = browser_on_real_site(TELEPHONE)
    real_site.let_in(page, asker["email"])
    page.goto(link[1])
    insist_on_access(page)
    page.get_by_role("button", name="This does not answer my question").click()
    expect(page.get_by_role("alert")).to_contain_text("Write what the answer leaves open")
    insist_on_access(page)
    page.get_by_label("What does it leave open?").fill("Which trees, and who counts them?")
    page.get_by_role("button", name="This does not answer my question").click()
    expect(page.locator(f"#comment-{key} > .c-tags")).to_contain_text("The author says this does not answer")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("It waits for another.")
    desk = browser_on_real_site(DESK)
    real_site.let_in(desk, official["email"])
    desk.goto(f"/desk/answer/{key}")
    expect(desk.locator("#objection")).to_contain_text("Which trees, and who counts them?")
    insist_on_access(desk)


def _an_answered_question(site: RealSite, asker: str, official: str) -> str:
    def person(email: str) -> Any:
        return db.session.scalars(select(Person).where(Person.email == email)).one()

    with beside(site.app):
        unit = db.session.scalars(select(Unit).where(Unit.slug == "footways")).one()
        document = factories.a_document(factories.a_consultation(unit))
        where = ground.paragraph(ground.publish(document, ground.TEXT))
        question: Comment = ground.say(where, "Which trees?", by=person(asker), ask=True)
        ground.answer(question, body="All of them.", by=person(official))
        key = question.key
        assert db.session.get(Consultation, document.consultation_id) is not None
        db.session.remove()
    return key
