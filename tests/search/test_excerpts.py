import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from consult.search.excerpts import LENGTH, excerpt, marked, stem

pytestmark = pytest.mark.once


def test_words_found_are_marked_and_the_rest_is_escaped():
    html = excerpt("<b>Parking</b> & the parked car", {"park"})
    assert html == "&lt;b&gt;<mark>Parking</mark>&lt;/b&gt; &amp; the <mark>parked</mark> car"


def test_accents_do_not_hide_a_word():
    assert marked("Ein Tŷ ni", {"ty"}) == "Ein <mark>Tŷ</mark> ni"


def test_the_piece_is_cut_around_the_first_word_found():
    html = excerpt("before " * 100 + "here it is " + "after " * 100, {"here"})
    assert html.startswith("…before")
    assert "<mark>here</mark> it is" in html
    assert html.endswith("after…")
    assert len(html) < LENGTH + 40


def test_without_a_word_to_show_the_piece_is_the_beginning():
    assert excerpt("The beginning of it.", {"elsewhere"}) == "The beginning of it."


@pytest.mark.parametrize(
    "alike",
    [
        ("parking", "parked", "parks", "park"),
        ("moderation", "moderators", "moderated", "moderate"),
        ("policy", "policies"),
        ("comment", "comments", "commented", "commenting"),
        ("planning", "planned", "plan"),
    ],
)
def test_words_that_differ_in_their_ending_are_one(alike):
    assert len({stem(word) for word in alike}) == 1


@given(st.text(max_size=600), st.sets(st.sampled_from(["a", "mark", "script", "amp", "lt", "b"])))
def test_no_text_becomes_markup(words, wanted):
    html = str(marked(words, wanted))
    assert re.sub("</?mark>", "", html) == str(escape(words))
