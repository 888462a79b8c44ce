"""Where a consultation stands at a moment, to the minute."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from consult.consultations import stages
from consult.consultations.models import Stage
from consult.consultations.stages import Standing, Step

OPENS = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 18, 23, 59, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _with(stage, opens_at=OPENS, closes_at=CLOSES):
    return SimpleNamespace(stage=stage, opens_at=opens_at, closes_at=closes_at)


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.EARLY_IDEA])
@pytest.mark.parametrize(
    ("now", "standing"),
    [
        (OPENS - MINUTE, Standing.COMING),
        (OPENS, Standing.OPEN),
        (CLOSES - MINUTE, Standing.OPEN),
        (CLOSES, Standing.CLOSED),
    ],
)
def test_it_opens_and_closes_to_the_minute_by_itself(stage, now, standing):
    assert stages.standing(_with(stage), now) is standing
    assert stages.takes_comments(_with(stage), now) is (standing is Standing.OPEN)


@pytest.mark.parametrize(
    ("stage", "standing"),
    [
        (Stage.PREPARING, Standing.PREPARING),
        (Stage.ANALYSING, Standing.CLOSED),
        (Stage.OUTCOME, Standing.OUTCOME),
        (Stage.WITHDRAWN, Standing.WITHDRAWN),
    ],
)
def test_other_stages_stand_whatever_the_dates_say(stage, standing):
    for now in (OPENS - MINUTE, OPENS, CLOSES):
        assert stages.standing(_with(stage), now) is standing
        assert not stages.takes_comments(_with(stage), now)


def test_without_an_opening_it_is_still_coming():
    assert stages.standing(_with(Stage.OPEN, opens_at=None), CLOSES) is Standing.COMING


def test_without_a_closing_it_stays_open():
    assert stages.standing(_with(Stage.OPEN, closes_at=None), CLOSES + MINUTE) is Standing.OPEN


def test_officials_answer_from_the_opening_until_the_outcome():
    assert not stages.takes_responses(_with(Stage.OPEN), OPENS - MINUTE)
    assert stages.takes_responses(_with(Stage.OPEN), OPENS)
    assert stages.takes_responses(_with(Stage.OPEN), CLOSES)
    assert stages.takes_responses(_with(Stage.ANALYSING), CLOSES)
    assert not stages.takes_responses(_with(Stage.OUTCOME), CLOSES)
    assert not stages.takes_responses(_with(Stage.WITHDRAWN), CLOSES)


def test_texts_are_public_from_the_opening_and_for_ever_after():
    assert not stages.text_is_public(_with(Stage.PREPARING), OPENS)
    assert not stages.text_is_public(_with(Stage.OPEN), OPENS - MINUTE)
    for stage in (Stage.OPEN, Stage.ANALYSING, Stage.OUTCOME, Stage.WITHDRAWN):
        assert stages.text_is_public(_with(stage), CLOSES)


@pytest.mark.parametrize(
    ("stage", "version", "step"),
    [
        (Stage.EARLY_IDEA, 1, Step.EARLY_IDEA),
        (Stage.OPEN, 0, Step.DRAFT),
        (Stage.OPEN, 1, Step.DRAFT),
        (Stage.OPEN, 2, Step.REVISED),
        (Stage.ANALYSING, 3, Step.REVISED),
        (Stage.OUTCOME, 1, Step.DECISION),
    ],
)
def test_the_bar_marks_one_step(stage, version, step):
    assert stages.step(_with(stage), version) is step
