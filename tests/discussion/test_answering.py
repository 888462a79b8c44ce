"""Officials answer: in the unit's name, once for many, and nobody's text is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consult import audit, clock
from consult.announcements import question_answered
from consult.consultations.models import Stage
from consult.discussion import actions, conditions, queries, reads, recounting
from consult.discussion.desk import queries as desk
from consult.discussion.ledger import recounting as ledger_recounting
from consult.discussion.models import Answer, Response, Wording
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from tests import factories
from tests.discussion.ground import TEXT, a_draft, answer, paragraph, publish, reply, say, take_down, withdraw


def _official(comment, **values):
    return factories.an_official(comment.document.consultation.unit, **values)


def test_an_answer_settles_the_question_and_bears_unit_and_title(app):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked, by=_official(asked, title="Head of unit"))
    assert asked.answered_at == response.created_at
    assert response.author_title == "Head of unit"
    assert response.unit_id == asked.document.consultation.unit_id
    place = asked.paragraph
    assert (place.answered_count, place.response_count, place.waiting_count) == (1, 1, 0)
    assert asked.document.answered_count == asked.document.consultation.answered_count == 1


def test_one_response_answers_many(app):
    first = paragraph(a_draft())
    asked = [say(first, ask=True), say(first, ask=True), say(first)]
    heard = []

    def listen(sender, response, comments):
        heard.extend(comment.id for comment in comments)

    with question_answered.connected_to(listen):
        answer(*asked)
    assert heard == [comment.id for comment in asked]
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 3
    assert (first.answered_count, first.response_count) == (2, 1)
    assert asked[2].answered_at is None  # a comment is owed no answer: it has none of its own to wait for


def test_a_second_answer_counts_no_question_twice(app):
    asked = say(paragraph(a_draft()), ask=True)
    answer(asked)
    answer(asked)
    assert (asked.paragraph.answered_count, asked.paragraph.response_count) == (1, 2)
    assert list(recounting.differences()) == []


def test_only_officials_of_the_unit_answer(app):
    asked = say(paragraph(a_draft()), ask=True)
    organisation = asked.document.consultation.unit.organisation
    for person in (
        asked.author,
        factories.an_official(factories.a_unit(organisation)),
        factories.a_moderator(organisation),
        factories.an_administrator(),
    ):
        with pytest.raises(NotAllowed):
            answer(asked, by=person)


def test_the_same_form_twice_makes_one_response(app):
    asked = say(paragraph(a_draft()), ask=True)
    official = _official(asked)
    made = []
    for _ in range(2):
        with transaction(official):
            made.append(actions.respond(actor=official, comments=[asked], body="So.", once="k" * 20).id)
    assert made[0] == made[1]
    assert asked.paragraph.response_count == 1


def test_who_is_second_keeps_both_texts(app):
    asked = say(paragraph(a_draft()), ask=True)
    official, began = _official(asked), clock.now()
    later = began + timedelta(minutes=5)
    clock.replace(lambda: later)
    theirs = answer(asked, body="Because of the roots.")
    with pytest.raises(Conflict) as refusal, transaction(official):
        actions.respond(actor=official, comments=[asked], body="Because of the soil.", seen=began)
    assert refusal.value.theirs.id == theirs.id
    assert refusal.value.yours == "Because of the soil."


def test_nobody_answers_what_is_gone(app):
    first = paragraph(a_draft())
    gone, down, there = say(first, ask=True), say(first, ask=True), say(first, ask=True)
    withdraw(gone)
    take_down(down)
    for comments in ([gone], [down], [there, gone]):
        with pytest.raises(Conflict):
            answer(*comments)
    assert first.response_count == 0


def test_one_response_answers_across_the_paragraphs_of_one_draft(app):
    draft = a_draft()
    first, second = paragraph(draft, "1"), paragraph(draft, "2")
    asked = [say(first, ask=True), say(first, ask=True), say(second, ask=True), say(second)]
    response = answer(*asked)
    assert [(p.answered_count, p.response_count) for p in (first, second)] == [(2, 1), (1, 1)]
    assert asked[0].document.answered_count == 3
    assert [row.key for row in desk.responses_on(second)] == [response.key]
    rows = db.session.execute(reads.ANSWERS, {"comments": [comment.id for comment in asked]}).all()
    assert {row.comment_id for row in rows} == {comment.id for comment in asked}
    official = queries.thread(second, show="official")
    assert [node.comment.id for node in official.nodes] == [asked[2].id, asked[3].id]
    assert list(recounting.differences()) == []
    assert ledger_recounting.recount() == []


def test_one_response_answers_on_one_draft_alone(app):
    first = a_draft()
    beside = publish(factories.a_document(first.consultation), TEXT)
    with pytest.raises(Invalid):
        answer(say(paragraph(first)), say(paragraph(beside)))


def test_no_more_than_five_hundred_at_once(app):
    asked = say(paragraph(a_draft()), ask=True)
    with pytest.raises(Invalid):
        conditions.check_answerable([asked] * 501, [], None, actions.answer_written("So."))


def test_officials_answer_after_closing_and_until_the_outcome(app):
    asked = say(paragraph(a_draft()), ask=True)
    other = say(asked.paragraph, ask=True)
    later = clock.now() + timedelta(days=40)
    clock.replace(lambda: later)
    answer(asked)
    asked.document.consultation.stage = Stage.OUTCOME
    db.session.commit()
    with pytest.raises(Closed):
        answer(other)


@pytest.mark.parametrize("body", ["", "x" * 20_001, "[" * 5_000])
def test_an_answer_that_is_none_or_too_much_is_refused(app, body):
    with pytest.raises(Invalid):
        actions.answer_written(body)


def test_twenty_thousand_characters_are_allowed(app):
    assert actions.answer_written("x" * 20_000)


def test_a_corrected_reply_keeps_what_it_said(app):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked, body="Three metres.")
    official = _official(asked)
    with transaction(official):
        actions.correct_response(actor=official, response=response, body="Two metres.")
    assert response.html == "<p>Two metres.</p>"
    assert response.edited_at is not None
    assert db.session.scalars(select(Wording)).one().body == "Three metres."


def test_a_colleagues_correction_is_not_written_over(app):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked, body="Three metres.")
    official, began = _official(asked), actions.face("Three metres.")
    with transaction(official):
        actions.correct_response(actor=official, response=response, body="Two metres.", seen=began)
    with pytest.raises(Conflict), transaction(official):
        actions.correct_response(actor=official, response=response, body="Four metres.", seen=began)


def test_a_stranger_corrects_no_reply(app):
    response = answer(say(paragraph(a_draft()), ask=True))
    stranger = factories.an_official(factories.a_unit())
    with pytest.raises(NotAllowed), transaction(stranger):
        actions.correct_response(actor=stranger, response=response, body="Two metres.")


def test_the_record_knows_who_answered(app):
    response = answer(say(paragraph(a_draft()), ask=True))
    entry = db.session.scalars(
        select(audit.AuditEntry).where(audit.AuditEntry.act == "response.publish")
    ).one()
    assert (entry.subject, entry.actor_id) == (f"response:{response.id}", response.author_id)


def test_an_answer_to_a_question_since_removed_from_the_text_is_kept(app):
    draft = a_draft()
    asked = say(paragraph(draft, "3"), ask=True)
    publish(draft, "# A plan\n\nFirst, we count the trees.\n", note="Shorter.")
    assert answer(asked).version_id == draft.current_version_id
    assert db.session.scalar(select(func.count()).select_from(Response)) == 1


def test_a_question_asked_in_a_reply_is_owed_an_answer_too(app):
    below = reply(say(paragraph(a_draft())), "And who pays?", ask=True)
    assert below.paragraph.waiting_count == 1
    answer(below)
    assert below.paragraph.waiting_count == 0
