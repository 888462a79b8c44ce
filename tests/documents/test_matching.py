"""Which block each paragraph lives on in: what was confirmed, marks, words, likeness; and of whom to ask."""

from hypothesis import given
from hypothesis import strategies as st

from consult.documents.matching import Old, fingerprints, match
from consult.documents.placing import plan
from consult.text import lineage
from consult.text.blocks import split

WIDTH = (
    "The clear width is 1.5 metres along the whole of the footway, so that two people can pass each other."
)
BOARD = "From January a free-standing advertising board may not be placed on any footway without a licence."
CYCLE = "Hire cycles and scooters left on the footway may be removed by the council after a day and a night."


def _old(*texts, kind="p"):
    return [Old(n, str(n), kind, text, key=f"k{n}") for n, text in enumerate(texts, 1)]


def _new(*texts):
    return split("\n\n".join(texts), known_numbers=frozenset("123456789"))


def test_two_joined_in_one_live_on_in_it():
    old = _old(WIDTH, BOARD, CYCLE)
    found = match(old, _new(f"{WIDTH} {BOARD}", CYCLE))
    assert found.targets == {0: (0,), 1: (0,), 2: (1,)}


def test_the_first_of_those_that_are_joined_keeps_the_number_and_shows_the_talk_of_the_other():
    slots = plan(_old(WIDTH, BOARD, CYCLE), _new(f"{WIDTH} {BOARD}", CYCLE), "123").slots
    assert [(slot.number, slot.relation) for slot in slots] == [
        ("1", "merged"),
        ("2", "merged"),
        ("3", "same"),
    ]
    assert [was.number for was in slots[0].joined] == ["2"]
    assert slots[1].is_removed
    assert slots[1].home == 0


def test_the_first_part_of_a_split_one_keeps_the_number_and_the_others_say_whence_they_came():
    planned = plan(_old(f"{WIDTH} {BOARD}", CYCLE), _new(WIDTH, BOARD, CYCLE), "12")
    assert [(slot.number, slot.relation) for slot in planned.slots] == [
        ("1", "split"),
        ("1A", "split"),
        ("2", "same"),
    ]
    assert planned.slots[1].split_from.number == "1"
    assert [(link.old.number, link.slot.number, link.relation) for link in planned.links] == [
        ("1", "1", "split"),
        ("2", "2", "same"),
        ("1", "1A", "split"),
    ]


def test_what_is_joined_with_a_paragraph_that_bears_its_mark_is_found_in_it():
    for marked in (f"[1] {WIDTH} {BOARD}", f"[2] {WIDTH} {BOARD}"):
        found = match(_old(WIDTH, BOARD, CYCLE), _new(marked, f"[3] {CYCLE}"))
        assert found.targets == {0: (0,), 1: (0,), 2: (1,)}
        assert not found.doubts


def test_what_was_split_off_from_a_paragraph_that_bears_its_mark_is_found_beside_it():
    for parts in ((f"[1] {WIDTH}", BOARD), (WIDTH, f"[1] {BOARD}")):
        found = match(_old(f"{WIDTH} {BOARD}", CYCLE), _new(*parts, f"[2] {CYCLE}"))
        assert found.targets == {0: (0, 1), 1: (2,)}


def test_what_is_added_or_left_out_beside_a_changed_mark_is_no_part_of_it():
    turned = WIDTH.replace("1.5", "2.0")
    found = match(
        _old(WIDTH, BOARD, CYCLE), _new(f"[1] {turned}", "Verges are mown in June.", f"[3] {CYCLE}")
    )
    assert (found.targets[0], found.targets[1]) == ((0,), ())


def test_what_was_confirmed_to_be_gone_is_not_found_again_beside_a_mark():
    found = match(_old(WIDTH, BOARD), _new(f"[1] {WIDTH} {BOARD}"), {1: []})
    assert found.targets == {0: (0,), 1: ()}


def test_what_somebody_confirmed_goes_before_everything():
    old = _old(WIDTH, BOARD)
    assert match(old, _new(WIDTH, CYCLE), {1: (1,)}).targets == {0: (0,), 1: (1,)}
    assert match(old, _new(WIDTH, BOARD), {1: ()}).targets == {0: (0,), 1: ()}
    planned = plan(old, _new(WIDTH, BOARD), "12", {1: ()})
    assert [(slot.number, slot.relation) for slot in planned.slots] == [
        ("1", "same"),
        ("2", "removed"),
        ("3", "added"),
    ]
    assert planned.slots[1].is_confirmed


def test_what_was_confirmed_is_not_asked_about_again():
    old, new = _old(WIDTH), _new("[1] " + CYCLE)
    assert [doubt.by_mark for doubt in match(old, new).doubts] == [True]
    assert not match(old, new, {0: (0,)}).doubts
    assert not match(old, new, {0: ()}).doubts


def test_a_mark_beside_words_of_its_own_raises_no_doubt():
    assert not match(_old(WIDTH), _new("[1] " + WIDTH.replace("1.5", "2.0"))).doubts


def test_of_doubtful_ones_none_is_put_on_other_words_unasked(monkeypatch):
    monkeypatch.setattr(lineage, "ASK_MATCH", 1.1)
    old, new = _old(WIDTH, CYCLE), _new(WIDTH.replace("1.5", "2.0"), CYCLE)
    asked = match(old, new)
    assert [(doubt.old, doubt.targets) for doubt in asked.doubts] == [(0, (0,))]
    assert asked.targets == {0: (0,), 1: (1,)}
    assert match(old, new, on_doubt="remove").targets == {1: (1,)}


def test_a_paragraph_that_becomes_a_row_keeps_its_number_and_a_heading_that_becomes_one_does_not():
    table = f"| What | When |\n|---|---|\n| {CYCLE} | now |"
    slots = plan(_old(f"{CYCLE} now"), _new(table), "1", {0: (2,)}).slots
    assert [slot.number for slot in slots if slot.old] == ["1"]
    heading = [Old(1, "s1", "h2", CYCLE)]
    slots = plan(heading, _new(CYCLE), ["s1"]).slots
    assert [(slot.number, slot.is_removed) for slot in slots] == [("s1", True), ("1", False)]


def test_a_heading_confirmed_to_be_a_paragraph_hands_it_its_talk():
    slots = plan([Old(1, "s1", "h2", CYCLE)], _new(BOARD), ["s1"], {0: (0,)}).slots
    assert [(slot.number, slot.relation) for slot in slots] == [("s1", "merged"), ("1", "merged")]
    assert slots[0].home == 1
    assert [was.number for was in slots[1].joined] == ["s1"]


def test_a_moved_paragraph_says_whence():
    slots = plan(_old(WIDTH, BOARD, CYCLE), _new(CYCLE, WIDTH, BOARD), "123").slots
    assert [(slot.number, slot.relation, slot.came_after) for slot in slots] == [
        ("3", "moved", "2"),
        ("1", "same", None),
        ("2", "same", None),
    ]


def test_removed_words_confirmed_to_be_another_paragraph_are_back():
    old = [*_old(WIDTH), Old(2, "2", "p", CYCLE, is_removed=True)]
    slots = plan(old, _new(WIDTH, BOARD), "12", {1: (1,)}).slots
    assert [(slot.number, slot.relation, slot.is_reworded) for slot in slots] == [
        ("1", "same", False),
        ("2", "restored", True),
    ]


def test_equal_blocks_have_names_of_their_own():
    names = fingerprints(_new("One.", "Two.", "One."))
    assert len(set(names)) == 3
    assert names[0].split(".")[0] == names[2].split(".")[0]
    assert fingerprints(_new("“One”."))[0] == fingerprints(_new('"One".'))[0]


sentences = st.lists(
    st.sampled_from([WIDTH, BOARD, CYCLE, "Short.", "One.", "Two.", f"{WIDTH} {BOARD}"]), max_size=7
)


@given(sentences, sentences, st.data())
def test_every_paragraph_has_one_place_and_none_is_forgotten(before, after, data):
    old, new = _old(*before), _new(*after) if after else []
    some = data.draw(
        st.dictionaries(
            st.integers(0, len(old) - 1) if old else st.nothing(),
            st.lists(st.integers(0, len(new) - 1), max_size=2, unique=True) if new else st.just([]),
        )
    )
    planned = plan(old, new, [was.number for was in old], some)
    numbers = [slot.number for slot in planned.slots]
    assert len(set(numbers)) == len(numbers)
    assert sorted(slot.new for slot in planned.slots if slot.new is not None) == list(range(len(new)))
    assert sorted(slot.old.paragraph_id for slot in planned.slots if slot.old) == [
        was.paragraph_id for was in old
    ]
    for index, slot in enumerate(planned.slots):
        if slot.home is not None:
            assert slot.old in planned.slots[slot.home].joined
        assert slot.home != index
    said = {link.old.paragraph_id for link in planned.links if link.old}
    assert said == {was.paragraph_id for was in old}
