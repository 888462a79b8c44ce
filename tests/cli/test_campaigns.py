"""`consult campaigns`, as scripts call it."""

import json

import pytest
from click.testing import CliRunner

from consult.cli.campaigns import campaigns
from tests.text.campaigns import made
from tests.text.campaigns.test_grouping import LIMES


@pytest.fixture
def run(tmp_path):
    def call(content, *more):
        path = tmp_path / "comments.jsonl"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return CliRunner().invoke(campaigns, [str(path), *more])

    return call


def lines(*comments):
    return "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in comments)


def test_it_prints_a_group_for_each_line_in_their_order(run):
    result = run(lines(("b", LIMES), (7, "I agree."), ("a", LIMES.upper()), (8, made.OWN_WORDS[3])))
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"id": "b", "group": 1},
        {"id": 7, "group": None},
        {"id": "a", "group": 1},
        {"id": 8, "group": None},
    ]


def test_what_is_quoted_from_the_background_does_not_count(run, tmp_path):
    about = tmp_path / "draft.md"
    about.write_text(made.PASSAGES[0])
    said = lines(*((at, f"{made.PASSAGES[0]} {own}") for at, own in enumerate(made.OWN_WORDS[:2])))
    without, with_background = run(said), run(said, "--background", str(about))
    assert '"group": 1' in without.stdout
    assert '"group": 1' not in with_background.stdout


def test_blank_lines_and_a_mark_of_the_encoding_do_no_harm(run):
    result = run(b"\xef\xbb\xbf" + lines(("a", "x")).encode() + b"\r\n\n" + lines(("é", "y")).encode())
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2


def test_an_empty_file_has_no_comments(run):
    result = run("")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "not JSON"),
        (b"[1]", "needs an object with id and text"),
        (b'{"id": 1}', "needs an object with id and text"),
        (b'{"id": 1.5, "text": "x"}', "id must be a string or a whole number"),
        (b'{"id": true, "text": "x"}', "id must be a string or a whole number"),
        (b'{"id": 1, "text": null}', "text must be a string"),
        (b'{"id": "a", "text": "x"}', 'the id "a" stands on line 1 too'),
        (b"\xff", "not in UTF-8"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named_with_its_number(run, line, said):
    result = run(lines(("a", "x")).encode() + b"\n" + line)
    assert result.exit_code == 1
    assert f"line 3: {said}" in result.stderr
    assert result.stdout == ""
