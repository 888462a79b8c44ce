"""Tables of the papers in `docs/`, read by the tests that hold them against the code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


@dataclass(frozen=True)
class Table:
    """One Markdown table: the heading it stands under, the names of its columns, its rows by those names."""

    under: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


def tables(name: str) -> list[Table]:
    """Return every table of a paper, in order."""
    found, under = [], ""
    for lines in re.split(r"\n\s*\n", (DOCS / name).read_text("utf-8")):
        heading = re.match(r"#+ (.+)", lines)
        under = heading[1] if heading else under
        if lines.lstrip().startswith("|"):
            found.append(_table(under, lines.strip().splitlines()))
    return found


def table(name: str, under: str) -> Table:
    """Return the first table under a heading."""
    return next(found for found in tables(name) if found.under == under)


def _table(under: str, lines: list[str]) -> Table:
    columns = tuple(_cells(lines[0]))
    rows = tuple(dict(zip(columns, _cells(line), strict=True)) for line in lines[2:])
    return Table(under, columns, rows)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def quoted(words: str) -> Iterator[str]:
    """Return what stands between backticks."""
    return (found[1] for found in re.finditer(r"`([^`]+)`", words))
