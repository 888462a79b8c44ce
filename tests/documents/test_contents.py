"""What a page shows, from the blocks of a version: items, and the contents with where the talk is."""

from types import SimpleNamespace

import pytest

from consult.documents import contents


def _block(kind="p", number="1", **values):
    filled = {
        "kind": kind,
        "number": number,
        "key": f"k{number}",
        "paragraph_id": number,
        "home_id": None,
        "split_from_id": None,
        "relation": "",
        "came_after": None,
        "level": int(kind[1]) if kind[0] == "h" else 0,
        "plain": "Words",
        "html": f"<{kind}>Words</{kind}>",
        "is_removed": False,
        "removed_in": None,
        "reworded_in": None,
        "first_version": 1,
        "comment_count": 0,
        "response_count": 0,
        "question_count": 0,
        "answered_count": 0,
    }
    return SimpleNamespace(**{**filled, **values})


def _heading(words, level=2, number="s1"):
    return _block(f"h{level}", number, plain=words, html=f"<h{level}>{words}</h{level}>")


def test_rows_stand_with_their_table():
    page = contents.items(
        [_block("table", "1"), _block("row", "1.1"), _block("row", "1.2"), _block("p", "2")]
    )
    assert [(item.sort, len(item.rows)) for item in page] == [("table", 2), ("para", 0)]


def test_what_was_removed_with_talk_has_a_line_of_its_own():
    page = contents.items([_block(is_removed=True, removed_in=2, comment_count=3)])
    assert [item.sort for item in page] == ["gone"]


def test_neighbours_removed_in_silence_share_a_line():
    page = contents.items([_block(number=n, is_removed=True, removed_in=2) for n in "123"])
    assert [(item.sort, len(item.rows)) for item in page] == [("left", 3)]


def test_headings_and_rows_removed_in_silence_leave_no_line():
    assert contents.items([_block("h2", "s1", is_removed=True), _block("row", "1.1", is_removed=True)]) == []


def test_a_short_section_number_is_set_apart():
    (item,) = contents.items([_heading("2.1 A clear width")])
    assert item.html == '<h2><span class="n">2.1 </span><span>A clear width</span></h2>'


def test_a_text_that_leaves_out_a_level_has_an_outline_without_gaps():
    page = contents.items(
        [_heading("One", 2), _heading("Deep", 5), _heading("Deeper", 6), _heading("Two", 2)]
    )
    assert [(item.level, item.tag) for item in page] == [(2, 2), (5, 3), (6, 4), (2, 2)]
    assert page[1].html == "<h3>Deep</h3>"


@pytest.mark.parametrize("words", ["5.1.1.2 Memorised", "A clear width", "2026", "Annex A"])
def test_other_headings_are_left_as_they_are(words):
    (item,) = contents.items([_heading(words)])
    assert item.html == f"<h2>{words}</h2>"


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("3 Why", ("3", "Why")),
        ("3. Why", ("3.", "Why")),
        ("3.1 Why", ("3.1", "Why")),
        ("A. Why", ("A.", "Why")),
        ("A clear width", ("", "A clear width")),
        ("Why", ("", "Why")),
    ],
)
def test_a_heading_parts_from_its_number(heading, parts):
    assert contents.parted(heading) == parts


def test_the_contents_count_talk_below_each_heading():
    page = contents.items(
        [
            _heading("One", number="s1"),
            _block(number="1", comment_count=4, question_count=2, answered_count=1),
            _block(number="2"),
            _heading("Two", number="s2"),
            _block(number="3", comment_count=1, is_removed=True, removed_in=2),
        ]
    )
    first, second = contents.entries(page)
    assert (first.comment_count, first.waiting_count, [cell.count for cell in first.cells]) == (4, 1, [4, 0])
    assert [cell.is_gone for cell in second.cells] == [True]


def test_a_single_heading_on_top_is_the_title_not_a_section():
    page = contents.items([_heading("Title", 1), _heading("One", 2, "s2"), _heading("Below", 3, "s3")])
    assert [(entry.words, entry.is_below) for entry in contents.entries(page)] == [
        ("One", False),
        ("Below", True),
    ]


def test_too_many_headings_show_their_upper_level_only():
    headings = [_heading("Upper", 2), _heading("Upper", 2), *[_heading("Lower", 3)] * 60]
    assert {entry.words for entry in contents.entries(contents.items(headings))} == {"Upper"}


def test_more_answers_than_questions_is_not_a_negative_wait():
    assert contents.waiting(_block(question_count=1, answered_count=2)) == 0


def test_what_was_joined_leads_to_where_its_talk_is():
    page = contents.items(
        [_block(number="1"), _block(number="2", is_removed=True, removed_in=3, home_id="1", comment_count=0)]
    )
    assert [(item.sort, item.home and item.home.number) for item in page] == [("para", None), ("joined", "1")]


@pytest.mark.parametrize("kind", ["h2", "row", "footnote"])
def test_what_nobody_quotes_is_joined_without_a_line(kind):
    page = contents.items([_block(number="1"), _block(kind, "2", is_removed=True, removed_in=2, home_id="1")])
    assert len(page) == 1


def test_parts_of_a_split_paragraph_know_each_other():
    first, second = contents.items(
        [_block(number="1", relation="split"), _block(number="1A", relation="split", split_from_id="1")]
    )
    assert (second.origin.number, [part.number for part in first.parts]) == ("1", ["1A"])


@pytest.mark.parametrize(
    ("relation", "first_version", "marks"),
    [
        ("same", 1, (False, False)),
        ("edited", 1, (False, True)),
        ("merged", 1, (False, True)),
        ("split", 1, (False, True)),
        ("split", 2, (False, False)),
        ("added", 2, (True, False)),
        ("merged", 2, (True, False)),
        ("moved", 1, (False, False)),
    ],
)
def test_what_the_version_did_is_marked(relation, first_version, marks):
    (item,) = contents.items([_block(relation=relation, first_version=first_version)], version=2)
    assert (item.is_new, item.is_changed) == marks
