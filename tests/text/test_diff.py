"""Word differences that a person can read."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from consult.text.diff import diff_html, sides_html, word_diff


def shown(old, new, **how):
    """The difference on one line: [-taken out-] {+put in+}."""
    marks = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return " ".join(marks[op].format(text.strip()) for op, text in word_diff(old, new, **how))


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


def test_a_word_that_says_something_stays_between_short_changes():
    assert shown("up to 30 metres from 4 sides", "up to 20 metres from 5 sides") == (
        "up to [-30-] {+20+} metres from [-4-] {+5+} sides"
    )


KEPT = "Councils should publish what they decide."
OLD = "Barriers must stand on every side that people walk past, day and night."
NEW = "A tapping rail is needed where somebody who cannot see might come near."


def test_a_sentence_that_was_rewritten_is_taken_out_and_put_in_as_a_whole():
    assert shown(f"{KEPT} {OLD} {KEPT}", f"{KEPT} {NEW} {KEPT}") == f"{KEPT} [-{OLD}-] {{+{NEW}+}} {KEPT}"


def test_a_sentence_put_in_between_alike_ones_is_that_sentence():
    old = "We will mend kerbs. We will mend lights."
    new = "We will mend kerbs. We will mend drains. We will mend lights."
    assert shown(old, new) == "We will mend kerbs. {+We will mend drains.+} We will mend lights."


def test_words_are_compared_within_sentences_that_are_alike_though_another_came_between():
    old = "The clear width is 1.5 metres on every street. Fees stay with the council of the place."
    new = (
        "The clear width is 2.0 metres on every street. Nothing else is new. "
        "Fees stay with the mayor of the place."
    )
    assert shown(old, new) == (
        "The clear width is [-1.5-] {+2.0+} metres on every street. {+Nothing else is new.+} "
        "Fees stay with the [-council-] {+mayor+} of the place."
    )


def test_a_sentence_parted_in_two_keeps_its_words():
    old = "Agencies may choose levels freely as distinct options; while many systems share one level."
    new = "Agencies may choose levels freely as distinct options. While many systems share one level."
    assert shown(old, new) == (
        "Agencies may choose levels freely as distinct options [-; while-] {+. While+} "
        "many systems share one level."
    )


def test_a_long_sentence_with_many_changes_reads_as_two_sentences():
    old = "Agencies are encouraged to weigh every risk of the service before they choose one of the levels."
    new = "Each team, by a plan of its own, has to weigh what a change costs before anybody can name levels."
    assert [op for op, _ in word_diff(old, new)] == ["delete", "insert"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("£1,250.50", "£1,350.50"),
        ("23/04/2026", "24/04/2026"),
        ("2026-04-23", "2026-05-23"),
        ("step-free", "barrier-free"),
        ("7.5%", "7.9%"),
        ("council’s", "councils’"),
        ("https://a.example/x?y=1", "https://a.example/x?y=2"),
        ("one@a.example", "two@a.example"),
        ("👍🏽", "👍🏿"),
        ("👩‍👩‍👧", "👩‍👩‍👦"),
        ("🇬🇧", "🇫🇷"),
        ("हिन्दी", "हिन्दू"),
        ("مُحَمَّد", "مُحَمَّل"),
    ],
)
def test_what_is_read_as_one_is_not_cut(old, new):
    assert shown(f"x {old} y", f"x {new} y") == f"x [-{old}-] {{+{new}+}} y"


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("政府必须在三十天内回复。没有例外。", "政府应当在三十天内回复。没有例外。", "政府 [-必须-] {+应当+} 在三十天内回复。没有例外。"),
        ("ผู้ประกอบการต้องไม่วางป้าย", "ผู้ประกอบการวางป้าย", "ผู้ประกอบการ [-ต้องไม่-] วางป้าย"),
        ("يجب ألّا يقل عرض الممر عن ١٫٥ متر.", "يجب ألّا يقل عرض الممر عن ٢٫٠ متر.", "يجب ألّا يقل عرض الممر عن [-١٫٥-] {+٢٫٠+} متر."),
        ("Rhaid i'r cyngor ateb o fewn deg dydd.", "Rhaid i'r cyngor ateb o fewn pum dydd.", "Rhaid i'r cyngor ateb o fewn [-deg-] {+pum+} dydd."),
        ("Совет должен ответить за 10 дней.", "Совет может ответить за 10 дней.", "Совет [-должен-] {+может+} ответить за 10 дней."),
    ],
)  # fmt: skip
def test_any_script_is_compared_by_what_its_readers_read(old, new, difference):
    assert shown(old, new) == difference


def test_a_change_begins_where_its_sentence_or_clause_begins():
    old = "Boards, tables, and chairs."
    new = "Boards, bins, tables, and chairs."
    assert shown(old, new) == "Boards, {+bins,+} tables, and chairs."


def test_spacing_is_no_change():
    assert [op for op, _ in word_diff("a  b\nc", "a b c")] == ["equal"]
    assert word_diff("a", "\n a ") == [("equal", "\n a ")]
    assert word_diff("", "  ") == []


def test_quotation_marks_and_dashes_are_a_change_only_to_who_wants_to_see_them():
    old, new = 'It\'s "late" - or not.', "It’s “late” – or not."
    assert word_diff(old, new, exact=False) == [("equal", new)]
    assert len(word_diff(old, new)) > 1


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


def test_side_by_side_each_text_has_its_own_marks_and_its_own_spelling():
    before, after = sides_html("It's <1.5> wide", "It’s <2.0> wide", deleted="out:", exact=False)
    assert before == 'It&#39;s &lt;<del><span class="vh">out: </span>1.5</del>&gt; wide'
    assert after == "It’s &lt;<ins>2.0</ins>&gt; wide"


WORDS = st.lists(st.sampled_from(["a", "b", "c.", "d,", "é", "1.5"]), max_size=25).map(" ".join)
LONGER = st.lists(
    st.sampled_from(["the", "of", "council.", "footway", "may", "not", "“wide”", "width;", "1.5", "政府", "。", "👍🏽"]),
    max_size=60,
).map(" ".join)  # fmt: skip


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_their_difference(old, new):
    ops = word_diff(old, new)
    assert "".join(text for op, text in ops if op != "insert").split() == old.split()
    assert "".join(text for op, text in ops if op != "delete").split() == new.split()
    assert all(text for _, text in ops)


def _without_space(text):
    return "".join(text.split())


@given(LONGER | st.text(), LONGER | st.text())
def test_nothing_is_lost_and_runs_alternate(old, new):
    ops = word_diff(old, new)
    assert _without_space("".join(t for op, t in ops if op != "insert")) == _without_space(old)
    assert _without_space("".join(t for op, t in ops if op != "delete")) == _without_space(new)
    assert not any(one == other for (one, _), (other, _) in pairwise(ops))
    assert ("insert", "delete") not in [(a[0], b[0]) for a, b in pairwise(ops)]


@given(LONGER | st.text())
def test_a_text_beside_itself_is_one_run(text):
    assert word_diff(text, text) == ([("equal", text)] if text.strip() else [])


@given(LONGER, LONGER)
def test_side_by_side_reads_as_the_two_texts(old, new):
    before, after = sides_html(old, new)
    assert _without_space(Markup(before).striptags()) == _without_space(old)
    assert _without_space(Markup(after).striptags()) == _without_space(new)
