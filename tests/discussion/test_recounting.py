"""Kept counts are what counting gives, after whatever people did."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from consult.discussion import recounting
from consult.discussion.models import Comment, State
from consult.documents.models import Document, Paragraph
from consult.errors import DomainError
from consult.extensions import db, transaction
from tests import factories
from tests.discussion.ground import a_draft, answer, move, paragraph, reply, say, take_down, withdraw


def test_a_wrong_count_is_found_named_and_mended(app):
    said = say(paragraph(a_draft()), ask=True)
    reply(said)
    with transaction():
        db.session.execute(update(Paragraph).values(question_count=7))
        db.session.execute(update(Document).values(people_count=9))
        db.session.execute(update(Comment).where(Comment.id == said.id).values(reply_count=0))
    db.session.expire_all()
    stamp = said.document.stamp
    with transaction():
        found = recounting.recount()
    assert f"document {said.document_id}: people_count was 9, is 2" in map(str, found)
    assert f"comment {said.id}: reply_count was 0, is 1" in map(str, found)
    assert {difference.column for difference in found} == {"question_count", "people_count", "reply_count"}
    assert list(recounting.differences()) == []
    assert said.document.stamp > stamp


ACTS = st.tuples(
    st.sampled_from(["say", "ask", "reply", "withdraw", "take_down", "publish", "wait", "answer"]),
    st.integers(min_value=0, max_value=50),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=20), st.booleans())
@pytest.mark.slow
def test_the_counts_hold_after_any_sequence_of_acts(app, acts, moderators_look_first):
    policy = factories.Policy.BEFORE if moderators_look_first else factories.Policy.AFTER
    draft = a_draft(policy=policy)
    second = factories.a_document(draft.consultation)
    places = [paragraph(draft, "1"), paragraph(draft, "2"), paragraph(draft, "all")]
    assert second.comment_count == 0
    people = [factories.a_person() for _ in range(3)]
    official = factories.an_official(draft.consultation.unit)
    moderator = factories.a_moderator(draft.consultation.unit.organisation)
    for act, pick in acts:
        said = db.session.scalars(
            select(Comment).where(Comment.document_id == draft.id).order_by(Comment.id)
        ).all()
        person, place = people[pick % 3], places[pick % len(places)]
        one = said[pick % len(said)] if said else None
        try:
            _do(act, one, place, person, official, moderator)
        except DomainError:
            db.session.rollback()  # the act was refused; what it would have counted must not stand
        assert list(recounting.differences()) == []


def _do(act, one, place, person, official, moderator):
    if act in ("say", "ask"):
        say(place, by=person, ask=act == "ask")
    elif one is None:
        return
    elif act == "reply":
        reply(one, by=person, ask=one.id % 2 == 0)
    elif act == "withdraw":
        withdraw(one)
    elif act == "take_down":
        take_down(one)
    elif act == "publish":
        move(one, State.PUBLISHED, by=moderator)
    elif act == "wait":
        move(one, State.WAITING, by=moderator)
    elif act == "answer":
        answer(one, by=official)
