"""Pipe tables: one line that names the columns, one of dashes, then a line for each row."""

import re

_DASHES = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


def cells(line: str) -> list[str]:
    """The cells of a row, `\\|` being a pipe that does not divide."""
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)]


def alignments(line: str) -> list[str] | None:
    """How each column is aligned if this is the line of dashes: "", "left", "center" or "right"."""
    if not _DASHES.match(line.strip()) or line.startswith("- ") or not ("|" in line or ":" in line):
        return None
    found = []
    for cell in cells(line):
        left, right = cell.startswith(":"), cell.endswith(":")
        found.append("center" if left and right else "right" if right else "left" if left else "")
    return found


def fitted(row: list[str], columns: int) -> list[str]:
    """As many cells as the table has columns; what is too many stays readable in the last one."""
    if len(row) > columns:
        return [*row[: columns - 1], " | ".join(filter(None, row[columns - 1 :]))]
    return row + [""] * (columns - len(row))
