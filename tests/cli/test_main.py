"""The command line as its users meet it: in a process of its own, on a site of its own."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.once]
COMMANDS = (
    "serve",
    "start",
    "demo",
    "db",
    "user",
    "publish",
    "preview",
    "lineage",
    "campaigns",
    "recount",
    "check",
    "backup",
    "restore",
    "worker",
)
LATER = ("import", "export", "archive")


class Site:
    """A site in a folder, and the command that runs on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, status: int = 0, **settings: str) -> subprocess.CompletedProcess[str]:
        environ = {
            **os.environ,
            "CONSULT_INSTANCE": str(self.folder),
            "CONSULT_LOG_LEVEL": "ERROR",
            **settings,
        }
        done = subprocess.run(
            [sys.executable, "-m", "consult.cli.main", *words],
            capture_output=True,
            text=True,
            timeout=120,
            env=environ,
            check=False,
        )
        assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done


@pytest.fixture
def consult(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("demonstration"))
    site("db", "upgrade")
    site("demo")
    return site


@pytest.mark.parametrize("command", [*COMMANDS, *LATER, "prepare"])
def test_every_command_has_help(command):
    said = CliRunner().invoke(main.commands, [command, "--help"], prog_name="consult")
    assert said.exit_code == 0
    assert said.output.startswith(f"Usage: consult {command} ")


def test_help_lists_every_command(consult):
    said = consult("--help").stdout
    assert all(re.search(rf"^  {command}\b", said, re.M) for command in [*COMMANDS, *LATER, "prepare"])


@pytest.mark.parametrize("command", LATER)
def test_what_comes_later_says_so(consult, command):
    assert consult(command, "whatever", status=2).stderr == f"consult {command}: not in this version\n"


def test_a_bad_setting_is_one_clear_line(consult):
    said = consult("check", status=2, CONSULT_TIMEZONE="Mars/Olympus").stderr
    assert said == "consult: CONSULT_TIMEZONE must be a zone such as Europe/London\n"


def test_a_site_without_tables_is_told_how_to_make_them(consult):
    assert "run `consult db upgrade`" in consult("check", status=1).stdout


def test_start_makes_a_real_empty_site_once(consult):
    consult("db", "upgrade")
    assert "/start/" in consult("start").stdout
    assert "Traceback" not in consult("demo", status=1).stderr
    assert "mail: written to files only" in consult("check", status=1).stdout


def test_the_demonstration_is_in_order(demonstration):
    assert demonstration("check").stdout == "Everything is in order.\n"
    assert demonstration("recount").stdout == "All counts are right.\n"


def test_its_accounts_have_random_passwords_for_their_owner_alone(demonstration):
    path = demonstration.folder / "demo-accounts.json"
    accounts = json.loads(path.read_text("utf-8"))
    assert set(accounts) == {"admin", "official", "moderator", "citizen", "editor"}
    assert len({account["password"] for account in accounts.values()}) == 5
    assert path.stat().st_mode & 0o077 == 0


def test_its_editor_looks_after_every_page_of_the_toolkit(demonstration):
    editor = json.loads((demonstration.folder / "demo-accounts.json").read_text("utf-8"))["editor"]["email"]
    with sqlite3.connect(demonstration.folder / "consult.sqlite3") as database:
        owners = database.execute(
            "select distinct person.email from toolkit_page left join person on person.id = owner_id"
        )
        assert owners.fetchall() == [(editor,)]


def test_a_second_demonstration_is_refused(demonstration):
    assert "There is a site in this database already" in demonstration("demo", status=1).stderr


def test_a_file_becomes_the_next_version(demonstration, tmp_path):
    draft = tmp_path / "draft.md"
    draft.write_text("## Kerbs\n\nA kerb is an edge.\n", "utf-8")
    said = demonstration(
        "publish", "kerbs-for-the-next-thirty-years/questions", str(draft), "--note", "Shorter."
    ).stdout
    assert "Published version 2" in said


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00binary", b">" * 200_000, b"[" * 900_000])
def test_a_file_that_will_not_do_is_refused_in_words(demonstration, tmp_path, content):
    draft = tmp_path / "draft.md"
    draft.write_bytes(content)
    said = demonstration("publish", "who-should-own-a-street-tree/idea", str(draft), status=1).stderr
    assert said
    assert "Traceback" not in said


def test_preview_numbers_paragraphs(consult, tmp_path):
    draft = tmp_path / "draft.md"
    draft.write_text("# Title\n\nOne.\n\n- Two\n- Three\n", "utf-8")
    blocks = json.loads(consult("preview", str(draft)).stdout)
    assert [(block["number"], block["kind"], block["text"]) for block in blocks] == [
        ("s1", "h1", "Title"),
        ("1", "p", "One."),
        ("2", "li", "Two"),
        ("3", "li", "Three"),
    ]


def test_lineage_says_what_became_of_each_block(consult, tmp_path):
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text("One.\n\nTwo.\n", "utf-8")
    new.write_text("Two.\n\nThree.\n", "utf-8")
    found = json.loads(consult("lineage", str(old), str(new)).stdout)
    links = {(tuple(link["old"]), tuple(link["new"])): link["relation"] for link in found["links"]}
    assert links[((1,), (0,))] in ("same", "moved")


def test_a_person_is_added_given_a_part_and_shut_out(demonstration):
    demonstration("user", "add", "Nia Rhys", "nia@mail.example")
    demonstration("user", "role", "nia@mail.example", "editor")
    demonstration("user", "disable", "nia@mail.example")
    assert "nobody@mail.example" in demonstration("user", "disable", "nobody@mail.example", status=1).stderr
