"""Where an organisation signs with parts alone, no public page, feed, print or mail has the name of who answered."""

import json

import pytest
from sqlalchemy import select

from consult.accounts.models import Signing
from consult.discussion import actions
from consult.discussion.answering import replying
from consult.discussion.models import Response
from consult.documents.actions import publish_version
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from consult.toolkit import seeding
from consult.web.conditional import PAGES
from tests import factories
from tests.discussion import ground
from tests.house.test_public_pages import Walk

NAME = "Zebedee Quillfeather"
TITLE = "Head of pavements"


def _answered() -> Response:
    """A draft with an answer across two paragraphs, corrected, and another after a new version; and a reply by mail."""
    draft = ground.a_draft()
    draft.consultation.unit.organisation.signs_with = Signing.ROLE
    db.session.commit()
    official = factories.an_official(draft.consultation.unit, name=NAME, title=TITLE)
    first, third = ground.paragraph(draft), ground.paragraph(draft, "3")
    asked = [ground.say(first, "Which oaks?", ask=True), ground.say(third, ask=True)]
    response = ground.answer(*asked, body="Sessile ones.", by=official)
    with transaction(official):
        actions.correct_response(actor=official, response=response, body="Sessile ones, mostly.")
    shorter = ground.TEXT.replace("First, we", "At first we").replace("Third, we water them.\n", "")
    with transaction(official):
        publish_version(
            actor=official, document=draft, source=shorter, note="Fewer words.", doubtful="remove"
        )
    ground.answer(ground.say(first, ask=True), body="Yes.", by=official)
    sent = ground.tell_team(first)
    with transaction(official):
        replying.reply_to_sender(actor=official, comment=sent, body="Thank you.")
    ground.answer(
        ground.say(first, ask=True), by=factories.an_official(draft.consultation.unit, name=NAME, title="")
    )
    return response


@pytest.mark.slow
def test_no_public_page_feed_or_mail_has_the_name(app):
    response = _answered()
    with transaction():
        seeding.seed()
    draft = db.session.get_one(type(response.paragraph.document), response.document_id)
    address = f"/consultations/{draft.consultation.slug}/{draft.slug}"
    PAGES.clear()
    walk = Walk(app.test_client(use_cookies=False)).run()
    more = [
        f"/comments/{response.key}/history",
        f"{address}/print",
        "/search?q=sessile",
        f"{address}/v/1",
        f"{address}.atom",
    ]
    pages = {here: answer.get_data(as_text=True) for here, answer in walk.answers.items()}
    for here in more:
        pages[here] = app.test_client().get(here, follow_redirects=True).get_data(as_text=True)
    assert len(pages) > 60
    assert not [here for here, page in pages.items() if "Zebedee" in page or "Quillfeather" in page]
    signed = [here for here, page in pages.items() if TITLE in page]
    assert {f"{address}/print", f"{address}.atom", f"/comments/{response.key}/history"} <= set(signed)
    assert len(signed) > 6
    mails = db.session.scalars(select(OutboxMail)).all()
    assert mails
    assert not [mail for mail in mails if "Zebedee" in mail.body + mail.subject]
    assert [mail for mail in mails if TITLE in mail.body]


def test_officials_and_the_record_keep_the_name(app, sign_in):
    response = _answered()
    assert response.author.name == NAME
    own = sign_in(response.author).get("/account/data.json").get_data(as_text=True)
    assert {row["is_unnamed"] for row in json.loads(own)["official_replies"]} == {True}


def test_what_was_signed_with_a_name_keeps_it(app):
    draft = ground.a_draft()
    asked = ground.say(ground.paragraph(draft), ask=True)
    response = ground.answer(asked, by=factories.an_official(draft.consultation.unit, name=NAME))
    draft.consultation.unit.organisation.signs_with = Signing.ROLE
    db.session.commit()
    assert not response.is_unnamed
    page = app.test_client().get(ground.address(asked.paragraph)).get_data(as_text=True)
    assert NAME in page
