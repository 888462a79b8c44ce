"""The two indexes, behind one question: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

Either is kept by the database itself, in the transaction that changes `search_entry`. All that is made here bears a
name that begins with `search_index`, so that migrations can tell it from the tables of the models.
"""

import unicodedata
from typing import Any, Protocol

from sqlalchemy import Connection, Select, column, event, func, literal_column, select, table, text

from consult.extensions import db
from consult.search.models import Kind, SearchEntry
from consult.search.terms import Terms

NAME = "search_index"
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~‘’“”„–—…·•«»€£"
LETTERS = [
    *range(0xC0, 0x180),
    0x1E80,
    0x1E81,
    0x1E82,
    0x1E83,
    0x1E84,
    0x1E85,
    0x1EF2,
    0x1EF3,
]  # with accents


class Index(Protocol):
    """One way of looking words up."""

    making: tuple[str, ...]

    def newest(self, terms: Terms, kind: Kind, limit: int) -> Select[Any]:
        """Return the ids of the newest entries of a kind that hold all terms; work does not grow with the rest."""
        ...


class Fts5:
    """SQLite: a full-text table without words of its own, in step with the entries by triggers."""

    making: tuple[str, ...] = (
        "CREATE VIRTUAL TABLE search_index USING fts5(kind, title, words, content='search_entry', "
        "content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')",
        "CREATE TRIGGER search_index_added AFTER INSERT ON search_entry BEGIN "
        "INSERT INTO search_index(rowid, kind, title, words) VALUES (new.id, new.kind, new.title, new.words); END",
        "CREATE TRIGGER search_index_deleted AFTER DELETE ON search_entry BEGIN "
        "INSERT INTO search_index(search_index, rowid, kind, title, words) "
        "VALUES ('delete', old.id, old.kind, old.title, old.words); END",
        "CREATE TRIGGER search_index_changed AFTER UPDATE OF id, kind, title, words ON search_entry BEGIN "
        "INSERT INTO search_index(search_index, rowid, kind, title, words) "
        "VALUES ('delete', old.id, old.kind, old.title, old.words); "
        "INSERT INTO search_index(rowid, kind, title, words) VALUES (new.id, new.kind, new.title, new.words); END",
    )
    found = table(NAME, column("rowid"))

    def newest(self, terms: Terms, kind: Kind, limit: int) -> Select[Any]:
        wanted = " AND ".join(f'"{" ".join(term)}"' for term in terms.terms)
        match = f'{{kind}} : ("{kind.value}") AND {{title words}} : ({wanted})'
        return (
            select(SearchEntry.id.label("id"))
            .join_from(self.found, SearchEntry, SearchEntry.id == self.found.c.rowid)
            .where(literal_column(NAME).op("MATCH")(match))
            .order_by(self.found.c.rowid.desc())
            .limit(limit)
        )


class Tsvector:
    """PostgreSQL: a column that the database fills, without accents and signs, so that both indexes find the same."""

    def __init__(self) -> None:
        plain = f"translate(title || ' ' || words, {_quoted(_foldable() + SIGNS)}, {_quoted(_folded())})"
        self.making: tuple[str, ...] = (
            f"ALTER TABLE search_entry ADD COLUMN {NAME} tsvector "
            f"GENERATED ALWAYS AS (to_tsvector('english', {plain})) STORED",
            f"CREATE INDEX {NAME}_words ON search_entry USING gin ({NAME})",
        )

    def newest(self, terms: Terms, kind: Kind, limit: int) -> Select[Any]:
        wanted = " ".join(f'"{" ".join(term)}"' for term in terms.terms)
        query = func.websearch_to_tsquery(literal_column("'english'"), wanted)
        return (
            select(SearchEntry.id.label("id"))
            .where(SearchEntry.kind == kind, literal_column(f"search_entry.{NAME}").op("@@")(query))
            .order_by(SearchEntry.id.desc())
            .limit(limit)
        )


def _foldable() -> str:
    return "".join(letter for letter in map(chr, LETTERS) if _base(letter))


def _folded() -> str:
    return "".join(_base(letter) for letter in _foldable()) + " " * len(SIGNS)


def _base(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base.isascii() and base != letter else ""


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


INDEXES: dict[str, Index] = {"sqlite": Fts5(), "postgresql": Tsvector()}


def index() -> Index:
    """Return the index of the database we are on."""
    return INDEXES[db.session.get_bind().dialect.name]


def install(connection: Connection) -> None:
    """Make the index beside a `search_entry` table that has just been made; for migrations and `create_all`."""
    for statement in INDEXES[connection.dialect.name].making:
        connection.execute(text(statement.replace(":", r"\:")))


def remove(connection: Connection) -> None:
    """Undo `install`, before `search_entry` is dropped: on SQLite the index is a table of its own."""
    if connection.dialect.name == "sqlite":
        for name in ("added", "deleted", "changed"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {NAME}_{name}"))
        connection.execute(text(f"DROP TABLE IF EXISTS {NAME}"))


def belongs_to_index(name: str | None) -> bool:
    """Say whether a table, column or index was made by `install`: no model has it, and no migration should drop it."""
    return name is not None and name.startswith(NAME)


@event.listens_for(SearchEntry.__table__, "after_create")
def _made(target: object, connection: Connection, **rest: Any) -> None:
    install(connection)


@event.listens_for(SearchEntry.__table__, "before_drop")
def _dropping(target: object, connection: Connection, **rest: Any) -> None:
    remove(connection)
