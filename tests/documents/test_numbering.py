"""Numbers are for life: given once, never used again, and in the manner of legislation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.documents.numbering import Place, number_all

NEW = None


def numbers(*given_before: str | None, kind: str = "p", used: tuple[str, ...] = ()) -> list[str]:
    return number_all([Place(kind, number) for number in given_before], used)


def test_a_first_publication_counts_from_one():
    assert numbers(NEW, NEW, NEW) == ["1", "2", "3"]


def test_every_kind_of_text_takes_a_whole_number():
    kinds = ("p", "li", "quote", "code", "table")
    assert number_all([Place(kind) for kind in kinds], ()) == ["1", "2", "3", "4", "5"]


def test_headings_and_footnotes_count_by_themselves():
    places = [Place("h1"), Place("p"), Place("h3"), Place("p"), Place("footnote"), Place("footnote")]
    assert number_all(places, ()) == ["s1", "1", "s2", "2", "n1", "n2"]


def test_rows_are_numbered_within_their_table():
    places = [Place("p"), Place("table"), Place("row", None, 1), Place("row", None, 1), Place("p")]
    assert number_all(places, ()) == ["1", "2", "2.1", "2.2", "3"]


def test_a_row_put_between_two_others_takes_a_letter():
    places = [Place("table", "2"), Place("row", "2.1", 0), Place("row", None, 0), Place("row", "2.2", 0)]
    assert number_all(places, ()) == ["2", "2.1", "2.1A", "2.2"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["6", "7", NEW, NEW, "8"], ["6", "7", "7A", "7B", "8"]),
        (["7", NEW, "7A", "8"], ["7", "7ZB", "7A", "8"]),
        (["7A", NEW, "7B"], ["7A", "7AA", "7B"]),
        (["7A", NEW, "8"], ["7A", "7B", "8"]),
        (["7Z", NEW, "8"], ["7Z", "7ZA", "8"]),
        (["7", "7ZB", NEW, "7A"], ["7", "7ZB", "7ZC", "7A"]),
        ([NEW, NEW, "1"], ["A1", "B1", "1"]),
        ([NEW, "A1", "1"], ["ZA1", "A1", "1"]),
        (["23", "24", NEW, NEW], ["23", "24", "25", "26"]),
    ],
)
def test_what_is_put_in_is_numbered_as_in_legislation(before, after):
    assert numbers(*before) == after


def test_the_letters_go_on_after_z():
    given = numbers("7", *[NEW] * 28, "8")
    assert given[25:30] == ["7Y", "7Z", "7ZA", "7ZB", "8"]


def test_a_number_that_was_ever_used_is_not_given_again():
    assert numbers("7", NEW, "8", used=("7A", "7B")) == ["7", "7C", "8"]
    assert numbers("1", NEW, used=("2", "3")) == ["1", "4"]


def test_a_number_too_long_to_quote_is_a_whole_one_instead():
    given = numbers("1", *[NEW] * 400, "2")
    assert len(set(given)) == len(given)
    assert max(map(len, given)) <= 12


KINDS = st.sampled_from(["p", "li", "quote", "code", "h2", "footnote"])


@st.composite
def histories(draw):
    """Some rounds of edits: in each, paragraphs are kept or dropped, shuffled a little, and new ones put in."""
    rounds = draw(st.integers(1, 5))
    return [
        draw(st.lists(st.tuples(st.integers(0, 30), KINDS, st.booleans()), max_size=12))
        for _ in range(rounds)
    ]


@given(histories())
def test_no_number_is_ever_used_twice(history):
    standing: list[tuple[str, str]] = []
    ever: dict[str, int] = {}
    identity = 0
    for edits in history:
        places: list[tuple[str, str | None]] = [(kind, number) for kind, number in standing]
        for at, kind, is_new in edits:
            if is_new or not places:
                places.insert(min(at, len(places)), (kind, None))
            else:
                places.pop(at % len(places))
        given_now = number_all([Place(kind, number) for kind, number in places], ever)
        assert len(set(given_now)) == len(given_now)
        for (_kind, had), number in zip(places, given_now, strict=True):
            if had is None:
                assert number not in ever
                identity += 1
                ever[number] = identity
            else:
                assert number == had
        standing = [(kind, number) for (kind, _), number in zip(places, given_now, strict=True)]
