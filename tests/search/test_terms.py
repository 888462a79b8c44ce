import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.search import terms

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("clear footways", (("clear",), ("footways",))),
        ("“clear footways” now", (("clear", "footways"), ("now",))),
        ('"clear footways', (("clear",), ("footways",))),
        ("co-design", (("co", "design"),)),
        ("don’t", (("don", "t"),)),
        ("Tŷ ty", (("ty",),)),
        ("a OR b NOT c NEAR(d e)", (("a",), ("or",), ("b",), ("not",), ("c",), ("near", "d"), ("e",))),
        ("100%", (("100",),)),
        ("a_b", (("a", "b"),)),
        ("% _ ' \" * ^ : ( ) -- ;", ()),
        ("", ()),
    ],
)
def test_only_letters_and_numbers_count(query, expected):
    assert terms.read(query).terms == expected


@pytest.mark.parametrize("query", ["x" * 201, " ".join(f"w{n}" for n in range(21))])
def test_a_query_that_cannot_be_meant_is_called_too_long(query):
    assert terms.read(query).is_too_long
    assert not terms.read(query)


@given(st.text(max_size=200))
def test_whatever_is_typed_becomes_plain_words(query):
    for word in terms.read(query).words:
        assert word
        assert '"' not in word
        assert not any(letter.isspace() for letter in word)
