"""By when a moderator should have looked, what goes first, and how soon moderators decide against the promise."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from consult import clock, workdays
from consult.audit import AuditEntry
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.extensions import db, transaction
from consult.moderation import actions, due, pace, queries, recounting
from consult.moderation.actions import Verb
from consult.moderation.models import Cause, QueueItem, QueuePace
from consult.moderation.places import Place
from consult.moderation.sieve import Sieve
from tests import factories
from tests.discussion import ground
from tests.moderation.scene import Scene

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.BEFORE)


@pytest.fixture
def later():
    """Let the clock be moved on by hours."""
    began, gone = clock.now(), [timedelta()]
    clock.replace(lambda: began + gone[0])

    def move(hours: float) -> datetime:
        gone[0] += hours * HOUR
        return began + gone[0]

    return move


def _decide(scene, comment, verb=Verb.PUBLISH, **words):
    with transaction():
        actions.decide(actor=scene.moderator, comment=comment, verb=verb, **words)


def _keys(scene, **how):
    return [row.key for row in queries.queue([scene.organisation.id], now=clock.now(), **how)]


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (_at(26, 10), 1, _at(26, 11)),
        (_at(26, 16, 30), 1, _at(27, 9, 30)),  # Thursday into Friday
        (_at(27, 16), 2, _at(30, 10)),  # over a weekend
        (_at(28, 12), 1, _at(30, 10)),  # begun on a Saturday
        (_at(26, 3), 8, _at(26, 17)),
        (_at(26, 20), 8, _at(27, 17)),
        (datetime(2026, 12, 24, 16, tzinfo=UTC), 2, datetime(2026, 12, 29, 10, tzinfo=UTC)),  # bank holidays
        (datetime(2026, 7, 1, 7, tzinfo=UTC), 1, datetime(2026, 7, 1, 9, tzinfo=UTC)),  # 9 am is 8 in UTC
    ],
)
def test_working_hours_run_from_nine_to_five_on_working_days(start, hours, end):
    assert workdays.working_hours_after(start, hours, LONDON) == end


def test_an_item_is_due_by_what_was_promised_when_it_came(scene):
    first = scene.says("One.")
    scene.consultation.look_hours = 4
    db.session.commit()
    second = scene.says("Two.")
    items = {item.comment_id: item for item in db.session.scalars(select(QueueItem))}
    assert items[first.id].due_at - items[first.id].since == 24 * HOUR
    assert items[second.id].due_at - items[second.id].since == 4 * HOUR


def test_over_time_goes_first_then_risk_then_what_is_due_soonest(scene, later):
    published = scene.says("Up, and reported.")
    dull = scene.says("Up, and reported as dull.")
    for each in (published, dull):
        _decide(scene, each)
    old = scene.says("Over time.")
    later(25)
    waiting = scene.says("Waiting.")
    later(0.1)
    for comment, reason in ((dull, "off_topic"), (published, "private_person")):
        with transaction():
            actions.report_comment(actor=scene.citizen, comment=comment, reason=reason, note="")
    assert _keys(scene) == [old.key, published.key, waiting.key, dull.key]
    assert queries.over_time([scene.organisation.id], clock.now()) == 1


def test_a_second_report_can_move_a_comment_forward_and_never_back(scene):
    comment = scene.says("Something.")
    _decide(scene, comment)
    risks = []
    for reason in ("off_topic", "abuse", "other"):
        with transaction():
            actions.report_comment(actor=scene.citizen, comment=comment, reason=reason, note="")
        risks.append(db.session.scalar(select(QueueItem.risk).where(QueueItem.settled_at.is_(None))))
    assert risks == [due.USUAL, due.HIGH, due.HIGH]


def test_pages_neither_repeat_nor_leave_out_while_time_goes_on(scene, later):
    """Every mix of risk and time, read three at a time, while things get over time between the pages."""
    comments = [scene.says(f"Number {n}.") for n in range(24)]
    now = clock.now()
    for n, item in enumerate(db.session.scalars(select(QueueItem).order_by(QueueItem.id))):
        item.risk = n % 3
        item.due_at = now + (n * 7 % 24 - 12) * HOUR / 4
    db.session.commit()
    items = db.session.scalars(select(QueueItem)).all()
    right = sorted(items, key=lambda item: (item.due_at > now, item.risk, item.due_at, item.id))
    by_id = {comment.id: comment.key for comment in comments}
    found, place = [], None
    while rows := queries.queue([scene.organisation.id], now=clock.now(), after=place, limit=3):
        found += [row.key for row in rows]
        last = rows[-1]
        place = Place.read(str(Place(place.as_of if place else now, last.risk, last.due_at, last.id)))
        later(0.4)
    assert found == [by_id[item.comment_id] for item in right]


def test_the_queue_of_several_organisations_is_one(scene):
    unit = factories.a_unit(factories.an_organisation())
    other = ground.a_draft(unit=unit, policy=Policy.BEFORE)
    first = scene.says("One.")
    second = ground.say(ground.paragraph(other), "Two.", by=scene.citizen)
    third = scene.says("Three.")
    both = [scene.organisation.id, unit.organisation_id]
    rows = queries.queue(both, now=clock.now())
    assert [row.key for row in rows] == [first.key, second.key, third.key]
    assert queries.queue([], now=clock.now()) == []
    assert [row.key for row in queries.queue(both, now=clock.now(), sieve=Sieve(cause=Cause.REPORTED))] == []


def test_the_figure_counts_what_is_decided_in_time_and_what_still_waits_over_time(scene, later):
    quick, slow, left, gone = (scene.says(word) for word in ("Quick.", "Slow.", "Left.", "Gone."))
    later(0.5)
    _decide(scene, quick)
    later(30)
    _decide(scene, slow, Verb.TAKE_DOWN, reason="off_topic")
    with transaction():
        discussion.withdraw_comment(actor=scene.citizen, comment=gone)
    figure = pace.figure(scene.consultation.id, clock.now())
    assert (figure.decided, figure.kept, figure.over, figure.due, figure.hours) == (2, 1, 1, 3, 1)
    _decide(scene, left)
    figure = pace.figure(scene.consultation.id, clock.now())
    assert (figure.decided, figure.kept, figure.over, figure.hours) == (3, 1, 0, 31)
    assert recounting.recount() == []


def test_recounting_finds_and_mends_a_wrong_pace(scene):
    _decide(scene, scene.says("One."))
    row = db.session.scalar(select(QueuePace))
    row.kept_count = 7
    db.session.add(QueuePace(consultation_id=scene.consultation.id, hours=99, decided_count=1, kept_count=1))
    db.session.commit()
    assert len(recounting.recount()) == 2
    assert recounting.recount() == []
    assert pace.figure(scene.consultation.id, clock.now()).kept == 1


def test_the_page_of_the_consultation_says_how_the_promise_is_kept(scene, visit, later):
    place = f"/consultations/{scene.consultation.slug}"
    assert "We aim to look within 24 hours." in visit.get(place).text
    for number in range(4):
        _decide(scene, scene.says(f"Number {number}."))
    scene.says("Left.")
    assert "So far" not in visit.get(place).text  # of fewer than five nothing is said
    later(24.1)
    page = visit.get(place)
    assert "So far: 4 of 5." in page.text
    assert "Half of all decisions came within 1 hour." in page.text
    link = page.select_one('a[href$="#moderation-promise"]')["href"]
    assert visit.get(link).select_one("dt#moderation-promise")


def test_moderators_see_what_is_over_time_and_how_far_off_the_rest_is(scene, visit_as, later):
    scene.says("One.")
    later(25)
    scene.says("Two.")
    page = visit_as(scene.moderator).get("/moderation")
    assert "1 over the promised time" in page.text
    assert ["over by 1 hour" in row.text for row in page.select(".qitem")] == [True, False]
    assert "We aim to look within 24 hours: by" in page.select_one("#detail").text


def test_an_official_sets_the_promise_and_it_is_on_record(scene, visit_as):
    place = f"/consultations/{scene.consultation.slug}/edit"
    official = visit_as(scene.official)
    form = {
        field["name"]: field.get("value", "") if field.name == "input" else field.text.strip()
        for field in official.get(place).select("main form input[name], main form textarea[name]")
        if field.get("type") != "checkbox" and field["name"] != "csrf_token"
    }
    official.post(place, {**form, "look_hours": "4", "look_counts_work": "y"})
    db.session.refresh(scene.consultation)
    assert (scene.consultation.look_hours, scene.consultation.look_counts_work) == (4, True)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "consultation.promise_look")).one()
    assert entry.reason == "4 working hours"
    official.post(place, {**form, "look_hours": "5"}, status=422)


@pytest.mark.parametrize(
    "words", ["", "1_2", "1_0_1_x", "1_9_1_1", f"{'9' * 80}_0_1_1", "-1_0_1_1", "²_0_1_1"]
)
def test_a_place_that_is_none_is_none(words):
    assert Place.read(words) is None
