"""What can be commented on, and how it stands on the page."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.text.block import Block
from consult.text.blocks import listed, split
from consult.text.bounds import TooMuch
from consult.text.markdown import render_document
from consult.text.sanitise import DOCUMENT, sanitise
from tests.text.reading import block_texts


def kinds(source, **known):
    return [(block.kind, block.text) for block in split(source, **known)]


def test_each_paragraph_item_row_quote_and_code_is_a_block():
    source = "# T\np\n- a\n- b\n\n> q\n>\n> r\n\n```\nc\n```\n\n|x|y|\n|-|-|\n|1|2|\n"
    assert kinds(source) == [
        ("h1", "T"),
        ("p", "p"),
        ("li", "a"),
        ("li", "b"),
        ("quote", "q"),
        ("quote", "r"),
        ("code", "c"),
        ("table", "x|y 1|2"),
        ("row", "x|y"),
        ("row", "1|2"),
    ]


def test_text_is_the_source_without_its_marker_and_with_single_spaces():
    assert kinds("##  A *b*  ##\n\n-   c\n    **d**\n") == [("h2", "A *b*"), ("li", "c **d**")]


def test_a_nested_item_knows_its_depth_and_marker():
    blocks = split("3. a\n   - b\n\n     more of b\n4. c\n")
    assert [(b.kind, b.depth, b.marker) for b in blocks] == [
        ("li", 1, "3."),
        ("li", 2, "•"),
        ("p", 2, ""),
        ("li", 1, "4."),
    ]
    assert [b.html for b in blocks] == [
        '<ol start="3"><li>a</li></ol>',
        "<ul><li>b</li></ul>",
        "<p>more of b</p>",
        '<ol start="4"><li>c</li></ol>',
    ]


def test_what_stands_in_a_quote_is_a_quote_save_code_and_tables():
    source = "> # h\n> - a\n>\n> ```\n> c\n> ```\n>\n> |x|\n> |-|\n"
    assert [block.kind for block in split(source)] == ["quote", "quote", "code", "table", "row"]
    assert split(source)[1].html == "<blockquote><ul><li>a</li></ul></blockquote>"


def test_an_item_that_begins_with_code_bears_its_number_there():
    first, second = split("1. ```\n   a\n   ```\n   b\n")
    assert first.kind == "code"
    assert first.html.startswith("<ol><li><pre>")
    assert (second.kind, second.marker) == ("p", "")


def test_a_row_holds_its_cells_and_the_table_holds_its_rows():
    table, header, row = split("|a|b|\n|-|-:|\n|*c*|d|\n")
    assert header.html == '<th scope="col">a</th><th class="align-right" scope="col">b</th>'
    assert row.html == '<td><em>c</em></td><td class="align-right">d</td>'
    assert table.html == (
        f"<table><thead><tr>{header.html}</tr></thead><tbody><tr>{row.html}</tr></tbody></table>"
    )
    assert (header.is_header, row.is_header) == (True, False)
    assert header.table == row.table == 0


def test_a_term_stands_with_its_definition():
    first, second = split("Term\n: one\n: two\n\n  more\n")[:2]
    assert first.text == "Term : one"
    assert first.html == "<dl><dt>Term</dt>\n<dd>one</dd></dl>"
    assert second.text == "two"


def test_footnotes_come_last_in_the_order_in_which_they_are_cited():
    blocks = split("a[^y] b[^x]\n\n[^x]: X\n[^y]: Y\n\n    more\n[^z]: Z\n\nlast")
    assert [(b.kind, b.note, b.text) for b in blocks[2:]] == [
        ("footnote", "y", "Y more"),
        ("footnote", "x", "X"),
        ("footnote", "z", "Z"),
    ]
    assert '<a href="#s-fn-y" id="s-fnref-y">[1]</a>' in blocks[0].html
    assert blocks[2].html.startswith('<span id="s-fn-y"></span>')
    assert '<a class="note-back" href="#s-fnref-y">' in blocks[2].html
    assert "note-back" not in blocks[4].html


# Headings and anchors


def test_the_highest_heading_stands_right_under_the_title_of_the_page():
    assert [b.html for b in split("## a\n#### b\n")] == [
        '<h2 id="s-a">a</h2>',
        '<h4 id="s-b">b</h4>',
    ]
    assert [b.html[:3] for b in split("# a\n###### b\n")] == ["<h2", "<h6"]
    assert [b.level for b in split("# a\n###### b\n")] == [1, 6]


def test_anchors_are_made_like_those_of_github_and_never_twice():
    anchors = [b.anchor for b in split("# A *b* c!\n# A b c\n# Æ-1\n# x {#A_1}\n")]
    assert anchors == ["a-b-c", "a-b-c-1", "æ-1", "A_1"]


def test_links_within_the_text_lead_to_headings_and_raw_anchors():
    source = '<a name="sec1"></a>\n\n# One\n\n[a](#sec1) [b](#ONE) [c](#nowhere) [d](#p-7A)\n'
    heading, text = split(source)
    assert heading.html == '<a id="s-sec1"></a><h2 id="s-one">One</h2>'
    assert text.html == '<p><a href="#s-sec1">a</a> <a href="#s-one">b</a> c <a href="#p-7A">d</a></p>'


def test_an_anchor_that_is_given_twice_is_placed_once():
    html = "".join(b.html for b in split('<a name="x"></a>a\n\n<a id="x"></a>b\n'))
    assert html.count('id="s-x"') == 1


def test_a_heading_in_raw_html_is_a_heading():
    (block,) = split('<h2 align="center">What <em>now</em></h2>\n')
    assert (block.kind, block.text, block.html) == (
        "h2",
        "What now",
        '<h2 id="s-what-now">What <em>now</em></h2>',
    )


# Marks


KNOWN = frozenset({"7A", "12", "12.1", "s2", "n1", "3"})


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("[7A] text", "p"),
        ("- [7A] text", "li"),
        ("> [7A] text", "quote"),
        ("## [7A] text", "h2"),
        ("[7A]\ntext", "p"),
    ],
)
def test_a_known_number_is_a_mark_and_no_text(source, kind):
    (block,) = split(source, known_numbers=KNOWN)
    assert (block.kind, block.mark, block.text, block.plain) == (kind, "7A", "text", "text")


@pytest.mark.parametrize(
    "source", ["[8] text", "\\[7A] text", "text [7A]", "[7A](x) text", "[7A]: text", "[7A]text"]
)
def test_anything_else_that_looks_so_is_text(source):
    assert [block.mark for block in split(source, known_numbers=KNOWN) if block.mark] == []


def test_an_escaped_number_is_shown_without_its_backslash():
    (block,) = split("\\[7A] text", known_numbers=KNOWN)
    assert block.plain == "[7A] text"


def test_numbers_on_fences_and_rows():
    source = "```python [7A]\nx\n```\n\n| [12] a |\n|-|\n| [12.1] b |\n"
    blocks = split(source, known_numbers=KNOWN)
    assert [(b.kind, b.mark) for b in blocks] == [
        ("code", "7A"),
        ("table", "12"),
        ("row", None),
        ("row", "12.1"),
    ]
    assert [b.plain for b in blocks] == ["x", "a b", "a", "b"]


def test_blocks_between_together_marks_are_one():
    source = "before\n\n<!-- together -->\n[3] intro\n\n- a\n- b\n<!-- /together -->\nafter"
    before, unit, after = split(source, known_numbers=KNOWN)
    assert (unit.kind, unit.text, unit.mark) == ("p", "intro a b", "3")
    assert block_texts(unit.html) == ["intro", "a", "b"]
    assert (before.text, after.text) == ("before", "after")


@pytest.mark.parametrize(
    "source",
    ["<!-- together -->\na\n\nb", "a\n<!-- /together -->\nb", "<!-- together -->\n<!-- together -->\na\n\nb"],
)
def test_a_together_mark_without_its_fellow_is_nothing(source):
    assert [block.text for block in split(source)] == ["a", "b"]


def test_no_comments_closes_the_next_block_alone():
    blocks = split("a\n\n<!-- no comments -->\n|x|\n|-|\n|y|\n\n<!-- no comments --> b\n\nc")
    assert [(b.kind, b.is_commentable) for b in blocks] == [
        ("p", True),
        ("table", False),
        ("row", False),
        ("row", False),
        ("p", False),
        ("p", True),
    ]


# Nothing is lost


def test_what_has_no_words_stands_with_its_neighbour():
    first, second = split("…\n\na\n\n---\n\nb\n\n* * *\n")
    assert block_texts(first.html) == ["…", "a"]
    assert second.html == "<hr><p>b</p><hr>"


def test_a_text_without_any_word_is_still_shown():
    (block,) = split("?!")
    assert block.plain == "?!"


def test_an_empty_document_has_no_blocks():
    assert split("") == split(" \n\n<!-- x -->\n\n[a]: b\n") == []


WILD = st.text(alphabet=st.sampled_from(" \n\n#*_-+>`~|[]()!<&\\:.1aZé\t$^{}\"'/="), max_size=120)


@given(st.one_of(WILD, st.text(max_size=120)))
@settings(max_examples=300, deadline=None)
def test_any_text_becomes_safe_blocks_or_is_refused_with_a_reason(source):
    try:
        blocks = split(source)
    except TooMuch:
        return
    for block in blocks:
        assert isinstance(block, Block)
        if block.kind != "row":
            assert sanitise(block.html, DOCUMENT) == block.html
    assert split(source) == blocks


@given(st.lists(st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,6}", fullmatch=True), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_plain_paragraphs_come_back_as_they_were(paragraphs):
    assert [block.plain for block in split("\n\n".join(paragraphs))] == paragraphs


def test_the_commands_print_rows_for_tables_and_paragraphs_for_footnotes():
    assert listed(split("a[^1]\n\n|x|\n|-|\n|y|\n\n[^1]: n\n")) == [
        ("p", "a[^1]"),
        ("row", "x"),
        ("row", "y"),
        ("p", "n"),
    ]


def test_many_threads_render_at_once_without_mixing_their_texts():
    results: dict[int, list[str]] = {}

    def render(number: int) -> None:
        source = (
            f"# {number}\n\n[a]: /{number}\n\n" + f"word{number} [a] x[^1]\n\n" * 30 + f"[^1]: note{number}"
        )
        results[number] = [block.html for _ in range(5) for block in render_document(source).blocks]

    threads = [threading.Thread(target=render, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, pages in results.items():
        assert len(pages) == 5 * 32
        assert all(str(number) in html for html in pages)
        assert not any(f"word{other}" in html for html in pages for other in results if other != number)
