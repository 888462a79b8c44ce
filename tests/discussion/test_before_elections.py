"""Before an election: comments, answers and the clock of questions."""

from datetime import UTC, date, datetime

import pytest

from consult import clock
from consult.consultations.election_models import Effect
from consult.discussion import actions
from consult.discussion.answering import actions as answering
from consult.discussion.answering import drafting, held_back
from consult.discussion.answering.models import Step
from consult.discussion.models import Response, State
from consult.errors import Closed
from consult.extensions import db, transaction
from tests import factories
from tests.discussion import ground

FIRST, LAST = date(2027, 3, 25), date(2027, 5, 6)
NOON = datetime(2027, 3, 22, 12, tzinfo=UTC)  # a Monday
WITHIN = datetime(2027, 4, 12, 12, tzinfo=UTC)
AFTER = datetime(2027, 5, 10, 12, tzinfo=UTC)  # a Monday


@pytest.fixture
def document(app):
    clock.replace(lambda: NOON)
    return ground.a_draft(closes_at=datetime(2027, 7, 1, tzinfo=UTC))


def _quiet(document, *effects):
    organisation = document.consultation.unit.organisation
    return factories.an_election(organisation, FIRST, LAST, *effects)


def test_comments_and_moderation_go_on(document):
    _quiet(document, *(effect for effect in Effect if effect is not Effect.CLOSE_FORMS))
    clock.replace(lambda: WITHIN)
    said = ground.say(ground.paragraph(document))
    ground.take_down(said)
    assert said.state is State.TAKEN_DOWN


def test_no_comment_is_taken_while_the_forms_are_closed(document):
    said, author = ground.say(ground.paragraph(document)), factories.a_person()
    _quiet(document, Effect.CLOSE_FORMS)
    clock.replace(lambda: WITHIN)
    with pytest.raises(Closed) as refused:
        ground.say(ground.paragraph(document), by=author)
    assert "Comments cannot be added until after 6 May." in str(refused.value)
    with pytest.raises(Closed), transaction(said.author):
        actions.correct_comment(actor=said.author, comment=said, body="Other words.")
    ground.withdraw(said)
    clock.replace(lambda: AFTER)
    ground.say(ground.paragraph(document), by=author)


def test_what_is_sent_into_closed_forms_can_be_kept(document, visit_as):
    _quiet(document, Effect.CLOSE_FORMS)
    clock.replace(lambda: WITHIN)
    visit = visit_as(factories.a_person())
    here = ground.address(ground.paragraph(document))
    page = visit.post(here, {"body": "Plant limes.", "kind": "comment"}, 409).page
    assert "Comments cannot be added until after 6 May." in page.main.text
    assert page.select_one("textarea#body").text.strip() == "Plant limes."
    visit.post(here, {"body": "Plant limes.", "kind": "comment", "do": "keep"})
    assert "Plant limes." in visit.get("/unsent").main.text


def test_an_official_answer_is_held_until_after(document):
    asked = ground.say(ground.paragraph(document), ask=True)
    official = factories.an_official(document.consultation.unit)
    _quiet(document, Effect.HOLD_ANSWERS)
    clock.replace(lambda: WITHIN)
    with pytest.raises(Closed) as refused, transaction(official):
        answering.respond(actor=official, comments=[asked], body="Because.")
    assert "until after 6 May" in str(refused.value)
    db.session.expire_all()
    assert asked.answered_at is None
    clock.replace(lambda: AFTER)
    with transaction(official):
        answering.respond(actor=official, comments=[asked], body="Because.")


def test_the_page_of_an_answer_says_so_and_keeps_what_was_typed(document, visit_as):
    asked = ground.say(ground.paragraph(document), ask=True)
    _quiet(document, Effect.HOLD_ANSWERS)
    clock.replace(lambda: WITHIN)
    visit = visit_as(factories.an_official(document.consultation.unit))
    here = f"/desk/answer/{asked.key}"
    page = visit.get(here)
    assert "We will answer after 6 May." in page.select_one("[data-held]").text
    assert not page.select("button[value=post]")
    page = visit.post(here, {"body": "Because.", "do": "post"}, 409).page
    assert "until after 6 May" in page.select_one("[role=alert]").text
    assert page.select_one("#body").text.strip() == "Because."
    assert visit.post(here, {"body": "Because.", "do": "hold"}).location == "/desk/drafts"
    assert "Goes out by itself after the election." in visit.get("/desk/drafts").main.text
    clock.replace(lambda: AFTER)
    assert held_back.release_due() == 1


def test_desk_monitor_and_thread_agree_on_a_clock_that_stood_still(document, visit, visit_as):
    """Asked on Monday 22 March; 23 and 24 March counted, then 7 and 10 May: four days of a promise of five."""
    ground.say(ground.paragraph(document), "Why oaks?", ask=True)
    _quiet(document, Effect.STOP_CLOCK)
    thread = ground.address(ground.paragraph(document))
    clock.replace(lambda: WITHIN)
    told = "Question · waiting 2 working days, clock stopped before the election"
    assert told in visit.get(thread).main.text
    clock.replace(lambda: AFTER)
    assert "Question · waiting 4 working days" in visit.get(thread).main.text
    monitor = " ".join(visit.get("/monitor").main.text.split())
    assert "4 days" in monitor
    desk = visit_as(factories.an_official(document.consultation.unit)).get("/desk")
    assert "longer than we aim for" not in desk.main.text
    clock.replace(lambda: datetime(2027, 5, 12, 12, tzinfo=UTC))
    assert "Question · waiting 6 working days, 1 past our aim" in visit.get(thread).main.text
    assert "1 day past the promise" in " ".join(visit.get("/monitor").main.text.split())


def _held(asked, official, body="Because."):
    with transaction(official):
        draft = drafting.save_draft(actor=official, comments=[asked], body=body)
        drafting.hold(actor=official, draft=draft)
    return draft


def test_a_held_answer_goes_out_by_itself_once_it_is_over(document):
    asked = ground.say(ground.paragraph(document), ask=True)
    official = factories.an_official(document.consultation.unit)
    _quiet(document, Effect.HOLD_ANSWERS)
    clock.replace(lambda: WITHIN)
    draft = _held(asked, official)
    assert held_back.release_due() == 0
    clock.replace(lambda: datetime(2027, 5, 6, 23, tzinfo=UTC))
    assert (held_back.release_due(), held_back.release_due()) == (1, 0)
    db.session.expire_all()
    assert asked.answered_at == clock.now()
    response = db.session.get_one(Response, draft.response_id)
    assert (response.author_id, response.body) == (official.id, "Because.")


@pytest.mark.parametrize("what", ["withdrawn", "answered", "ended", "disabled"])
def test_a_held_answer_that_cannot_go_out_stays_a_draft(document, what):
    asked = ground.say(ground.paragraph(document), ask=True)
    unit = document.consultation.unit
    official, colleague = factories.an_official(unit), factories.an_official(unit)
    _quiet(document, Effect.HOLD_ANSWERS)
    clock.replace(lambda: WITHIN)
    draft = _held(asked, official)
    clock.replace(lambda: AFTER)
    if what == "withdrawn":
        ground.withdraw(asked)
    elif what == "answered":
        with transaction(colleague):
            answering.respond(actor=colleague, comments=[asked], body="Mine.")
    else:
        with transaction():
            official.disabled_at = clock.now() if what == "disabled" else None
            official.roles[0].ended_at = clock.now() if what == "ended" else None
    assert (held_back.release_due(), held_back.release_due()) == (0, 0)
    db.session.expire_all()
    assert (draft.step, draft.held_at, draft.response_id) == (Step.WRITING, None, None)


def test_other_words_are_held_anew(document):
    asked = ground.say(ground.paragraph(document), ask=True)
    official = factories.an_official(document.consultation.unit)
    _quiet(document, Effect.HOLD_ANSWERS)
    clock.replace(lambda: WITHIN)
    draft = _held(asked, official)
    with transaction(official):
        drafting.save_draft(actor=official, comments=[asked], body="Other words.", draft=draft)
    clock.replace(lambda: AFTER)
    assert held_back.release_due() == 0
