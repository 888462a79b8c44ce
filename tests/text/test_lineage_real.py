"""Real revisions of policy texts, with the right answer for every paragraph: the figures that must not fall."""

from collections import Counter

import pytest

from consult.text.lineage import trace
from tests.benchmarks.lineage import Pair, classes, read_pairs, verdict
from tests.benchmarks.lineage_edits import Made


def test_the_classes_and_the_verdicts_are_those_of_the_scorer() -> None:
    old = [
        Made("p", text)
        for text in ("same", "twice", "twice", "cut in two", "joins", "to it", "gone", "abcdef ghij")
    ]
    new = [
        Made("p", t) for t in ("same", "twice", "twice", "cut", "in two", "joins to it", "abcdef ghi", "new")
    ]
    gold = {0: [0], 1: [1], 2: [2], 3: [3, 4], 4: [5], 5: [5], 6: [], 7: [6]}
    assert classes(old, new, gold) == {
        0: None,
        1: "repeated",
        2: "repeated",
        3: "split",
        4: "merge",
        5: "merge",
        6: "removed",
        7: "light edit",
    }
    assert [verdict(*case) for case in (([3], [3, 4]), ([3, 5], [3, 4]), ([], [3]), ([], []), ([3], []))] == [
        "right",
        "wrong",
        "orphan",
        "right",
        "wrong",
    ]


@pytest.fixture(scope="module")
def pairs(revision_pairs) -> list[Pair]:
    return read_pairs(revision_pairs)


def test_comments_stay_with_their_words_and_whoever_doubts_asks(pairs: list[Pair]) -> None:
    changed, silent, count, asked = Counter[str](), Counter[str](), 0, 0
    for pair in pairs:
        found = trace(pair.old, pair.new)
        for i, gold in pair.gold.items():
            said = verdict(found.targets[i], gold)
            changed[said] += pair.classes[i] is not None
            silent[said] += i not in found.ask
            asked += i in found.ask
            count += 1
    assert changed["right"] >= 0.965 * changed.total()
    assert changed["wrong"] <= 0.015 * changed.total()
    assert silent["wrong"] <= 0.001 * count
    assert silent["orphan"] <= 0.002 * count
    assert asked <= 0.05 * count
