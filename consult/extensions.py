"""The shared instruments: database and its transactions, sign-in, migrations, tokens, limits, languages.

Made here, wired to an application in `create_app`. Whoever writes does so inside `transaction()`.
"""

import enum
import fcntl
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import DateTime, Dialect, Enum, MetaData, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from consult.config import Settings
from consult.errors import Conflict

WITH_PORT = re.compile(r"(\d+(?:\.\d+){3}):\d+|\[([^\]]*)\](?::\d+)?")
# How a row that stays is locked (FOR NO KEY UPDATE): other writers wait for it, but no row that refers to it does. A row
# that is changed twice in a transaction is held against its foreign keys again, at its end, when it holds locks others need.
ROW = {"key_share": True}
BUSY_TIMEOUT = 10_000  # milliseconds that a writer waits for another process before it gives up


class Moment(TypeDecorator[datetime]):
    """A point in time: aware and in UTC in Python, without zone in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored: use clock.now()")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Base(DeclarativeBase):
    """Base of every table. Enums are stored by value, times as `Moment`."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: Moment(),
            enum.Enum: Enum(enum.Enum, values_callable=_values, native_enum=False, length=24),
        },
    )


# A reader of the page needs no object after the commit to be fetched again; transaction() begins by
# expiring what was read before, so nothing stale is ever written.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

login = LoginManager()
migrate = Migrate()
csrf = CSRFProtect()
babel = Babel()


HOME = 64  # bits of an IPv6 address that one home or firm holds all of


def network() -> str:
    """Return the network a request comes from: its IPv4 address, or the /64 of its IPv6 address."""
    return network_of(request.remote_addr or "")


def network_of(address: str) -> str:
    """Return the network of an address however it is written: shortened, with a port or a zone, IPv4 within IPv6."""
    with_port = WITH_PORT.fullmatch(address.strip())
    bare = (with_port[1] or with_port[2]) if with_port else address.strip()
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, HOME), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def settings() -> Settings:
    """Return the settings of the running site."""
    found: Settings = current_app.config["CONSULT"]
    return found


def link_to(endpoint: str, *, anchor: str = "", **values: object) -> str:
    """Return the full public address of a page, made from CONSULT_BASE_URL and never from the Host header."""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return settings().base_url + path + (f"#{anchor}" if anchor else "")


limiter = Limiter(key_func=network, headers_enabled=False, key_prefix="consult")


def no_browser() -> str:
    return ""


# Asked by notices when a mail is written, and set by web/: in a demonstration the mails which a browser causes are
# shown to that browser alone. A question and not a name, because few forms cause a mail.
browser: ContextVar[Callable[[], str]] = ContextVar("browser", default=no_browser)

_threads = threading.Lock()


@contextmanager
def transaction(actor: object = None, *, is_known: bool = False) -> Iterator[None]:
    """Run the outermost action: begin for writing, commit once at the end, undo everything on any error.

    `actor` is who does it (a person, or None for the service itself); actions get it again by name. With `is_known`
    it stays as it was read at the door: for acts that hang on no part that the actor plays, and change nothing of it.
    Raises Conflict when the row changed under the writer's feet or stands there already.
    """
    session = db.session
    known = _let_go(actor) if is_known else None
    session.rollback()  # all else that was read so far is read afresh under the lock
    with _turn(db.engine):
        session.connection(execution_options={"for_writing": True})
        if known is not None:
            session.add(known)
        try:
            yield
            session.commit()
        except (StaleDataError, IntegrityError) as error:
            session.rollback()
            raise Conflict from error
        except BaseException:
            session.rollback()
            raise


def _let_go(actor: object) -> object:
    """Take a row with what hangs on it out of the session, so that it keeps what was read; None if it is not there."""
    if not isinstance(actor, Model) or actor not in db.session:
        return None
    db.session.expunge(actor)
    return actor


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let the writers of one SQLite file queue up.

    SQLite makes a second writer sleep and try again, up to a tenth of a second at a time; waiting on a lock,
    first among threads and then among processes, wakes it at once.
    """
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        yield
        return
    with _threads, Path(f"{database}-turn").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    if "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin` does
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT}",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Begin a plain read on SQLite, or take the write lock at once for those who said they will write."""
    if connection.dialect.name == "sqlite":
        writing = connection.get_execution_options().get("for_writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
