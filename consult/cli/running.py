"""`consult serve`: the production server."""

import click
import flask_migrate
from flask import current_app

from consult import config
from consult.accounts import queries as accounts
from consult.cli.demonstration import filling
from consult.web import server


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=int, help="The port to listen on; $PORT, or 8000.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="How many processes."
)
def serve(host: str, port: int | None, workers: int) -> None:
    """Serve the site until stopped (Ctrl-C, or SIGTERM)."""
    settings = config.load()
    try:
        server.serve(settings, host=host, port=port or settings.port, workers=workers)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}:{port or settings.port}: {error.strerror}"
        ) from error


@click.command()
def prepare() -> None:
    """Bring the database up to date, and fill one without a site with the demonstration (what `make run` does)."""
    flask_migrate.upgrade()
    if accounts.site_or_none() is None:
        filling.fill(current_app.config["CONSULT"])
    site = accounts.site()
    click.echo(f"{site.name} is ready at {current_app.config['CONSULT'].base_url}")
    if site.is_demonstration:
        click.echo("Sign in at /sign-in with an account from instance/demo-accounts.json")
