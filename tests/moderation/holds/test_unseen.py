"""Reports that let a comment wait unseen, and the many that do not; nobody silences a site by reporting everything."""

from datetime import timedelta

import pytest
from limits import parse

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion import queries as said
from consult.discussion import recounting
from consult.discussion.models import Correction, Decision, State
from consult.extensions import db, limiter, transaction
from consult.moderation import actions
from consult.moderation.actions import Verb
from consult.moderation.holds import unseen
from consult.moderation.models import QueueItem, Report
from consult.notices.models import Happening
from tests import factories
from tests.accounts.ground import mails
from tests.discussion.ground import address
from tests.moderation.scene import Scene

HARMFUL = [
    ("private_person", False, "private_person"),
    ("unlawful", False, "unlawful"),
    ("abuse", True, "threat"),
]
HARMLESS = ("abuse", "hatred", "advertising", "off_topic", "not_author", "other")


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.AFTER)


def _report(comment, reason, *, is_threat=False, by=None, **how):
    with transaction():
        return actions.report_comment(
            actor=by or factories.a_person(),
            comment=comment,
            reason=reason,
            note="",
            is_threat=is_threat,
            **how,
        )


def _decide(scene, comment, verb=Verb.PUBLISH, **how):
    with transaction():
        actions.decide(actor=scene.moderator, comment=comment, verb=verb, **how)


@pytest.mark.parametrize("reason", HARMLESS)
def test_other_reports_take_nothing_down_however_many(scene, reason):
    comment = scene.says("A fair point.")
    for _number in range(30):
        _report(comment, reason)
    assert comment.state is State.PUBLISHED


def test_only_abuse_can_be_a_threat(scene):
    comment = scene.says("A fair point.")
    report = _report(comment, "off_topic", is_threat=True)
    assert (comment.state, report.is_threat) == (State.PUBLISHED, False)


@pytest.mark.parametrize(("reason", "is_threat", "kind"), HARMFUL)
def test_harm_waits_unseen_and_all_follows(scene, visit, reason, is_threat, kind):
    other = scene.says("Another point.")
    comment = scene.says("Mr Bell of number 12 is a crook.")
    here = f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}"
    assert comment.key in str(visit.get("/search?q=crook"))
    tag = visit.client.get(here).headers["ETag"]
    _report(comment, reason, is_threat=is_threat)
    decision = (
        db.session.query(Decision).filter_by(comment_id=comment.id).order_by(Decision.id.desc()).first()
    )
    assert (comment.state, decision.actor_id, decision.rule) == (State.WAITING, None, f"report.{kind}")
    assert db.session.query(AuditEntry).filter_by(act="comment.hold", actor_id=None).count() == 1
    item = db.session.query(QueueItem).filter_by(comment_id=comment.id, settled_at=None).one()
    assert item.risk == 0
    again = visit.client.get(here, headers={"If-None-Match": tag})
    assert again.status_code == 200
    page = visit.get(here)
    assert "crook" not in page.text
    assert "is being looked at again" in page.select_one(f"#comment-{comment.key}").text
    assert comment.key not in str(visit.get("/search?q=crook"))
    feed = f"/consultations/{scene.consultation.slug}/{scene.document.slug}.atom"
    assert "is a crook" not in visit.client.get(feed).get_data(as_text=True)
    db.session.refresh(scene.consultation)
    assert (scene.consultation.comment_count, other.state) == (1, State.PUBLISHED)
    assert list(recounting.recount()) == []
    told = [
        mail for mail in mails(scene.citizen.email) if mail.subject == "Your comment waits for a moderator"
    ]
    assert len(told) == 1
    assert "Nothing has been decided" in told[0].body


def test_back_in_its_place_nobody_is_told_of_it_as_new(scene):
    comment = scene.says("Mr Bell of number 12 is a crook.")
    db.session.flush()
    before = db.session.query(Happening).filter_by(comment_id=comment.id).count()
    _report(comment, "private_person")
    _decide(scene, comment)
    assert comment.state is State.PUBLISHED
    assert db.session.query(Happening).filter_by(comment_id=comment.id).count() == before == 1
    assert db.session.query(Report).filter_by(settled_at=None).count() == 0


def test_what_was_let_stay_is_not_silenced_again_for_the_same_kind(scene):
    comment = scene.says("Mr Bell of number 12 is a crook.")
    _report(comment, "private_person")
    _decide(scene, comment)
    _report(comment, "private_person")
    assert comment.state is State.PUBLISHED
    assert db.session.query(QueueItem).filter_by(comment_id=comment.id, settled_at=None).count() == 1
    _report(comment, "abuse", is_threat=True)
    assert comment.state is State.WAITING  # of another kind: nobody has looked for that


def test_a_published_comment_that_was_let_stay_is_safe_too(scene):
    comment = scene.says("Mr Bell of number 12 is a crook.")
    _report(comment, "unlawful", may_hold=False)
    assert comment.state is State.PUBLISHED
    _decide(scene, comment)
    _report(comment, "unlawful")
    assert comment.state is State.PUBLISHED


def test_other_words_since_can_be_reported_again(scene):
    comment = scene.says("Mr Bell is wrong.")
    _report(comment, "private_person")
    _decide(scene, comment)
    later = clock.now() + timedelta(minutes=20)
    clock.replace(lambda: later)
    with transaction():
        discussion.correct_comment(
            actor=scene.citizen, comment=comment, body="Mr Bell of number 12 is wrong."
        )
    _report(comment, "private_person")
    assert comment.state is State.WAITING


def test_words_that_wait_are_the_ones_to_decide_on(app):
    scene = Scene(Policy.BEFORE)
    comment = scene.says("Mr Bell is wrong.")
    _decide(scene, comment)
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=comment, body="He is wrong.")
    assert db.session.query(Correction).count() == 1
    _report(comment, "private_person")
    assert (comment.state, comment.body) == (State.WAITING, "He is wrong.")
    assert [row.body for row in said.wordings_of(comment)] == ["Mr Bell is wrong."]
    _decide(scene, comment)
    assert comment.state is State.PUBLISHED


def test_a_second_report_of_what_waits_already_finds_nothing_to_report(scene, visit):
    comment = scene.says("Mr Bell of number 12 is a crook.")
    first = _report(comment, "private_person", once="k" * 20)
    assert _report(comment, "private_person", once="k" * 20).id == first.id
    visit.get(f"/comments/{comment.key}/report", status=404)
    assert "a moderator will look" in visit.get(f"/comments/{comment.key}/reported").text


def test_a_reporter_who_reports_everything_silences_next_to_nothing(limited):
    scene = Scene(Policy.AFTER)
    comments = [scene.says(f"Point {number}.") for number in range(12)]
    client = limited.test_client()
    for comment in comments:
        answer = client.post(f"/comments/{comment.key}/report", data={"reason": "unlawful", "note": ""})
        assert answer.status_code == 303
    db.session.expire_all()
    assert [comment.state for comment in comments].count(State.WAITING) == 3
    assert db.session.query(QueueItem).filter_by(settled_at=None).count() == 12


def test_nor_does_one_reporter_empty_a_document_in_a_day(limited):
    """Hour by hour, within what an hour allows: on one document three, and elsewhere they still can."""
    scene = Scene(Policy.AFTER)
    comments = [scene.says(f"Point {number}.") for number in range(6)]
    client = limited.test_client()
    for comment in comments[:5]:
        limiter.limiter.clear(parse("3 per hour"), "silence", "127.0.0.1")
        client.post(f"/comments/{comment.key}/report", data={"reason": "unlawful", "note": ""})
    db.session.expire_all()
    assert [comment.state for comment in comments].count(State.WAITING) == 3


def test_nor_do_many_reporters_together(scene):
    comments = [scene.says(f"Point {number}.") for number in range(unseen.MOST + 2)]
    for comment in comments:
        _report(comment, "unlawful")
    assert [comment.state for comment in comments].count(State.WAITING) == unseen.MOST
    _decide(scene, comments[0])
    _report(comments[-1], "unlawful")
    assert comments[-1].state is State.WAITING  # there is room again


def test_moderators_read_what_came_of_a_reporters_reports(scene, visit_as):
    everything = factories.a_person(name="Reports Everything")
    for number in range(3):
        comment = scene.says(f"Point {number}.")
        _report(comment, "abuse", by=everything)
        _decide(scene, comment)
    down = scene.says("Boards are a plague.")
    _report(down, "abuse", by=everything)
    _decide(scene, down, Verb.TAKE_DOWN, reason="abuse")
    open_one = scene.says("The last.")
    _report(open_one, "abuse", by=everything)
    shown = visit_as(scene.moderator).get(f"/moderation/{open_one.key}")
    told = [each.get_text(" ", strip=True) for each in shown.select("[data-reporter]")]
    assert told == ["This reporter so far: 5 reports, 3 left standing, 1 taken down or returned"]
    assert "Reports Everything" not in shown.text


def test_the_form_says_that_somebody_is_threatened(scene, visit, visit_as):
    comment = scene.says("I know where you live.")
    page = visit.get(f"/comments/{comment.key}/report")
    assert page.select_one('input[name="is_threat"]')
    visit.post(f"/comments/{comment.key}/report", {"reason": "abuse", "is_threat": "y", "note": ""})
    db.session.refresh(comment)
    assert comment.state is State.WAITING
    assert "Somebody reported it" in visit_as(scene.citizen).get("/account").text
    assert "abuse or threat" in visit_as(scene.moderator).get(f"/moderation/{comment.key}").text


def test_the_marker_of_what_waits_unseen_says_so_no_longer_once_it_is_taken_down(scene, client):
    """No count changes then, and what was kept of the page must go all the same."""
    comment = scene.says("A fair point.")
    _report(comment, "unlawful")
    page = address(scene.paragraph)
    before = client.get(page)
    assert "is being looked at again" in before.text
    _decide(scene, comment, Verb.TAKE_DOWN, reason="unlawful")
    after = client.get(page, headers={"If-None-Match": before.headers["ETag"]})
    assert "was taken down by a moderator" in after.text
