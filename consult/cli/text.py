"""`consult preview` and `consult lineage`: how a text is divided, and what became of its blocks."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from consult.documents.numbering import Place, number_all
from consult.text.blocks import Block, listed, split
from consult.text.bounds import TooMuch
from consult.text.lineage import match, trace

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class Listed:
    """A block as the commands print it, or as a file of pairs gives it."""

    kind: str
    text: str


@click.command()
@click.argument("file", type=_FILE)
def preview(file: Path) -> None:
    """Print the paragraphs of FILE.md as people would see them, numbered, as JSON."""
    blocks = _split(file)
    numbers = number_all([Place(block.kind, table=block.table) for block in blocks], ())
    shown = [number for block, number in zip(blocks, numbers, strict=True) if block.kind != "table"]
    printed = _as_printed([Listed(kind, text) for kind, text in listed(blocks)])
    numbered = [{**block, "number": number} for block, number in zip(printed, shown, strict=True)]
    click.echo(json.dumps(numbered, ensure_ascii=False, indent=1))


@click.command()
@click.argument("old", type=_FILE, required=False)
@click.argument("new", type=_FILE, required=False)
@click.option(
    "--blocks", "pairs", type=_FILE, help="Read pairs of block lists (one JSON object a line) instead."
)
def lineage(old: Path | None, new: Path | None, pairs: Path | None) -> None:
    """Print what became of each paragraph of OLD.md in NEW.md, as JSON."""
    if pairs and not old:
        for pair in _pairs(pairs):
            click.echo(json.dumps(_prediction(pair)))
    elif old and new and not pairs:
        click.echo(json.dumps(_lineage(_blocks(old), _blocks(new)), ensure_ascii=False, indent=1))
    else:
        raise click.UsageError("Give OLD.md and NEW.md, or --blocks FILE.jsonl.")


def _blocks(file: Path) -> list[Listed]:
    return [Listed(kind, text) for kind, text in listed(_split(file))]


def _split(file: Path) -> list[Block]:
    try:
        return split(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: not a text file in UTF-8") from None
    except (OSError, TooMuch) as error:
        raise click.ClickException(f"{file}: {error}") from None


def _as_printed(blocks: list[Listed]) -> list[dict[str, Any]]:
    return [{"index": index, "kind": block.kind, "text": block.text} for index, block in enumerate(blocks)]


def _lineage(old: list[Listed], new: list[Listed]) -> dict[str, Any]:
    return {
        "old": _as_printed(old),
        "new": _as_printed(new),
        "links": [
            {
                "old": list(link.old),
                "new": list(link.new),
                "relation": link.relation,
                "confidence": round(link.confidence, 4),
            }
            for link in match(old, new)
        ],
    }


def _pairs(file: Path) -> Iterator[dict[str, Any]]:
    try:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                yield _checked(json.loads(line), file, number)
    except ValueError as error:
        raise click.ClickException(f"{file}: not lines of JSON: {error}") from None


def _checked(pair: Any, file: Path, number: int) -> dict[str, Any]:
    if not isinstance(pair, dict) or not {"pair_id", "old_blocks", "new_blocks"} <= pair.keys():
        raise click.ClickException(f"{file}, line {number}: needs pair_id, old_blocks and new_blocks")
    for name in ("old_blocks", "new_blocks"):
        if not isinstance(pair[name], list) or not all(map(_is_block, pair[name])):
            raise click.ClickException(
                f"{file}, line {number}: {name} must be a list of blocks, each with kind and text"
            )
    return pair


def _is_block(given: Any) -> bool:
    return isinstance(given, dict) and all(isinstance(given.get(name), str) for name in ("kind", "text"))


def _prediction(pair: dict[str, Any]) -> dict[str, Any]:
    old = [Listed(block["kind"], block["text"]) for block in pair["old_blocks"]]
    new = [Listed(block["kind"], block["text"]) for block in pair["new_blocks"]]
    found = trace(old, new)
    return {
        "pair_id": pair["pair_id"],
        "map": {str(before): _target(targets) for before, targets in found.targets.items()},
        "confidence": {str(before): round(sure, 4) for before, sure in found.confidence.items()},
        "ask": found.ask,
    }


def _target(targets: Sequence[int]) -> int | list[int] | None:
    if not targets:
        return None
    return targets[0] if len(targets) == 1 else list(targets)
