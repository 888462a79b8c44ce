"""Passwords that are guessed first are refused, however they are dressed up; others are not, whatever they are made of."""

import random

import pytest

from consult.accounts import guessing, passwords

SITE = ("Consult", "Department for Streets", "Clear Footways Unit")


@pytest.mark.parametrize(
    "password",
    [
        *("password1234", "PASSWORD1234", "qwertyuiop123", "aaaaaaaaaaaaaa", "abababababab"),
        *("Liverpool2026!", "P@ssw0rd123456", "arsenal-arsenal", "SummerSummer1!", "12345678qwerty"),
        *("x7!x7!x7!x7!x7!", "9876543210qwerty", "1qaz2wsx3edc!!", "iloveyou-michael"),
    ],
)
def test_what_everybody_would_guess_is_refused(password):
    assert passwords.is_common(password)


@pytest.mark.parametrize(
    "password", ["consult-2026!", "Streets123456", "footways#footways", "Department2026"]
)
def test_words_of_the_site_are_as_good_as_common(password):
    assert passwords.is_common(password, *SITE)


@pytest.mark.parametrize("password", ["x@mail.example", "Thackray2026!!", "wilf.thackray1"])
def test_ones_own_name_and_address_are_too(password):
    assert passwords.is_common(password, "Wilfred Thackray", "wilf.thackray@mail.example", "X@mail.example")


@pytest.mark.parametrize(
    "password",
    [
        *(
            "three random words",
            "gravel kettle",
            "936274018562",
            "!?#&%=+*~:;.",
            "žluťoučký kůň",
            "パスワードではないことば",
        ),
        *("mossy-liverpool-kiln", "tr7!kq2#vm9z", "password of a hedgehog"),
    ],
)
def test_what_nobody_would_guess_is_taken_whatever_it_is_made_of(password):
    assert not passwords.is_common(password, "Ann", "ann@mail.example", *SITE)


def test_more_than_the_commonest_three_thousand_are_refused():
    """The commonest are one word with a few figures behind it, or two: so many of twelve characters or more."""
    behind = ("1", "12", "123", "1234", "12345", "123456", "!", "1!", "123!", "2024", "2025", "2026", "2026!")
    made = {word + more for word in guessing._words() for more in (*behind, *guessing._words())}
    long = sorted(password for password in made if len(password) >= passwords.SHORTEST)
    assert len(long) > 30_000
    assert all(passwords.is_common(password) for password in random.Random(5).sample(long, 60))


def test_every_line_of_the_list_is_one_that_could_be_typed():
    for password in guessing.commonest():
        assert passwords.SHORTEST <= len(password) <= passwords.LONGEST
        assert password == password.casefold()


def test_the_longest_password_is_looked_at_quickly():
    assert not passwords.is_common("q7" + "1" * 60 + "passwordpassword" * 4 + "ż")
