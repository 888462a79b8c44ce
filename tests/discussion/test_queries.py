"""Lists that other rooms ask for, and two people, or one, at the same moment."""

import threading

import pytest
from sqlalchemy import func, select

from consult.discussion import queries
from consult.discussion.models import Comment, State
from consult.errors import NotFound
from consult.extensions import db
from tests import factories
from tests.discussion import ground
from tests.discussion.ground import a_draft, address, answer, paragraph, say, take_down


def test_a_persons_own_comments_come_newest_first_whatever_their_state(app):
    person = factories.a_person()
    draft = a_draft(policy=ground.BEFORE)
    mine = [say(paragraph(draft), f"Tree {n}.", by=person) for n in range(3)]
    say(paragraph(draft))
    take_down(mine[1])
    found = queries.comments_of(person.id)
    assert [row.key for row in found] == [said.key for said in reversed(mine)]
    assert found[1].state is State.TAKEN_DOWN
    assert [row.key for row in queries.comments_of(person.id, after=mine[1].key)] == [mine[0].key]
    assert found[0].consultation_slug == draft.consultation.slug


def test_decisions_come_with_those_who_took_them(app):
    said = say(paragraph(a_draft()))
    moderator = factories.a_moderator(said.document.consultation.unit.organisation)
    ground.move(said, State.TAKEN_DOWN, by=moderator, reason="abuse")
    found = queries.decisions_on([said.id, 999])
    assert [decision.after for decision in found[said.id]] == [State.TAKEN_DOWN, State.PUBLISHED]
    assert found[said.id][0].actor.id == moderator.id
    assert found[999] == []


def test_the_public_may_see_what_is_published_and_nothing_else(app):
    first = paragraph(a_draft())
    shown, hidden = say(first), say(first)
    take_down(hidden)
    assert db.session.scalars(select(Comment.key).where(queries.public())).all() == [shown.key]


def test_what_a_reply_hangs_on_is_a_comment_or_a_response(app):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked)
    assert queries.said_under(asked.key) == (asked, None)
    assert queries.said_under(response.key) == (asked, response)
    with pytest.raises(NotFound):
        queries.said_under("nothing")


def test_the_whole_draft_is_a_paragraph(app):
    draft = a_draft()
    assert queries.whole(draft).key == "all"
    with pytest.raises(NotFound):
        queries.whole(factories.a_document())


def test_the_same_form_at_the_same_moment_makes_one_comment(app, sign_in):
    """Two clicks, two connections: both are led to the one comment."""
    person, here = factories.a_person(), address(paragraph(a_draft()))
    browsers = [sign_in(person), sign_in(person)]
    db.session.rollback()
    start, places = threading.Barrier(2), []

    def click(browser):
        start.wait()
        with app.app_context():
            answered = browser.post(here, data={"body": "Plant oaks.", "once": "k" * 20})
        places.append((answered.status_code, answered.headers.get("Location")))

    clicks = [threading.Thread(target=click, args=(browser,)) for browser in browsers]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert [status for status, _place in places] == [303, 303]
    assert places[0] == places[1]
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1
    assert (
        db.session.scalar(select(ground.Paragraph.comment_count).where(ground.Paragraph.comment_count > 0))
        == 1
    )


def test_many_who_speak_at_once_are_all_counted(app, sign_in):
    people, here = [factories.a_person() for _ in range(6)], address(paragraph(a_draft()))
    browsers = [sign_in(person) for person in people for _ in range(2)]
    db.session.rollback()
    statuses = []

    def speak(browser):
        with app.app_context():
            statuses.append(browser.post(here, data={"body": "Plant oaks."}).status_code)

    speakers = [threading.Thread(target=speak, args=(browser,)) for browser in browsers]
    for each in speakers:
        each.start()
    for each in speakers:
        each.join()
    assert statuses == [303] * 12
    document = db.session.scalars(select(ground.Document)).one()
    assert (document.comment_count, document.people_count) == (12, 6)
