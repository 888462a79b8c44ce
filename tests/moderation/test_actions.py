"""Reports and decisions: what the queue holds, who may decide, and what is refused."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.accounts.models import Role
from consult.consultations.election_models import Effect
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Decision, State
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import db, transaction
from consult.moderation import actions, queries
from consult.moderation.actions import Verb
from consult.moderation.models import Cause, QueueItem
from tests import factories
from tests.moderation.scene import Scene


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.BEFORE)


def _decide(scene, comment, verb, *, actor=None, **words):
    with transaction():
        actions.decide(actor=actor or scene.moderator, comment=comment, verb=verb, **words)


def _open_items():
    return list(db.session.scalars(select(QueueItem).where(QueueItem.settled_at.is_(None))))


def test_a_comment_that_waits_is_in_the_queue_once(scene):
    comment = scene.says("A first remark.")
    assert [item.comment_id for item in _open_items()] == [comment.id]
    assert queries.tallies([scene.organisation.id])[Cause.WAITING] == 1


def test_whoever_moderates_no_more_is_refused_though_they_did_at_the_door(scene):
    comment, moderator = scene.says("A first remark."), scene.moderator
    assert any(role.is_played for role in moderator.roles)
    theirs = update(Role).where(Role.person_id == moderator.id).values(ended_at=clock.now())
    db.session.execute(theirs.execution_options(synchronize_session=False))
    db.session.commit()
    with pytest.raises(NotAllowed), transaction(moderator, is_known=True):
        actions.decide(actor=moderator, comment=comment, verb=Verb.PUBLISH)
    assert comment.state is State.WAITING


def test_publishing_takes_it_out_of_the_queue_and_shows_it(scene):
    comment = scene.says("A first remark.")
    _decide(scene, comment, Verb.PUBLISH)
    assert comment.state is State.PUBLISHED
    assert _open_items() == []
    assert queries.tallies([scene.organisation.id])[Cause.WAITING] == 0


def test_taking_down_needs_a_reason_from_the_list(scene):
    comment = scene.says("Rude words.")
    with pytest.raises(Invalid) as refusal:
        _decide(scene, comment, Verb.TAKE_DOWN, reason="because")
    assert refusal.value.field == "reason"
    assert comment.state is State.WAITING
    _decide(scene, comment, Verb.TAKE_DOWN, reason="abuse")
    assert comment.state is State.TAKEN_DOWN
    assert queries.history_of(comment.id).decisions[0].reason == "abuse"


@pytest.mark.parametrize(("verb", "reason"), [(Verb.RETURN, "abuse"), (Verb.TAKE_DOWN, "other")])
def test_some_decisions_need_words_for_the_author(scene, verb, reason):
    comment = scene.says("Something.")
    with pytest.raises(Invalid) as refusal:
        _decide(scene, comment, verb, reason=reason)
    assert refusal.value.field == "message"


def test_every_act_is_a_decision_row(scene):
    comment = scene.says("Something.")
    _decide(scene, comment, Verb.PUBLISH)
    _decide(scene, comment, Verb.TAKE_DOWN, reason="off_topic", message="Wrong draft.")
    _decide(scene, comment, Verb.PUBLISH)
    rows = db.session.scalars(select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id))
    assert [(row.before, row.after) for row in rows] == [
        (None, State.WAITING),
        (State.WAITING, State.PUBLISHED),
        (State.PUBLISHED, State.TAKEN_DOWN),
        (State.TAKEN_DOWN, State.PUBLISHED),
    ]


def test_a_moderator_of_another_organisation_may_not_decide(scene):
    comment = scene.says("Something.")
    stranger = factories.a_moderator(factories.an_organisation())
    with pytest.raises(NotAllowed):
        _decide(scene, comment, Verb.PUBLISH, actor=stranger)


def test_who_answers_for_the_unit_does_not_decide_where_another_moderator_exists(scene):
    comment = scene.says("Something.")
    both = factories.an_official(scene.unit)
    factories._with_role(both, factories.Part.MODERATOR, organisation_id=scene.organisation.id)
    with pytest.raises(NotAllowed):
        _decide(scene, comment, Verb.PUBLISH, actor=both)


def test_who_wrote_the_draft_decides_when_nobody_else_can(scene):
    comment = scene.says("Something.")
    writer = factories._with_role(
        scene.official, factories.Part.MODERATOR, organisation_id=scene.organisation.id
    )
    role = scene.moderator.roles[0]
    role.ended_at = role.created_at
    db.session.commit()
    _decide(scene, comment, Verb.PUBLISH, actor=writer)
    assert comment.state is State.PUBLISHED


def test_a_decision_on_words_that_changed_meanwhile_is_refused(scene):
    comment = scene.says("Before.")
    seen = actions.face(comment, None, queries.history_of(comment.id).decision_id)
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=comment, body="After.")
    with pytest.raises(Conflict):
        _decide(scene, comment, Verb.PUBLISH, seen=seen)
    assert comment.state is State.WAITING


def test_a_withdrawn_comment_leaves_the_queue_and_cannot_be_decided(scene):
    comment = scene.says("Something.")
    with transaction():
        discussion.withdraw_comment(actor=scene.citizen, comment=comment)
    assert _open_items() == []
    with pytest.raises(Conflict):
        _decide(scene, comment, Verb.PUBLISH)


def test_a_report_leaves_the_comment_up_and_asks_for_a_look(scene):
    comment = scene.says("Something.")
    _decide(scene, comment, Verb.PUBLISH)
    for _ in range(5):
        with transaction():
            actions.report_comment(actor=scene.citizen, comment=comment, reason="abuse", note="")
    assert comment.state is State.PUBLISHED
    assert [item.cause for item in _open_items()] == [Cause.REPORTED]
    _decide(scene, comment, Verb.PUBLISH)
    assert comment.state is State.PUBLISHED
    assert _open_items() == []
    assert queries.history_of(comment.id).reports == []


def test_the_same_report_sent_twice_is_one(scene):
    comment = scene.says("Something.")
    _decide(scene, comment, Verb.PUBLISH)
    with transaction():
        first = actions.report_comment(
            actor=scene.citizen, comment=comment, reason="abuse", note="", once="form-12345"
        )
        again = actions.report_comment(
            actor=scene.citizen, comment=comment, reason="abuse", note="", once="form-12345"
        )
    assert first is again


def test_what_nobody_can_see_cannot_be_reported(scene):
    comment = scene.says("Something.")
    with pytest.raises(NotFound), transaction():
        actions.report_comment(actor=scene.citizen, comment=comment, reason="abuse", note="")


def test_a_correction_waits_while_the_approved_words_stay_up(scene):
    comment = scene.says("The first words.")
    _decide(scene, comment, Verb.PUBLISH)
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=comment, body="Better words.")
    assert comment.body == "The first words."
    assert [item.cause for item in _open_items()] == [Cause.CORRECTED]
    _decide(scene, comment, Verb.PUBLISH)
    assert comment.body == "Better words."
    assert _open_items() == []


def test_a_correction_can_be_refused(scene):
    comment = scene.says("The first words.")
    _decide(scene, comment, Verb.PUBLISH)
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=comment, body="Abuse.")
    _decide(scene, comment, Verb.KEEP)
    assert comment.body == "The first words."
    assert comment.state is State.PUBLISHED
    assert queries.correction_of(comment.id) is None


def test_party_political_is_a_reason_only_before_an_election(scene, visit_as, visit):
    said = scene.says("Vote for us.")
    desk = visit_as(scene.moderator)
    with pytest.raises(Invalid) as refused:
        _decide(scene, said, Verb.TAKE_DOWN, reason="party_political")
    assert refused.value.field == "reason"
    assert not desk.get(f"/moderation/{said.key}").select("[name=reason][value=party_political]")
    today = clock.now().date()
    factories.an_election(scene.organisation, today, today + timedelta(days=9), Effect.STOP_CLOCK)
    assert desk.get(f"/moderation/{said.key}").select("[name=reason][value=party_political]")
    _decide(scene, said, Verb.TAKE_DOWN, reason="party_political")
    assert said.state is State.TAKEN_DOWN
    other = scene.says("Vote for them.")
    _decide(scene, other, Verb.PUBLISH)
    report = {"reason": "party_political", "note": ""}
    visit.post(f"/comments/{other.key}/report", report)
    end = datetime.combine(today, time(12), UTC) + timedelta(days=10)
    clock.replace(lambda: end)
    visit.post(f"/comments/{other.key}/report", report, 422)
    with pytest.raises(Invalid):
        _decide(scene, other, Verb.TAKE_DOWN, reason="party_political")
