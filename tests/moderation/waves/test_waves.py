"""A wave of comments: counted as they come, told once, held where that is wanted, and over by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consult import audit, clock
from consult.consultations.election_models import Effect
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import State
from consult.errors import Conflict, NotAllowed
from consult.extensions import db, transaction
from consult.moderation.holds import names
from consult.moderation.holds import queries as holds
from consult.moderation.models import QueueItem
from consult.moderation.waves import actions, arriving, queries, recounting, rule
from consult.moderation.waves.models import DocumentHour, Wave
from consult.notices.models import OutboxMail
from tests import counting, factories
from tests.moderation.holds.test_holding import _set
from tests.moderation.scene import Scene

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)


@pytest.fixture
def scene(app) -> Scene:
    clock.replace(lambda: NOW - timedelta(days=5))
    scene = Scene(Policy.AFTER)
    scene.consultation.opens_at = NOW - timedelta(days=5)
    scene.consultation.closes_at = NOW + timedelta(days=50)
    db.session.commit()
    clock.replace(lambda: NOW)
    return scene


def _many(scene, count=rule.LEAST + 1, at=NOW):
    """Let so many people write within a few minutes."""
    found = []
    for number in range(count):
        clock.replace(lambda moment=at + timedelta(seconds=number): moment)
        found.append(scene.says(f"A remark of its own, number {number}.", actor=factories.a_person()))
    return found


def _acts():
    wanted = select(audit.AuditEntry.act).where(audit.AuditEntry.act.like("wave.%"))
    return list(db.session.scalars(wanted.order_by(audit.AuditEntry.id)))


def _mails(person):
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.to_address == person.email)))


def test_moderators_are_told_once_and_by_default_nothing_waits(scene, visit_as):
    other = factories.a_moderator(scene.organisation, name="Wants None")
    other.wants_wave_mail = False
    db.session.commit()
    _many(scene, rule.LEAST)
    assert not _acts()
    said = _many(scene, 9)
    assert _acts() == ["wave.begin"]
    assert all(comment.state is State.PUBLISHED for comment in said)
    mails = _mails(scene.moderator)
    assert [mail.subject for mail in mails] == [f"Far more comments than usual: {scene.document.title}"]
    assert "remark of its own" not in mails[0].body
    assert not _mails(other)
    told = visit_as(scene.moderator).get("/moderation").select_one("[data-wave]").get_text(" ", strip=True)
    assert f"{scene.document.title} : 21 within an hour, hardly any are usual" in told
    assert "Nothing waits for it." in told
    assert not recounting.recount()


def test_they_wait_where_that_is_set_until_the_rate_falls(scene):
    _set(scene, wave=True)
    _many(scene)
    held = _many(scene, 2, at=NOW + timedelta(minutes=2))
    assert {comment.state for comment in held} == {State.WAITING}
    item = db.session.scalars(select(QueueItem).where(QueueItem.comment_id == held[0].id)).one()
    assert item.holds == names.rule_of([names.WAVE])
    assert names.told(item.holds) == ["Far more comments than usual were coming in at the time."]
    late = _many(scene, 1, at=NOW + timedelta(hours=2))
    assert late[0].state is State.PUBLISHED  # although nobody has ended it yet
    assert arriving.end_over() == 1
    assert arriving.end_over() == 0
    assert _acts() == ["wave.begin", "wave.end"]
    assert not list(audit.breaks())


def test_a_moderator_says_that_it_is_welcome_and_takes_it_back(scene, visit_as):
    _set(scene, wave=True)
    _many(scene)
    page = visit_as(scene.moderator)
    wave = db.session.scalars(select(Wave)).one()
    assert "stop holding" in page.get("/moderation").select_one("[data-wave] form").get_text()
    page.post(f"/moderation/waves/{wave.key}", {"do": "welcome"})
    assert _many(scene, 1, at=NOW + timedelta(minutes=3))[0].state is State.PUBLISHED
    assert "Hold it again" in page.get("/moderation").select_one("[data-wave] form").get_text()
    page.post(f"/moderation/waves/{wave.key}", {"do": "hold"})
    assert _many(scene, 1, at=NOW + timedelta(minutes=4))[0].state is State.WAITING
    assert _acts() == ["wave.begin", "wave.welcome", "wave.not_welcome"]
    with pytest.raises(NotAllowed), transaction():
        actions.welcome(actor=scene.official, wave=wave, is_welcome=True)
    clock.replace(lambda: NOW + timedelta(hours=3))
    arriving.end_over()
    with pytest.raises(Conflict), transaction():
        actions.welcome(actor=scene.moderator, wave=wave, is_welcome=True)


def test_a_launch_is_told_and_never_held(scene):
    scene.consultation.opens_at = NOW - timedelta(hours=2)
    db.session.commit()
    _set(scene, wave=True)
    said = _many(scene, rule.LEAST + 5)
    assert {comment.state for comment in said} == {State.PUBLISHED}
    assert queries.current([scene.organisation.id], clock.now())[0].is_launch


def test_what_is_normal_for_a_busy_document_is_no_wave(scene):
    now = rule.hour_of(NOW.timestamp())
    for day in range(1, 5):
        for near in rule.AROUND:
            hour = now - 24 * day + near
            db.session.add(DocumentHour(document_id=scene.document.id, hour=hour, arrived_count=20 + day))
    db.session.commit()
    _many(scene, 25)
    assert not _acts()


def test_one_that_rises_again_is_the_same_and_is_told_once(scene):
    _many(scene)
    clock.replace(lambda: NOW + timedelta(hours=2))
    arriving.end_over()
    _many(scene, at=NOW + timedelta(hours=2))
    assert _acts() == ["wave.begin", "wave.end", "wave.go_on"]
    assert len(_mails(scene.moderator)) == 1


def test_no_mail_while_the_organisation_sends_none_before_an_election(scene):
    day = NOW.date()
    factories.an_election(scene.organisation, day, day, Effect.SEND_NO_MAILS)
    _many(scene)
    assert _acts() == ["wave.begin"]
    assert not _mails(scene.moderator)


def test_what_is_for_the_team_alone_is_no_part_of_it(scene):
    wishes = discussion.Wishes(is_team_only=True, confidential_reason="Mine.")
    with transaction():
        for number in range(rule.LEAST * 2):
            discussion.post_comment(
                actor=scene.citizen, paragraph=scene.paragraph, body=f"Secret {number}.", wishes=wishes
            )
    assert not db.session.scalar(select(DocumentHour))
    assert not _acts()


def test_a_comment_costs_one_statement_and_none_counts_comments(scene):
    scene.says("The first.")
    with counting.queries() as asked:
        scene.says("The second.", actor=scene.official)
    of_hours = [each for each in asked if "document_hour" in each]
    assert len([each for each in of_hours if each.startswith("INSERT")]) == 1
    assert len(of_hours) == 2  # the other is the one question of the holds
    assert not any(
        "count(" in each for each in of_hours if "FROM document_hour" in each and "comment" not in each
    )


def test_the_hold_is_off_at_first_and_everybody_reads_when_it_is_on(scene, visit):
    assert holds.holds_of(scene.consultation.id) is None or not holds.holds_of(scene.consultation.id).wave
    _set(scene, wave=True)
    page = visit.get(f"/consultations/{scene.consultation.slug}")
    assert "While far more comments come in than usual, they wait for a moderator." in page.text
