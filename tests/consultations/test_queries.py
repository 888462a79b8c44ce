"""Questions about consultations, against a database."""

import itertools
from datetime import timedelta

import pytest

from consult import clock
from consult.consultations import queries, stages
from consult.consultations.models import Consultation, Stage
from consult.consultations.stages import Standing
from consult.errors import NotFound
from consult.extensions import db
from consult.permissions import Anyone
from tests import factories

DAY = timedelta(days=1)


def test_sql_and_stages_agree_on_where_every_consultation_stands(app):
    now = clock.now().replace(microsecond=0)
    unit = factories.a_unit()
    moments = (None, now - DAY, now, now + DAY)
    for stage, opens_at, closes_at in itertools.product(Stage, moments, moments):
        made = factories.a_consultation(unit, stage=stage)
        made.opens_at, made.closes_at = opens_at, closes_at
    db.session.commit()
    everything = db.session.query(Consultation).all()
    for standing in Standing:
        found = {one.id for one in everything if stages.standing(one, now) is standing}
        asked = db.session.query(Consultation.id).filter(queries.standing_is(standing, now))
        assert {row.id for row in asked} == found, standing
        assert queries.tally(now).counts[standing] == len(found)


def test_the_stamp_of_the_tally_moves_with_any_visible_change(app):
    factories.a_site()
    first, second = factories.a_consultation(), factories.a_consultation()
    first.stamp = 100
    db.session.commit()
    before = queries.tally(clock.now()).stamp
    second.stamp += 1  # still far below the highest
    db.session.commit()
    assert queries.tally(clock.now()).stamp == before + 1


def test_an_opening_moves_the_tally_without_any_write(app):
    now = clock.now()
    factories.a_consultation(opens_at=now + DAY)
    assert queries.tally(now) != queries.tally(now + DAY)


def test_the_first_page_shows_what_closes_first_or_what_is_newest(app):
    now, unit = clock.now(), factories.a_unit()
    late = factories.a_consultation(unit, opens_at=now - DAY, closes_at=now + 9 * DAY)
    soon = factories.a_consultation(unit, opens_at=now - 5 * DAY, closes_at=now + 2 * DAY)
    assert [row.id for row in queries.front(now)[Standing.OPEN]] == [soon.id, late.id]
    newest = queries.front(now, is_newest_first=True)[Standing.OPEN]
    assert [row.id for row in newest] == [late.id, soon.id]


def test_the_first_page_takes_the_next_to_come_and_the_last_decided(app):
    now, unit = clock.now(), factories.a_unit()
    coming = [factories.a_consultation(unit, opens_at=now + n * DAY).id for n in range(9, 0, -1)]
    decided = [
        factories.a_consultation(unit, stage=Stage.OUTCOME, outcome_at=now - n * DAY).id for n in range(1, 6)
    ]
    factories.a_consultation(unit, stage=Stage.PREPARING)
    front = queries.front(now)
    assert [row.id for row in front[Standing.COMING]] == coming[::-1][: queries.FRONT_COMING]
    assert [row.id for row in front[Standing.OUTCOME]] == decided[: queries.FRONT_DECIDED]
    assert front[Standing.OPEN] == []


@pytest.mark.parametrize("standing", [Standing.OPEN, Standing.CLOSED, Standing.COMING])
def test_paging_shows_each_once_even_where_moments_are_the_same(app, standing):
    now, unit = clock.now(), factories.a_unit()
    opens = {Standing.COMING: now + DAY}.get(standing, now - 9 * DAY)
    closes = {Standing.CLOSED: now - DAY}.get(standing, now + 9 * DAY)
    made = {factories.a_consultation(unit, opens_at=opens, closes_at=closes).slug for _n in range(45)}
    seen, after = [], ""
    while True:
        rows = queries.standing_at(standing, now, after=after)
        seen += [row.slug for row in rows[: queries.PAGE]]
        if len(rows) <= queries.PAGE:
            break
        after = rows[queries.PAGE - 1].slug
    assert len(seen) == 45
    assert set(seen) == made


def test_a_page_after_nothing_known_is_not_found(app):
    with pytest.raises(NotFound):
        queries.standing_at(Standing.OPEN, clock.now(), after="no-such")


def test_what_is_prepared_is_given_away_to_nobody_by_paging(app):
    unit = factories.a_unit()
    secret = factories.a_consultation(unit, stage=Stage.PREPARING)
    with pytest.raises(NotFound):
        queries.run_by_unit(unit.id, after=secret.slug)
    assert queries.run_by_unit(unit.id) == []
    assert [row.slug for row in queries.run_by_unit(unit.id, with_prepared=True)] == [secret.slug]


def test_what_is_prepared_is_known_to_its_unit_alone(app):
    unit = factories.a_unit()
    secret = factories.a_consultation(unit, stage=Stage.PREPARING)
    assert queries.readable_consultation(secret.slug, actor=factories.an_official(unit)) is secret
    for other in (Anyone(), factories.a_person(), factories.an_official(factories.a_unit())):
        with pytest.raises(NotFound):
            queries.readable_consultation(secret.slug, actor=other)


def test_the_list_of_all_holds_what_is_prepared_by_the_units_that_ask(app):
    now, ours, theirs = clock.now(), factories.a_unit(), factories.a_unit()
    mine = factories.a_consultation(ours, stage=Stage.PREPARING)
    factories.a_consultation(theirs, stage=Stage.PREPARING)
    assert queries.first_of_each(now, limit=5)[Standing.PREPARING] == []
    found = queries.first_of_each(now, limit=5, unit_ids=[ours.id])[Standing.PREPARING]
    assert [row.slug for row in found] == [mine.slug]


def test_who_answers_are_the_officials_who_still_are(app):
    unit = factories.a_unit()
    factories.an_official(unit, name="Zoe", title="Lead")
    factories.an_official(unit, name="Ama", title="Analyst")
    factories.an_official(unit, name="Gone", disabled_at=clock.now())
    ended = factories.an_official(unit, name="Ended")
    ended.roles[0].ended_at = clock.now()
    db.session.commit()
    assert queries.officials_of(unit.id) == [("Ama", "Analyst"), ("Zoe", "Lead")]
