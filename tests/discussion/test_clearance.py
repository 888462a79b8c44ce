"""A list that goes out as text comes back with the words that it went out with, or those that were changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.discussion.unsent.clearance import Item, as_text, bodies

pytestmark = pytest.mark.once
KEYS = st.text("23456789abcdefghijkmnpqrstuvwxyz", min_size=10, max_size=10)
LINES = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
        st.sampled_from(["=== [abc234] no mark ===", "| a table |", "\\| escaped", "\\\\", "===", "", "|"]),
    ),
    max_size=8,
)


@given(
    st.lists(
        st.tuples(KEYS, st.text(max_size=30), LINES, LINES), min_size=1, max_size=5, unique_by=lambda t: t[0]
    )
)
@pytest.mark.slow
def test_what_goes_out_comes_back(rows):
    items = [
        Item(key, place, "\n".join(about), "\n".join(line.replace("\r", "") for line in body))
        for key, place, about, body in rows
    ]
    assert bodies(as_text(items)) == {item.key: item.body.strip() for item in items}


def test_windows_line_ends_and_a_note_before_the_first_mark_do_no_harm():
    text = "Dear all, cleared.\r\n\r\n=== [abc234] Paragraph 1 ===\r\n| The words.\r\n\r\nPlant oaks.\r\nMany.\r\n"
    assert bodies(text) == {"abc234": "Plant oaks.\nMany."}


@pytest.mark.parametrize("text", ["", "No mark here.", "== [abc234] ==\nx"])
def test_a_text_without_a_mark_is_refused(text):
    with pytest.raises(ValueError):
        bodies(text)


def test_a_mark_that_stands_there_twice_is_named():
    with pytest.raises(ValueError, match="abc234"):
        bodies("=== [abc234] a ===\nx\n=== [abc234] b ===\ny\n")
