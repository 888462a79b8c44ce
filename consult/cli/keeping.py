"""Keeping a site well: `db`, `recount`, `check`, `backup`."""

import subprocess
import sys
from pathlib import Path

import click
import flask_migrate
from flask import current_app

from consult import audit
from consult.accounts import queries as accounts
from consult.accounts.actions.setting_up import note_backed_up
from consult.cli import copies, erasing, health
from consult.discussion import recounting
from consult.discussion.ledger import recounting as ledger_recounting
from consult.extensions import db as database
from consult.extensions import transaction
from consult.moderation import recounting as tallies
from consult.moderation.campaigns import recounting as campaigns
from consult.moderation.record import verifying
from consult.moderation.waves import recounting as waves
from consult.toolkit.entries import keeping as entries


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
        differences = [
            *map(str, recounting.recount()),
            *ledger_recounting.recount(),
            *tallies.recount(),
            *campaigns.recount(),
            *waves.recount(),
            *entries.recount(),
        ]
    for line in differences:
        click.echo(line)
    click.echo(f"{len(differences)} differences" if differences else "All counts are right.")
    sys.exit(1 if differences else 0)


@click.command()
@click.option("--erased", type=erasing.LIST, help="A list of what was erased, none of which may be here.")
def check(erased: Path | None) -> None:
    """Say what is wrong with settings, database, mail, clock and record, and how to mend it."""
    findings = list(health.findings())
    if health.has_tables():
        findings += [f"record: {words}" for words in (*audit.breaks(), *verifying.differences())]
        findings += erasing.findings(erased)
    for finding in findings:
        click.echo(finding)
    if findings:
        sys.exit(1)
    click.echo("Everything is in order.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a consistent copy of the site to FILE while it runs, and write down on the site that it was made.

    FILE is a zip of the database (with PostgreSQL what pg_dump writes), the key that signs links, the settings, and a
    list of what it holds.
    """
    try:
        manifest = copies.write(file, database.engine, Path(current_app.instance_path))
    except FileExistsError:
        raise click.ClickException(f"{file} exists already: name a new file") from None
    except FileNotFoundError as error:
        raise click.ClickException(f"not found: {error.filename}") from error
    except subprocess.CalledProcessError as error:
        raise click.ClickException("pg_dump failed; its message stands above") from error
    click.echo(f"Written to {file}: {len(manifest.tables)} tables, {manifest.rows} rows.")
    if manifest.revision != health.newest_revision() or accounts.site_or_none() is None:
        click.echo("Not written down on the site, which is not set up or not up to date.", err=True)
        return
    with transaction():
        note_backed_up()
