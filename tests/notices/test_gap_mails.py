"""The Monday mail: once a week to whoever could mend something, and none where there is nothing to mend."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from consult import clock
from consult.accounts.models import Part, Person, Role
from consult.consultations.election_models import Effect
from consult.extensions import db, transaction
from consult.notices import gap_mails
from consult.notices.models import GapMail, OutboxMail
from tests import factories
from tests.accounts.ground import mails
from tests.monitor import known

DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")


def _at(moment):
    clock.replace(lambda: moment)


@pytest.fixture
def people(app):
    units = known.build()
    db.session.query(Person).update({"wants_gap_mail": False})  # of those that the site was made with
    _at(known.NOW - 30 * DAY)
    roads, parks = units["roads"], units["parks"]
    people = {
        "official": factories.an_official(roads, name="Olu", email="olu@roads.example"),
        "gardener": factories.an_official(parks, name="Gil", email="gil@parks.example"),
        "administrator": factories.an_administrator(roads.organisation, email="ada@roads.example"),
        "editor": factories.an_editor(email="eve@site.example"),
        "moderator": factories.a_moderator(roads.organisation, email="mo@roads.example"),
        "reader": factories.a_person(email="nia@mail.example"),
    }
    _at(known.NOW)
    db.session.query(OutboxMail).delete()
    db.session.commit()
    return people


def _to():
    return {mail.to_address: mail for mail in mails()}


def test_the_moment_is_seven_on_monday_by_the_clock_of_the_site():
    assert gap_mails.monday(datetime(2026, 7, 6, 5, 59, tzinfo=UTC), LONDON) is None  # summer time
    due = gap_mails.monday(datetime(2026, 7, 6, 6, 0, tzinfo=UTC), LONDON)
    assert due is not None
    assert due.day.isoformat() == "2026-07-06"
    assert gap_mails.monday(datetime(2026, 7, 12, 22, 59, tzinfo=UTC), LONDON) == due
    assert gap_mails.monday(datetime(2026, 7, 12, 23, 1, tzinfo=UTC), LONDON) is None  # Monday has begun


def test_whoever_could_mend_a_gap_is_told_once(people):
    assert gap_mails.send_due() == 4
    assert gap_mails.send_due() == 0
    told = _to()
    assert set(told) == {
        f"{name}"
        for name in ("olu@roads.example", "gil@parks.example", "ada@roads.example", "eve@site.example")
    }
    official = told["olu@roads.example"]
    assert official.subject == "Mind the gap: 4 things you could mend"
    for words in (
        "Hello Olu,",
        "This is what waited on Monday 23 November.",
        "ROADS UNIT",
        "Questions that wait for an answer: 1",
        "Who sweeps?",
        "An official of the unit takes it and answers.",
        "Much discussed, and no official has joined: 1",
        "Closed without an outcome: 1",
        "Open for too short a time, or over holidays: 1",
        "/monitor?unit=roads",
        "/account/gap-mail",
    ):
        assert words in official.body, words
    for words in ("Who mows?", "Who decides?", "Secret?", "Old advice"):
        assert words not in official.body
    assert "Units that have gone quiet: 1" in told["gil@parks.example"].body
    assert "Old advice" in told["eve@site.example"].body
    assert "New advice" not in told["eve@site.example"].body


def test_next_week_it_comes_again(people):
    gap_mails.send_due()
    _at(known.NOW + 7 * DAY)
    assert gap_mails.send_due() == 4
    _at(known.NOW + 6.5 * DAY)
    assert gap_mails.send_due() == 0


def test_before_seven_there_is_none_of_this_week(people):
    _at(datetime(2026, 11, 23, 6, 59, tzinfo=UTC))
    assert gap_mails.send_due() == 0


def test_who_stopped_it_or_began_later_gets_none(people, visit_as):
    page = visit_as(people["official"])
    assert "/account/gap-mail" in str(page.get("/account").main)
    answer = page.post("/account/gap-mail", {})
    assert answer.location == "/account"
    assert not db.session.get(type(people["official"]), people["official"].id).wants_gap_mail
    role = db.session.query(Role).filter_by(person_id=people["gardener"].id).one()
    role.accepted_at = known.NOW
    db.session.commit()
    assert gap_mails.send_due() == 2
    assert set(_to()) == {"ada@roads.example", "eve@site.example"}
    page.post("/account/gap-mail", {"wants": "y"})
    assert gap_mails.send_due() == 1


def test_without_a_gap_there_is_no_mail(app):
    _at(known.NOW - 30 * DAY)
    factories.a_site()
    factories.an_official(factories.a_unit())
    _at(known.NOW)
    assert gap_mails.send_due() == 0
    assert not mails()
    assert [row.had_gaps for row in db.session.query(GapMail)] == [False]


def test_a_demonstration_sends_none(people):
    with transaction():
        db.session.get(factories.Site, 1).is_demonstration = True
    assert gap_mails.send_due() == 0


def test_what_breaks_off_leaves_neither_row_nor_mail(people, monkeypatch):
    def dies(**values):
        raise RuntimeError("the power goes")

    with monkeypatch.context() as broken:
        broken.setattr(gap_mails, "send", dies)
        with pytest.raises(RuntimeError):
            gap_mails.send_due()
    assert not db.session.query(GapMail).count()
    assert gap_mails.send_due() == 4
    assert len(mails()) == 4


def test_two_at_once_send_it_once(people, app):
    start = threading.Barrier(2)

    def begin():
        with app.app_context():
            start.wait()
            gap_mails.send_due()
            db.session.remove()

    both = [threading.Thread(target=begin) for _n in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(mails()) == 4
    assert db.session.query(GapMail).count() == 4


def _keeps_quiet(unit_name):
    unit = db.session.query(factories.Unit).filter_by(name=unit_name).one()
    day = known.NOW.date()
    factories.an_election(unit.organisation, day, day + 3 * DAY, Effect.SEND_NO_MAILS)


def test_before_an_election_an_organisation_is_left_out(people):
    """Whoever plays a part elsewhere too is told of that alone; the toolkit belongs to no organisation."""
    parks = db.session.query(factories.Unit).filter_by(name="Parks Unit").one()
    both = db.session.get(Person, people["official"].id)
    role = Role(
        person_id=both.id, part=Part.OFFICIAL, unit_id=parks.id, organisation_id=parks.organisation_id
    )
    role.created_at = role.accepted_at = known.NOW - 30 * DAY
    db.session.add(role)
    db.session.commit()
    _keeps_quiet("Roads Unit")
    assert gap_mails.send_due() == 3
    assert set(_to()) == {"olu@roads.example", "gil@parks.example", "eve@site.example"}
    told = _to()["olu@roads.example"].body
    assert "PARKS UNIT" in told
    assert "ROADS UNIT" not in told
    _at(known.NOW + 7 * DAY)
    assert gap_mails.send_due() == 4
