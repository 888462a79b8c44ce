"""A decision is taken back within half a minute: state, queue, reports, figures and mails are as they were."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Decision, State
from consult.errors import Conflict, NotFound
from consult.extensions import db, transaction
from consult.moderation import actions, recounting
from consult.moderation.actions import Verb
from consult.moderation.models import Cause, QueueItem, QueuePace, Report
from consult.moderation.undoing import acts
from consult.notices.models import OutboxMail
from tests import factories
from tests.moderation.scene import Scene


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.BEFORE)


def _decide(scene, comment, verb=Verb.PUBLISH, **words):
    with transaction():
        return actions.decide(actor=scene.moderator, comment=comment, verb=verb, **words)


def _undo(scene, act, actor=None):
    with transaction():
        return acts.undo(actor=actor or scene.moderator, act=act)


def _open():
    return list(db.session.scalars(select(QueueItem).where(QueueItem.settled_at.is_(None))))


def _mails():
    return [mail for mail in db.session.scalars(select(OutboxMail)) if "decision." in mail.message_id]


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (Verb.PUBLISH, {}),
        (Verb.TAKE_DOWN, {"reason": "abuse"}),
        (Verb.RETURN, {"reason": "abuse", "message": "Leave out the name."}),
    ],
)
def test_a_decision_on_what_waits_is_taken_back(scene, verb, words):
    comment = scene.says("Something.")
    was = _open()[0]
    began = (was.id, was.since, was.due_at, was.cause)
    act = _decide(scene, comment, verb, **words)
    assert len(_mails()) == 1
    assert _mails()[0].due_at > clock.now() + timedelta(seconds=25)
    assert _undo(scene, act).comment_ids == (comment.id,)
    assert comment.state is State.WAITING
    assert [(item.id, item.since, item.due_at, item.cause) for item in _open()] == [began]
    assert _mails() == []
    assert recounting.recount() == []
    assert sum(row.decided_count for row in db.session.scalars(select(QueuePace))) == 0
    rows = db.session.scalars(select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id))
    assert [(row.actor_id, row.reason) for row in rows][-1] == (scene.moderator.id, "undone")


@pytest.mark.parametrize(("verb", "reason"), [(Verb.PUBLISH, ""), (Verb.TAKE_DOWN, "abuse")])
def test_a_decision_on_a_report_is_taken_back_with_its_reports(scene, verb, reason):
    comment = scene.says("Something.")
    _decide(scene, comment)
    with transaction():
        actions.report_comment(actor=scene.citizen, comment=comment, reason="abuse", note="Rude.")
    act = _decide(scene, comment, verb, reason=reason)
    assert _open() == []
    _undo(scene, act)
    assert comment.state is State.PUBLISHED
    assert [item.cause for item in _open()] == [Cause.REPORTED]
    assert db.session.query(Report).one().settled_at is None
    assert recounting.recount() == []


def test_half_a_minute_later_it_is_too_late(scene):
    act = _decide(scene, scene.says("Something."))
    then = clock.now() + timedelta(seconds=31)
    clock.replace(lambda: then)
    with pytest.raises(Conflict):
        _undo(scene, act)
    assert acts.last_acts(scene.moderator.id, clock.now()) == []


def test_it_is_taken_back_once_and_by_whoever_did_it(scene):
    act = _decide(scene, scene.says("Something."))
    with pytest.raises(NotFound):
        _undo(scene, act, actor=factories.a_moderator(scene.organisation))
    _undo(scene, act)
    with pytest.raises(Conflict):
        _undo(scene, act)


def test_what_somebody_decided_since_stays(scene):
    comment = scene.says("Something.")
    act = _decide(scene, comment)
    other = factories.a_moderator(scene.organisation)
    with transaction():
        actions.decide(actor=other, comment=comment, verb=Verb.TAKE_DOWN, reason="abuse")
    with pytest.raises(Conflict):
        _undo(scene, act)
    assert comment.state is State.TAKEN_DOWN


def test_what_its_author_withdrew_since_stays_withdrawn(scene):
    comment = scene.says("Something.")
    act = _decide(scene, comment)
    with transaction():
        discussion.withdraw_comment(actor=scene.citizen, comment=comment)
    with pytest.raises(Conflict):
        _undo(scene, act)
    assert comment.state is State.WITHDRAWN


def test_the_page_offers_to_undo_and_opens_the_comment_again(scene, visit_as):
    comment, _other = scene.says("One."), scene.says("Two.")
    desk = visit_as(scene.moderator)
    page = desk.get(desk.post(f"/moderation/{comment.key}", {"do": "publish"}).location)
    line = page.select_one(".undo[role=status]")
    assert "Published." in line.text
    assert 25 <= int(line["data-undo"]) <= 30
    answer = desk.post(line.form["action"], {})
    db.session.refresh(comment)
    assert comment.state is State.WAITING
    page = desk.get(answer.location)
    assert "One." in page.select_one("#detail").text
    assert not page.select(".undo")
    assert "undone already" in desk.get(desk.post(line.form["action"], {}).location).text


def test_nobody_else_finds_an_act(scene, visit_as):
    act = _decide(scene, scene.says("One."))
    other = visit_as(factories.a_moderator(scene.organisation))
    other.post(f"/moderation/undo/{act.key}", {}, status=404)
    visit_as(scene.citizen).post(f"/moderation/undo/{act.key}", {}, status=403)
