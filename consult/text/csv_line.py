"""Lines of a CSV file that a spreadsheet opens as words, whatever somebody typed. Pure.

A cell that begins like a formula would be run by a spreadsheet (OWASP, "CSV Injection"): such a cell gets an apostrophe
in front, which spreadsheets take to mean words.
"""

import csv
import io
from collections.abc import Iterable

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"  # by which spreadsheets know that it is UTF-8


def csv_line(cells: Iterable[object]) -> str:
    """Return one line (RFC 4180) with its line end; None is an empty cell, numbers stay numbers."""
    written = io.StringIO()
    csv.writer(written).writerow([_safe(cell) for cell in cells])
    return written.getvalue()


def _safe(cell: object) -> object:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, (int, float)):
        return cell
    words = str(cell).replace("\x00", "")
    return f"'{words}" if words.startswith(BEGINS_A_FORMULA) else words
