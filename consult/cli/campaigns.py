"""`consult campaigns`: which comments of a file are copies of one letter, by the code that groups them on arrival."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from consult.text.campaigns.memory import grouped


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--background",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The text that the comments are about: words that people quote from it do not count.",
)
def campaigns(file: Path, background: Path | None) -> None:
    """Group near-identical comments: FILE.jsonl has lines of {"id", "text"}.

    Prints a line of {"id", "group"} for each, in the same order: a number that the comments of one campaign share, null
    for one that stands alone.
    """
    ids: list[Any] = []
    texts: list[str] = []
    for comment in _comments(file):
        ids.append(comment["id"])
        texts.append(comment["text"])
    about = _read(background) if background else ""
    for comment_id, group in zip(ids, grouped(texts, about), strict=True):
        click.echo(json.dumps({"id": comment_id, "group": group}, ensure_ascii=False))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: not a text file in UTF-8") from None


def _comments(file: Path) -> Iterator[dict[str, Any]]:
    seen: dict[tuple[type, Any], int] = {}
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip(b"\xef\xbb\xbf \t\r\n"):
                comment = _comment(line, f"{file}, line {number}")
                key = (type(comment["id"]), comment["id"])
                if key in seen:
                    raise click.ClickException(
                        f"{file}, line {number}: the id {json.dumps(comment['id'])} stands on line {seen[key]} too"
                    )
                seen[key] = number
                yield comment


def _comment(line: bytes, where: str) -> dict[str, Any]:
    try:
        comment = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{where}: not in UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{where}: not JSON: {error}") from None
    if not isinstance(comment, dict) or not {"id", "text"} <= comment.keys():
        raise click.ClickException(f"{where}: needs an object with id and text")
    if isinstance(comment["id"], bool) or not isinstance(comment["id"], str | int):
        raise click.ClickException(f"{where}: id must be a string or a whole number")
    if not isinstance(comment["text"], str):
        raise click.ClickException(f"{where}: text must be a string")
    return comment
