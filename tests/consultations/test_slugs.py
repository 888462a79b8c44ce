"""Addresses made from titles."""

import pytest

from consult.consultations.slugs import LONGEST, RESERVED, is_slug, slug_from


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Clear footways: sharing the pavement fairly", "clear-footways-sharing-the-pavement-fairly"),
        ("Children’s play", "childrens-play"),
        ("Cafés & tables", "cafes-tables"),
        ("Ffyrdd â choed", "ffyrdd-a-choed"),
        ("  --  ", ""),
        ("街", ""),
    ],
)
def test_a_title_makes_an_address_of_plain_letters(title, slug):
    assert slug_from(title) == slug


def test_a_long_title_is_cut_between_words():
    slug = slug_from("street " * 40)
    assert len(slug) <= LONGEST
    assert slug.endswith("street")


def test_a_long_word_is_cut_all_the_same():
    assert len(slug_from("a" * 300)) == LONGEST


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_words_that_stand_for_pages_of_ours_are_kept_back(word):
    assert not is_slug(word)


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "A", "a b", "a.atom", "a/b", "é", "a\n", "a" * 81])
def test_nothing_else_may_stand_in_an_address(text):
    assert not is_slug(text)


def test_small_letters_digits_and_hyphens_may():
    assert is_slug("version-2-of-7a")
