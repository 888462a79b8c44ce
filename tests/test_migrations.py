"""The migrations make what the models say, and can be taken back, on both databases."""

from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import create_engine, inspect, text

from consult import config, create_app
from consult.extensions import db

pytestmark = [pytest.mark.slow]


@pytest.fixture
def empty_app(request, tmp_path, worker_id):
    """An application on a database of its own, without a table."""
    settings = {"CONSULT_LOG_LEVEL": "ERROR"}
    server = None
    if request.config.getoption("--database") == "postgresql":
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"{server.url.database}_migrations"
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        settings["CONSULT_DATABASE_URL"] = server.url.set(database=name).render_as_string(hide_password=False)
    app = create_app(config.load(tmp_path, settings))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def test_from_nothing_to_the_newest_equals_the_models(empty_app):
    flask_migrate.upgrade()
    flask_migrate.check()  # ends the process with a message when a model has no migration
    assert set(db.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_there_and_back_and_there_again(empty_app):
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    db.engine.dispose()
    assert not set(db.metadata.tables) & set(inspect(db.engine).get_table_names())
    flask_migrate.upgrade()
    assert "comment" in inspect(db.engine).get_table_names()


def test_migrations_are_numbered_in_one_line():
    folder = Path(__file__).resolve().parent.parent / "migrations" / "versions"
    numbers = sorted(path.name.split("_")[0] for path in folder.glob("*.py"))
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
