"""Who may import whom. The order of the rooms is the order in which they may know of one another."""

import ast
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "consult"
ORDER = ["text", "accounts", "consultations", "documents", "discussion", "moderation"]
BESIDE = {"toolkit": "documents"}  # knows the rooms up to this one
READERS = {"monitor", "opendata", "notices", "search"}  # stand above all of these
ROOMS = {*ORDER, *BESIDE, *READERS}
FLASK_WELCOME = {"web", "cli"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_migrations" not in path.parts)


def _name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


@cache
def _imports(path: Path) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(names)


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def _is_routes(path: Path) -> bool:
    return "routes" in path.relative_to(PACKAGE).with_suffix("").parts


def _may_know(room: str) -> set[str]:
    if room in READERS:
        return ROOMS
    if room in BESIDE:
        return {room, *ORDER[: ORDER.index(BESIDE[room]) + 1]}
    return set(ORDER[: ORDER.index(room) + 1])


ROOM_MODULES = [path for path in MODULES if _room(path) in ROOMS]


@pytest.mark.parametrize("path", [p for p in ROOM_MODULES if not _is_routes(p)], ids=_name)
def test_a_room_never_imports_a_higher_one(path):
    known = _may_know(_room(path))
    wrong = [
        name
        for name in _imports(path)
        if name.startswith("consult.") and name.split(".")[1] in ROOMS and name.split(".")[1] not in known
    ]
    assert not wrong, f"{_name(path)} calls up: {wrong}. Announce it instead (announcements.py)."


@pytest.mark.parametrize("path", [p for p in ROOM_MODULES if not _is_routes(p)], ids=_name)
def test_flask_stays_in_routes_and_web(path):
    wrong = [name for name in _imports(path) if name == "flask" or name.startswith("flask.")]
    assert not wrong, (
        f"{_name(path)} imports {wrong}: only routes, web, cli, create_app and extensions know Flask"
    )


@pytest.mark.parametrize("path", [p for p in ROOM_MODULES if _is_routes(p)], ids=_name)
def test_routes_ask_other_rooms_queries_alone(path):
    own = _room(path)
    wrong = []
    for name in _imports(path):
        parts = name.split(".")
        is_other_room = len(parts) > 2 and parts[0] == "consult" and parts[1] in ROOMS - {own, "text"}
        if is_other_room and {"actions", "forms", "routes"} & set(parts[2:]):
            wrong.append(name)
    allowed = {"moderation": {"consult.discussion.actions"}}.get(own, set())
    assert not set(wrong) - allowed, f"{_name(path)} reaches into another room: {wrong}"


@pytest.mark.parametrize("path", [p for p in MODULES if _room(p) == "text"], ids=_name)
def test_the_text_room_is_pure(path):
    wrong = [name for name in _imports(path) if name.split(".")[0] in ("flask", "sqlalchemy", "flask_babel")]
    wrong += [
        name for name in _imports(path) if name.startswith("consult.") and not name.startswith("consult.text")
    ]
    assert not wrong, f"{_name(path)} imports {wrong}"


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.name == "__init__.py" and p.parent != PACKAGE], ids=_name
)
def test_a_package_file_holds_a_docstring_and_nothing_else(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree), f"{_name(path)} says nothing"
    assert len(tree.body) == 1, f"{_name(path)} holds more than its docstring"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{_name(path)} has no docstring"


@pytest.mark.parametrize("path", [p for p in ROOM_MODULES if "actions" in p.with_suffix("").parts], ids=_name)
def test_actions_never_commit_and_take_their_actor_by_name(path):
    tree = ast.parse(path.read_text("utf-8"))
    commits = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "commit"]
    assert not commits, f"{_name(path)} commits: that is for `transaction()`"
    for node in tree.body:
        is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if is_public and any(a.arg == "actor" for a in node.args.args):
            pytest.fail(f"{_name(path)}.{node.name} takes `actor` by place: make it keyword-only")
