"""`consult restore`: prove that a copy can be restored, or restore it in earnest."""

import secrets
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from consult import audit, config, create_app
from consult.accounts.actions.setting_up import note_restored
from consult.cli import erasing
from consult.cli.copies import (
    DATABASE,
    KEPT,
    Manifest,
    NotACopy,
    described,
    extract,
    manifest_of,
    scratch_postgresql,
    sqlite_at,
)
from consult.cli.health import newest_revision
from consult.extensions import db, transaction
from consult.moderation.erasure.queries import Erased


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option(
    "--rehearse", is_flag=True, help="Restore into an empty place that is thrown away, and check it."
)
@click.option("--erased", type=erasing.LIST, help="A list of what was erased since, to be erased there too.")
def restore(file: Path, folder: Path | None, rehearse: bool, erased: Path | None) -> None:
    """Prove that FILE can be restored (--rehearse), or restore an SQLite back-up into FOLDER, which must be empty.

    Either way everything in it is checked: the revision, the record of changes, the number of rows in each table.
    With --erased, what was erased after the back-up was made is erased again before anybody can read it.
    A rehearsal leaves the running site as it is, and writes down there that it went well.
    """
    if rehearse == (folder is not None):
        raise click.UsageError("give either --rehearse or the empty FOLDER to restore into")
    if rehearse and erased is not None:
        raise click.UsageError("--erased is for restoring into a FOLDER: a rehearsal is thrown away")
    rows = erasing.read(erased) if erased is not None else None
    try:
        with zipfile.ZipFile(file) as archive:
            if folder is not None:
                _restore(archive, folder, rows)
            else:
                _rehearse(archive, create_app())
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise click.ClickException(f"{file} is no back-up of a site, or it is damaged") from error
    except NotACopy as error:
        raise click.ClickException(f"{file} cannot be restored: {error}") from error
    except FileNotFoundError as error:
        raise click.ClickException(f"not found: {error.filename}") from error


def _rehearse(archive: zipfile.ZipFile, app: Flask) -> None:
    with app.app_context():
        listed = manifest_of(archive)
        if listed is None:
            raise NotACopy("it was made before back-ups listed what they hold: make a new one")
        with _empty_place(archive, listed, db.engine) as connection:
            _insist(_differences(connection, listed))
            found = described(connection)
            entries = found.tables.get(audit.AuditEntry.__tablename__, 0)
        with db.engine.connect() as connection:
            live = described(connection)
        _insist(_strangeness(found, live))
        with transaction():
            note_restored()
    click.echo(
        f"Restored into an empty place and found whole: revision {found.revision}, {len(found.tables)} tables, "
        f"{found.rows} rows, each counted as listed; the record holds ({entries} entries)."
    )
    kept = [name for name in KEPT if name in archive.namelist()]
    click.echo(
        f"With it: {', '.join(kept)}." if kept else "Without a key: keep CONSULT_SECRET_KEY elsewhere."
    )
    click.echo("The empty place is gone again; the site now says that a restore was tried today.")


@contextmanager
def _empty_place(archive: zipfile.ZipFile, listed: Manifest, engine: Engine) -> Iterator[Connection]:
    """Restore a copy where nothing is, and open it; afterwards the place is gone."""
    if listed.dialect == "sqlite":
        with tempfile.TemporaryDirectory(prefix="consult-") as folder:
            extract(archive, DATABASE["sqlite"], Path(folder))
            with _readable(Path(folder) / DATABASE["sqlite"]) as connection:
                yield connection
        return
    if engine.dialect.name != listed.dialect:
        raise NotACopy("it is of PostgreSQL: rehearse where CONSULT_DATABASE_URL names such a database")
    try:
        with scratch_postgresql(archive, engine, f"consult_rehearsal_{secrets.token_hex(6)}") as connection:
            yield connection
    except (ProgrammingError, OperationalError) as error:
        words = str(error.orig).splitlines()[0]
        raise click.ClickException(f"no scratch database for the rehearsal: {words}") from error


def _restore(archive: zipfile.ZipFile, folder: Path, erased: list[Erased] | None) -> None:
    listed = manifest_of(archive)
    if listed is not None and listed.dialect != "sqlite":
        raise NotACopy(
            "it is of PostgreSQL: the README says how to restore that, under “Back-up and restore”"
        )
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty: name a new folder")
    is_new = not folder.exists()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = [name for name in (DATABASE["sqlite"], *KEPT) if name in archive.namelist()]
    try:
        for name in names:
            extract(archive, name, folder)
        with _readable(folder / DATABASE["sqlite"]) as connection:
            _insist(_differences(connection, listed))
            found = described(connection)
    except BaseException:
        _clear(folder, is_new)
        raise
    counted = "each table counted as listed" if listed else "made before back-ups listed what they hold"
    click.echo(f"Restored into {folder}: {', '.join(names)}; {found.rows} rows, {counted}; the record holds.")
    if found.revision != newest_revision():
        click.echo(f"First bring it up to date: CONSULT_INSTANCE={folder} .venv/bin/consult db upgrade")
    _follow(folder, erased, is_new=found.revision == newest_revision())
    click.echo(f"Then serve it: CONSULT_INSTANCE={folder} .venv/bin/consult serve")


def _follow(folder: Path, erased: list[Erased] | None, *, is_new: bool) -> None:
    """Erase in the restored site what was erased since; where that cannot be done yet, say so."""
    command = f"CONSULT_INSTANCE={folder} .venv/bin/consult erased obey LIST"
    if erased is None:
        click.echo(f"What was erased since the back-up is in it again. With a list of that: {command}")
    elif not is_new:
        click.echo(f"Nothing of the list is erased yet: bring it up to date, then {command}", err=True)
    else:
        database = f"sqlite:///{(folder / DATABASE['sqlite']).resolve()}"
        settings = config.load(folder, config.environment_with(CONSULT_DATABASE_URL=database))
        with create_app(settings).app_context():
            click.echo(erasing.followed(erased))
            db.session.remove()
            db.engine.dispose()


def _clear(folder: Path, is_new: bool) -> None:
    """Leave no half-restored site behind."""
    for path in folder.iterdir():
        path.unlink()
    if is_new:
        shutil.rmtree(folder)


@contextmanager
def _readable(database: Path) -> Iterator[Connection]:
    try:
        with sqlite_at(database) as connection:
            yield connection
    except DBAPIError as error:
        raise NotACopy(f"its database cannot be read ({error.orig})") from error


def _differences(connection: Connection, listed: Manifest | None) -> Iterator[str]:
    """Yield what is wrong with a restored database, in words: its files, its rows, its record."""
    if connection.dialect.name == "sqlite":
        for (said,) in connection.execute(text("PRAGMA integrity_check")):
            if said != "ok":
                yield f"the database is damaged: {said}"
        for row in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"a row of {row[0]} points at one of {row[2]} that is not there"
    if listed is not None:
        found = described(connection)
        if found.revision != listed.revision:
            yield f"it is at revision {found.revision or 'none'}, and lists {listed.revision or 'none'}"
        for name in sorted(found.tables.keys() | listed.tables.keys()):
            have, want = found.tables.get(name), listed.tables.get(name)
            if have != want:
                yield f"table {name} has {_rows(have)}, and lists {_rows(want)}"
    for words in audit.breaks(connection):
        yield f"the record does not hold: {words}"


def _strangeness(found: Manifest, live: Manifest) -> Iterator[str]:
    """Yield in what a copy, whole as it is, is not one of this site as it stands."""
    if found.site != live.site:
        yield "it is a back-up of another site"
    if found.revision != live.revision:
        yield f"it is at revision {found.revision}, this site at {live.revision}: make a new one"


def _insist(differences: Iterator[str]) -> None:
    """Raise NotACopy with the first difference, and how many more there are."""
    found = list(differences)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise NotACopy(found[0] + more)


def _rows(count: int | None) -> str:
    return "nothing at all" if count is None else f"{count} rows"
