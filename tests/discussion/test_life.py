"""The life of a paragraph: versions that did something to its words, and nothing of those that did not."""

from datetime import UTC, datetime
from types import SimpleNamespace

from consult.discussion import life


def _row(number, plain, *, is_removed=False, bore="1", came_after=None):
    return SimpleNamespace(
        number=number,
        bore=bore,
        came_after=came_after,
        withdrawn_at=None,
        published_at=datetime(2026, 11, number, tzinfo=UTC),
        note=f"note {number}",
        plain=plain,
        is_removed=is_removed,
    )


def test_versions_that_left_the_words_alone_say_nothing():
    found = life.steps(
        [_row(1, "Count the trees."), _row(2, "Count the trees."), _row(3, "Count all trees.")]
    )
    assert [step.number for step in found] == [1, 3]
    assert found[0].diff is None
    assert "<ins>" in found[1].diff


def test_a_removal_is_said_once_and_a_return_shows_the_words_anew():
    rows = [
        _row(1, "Count the trees."),
        _row(2, "", is_removed=True),
        _row(3, "", is_removed=True),
        _row(4, "Count the trees."),
    ]
    found = life.steps(rows)
    assert [(step.number, step.is_removal) for step in found] == [(1, False), (2, True), (4, False)]
    assert found[2].diff is None


def test_words_that_look_like_markup_stay_words():
    found = life.steps([_row(1, "a <b> c"), _row(2, "a <script> c")])
    assert "<script>" not in found[1].diff


def test_nothing_has_no_life():
    assert life.steps([]) == []
