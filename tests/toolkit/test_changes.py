import pytest

from consult.toolkit.changes import compared

pytestmark = pytest.mark.once

OLD = "# Aims\n\nThe clear width is 1.5 metres.\nIt is measured.\n\nKeep this.\n\n- one thing\n- another thing\n\nThe last word."


def kinds(old, new):
    return [change.kind for change in compared(old, new)]


def test_two_texts_that_say_the_same_show_no_change():
    assert set(kinds(OLD, OLD)) <= {"same", "gap"}


def test_a_changed_word_is_shown_within_its_paragraph():
    changes = compared(OLD, OLD.replace("1.5", "2.0"), deleted="out:", inserted="in:")
    changed = [change for change in changes if change.kind == "changed"]
    assert len(changed) == 1
    assert "<del>" in changed[0].html
    assert "1.5" in changed[0].html
    assert '<span class="vh">in: </span>2.0' in changed[0].html
    assert changed[0].html.endswith("It is measured.")


def test_lines_wrapped_elsewhere_are_no_change():
    assert set(kinds(OLD, OLD.replace("metres.\nIt", "metres. It"))) <= {"same", "gap"}


def test_items_and_rows_are_compared_one_by_one():
    new = OLD.replace("- another thing", "- a third thing\n- another thing")
    assert kinds(OLD, new).count("added") == 1
    assert "changed" not in kinds(OLD, new)


def test_a_paragraph_that_is_not_alike_went_and_another_came():
    new = OLD.replace("The last word.", "Entirely different sentences stand here now")
    assert kinds(OLD, new)[-2:] == ["removed", "added"]


def test_the_words_of_a_text_are_never_markup():
    changes = compared("", "<script>alert(1)</script>")
    assert "&lt;script&gt;" in changes[0].html


def test_far_from_a_change_paragraphs_are_counted_and_not_shown():
    old = "\n\n".join(f"Paragraph {n}." for n in range(20))
    changes = compared(old, old.replace("Paragraph 10.", "Paragraph ten, at last."))
    assert next(change.kind for change in changes if change.kind != "same") == "gap"
    assert sum(change.count for change in changes) == 17
    assert sum(change.kind == "same" for change in changes) == 2


@pytest.mark.parametrize(
    "old", ["", "\n\n", "word " * 30_000, "\n\n".join(f"{n} a b c" for n in range(5_000))]
)
def test_any_two_texts_can_be_compared(old):
    compared(old, "something else")
    compared("something else", old)


def test_code_keeps_its_lines():
    changes = compared("```\na\nb\n```", "```\na\nc\n```")
    assert [change.html for change in changes if change.kind == "same"][:2] == ["```", "a"]
