"""What `docs/security.md` says is so: the limits, the headers, the checklist, and every test that it names."""

import ast
import math
import re
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from consult.accounts import codes, passwords, sessions
from consult.accounts.actions.sessions import MOST
from consult.accounts.models import Person
from consult.extensions import db
from consult.web import headers, limits
from tests.house import tables
from tests.house.doors import MAY, doors, rows
from tests.house.everybody import World

PAPER = "security.md"
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "consult"
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
# ASVS 5.0.0, chapters 6 to 8: the requirements of level 1, then those of level 2.
LEVELS = {
    "1": (
        *("6.1.1", *(f"6.2.{number}" for number in range(1, 9)), "6.3.1", "6.3.2", "6.4.1", "6.4.2"),
        *("7.2.1", "7.2.2", "7.2.3", "7.2.4", "7.4.1", "7.4.2", "8.1.1", "8.2.1", "8.2.2", "8.3.1"),
    ),
    "2": (
        *("6.1.2", "6.1.3", "6.2.9", "6.2.10", "6.2.11", "6.2.12", "6.3.3", "6.3.4", "6.4.3", "6.4.4"),
        *(*(f"6.5.{number}" for number in range(1, 6)), *(f"6.6.{number}" for number in range(1, 4))),
        *(f"6.8.{number}" for number in range(1, 5)),
        *("7.1.1", "7.1.2", "7.1.3", "7.3.1", "7.3.2", "7.4.3", "7.4.4", "7.4.5", "7.5.1", "7.5.2"),
        *("7.6.1", "7.6.2", "8.1.2", "8.2.3", "8.4.1"),
    ),
}
KEYS = {
    "network": "a network",
    "typed_address": "the address typed",
    "asked_address": "the address asked for before",
    "person": "a person",
}


@cache
def _tests_in(path: str) -> frozenset[str]:
    source = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(source) if isinstance(node, ast.FunctionDef))


def _is_there(path: str, name: str) -> bool:
    return (ROOT / path).is_file() and name.startswith("test_") and name in _tests_in(path)


def _checklist() -> list[dict[str, str]]:
    return [row for found in tables.tables(PAPER) if found.columns[0] == "requirement" for row in found.rows]


@pytest.mark.parametrize("paper", sorted(path.name for path in tables.DOCS.glob("*.md")))
def test_every_test_that_a_paper_names_is_there(paper):
    named = NAMED_TEST.findall((tables.DOCS / paper).read_text("utf-8"))
    missing = [f"{path}::{name}" for path, name in named if not _is_there(path, name)]
    assert not missing


def test_every_field_of_the_permissions_names_its_test():
    assert all(NAMED_TEST.search(row["shown by"]) for row in tables.table("permissions.md", "Fields").rows)


def test_the_checklist_has_every_requirement_once():
    said = [(row["requirement"].strip("`"), row["level"]) for row in _checklist()]
    asked = {(number, level) for level, numbers in LEVELS.items() for number in numbers}
    assert len(said) == len(set(said))
    assert set(said) == asked


def test_every_line_of_the_checklist_has_its_test_or_says_why_not():
    wrong = []
    for row in _checklist():
        how, tests = row["how it is met"], NAMED_TEST.findall(row["shown by"])
        is_met = re.match(r"Met\b", how) and tests
        is_partly_met = re.match(r"In part, because \w", how) and tests
        is_not_met = re.match(r"Not (applicable|met), because \w", how)
        if not (is_met or is_partly_met or is_not_met) or not row["what it asks"]:
            wrong.append(row["requirement"])
    assert not wrong


def test_the_limits_are_those_of_the_code():
    said = {row["limit"].strip("`"): row["how often"] for row in tables.table(PAPER, "Limits").rows}
    there = {
        name: "; ".join(f"{limit.often} for {KEYS[limit.by.__name__]}" for limit in door.limits)
        for name, door in vars(limits).items()
        if isinstance(door, limits.Door)
    }
    assert said == there


def test_every_way_in_names_limits_that_are_there():
    for row in tables.table(PAPER, "Ways in").rows:
        named = [name for name in tables.quoted(row["what bounds it"]) if name.isupper()]
        assert all(isinstance(getattr(limits, name), limits.Door) for name in named), row


def test_the_limits_of_sessions_are_those_of_the_code():
    idle, absolute = "over without a request for", "over in any case after"
    said = [(row[idle], row[absolute]) for row in tables.table(PAPER, "Sessions").rows]
    kinds = (sessions.WITH_A_PART, sessions.WITHOUT, sessions.GUEST)
    assert said == [(_in_words(kind.idle), _in_words(kind.absolute)) for kind in kinds]
    words = (tables.DOCS / PAPER).read_text("utf-8")
    assert f"At most {MOST} sessions" in words
    assert sessions.TO_OPEN.total_seconds() == 15 * 60
    assert "after 15 minutes" in words


def _in_words(much) -> str:
    hours = int(much.total_seconds()) // 3600
    number, unit = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def test_the_headers_are_those_of_the_code():
    said = {row["header"].strip("`"): row["value"].strip("`") for row in tables.table(PAPER, "Headers").rows}
    assert said == headers.FIXED


def test_the_rules_for_passwords_are_those_of_the_code():
    words = (tables.DOCS / PAPER).read_text("utf-8")
    assert f"{passwords.SHORTEST} to {passwords.LONGEST} characters" in words
    assert f"({passwords.MEMORY // 1024} MiB, three passes)" in words
    assert passwords.PASSES == 3


def test_chance_comes_from_the_operating_system_alone():
    pattern = re.compile(r"^\s*(?:import|from) random\b|uuid1|SystemRandom|\brandom\.\w+\(", re.M)
    wrong = [str(path) for path in PACKAGE.rglob("*.py") if pattern.search(path.read_text("utf-8"))]
    assert not wrong


def test_recovery_codes_have_more_chance_in_them_than_a_plain_digest_needs():
    assert codes.RECOVERY_LENGTH * math.log2(len(set(codes.PLAIN_LETTERS))) > 112
    made = [codes.as_typed(code) for _ in range(20) for code in codes.new_recovery_codes()]
    assert {len(code) for code in made} == {codes.RECOVERY_LENGTH}
    assert len(set(made)) == len(made)
    assert set("".join(made)) == set(codes.PLAIN_LETTERS)


def test_nothing_is_kept_by_which_a_forgotten_password_could_be_guessed():
    columns = {column.name for column in Person.__table__.columns}
    assert not [name for name in columns if re.search("hint|question|secret_word|mother", name)]


@pytest.mark.slow
def test_password_fields_mask_what_is_typed_and_take_what_is_pasted(app):
    world, found = World(app), 0
    world.people["other"].password_hash = "kept"
    db.session.commit()
    for (method, address), rule in sorted(doors(app).items()):
        if method != "GET":
            continue
        marks = rows()[method, address].marks
        who = next((who for who in ("any", "other", "author", "a-site") if marks[who] == MAY), None)
        if who is None:
            continue
        response = world.browser_of(who).get(world.address(rule.endpoint, rule, who))
        for field in BeautifulSoup(response.text, "html.parser").select("input"):
            if not re.search("password|current$", field.get("name", "")):
                continue
            found += 1
            assert field["type"] == "password", address
            assert field["autocomplete"] in ("current-password", "new-password"), address
            assert not {"maxlength", "readonly", "onpaste"} & set(field.attrs), address
    assert found >= 6
    scripts = "".join(path.read_text("utf-8") for path in (PACKAGE / "static").rglob("*.js"))
    assert not re.search(r"""["']paste["']|onpaste""", scripts)
