"""Opening claims: two moderators never decide on one comment without knowing of one another."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Policy
from consult.discussion.models import State
from consult.errors import Conflict
from consult.extensions import db, transaction
from consult.moderation import actions, claims
from consult.moderation.actions import Verb
from consult.moderation.models import QueueItem
from tests import counting, factories
from tests.moderation.scene import Scene


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.BEFORE)


@pytest.fixture
def other(scene):
    return factories.a_moderator(scene.organisation)


def _claim(who, comment) -> bool:
    with transaction(who):
        return claims.claim(actor=who, comment_id=comment.id)


def _holder(comment):
    return db.session.scalar(select(QueueItem.claimed_by).where(QueueItem.comment_id == comment.id))


def _later(minutes: float) -> None:
    then = clock.now() + timedelta(minutes=minutes)
    clock.replace(lambda: then)


def test_of_two_who_open_it_one_has_it_until_the_claim_ends(scene, other):
    comment = scene.says("One.")
    assert [_claim(scene.moderator, comment), _claim(other, comment)] == [True, False]
    assert _holder(comment) == scene.moderator.id
    _later(5.1)
    assert _claim(other, comment)
    assert _holder(comment) == other.id


def test_the_list_writes_nothing_and_opening_claims_once_a_minute(scene, visit_as):
    comment = scene.says("One.")
    desk = visit_as(scene.moderator)
    desk.get("/moderation")
    assert _holder(comment) is None
    for address in (f"/moderation?item={comment.key}", f"/moderation/{comment.key}"):
        with counting.queries() as questions:
            desk.get(address)
        assert _holder(comment) == scene.moderator.id
    assert not [one for one in questions if one.startswith("UPDATE queue_item")]


def test_others_see_who_has_it_and_begin_with_another(scene, visit_as, other):
    first, second = scene.says("One."), scene.says("Two.")
    visit_as(scene.moderator).get(f"/moderation?item={first.key}")
    page = visit_as(other).get("/moderation")
    assert "Two." in page.select_one("#detail").text
    rows = page.select(".qitem")
    assert [scene.moderator.name in row.text for row in rows] == [True, False]
    visit_as(other).get(f"/moderation?item={first.key}")
    assert _holder(first) == scene.moderator.id
    assert _holder(second) is None


def test_nobody_decides_on_what_somebody_else_has_open_before_they_were_told(scene, visit_as, other):
    comment = scene.says("One.")
    with transaction(scene.moderator):
        claims.claim(actor=scene.moderator, comment_id=comment.id)
    with pytest.raises(Conflict), transaction(other):
        actions.decide(actor=other, comment=comment, verb=Verb.PUBLISH)
    desk = visit_as(other)
    page = desk.post(f"/moderation/{comment.key}", {"do": "publish"}, status=409).page
    assert f"{scene.moderator.name} has this comment open" in page.select_one('[role="alert"]').text
    db.session.refresh(comment)
    assert comment.state is State.WAITING
    aware = page.select_one('input[name="aware"]')["value"]
    desk.post(f"/moderation/{comment.key}", {"do": "publish", "aware": aware})
    db.session.refresh(comment)
    assert comment.state is State.PUBLISHED


def test_who_comes_second_is_told_who_and_when_and_both_are_on_record(scene, visit_as, other):
    comment = scene.says("One.")
    mine, theirs = visit_as(scene.moderator), visit_as(other)
    seen = mine.get(f"/moderation/{comment.key}").select_one('input[name="seen"]')["value"]
    page = theirs.get(f"/moderation/{comment.key}")
    assert f"{scene.moderator.name} has had this comment open" in page.text
    both = {"seen": seen, "aware": str(scene.moderator.id)}
    theirs.post(f"/moderation/{comment.key}", {**both, "do": "take-down", "reason": "abuse"})
    told = mine.post(f"/moderation/{comment.key}", {"do": "publish", "seen": seen}, status=409).page
    assert f"{other.name} decided on this comment first" in told.select_one('[role="alert"]').text
    assert "taken down" in told.select_one('[role="alert"]').text
    db.session.refresh(comment)
    assert comment.state is State.TAKEN_DOWN
    late = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "comment.decide_late")).one()
    assert (late.actor_id, late.reason) == (scene.moderator.id, "publish")


def test_other_words_of_the_author_are_no_race(scene, visit_as):
    comment = scene.says("One.")
    desk = visit_as(scene.moderator)
    page = desk.post(f"/moderation/{comment.key}", {"do": "publish", "seen": "other"}, status=409).page
    assert "changed while you were looking" in page.text
    assert not db.session.scalars(select(AuditEntry).where(AuditEntry.act == "comment.decide_late")).all()
