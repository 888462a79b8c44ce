"""How Alembic meets our database: through the application that runs the command."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    """Apply the migrations over the application's own engine, in batches so that SQLite can follow."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # A batch rebuilds a table; with this on, dropping the old one would take its children along. SQLite
            # heeds it outside a transaction alone, so it goes past SQLAlchemy, which would begin one.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


run()
