"""A moderator with a campaign: five hundred copies of a letter, forty of them with a word of their own, in a minute."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import insert, select

from consult import clock
from consult.accounts.models import Person, Unit
from consult.consultations.models import Policy
from consult.discussion.models import Comment, State
from consult.documents import actions as documents
from consult.documents.models import Document, Paragraph
from consult.extensions import db, transaction
from consult.keys import new_key
from consult.moderation.campaigns import reading
from consult.moderation.campaigns.models import Campaign, CampaignLetter
from consult.moderation.counting import tally
from consult.moderation.models import Cause, QueueItem
from consult.text.campaigns.letters import SEED
from tests import factories
from tests.beside import beside
from tests.journeys.conftest import RealSite, insist_on_access
from tests.moderation.campaigns.scene import LETTER, TEXT

COUNT, WITH_OWN_WORDS = 500, 40
A_MINUTE = 60
# as many of each as share no divisor: no two of forty sentences have two words in a row in common
WHO = ("Granny", "Tariq", "Moira", "Uncle", "Priti", "Gethin", "Nobody", "Everyone")
DID = ("painted", "remembers", "climbed", "misses", "photographed", "watered", "counted")
WHAT = ("rooks", "blossom", "conkers", "shade", "acorns", "lanterns", "benches", "squirrels", "swifts")
WHEN = ("yesterday", "always", "twice", "nightly", "in infancy")


def _words() -> list[str]:
    """Return what the people write: the letter, and here and there a sentence before or after it."""
    own = [f"{WHO[n % 8]} {DID[n % 7]} {WHAT[n % 9]} {WHEN[n % 5]}." for n in range(WITH_OWN_WORDS)]
    own[7] = "Whoever wrote this draft is a liar and ought to be hanged from one."
    own[23] = "Ring the clerk at home on 020 7946 0123 and shout."
    with_own = [f"{words}\n\n{LETTER}" if n % 2 else f"{LETTER} {words}" for n, words in enumerate(own)]
    return [*with_own, *[LETTER] * (COUNT - WITH_OWN_WORDS)]


def _send(site: RealSite) -> list[int]:
    """Let as many people send the letter, all at once, and let it be grouped; return the ids of their comments."""
    with beside(site.app):
        unit = db.session.scalars(select(Unit).where(Unit.slug == "footways")).one()
        document = factories.a_document(factories.a_consultation(unit, policy=Policy.BEFORE))
        with transaction():
            official = db.session.scalars(
                select(Person).where(Person.email == site.accounts["official"]["email"])
            ).one()
            documents.publish_version(actor=official, document=document, source=TEXT, note="First.")
        with transaction():
            ids = _written(document)
            _waiting(document, ids)
            _grouped(document, ids)
        return ids


def _written(document: Document) -> list[int]:
    now = clock.now()
    place = db.session.scalars(
        select(Paragraph).where(Paragraph.document_id == document.id, Paragraph.number == "1")
    ).one()
    people = [
        {
            "name": f"Writer {n}",
            "email": f"writer-{n}@letterbox.example",
            "created_at": now,
            "confirmed_at": now,
        }
        for n in range(COUNT)
    ]
    authors = db.session.scalars(insert(Person).returning(Person.id), people).all()
    said: list[dict[str, Any]] = [
        {
            "key": new_key(10),
            "organisation_id": document.consultation.organisation_id,
            "document_id": document.id,
            "paragraph_id": place.id,
            "version_id": document.current_version_id,
            "author_id": author,
            "state": State.WAITING,
            "body": body,
            "html": f"<p>{body}</p>",
            "created_at": now + timedelta(milliseconds=n),
            "salt": f"{n:032}",
        }
        for n, (author, body) in enumerate(zip(authors, _words(), strict=True))
    ]
    return list(db.session.scalars(insert(Comment).returning(Comment.id), said))


def _waiting(document: Document, ids: Sequence[int]) -> None:
    now, consultation = clock.now(), document.consultation
    rows = [
        {
            "organisation_id": consultation.organisation_id,
            "consultation_id": consultation.id,
            "comment_id": number,
            "cause": Cause.WAITING,
            "since": now,
            "due_at": now + timedelta(hours=24),
            "risk": 1,
        }
        for number in ids
    ]
    db.session.execute(insert(QueueItem), rows)
    tally(consultation.organisation_id, Cause.WAITING, len(ids))


def _grouped(document: Document, ids: Sequence[int]) -> None:
    """Put them into one group; those of the same words are read once."""
    group = Campaign(consultation_id=document.consultation_id, made_at=clock.now(), letter_count=len(ids))
    db.session.add(group)
    db.session.flush()
    marks = [read.mark for _number, read in reading.read_all(ids[: WITH_OWN_WORDS + 1])]
    marks += marks[-1:] * (len(ids) - len(marks))
    rows = [
        {
            "comment_id": number,
            "consultation_id": document.consultation_id,
            "campaign_id": group.id,
            "mark": mark,
            "is_first": marks.index(mark) == n,
            "sketch": SEED,
        }
        for n, (number, mark) in enumerate(zip(ids, marks, strict=True))
    ]
    db.session.execute(insert(CampaignLetter), rows)


def test_a_campaign_of_five_hundred_is_triaged_in_a_minute(
    browser_on_real_site: Callable[..., Page], real_site: RealSite
) -> None:
    ids = _send(real_site)
    page = browser_on_real_site()
    real_site.let_in(page, real_site.accounts["moderator"]["email"])
    page.goto("/moderation/campaigns")
    insist_on_access(page)
    began = time.monotonic()
    page.get_by_role("link", name="I am writing about the felling").click()
    expect(page.locator("h1")).to_have_text("500 similar comments")
    expect(page.get_by_text("459 others say the same, word for word")).to_be_visible()
    expect(page.locator("#own li")).to_have_count(WITH_OWN_WORDS)
    for words in ("ought to be hanged", "Ring the clerk at home"):
        passage = page.locator("#own li", has_text=words)
        expect(passage.locator("mark")).to_contain_text(words)
        passage.get_by_role("checkbox").check()
    expect(page.locator("#bulk-count")).to_have_text("2 ticked")
    page.get_by_role("button", name="Take down…", exact=True).click()
    expect(page.locator("h1")).to_have_text("Take down 2 comments")
    page.get_by_role("radio", name="abuse or threat").check()
    page.get_by_role("button", name="Take down 2 comments").click()
    expect(page.locator("h1")).to_contain_text("2 taken down")
    page.get_by_role("link", name="Back to the group").click()
    page.get_by_role("button", name="Publish all that wait…").click()
    expect(page.locator("h1")).to_have_text("Publish 498 comments")
    page.get_by_role("button", name="Publish 498 comments").click(timeout=A_MINUTE * 1000)
    expect(page.locator("h1")).to_contain_text("498 published.", timeout=A_MINUTE * 1000)
    assert time.monotonic() - began < A_MINUTE
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)
    insist_on_access(page)
    with beside(real_site.app):
        states = db.session.scalars(select(Comment.state).where(Comment.id.in_(ids))).all()
        assert Counter(states) == {State.PUBLISHED: 498, State.TAKEN_DOWN: 2}
    page.get_by_role("link", name="Back to the group").click()
    insist_on_access(page)
    _the_unit_reads_it(browser_on_real_site(), real_site)


def _the_unit_reads_it(page: Page, site: RealSite) -> None:
    """An official finds the group at the desk, and can answer it at once."""
    site.let_in(page, site.accounts["official"]["email"])
    page.goto("/desk")
    page.get_by_role("link", name="Similar comments").click()
    page.get_by_role("link", name="I am writing about the felling").click()
    expect(page.locator("h1")).to_have_text("498 similar comments")
    expect(page.get_by_text("ought to be hanged")).to_have_count(0)
    insist_on_access(page)
    page.get_by_role("button", name="Answer 498 with one reply").click()
    expect(page.locator("textarea").first).to_be_visible()
