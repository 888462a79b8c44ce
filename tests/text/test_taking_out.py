"""Whatever passages are chosen, their words stand nowhere any more, and the rest reads as it did."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.text.markdown import render_letter
from consult.text.taking_out import sentences, stands_in, take_out, take_out_plainly, told

MARK = "[Words taken out by a moderator: names or shows a private person]"
WORDS = st.sampled_from(
    [
        "Ann",
        "Smith",
        "anna's",
        "ANN",
        "smithy",
        "of",
        "Elm",
        "Road",
        "07700",
        "the",
        "bus",
        "9b",
        "café",
        "O’Neil",
        "x",
    ]
)
GLUES = st.sampled_from(
    [" ", " ", " ", ", ", ". ", "\n", "\n\n", " **", "** ", " _", "_ ", "\n- ", "\n> ", "-", "](", "["]
)
TEXTS = st.lists(st.tuples(WORDS, GLUES), min_size=3, max_size=25).map(
    lambda parts: "Say: " + "".join(word + glue for word, glue in parts) + "end"
)


def _taken(source: str, *passages: str):
    return take_out(source, str(render_letter(source)), passages, mark=MARK, render=render_letter)


def _rest(text: str) -> list[str]:
    return text.replace(MARK, " | ").split()


@given(TEXTS, st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_is_chosen_stands_nowhere_and_the_rest_reads_as_before(source, data):
    shown = told(str(render_letter(source)))
    flat = re.sub(r"\s+", " ", shown)
    chosen = []
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(flat) - 1))
        piece = flat[start : data.draw(st.integers(start + 1, min(len(flat), start + 30)))].strip()
        if piece and stands_in(piece, shown):  # one that runs over two paragraphs is two passages
            chosen.append(piece)
    if not chosen:
        return
    taken = _taken(source, *chosen)
    expected, count = take_out_plainly(shown, chosen, MARK)
    assert taken.count == count > 0
    assert _rest(told(taken.html)) == _rest(expected)
    for public in (taken.body, unquote(taken.body), unescape(taken.html), told(taken.html)):
        part = re.sub(r'<a [^>]*href="([^"]*)"[^>]*>', r" \1 ", public).replace(MARK, "qq")
        for piece in chosen:
            if re.search(_whole(piece), shown):
                assert not re.search(_whole(piece), part), (piece, public)


def _whole(piece: str) -> str:
    return rf"(?<![^\W_]){re.escape(piece)}(?![^\W_])"


@pytest.mark.parametrize(
    ("source", "passage", "body"),
    [
        ("Ask **John** Smith, _not_ jones.", "john smith", f"Ask {MARK}, _not_ jones."),
        ("Ask **John Smith**", "john smith", f"Ask **{MARK}**"),
        ("See [a page](https://x.example/john-smith).", "john smith", "See a page."),
        ("Ann's annual plan. ANN!", "Ann", f"{MARK}'s annual plan. {MARK}!"),
        ("> John\n> Smith said so", "John Smith", f"> {MARK} said so"),
        ("Call 07700900123now", "07700900123", f"Call {MARK}now"),
        ("- one\n- John Smith\n- three", "John Smith", f"- one\n- {MARK}\n- three"),
    ],
)
def test_it_is_found_whatever_stands_between_its_words(source, passage, body):
    taken = _taken(source, passage)
    assert taken.body == body
    assert taken.html.count(f"<em>{MARK}</em>") == body.count(MARK)


def test_the_formatting_of_the_rest_stays_and_a_link_that_tells_goes():
    taken = _taken(
        "See [this](https://a.example/john-smith) and **that** [page](https://b.example).", "John Smith"
    )
    assert "john" not in taken.html.lower() + taken.body.lower()
    assert "<strong>that</strong>" in taken.html
    assert 'href="https://b.example"' in taken.html
    coded = _taken("See https://a.example/John%20Smith today", "John Smith")
    assert "Smith" not in coded.html + coded.body
    assert "today" in coded.body
    hidden = _taken("Ask John&nbsp;Smith of **Leeds**", "John Smith")
    assert "Smith" not in hidden.html + hidden.body
    assert "Leeds" in hidden.body


def test_html_in_what_is_left_stays_text():
    taken = _taken("**John Smith wrote** `<b>` & <i>x</i> http", "Smith wrote <b> &")
    assert "<b>" not in taken.html


def test_the_sentences_that_a_moderator_can_tick():
    assert sentences(str(render_letter("One. Two? “Three!” Four\n\nOne."))) == [
        "One.",
        "Two?",
        "“Three!”",
        "Four",
    ]
