"""What is shown of a table of counts leaves every small number unsure: tried on every table that could stand behind it."""

import random
from itertools import product

import pytest

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


def _known_behind(above, below, rows):
    """Return every pair of tables that would be shown like these two, the second never more than the first so far."""
    wide, deep = 10, 10
    for counts in _tables_behind(above, rows, 2, wide):
        for under in _tables_behind(below, rows, 2, deep):
            totals = [(sum(counts[row]), sum(under[row])) for row in range(rows)]
            if all(sum(t[1] for t in totals[:end]) <= sum(t[0] for t in totals[:end]) for end in (1, rows)):
                yield counts, under


@pytest.mark.parametrize("seed", range(40))
def test_what_lies_beneath_gives_no_small_number_away(seed):
    """Appeals are no more than the decisions that they are against: both tables are read together."""
    luck = random.Random(seed)
    rows = luck.choice([1, 1, 2])
    while True:
        counts = [[luck.choice([0, 1, 2, 3, 4, 4, 6]) for _ in range(2)] for _ in range(rows)]
        under = [[luck.choice([0, 1, 3, 4, 5, 7]) for _ in range(2)] for _ in range(rows)]
        totals = [(sum(counts[row]), sum(under[row])) for row in range(rows)]
        if all(sum(t[1] for t in totals[:end]) <= sum(t[0] for t in totals[:end]) for end in (1, rows)):
            break
    above = withheld(counts)
    ceilings = [(above, 0), (above, 1)]
    below = beneath(withheld(under), under, SUM, ceilings, list(range(rows)))
    behind = list(_known_behind(above, _readable(below, rows), rows))
    assert behind, "the truth is among what could be"
    for row, column in product(range(rows), range(2)):
        for number, place in ((counts[row][column], 0), (under[row][column], 1)):
            if 0 < number < LEAST:
                assert len({each[place][row][column] for each in behind}) > 2, (counts, under, row, column)


def _readable(table, rows):
    """Of a table of which nothing at all is told, take every number for small or large, up to what is tried here."""
    if any(table.shown.values()):
        return table
    return type(table)({cell: Shown(0, 8 * rows * 4) for cell in table.shown})


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
