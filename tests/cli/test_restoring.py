"""Back-ups of whole sites, made by the command, rehearsed and restored in earnest, on SQLite and on PostgreSQL."""

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url

from consult.cli import copies, main, restoring

pytestmark = [pytest.mark.slow, pytest.mark.once]


class Kept:
    """A real site in a folder, its database wherever `url` says, and the command that runs on it, in this process."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def __call__(self, *words: str, status: int = 0) -> Result:
        settings = {
            "CONSULT_INSTANCE": str(self.folder),
            "CONSULT_LOG_LEVEL": "ERROR",
            "CONSULT_DATABASE_URL": self.url,
        }
        done = CliRunner(env=settings).invoke(main.commands, words)
        assert done.exit_code == status, f"{words}: {done.exit_code}\n{done.output}\n{done.exception!r}"
        return done

    def ask(self, question: str, **values: object) -> list[tuple]:
        engine = create_engine(self.url)
        with engine.begin() as connection:
            answer = connection.execute(text(question), values)
            rows = [tuple(row) for row in answer] if answer.returns_rows else []
        engine.dispose()
        return rows

    @property
    def acts(self) -> list[str]:
        return [act for (act,) in self.ask("SELECT act FROM audit_entry ORDER BY id")]

    def proofs(self) -> tuple[bool, bool]:
        ((made, tried),) = self.ask("SELECT backed_up_at, restored_at FROM site")
        return made is not None, tried is not None


def _begun(site: Kept) -> Kept:
    site("db", "upgrade")
    site("start")
    site("user", "add", "Nia Rhys", "nia@mail.example")
    site("user", "role", "nia@mail.example", "administrator")
    return site


@pytest.fixture(scope="module")
def server(postgres_url: str) -> Iterator[Engine]:
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


def _databases(server: Engine) -> set[str]:
    with server.connect() as connection:
        return set(connection.scalars(text("SELECT datname FROM pg_database")))


@pytest.fixture
def scratched(monkeypatch) -> list[str]:
    """The names of the databases into which copies were restored; on the same server others may rehearse as well."""
    names, scratch = [], restoring.scratch_postgresql

    def noted(archive: zipfile.ZipFile, engine: Engine, name: str) -> object:
        names.append(name)
        return scratch(archive, engine, name)

    monkeypatch.setattr(restoring, "scratch_postgresql", noted)
    return names


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept")
    if request.param == "sqlite":
        yield _begun(Kept(folder, f"sqlite:///{folder / 'consult.sqlite3'}"))
        return
    server: Engine = request.getfixturevalue("server")
    name = f"{server.url.database}_kept"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"))
    yield _begun(Kept(folder, server.url.set(database=name, query={}).render_as_string(hide_password=False)))
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="module")
def copy(site: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("copies") / "site.zip"
    assert "Written to" in site("backup", str(file)).stdout
    return file


def _changed(copy: Path, target: Path, **files: bytes | None) -> Path:
    """Write a copy whose files are others; None leaves one out. Names have _ for the dot."""
    given = {name.replace("__", "."): content for name, content in files.items()}
    with zipfile.ZipFile(copy) as source, zipfile.ZipFile(target, "w") as changed:
        for name in source.namelist():
            content = given.get(name, source.read(name))
            if content is not None:
                changed.writestr(name, content)
    return target


def _manifest(copy: Path) -> dict:
    with zipfile.ZipFile(copy) as archive:
        return json.loads(archive.read("manifest.json"))


# ---- making a copy


def test_a_copy_holds_database_key_and_list_and_is_its_owners_alone(site, copy):
    assert copy.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(copy) as archive:
        names = set(archive.namelist())
        assert archive.read("secret.key") == (site.folder / "secret.key").read_bytes()
    assert {"manifest.json", "secret.key"} < names
    assert names & {"consult.sqlite3", "consult.dump"}
    listed = _manifest(copy)
    assert listed["tables"]["person"] == site.ask("SELECT count(*) FROM person")[0][0]
    assert listed["revision"] == site.ask("SELECT version_num FROM alembic_version")[0][0]


def test_the_password_of_the_database_is_on_no_command_line():
    address, environment = copies.libpq(
        make_url("postgresql+psycopg://site:se%20cret@db.example:5433/live?sslmode=require")
    )
    assert address == "postgresql://site@db.example:5433/live?sslmode=require"
    assert environment["PGPASSWORD"] == "se cret"


@pytest.mark.parametrize(
    "named", ["postgresql+psycopg://h/live?dbname=live", "postgresql+psycopg:///?dbname=live"]
)
def test_a_rehearsal_never_leads_back_to_the_database_of_the_site(named):
    address, _environment = copies.libpq(copies.beside(make_url(named), "scratch"))
    assert "live" not in address
    assert "/scratch" in address


def test_making_a_copy_is_on_record(site, copy):
    assert site.proofs()[0]
    assert "site.back_up" in site.acts


def test_a_file_that_is_there_is_not_written_over(site, copy):
    before = copy.read_bytes()
    assert "exists already" in site("backup", str(copy), status=1).stderr
    assert copy.read_bytes() == before


def test_a_copy_that_fails_leaves_nothing(site, tmp_path):
    missing = tmp_path / "nowhere" / "site.zip"
    said = site("backup", str(missing), status=1).stderr
    assert "not found" in said
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_is_copied_and_not_written_to(tmp_path):
    fresh = Kept(tmp_path / "fresh", f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
    fresh.folder.mkdir()
    assert "Not written down" in fresh("backup", str(tmp_path / "empty.zip")).stderr


# ---- rehearsing


def test_a_rehearsal_says_what_it_found_and_is_written_down(site, copy, request, scratched):
    said = site("restore", str(copy), "--rehearse").stdout
    listed = _manifest(copy)
    assert (
        f"revision {listed['revision']}, {len(listed['tables'])} tables, {sum(listed['tables'].values())} rows"
        in said
    )
    assert "secret.key" in said
    assert site.proofs() == (True, True)
    assert site.acts[-1] == "site.rehearse_restore"
    assert len(scratched) == ("postgresql" in site.url)
    if scratched:
        assert not _databases(request.getfixturevalue("server")) & {*scratched}, (
            "the scratch database is gone"
        )


def test_what_changed_on_the_site_since_makes_the_copy_no_worse(site, copy):
    site("user", "add", "Later", f"later-{len(site.acts)}@mail.example")
    site("restore", str(copy), "--rehearse")


def test_a_list_that_differs_is_one_clear_line(site, copy, tmp_path):
    listed = _manifest(copy)
    listed["tables"]["person"] += 1
    wrong = _changed(copy, tmp_path / "wrong.zip", manifest__json=json.dumps(listed).encode())
    site.ask("UPDATE site SET restored_at = NULL")
    said = site("restore", str(wrong), "--rehearse", status=1).stderr
    count = listed["tables"]["person"]
    assert (
        said
        == f"Error: {wrong} cannot be restored: table person has {count - 1} rows, and lists {count} rows\n"
    )
    assert site.proofs() == (True, False)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"revision": "0001"}, "it is at revision"),
        ({"tables": {}}, "lists nothing at all"),
        ({"dialect": "oracle"}, "not in it"),
        ({"tables": None}, "cannot be read"),
        ({"more": 1}, "cannot be read"),
    ],
)
def test_a_list_that_lies_is_found_out(site, copy, tmp_path, change, says):
    listed = {**_manifest(copy), **change}
    wrong = _changed(copy, tmp_path / "wrong.zip", manifest__json=json.dumps(listed).encode())
    said = site("restore", str(wrong), "--rehearse", status=1).stderr
    assert says in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "what", ["not a zip", "another zip", "half", "no database", "broken list", "flipped"]
)
def test_what_is_no_copy_is_refused_in_words(site, copy, tmp_path, what, request, scratched):
    wrong = tmp_path / "wrong.zip"
    data = copy.read_bytes()
    if what == "another zip":
        with zipfile.ZipFile(wrong, "w") as archive:
            archive.writestr("hello.txt", "Hello")
    elif what == "no database":
        _changed(copy, wrong, consult__sqlite3=None, consult__dump=None)
    elif what == "broken list":
        _changed(copy, wrong, manifest__json=b"{")
    elif what == "flipped":
        wrong.write_bytes(data[:2000] + bytes(255 - b for b in data[2000:2064]) + data[2064:])
    else:
        wrong.write_bytes(data[: len(data) // 2] if what == "half" else b"PGDMP hello")
    said = site("restore", str(wrong), "--rehearse", status=1).stderr
    assert said.startswith("Error: ")
    assert said.count("\n") == 1
    if scratched:
        assert not _databases(request.getfixturevalue("server")) & {*scratched}


def test_a_copy_of_another_site_proves_nothing_of_this_one(site, copy, tmp_path):
    other = _begun(Kept(tmp_path / "other", f"sqlite:///{tmp_path / 'other.sqlite3'}"))
    other("backup", str(tmp_path / "other.zip"))
    said = site("restore", str(tmp_path / "other.zip"), "--rehearse", status=1).stderr
    assert "another site" in said


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_a_copy_of_postgresql_is_not_rehearsed_beside_sqlite(site, copy, tmp_path):
    other = _begun(Kept(tmp_path / "other", f"sqlite:///{tmp_path / 'other.sqlite3'}"))
    assert "is of PostgreSQL" in other("restore", str(copy), "--rehearse", status=1).stderr
    assert "README" in other("restore", str(copy), str(tmp_path / "new"), status=1).stderr
    assert not (tmp_path / "new").exists()


def test_a_copy_by_an_earlier_version_is_rehearsed_once_it_lists_what_it_holds(site, copy, tmp_path):
    old = _changed(copy, tmp_path / "old.zip", manifest__json=None)
    said = site("restore", str(old), "--rehearse", status=1).stderr
    assert "make a new one" in said or "no database" in said


def test_one_of_two_ways_must_be_chosen(site, copy, tmp_path):
    site("restore", str(copy), status=2)
    site("restore", str(copy), str(tmp_path / "new"), "--rehearse", status=2)
    site("restore", str(tmp_path / "missing.zip"), "--rehearse", status=2)
    assert list(tmp_path.iterdir()) == []


# ---- in earnest, SQLite


def _nowhere(folder: Path) -> Kept:
    """A machine on which no site is yet."""
    return Kept(folder / "nowhere", f"sqlite:///{folder / 'nowhere.sqlite3'}")


@pytest.fixture(scope="module")
def sqlite_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun")
    begun = _begun(Kept(folder, f"sqlite:///{folder / 'consult.sqlite3'}"))
    begun("backup", str(folder / "site.zip"))
    return folder / "site.zip"


def test_a_copy_is_restored_into_an_empty_folder_and_runs(sqlite_copy, tmp_path):
    folder = tmp_path / "new" / "site"
    said = _nowhere(tmp_path)("restore", str(sqlite_copy), str(folder)).stdout
    assert f"CONSULT_INSTANCE={folder} .venv/bin/consult serve" in said
    assert {path.name for path in folder.iterdir()} == {"consult.sqlite3", "secret.key"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.iterdir()))
    again = Kept(folder, f"sqlite:///{folder / 'consult.sqlite3'}")
    assert again.ask("SELECT name FROM person") == [("Nia Rhys",)]
    again("recount")


def test_a_folder_with_anything_in_it_is_left_alone(sqlite_copy, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    assert "is not empty" in _nowhere(tmp_path)("restore", str(sqlite_copy), str(tmp_path), status=1).stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("was_there", [True, False])
def test_nothing_half_restored_is_left_behind(sqlite_copy, tmp_path, was_there):
    listed = _manifest(sqlite_copy)
    listed["tables"]["role"] = 99
    wrong = _changed(sqlite_copy, tmp_path / "wrong.zip", manifest__json=json.dumps(listed).encode())
    folder = tmp_path / "new"
    if was_there:
        folder.mkdir()
    assert "table role" in _nowhere(tmp_path)("restore", str(wrong), str(folder), status=1).stderr
    assert folder.exists() is was_there
    assert not was_there or list(folder.iterdir()) == []


def _tampered(copy: Path, folder: Path, *statements: str) -> Path:
    """Change the database in a copy behind the back of the list and of the record."""
    folder.mkdir()
    with zipfile.ZipFile(copy) as archive:
        archive.extract("consult.sqlite3", folder)
    database = folder / "consult.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    changed = _changed(copy, folder / "changed.zip", consult__sqlite3=database.read_bytes())
    shutil.move(changed, folder.with_suffix(".zip"))
    return folder.with_suffix(".zip")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "UPDATE audit_entry SET act = 'role.end' WHERE id = 2",
            "the record does not hold: chain 0: entry 2 (role.end, ",
        ),
        ("UPDATE role SET person_id = 4711", "points at one of person that is not there"),
        ("DELETE FROM one_time_link", "table one_time_link has 0 rows"),
        ("DROP TABLE outbox_mail", "table outbox_mail has nothing at all"),
        ("UPDATE alembic_version SET version_num = '0001'", "it is at revision 0001"),
    ],
)
def test_a_database_that_was_tampered_with_is_found_out(sqlite_copy, tmp_path, statement, says):
    wrong = _tampered(sqlite_copy, tmp_path / "tampered", statement)
    said = _nowhere(tmp_path)("restore", str(wrong), str(tmp_path / "new"), status=1).stderr
    assert says in said
    assert said.count("\n") == 1


def test_a_copy_by_an_earlier_version_is_restored_in_earnest(sqlite_copy, tmp_path):
    old = _changed(sqlite_copy, tmp_path / "old.zip", manifest__json=None)
    said = _nowhere(tmp_path)("restore", str(old), str(tmp_path / "new")).stdout
    assert "before back-ups listed what they hold" in said
