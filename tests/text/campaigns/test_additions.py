"""What people added to a letter."""

from consult.text.campaigns.additions import added
from tests.text.campaigns.test_grouping import LIMES


def passages(text, shown=LIMES, others=()):
    return [text[start:end] for start, end in added(text, shown, others)]


def test_a_copy_adds_nothing():
    assert passages(LIMES) == []
    assert passages(LIMES.upper()) == []


def test_passages_before_and_after_are_found_where_they_stand():
    before, after = "My bees live of them, all four hives", "Nobody asked the beekeepers"
    assert passages(f"{before}.\n\n{LIMES} {after}!") == [before, after]


def test_what_others_have_too_is_of_the_campaign():
    line = "Count the nests first, as you promised in the spring."
    assert passages(f"{LIMES} {line}") == [line.rstrip(".")]
    assert passages(f"{LIMES} {line}", others=[f"{line} {LIMES}", f"{LIMES} {line}"]) == []


def test_a_slip_of_the_pen_is_no_addition():
    assert passages(LIMES.replace("flagstones", "flagstoens").replace("century", "centurry")) == []
