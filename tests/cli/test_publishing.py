"""`consult publish`: the next version from a file, or a message that says what to mend."""

import pytest
from click.testing import CliRunner

from consult.cli.publishing import publish
from consult.documents import actions, confirming
from consult.documents.matching import fingerprints
from consult.extensions import db, transaction
from tests import factories
from tests.documents.ground import a_draft, paragraph, standing


@pytest.fixture
def document(app):
    return a_draft()


def _run(document, tmp_path, content=b"Words from a file.", name=None, *options):
    file = tmp_path / "draft.md"
    file.write_bytes(content)
    name = name or f"{document.consultation.slug}/{document.slug}"
    return CliRunner().invoke(publish, [name, str(file), *options])


def test_a_file_becomes_the_next_version(document, tmp_path):
    result = _run(document, tmp_path, b"Words from a file.", None, "--note", "As many asked")
    assert (result.exit_code, "Published version 2" in result.output) == (0, True)
    assert "Words from a file." in standing(document).values()


def test_a_document_that_is_not_there_is_said_so(document, tmp_path):
    result = _run(document, tmp_path, name="nowhere/nothing")
    assert result.exit_code == 1
    assert "there is no such document" in result.output


@pytest.mark.parametrize("name", ["only-one-part", "a/b/c", "/"])
def test_a_name_that_is_no_document_says_what_to_give(document, tmp_path, name):
    result = _run(document, tmp_path, name=name)
    assert result.exit_code == 1
    assert "give the consultation and the document" in result.output


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[" * 2_000, b"x" * 2_000_001])
def test_a_file_that_cannot_be_published_stores_nothing(document, tmp_path, content):
    result = _run(document, tmp_path, content)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output
    assert document.version_count == 1


def test_a_note_that_is_too_long_is_refused(document, tmp_path):
    assert _run(document, tmp_path, b"x", None, "--note", "n" * 501).exit_code == 1


DOUBTFUL = (
    b"# Kerbs\n\nFirst words.\n\n[2] A lamp at every crossing.\n\n- one\n- two\n\n## More\n\nLast words.\n"
)
NARROW = """First words of the plan for the kerbs.

Footways narrower than two metres have no tables, boards or bicycle stands on them at any time of the day.

Last words of the plan for the lamps."""
ANOTHER = NARROW.replace(
    NARROW.split("\n\n")[1],
    "Tables, boards and stands for bicycles are kept off narrow pavements while shops are open.",
)


def _talked_about(document):
    paragraph(document, "2").comment_count = 3
    db.session.commit()
    return document


def test_what_is_in_doubt_counts_as_removed_and_is_listed(app, tmp_path):
    document = _talked_about(a_draft(NARROW))
    result = _run(document, tmp_path, ANOTHER.encode())
    assert result.exit_code == 0
    assert "In doubt, and counted as removed" in result.stdout
    assert "2 (3 comments): Footways narrower" in result.stdout
    assert f"/consultations/{document.consultation.slug}/{document.slug}/publish" in result.stdout
    db.session.expire_all()
    assert paragraph(document, "2").removed_in == 2


def test_a_mark_in_the_file_is_taken_at_its_word_and_listed(document, tmp_path):
    result = _run(_talked_about(document), tmp_path, DOUBTFUL)
    assert "In doubt, and taken as they seem" in result.stdout
    assert (
        "2 (3 comments): Second words.\n      [2] stands before: A lamp at every crossing." in result.stdout
    )
    assert standing(document)["2"] == "A lamp at every crossing."


def test_it_can_be_taken_as_it_seems(app, tmp_path):
    document = a_draft(NARROW)
    result = _run(document, tmp_path, ANOTHER.encode(), None, "--as-matched")
    assert result.exit_code == 0
    assert "counted as removed" not in result.stdout
    assert "2 (0 comments): Footways narrower" in result.stdout
    assert standing(document)["2"].startswith("Tables, boards")


def test_it_can_be_refused(document, tmp_path):
    result = _run(_talked_about(document), tmp_path, DOUBTFUL, None, "--strict")
    assert result.exit_code == 1
    assert "2 (3 comments): Second words." in result.stdout
    assert "1 match is in doubt. Nothing is published." in result.stderr
    assert document.version_count == 1


def test_what_an_official_confirmed_is_not_in_doubt(document, tmp_path):
    official = factories.an_official(document.consultation.unit)
    source = DOUBTFUL.decode()
    with transaction(official):
        actions.save_draft(actor=official, document=document, source=source, based_on=0)
    names = fingerprints(actions.prepare(document, source).text.blocks)
    with transaction(official):
        confirming.confirm_matches(
            actor=official, document=document, said={paragraph(document, "2").key: [names[2]]}, seen=1
        )
    result = _run(document, tmp_path, DOUBTFUL, None, "--strict")
    assert (result.exit_code, "doubt" in result.output) == (0, False)
    assert standing(document)["2"] == "A lamp at every crossing."


def test_it_is_one_or_the_other(document, tmp_path):
    assert _run(document, tmp_path, DOUBTFUL, None, "--strict", "--as-matched").exit_code == 2
    assert document.version_count == 1


@pytest.mark.parametrize("note", ["a\x1eb", "a\x07b"])
def test_a_note_that_cannot_be_shown_is_refused(document, tmp_path, note):
    result = _run(document, tmp_path, b"Words from a file.", None, "--note", note)
    assert (result.exit_code, "cannot be shown" in result.output) == (1, True)
    assert document.version_count == 1
