"""What became of each block, by the same text alone."""

import json
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from consult.text.blocks import split
from consult.text.sameness import Link, match, same_words


@dataclass(frozen=True)
class Piece:
    text: str
    kind: str = "p"


def links(old, new):
    return [(link.old, link.new, link.relation) for link in match([*map(Piece, old)], [*map(Piece, new)])]


def test_the_same_text_is_the_same_paragraph():
    assert links("ab", "ab") == [((0,), (0,), "same"), ((1,), (1,), "same")]


def test_text_that_is_gone_is_removed_and_new_text_is_added():
    assert links("ab", "bc") == [((0,), (), "removed"), ((1,), (0,), "same"), ((), (1,), "added")]


def test_text_that_changed_places_has_moved():
    assert links("abcd", "bcda") == [
        ((0,), (3,), "moved"),
        ((1,), (0,), "same"),
        ((2,), (1,), "same"),
        ((3,), (2,), "same"),
    ]


def test_repeated_text_is_matched_in_its_order():
    assert links("xaxbx", "axbx") == [
        ((0,), (), "removed"),
        ((1,), (0,), "same"),
        ((2,), (1,), "same"),
        ((3,), (2,), "same"),
        ((4,), (3,), "same"),
    ]


def test_quotation_marks_dashes_and_spaces_make_no_difference():
    assert same_words("“Don’t – ever …”  x\u00a0y") == same_words('"Don\'t - ever ..." x y')
    assert same_words("a — b") == same_words("a -- b")
    assert same_words("2.0 m") != same_words("2.5 m")


def test_cells_set_nearer_to_each_other_are_the_same_row():
    old, new = split("| a | b |\n|---|---|\n| c | d |\n"), split("|a|b|\n|-|-|\n|c|d|\n")
    assert [link.relation for link in match(old, new)] == ["same"] * 3
    assert same_words("a | bc") != same_words("ab | c")


def test_a_table_lives_on_where_most_of_its_rows_are():
    old = split("|a|\n|-|\n|b|\n|c|\n\n|x|\n|-|\n|y|\n")
    new = split("|x|\n|-|\n|y|\n\n|a|\n|-|\n|b|\n|d|\n")
    tables = {link.old: (link.new, link.relation, round(link.confidence, 2)) for link in match(old, new)}
    assert tables[(0,)] == ((3,), "edited", 0.67)
    assert tables[(4,)] == ((0,), "same", 1.0)


def test_a_table_with_few_of_its_rows_left_is_removed():
    old = split("|a|\n|-|\n|b|\n|c|\n")
    new = split("|a|\n|-|\n|d|\n|e|\n")
    assert match(old, new)[0] == Link((0,), (), "removed", 0.5)


def test_what_is_sure_is_said_to_be_sure():
    same, removed = match([Piece("a"), Piece("b")], [Piece("a")])
    assert (same.confidence, removed.confidence) == (1.0, 0.5)


@given(st.lists(st.sampled_from("abcdef"), max_size=12), st.lists(st.sampled_from("abcdef"), max_size=12))
def test_every_block_of_either_side_stands_in_exactly_one_link(old, new):
    found = match([*map(Piece, old)], [*map(Piece, new)])
    assert sorted(place for link in found for place in link.old) == list(range(len(old)))
    assert sorted(place for link in found for place in link.new) == list(range(len(new)))
    for link in found:
        assert [old[place] for place in link.old] == [new[place] for place in link.new] or not (
            link.old and link.new
        )


@given(st.lists(st.sampled_from("abcdef"), max_size=12))
def test_a_text_is_its_own_successor(texts):
    pieces = [*map(Piece, texts)]
    assert [(link.old, link.new, link.relation) for link in match(pieces, pieces)] == [
        ((place,), (place,), "same") for place in range(len(texts))
    ]


def test_real_revisions_no_comment_comes_to_stand_on_another_text(shared_path):
    lines = (shared_path / "anchoring/dev.jsonl").read_text(encoding="utf-8").splitlines()
    kept = wrong = 0
    for pair in map(json.loads, lines):
        old = [Piece(block["text"], block["kind"]) for block in pair["old_blocks"]]
        new = [Piece(block["text"], block["kind"]) for block in pair["new_blocks"]]
        gold = {int(place): targets for place, targets in pair["gold"].items()}
        for link in match(old, new):
            if link.old and link.new and link.old[0] in gold:
                kept += link.new[0] in gold[link.old[0]]
                wrong += link.new[0] not in gold[link.old[0]]
    assert wrong == 0
    assert kept > 1_950
