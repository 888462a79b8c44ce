"""What is shown of a table of counts leaves every small number unsure: tried on every table that could stand behind it."""

import random
from itertools import product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from consult.consultations.equality import LEAST, SMALL, Shown
from consult.moderation.record.withholding import SUM, beneath, withheld


def _tables_behind(table, rows, columns, most):
    """Return every table that would be shown like this, reading nothing but what is shown."""
    choices = []
    for row, column in product(range(rows), range(columns)):
        shown = table.cell(row, column)
        choices.append(range(shown.at_least, shown.at_most + 1) if shown else range(LEAST, most))
    for flat in product(*choices):
        counts = [flat[row * columns : (row + 1) * columns] for row in range(rows)]
        if _agrees(table, counts, columns):
            yield counts


def _agrees(table, counts, columns):
    sums = {(SUM, column): sum(row[column] for row in counts) for column in range(columns)}
    if columns > 1:
        sums |= {(row, SUM): sum(numbers) for row, numbers in enumerate(counts)}
        sums[SUM, SUM] = sum(map(sum, counts))
    for cell, value in sums.items():
        shown = table.cell(*cell)
        if not (shown.at_least <= value <= shown.at_most if shown else value >= LEAST):
            return False
    return True


@pytest.mark.parametrize("seed", range(60))
def test_no_small_number_can_be_computed_back(seed):
    luck = random.Random(seed)
    rows, columns = luck.choice([(1, 3), (2, 2), (3, 1), (2, 3), (4, 1)])
    counts = [[luck.choice([0, 0, 1, 2, 3, 4, 5, 9]) for _ in range(columns)] for _ in range(rows)]
    table = withheld(counts)
    behind = list(_tables_behind(table, rows, columns, most=12))
    assert behind, "the truth is among what could be"
    for row, column in product(range(rows), range(columns)):
        if 0 < counts[row][column] < LEAST:
            assert len({each[row][column] for each in behind}) > 2, (counts, row, column)
    for row in range(rows):
        if 0 < sum(counts[row]) < LEAST:
            assert len({sum(each[row]) for each in behind}) > 2, (counts, row)
    for column in range(columns):
        if 0 < sum(row[column] for row in counts) < LEAST:
            assert len({sum(row[column] for row in each) for each in behind}) > 2, (counts, column)


def test_large_numbers_are_shown_as_they_are():
    table = withheld([[7, 12], [9, 30]])
    assert table.cell(0, 0) == Shown(7, 7)
    assert table.cell(0, SUM) == Shown(19, 19)
    assert table.cell(SUM, SUM) == Shown(58, 58)


def test_a_sum_that_gives_one_small_number_away_is_kept_back():
    table = withheld([[3, 40]])
    assert table.cell(0, 0) == SMALL
    assert table.cell(0, SUM) is None
    assert table.cell(SUM, SUM) is None


def test_several_small_numbers_keep_each_other_and_their_sum_is_shown():
    table = withheld([[3, 40, 2, 0]])
    assert table.cell(0, SUM) == Shown(45, 45)
    assert [table.cell(0, column) for column in (0, 2, 3)] == [SMALL] * 3


def test_what_two_quarters_say_of_each_other_is_seen():
    """Two sums of quarters and the sum of all would give the third away."""
    table = withheld([[3], [40], [50]])
    assert table.cell(0, 0) == SMALL
    assert table.cell(SUM, 0) is None


def test_a_large_table_takes_no_time():
    luck = random.Random(6)
    counts = [[luck.choice([0, 0, 1, 3, 8, 40]) for _ in range(9)] for _ in range(9)]
    table = withheld(counts)
    whole = sum(map(sum, counts))
    assert table.cell(SUM, SUM) == Shown(whole, whole)


def _known_behind(above, below):
    """Return every pair of rows that would be shown like these two, the second never more than the first."""
    under = list(_tables_behind(below, 1, 2, 12))
    for counts in _tables_behind(above, 1, 2, 12):
        yield from ((counts, each) for each in under if sum(each[0]) <= sum(counts[0]))


NUMBERS = st.tuples(*[st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7])] * 2)


@settings(deadline=None, max_examples=80)
@given(NUMBERS, NUMBERS)
@example((2, 4), (1, 5))
@example((4, 4), (8, 0))
@example((4, 4), (3, 4))
def test_what_lies_beneath_gives_no_small_number_away(decided, appealed):
    """Appeals are no more than the decisions that they are against: both rows are read together."""
    assume(sum(appealed) <= sum(decided))
    above = withheld([decided])
    below = beneath(withheld([appealed]), [appealed], SUM, [(above, SUM)], [0])
    if not any(below.shown.values()):
        return  # nothing is told, and nothing can be known
    behind = list(_known_behind(above, below))
    assert behind, "the truth is among what could be"
    for place, numbers in enumerate((decided, appealed)):
        for column, number in enumerate(numbers):
            if 0 < number < LEAST:
                assert len({each[place][0][column] for each in behind}) > 2, (place, column)


def test_few_decisions_of_two_quarters_are_not_told_by_the_appeals_of_both():
    few, appeals = withheld([[4, 0], [4, 0]]), [[7, 0], [0, 0]]
    shown = beneath(withheld(appeals), appeals, SUM, [(few, SUM)], [1, 0])
    assert shown.cell(0, SUM) is None
    assert shown.cell(SUM, SUM) is None


def test_many_appeals_against_few_decisions_are_kept_back():
    few = withheld([[4, 4]])
    table = beneath(withheld([[8, 0]]), [[8, 0]], SUM, [(few, 0), (few, 1)], [0])
    assert table.cell(0, 0) is None
    assert table.cell(0, SUM) is None
    assert table.cell(0, 1) == SMALL


def test_appeals_against_many_decisions_are_shown():
    many = withheld([[40, 3]])
    table = beneath(withheld([[8, 6]]), [[8, 6]], SUM, [(many, 0), (many, 1)], [0])
    assert table.cell(0, SUM) == Shown(14, 14)
