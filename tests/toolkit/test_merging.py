from itertools import zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.toolkit.merging import Touching, merged, merged_field, merged_fields, offered

pytestmark = pytest.mark.once

BEGAN = "# Heads\n\nOne.\n\nTwo.\n\n- a\n- b\n- c\n"
LINE = st.sampled_from(["", "a", "b", "c", "- x", "é\u0301", "#"])
TEXT = st.lists(LINE, max_size=12).map("\n".join)


def both(began, one, other):
    """Merge, and see that it makes no difference who came first."""
    try:
        found = merged(began, one, other)
    except Touching:
        with pytest.raises(Touching):
            merged(began, other, one)
        raise
    assert merged(began, other, one) == found
    return found


def test_changes_to_two_paragraphs_are_both_kept():
    one, other = BEGAN.replace("One.", "Mine."), BEGAN.replace("Two.", "Theirs.\n\nAnd more.")
    assert both(BEGAN, one, other) == "# Heads\n\nMine.\n\nTheirs.\n\nAnd more.\n\n- a\n- b\n- c\n"


def test_changes_to_items_with_one_between_them_are_both_kept():
    assert both(BEGAN, BEGAN.replace("- a", "- A"), BEGAN.replace("- c\n", "")).endswith("- A\n- b\n")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("One.", "Mine."), ("One.", "Theirs.")),  # the same paragraph
        (("- a", "- A"), ("- b", "- B")),  # neighbouring lines
        (("One.\n\n", ""), ("One.", "Theirs.")),  # one takes away what the other changes
        (("One.", "One.\n\nMine."), ("One.", "One.\n\nTheirs.")),  # both add in one place
    ],
)
def test_changes_that_touch_are_for_a_person(one, other):
    with pytest.raises(Touching):
        both(BEGAN, BEGAN.replace(*one), BEGAN.replace(*other))


def test_the_same_change_is_made_once():
    one = BEGAN.replace("One.", "Both.")
    assert both(BEGAN, one, one.replace("- c", "- C")) == one.replace("- c", "- C")


def test_fields_are_merged_one_by_one():
    assert merged_field("a", "b", "a") == "b"
    assert merged_field("a", "a", "c") == "c"
    assert merged_field("a", "d", "d") == "d"
    with pytest.raises(Touching):
        merged_field("a", "b", "c")
    assert merged_fields(
        {"x": "1", "y": "1", "z": "1"}, {"x": "2", "y": "1"}, {"x": "1", "y": "3", "z": "1"}
    ) == {
        "x": "2",
        "y": "3",
    }
    with pytest.raises(Touching):
        merged_fields({"x": "1"}, {}, {"x": "2"})


@settings(max_examples=80, deadline=None)
@given(TEXT, TEXT)
def test_where_one_changed_nothing_the_other_is_taken(began, text):
    assert both(began, text, began) == text
    assert both(began, text, text) == text


@settings(max_examples=80, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_nothing_is_invented_and_nothing_both_left_is_lost(began, one, other):
    try:
        found = both(began, one, other).split("\n")
    except Touching:
        return
    for line in set(began.split("\n")) | set(one.split("\n")) | set(other.split("\n")) | set(found):
        was, mine, theirs = (text.split("\n").count(line) for text in (began, one, other))
        assert found.count(line) in {mine + theirs - was, max(mine, theirs), min(mine, theirs)}


@st.composite
def apart(draw):
    """A text of different lines, and two people's changes to it that have a line between them."""
    count = draw(st.integers(1, 14))
    kinds = draw(st.lists(st.sampled_from(["none", "one", "other"]), min_size=count, max_size=count))
    acts = draw(st.lists(st.sampled_from(["change", "drop", "add"]), min_size=count, max_size=count))
    return kinds, acts


@settings(max_examples=80, deadline=None)
@given(apart())
def test_changes_that_lie_apart_are_always_both_made(drawn):
    kinds, acts = drawn
    began, one, other, expected = [], [], [], []
    for n, (kind, act) in enumerate(zip_longest(kinds, acts)):
        line, rest = f"line {n}", f"between {n}"
        after = (
            {"change": [f"{kind} {n}"], "drop": [], "add": [line, f"{kind} {n}"]}[act]
            if kind != "none"
            else [line]
        )
        began += [line, rest]
        one += [*(after if kind == "one" else [line]), rest]
        other += [*(after if kind == "other" else [line]), rest]
        expected += [*after, rest]
    assert both("\n".join(began), "\n".join(one), "\n".join(other)) == "\n".join(expected)


@st.composite
def changed(draw):
    """What two people do to each line of a text."""
    acts = st.sampled_from(["leave", "change", "drop", "add"])
    return draw(st.lists(st.tuples(acts, acts), min_size=1, max_size=12))


def done(act, who, n):
    """Return how a line reads after somebody did that to it."""
    mine, line = f"{who} {n}", f"line {n}"
    return {"leave": [line], "change": [mine], "drop": [], "add": [line, mine]}[act]


def together(mine, theirs, n):
    """Return how a line should be offered: what was added beside a line that the other changed stays as well."""
    if mine != "leave" and theirs == "add" != mine:
        return [*done(mine, "one", n), f"other {n}"]
    if mine == "add" and theirs in ("change", "drop"):
        return [*done(theirs, "other", n), f"one {n}"]
    return done(theirs, "other", n) if mine == "leave" else done(mine, "one", n)


@settings(max_examples=150, deadline=None)
@given(changed())
def test_what_is_offered_is_one_side_where_both_changed_a_line_and_everything_else_of_both(drawn):
    texts = [[], [], [], []]
    for n, (mine, theirs) in enumerate(drawn):
        says = [f"line {n}"], done(mine, "one", n), done(theirs, "other", n), together(mine, theirs, n)
        for text, lines in zip(texts, says, strict=True):
            text += [*lines, f"between {n}"]
    began, one, other, expected = ("\n".join(text) for text in texts)
    assert offered(began, one, other) == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_a_line_that_one_alone_changed_is_offered_even_beside_one_that_the_other_did(drawn):
    began = [f"line {n}" for n in range(len(drawn))]
    one = [f"one {n}" if mine else began[n] for n, (mine, _) in enumerate(drawn)]
    other = [f"other {n}" if theirs else began[n] for n, (_, theirs) in enumerate(drawn)]
    expected = [one[n] if mine else other[n] for n, (mine, _) in enumerate(drawn)]
    assert offered(*("\n".join(lines) for lines in (began, one, other))) == "\n".join(expected)


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_what_is_offered_is_what_would_be_merged_where_nothing_touches(began, one, other):
    try:
        found = merged(began, one, other)
    except Touching:
        return
    assert offered(began, one, other) == found
