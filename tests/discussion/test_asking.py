"""Questions that others have too, answers that answer nothing, and when a comment counts as read."""

import pytest

from consult import clock
from consult.consultations.models import Stage
from consult.discussion import recounting
from consult.discussion.ledger import also, figures, objecting
from consult.discussion.ledger import recounting as ledger_recounting
from consult.discussion.ledger.also import Asker
from consult.discussion.ledger.models import AlsoAsked, LedgerEntry, Place
from consult.discussion.models import State
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from consult.web import conditional
from tests import factories
from tests.accounts.ground import mails
from tests.discussion import ground
from tests.pages import Visitor


@pytest.fixture
def where(app):
    return ground.paragraph(ground.a_draft())


@pytest.fixture
def question(where):
    return ground.say(where, "Which trees are counted?", ask=True)


def entry(comment) -> LedgerEntry:
    db.session.rollback()
    return db.session.get(LedgerEntry, comment.id, populate_existing=True)


def is_true() -> bool:
    with transaction():
        return ledger_recounting.recount() == [] == recounting.recount()


def join(question, asker: Asker, actor=None) -> bool:
    with transaction(actor):
        return also.join_question(actor=actor, asker=asker, comment=question)


# I have this question too


def test_anybody_says_once_that_they_have_a_question_too_and_takes_it_back(where, question, visit):
    """Without an account, from the page that is alike for everybody and bears no token."""
    here = ground.address(where)
    form = visit.get(here).select_one(f'form[action="/comments/{question.key}/also"]')
    assert form is not None
    assert not form.select("input")
    answer = visit.post(form["action"])
    assert answer.location.endswith(f"#comment-{question.key}")
    page = visit.get(here)
    assert "1 other has this question" in page.text
    assert "You have this question too" in page.text
    visit.post(form["action"], {"csrf_token": _token(page)})
    assert entry(question).also_count == 1
    visit.post(form["action"], {"do": "take-back", "csrf_token": _token(page)})
    assert entry(question).also_count == 0
    assert "has this question" not in visit.get(here).text
    assert is_true()


def test_a_person_is_counted_once_in_every_browser(question):
    person = factories.a_person()
    assert join(question, Asker(holder="a browser"))
    assert join(question, Asker(person.id), person)
    assert not join(question, Asker(person.id, "another"), person)
    with transaction():
        also.take_over(None, person=person, holder="a browser")
    assert entry(question).also_count == 1
    assert is_true()


def test_who_comes_to_be_known_brings_what_the_browser_said(question):
    person = factories.a_person()
    join(question, Asker(holder="a browser"))
    with transaction():
        also.take_over(None, person=person, holder="a browser")
    assert not join(question, Asker(person.id), person)
    guest = factories.a_guest()
    join(question, Asker(guest.id), guest)
    with transaction():
        also.on_comments_claimed(None, person=person, guest=guest)
    assert entry(question).also_count == 1
    assert is_true()


def test_whoever_asked_does_not_count_as_another(question):
    with pytest.raises(Conflict):
        join(question, Asker(question.author_id), question.author)


@pytest.mark.parametrize("gone", [ground.take_down, ground.withdraw, ground.answer])
def test_what_does_not_wait_cannot_be_joined(question, gone, visit):
    gone(question)
    with pytest.raises(Conflict):
        join(question, Asker(holder="a browser"))
    visit.post(f"/comments/{question.key}/also", status=409)


def test_nobody_joins_after_the_outcome_or_what_is_no_question(where, question, visit):
    said = ground.say(where)
    ground.end(ground.consultation_of(where))
    with pytest.raises(Closed):
        join(question, Asker(holder="a browser"))
    visit.get(f"/comments/{said.key}/also", 404)
    visit.get(f"/comments/{ground.tell_team(ground.paragraph(ground.a_draft()), ask=True).key}/also", 404)


def test_with_the_outcome_it_is_forgotten_who_asked_and_the_number_stays(question):
    join(question, Asker(holder="a browser"))
    with transaction():
        assert also.forget_askers() == 0
    ground.end(question.document.consultation)
    with transaction():
        assert also.forget_askers() == 1
        assert also.forget_askers() == 0
    row = db.session.query(AlsoAsked).one()
    assert (row.person_id, row.holder, entry(question).also_count) == (None, None, 1)
    assert is_true()


def test_a_closed_account_stays_a_number(question):
    person = factories.a_person()
    join(question, Asker(person.id), person)
    with transaction():
        also.on_account_closed(None, person=person)
        also.on_people_erased(None, ids=[person.id])
    assert (entry(question).also_count, db.session.query(AlsoAsked).one().person_id) == (1, None)


# This does not answer me


def test_the_author_is_asked_by_mail_and_says_no_with_why(where, question, visit_as):
    author = question.author
    ground.answer(question)
    body = mails(author.email)[-1].body
    assert "Did that answer it?" in body
    assert f"/comments/{question.key}/answered#no" in body
    visitor, page = visit_as(author), f"/comments/{question.key}/answered"
    assert "It is so because of the roots." in visitor.get(page).text
    token = {"csrf_token": _token(visitor.get(page))}
    empty = visitor.post(page, {"do": "no", "why": "  ", **token}, 422).page
    assert empty.select_one("[role=alert] a")["href"] == "#why"
    long = visitor.post(page, {"do": "no", "why": "x" * 501, **token}, 422).page
    assert "x" * 501 in long.select_one("#why").text
    visitor.post(page, {"do": "no", "why": "Which oaks?", **token})
    back = entry(question)
    assert (back.place, back.waits, back.objection) == (Place.IN_PROGRESS, True, "Which oaks?")
    assert back.since == back.objected_at
    assert back.first_answered_at is not None
    db.session.expire_all()
    found = figures.of(where.document, clock.now())
    assert (found.asked, found.answered, found.waiting, found.due) == (1, 0, 1, 1)
    assert is_true()
    again = visitor.post(page, {"do": "no", "why": "Really?", **token}, 409).page
    assert "You have said this once" in again.select_one("[role=alert]").text


def test_everybody_sees_that_it_came_back_and_the_unit_alone_sees_why(where, question, visit, visit_as):
    ground.answer(question)
    with transaction(question.author):
        objecting.object_to_answer(actor=question.author, comment=question, why="Which oaks?")
    page = visit.get(ground.address(where))
    assert "The author says this does not answer the question" in page.text
    assert "Which oaks?" not in page.text
    official = factories.an_official(ground.consultation_of(where).unit)
    assert "Which oaks?" in visit_as(official).get(f"/desk/answer/{question.key}").text
    assert "Came back" in visit_as(official).get("/desk").text
    ledger = f"/consultations/{ground.consultation_of(where).slug}/ledger"
    for ending in ("", ".json", ".csv"):
        assert "Which oaks?" not in visit.client.get(ledger + ending).text
    ground.answer(question, body="All oaks.", by=official)
    assert (entry(question).place, entry(question).waits) == (Place.ANSWERED, False)
    with pytest.raises(Conflict), transaction(question.author):
        objecting.object_to_answer(actor=question.author, comment=question, why="And beeches?")
    assert "Answered again" in visit.get(ground.address(where)).text
    assert is_true()


def test_a_guest_comes_by_the_link_in_the_mail(where, app):
    guest = factories.a_guest()
    question = ground.say(where, "Which trees?", by=guest, ask=True)
    ground.answer(question)
    line = next(line for line in mails(guest.email)[-1].body.splitlines() if line.startswith("No, and why"))
    visitor = Visitor(app.test_client())
    link = "/" + line.partition("8000/")[2].partition("#")[0]
    form = visitor.get(link).select_one("main form")
    page = visitor.get(link)
    assert f"about={question.key}" in form["action"]
    where_to = visitor.post(form["action"], {"csrf_token": _token(page)}).location
    assert where_to == f"/comments/{question.key}/answered"
    page = visitor.get(where_to)
    visitor.post(where_to, {"do": "no", "why": "Which ones?", "csrf_token": _token(page)})
    assert entry(question).objection == "Which ones?"
    assert visitor.client.get(link).location == where_to  # spent, and known here


def test_the_author_says_that_it_is_answered(question, visit_as, visit):
    ground.answer(question)
    visitor, page = visit_as(question.author), f"/comments/{question.key}/answered"
    visitor.post(page, {"do": "yes", "csrf_token": _token(visitor.get(page))})
    assert entry(question).content_at is not None
    assert "The author says this answers the question" in visit.get(ground.address(question.paragraph)).text
    assert is_true()


def test_nobody_else_objects_and_nobody_to_nothing(question, visit_as):
    other = factories.a_person()
    with pytest.raises(NotAllowed), transaction(other):
        objecting.object_to_answer(actor=other, comment=question, why="No.")
    visit_as(other).get(f"/comments/{question.key}/answered", 403)
    for why, refusal in (("No.", Conflict), ("", Invalid)):
        with pytest.raises(refusal), transaction(question.author):
            objecting.object_to_answer(actor=question.author, comment=question, why=why)


def test_after_the_outcome_and_after_withdrawing_nothing_comes_back(where, question):
    ground.answer(question)
    other = ground.say(where, "And beeches?", ask=True)
    ground.answer(other)
    ground.withdraw(other)
    ground.end(ground.consultation_of(where))
    for said, refusal in ((question, Closed), (other, Conflict)):
        with pytest.raises(refusal), transaction(said.author):
            objecting.object_to_answer(actor=said.author, comment=said, why="No.")


def test_why_goes_when_its_author_takes_the_question_back(question):
    ground.answer(question)
    with transaction(question.author):
        objecting.object_to_answer(actor=question.author, comment=question, why="It names me.")
    ground.withdraw(question)
    assert entry(question).objection == ""


def test_what_was_sent_only_to_the_team_comes_back_as_well(where, visit_as):
    question = ground.tell_team(where, "Is mine counted?", ask=True)
    official = factories.an_official(ground.consultation_of(where).unit)
    desk = visit_as(official)
    page = desk.get(f"/desk/team/{question.key}")
    desk.post(
        f"/desk/team/{question.key}",
        {"body": "It is.", "do": "post", "once": "a" * 20, "csrf_token": _token(page)},
    )
    visitor, address = visit_as(question.author), f"/comments/{question.key}/answered"
    page = visitor.get(address)
    assert "It is." in page.text
    visitor.post(address, {"do": "no", "why": "Since when?", "csrf_token": _token(page)})
    assert (entry(question).place, entry(question).waits) == (Place.IN_PROGRESS, True)
    assert "Since when?" in desk.get(f"/desk/team/{question.key}").text
    assert is_true()


# Read, when it is read


def test_it_is_read_when_an_official_of_the_unit_opens_it_on_the_desk(where, question, visit_as, visit):
    unit = ground.consultation_of(where).unit
    official = factories.an_official(unit)
    visit.get(ground.address(where))
    visit_as(official).get("/desk")
    visit_as(official).get(ground.address(where))
    visit_as(factories.an_official(factories.a_unit())).get(f"/desk/answer/{question.key}", 403)
    visit_as(official).client.get(f"/desk/answer/{question.key}", headers={"Sec-Purpose": "prefetch"})
    assert entry(question).place is Place.NEW
    visit_as(official).get(f"/desk/answer/{question.key}")
    first = entry(question)
    assert (first.place, first.read_by) == (Place.READ, official.id)
    visit_as(factories.an_official(unit)).get(f"/desk/answer/{question.key}")
    assert (entry(question).read_at, entry(question).read_by) == (first.read_at, official.id)
    assert "Read by the unit on" in visit_as(question.author).get("/account").text
    conditional.forget()
    ledger = visit.get(f"/consultations/{ground.consultation_of(where).slug}/ledger")
    assert ledger.select_one("[data-place=read]")


def test_what_was_sent_only_to_the_team_is_read_on_its_page(where, visit_as):
    said = ground.tell_team(where)
    official = factories.an_official(ground.consultation_of(where).unit)
    visit_as(official).get("/desk/team?show=all")
    assert entry(said).place is Place.NEW
    visit_as(official).get(f"/desk/team/{said.key}")
    assert entry(said).place is Place.READ


def test_a_reply_to_what_is_gone_is_refused_and_marks_nothing_as_read(question, visit_as):
    official = factories.an_official(question.document.consultation.unit)
    ground.move(question, State.TAKEN_DOWN, reason="abuse")
    visit_as(official).get(f"/desk/answer/{question.key}", 409)
    with pytest.raises(Conflict):
        ground.answer(question, by=official)
    assert entry(question).place is Place.NEW
    assert db.session.query(OutboxMail).filter(OutboxMail.subject.contains("answered")).count() == 0


def test_stage_names_are_those_of_the_owed(question):
    """An objection waits as long as questions are owed an answer."""
    ground.answer(question)
    ground.end(question.document.consultation, Stage.ANALYSING)
    with transaction(question.author):
        objecting.object_to_answer(actor=question.author, comment=question, why="Which?")
    assert entry(question).waits


def _token(page) -> str:
    return (
        page.select_one("input[name=csrf_token]")["value"]
        if page.select_one("input[name=csrf_token]")
        else ""
    )
