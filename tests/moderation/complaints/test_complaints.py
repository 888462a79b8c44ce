"""A notice of complaint: its clock, the author's answer, and how it ends. Times are those of the regulations."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from consult import audit, clock, workdays
from consult.accounts.retention import PERIODS, Kept
from consult.consultations.models import Policy
from consult.discussion.models import State
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation import due, held, queries
from consult.moderation.actions import Verb
from consult.moderation.complaints import actions, forgetting, times
from consult.moderation.complaints import queries as found
from consult.moderation.complaints.models import Complaint, Outcome, Wish
from consult.moderation.complaints.queries import Step
from consult.moderation.models import Cause, QueueItem
from consult.moderation.several import looking
from consult.moderation.several.models import Why
from consult.moderation.undoing import acts
from tests import factories
from tests.accounts.ground import mails
from tests.moderation.scene import Scene

LONDON = ZoneInfo("Europe/London")
FRIDAY = datetime(2026, 12, 4, 12, tzinfo=UTC)
NOTICE = {
    "name": "Cora Plainer",
    "email": "cora@mail.example",
    "statement": "Cora takes bribes.",
    "why": "It calls me corrupt.",
    "meaning": "That I take money.",
    "untrue": "I never took any.",
}


@pytest.fixture
def scene(app) -> Scene:
    clock.replace(lambda: FRIDAY)
    made = Scene(Policy.AFTER)
    made.comment = made.says("Cora takes bribes.")
    return made


def _at(moment):
    clock.replace(lambda: moment)


def _complains(scene, *, shares=False, comment=None):
    with transaction():
        return actions.make_complaint(
            actor=factories.a_person(),
            comment=comment or scene.comment,
            shares_contact=shares,
            **NOTICE,
        )


def _does(what, scene, complaint, **how):
    with transaction():
        what(actor=how.pop("actor", scene.moderator), complaint=complaint, **how)


def _item():
    db.session.rollback()
    return db.session.scalar(select(QueueItem).where(QueueItem.settled_at.is_(None)))


def _acts():
    wanted = select(audit.AuditEntry.act).where(audit.AuditEntry.act.like("complaint.%"))
    return list(db.session.scalars(wanted.order_by(audit.AuditEntry.id)))


@pytest.mark.parametrize(
    ("given_at", "due_at"),
    [
        ("2026-12-01 12:00", "2026-12-03 12:00"),
        ("2026-12-04 12:00", "2026-12-08 12:00"),  # a weekend
        ("2026-12-05 12:00", "2026-12-09 00:00"),  # on a Saturday: from Monday's first moment
        ("2026-12-24 09:00", "2026-12-30 09:00"),  # Christmas, the weekend, and the substitute for Boxing Day
        ("2027-03-25 18:00", "2027-03-31 18:00"),  # Good Friday to Easter Monday, and the change of clocks
    ],
)
def test_48_hours_without_weekends_and_bank_holidays(given_at, due_at):
    since, by = (datetime.fromisoformat(each).replace(tzinfo=LONDON) for each in (given_at, due_at))
    assert times.act_by(since, LONDON) == by


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC)),
    st.integers(1, 100),
    st.integers(1, 100),
)
def test_hours_add_up_and_end_on_a_working_day(since, some, more):
    def after(moment, hours):
        return workdays.hours_on_working_days(moment, hours, LONDON)

    by = after(since, some + more)
    assert by == after(after(since, some), more)
    assert workdays.is_working_day((by - timedelta(microseconds=1)).astimezone(LONDON).date())


def test_the_author_has_until_the_end_of_the_fifth_day():
    by = times.answer_by(datetime(2026, 12, 4, 12, tzinfo=UTC), LONDON)
    assert by == datetime(2026, 12, 10, tzinfo=LONDON)
    assert times.last_day(by, LONDON).isoformat() == "2026-12-09"


def test_the_form_asks_for_all_that_a_notice_holds(scene, visit):
    here = f"/comments/{scene.comment.key}/complaint"
    assert here in str(visit.get(f"/comments/{scene.comment.key}/report", status=200))
    refused = visit.post(here, {"why": "x" * 2001}, status=422).page
    assert len(refused.select('[role="alert"] li')) == 8
    assert "x" * 2001 in refused.text
    filled = {**NOTICE, "has_no_other_way": "y", "shares": "no", "once": "the-same-form"}
    assert visit.post(here, filled).location == visit.post(here, filled).location
    complaint = db.session.query(Complaint).one()
    assert (complaint.shares_contact, complaint.due_at) == (False, FRIDAY + timedelta(days=4))
    told = mails(to="cora@mail.example")[-1].body
    assert "12.00 pm on Tuesday 8 December 2026" in told
    assert "bribes" not in told


def test_the_queue_has_it_first_with_its_time_and_it_cannot_be_passed_over(scene, visit_as):
    _complains(scene)
    item = _item()
    assert (item.risk, item.marks, scene.comment.state) == (due.HIGH, "defamation", State.PUBLISHED)
    assert item.due_at <= FRIDAY + timedelta(days=4)
    with pytest.raises(Conflict), transaction():
        moderation.decide(actor=scene.moderator, comment=scene.comment, verb=Verb.PUBLISH)
    looked = looking.looked_at(scene.moderator, [scene.comment.key], now=clock.now())
    assert [each.why for each in looked] == [Why.COMPLAINED]
    desk = visit_as(scene.moderator)
    page = desk.get("/moderation")
    assert "Defamation notice" in page.select_one(".qitem").text
    assert "/moderation/complaints/" in str(page.select_one("#detail"))
    assert not page.select("#act-approve")
    assert "due in 4 days" in desk.get("/moderation/complaints").text


def test_the_author_gets_a_copy_without_the_name_that_is_not_to_be_passed_on(scene):
    shares, hides = _complains(scene, shares=True), _complains(scene, comment=scene.says("Cora lies."))
    for complaint in (shares, hides):
        _does(actions.pass_on, scene, complaint)
    open_copy, closed_copy = (mail.body for mail in mails(to=scene.citizen.email)[-2:])
    assert "cora@mail.example" in open_copy
    assert "Plainer" not in closed_copy
    assert "cora@mail.example" not in closed_copy
    assert "It calls me corrupt." in closed_copy
    assert "midnight at the end of Wednesday 9 December 2026" in closed_copy
    item = db.session.scalar(
        select(QueueItem).where(QueueItem.comment_id == shares.comment_id, QueueItem.settled_at.is_(None))
    )
    assert item.due_at == datetime(2026, 12, 10, tzinfo=UTC)
    with pytest.raises(Conflict):
        _does(actions.pass_on, scene, shares)


def test_the_author_stands_by_it_and_both_are_told(scene, visit, visit_as):
    complaint = _complains(scene)
    _does(actions.pass_on, scene, complaint)
    link = re.search(r"/complaints/[a-z0-9]{48}", mails(to=scene.citizen.email)[-1].body)[0]
    assert "Plainer" not in visit.get(link, status=200).text
    visit.get(link[:-1] + ("0" if link[-1] != "0" else "1"), status=404)
    refused = visit.post(link, {"wish": "stand"}, status=422).page
    assert "Enter your full name" in refused.text
    _at(FRIDAY + timedelta(days=3))  # a Monday
    answer = {"wish": "stand", "name": "Priya Nandy", "address": "1 High Street", "shares": "y"}
    assert visit.post(link, answer).location == link
    visit.post(link, answer, status=409)
    db.session.refresh(complaint)
    assert found.step_of(complaint, clock.now()) is Step.DECIDE
    assert _item().due_at == complaint.due_at == FRIDAY + timedelta(days=5)
    desk, here = visit_as(scene.moderator), f"/moderation/complaints/{complaint.key}"
    assert "1 High Street" in desk.get(here, status=200).text
    assert "Write what the notice lacks" in desk.post(here, {"do": "refuse"}, status=422).page.text
    desk.post(here, {"do": "let-stay"})
    told = mails(to="cora@mail.example")[-1].body
    assert "Priya Nandy\n> 1 High Street" in told
    assert mails(to=scene.citizen.email)[-1].subject == "Your comment stays up"
    assert held.complaints(scene.citizen)[0]["postal_address"] == "1 High Street"
    assert _item() is None
    assert queries.tallies([scene.organisation.id])[Cause.REPORTED] == 0
    assert _acts() == ["complaint.make", "complaint.pass_on", "complaint.answer", "complaint.stay"]
    assert not list(audit.breaks())


def test_a_name_that_is_not_to_be_given_is_not(scene):
    complaint = _complains(scene)
    _does(actions.pass_on, scene, complaint)
    how = {"wish": Wish.STAND, "name": "Priya Nandy", "address": "1 High Street"}
    _does(actions.answer, scene, complaint, **how)
    _does(actions.let_stay, scene, complaint)
    told = mails(to="cora@mail.example")[-1].body
    assert "Nandy" not in told
    assert "do not agree" in told


def test_the_author_takes_it_back_and_it_goes_at_once(scene):
    complaint = _complains(scene)
    _does(actions.pass_on, scene, complaint)
    _does(actions.answer, scene, complaint, wish=Wish.REMOVE)
    assert (scene.comment.state, complaint.outcome) == (State.WITHDRAWN, Outcome.REMOVED)
    assert "Its author has taken it back" in mails(to="cora@mail.example")[-1].body
    assert _item() is None


def test_without_an_answer_it_is_first_again_and_stays_only_with_a_reason(scene):
    complaint = _complains(scene)
    _does(actions.pass_on, scene, complaint)
    _at(datetime(2026, 12, 10, 0, 0, 1, tzinfo=UTC))
    assert found.step_of(complaint, clock.now()) is Step.LAPSED
    assert queries.over_time([scene.organisation.id], clock.now()) == 1
    with pytest.raises(Closed):
        _does(actions.answer, scene, complaint, wish=Wish.STAND, name="P", address="A")
    with pytest.raises(Invalid):
        _does(actions.let_stay, scene, complaint)
    _does(actions.remove, scene, complaint, words="No answer came.")
    assert (scene.comment.state, complaint.outcome) == (State.TAKEN_DOWN, Outcome.REMOVED)
    assert "No answer came." in mails(to="cora@mail.example")[-1].body
    assert "No answer came." in mails(to=scene.citizen.email)[-1].body


def test_what_goes_by_the_queue_settles_it_and_undoing_opens_it_again(scene):
    complaint = _complains(scene)
    with transaction():
        act = moderation.decide(
            actor=scene.moderator, comment=scene.comment, verb=Verb.TAKE_DOWN, reason="unlawful"
        )
    assert complaint.outcome is Outcome.REMOVED
    with transaction():
        acts.undo(actor=scene.moderator, act=acts.act_of(act.key, scene.moderator))
    db.session.refresh(complaint)
    assert (complaint.settled_at, _item().marks) == (None, "defamation")
    assert [mail.subject for mail in mails(to="cora@mail.example")] == ["We have your notice of complaint"]


def test_what_lacks_something_is_said_in_words_and_other_reports_stay(scene):
    complaint = _complains(scene)
    with transaction():
        moderation.report_comment(
            actor=factories.a_person(), comment=scene.comment, reason="abuse", note="Rude."
        )
    with pytest.raises(Invalid):
        _does(actions.refuse, scene, complaint, words="")
    _does(actions.refuse, scene, complaint, words="It does not name you.")
    assert "It does not name you." in mails(to="cora@mail.example")[-1].body
    assert (scene.comment.state, _item().marks) == (State.PUBLISHED, "")


def test_an_author_without_an_address_is_not_asked(scene):
    complaint = _complains(scene)
    scene.citizen.email = ""
    db.session.commit()
    assert found.step_of(complaint, clock.now()) is Step.REMOVE_UNREACHED
    with pytest.raises(Conflict):
        _does(actions.pass_on, scene, complaint)


def test_whoever_has_a_part_in_the_draft_does_not_deal_with_it(scene):
    complaint = _complains(scene)
    barred = factories._with_role(
        scene.official, factories.Part.MODERATOR, organisation_id=scene.organisation.id
    )
    with pytest.raises(NotAllowed):
        _does(actions.pass_on, scene, complaint, actor=barred)


def test_what_people_wrote_goes_when_its_time_is_over(scene):
    complaint = _complains(scene)
    _does(actions.refuse, scene, complaint, words="It lacks a meaning.")
    _at(FRIDAY + timedelta(days=PERIODS[Kept.COMPLAINTS].days, minutes=-1))
    assert forgetting.forget_complaints() == 0
    _at(FRIDAY + timedelta(days=PERIODS[Kept.COMPLAINTS].days, minutes=1))
    with transaction():
        assert forgetting.forget_complaints() == 1
    db.session.refresh(complaint)
    assert (complaint.name, complaint.email, complaint.statement, complaint.words) == ("", "", "", "")
    assert complaint.outcome is Outcome.REFUSED
