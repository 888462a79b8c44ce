"""`consult demo`."""

import click
from flask import current_app

from consult.cli.demonstration import filling


@click.command()
def demo() -> None:
    """Fill an empty database with the demonstration: invented bodies, people, drafts and talk."""
    settings = current_app.config["CONSULT"]
    filling.fill(settings)
    click.echo("The demonstration is ready. Its accounts are in instance/demo-accounts.json")
