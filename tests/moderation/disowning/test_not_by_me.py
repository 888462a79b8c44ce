"""“This was written in my name, and not by me”: marked in the queue, first of all, and the author learns nothing of it."""

import pytest

from consult.consultations.models import Policy
from consult.discussion.models import State
from consult.errors import Invalid
from consult.extensions import db, transaction
from consult.moderation import actions, due
from consult.moderation.actions import Verb
from consult.moderation.models import QueueItem, Report
from tests import factories
from tests.accounts.ground import mails
from tests.moderation.scene import Scene

NOTE = "I am the real Priya Patel: ring the parish office."


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.AFTER)


def test_somebody_without_an_account_reports_it_and_it_stays_up(scene, visit, visit_as):
    comment = scene.says("Close every road.")
    here = f"/comments/{comment.key}/report/not-by-me"
    assert here in str(visit.get(f"/comments/{comment.key}/report", status=200))
    refused = visit.post(here, {"note": "x" * 501}, status=422)
    assert "x" * 501 in refused.page.text
    assert len(refused.page.select('[role="alert"] li')) == 2
    once = {"note": NOTE, "is_mine": "y", "once": "the-same-form"}
    assert visit.post(here, once).location == visit.post(here, once).location
    report = db.session.query(Report).one()
    assert (report.reason, report.is_own_name, report.reporter_id) == ("not_author", True, None)
    item = db.session.query(QueueItem).one()
    assert (item.risk, item.marks, comment.state) == (due.HIGH, "not_by_me", State.PUBLISHED)
    assert not mails(to=scene.citizen.email)
    queue = visit_as(scene.moderator).get("/moderation")
    assert "“Not by me”" in queue.select_one(".qitem").text
    assert NOTE in queue.select_one("#detail").text


def test_its_author_is_told_the_reason_and_nothing_of_who_said_so(scene):
    comment, reporter = scene.says("Close every road."), factories.a_person(name="Priya Patel")
    with transaction():
        actions.report_comment(
            actor=reporter, comment=comment, reason="not_author", note=NOTE, is_own_name=True
        )
    with transaction():
        actions.decide(actor=scene.moderator, comment=comment, verb=Verb.TAKE_DOWN, reason="not_author")
    told = mails(to=scene.citizen.email)[-1].body
    assert "did not write it" in told
    assert "Patel" not in told
    assert "parish" not in told


def test_it_moves_what_is_in_the_queue_already_forward(scene):
    comment = scene.says("Close every road.")
    for is_own_name in (False, True):
        with transaction():
            actions.report_comment(
                actor=factories.a_person(),
                comment=comment,
                reason="not_author",
                note=NOTE,
                is_own_name=is_own_name,
            )
    item = db.session.query(QueueItem).one()
    assert (item.risk, item.marks) == (due.HIGH, "not_by_me")


def test_it_says_how_a_moderator_can_see_it(scene):
    with pytest.raises(Invalid):
        actions.report_comment(
            actor=factories.a_person(),
            comment=scene.says("Close every road."),
            reason="not_author",
            note="",
            is_own_name=True,
        )


def test_a_guest_finds_it_beside_what_was_sent_with_their_address(scene, visit_as):
    guest = factories.a_guest(name="Priya")
    comment = scene.says("Close every road.", actor=guest)
    page = visit_as(guest).get("/guest", status=200)
    assert f"/comments/{comment.key}/report/not-by-me" in str(page)
