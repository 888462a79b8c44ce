"""Tables that become cards on a phone: each cell is told the name of its column. Pure.

It takes HTML that `text.markdown` made. Tables with joined cells stay as they are and scroll in their own box.
"""

import re
from html import escape

from consult.text.plain import plain_text

TABLE = re.compile(r"<table>((?:(?!<table\b).)*?)</table>", re.S)  # the innermost, where they nest
ROW = re.compile(r"<tr>(.*?)</tr>", re.S)
NAME = re.compile(r"<th\b[^>]*>(.*?)</th>", re.S)
CELL = re.compile(r"<td\b")
BEYOND_US = ("<caption", "colspan", "rowspan")


def as_cards(html: str) -> str:
    """Return the same HTML with its tables ready for narrow screens."""
    return TABLE.sub(_table, html) if "<table>" in html else html


def _table(found: re.Match[str]) -> str:
    rows = ROW.findall(found[1])
    if len(rows) < 2 or CELL.search(rows[0]) or any(word in found[1] for word in BEYOND_US):
        return f'<div class="scroll-x">{found[0]}</div>'
    names = [escape(plain_text(name)) for name in NAME.findall(rows[0])]
    body = "\n".join(f"<tr>{_row(row, names)}</tr>" for row in rows[1:])
    return f'<table class="table-cards"><thead><tr>{rows[0]}</tr></thead>\n<tbody>{body}</tbody></table>'


def _row(cells: str, names: list[str]) -> str:
    places = iter(range(len(names)))

    def named(cell: re.Match[str]) -> str:
        place = next(places, 0)
        return f'<td data-l="{names[place]}"' if place and names[place] else cell[0]

    return CELL.sub(named, cells)
