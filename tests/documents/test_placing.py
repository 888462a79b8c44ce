"""Where paragraphs go from one version to the next: by mark, by words, and to their old place when they are gone."""

from consult.documents.matching import Old
from consult.documents.placing import plan
from consult.text.blocks import split


def _first(source: str) -> list[Old]:
    """Return the page of a first version as the next one is planned from it."""
    blocks = split(source)
    slots = plan([], blocks, ()).slots
    numbers = [slot.number for slot in slots]
    tables = {number: index for index, number in enumerate(numbers, 1)}
    return [
        Old(
            index,
            slot.number,
            block.kind,
            block.text,
            table=tables.get(slot.number.partition(".")[0]) if block.kind == "row" else None,
        )
        for index, (slot, block) in enumerate(zip(slots, blocks, strict=True), 1)
    ]


def _next(old: list[Old], source: str) -> list[tuple[str, str]]:
    known = frozenset(was.number for was in old)
    return [
        (slot.number, slot.relation)
        for slot in plan(old, split(source, known_numbers=known), known, on_doubt="remove").slots
    ]


def test_the_same_words_keep_their_number():
    assert _next(_first("One.\n\nTwo."), "One.\n\nTwo.") == [("1", "same"), ("2", "same")]


def test_other_quotation_marks_are_not_another_paragraph():
    assert _next(_first('He said "yes".'), "He said “yes”.") == [("1", "same")]


def test_what_is_left_out_keeps_its_place():
    assert _next(_first("One.\n\nTwo.\n\nThree."), "One.\n\nThree.") == [
        ("1", "same"),
        ("2", "removed"),
        ("3", "same"),
    ]


def test_what_was_first_and_is_gone_stands_at_the_top():
    assert _next(_first("One.\n\nTwo."), "Two.") == [("1", "removed"), ("2", "same")]


def test_a_reworded_paragraph_is_a_new_one_behind_the_old():
    assert _next(_first("One.\n\nTwo.\n\nThree."), "One.\n\nAll other.\n\nThree.") == [
        ("1", "same"),
        ("2", "removed"),
        ("2A", "added"),
        ("3", "same"),
    ]


def test_a_mark_is_trusted_whatever_the_words():
    assert _next(_first("One.\n\nTwo."), "One.\n\n[2] Quite other words.") == [("1", "same"), ("2", "edited")]


def test_of_two_that_bear_one_mark_the_first_has_it():
    assert _next(_first("One."), "[1] This.\n\n[1] That.") == [("1", "edited"), ("2", "added")]


def test_a_moved_paragraph_keeps_its_number():
    assert _next(_first("One.\n\nTwo.\n\nThree."), "Three.\n\nOne.\n\nTwo.") == [
        ("3", "moved"),
        ("1", "same"),
        ("2", "same"),
    ]


def test_removed_words_that_come_back_are_the_old_paragraph():
    old = [Old(1, "1", "p", "One."), Old(2, "2", "p", "Two.", is_removed=True), Old(3, "3", "p", "Three.")]
    assert _next(old, "One.\n\nTwo.\n\nThree.") == [("1", "same"), ("2", "restored"), ("3", "same")]


def test_removed_words_do_not_come_back_in_place_of_standing_ones():
    old = [Old(1, "1", "p", "Same."), Old(2, "2", "p", "Same.", is_removed=True)]
    assert _next(old, "Same.") == [("1", "same"), ("2", "removed")]


def test_a_table_with_a_changed_row_is_still_that_table():
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"
    assert _next(_first(table), table.replace("| 3 | 4 |", "| 3 | 9 |\n| 5 | 6 |")) == [
        ("1", "edited"),
        ("1.1", "same"),
        ("1.2", "same"),
        ("1.3", "removed"),
        ("1.4", "added"),
        ("1.5", "added"),
    ]


def test_nothing_in_common_uses_no_number_again():
    slots = _next(_first("One.\n\nTwo."), "Three.\n\nFour.")
    assert slots == [("1", "removed"), ("2", "removed"), ("3", "added"), ("4", "added")]


LONG = (
    "The clear width is 1.5 metres along the whole of the footway, so that two people can pass each other.",
    "Bins may be put out from seven in the evening before collection, and should be back inside by noon.",
)


def test_a_lightly_reworded_paragraph_keeps_its_number():
    source = "\n\n".join(LONG)
    again = source.replace("1.5 metres", "2.0 metres")
    assert _next(_first(source), again) == [("1", "edited"), ("2", "same")]


def test_other_text_in_the_same_place_is_not_taken_for_the_old():
    source = "\n\n".join(LONG)
    again = f"Hire cycles have a consultation of their own, to which this draft does not speak.\n\n{LONG[1]}"
    assert _next(_first(source), again) == [("1", "removed"), ("1A", "added"), ("2", "same")]


def test_a_heading_never_becomes_a_paragraph():
    assert _next(_first("## Costs of the scheme\n\nOne."), "Costs of the scheme\n\nOne.")[-1] == ("1", "same")
