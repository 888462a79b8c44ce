"""Keeping a site well: `db`, `recount`, `check`, `backup`."""

import subprocess
import sys
from pathlib import Path

import click
import flask_migrate
from flask import current_app

from consult import audit
from consult.cli import health
from consult.cli.copies import copy_sqlite, copy_with_key
from consult.discussion import recounting
from consult.extensions import db as database
from consult.extensions import transaction
from consult.moderation import recounting as tallies


@click.group()
def db() -> None:
    """The shape of the database: bring it up to date, or take it back."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to REVISION (the newest)."""
    flask_migrate.upgrade(revision=revision)


@db.command()
@click.argument("revision", default="-1")
def downgrade(revision: str) -> None:
    """Take the database back to REVISION (one step)."""
    flask_migrate.downgrade(revision=revision)


@db.command()
def current() -> None:
    """Say which revision the database is at."""
    flask_migrate.current()


@db.command()
def history() -> None:
    """List the revisions."""
    flask_migrate.history()


@db.command()
@click.option("-m", "--message", required=True, help="What the revision does, in a few words.")
def revision(message: str) -> None:
    """Write a new revision from the difference between the models and the database (for developers)."""
    flask_migrate.migrate(message=message)


@click.command()
def recount() -> None:
    """Count again what pages show, and mend what differs; it should find nothing."""
    with transaction():
        differences = [*map(str, recounting.recount()), *tallies.recount()]
    for line in differences:
        click.echo(line)
    click.echo(f"{len(differences)} differences" if differences else "All counts are right.")
    sys.exit(1 if differences else 0)


@click.command()
def check() -> None:
    """Say what is wrong with settings, database, mail, clock and record, and how to mend it."""
    findings = list(health.findings())
    if health.has_tables():
        findings += [f"record: {words}" for words in audit.breaks()]
    for finding in findings:
        click.echo(finding)
    if findings:
        sys.exit(1)
    click.echo("Everything is in order.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a consistent copy of the site to FILE while it runs.

    With SQLite, FILE is a zip of the database and the key that signs links; with PostgreSQL it is what pg_dump writes.
    """
    if file.exists():
        raise click.ClickException(f"{file} exists already: name a new file")
    engine = database.engine
    try:
        if engine.dialect.name == "sqlite":
            copy_with_key(Path(current_app.instance_path), copy_sqlite(Path(str(engine.url.database))), file)
        else:
            address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            subprocess.run(["pg_dump", "--format=custom", f"--file={file}", address], check=True)  # noqa: S603, S607
    except FileNotFoundError as error:
        raise click.ClickException(f"not found: {error.filename}") from error
    except subprocess.CalledProcessError as error:
        raise click.ClickException("pg_dump failed; its message stands above") from error
    click.echo(f"Written to {file}.")
