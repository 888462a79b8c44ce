"""What every test can ask for: an application on a real database, people to sign in, pages that are checked.

All skips live here, in `_need`: a service that is not found is said so once, and is a failure when
CONSULT_TEST_ALL=1.
"""

import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from consult import clock, config, create_app
from consult.accounts import passwords
from consult.accounts.models import Person
from consult.extensions import db, limiter
from consult.web.conditional import PAGES, forget
from tests import factories
from tests.pages import Visitor
from tests.ports import a_free_port

NOTHING_LEFT_OUT = os.environ.get("CONSULT_TEST_ALL") == "1"
POSTGRES = "postgresql+psycopg:///postgres"
DATABASES_OF_REDIS = 16
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@event.listens_for(Engine, "connect")
def _unordered_is_backwards(connection: object, _record: object) -> None:
    """Let SQLite give rows that no ORDER BY orders the wrong way round: who relies on their order is found here."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=("sqlite", "postgresql"), default="sqlite", help="what the tests run on"
    )


class OneWalker(LoadScopeScheduling):
    """Shares tests out one by one, but lets one worker walk all journeys: one demonstration, and one browser at a time.

    The groups that xdist 3.8 has for this do nothing under pytest 9.2, and say nothing of it.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneWalker:
    return OneWalker(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for no database (run `once`; `each` is for what makes one by itself), and what asks for `pages`."""
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "database_url" not in asked and not item.get_closest_marker("each"):
            item.add_marker(pytest.mark.once)
        if "client" in asked or "sign_in" in asked:
            item.add_marker(pytest.mark.pages)


def _need(found: object, what: str) -> None:
    if found:
        return
    message = f"not found: {what}"
    if NOTHING_LEFT_OUT:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def shared_path() -> Path:
    """The folder of real documents."""
    path = Path(os.environ.get("CONSULT_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))
    _need((path / "corpus").is_dir(), "real documents (CONSULT_SHARED)")
    return path


@pytest.fixture(scope="session")
def revision_pairs(shared_path: Path) -> Path:
    """The file of real revision pairs with what became of each block."""
    path = shared_path / "anchoring" / "dev.jsonl"
    _need(path.is_file(), "real revision pairs (CONSULT_SHARED)")
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    found = os.environ.get("CONSULT_TEST_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    _need(found, "Chromium (CONSULT_TEST_CHROMIUM)")
    return str(found)


@pytest.fixture
def free_port() -> int:
    """A port on this machine that nobody listens on."""
    return a_free_port()


@pytest.fixture(scope="session")
def redis_url(worker_id: str) -> str:
    """The address of a Redis that answers: a database of this worker's own, since its tests empty it."""
    import redis

    address = make_url(os.environ.get("CONSULT_TEST_REDIS_URL", "redis://127.0.0.1:6379/9"))
    beside = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    address = address.set(database=str((int(address.database or 0) + beside) % DATABASES_OF_REDIS))
    try:
        redis.Redis.from_url(address.render_as_string(hide_password=False), socket_connect_timeout=1).ping()
        found = True
    except redis.RedisError:
        found = False
    _need(found, "Redis (CONSULT_TEST_REDIS_URL)")
    return address.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """A fresh PostgreSQL database of this worker's own, dropped at the end."""
    server = os.environ.get("CONSULT_TEST_DATABASE_URL", POSTGRES)
    name = f"consult_test_{os.getpid()}_{worker_id}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"))
        found = True
    except Exception:
        found = False
    _need(found, "PostgreSQL (CONSULT_TEST_DATABASE_URL)")
    lazily = {"options": "-c synchronous_commit=off"}  # nothing here outlives the test
    yield engine.url.set(database=name, query=lazily).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, in_memory: Path) -> str:
    """Where this run keeps its data: SQLite, or PostgreSQL with `--database postgresql`."""
    if request.config.getoption("--database") == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{in_memory / 'test.sqlite3'}"


@pytest.fixture(scope="session")
def in_memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for files that are written to all the time: in memory where the machine has that."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path_factory.mktemp("data")
        return
    with tempfile.TemporaryDirectory(dir=shared, prefix="consult-test-") as folder:
        yield Path(folder)


class Browser(FlaskClient):
    """A client whose every request begins afresh: a test's own application context would share `g` with it."""

    def open(self, *arguments: object, **values: object) -> TestResponse:
        for name in list(g):
            g.pop(name)
        return super().open(*arguments, **values)


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Hash passwords a hundred times quicker than a site does; `tests/accounts/test_passwords.py` holds the cost."""
    costly = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1)
    yield
    passwords._hasher = costly


@pytest.fixture(scope="session")
def _app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    settings = config.load(
        tmp_path_factory.mktemp("instance"),
        {"CONSULT_SECRET_KEY": "k" * 40, "CONSULT_DATABASE_URL": database_url, "CONSULT_LOG_LEVEL": "ERROR"},
        testing=True,
        extra={"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False},
    )
    app = create_app(settings)
    app.test_client_class = Browser
    with app.app_context():
        db.create_all()
    gc.collect()
    gc.freeze()  # thousands of tests and all that was imported need not be looked through whenever rubbish is sought
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(_app: Flask) -> Iterator[Flask]:
    """An application with an empty database and an application context."""
    PAGES.clear()  # rows of another test may bear the same stamps
    with _app.app_context():
        yield _app
        db.session.rollback()
        _empty()
        db.session.remove()
    clock.replace(None)
    forget()
    if limiter.enabled:
        limiter.reset()


def _empty() -> None:
    """Delete every row, and begin to number anew; the tables stay.

    PostgreSQL is not asked to TRUNCATE: that makes every table a new file, and takes a hundred times as long.
    """
    tables = [table.name for table in db.metadata.sorted_tables]
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            rows = "; ".join(f'DELETE FROM "{name}"' for name in tables)
            connection.execute(text(f"SET LOCAL session_replication_role = replica; {rows}"))  # in any order
            connection.execute(RENUMBER)
        else:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            for table in db.metadata.sorted_tables:
                connection.execute(table.delete())


RENUMBER = text(
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) "
    "FROM pg_sequences WHERE last_value IS NOT NULL"
)


@pytest.fixture
def limited(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The same database behind an application that counts how often a door is knocked on."""
    settings = config.load(
        tmp_path,
        {"CONSULT_SECRET_KEY": "k" * 40, "CONSULT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]},
        testing=True,
        extra={"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": True},
    )
    counting = create_app(settings)
    counting.test_client_class = Browser
    limiter._storage_dead = limiter._in_memory_fallback_enabled = False  # another test's Redis may have died
    with counting.app_context():
        limiter.reset()
        yield counting
        limiter.reset()
        limiter.enabled = False
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person], FlaskClient]:
    """Return a browser in which a person is signed in."""

    def signed_in(person: Person) -> FlaskClient:
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = factories.a_session(person)
            session["_fresh"] = True
        return browser

    return signed_in


@pytest.fixture
def visit(client: FlaskClient) -> Visitor:
    """Fetch pages as anybody, each checked for title, heading, ids and labels."""
    return Visitor(client)


@pytest.fixture
def visit_as(sign_in: Callable[[Person], FlaskClient]) -> Callable[[Person], Visitor]:
    """Fetch pages as a person."""
    return lambda person: Visitor(sign_in(person))
