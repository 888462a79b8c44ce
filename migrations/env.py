"""How Alembic meets our database: through the application that runs the command."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from consult.extensions import Moment
from consult.search.indexes import belongs_to_index

database = current_app.extensions["migrate"].db


def is_ours(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Leave out what the search index made for itself: no model has it, and no migration should drop it."""
    table = getattr(getattr(thing, "table", None), "name", None)
    return not (belongs_to_index(name) or belongs_to_index(table))


def plainly(kind: str, thing: Any, autogenerating: Any) -> str | bool:
    """Write column types that a migration keeps meaning when our code has moved on."""
    if kind == "type" and isinstance(thing, Moment):
        return "sa.DateTime()"
    if kind == "type" and isinstance(thing, sa.Enum):
        return f"sa.String(length={thing.length})"
    return False


def run() -> None:
    """Apply the migrations over the application's own engine, in batches so that SQLite can follow."""
    with database.engine.connect() as connection:
        _heed_foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=is_ours,
            render_item=plainly,
        )
        with context.begin_transaction():
            context.run_migrations()
        _heed_foreign_keys(connection, "ON")


def _heed_foreign_keys(connection: sa.Connection, value: str) -> None:
    """Let SQLite heed foreign keys, or not.

    A batch rebuilds a table; with this on, dropping the old one would take its children along. SQLite takes the word
    outside a transaction alone, so it goes past SQLAlchemy, which would begin one.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={value}")  # type: ignore[union-attr]


run()
