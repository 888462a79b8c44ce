"""The tables and the record agree, and where they do not, it is said of which comment and since which entry."""

from sqlalchemy import delete, func, select, update

from consult import audit
from consult.audit import AuditEntry
from consult.discussion import actions as discussion
from consult.discussion.digests import digest_of
from consult.discussion.models import Comment
from consult.extensions import db, transaction
from consult.moderation import actions
from consult.moderation.actions import Verb
from consult.moderation.record import verifying
from tests.moderation.scene import Scene


def _told(app):
    scene = Scene()
    comment = scene.says("It is too narrow.")
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=comment, body="It is far too narrow.")
    with transaction():
        actions.report_comment(actor=scene.official, comment=comment, reason="abuse", note="")
    with transaction():
        actions.decide(
            actor=scene.moderator, comment=comment, verb=Verb.TAKE_DOWN, reason="abuse", message="No."
        )
    return scene, comment


def _set(comment, **values):
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(values))
    db.session.commit()


def test_every_act_of_moderation_carries_the_digest_of_the_text_it_was_about(app):
    _scene, comment = _told(app)
    rows = db.session.execute(
        select(AuditEntry.act, AuditEntry.text_digest)
        .where(AuditEntry.subject == f"comment:{comment.id}")
        .order_by(AuditEntry.sequence)
    )
    first = digest_of(comment.salt, "It is too narrow.", "")
    then = digest_of(comment.salt, "It is far too narrow.", "")
    assert [tuple(row) for row in rows] == [
        ("comment.post", first),
        ("comment.correct", then),
        ("comment.report", then),
        ("comment.take_down", then),
    ]
    assert len(then) == 64
    assert list(audit.breaks()) == list(verifying.differences()) == []


def test_the_same_words_of_two_comments_have_different_digests(app):
    scene = Scene()
    scene.says("The same.")
    scene.says("The same.")
    found = db.session.scalars(select(AuditEntry.text_digest).where(AuditEntry.act == "comment.post")).all()
    assert len(set(found)) == 2


def test_a_text_that_was_changed_behind_the_back_of_the_record_shows(app):
    _scene, comment = _told(app)
    _set(comment, body="It is wide enough.")
    (words,) = verifying.differences()
    assert words.startswith(f"comment {comment.id} does not say what it said at the last entry")
    assert "comment.take_down" in words


def test_a_salt_that_is_gone_while_the_text_stands_shows(app):
    _scene, comment = _told(app)
    _set(comment, salt="")
    assert len(list(verifying.differences())) == 1


def test_the_record_holds_when_text_and_salt_are_gone(app):
    scene, comment = _told(app)
    with transaction():
        found = db.session.get(Comment, comment.id)
        found.body, found.salt = "", ""
        discussion.lead(actor=scene.moderator, comment=found, after=discussion.State.ERASED, reason="court")
    assert list(audit.breaks()) == list(verifying.differences()) == []


def test_entries_cut_off_at_the_end_show(app):
    """No chain can tell that its last entries are gone; what they said of a comment can."""
    _scene, comment = _told(app)
    last = db.session.scalar(select(func.max(AuditEntry.id)))
    db.session.execute(delete(AuditEntry).where(AuditEntry.id == last))
    db.session.commit()
    assert list(audit.breaks()) == []
    (words,) = verifying.differences()
    assert words.startswith(f"comment {comment.id} is taken_down, and the last entry about it says published")


def test_a_comment_that_no_entry_tells_of_shows(app):
    _scene, comment = _told(app)
    db.session.execute(delete(AuditEntry).where(AuditEntry.subject == f"comment:{comment.id}"))
    db.session.commit()
    assert any("no entry tells how it came to be" in words for words in verifying.differences())
