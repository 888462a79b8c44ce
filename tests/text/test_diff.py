"""Word differences that a person can read."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from consult.text.diff import diff_html, word_diff


def test_runs_of_words_stay_together():
    old = "A board may not stand on a footway narrower than 3.0 metres."
    new = "A board may not be placed on any footway narrower than 2.5 metres."
    assert word_diff(old, new) == [
        ("equal", "A board may not "),
        ("delete", "stand on a "),
        ("insert", "be placed on any "),
        ("equal", "footway narrower than "),
        ("delete", "3.0 "),
        ("insert", "2.5 "),
        ("equal", "metres."),
    ]


def test_a_word_alone_between_longer_changes_is_no_island():
    ops = [op for op, _ in word_diff("one two and three four stay", "five six and seven eight stay")]
    assert ops == ["delete", "insert", "equal"]


def test_a_short_change_keeps_the_words_around_it():
    assert word_diff("a b c", "a x c") == [
        ("equal", "a "),
        ("delete", "b "),
        ("insert", "x "),
        ("equal", "c"),
    ]


def test_spacing_is_no_change():
    assert [op for op, _ in word_diff("a  b\nc", "a b c")] == ["equal"]


def test_texts_that_are_far_too_long_to_compare_count_as_rewritten():
    old, new = "a " * 30_000, "b " * 30_000
    assert [op for op, _ in word_diff(old, new)] == ["delete", "insert"]


def test_html_is_escaped_and_says_what_happened_to_those_who_listen():
    html = diff_html("<b>old</b> &", "<b>new</b> &", deleted="deleted:", inserted="inserted:")
    assert isinstance(html, Markup)
    assert html == (
        '&lt;b&gt;<del><span class="vh">deleted: </span>old</del>'
        '<ins><span class="vh">inserted: </span>new</ins>&lt;/b&gt; &amp;'
    )


def test_without_words_to_say_there_is_no_label():
    assert diff_html("a", "b") == "<del>a</del><ins>b</ins>"


WORDS = st.lists(st.sampled_from(["a", "b", "c.", "d,", "é", "1.5"]), max_size=25).map(" ".join)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_their_difference(old, new):
    ops = word_diff(old, new)
    assert "".join(text for op, text in ops if op != "insert").split() == old.split()
    assert "".join(text for op, text in ops if op != "delete").split() == new.split()
    assert all(text for _, text in ops)
