"""What was erased, as a list beside a site: so that a back-up that is restored does not bring it back."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from consult.extensions import transaction
from consult.moderation.erasure import actions, queries
from consult.moderation.erasure.models import Ground
from consult.moderation.erasure.queries import Erased

LIST = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group()
def erased() -> None:
    """Texts that the law required to erase: list them, and let a restored site follow the list."""


@erased.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def write(file: Path) -> None:
    """Write the list of all that was erased on this site to FILE, in place of an older one. It holds no text."""
    found = queries.erased()
    rows = [
        {"comment": each.key, "erased_at": each.at.isoformat(), "ground": each.ground.value} for each in found
    ]
    file.write_text(json.dumps({"erased": rows}, indent=1), "utf-8")
    click.echo(f"Written to {file}: {len(rows)} erased.")


@erased.command()
@click.argument("file", type=LIST)
def obey(file: Path) -> None:
    """Erase here what FILE lists: a list that `write` made, or /organisations/NAME/erased.json of a site."""
    click.echo(followed(read(file)))


def read(file: Path) -> list[Erased]:
    """Return what a list names. Raises a message for a file that is no such list: nothing of it is followed then."""
    try:
        rows = json.loads(file.read_text("utf-8"))["erased"]
        return [_row(row) for row in rows]
    except (ValueError, TypeError, KeyError) as error:
        raise click.ClickException(f"{file} is no list of what was erased") from error


def _row(row: dict[str, str]) -> Erased:
    at = datetime.fromisoformat(row["erased_at"])
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return Erased(str(row["comment"]), at, Ground(row["ground"]))


def followed(rows: Sequence[Erased]) -> str:
    """Erase what is named, and say how much that was."""
    with transaction():
        count = actions.obey(erased=rows)
    told = f"{len(rows)} listed as erased, {count} of them were still here and are erased now."
    if left := queries.not_followed(rows):
        told += f" {len(left)} are kept by a legal hold: run this again when it is lifted."
    return told


def findings(file: Path | None) -> list[str]:
    """Return in words which texts of a list are still here."""
    left = queries.not_followed(read(file)) if file is not None else []
    return [f"erased: comment {key} still has its text: run `consult erased obey {file}`" for key in left]
