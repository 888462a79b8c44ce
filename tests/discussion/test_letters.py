"""One long letter is one response: it stands on the whole draft, and on each paragraph that it cites."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.discussion import recounting
from consult.discussion.models import Citation, Comment, State
from consult.documents.models import WHOLE
from consult.extensions import db
from tests import factories
from tests.accounts.ground import mails
from tests.discussion.ground import a_draft, address, paragraph
from tests.discussion.test_guests import NIA, confirm

LONG = "Dear unit,\n\n" + "We have read it all, and think of oaks. " * 600


def at(document):
    return f"/consultations/{document.consultation.slug}/{document.slug}/letter"


def the_letter():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()


def cited():
    rows = db.session.execute(select(Citation.paragraph_id)).all()
    return sorted(row.paragraph_id for row in rows)


def test_a_guest_sends_one_letter_about_several_paragraphs(app, visit):
    document = a_draft()
    answer = visit.post(at(document), {"body": LONG, "cites": "1, 3", "to": "public"})
    page = visit.get(answer.location)
    assert "About: 1, 3" in page.text
    key = page.select_one('form[action="/unsent/send"] input[name=c]')["value"]
    visit.post("/unsent/send", {"c": key, **NIA})
    confirm(visit, mails(NIA["email"])[-1])
    said = the_letter()
    assert (said.is_letter, said.paragraph.key, said.state) == (True, WHOLE, State.PUBLISHED)
    assert cited() == sorted(paragraph(document, number).id for number in ("1", "3"))
    assert document.comment_count == 1
    assert list(recounting.differences()) == []


def test_an_account_sends_a_letter_about_the_whole_draft(app, visit_as):
    document, visitor = a_draft(), visit_as(factories.a_person())
    answer = visitor.post(at(document), {"body": LONG, "to": "public"})
    key = answer.location.partition("c=")[2]
    landed = visitor.post("/unsent/send", {"c": key, "to": "public"}).location
    assert landed.startswith(address(paragraph(document, WHOLE)))
    assert the_letter().is_letter
    assert cited() == []
    assert "think of oaks" in visitor.get(landed).text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("99", "no paragraph 99"),
        ("1, 99, 98", "no paragraph 99, 98"),
        ("1; DROP TABLE", "Enter numbers of paragraphs"),
        ("one", "Enter numbers of paragraphs"),
        ("1-3, 400-440", "no paragraph 400"),
        ("1-3, 400-460", "60 paragraphs or fewer"),
    ],
)
def test_numbers_that_are_none_are_named_and_nothing_is_lost(app, visit, typed, message):
    document = a_draft()
    page = visit.post(at(document), {"body": LONG, "cites": typed, "to": "public"}, 422).page
    assert message in page.select_one('[role=alert] a[href="#cites"]').text
    assert page.find(id="cites")["value"] == typed
    assert "think of oaks" in page.find(id="body").text


@pytest.mark.parametrize("typed", ["1-3", "1 2 3", "1, 2 and 3", "3; 2; 1", "1–3", " 1 ,, 2,3 "])
def test_numbers_are_read_as_people_write_them(app, visit, typed):
    document = a_draft()
    visit.get(visit.post(at(document), {"body": LONG, "cites": typed, "to": "public"}).location)
    page = visit.get(at(document))
    assert sorted(page.find(id="cites")["value"].split(", ")) == ["1", "2", "3"]


def test_a_letter_that_is_too_long_or_empty_is_refused_with_what_was_typed(app, visit):
    document = a_draft()
    page = visit.post(at(document), {"body": "x" * 50_001, "to": "public"}, 422).page
    assert "50,000 characters or fewer" in page.select_one("[role=alert]").text
    visit.post(at(document), {"body": "", "to": "public"}, 422)


def test_a_letter_only_to_the_team_leaves_no_trace_at_what_it_cites(app, visit_as, visit):
    document, visitor = a_draft(), visit_as(factories.a_person(name="Nia Probert"))
    key = visitor.post(at(document), {"body": LONG, "cites": "2", "to": "team"}).location.partition("c=")[2]
    assert visitor.post("/unsent/send", {"c": key, "to": "team"}).location == "/account"
    assert the_letter().state is State.RECEIVED
    for number in ("2", WHOLE):
        page = visit.get(address(paragraph(document, number)))
        assert "Nia Probert" not in page.text
        assert "letter by" not in page.text.lower()


def test_after_the_closing_there_is_no_letter_to_write(app, client):
    document = a_draft()
    later = clock.now() + timedelta(days=40)
    clock.replace(lambda: later)
    assert client.get(at(document)).status_code == 409


def test_a_letter_that_comes_after_the_closing_is_still_there_to_be_copied(app, visit):
    document = a_draft()
    later = clock.now() + timedelta(days=40)
    clock.replace(lambda: later)
    page = visit.post(at(document), {"body": LONG, "cites": "1, 3", "to": "public"}, 409).page
    assert "closed" in page.select_one("[role=alert]").text
    assert page.find(id="body").text.strip() == LONG.strip()
    assert page.find(id="cites")["value"] == "1, 3"


def test_a_letter_is_corrected_at_its_whole_length(app, visit_as):
    document, visitor = a_draft(), visit_as(factories.a_person())
    key = visitor.post(at(document), {"body": LONG, "to": "public"}).location.partition("c=")[2]
    visitor.post("/unsent/send", {"c": key, "to": "public"})
    place = f"/comments/{the_letter().key}/edit"
    assert visitor.get(place).find(id="body")["data-max"] == "50000"
    visitor.post(place, {"body": LONG.replace("oaks", "beeches")})
    assert "think of beeches" in the_letter().body
    page = visitor.post(place, {"body": "x" * 50_001}, 422).page
    assert "50,000 characters or fewer" in page.text


def test_a_letter_kept_for_later_is_said_to_be(app, visit):
    document = a_draft()
    assert visit.post(at(document), {"body": LONG, "to": "public", "do": "keep"}).location == "/unsent"
    assert "Kept. Nobody else can read it" in visit.get("/unsent").text
