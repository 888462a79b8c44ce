"""Copies of a site: one zip with the database, the key and the settings, and a list of what it holds."""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, func, inspect, select, table, text
from sqlalchemy.engine import URL, Connection, Engine

from consult.audit import AuditEntry
from consult.config import environment_with

MANIFEST = "manifest.json"
DATABASE = {"sqlite": "consult.sqlite3", "postgresql": "consult.dump"}
KEPT = ("secret.key", "consult.env")  # of the instance folder, where they are there


class NotACopy(Exception):
    """What should be a copy of a site is none, or is damaged; the message says what is wrong."""


@dataclass(frozen=True)
class Manifest:
    """What a copy holds: how many rows in each table, at which revision, of which site.

    `site` is the digest of the first entry of the site's record, which no two sites have alike.
    """

    dialect: str
    revision: str
    site: str
    tables: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def described(connection: Connection) -> Manifest:
    """Count what a database holds."""
    names = sorted(inspect(connection).get_table_names())
    entry = select(AuditEntry.digest).order_by(AuditEntry.chain, AuditEntry.sequence).limit(1)
    return Manifest(
        dialect=connection.dialect.name,
        revision=MigrationContext.configure(connection).get_current_revision() or "",
        site=(connection.scalar(entry) or "") if AuditEntry.__tablename__ in names else "",
        tables={
            name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names
        },
    )


def write(file: Path, engine: Engine, instance: Path) -> Manifest:
    """Write a consistent copy of a site that may be in use to FILE, which only its owner can read; return what it holds.

    FILE is there whole or not at all. FileExistsError when it was there before.
    """
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as handle,
            zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            add = _add_sqlite if engine.dialect.name == "sqlite" else _add_postgresql
            manifest = add(archive, engine, file.resolve().parent)
            for name in KEPT:
                if (instance / name).is_file():
                    archive.write(instance / name, name)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    except BaseException:
        file.unlink()
        raise
    return manifest


def manifest_of(archive: zipfile.ZipFile) -> Manifest | None:
    """Return the list of what a copy holds; None for one made before there were such lists."""
    if MANIFEST not in archive.namelist():
        if DATABASE["sqlite"] in archive.namelist():
            return None
        raise NotACopy("there is no database in it")
    try:
        found = Manifest(**json.loads(archive.read(MANIFEST)))
    except (ValueError, TypeError) as error:
        raise NotACopy("its list of what it holds cannot be read") from error
    if not isinstance(found.tables, dict) or not all(isinstance(n, int) for n in found.tables.values()):
        raise NotACopy("its list of what it holds cannot be read")
    if DATABASE.get(found.dialect) not in archive.namelist():
        raise NotACopy("the database that it lists is not in it")
    return found


def extract(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    """Take one file out of a copy, readable by its owner alone."""
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target, archive.open(name) as source:
        shutil.copyfileobj(source, target)


@contextmanager
def sqlite_at(database: Path) -> Iterator[Connection]:
    """Open an SQLite database that is not the site's."""
    engine = create_engine(f"sqlite:///{database}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def libpq(url: URL) -> tuple[str, dict[str, str]]:
    """Return the address of a PostgreSQL database as its own tools take it, and their environment.

    The password goes by the environment: everybody on the machine can read with what words a command was called.
    """
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return bare.render_as_string(hide_password=False), environment_with(**password)


def beside(url: URL, name: str) -> URL:
    """Return the address of another database of the same server; `?dbname=` would lead back to the site's own."""
    return url.set(database=name).difference_update_query(["dbname"])


def _add_sqlite(archive: zipfile.ZipFile, engine: Engine, beside: Path) -> Manifest:
    """Add a copy of the database, made page by page by SQLite itself."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=".consult-") as folder:
        copy = Path(folder) / DATABASE["sqlite"]
        with (
            closing(sqlite3.connect(str(engine.url.database))) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        with sqlite_at(copy) as connection:
            manifest = described(connection)
        archive.write(copy, copy.name)
    return manifest


def _add_postgresql(archive: zipfile.ZipFile, engine: Engine, beside: Path) -> Manifest:
    """Add what pg_dump writes; it sees the very snapshot in which the rows are counted."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        manifest = described(connection)
        address, environment = libpq(engine.url)
        command = ["pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", address]
        with (
            subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as dump,  # noqa: S603
            archive.open(DATABASE["postgresql"], "w", force_zip64=True) as target,
        ):
            shutil.copyfileobj(dump.stdout, target)  # type: ignore[arg-type]
        if dump.returncode:
            raise subprocess.CalledProcessError(dump.returncode, "pg_dump")
    return manifest


@contextmanager
def scratch_postgresql(archive: zipfile.ZipFile, engine: Engine, name: str) -> Iterator[Connection]:
    """Restore a copy into a database of its own beside the site's, and drop that afterwards, whatever happens."""
    server = engine.execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"))
    scratch = create_engine(beside(engine.url, name))
    try:
        _pg_restore(archive, scratch.url)
        with scratch.connect() as connection:
            yield connection
    finally:
        scratch.dispose()
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _pg_restore(archive: zipfile.ZipFile, url: URL) -> None:
    address, environment = libpq(url)
    command = ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={address}"]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as restore:
        with archive.open(DATABASE["postgresql"]) as source, suppress(BrokenPipeError):
            shutil.copyfileobj(source, restore.stdin)  # type: ignore[arg-type]
        _out, said = restore.communicate()
    if restore.returncode:
        words = said.decode("utf-8", "replace").strip().splitlines()
        raise NotACopy(f"pg_restore refuses it: {words[0] if words else restore.returncode}")
