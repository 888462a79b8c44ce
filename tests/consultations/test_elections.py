"""Before an election: what holds on which day, what is set, changed and ended, and what is then done by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import audit, clock
from consult.consultations import actions as consultations
from consult.consultations import election_actions as actions
from consult.consultations import timed
from consult.consultations.election_actions import Plan, Setting
from consult.consultations.election_models import Effect, Election
from consult.consultations.election_queries import calendar, in_force, organisations_with
from consult.consultations.election_words import USUAL, line
from consult.consultations.elections import Calendar, Period, Switch
from consult.consultations.models import Consultation, Extension, Stage
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from tests import factories

FIRST, LAST = date(2027, 3, 25), date(2027, 5, 6)
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def a_day_in_march(app):
    clock.replace(lambda: NOON)
    factories.a_site(is_demonstration=True)


@pytest.fixture
def organisation(app):
    return factories.an_organisation()


@pytest.fixture
def administrator(organisation):
    return factories.an_administrator(organisation)


def _it_is(*moment):
    clock.replace(lambda: datetime(*moment, tzinfo=UTC))


def _plan(first=FIRST, last=LAST, *, held_on=None, on=tuple(Effect), **settings):
    """Return a plan with these switches on; `settings` are by effect what is unlike the rest."""
    usual = {"first_day": first, "last_day": last}
    wanted = []
    for effect in Effect:
        own = {"wording": str(USUAL[effect]), **usual, **settings.get(effect.value, {})}
        if effect is Effect.EXTEND_CLOSING and not {"by_days", "until_day"} & set(own):
            own["by_days"] = 42
        wanted.append(Setting(effect=effect, is_on=effect in on, **own))
    return Plan("Council elections", held_on or last, first, last, wanted)


def _set(administrator, organisation, plan=None):
    with transaction(administrator):
        return actions.set_election(actor=administrator, organisation=organisation, plan=plan or _plan())


def _change(administrator, election, plan, based_on=None):
    with transaction(administrator):
        edition = election.edition if based_on is None else based_on
        actions.change_election(actor=administrator, election=election, plan=plan, based_on=edition)


def _holds(organisation, effect=Effect.HOLD_ANSWERS):
    return in_force(organisation.id, effect, clock.now()) is not None


def test_a_switch_holds_from_midnight_to_midnight_in_london(administrator, organisation):
    """The clocks go forward within it: it begins at midnight of UTC, and ends at 11 pm."""
    _set(administrator, organisation)
    told = []
    for moment in ((2027, 3, 24, 23, 59, 59), (2027, 3, 25), (2027, 5, 6, 22, 59, 59), (2027, 5, 6, 23)):
        _it_is(*moment)
        told.append(_holds(organisation))
    assert told == [False, True, True, False]
    _it_is(2027, 4, 1)
    other = factories.an_organisation()
    assert organisations_with(Effect.SEND_NO_MAILS, clock.now()) == {organisation.id}
    assert not _holds(other)


def test_each_switch_has_its_own_days(administrator, organisation):
    plan = _plan(
        stop_clock={"first_day": date(2027, 4, 10)},
        hold_answers={"last_day": date(2027, 4, 9)},
        on=tuple(Effect),
    )
    _set(administrator, organisation, plan)
    _it_is(2027, 4, 9, 12)
    assert (_holds(organisation), _holds(organisation, Effect.STOP_CLOCK)) == (True, False)
    _it_is(2027, 4, 10, 12)
    assert (_holds(organisation), _holds(organisation, Effect.STOP_CLOCK)) == (False, True)


def _said(first=FIRST, last=LAST, on=(Effect.HOLD_ANSWERS,), day=date(2027, 4, 1), held_on=None, **how):
    switches = tuple(Switch(effect, first, last, str(USUAL[effect])) for effect in on)
    period = Period(1, "Election", held_on or last, first, last, switches)
    return line(period, day, **{"is_open": True, "is_undecided": True, **how})


def test_the_line_is_that_of_the_wording_paper(app):
    with app.test_request_context():
        whole = "There is an election on 6 May. You can still comment. We will answer after 6 May."
        assert _said() == whole
        assert _said(is_open=False) == "There is an election on 6 May. We will answer after 6 May."
        assert _said(on=()) == "There is an election on 6 May. You can still comment."
        assert _said(is_open=False, is_undecided=False) == "There is an election on 6 May."
        closed = "There is an election on 6 May. Comments cannot be added until after 6 May. What you have begun to write is kept."
        assert _said(on=(Effect.CLOSE_FORMS,)) == closed
        after = _said(held_on=date(2027, 5, 1), day=date(2027, 5, 3))
        assert after == "There was an election on 1 May. You can still comment. We will answer after 6 May."
        assert "6 May 2027" in _said(day=date(2026, 12, 24))


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"first": date(2027, 5, 7)}, "last_on"),
        ({"last": FIRST + timedelta(days=200)}, "last_on"),
        ({"first": date(2027, 2, 28)}, "first_on"),
        ({"held_on": date(2027, 5, 7)}, "held_on"),
        ({"held_on": date(2027, 3, 24)}, "held_on"),
        ({"on": ()}, "open_nothing_on"),
        ({"stop_clock": {"wording": ""}}, "stop_clock_words"),
        ({"stop_clock": {"first_day": LAST, "last_day": FIRST}}, "stop_clock_until"),
        ({"stop_clock": {"first_day": FIRST - DAY}}, "stop_clock_from"),
        ({"stop_clock": {"last_day": LAST + DAY}}, "stop_clock_until"),
        ({"extend_closing": {"by_days": None}}, "by_days"),
        ({"extend_closing": {"by_days": 0}}, "by_days"),
        ({"extend_closing": {"by_days": 3, "until_day": LAST + DAY}}, "by_days"),
        ({"extend_closing": {"until_day": LAST}}, "until_day"),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_field(administrator, organisation, plan, field):
    with pytest.raises(Invalid) as refused:
        _set(administrator, organisation, _plan(**plan))
    assert refused.value.field == field
    assert db.session.query(Election).count() == 0


def test_two_periods_of_one_organisation_never_share_a_day(administrator, organisation):
    _set(administrator, organisation)
    for first, last in ((LAST, LAST + DAY), (FIRST - DAY, FIRST), (FIRST - DAY, LAST + DAY)):
        with pytest.raises(Invalid) as refused:
            _set(administrator, organisation, _plan(first, last))
        assert (refused.value.field, "25 March to 6 May" in str(refused.value)) == ("first_on", True)
    _set(administrator, organisation, _plan(LAST + DAY, LAST + 3 * DAY))
    other = factories.an_organisation()
    _set(factories.an_administrator(other), other)


def test_only_its_administrators_set_one(organisation):
    for who in (factories.an_administrator(factories.an_organisation()), factories.a_person()):
        with pytest.raises(NotAllowed):
            _set(who, organisation)
    _set(factories.an_administrator(), organisation)


def test_what_is_done_stands_in_the_record(administrator, organisation):
    election = _set(administrator, organisation, _plan(on=(Effect.STOP_CLOCK,)))
    _change(administrator, election, _plan(on=(Effect.STOP_CLOCK, Effect.CLOSE_FORMS)))
    with transaction(administrator):
        actions.end_election(actor=administrator, election=election)
    entries = db.session.query(audit.AuditEntry).filter_by(subject=f"election:{election.id}")
    entries = entries.order_by(audit.AuditEntry.sequence)
    assert [(each.act, each.reason) for each in entries] == [
        ("election.switch_on", "stop_clock"),
        ("election.set", ""),
        ("election.switch_on", "close_forms"),
        ("election.change", ""),
        ("election.end", ""),
    ]
    assert election.cancelled_at is not None


def test_what_has_begun_keeps_its_first_day_and_what_it_did(administrator, organisation):
    election = _set(administrator, organisation)
    _it_is(2027, 4, 12, 12)
    for plan, field in (
        (_plan(FIRST + DAY), "first_on"),
        (_plan(last=date(2027, 4, 11)), "last_on"),
        (_plan(stop_clock={"first_day": date(2027, 4, 13)}), "stop_clock_from"),
    ):
        with pytest.raises(Invalid) as refused:
            _change(administrator, election, plan)
        assert refused.value.field == field
    without = tuple(effect for effect in Effect if effect is not Effect.STOP_CLOCK)
    _change(administrator, election, _plan(on=without))
    assert calendar().stops(organisation.id) == ((FIRST, date(2027, 4, 12)),)  # today counts as it began
    _change(administrator, election, _plan())  # turned on again on the same day: as if nothing had been
    assert calendar().stops(organisation.id) == ((FIRST, LAST),)
    _change(administrator, election, _plan(on=without))
    _it_is(2027, 4, 13, 12)
    with pytest.raises(Invalid) as refused:
        _change(administrator, election, _plan())
    assert refused.value.field == "stop_clock_on"


def test_a_switch_that_is_turned_on_later_holds_from_that_day(administrator, organisation):
    election = _set(administrator, organisation, _plan(on=(Effect.HOLD_ANSWERS,)))
    _it_is(2027, 4, 12, 12)
    both = (Effect.HOLD_ANSWERS, Effect.STOP_CLOCK)
    for own in ({}, {"first_day": date(2027, 4, 12)}):  # today counts already
        with pytest.raises(Invalid):
            _change(administrator, election, _plan(on=both, stop_clock=own))
    _change(administrator, election, _plan(on=both, stop_clock={"first_day": date(2027, 4, 13)}))
    assert calendar().stops(organisation.id) == ((date(2027, 4, 13), LAST),)


def test_it_ends_early_and_what_it_did_stays(administrator, organisation):
    election = _set(administrator, organisation)
    _it_is(2027, 4, 12, 12)
    with transaction(administrator):
        actions.end_election(actor=administrator, election=election)
    assert not _holds(organisation)
    assert calendar().stops(organisation.id) == ((FIRST, date(2027, 4, 12)),)
    for again in (
        lambda: actions.end_election(actor=administrator, election=election),
        lambda: actions.change_election(actor=administrator, election=election, plan=_plan(), based_on=2),
    ):
        with pytest.raises(Closed):
            again()


def test_two_who_change_it_at_once_are_told(administrator, organisation):
    election = _set(administrator, organisation)
    _change(administrator, election, _plan(on=(Effect.STOP_CLOCK,)))
    with pytest.raises(Conflict):
        _change(administrator, election, _plan(), based_on=1)


def _consultation(organisation, **values):
    return factories.a_consultation(factories.a_unit(organisation), **values)


def _closing(organisation, *moment, **values):
    return _consultation(organisation, opens_at=NOON - DAY, closes_at=datetime(*moment, tzinfo=UTC), **values)


def test_what_would_close_meanwhile_closes_later_once_and_says_why(administrator, organisation):
    inside = _closing(organisation, 2027, 4, 12, 22, 59)  # 11.59 pm in summer
    before, after = _closing(organisation, 2027, 3, 24, 12), _closing(organisation, 2027, 5, 6, 23)
    elsewhere = _closing(factories.an_organisation(), 2027, 4, 12, 12)
    done = _closing(organisation, 2027, 4, 12, 12, stage=Stage.ANALYSING)
    kept = [each.closes_at for each in (before, after, elsewhere, done)]
    _set(administrator, organisation, _plan(extend_closing={"by_days": 210 - 42}))
    assert (timed.run_due(), inside.extensions) == ({}, [])
    _it_is(2027, 3, 24, 1)  # the day before its first
    assert timed.run_due() == {"closings_moved": 1}
    assert timed.run_due() == {}
    db.session.expire_all()
    assert inside.closes_at == datetime(2027, 9, 27, 22, 59, tzinfo=UTC)
    moved = db.session.query(Extension).one()
    assert (moved.reason, moved.decided_by) == (
        "There is more time to comment because of the election on 6 May.",
        administrator.id,
    )
    assert [each.closes_at for each in (before, after, elsewhere, done)] == kept


def test_a_closing_goes_to_a_day_at_the_same_time_by_the_clocks_of_the_place(administrator, organisation):
    inside = _closing(organisation, 2027, 3, 26, 17)
    _it_is(2027, 3, 25, 9)
    until = {"by_days": None, "until_day": date(2027, 6, 1)}
    _set(administrator, organisation, _plan(on=(Effect.EXTEND_CLOSING,), extend_closing=until))
    assert inside.closes_at == datetime(2027, 6, 1, 16, tzinfo=UTC)


def test_what_was_to_open_meanwhile_opens_on_the_day_after_and_stays_open_as_long(
    administrator, organisation
):
    about = _consultation(
        organisation,
        opens_at=datetime(2027, 4, 1, 8, tzinfo=UTC),
        closes_at=datetime(2027, 6, 1, 22, 59, tzinfo=UTC),
    )
    _set(administrator, organisation)
    assert about.opens_at == datetime(2027, 5, 7, 8, tzinfo=UTC)
    assert about.closes_at == datetime(2027, 7, 7, 22, 59, tzinfo=UTC)


def _open(official, about, opens_at=None):
    with transaction(official):
        consultations.open_consultation(
            actor=official, consultation=about, stage=Stage.EARLY_IDEA, opens_at=opens_at, has_text=True
        )


def test_nothing_new_opens_meanwhile(organisation):
    about = _consultation(organisation, stage=Stage.PREPARING, closes_at=datetime(2027, 8, 1, tzinfo=UTC))
    official = factories.an_official(about.unit)
    factories.an_election(organisation, FIRST, LAST, Effect.OPEN_NOTHING)
    with pytest.raises(Invalid) as refused:
        _open(official, about, datetime(2027, 4, 1, tzinfo=UTC))
    assert refused.value.field == "opens_on"
    _it_is(2027, 5, 6, 22, 59)
    with pytest.raises(Invalid) as refused:
        _open(official, about)
    assert (refused.value.field, "until after 6 May" in str(refused.value)) == ("when", True)
    _open(official, about, datetime(2027, 5, 6, 23, tzinfo=UTC))
    with pytest.raises(Invalid) as refused, transaction(official):
        consultations.revise_consultation(
            actor=official,
            consultation=about,
            based_on=about.edition,
            values={"opens_at": datetime(2027, 5, 6, 22, 59, 30, tzinfo=UTC)},
        )
    assert refused.value.field == "opens_on"


def test_an_outcome_is_kept_and_published_after(organisation):
    about = _closing(organisation, 2027, 3, 20, 12)
    official = factories.an_official(about.unit)
    factories.an_election(organisation, FIRST, LAST, Effect.HOLD_ANSWERS)
    _it_is(2027, 4, 1, 12)
    with transaction(official):
        told = [
            consultations.publish_outcome(
                actor=official, consultation=about, source=words, html=f"<p>{words}</p>"
            )
            for words in ("First.", "Second.")
        ]
    assert (told, about.stage, about.outcome) == ([False, False], Stage.OPEN, "")
    assert timed.run_due() == {}
    _it_is(2027, 5, 6, 23)
    assert timed.run_due() == {"outcomes_released": 1}
    db.session.expire_all()
    assert (about.stage, about.outcome, about.held_outcome) == (Stage.OUTCOME, "Second.", "")
    assert about.outcome_at == clock.now()


def test_an_outcome_that_is_held_can_be_dropped(organisation):
    about = _closing(organisation, 2027, 3, 20, 12)
    official = factories.an_official(about.unit)
    factories.an_election(organisation, FIRST, LAST, Effect.HOLD_ANSWERS)
    _it_is(2027, 4, 1, 12)
    with transaction(official):
        consultations.publish_outcome(actor=official, consultation=about, source="No.", html="<p>No.</p>")
        consultations.drop_held_outcome(actor=official, consultation=about)
    _it_is(2027, 5, 7, 12)
    assert timed.run_due() == {}
    assert db.session.query(Consultation).one().stage is Stage.OPEN


DAYS = st.dates(min_value=date(2027, 1, 1), max_value=date(2028, 1, 1))


@given(DAYS, st.integers(0, 300), DAYS, st.integers(0, 60))
def test_a_clock_that_stops_never_runs_faster_and_agrees_with_what_is_late(asked, later, first, length):
    switch = Switch(Effect.STOP_CLOCK, first, first + timedelta(days=length), "")
    period = Period(1, "", switch.last_day, first, switch.last_day, (switch,))
    stopped, plain = Calendar(UTC, {1: (period,)}), Calendar(UTC)
    start = datetime(asked.year, asked.month, asked.day, 12, tzinfo=UTC)
    end = start + timedelta(days=later)
    waited = stopped.waited(start, end, 1)
    assert 0 <= waited <= plain.waited(start, end, 1)

    class Unit:
        id, organisation_id, promise_days = 1, 1, 5

    assert (start < stopped.late_before(end, Unit())) == (waited > 5)
