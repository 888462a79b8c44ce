"""Numbers go into a source and come out of it, and what readers see stays the same to the letter."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.text.bounds import TooMuch
from consult.text.markdown import render_document
from consult.text.marking import what_shows_a_number, with_marks, without_marks
from tests.text.test_real_documents import DOCUMENTS

KNOWN = frozenset({"1", "5", "7A", "12", "12.1"})
_LITERAL = re.compile(r"\\?(\[[^\]]*\])(?:\[\])?")


def blocks(source, known=frozenset()):
    return render_document(source, known_numbers=known).blocks


def numbers_for(found):
    """A number for every block, as a document gives them: rows their table's and a dot."""
    given, table, row = [], 0, 0
    for place, block in enumerate(found, 1):
        if block.kind == "row":
            row += 1
            given.append(f"{table}.{row}")
        else:
            table, row = place, 0
            given.append(f"{'s' if block.level else 'n' if block.kind == 'footnote' else ''}{place}")
    return given


def seen(found):
    """What is to stay the same. Literal text that looks like a number may be written otherwise than it was."""
    return [replace(b, mark=None, line=0, text=_LITERAL.sub(r"\1", b.text, count=1)) for b in found]


# Where each kind bears its number


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ("text", "[1] text"),
        ("a\nb", "[1] a\nb"),
        ("- a\n- b", "- [1] a\n- [2] b"),
        ("-   a\n\n    b", "-   [1] a\n\n    [2] b"),
        ("3) a", "3) [1] a"),
        ("> a\nb", "> [1] a\nb"),
        ("> - a", "> - [1] a"),
        ("## Title ##", "## [s1] Title ##"),
        ("Title\n=====", "[s1] Title\n====="),
        ("```\nx\n```", "``` [1]\nx\n```"),
        ("~~~ py\nx\n~~~", "~~~ py [1]\nx\n~~~"),
        ("| a | b |\n|---|---|\n| c | d |", "| [1] [1.1] a | b |\n|---|---|\n| [1.2] c | d |"),
        ("a | b\n--|--\nc | d", "[1] [1.1] a | b\n--|--\n[1.2] c | d"),
        ("|a|b|\n|-|-|\n| | c", "|[1] [1.1] a|b|\n|-|-|\n| [1.2] | c"),
        ("Term\n: what it is", "[1] Term\n: what it is"),
        ("Term\n\n: what it is\n: also this", "[1] Term\n\n: what it is\n: [2] also this"),
        ("a[^1]\n\n[^1]: note", "[1] a[^1]\n\n[^1]: [n2] note"),
        ("a[^1]\n\n[^1]:\n    note", "[1] a[^1]\n\n[^1]:\n    [n2] note"),
        ("[x]: http://a.example\n[x] is a link", "[x]: http://a.example\n[1] [x] is a link"),
        ("a\n\n<table><tr><td>b</td></tr></table>", "[1] a\n\n[2]\n<table><tr><td>b</td></tr></table>"),
        ("a\n<div>b</div>", "[1] a\n\n[2]\n<div>b</div>"),
        ("a\n\n    code", "[1] a\n\n[2]\n\n    code"),
        ("- <div>b</div>", "- [1]\n  <div>b</div>"),
        ("<!-- no comments -->\na", "<!-- no comments -->\n[1] a"),
        ("<!-- no comments --> a", "<!-- no comments --> [1] a"),
        (
            "<!-- together -->\na\n\n- b\n<!-- /together -->\nc",
            "<!-- together -->\n[1] a\n\n- b\n<!-- /together -->\n[2] c",
        ),
        (
            "<!-- together -->\n- a\n- b\n<!-- /together -->",
            "<!-- together -->\n- [1] a\n- b\n<!-- /together -->",
        ),
        ("---\ntitle: x\n---\n\na", "---\ntitle: x\n---\n\n[1] a"),
        ("\ta\tb", "[1]\n\n\ta\tb"),
        ("-\ta\tb", "-\t[1] a\tb"),
    ],
)
def test_each_block_bears_its_number_where_it_begins(source, marked):
    found = blocks(source)
    given = numbers_for(found)
    assert with_marks(source, given) == marked
    again = blocks(marked, frozenset(given))
    assert [block.mark for block in again] == given
    assert seen(again) == seen(found)


@pytest.mark.parametrize(
    "source",
    ["a\n\n- b\n\n| c |\n|-|\n| d |\n", "1. ```py\n   x\n   ```\n", "a[^b]\n\n[^b]: c", "> # a\n>\n> b\n"],
)
def test_without_its_numbers_it_is_the_source_again(source):
    given = numbers_for(blocks(source))
    assert without_marks(with_marks(source, given), frozenset(given)) == source


# What stands there already


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ("[5] a", "[1] a"),
        ("[5]   a", "[1] a"),
        ("[5]\na", "[1]\na"),
        ("# [5] a", "# [s1] a"),
        ("```py [5]\na\n```", "```py [1]\na\n```"),
        ("| [12] a |\n|-|\n| [12.1] b |", "| [1] [1.1] a |\n|-|\n| [1.2] b |"),
        ("| [12] [12.1] a |\n|-|\n| b |", "| [1] [1.1] a |\n|-|\n| [1.2] b |"),
        ("[5]\n\n    code", "[1]\n\n    code"),
        (
            "<!-- together -->\n[5] a\n\n[7A] b\n<!-- /together -->",
            "<!-- together -->\n[1] a\n\nb\n<!-- /together -->",
        ),
    ],
)
def test_a_number_that_stands_there_makes_room(source, marked):
    given = numbers_for(blocks(source, KNOWN))
    assert with_marks(source, given, known_numbers=KNOWN) == marked
    assert with_marks(marked, given, known_numbers=KNOWN.union(given)) == marked


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("[5] a", "a"),
        ("- [5] a", "- a"),
        ("```py [5]\na\n```", "```py\na\n```"),
        ("| [12] [12.1] a |\n|-|\n| [12.1] b |", "| a |\n|-|\n| b |"),
        ("a\n\n[5]\n<div>b</div>", "a\n\n<div>b</div>"),
        ("- [5]\n  <div>b</div>", "- <div>b</div>"),
        ("[8] a", "[8] a"),
        ("[5] [7A] a", "\\[7A] a"),
    ],
)
def test_numbers_that_count_are_taken_out_and_nothing_else(source, plain):
    assert without_marks(source, KNOWN) == plain


@pytest.mark.parametrize(
    ("source", "number", "written"),
    [
        ("[5] a", None, "\\[5] a"),
        ("[5] a", "1", "[1] [5] a"),
        ("\\[5] a", "1", "[1] \\[5] a"),
        ("[5] a\n\n[5]: http://a.example", None, "[5][] a\n\n[5]: http://a.example"),
        ("```[5]\na\n```", None, "```5\na\n```"),
    ],
)
def test_literal_text_that_looks_like_a_number_stays_text(source, number, written):
    assert with_marks(source, [number]) == written
    (before,), (after,) = blocks(source), blocks(written, KNOWN)
    assert (after.plain, after.html, after.mark) == (before.plain, before.html, number)


def test_the_editor_shows_the_numbers_that_the_page_shows():
    source = "# a\n\nb[^1]\n\n| c |\n|-|\n| d |\n\n[^1]: e"
    given = ["s1", "1", "2", "2.1", "2.2", "n1"]
    marked = with_marks(source, given, wanted=what_shows_a_number)
    assert marked == "# a\n\n[1] b[^1]\n\n| [2] c |\n|-|\n| [2.2] d |\n\n[^1]: e"


def test_as_many_numbers_as_blocks_or_none_at_all():
    with pytest.raises(ValueError, match="zip"):
        with_marks("a\n\nb", ["1"])


def test_a_number_that_nobody_gives_is_not_written():
    assert with_marks("a\n\nb", ["not a number", ""]) == "a\n\nb"


def test_marks_of_units_and_closed_blocks_stay_beside_numbers():
    source = "a\n\n<!-- together -->\nb\n\n- c\n<!-- /together -->\n\n<!-- no comments -->\nd\n"
    marked = with_marks(source, ["1", "2", "3"])
    assert [(b.mark, b.text, b.is_commentable) for b in blocks(marked, KNOWN.union("23"))] == [
        ("1", "a", True),
        ("2", "b c", True),
        ("3", "d", False),
    ]


# Whatever the text


@pytest.fixture(params=DOCUMENTS)
def source(request, shared_path):
    return (shared_path / "corpus" / request.param).read_text(encoding="utf-8")


def test_every_block_of_real_drafts_bears_its_number(source):
    found = blocks(source)
    given = numbers_for(found)
    marked = with_marks(source, given)
    again = blocks(marked, frozenset(given))
    assert seen(again) == seen(found)
    assert [block.mark for block in again] == given
    assert seen(blocks(without_marks(marked, frozenset(given)))) == seen(found)


def test_what_the_editor_shows_of_real_drafts_reads_the_same(source):
    found = blocks(source)
    given = numbers_for(found)
    marked = with_marks(source, given, wanted=what_shows_a_number)
    again = blocks(marked, frozenset(given))
    assert seen(again) == seen(found)
    shown = [
        number if what_shows_a_number(block) else None for block, number in zip(found, given, strict=True)
    ]
    assert [block.mark for block in again] == shown


WILD = st.text(alphabet=st.sampled_from(" \n\n#*_-+>`~|[]()!<&\\:.15aZé\t$^{}\"'/="), max_size=120)
PIECES = st.lists(
    st.sampled_from(
        [
            *("[5] ", "[5]", "[1]", "[12.1]", "[5](u)", "![5]", "[5]: http://a.example\n", "\\", "*", "<br>"),
            *("- ", "> ", "# ", "1. ", "2) ", ": ", "[^a]: ", "[^a]", "| ", "|", "\n", "\n\n", "    ", "\t"),
            *(
                "word",
                "a b",
                "---",
                "===",
                "```",
                "```py [1]",
                "~~~ [5]",
                "\n| a | b |\n",
                "|-|-|\n",
                "|-|\n",
            ),
            *("<div>", "<table>", "</table>", '<a name="x">', "{: #i}"),
            *("<!-- together -->", "<!-- /together -->", "<!-- no comments -->"),
        ]
    ),
    max_size=30,
).map("".join)


@given(st.one_of(PIECES, WILD), st.sampled_from([frozenset(), KNOWN]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_numbers_never_change_what_is_read(source, known, is_gappy):
    try:
        found = blocks(source, known)
    except TooMuch:
        return
    given = [None if is_gappy and place % 2 else n for place, n in enumerate(numbers_for(found))]
    after = known.union(filter(None, given))
    marked = with_marks(source, given, known_numbers=known)
    assert seen(blocks(marked, after)) == seen(found)
    if not known:
        assert seen(blocks(without_marks(marked, after))) == seen(found)


@given(st.lists(st.from_regex(r"(- |> |\d\. |#+ |)[a-z]{1,8}( [a-z]{1,8}){0,6}", fullmatch=True), min_size=1))
@settings(max_examples=60, deadline=None)
def test_usual_text_bears_every_number(pieces):
    source = "\n\n".join(pieces)
    found = blocks(source)
    given = numbers_for(found)
    assert [block.mark for block in blocks(with_marks(source, given), frozenset(given))] == given


def test_a_text_at_its_bound_is_left_as_it_was():
    source = "\n\n".join(["word " * 20_000] * 20)[:1_999_990]
    found = blocks(source)
    assert with_marks(source, numbers_for(found)) == source
