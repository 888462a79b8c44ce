"""What an official is shown of the way from one version to the next, and in which order."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.documents import preview, reviewing
from consult.documents.between import Between, alike, found_by
from consult.documents.matching import Old, fingerprints
from consult.documents.placing import plan
from consult.documents.reviewing import Labels
from consult.text.blocks import split

WIDTH = "The clear width is {} metres along the whole of the footway, so that two people can pass each other."
BINS = "Bins may be put out from seven in the evening before collection, and should be back inside by noon."
TREES = "Where a tree stands in the footway, the council keeps its pit level with the paving around it."
BENCH = (
    "Every two hundred metres there is a bench with a back, and beside it room for a wheelchair or a pram."
)
COMMENTS = {"1": 3, "2": 0, "3": 7, "4": 1}


def _old(source: str) -> list[Old]:
    blocks = split(source)
    slots = plan([], blocks, ()).slots
    pairs = zip(slots, blocks, strict=True)
    return [
        Old(place, slot.number, block.kind, block.text, key=f"key{slot.number}", plain=block.plain)
        for place, (slot, block) in enumerate(pairs, 1)
    ]


def _between(old: list[Old], source: str, said: dict[int, list[int]] | None = None) -> Between:
    known = frozenset(was.number for was in old)
    blocks = split(source, known_numbers=known)
    return Between(old, blocks, plan(old, blocks, known, said), said or {}, COMMENTS)


def _text(*parts: str) -> str:
    return "\n\n".join(parts)


def _looked_over(between: Between) -> list[tuple[str, tuple[str, ...]]]:
    return [(change.old.number, change.kinds) for change in reviewing.sifted(between).weighty]


FOUR = _text(WIDTH.format("1.5"), BINS, TREES, BENCH)


def test_what_stays_word_for_word_is_only_counted():
    sifted = reviewing.sifted(_between(_old(FOUR), FOUR))
    assert (sifted.weighty, sifted.light, sifted.same_count) == ((), (), 4)


def test_a_number_that_turned_comes_to_the_top_with_what_it_was():
    between = _between(_old(FOUR), _text(WIDTH.format("2.5"), BINS, TREES, BENCH))
    (change,) = reviewing.sifted(between).weighty
    assert change.kinds == ("turned",)
    assert ("1.5", "2.5") in {(turn.before.split()[0], turn.after.split()[0]) for turn in change.turns}
    (words,) = reviewing.shown(between, change, Labels())
    assert "<del>1.5" in words
    assert "<ins>2.5" in words


def test_what_has_comments_comes_first_whatever_it_is():
    """2 has none: that it says the contrary now matters less than that comments on 3 lose their place."""
    between = _between(_old(FOUR), _text(WIDTH.format("1.5"), BINS.replace("may", "may not"), BENCH))
    assert _looked_over(between) == [("3", ("removed",)), ("2", ("turned",))]


def test_light_edits_are_folded():
    between = _between(_old(FOUR), FOUR.replace("the paving around it", "the paving beside it"))
    sifted = reviewing.sifted(between)
    assert [change.old.number for change in sifted.light] == ["3"]
    assert not sifted.weighty


def test_what_moved_says_so():
    between = _between(_old(FOUR), _text(BENCH, WIDTH.format("1.5"), BINS, TREES))
    assert _looked_over(between) == [("4", ("moved",))]


def test_a_table_that_is_gone_is_one_row():
    table = "| Place | Rails |\n|---|---|\n| Station | 2 |"
    old = _old(_text(WIDTH, table))
    rows = [replace(was, table=2) if was.kind == "row" else was for was in old]
    between = _between(rows, WIDTH)
    assert [number for number, _kinds in _looked_over(between)] == ["2"]


def test_what_was_confirmed_is_not_looked_over_again_but_told():
    between = _between(_old(FOUR), _text(WIDTH.format("2.5"), BINS, TREES), {0: [0], 3: []})
    assert _looked_over(between) == []
    width, bench = reviewing.answers(between, Labels())
    assert (width.old.number, width.numbers, width.joined) == ("1", ("1",), None)
    assert (bench.old.number, bench.numbers, bench.comment_count) == ("4", (), 1)


def test_joined_paragraphs_tell_with_which():
    between = _between(_old(FOUR), _text(f"{WIDTH.format('1.5')} {BINS}", TREES, BENCH), {0: [0], 1: [0]})
    first, second = reviewing.answers(between, Labels())
    assert first.joined is None
    assert second.joined
    assert second.joined.number == "1"


def test_a_mark_beside_other_words_is_asked_about_and_nothing_is_chosen_beforehand():
    between = _between(_old(FOUR), _text(WIDTH.format("1.5"), BINS, f"[3] {BENCH}"))
    asked = {question.old.number: question for question in reviewing.questions(between, Labels(), 9)}
    assert asked["3"].by_mark
    assert asked["3"].comment_count == 7
    assert asked["3"].options[0].is_proposed
    assert asked["3"].options[0].value == fingerprints(between.blocks)[2]


def test_the_first_questions_are_asked_and_no_more():
    marks = _text(
        *(f"[{number}] {words}" for number, words in zip("4321", (WIDTH, BINS, TREES, BENCH), strict=True))
    )
    between = _between(_old(FOUR), marks)
    assert len(between.plan.doubts) > 2
    assert len(reviewing.questions(between, Labels(), 2)) == 2


def test_what_is_most_alike_is_proposed_first_and_a_heading_never():
    between = _between(_old(FOUR), _text("# The clear width", BINS, WIDTH.format("2.0")))
    found = alike(between, between.old[0], range(3), 3)
    assert found[0][0] == 2
    assert 0 not in {index for index, _likeness in found}


def test_a_search_finds_words_and_numbers():
    between = _between(_old(FOUR), FOUR)
    assert found_by(between, "BENCH pram") == [3]
    assert found_by(between, "[2]") == [1]
    assert found_by(between, "helicopter") == []
    assert found_by(between, "  ") == []


def test_long_paragraphs_are_shown_by_what_changed_in_them():
    long = " ".join(f"Word{number} stays." for number in range(3_000))
    between = _between(_old(long), long.replace("Word1500 ", "Word1500 hardly ever "))
    change = (*reviewing.sifted(between).weighty, *reviewing.sifted(between).light)[0]
    (words,) = reviewing.shown(between, change, Labels())
    assert "hardly ever" in words
    assert len(words) < 600


PARAGRAPHS = st.lists(
    st.sampled_from(
        [WIDTH.format("1.5"), WIDTH.format("2.5"), BINS, TREES, BENCH, "# Kerbs", "- one", "Other."]
    ),
    min_size=1,
    max_size=7,
)


@given(PARAGRAPHS, PARAGRAPHS)
@settings(max_examples=60, deadline=None)
def test_every_paragraph_is_counted_once(before, after):
    """Asked about, to look over, folded, or the same: none is left out, and none stands twice."""
    old = _old(_text(*before))
    between = _between(old, _text(*after))
    sifted = reviewing.sifted(between)
    asked = [between.old[doubt.old].number for doubt in between.plan.doubts]
    listed = [change.old.number for change in (*sifted.weighty, *sifted.light)]
    assert len({*asked, *listed}) == len(asked) + len(listed)
    same = {slot.old.number for slot in between.plan.slots if slot.relation == "same" and slot.old}
    assert {*asked, *listed} | same == {was.number for was in old}


@given(PARAGRAPHS, PARAGRAPHS)
@settings(max_examples=60, deadline=None)
def test_a_tally_counts_every_paragraph_once(before, after):
    old = _old(_text(*before))
    tally = preview.tally(_between(old, _text(*after)).plan.slots)
    assert tally.stays + tally.joined + len(tally.removed) == len(old)
    assert tally.stays + tally.restored + tally.added == len(split(_text(*after)))


def test_marks_that_two_bear_and_marks_of_nobody_are_told():
    blocks = split("[1] One.\n\n[1] Two.\n\n[77] Three.\n\n\\[78] Four.", known_numbers=frozenset({"1"}))
    assert preview.marks(blocks, {"1"}) == preview.Marks(("[1]",), ("[77]",))
