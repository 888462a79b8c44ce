"""Mail addresses are stored in one form, and nothing that is not exactly one address gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.addresses import LONGEST, as_stored, mailbox_of


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ann@Mail.Example", "ann@mail.example"),
        ("  ann@mail.example ", "ann@mail.example"),
        ("ann+tag@mail.example", "ann+tag@mail.example"),
        ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
    ],
)
def test_an_address_is_stored_in_one_form(typed, stored):
    assert as_stored(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "@mail.example",
        "ann@localhost",
        "ann@mail",
        "a b@mail.example",
        "ann@mail.example,bob@mail.example",
        "Ann <ann@mail.example>",
        "ann@mail.example\nBcc: bob@mail.example",
        "ann\r\n@mail.example",
        "ann@[127.0.0.1]",
        '"ann"@mail.example',
        "ann\u202e@mail.example",
        "a" * 1_000_000,
        "a" * 250 + "@mail.example",
    ],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(ValueError):
        as_stored(typed)


@given(st.text())
def test_whatever_is_accepted_is_one_short_line_of_ascii(typed):
    try:
        stored = as_stored(typed)
    except ValueError:
        return
    assert stored.isascii()
    assert stored.isprintable()
    assert " " not in stored
    assert stored.count("@") == 1
    assert len(stored) <= LONGEST


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("ann@mail.example", "ann@mail.example"),
        ("ann+consult@mail.example", "ann@mail.example"),
        ("a.nn@mail.example", "a.nn@mail.example"),
        ("+@mail.example", "+@mail.example"),
        ("a.n.n+x.y@googlemail.com", "ann@gmail.com"),
        ('"a@b+c"@mail.example', '"a@b@mail.example'),
    ],
)
def test_addresses_that_lead_to_one_mailbox_are_counted_as_one(address, mailbox):
    assert mailbox_of(address) == mailbox
