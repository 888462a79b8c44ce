"""Officials are told that a question came back to the desk: each in one mail, as soon as they chose to be."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from consult import clock
from consult.accounts.models import Role
from consult.audit import AuditEntry
from consult.consultations.election_models import Effect
from consult.discussion.answering import replying
from consult.discussion.desk import actions as desk_actions
from consult.discussion.ledger import objecting
from consult.extensions import db, transaction
from consult.notices import returned
from consult.notices.models import OutboxMail, Pace, ReturnedQuestion
from tests import factories
from tests.discussion import ground

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
MORNING = datetime(2026, 11, 26, 7, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SAID = "It says nothing of elms."


@pytest.fixture
def where(app):
    clock.replace(lambda: NOON)
    return ground.paragraph(ground.a_draft())


@pytest.fixture
def unit(where):
    return where.document.consultation.unit


def _official(unit, name, pace=None):
    person = factories.an_official(unit, name=name, email=f"{name.lower()}@unit.example")
    if pace is not None:
        person.returned_pace = pace
        db.session.commit()
    return person


def _comes_back(where, *, team=False, given_to=None):
    """Let a question be asked, answered, and come back; return it."""
    asked = (ground.tell_team if team else ground.say)(where, "Which trees?", ask=True)
    official = factories.an_official(where.document.consultation.unit, name="Replier", email="")
    if given_to is not None:
        with transaction(given_to):
            desk_actions.assign(actor=given_to, keys=[asked.key], assignee=given_to)
    _answered(asked, official, team=team)
    db.session.query(OutboxMail).delete()
    db.session.commit()
    with transaction(asked.author):
        objecting.object_to_answer(actor=asked.author, comment=asked, why=SAID)
    return asked


def _answered(asked, official, *, team):
    if team:
        with transaction(official):
            replying.reply_to_sender(actor=official, comment=asked, body="Oaks.")
    else:
        ground.answer(asked, by=official)


def _told_at(moment):
    clock.replace(lambda: moment)
    count = returned.send_due()
    told = [mail.to_address.partition("@")[0] for mail in db.session.query(OutboxMail)]
    assert count == len(told)
    mails = db.session.query(OutboxMail).order_by(OutboxMail.to_address).all()
    bodies = [(mail.subject, mail.body) for mail in mails]
    db.session.query(OutboxMail).delete()
    db.session.commit()
    return sorted(told), bodies


def test_everybody_of_the_unit_is_told_by_their_pace_while_nobody_has_it(where, unit):
    for pace in Pace:
        _official(unit, pace.name.title(), pace)
    factories.an_official(factories.a_unit(), email="other@unit.example")
    asked = _comes_back(where)
    told, bodies = _told_at(NOON)
    assert told == ["at_once"]
    subject, body = bodies[0]
    assert subject == "1 question has come back to the desk"
    assert f"/desk/answer/{asked.key}" in body
    assert "/account/gap-mail" in body
    assert SAID not in body
    assert _told_at(MORNING - SECOND)[0] == []
    assert _told_at(MORNING)[0] == ["daily"]
    assert _told_at(MONDAY - SECOND)[0] == []
    assert _told_at(MONDAY)[0] == ["weekly"]
    assert _told_at(MONDAY + timedelta(days=9))[0] == []
    assert not db.session.query(ReturnedQuestion).count()


def test_whoever_has_it_is_told_alone_and_of_several_in_one_mail(where, unit):
    ann, _bob = _official(unit, "Ann"), _official(unit, "Bob")
    first, second = _comes_back(where, given_to=ann), _comes_back(where, given_to=ann)
    told, bodies = _told_at(MORNING)
    assert told == ["ann"]
    assert bodies[0][0] == "2 questions have come back to the desk"
    assert first.key in bodies[0][1]
    assert second.key in bodies[0][1]


def test_where_the_holder_answers_for_the_unit_no_more_all_are_told(where, unit):
    ann, _bob = _official(unit, "Ann"), _official(unit, "Bob")
    asked = ground.say(where, "Which trees?", ask=True)
    with transaction(ann):
        desk_actions.assign(actor=ann, keys=[asked.key], assignee=ann)
    ground.answer(asked)
    with transaction():
        db.session.query(Role).filter_by(person_id=ann.id).update({"ended_at": clock.now()})
    db.session.query(OutboxMail).delete()
    db.session.commit()
    with transaction(asked.author):
        objecting.object_to_answer(actor=asked.author, comment=asked, why=SAID)
    assert "bob" in _told_at(MORNING)[0]


@pytest.mark.parametrize("what", ["answered", "withdrawn", "left", "never"])
def test_what_is_no_matter_any_more_is_not_told(where, unit, what):
    ann = _official(unit, "Ann")
    asked = _comes_back(where)
    if what == "answered":
        ground.answer(asked)
    elif what == "withdrawn":
        ground.withdraw(asked)
    else:
        with transaction():
            ann = db.session.merge(ann)
            ann.returned_pace = Pace.NEVER if what == "never" else ann.returned_pace
            if what == "left":
                db.session.query(Role).filter_by(person_id=ann.id).update({"ended_at": clock.now()})
    db.session.query(OutboxMail).delete()
    db.session.commit()
    assert "ann" not in _told_at(MORNING)[0]
    assert not db.session.query(ReturnedQuestion).count()


def test_before_an_election_it_waits_and_comes_after(where, unit):
    _official(unit, "Ann", Pace.AT_ONCE)
    day = NOON.date()
    factories.an_election(unit.organisation, day, day + timedelta(days=2), Effect.SEND_NO_MAILS)
    _comes_back(where)
    assert _told_at(MORNING)[0] == []
    assert _told_at(NOON + timedelta(days=3))[0] == ["ann"]


def test_of_what_was_sent_only_to_the_team_it_leads_to_the_page_of_the_team(where, unit):
    _official(unit, "Ann")
    asked = _comes_back(where, team=True)
    _told, bodies = _told_at(MORNING)
    assert f"/desk/team/{asked.key}" in bodies[0][1]
    assert "Which trees?" not in bodies[0][1]


def test_two_at_once_and_one_that_dies_tell_it_once(where, unit, app, monkeypatch):
    _official(unit, "Ann")
    _comes_back(where)
    clock.replace(lambda: MORNING)

    def dies(**values):
        raise RuntimeError("the power goes")

    with monkeypatch.context() as broken:
        broken.setattr(returned, "send", dies)
        with pytest.raises(RuntimeError):
            returned.send_due()
    assert not db.session.query(OutboxMail).count()
    db.session.rollback()
    start = threading.Barrier(2)

    def begin():
        with app.app_context():
            start.wait()
            returned.send_due()
            db.session.remove()

    both = [threading.Thread(target=begin) for _n in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert db.session.query(OutboxMail).count() == 1
    assert not db.session.query(ReturnedQuestion).count()


def test_an_official_chooses_how_soon(where, unit, visit_as):
    ann = _official(unit, "Ann")
    page = visit_as(ann)
    assert page.get("/account/gap-mail").select_one("#returned option[selected]")["value"] == "daily"
    page.post("/account/gap-mail", {"wants": "y", "returned": "never"})
    db.session.expire_all()
    assert (ann.returned_pace, ann.wants_gap_mail) == (Pace.NEVER, True)
    page.post("/account/gap-mail", {"wants": "y", "returned": "hourly"}, 422)
    page.post("/account/gap-mail", {"wants": "y"})  # of a page without the choice
    db.session.expire_all()
    assert ann.returned_pace is Pace.NEVER
    assert db.session.query(AuditEntry).filter_by(act="account.returned_pace").one().after == "never"
    assert not visit_as(factories.an_editor()).get("/account/gap-mail").select("#returned")


def test_the_rounds_are_those_of_the_digests():
    london = ZoneInfo("Europe/London")
    summer = datetime(2026, 7, 7, 5, 59, tzinfo=UTC)  # a Tuesday, a minute before seven
    assert returned.last_round(Pace.DAILY, summer, london) == datetime(2026, 7, 6, 6, tzinfo=UTC)
    assert returned.last_round(Pace.WEEKLY, summer, london) == datetime(2026, 7, 6, 6, tzinfo=UTC)
    assert returned.last_round(Pace.WEEKLY, datetime(2026, 7, 6, 5, 59, tzinfo=UTC), london) == datetime(
        2026, 6, 29, 6, tzinfo=UTC
    )
