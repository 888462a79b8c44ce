"""What officials meet when a comment is withdrawn or taken down while they have it before them.

They read its words no more, and lose none of their own.
"""

import pytest
from sqlalchemy import select

from consult.discussion.answering import drafting, drafts, information
from consult.discussion.answering.models import InformationRequest
from consult.discussion.models import Response
from consult.discussion.routes.answering import one
from consult.extensions import db, transaction
from tests import factories
from tests.discussion.ground import a_draft, paragraph, reply, say, take_down, tell_team, withdraw

TYPED = "Because of **the** roots."


@pytest.fixture
def draft(app):
    return a_draft()


@pytest.fixture
def visitor(draft, visit_as):
    return visit_as(factories.an_official(draft.consultation.unit))


def _typed(page) -> str:
    return page.find("textarea").text.strip()


@pytest.mark.parametrize("go", [withdraw, take_down])
@pytest.mark.parametrize("do", ["post", "preview", "save", "clear"])
def test_a_reply_to_what_is_gone_is_shown_again_and_the_words_it_answers_are_not(draft, visitor, go, do):
    asked = say(paragraph(draft), "Where do the oaks go?", ask=True)
    go(asked)
    page = visitor.post(f"/desk/answer/{asked.key}", {"body": TYPED, "do": do}, 409).page
    assert _typed(page) == TYPED
    assert "withdrawn or taken down" in page.select_one('[role="alert"]').text
    assert "oaks" not in page.text
    assert db.session.scalars(select(Response)).all() == []


def test_a_refusal_in_the_last_moment_shows_no_words_that_are_gone(draft, visitor, monkeypatch):
    """It can still be read when the form arrives, and no more when its turn comes."""
    asked = say(paragraph(draft), "Where do the oaks go?", ask=True)
    found = one.answerable

    def and_then_gone(key):
        said = found(key)
        take_down(said)
        return said

    monkeypatch.setattr(one, "answerable", and_then_gone)
    page = visitor.post(f"/desk/answer/{asked.key}", {"body": TYPED, "do": "post"}, 409).page
    assert _typed(page) == TYPED
    assert "oaks" not in page.text


def test_a_reply_by_mail_to_what_is_gone_is_shown_again(draft, visitor):
    sent = tell_team(paragraph(draft), "Our oaks are sick.")
    withdraw(sent)
    page = visitor.post(f"/desk/team/{sent.key}", {"body": TYPED, "do": "post"}, 409).page
    assert _typed(page) == TYPED
    assert "oaks" not in page.text


def test_a_reply_to_several_of_which_none_is_left_is_shown_again(draft, visitor):
    asked = [say(paragraph(draft, number), "Oaks?", ask=True) for number in ("1", "2")]
    for each in asked:
        withdraw(each)
    form = {"key": [each.key for each in asked], "body": TYPED, "do": "post"}
    page = visitor.post("/desk/answer-several", form, 409).page
    assert _typed(page) == TYPED
    assert "Oaks" not in page.text


def test_a_reply_to_nothing_that_is_ticked_is_shown_again(draft, visitor):
    page = visitor.post("/desk/answer-several", {"body": TYPED, "do": "post"}, 422).page
    assert _typed(page) == TYPED
    assert "Choose at least one comment" in page.select_one('[role="alert"]').text


def test_a_reply_to_several_says_what_it_left_out(draft, visitor):
    asked = [say(paragraph(draft, number), "Oaks?", ask=True) for number in ("1", "2")]
    withdraw(asked[0])
    form = {"key": [each.key for each in asked], "body": TYPED, "do": "post"}
    visitor.post("/desk/answer-several", form)
    assert "1 comment is left out" in visitor.get("/desk").text
    assert len(db.session.scalars(select(Response)).all()) == 1


@pytest.mark.parametrize("go", [withdraw, take_down])
def test_the_page_of_an_answer_shows_no_words_of_a_comment_above_that_is_gone(draft, visitor, go):
    above = say(paragraph(draft), "I hate oaks.", by=factories.a_person(name="Wilf Thackray"))
    asked = reply(above, "Why?", ask=True)
    page = visitor.get(f"/desk/answer/{asked.key}")
    assert "I hate oaks." in page.text
    go(above)
    page = visitor.get(f"/desk/answer/{asked.key}")
    assert "I hate oaks." not in page.text
    assert "Wilf Thackray" not in page.select_one(".ask").text
    assert "In reply to a comment that was withdrawn or taken down." in page.text


@pytest.mark.parametrize("go", [withdraw, take_down])
def test_a_request_for_information_outlasts_its_comment_without_its_words(draft, visitor, go):
    draft.consultation.unit.organisation.information_contact = "foi@body.example"
    db.session.commit()
    asked = say(paragraph(draft), "Send me the oak survey.", ask=True)
    visitor.post(f"/desk/answer/{asked.key}/information", {"do": "mark"})
    go(asked)
    page = visitor.get("/desk/information")
    request = db.session.scalars(select(InformationRequest)).one()
    assert request.reference in page.text
    assert "survey" not in page.text
    assert asked.author.name not in page.text
    form = page.select_one("table form")
    shown = visitor.get(visitor.post(form["action"], {"do": "close"}).location)
    assert "No request for information is open." in shown.text
    db.session.expire_all()
    assert request.closed_at is not None
    assert information.open_requests([draft.consultation.unit_id]) == []


def test_a_draft_answers_what_is_left_of_its_comments(draft, visitor):
    asked = [say(paragraph(draft, number), "Oaks?", ask=True) for number in ("1", "2")]
    official = factories.an_official(draft.consultation.unit)
    with transaction(official):
        kept = drafting.save_draft(actor=official, comments=asked, body="Soon.")
    take_down(asked[0])
    page = visitor.post("/desk/drafts", {"key": kept.key, "do": "release"}, 409).page
    assert "has been withdrawn or taken down" in page.select_one(".err").text
    form = {"key": asked[1].key, "draft": kept.key, "body": "Soon.", "do": "post"}
    visitor.post("/desk/answer-several", form)
    db.session.expire_all()
    assert [each.answered_at is not None for each in asked] == [False, True]
    assert drafts.drafts_of([draft.consultation.unit_id]) == []
