"""The points of a consultation: made, renamed, ordered, merged, deleted, and what comments belong to them."""

import pytest

from consult.discussion.desk import acts, point_actions, points
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import transaction
from tests import factories
from tests.discussion import ground


@pytest.fixture
def where(app):
    return ground.paragraph(ground.a_draft())


@pytest.fixture
def official(where):
    return factories.an_official(where.document.consultation.unit)


@pytest.fixture
def make(where, official):
    def make(title):
        with transaction(official):
            return point_actions.make(actor=official, consultation=where.document.consultation, title=title)

    return make


def do(errand, official, **values):
    with transaction(official):
        return errand(actor=official, **values)


def told(where):
    return [
        (each.point.title, each.count, each.waiting) for each in points.counted(where.document.consultation)
    ]


def test_points_are_kept_in_the_order_of_the_unit_and_count_what_can_be_read(where, official, make):
    width, cost = make("  Clear   width "), make("Who pays")
    asked, said, gone = ground.say(where, ask=True), ground.say(where), ground.say(where)
    do(point_actions.put_under, official, keys=[asked.key, said.key, gone.key], point=width)
    do(point_actions.put_under, official, keys=[asked.key], point=cost)
    ground.withdraw(gone)
    assert told(where) == [("Clear width", 2, 1), ("Who pays", 1, 1)]
    assert [row.title for row in points.titles_on([asked.id])[asked.id]] == ["Clear width", "Who pays"]
    do(point_actions.move, official, point=cost, step=-1)
    do(point_actions.move, official, point=cost, step=-1)
    do(point_actions.rename, official, point=cost, title="Who pays for it")
    assert [title for title, *_ in told(where)] == ["Who pays for it", "Clear width"]
    do(point_actions.merge, official, point=cost, into=width)
    assert told(where) == [("Clear width", 2, 1)]


def test_putting_under_a_point_and_taking_away_can_be_undone(where, official, make):
    width, said, other = make("Width"), ground.say(where), ground.say(where)
    do(point_actions.put_under, official, keys=[said.key], point=width)
    act = do(point_actions.put_under, official, keys=[said.key, other.key], point=width)
    assert act.item_count == 1
    do(acts.undo, official, act=act)
    assert told(where) == [("Width", 1, 0)]
    act = do(point_actions.take_from, official, keys=[said.key, other.key], point=width)
    assert told(where) == [("Width", 0, 0)]
    do(acts.undo, official, act=act)
    assert told(where) == [("Width", 1, 0)]
    assert do(point_actions.put_under, official, keys=[said.key], point=width) is None
    act = do(point_actions.put_under, official, keys=[other.key], point=width)
    do(point_actions.remove, official, point=width, is_confirmed=True)
    with pytest.raises(Conflict, match="merged or deleted"):
        do(acts.undo, official, act=act)


def test_a_point_with_comments_is_deleted_only_when_somebody_confirms(where, official, make):
    width, said = make("Width"), ground.say(where)
    do(point_actions.remove, official, point=make("Empty"), is_confirmed=False)
    do(point_actions.put_under, official, keys=[said.key], point=width)
    with pytest.raises(Conflict, match="Confirm"):
        do(point_actions.remove, official, point=width, is_confirmed=False)
    do(point_actions.remove, official, point=width, is_confirmed=True)
    assert told(where) == []


@pytest.mark.parametrize("title", ["", "   ", "x" * 121, "WIDTH"])
def test_a_title_is_short_and_its_own(make, title):
    make("Width")
    with pytest.raises(Invalid):
        make(title)


def test_points_are_the_units_and_hold_what_was_said_about_their_consultation(where, official, make):
    width, elsewhere = make("Width"), ground.paragraph(ground.a_draft(unit=where.document.consultation.unit))
    said = ground.say(elsewhere)
    with pytest.raises(Invalid, match="another consultation"):
        do(point_actions.put_under, official, keys=[said.key], point=width)
    with pytest.raises(Invalid):
        do(point_actions.merge, official, point=width, into=width)
    stranger = factories.an_official(factories.a_unit())
    with pytest.raises(NotAllowed):
        do(point_actions.rename, stranger, point=width, title="Mine")
