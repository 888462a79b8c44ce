"""A thread is closed to replies: everybody reads why, nothing typed is lost, officials answer, and it opens again."""

import pytest
from sqlalchemy import select

from consult.accounts.models import Part
from consult.audit import AuditEntry
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, State
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation.actions import Verb
from consult.moderation.closing import actions
from consult.moderation.record.verifying import differences
from consult.moderation.undoing import acts
from tests import factories
from tests.discussion import ground
from tests.moderation.scene import Scene


@pytest.fixture
def scene(app) -> Scene:
    return Scene()


@pytest.fixture
def quarrel(scene):
    """A thread of three, and a comment beside it."""
    top = scene.says("Boards are a plague.")
    reply = ground.reply(top, "You are a plague.")
    ground.reply(reply, "No, you.")
    scene.says("And the bins?")
    return top


def _close(scene, comment, by=None, **how):
    with transaction():
        return actions.close_thread(
            actor=by or scene.moderator, comment=comment, **{"reason": "quarrel", "note": "Enough.", **how}
        )


def _open(scene, comment):
    with transaction():
        return actions.open_thread(actor=scene.moderator, comment=comment)


def _closed() -> int:
    db.session.expire_all()
    return len(db.session.scalars(select(Comment).where(Comment.closed_at.is_not(None))).all())


def test_nobody_replies_anywhere_in_it_and_the_paragraph_stays_open(scene, quarrel):
    deepest = db.session.scalars(select(Comment).where(Comment.depth == 2)).one()
    _close(scene, deepest)
    assert _closed() == 3
    for parent in (quarrel, deepest):
        with pytest.raises(Closed):
            ground.reply(parent, "One more.")
    assert scene.says("Something new.").state is State.PUBLISHED
    with transaction():
        discussion.respond(actor=scene.official, comments=[quarrel], body="We have heard you.")
    acts_on_record = db.session.execute(
        select(AuditEntry.act, AuditEntry.reason).where(AuditEntry.act == "thread.close")
    )
    assert acts_on_record.all() == [("thread.close", "quarrel")]
    _open(scene, quarrel)
    assert _closed() == 0
    assert ground.reply(deepest, "Peace.").state is State.PUBLISHED
    assert list(differences()) == []


def test_it_is_undone_both_ways(scene, quarrel):
    act = _close(scene, quarrel)
    with transaction():
        acts.undo(actor=scene.moderator, act=act)
    assert _closed() == 0
    _close(scene, quarrel)
    since = db.session.get(Comment, quarrel.id).closed_at
    act = _open(scene, quarrel)
    with transaction():
        acts.undo(actor=scene.moderator, act=act)
    assert _closed() == 3
    assert quarrel.closed_at == since


def test_what_cannot_be_closed_is_said(scene, quarrel):
    with pytest.raises(Invalid, match="Choose why"):
        _close(scene, quarrel, reason="")
    with pytest.raises(Invalid, match="Write why"):
        _close(scene, quarrel, reason="other", note="")
    with pytest.raises(NotAllowed):
        _close(scene, quarrel, by=scene.official)
    with pytest.raises(Conflict):
        _open(scene, quarrel)
    _close(scene, quarrel)
    with pytest.raises(Conflict, match="already"):
        _close(scene, quarrel)
    with transaction():
        moderation.decide(actor=scene.moderator, comment=quarrel, verb=Verb.TAKE_DOWN, reason="abuse")
    other = scene.says("Gone soon.")
    ground.take_down(other)
    with pytest.raises(Conflict):
        _close(scene, other)


def test_whoever_has_a_part_in_the_draft_leaves_it_to_another_moderator(scene, quarrel):
    unit = {"unit_id": scene.unit.id, "organisation_id": scene.organisation.id}
    official = factories._with_role(factories.a_moderator(scene.organisation), Part.OFFICIAL, **unit)
    with pytest.raises(NotAllowed):
        _close(scene, quarrel, by=official)


def test_readers_see_why_and_nothing_typed_is_lost(scene, quarrel, visit, visit_as):
    moderator = visit_as(scene.moderator)
    page = moderator.get(f"/moderation/{quarrel.key}/thread")
    seen = page.select_one("[name=seen]")["value"]
    address = f"/moderation/{quarrel.key}/thread"
    page = moderator.post(address, {"do": "close", "note": "Enough.", "seen": seen}, status=422).page
    assert page.select_one('[role="alert"] a')["href"] == "#reason"
    assert page.select_one("[name=note]").text.strip() == "Enough."
    moderator.post(address, {"do": "close", "reason": "quarrel", "note": "Enough <b>.", "seen": seen})
    page = moderator.post(address, {"do": "close", "reason": "quarrel", "seen": seen}, status=409).page
    assert "Open it again" in page.text
    here = f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}"
    page = visit.get(here)
    (note,) = page.select("[data-closed]")
    for words in ("closed to replies", "A moderator closed it", "a quarrel between people", "Enough <b>."):
        assert words in note.text
    assert scene.moderator.name not in note.text
    assert not page.select(f'#comment-{quarrel.key} a[href*="reply="]')
    assert page.select('a[href*="reply="]')
    page = visit.get(f"{here}?reply={quarrel.key}")
    assert "closed this thread" in page.select_one('[role="alert"]').text
    assert not page.select("[name=parent]")
    typed = {"body": "I must say this.", "parent": quarrel.key, "do": "post"}
    for who in (visit, visit_as(scene.citizen)):
        page = who.post(here, typed, status=409).page
        assert "closed this thread" in page.select_one('[role="alert"]').text
        assert page.select_one("textarea[name=body]").text.strip() == "I must say this."
        assert not page.select("[name=parent]")
    assert "Thread closed" in moderator.get("/moderation").text
