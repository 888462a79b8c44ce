"""`consult`: every command by name. Each has `--help`, exit status 0, or a message on standard error and non-zero."""

import sys
from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any

import click

from consult import config, create_app
from consult.cli import campaigns, erasing, keeping, people, publishing, restoring, running, text, worker
from consult.cli.demonstration import command as demonstration
from consult.errors import DomainError

LATER = {
    "import": "Bring a consultation in.",
    "export": "Take a consultation out.",
    "archive": "Write a consultation as plain pages.",
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="consult")
def commands() -> None:
    """Consult: publish drafts, hear people paragraph by paragraph, answer them in public."""


def in_app(command: click.Command) -> click.Command:
    """Return a command, or a group with each of its commands, that runs inside an application."""
    inside = copy(command)
    if isinstance(inside, click.Group):
        inside.commands = {name: in_app(part) for name, part in inside.commands.items()}
    elif inside.callback is not None:
        inside.callback = _with_context(inside.callback)
    return inside


def _with_context(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def inside(*args: Any, **values: Any) -> Any:
        with create_app().app_context():
            return callback(*args, **values)

    return inside


def _not_yet(name: str, about: str) -> click.Command:
    def callback(rest: tuple[str, ...]) -> None:
        click.echo(f"consult {name}: not in this version", err=True)
        sys.exit(2)

    arguments = [click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED)]
    says = f"Not in this version: {about[0].lower()}{about[1:]}"  # first, for lists cut it after a few words
    return click.Command(name, callback=callback, params=list(arguments), help=says)


for plain in (text.preview, text.lineage, campaigns.campaigns, running.serve, restoring.restore):
    commands.add_command(plain)
for needing in (
    people.user,
    people.start,
    publishing.publish,
    worker.worker,
    demonstration.demo,
    keeping.db,
    keeping.recount,
    keeping.check,
    keeping.backup,
    erasing.erased,
    running.prepare,
):
    commands.add_command(in_app(needing))
for later, purpose in LATER.items():
    commands.add_command(_not_yet(later, purpose))


def main() -> None:
    """Run the command line; turn the refusals of the domain into one line on standard error."""
    try:
        commands(standalone_mode=True)
    except config.BadSetting as error:
        click.echo(f"consult: {error}", err=True)
        sys.exit(2)
    except DomainError as error:
        click.echo(f"consult: {error.message or type(error).__name__}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
