"""`consult preview` and `consult lineage`, as scripts call them."""

import json

import pytest
from click.testing import CliRunner

from consult.cli.text import lineage, preview


@pytest.fixture
def file(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def run(command, *arguments):
    return CliRunner().invoke(command, arguments)


def test_preview_prints_the_blocks_in_the_shape_of_the_anchoring_data(file):
    result = run(preview, file("a.md", "# T\n\n- é\n\n|x|y|\n|-|-|\n|1|2|\n"))
    assert result.exit_code == 0
    assert [(block["index"], block["kind"], block["text"]) for block in json.loads(result.stdout)] == [
        (0, "h1", "T"),
        (1, "li", "é"),
        (2, "row", "x|y"),
        (3, "row", "1|2"),
    ]


def test_lineage_prints_both_texts_and_their_links(file):
    result = run(lineage, file("a.md", "a\n\nb"), file("b.md", "b\n\nc"))
    printed = json.loads(result.stdout)
    assert printed["old"] == [
        {"index": 0, "kind": "p", "text": "a"},
        {"index": 1, "kind": "p", "text": "b"},
    ]
    assert printed["new"] == [
        {"index": 0, "kind": "p", "text": "b"},
        {"index": 1, "kind": "p", "text": "c"},
    ]
    assert [(link["old"], link["new"], link["relation"]) for link in printed["links"]] == [
        ([0], [], "removed"),
        ([1], [0], "same"),
        ([], [1], "added"),
    ]
    assert all(0 <= link["confidence"] <= 1 for link in printed["links"])


def test_lineage_of_given_blocks_prints_one_prediction_a_line(file):
    pair = {
        "pair_id": "P01",
        "old_blocks": [{"kind": "p", "text": "a"}, {"kind": "li", "text": "b"}],
        "new_blocks": [{"kind": "p", "text": "b"}],
    }
    result = run(lineage, "--blocks", file("a.jsonl", json.dumps(pair) + "\n\n" + json.dumps(pair)))
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first == second
    assert (first["pair_id"], first["map"]) == ("P01", {"0": None, "1": 0})
    assert set(first["confidence"]) == {"0", "1"}
    assert set(first["ask"]) <= {0, 1}


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00x", "a\x00b", ">" * 10_000, "[" * 501], ids=["bytes", "nul", "deep", "brackets"]
)
def test_a_file_that_cannot_be_read_is_said_on_standard_error(file, content):
    result = run(preview, file("a.md", content))
    assert result.exit_code != 0
    assert result.stdout == ""
    assert "a.md" in result.stderr


@pytest.mark.parametrize("content", ["no json", "[1]", '{"pair_id": "x"}'])
def test_lines_that_are_no_pairs_are_said_on_standard_error(file, content):
    result = run(lineage, "--blocks", file("a.jsonl", content))
    assert result.exit_code != 0
    assert "a.jsonl" in result.stderr


@pytest.mark.parametrize(
    "blocks", [3, [3], ["x"], [{}], [{"kind": "p"}], [{"kind": "p", "text": None}], None]
)
def test_blocks_that_are_none_are_said_with_their_line(file, blocks):
    pair = json.dumps({"pair_id": "P01", "old_blocks": [], "new_blocks": blocks})
    result = run(lineage, "--blocks", file("a.jsonl", "\n" + pair))
    assert result.exit_code == 1
    assert "a.jsonl, line 2: new_blocks" in result.stderr


def test_a_missing_file_and_missing_arguments_are_said(file):
    assert run(preview, "nowhere.md").exit_code != 0
    assert run(lineage).exit_code != 0
    assert run(lineage, file("a.md", "a")).exit_code != 0
