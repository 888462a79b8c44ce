"""What is too much is refused before it costs anything, with words that say what to shorten."""

import sys

import pytest

from consult.text import bounds
from consult.text.bounds import MESSAGES, TooMuch, clean_name, clean_source, is_plain_name
from consult.text.markdown import render_answer, render_comment, render_document, render_page

MB = 1_000_000
REFUSED = {
    "document": {"2 MB and more": "a" * 2 * MB + "b", "more bytes than letters": "é" * (MB + 1)},
    "blocks": {
        "paragraphs": "a\n\n" * 5_001,
        "headings": "# a\n" * 400_000,
        "rows": "|a|\n|-|\n" + "|b|\n" * 6_000,
        "footnotes": "".join(f"[^{n}]: n\n\n" for n in range(60_000)),
        "definitions of links": "".join(f"[a{n}]: /b\n\n" for n in range(100_000)),
        "fences": "```\n" * 400_000,
        "divs that ask for Markdown": '<div markdown="1">\n' * 90_000,
        "marks": "<!-- together -->\n" * 100_000,
    },
    "block": {
        "one paragraph": "a " * 60_001,
        "lines": "a\n" * 900_000,
        "[": "[" * MB,
        "<": "<" * MB,
        "*": "a" + "*" * MB,
        "|": "|" * MB,
        "back-ticks": "a" + "`" * MB,
        "&": "&" * MB,
        "code": "    a\n" * 300_000,
        "a quote without marks": "> a\n" + "b\n" * 300_000,
        "raw HTML": "<b>\n" * 300_000,
    },
    "columns": {"table": "|" + "a|" * 61 + "\n|" + "-|" * 61 + "\n"},
    "nesting": {
        "quotes": ">" * 10_000 + "a",
        "lists": "".join("  " * n + "- a\n" for n in range(1_000)),
        "lists on a line": "- " * 5_000 + "a",
        "numbered lists": "1. " * 5_000 + "a",
        "emphasis": "*a **b " * 200 + "c** d*" * 200,
        "marks": "*" * 1_000 + "a" + "*" * 1_000,
        "tags": "<div>" * 1_000 + "x",
        "tags in a paragraph": "x" + "<b>" * 1_000,
    },
    "brackets": {"[": "[" * 501, "![": "![" * 501, "[ in links": "[a](" + "[" * 501},
    "marks": {
        "links": "[a](b)" * 15_000,
        "images": "![a](b)" * 15_000,
        "emphasis": "*a*b " * 20_000,
        "footnotes": "[^1]: n\n\n" + "[^1]" * 20_000,
        "entities": "&lt;" * 25_000,
        "line breaks": "\\\n" * 50_000,
        "tags": "<br>" * 25_000,
        "half comments": "x <!--" * 19_000,
        "half tags": 'x <a b="' * 14_000,
        "addresses": "http://" * 16_000,
    },
    "all marks": {"many paragraphs": ("*a* " * 4_000 + "\n\n") * 20},
    "output": {"a long address used often": f"[a]: /{'y' * 1_900}\n\n" + ("[a] " * 3_000 + "\n\n") * 5},
    "not text": {"NUL": "a\x00b"},
}
CASES = [(what, name) for what, cases in REFUSED.items() for name in cases]


@pytest.mark.parametrize(("what", "name"), CASES)
def test_a_source_that_explodes_is_refused_with_what_to_shorten(what, name):
    for render in (render_document, lambda source: render_page(source, resolve=lambda target: ("/x", True))):
        with pytest.raises(TooMuch) as refused:
            render(REFUSED[what][name])
        assert refused.value.what == what
        assert str(refused.value) == refused.value.message % refused.value.params
        assert "%(" not in str(refused.value)


@pytest.mark.parametrize(("what", "name"), CASES)
def test_a_comment_of_it_is_refused_too(what, name):
    with pytest.raises(TooMuch):
        render_comment(REFUSED[what][name] + " " * 5_000)


COSTLY = {
    "unmatched quotes in links": '[](a "' * 2_500,
    "runs of back-ticks": "".join("`" * n + " " for n in range(1, 480)),
    "parentheses": "[a](" * 2_400 + ")",
    "closing parentheses after an address": ("http://a.b" + ")" * 1_900 + " ") * 40,
    "entities that name themselves": "<!DOCTYPE x [<!ENTITY a '&b;'>]>&a;" * 900,
    "footnotes of footnotes": "[^0]\n\n" + "".join(f"[^{n}]: n[^{n + 1}]\n\n" for n in range(2_000)),
    "comments of kramdown": "{::comment}\n\n" * 4_000,
    "empty lines": "\n" * 1_900_000,
    "spaces": " " * 1_900_000,
    "pipes": "|" * 100_000,
    "open and close": "[]" * 4_000,
    "raw paragraphs": "<p>" * 9_000,
}


@pytest.mark.parametrize("name", COSTLY)
def test_what_is_only_odd_is_rendered(name):
    for block in render_document(COSTLY[name]).blocks:
        assert len(block.html) < 20 * len(COSTLY[name]) + 100_000


def test_a_message_names_the_line():
    with pytest.raises(TooMuch) as refused:
        render_document("a\n\nb\n\n" + "[" * 501)
    assert refused.value.params == {"line": 5, "limit": 500}
    assert "line 5" in str(refused.value)


def test_running_out_of_stack_is_an_answer_to_the_writer():
    depth = sys.getrecursionlimit()
    frame, used = sys._getframe(), 0
    while frame:
        frame, used = frame.f_back, used + 1
    sys.setrecursionlimit(used + 25)
    try:
        with pytest.raises(TooMuch) as refused:
            render_document("- a\n  - b\n    - c\n      - d\n        - e *f*")
    finally:
        sys.setrecursionlimit(depth)
    assert refused.value.what == "nesting"


def test_every_message_can_be_filled_in():
    values = {"limit": 1, "line": 2, "length": 3}
    for what in MESSAGES:
        assert str(TooMuch(what, **values))


@pytest.mark.parametrize(
    ("render", "longest"), [(render_comment, bounds.COMMENT_LENGTH), (render_answer, bounds.ANSWER_LENGTH)]
)
def test_a_comment_and_an_answer_have_their_length(render, longest):
    assert render("é" * longest)
    with pytest.raises(TooMuch) as refused:
        render("é" * (longest + 1))
    assert refused.value.params == {"limit": longest, "length": longest + 1}


def test_a_comment_may_have_a_hundred_brackets():
    assert render_comment("[" * 100)
    with pytest.raises(TooMuch):
        render_comment("[" * 101)


def test_line_ends_become_one_and_what_cannot_be_seen_goes():
    assert clean_source("a\r\nb\rc\u2028d\x0be\x07f\x7fg\ud800h\ufeff\ti") == "a\nb\nc\nd efgh\ti"


def test_a_text_with_nul_is_not_text():
    with pytest.raises(TooMuch) as refused:
        clean_source("a\x00b")
    assert refused.value.what == "not text"


@pytest.mark.parametrize("name", ["Siân Ó Briain", "李雷", "مريم", "O’Neil-Smith", "Zoë 🎈"])
def test_names_of_all_peoples_are_plain(name):
    assert is_plain_name(name)
    assert clean_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u2066", "\u200b", "\u200f", "\x00", "\n", "\x1b", "\u00ad", "\ufeff", "\U000e0041"]
)
def test_a_name_that_hides_something_is_not(sign):
    assert not is_plain_name(f"Tom{sign} Ashworth")
    assert clean_name(f"Tom{sign} Ashworth") == "Tom Ashworth"
