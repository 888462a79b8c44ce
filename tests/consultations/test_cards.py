"""What a list shows of a consultation."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from consult.consultations.cards import ROWS, by_step, cards_of
from consult.consultations.models import Stage
from consult.consultations.stages import Standing, Step

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _row(number=1, stage=Stage.OPEN, closes_in=30):
    return SimpleNamespace(
        id=number, stage=stage, opens_at=NOW - timedelta(days=9), closes_at=NOW + timedelta(days=closes_in)
    )


def _text(version):
    return SimpleNamespace(version_count=version, published_at=NOW - timedelta(days=version))


def test_the_step_is_that_of_the_text_that_came_furthest():
    card = cards_of([_row()], {1: [_text(1), _text(3)]}, {}, NOW)[0]
    assert (card.step, card.version, card.version_at) == (Step.REVISED, 3, NOW - timedelta(days=3))


def test_without_a_text_it_is_a_draft_of_version_none():
    card = cards_of([_row()], {}, {}, NOW)[0]
    assert (card.step, card.version, card.version_at, card.talk) == (Step.DRAFT, 0, None, None)


def test_a_closing_is_near_in_its_last_seven_days():
    near = [cards_of([_row(closes_in=days)], {}, {}, NOW)[0].is_soon for days in (8, 7, 6)]
    assert near == [False, False, True]


def test_what_has_closed_is_not_near():
    card = cards_of([_row(closes_in=-1)], {}, {}, NOW)[0]
    assert card.standing is Standing.CLOSED
    assert not card.is_soon


def test_cards_stand_under_their_steps_and_are_cut_at_twenty():
    rows = [_row(n) for n in range(ROWS + 5)] + [_row(99, Stage.EARLY_IDEA)]
    grouped = by_step(cards_of(rows, {}, {}, NOW))
    assert [(step, len(cards)) for step, cards in grouped] == [(Step.DRAFT, ROWS), (Step.EARLY_IDEA, 1)]
