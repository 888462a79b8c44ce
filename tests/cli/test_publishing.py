"""`consult publish`: the next version from a file, or a message that says what to mend."""

import pytest
from click.testing import CliRunner

from consult.cli.publishing import publish
from tests.documents.ground import a_draft, standing


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
