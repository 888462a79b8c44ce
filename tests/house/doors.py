"""The doors of the application, and what `docs/permissions.md` says of each."""

import re
from dataclasses import dataclass
from functools import cache

from flask import Flask
from werkzeug.routing import Rule

from tests.house import tables
from tests.house.everybody import PEOPLE

PAPER = "permissions.md"
DOORS = ("door", "what it does")
MAY = "✓"
NOT_WALKED = {"HEAD", "OPTIONS"}  # HEAD is what GET is; OPTIONS says which methods there are


@dataclass(frozen=True)
class Row:
    """One row of the paper: what each of the people gets at a door."""

    words: str
    marks: dict[str, str]


@cache
def rows() -> dict[tuple[str, str], Row]:
    """Return the rows of the paper by method and address; a table without columns for people holds for everybody."""
    found: dict[tuple[str, str], Row] = {}
    for table in tables.tables(PAPER):
        if table.columns[:2] != DOORS:
            continue
        people = table.columns[2:]
        assert people in ((), PEOPLE), f"{table.under}: the columns are {PEOPLE}"
        for row in table.rows:
            address = next(tables.quoted(row["door"]))
            marks = {who: row[who] if people else MAY for who in PEOPLE}
            for method in re.findall(r"[A-Z]+", row["door"].partition("`")[0]):
                assert (method, address) not in found, f"{method} {address} stands twice"
                found[method, address] = Row(row["what it does"], marks)
    return found


def doors(app: Flask) -> dict[tuple[str, str], Rule]:
    return {
        (method, address_of(rule)): rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - NOT_WALKED
        if rule.endpoint != "static" and not rule.build_only  # of which only links are made
    }


def address_of(rule: Rule) -> str:
    """Return an address as papers write it: `/comments/<key>`."""
    return re.sub(r"<(?:[^:>]*:)?(\w+)>", r"<\1>", rule.rule)
