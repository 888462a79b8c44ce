"""What is wrong with a site and how to mend it, one line each. Nothing wrong: nothing said."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from consult import clock, config, migrations_folder
from consult.accounts import queries as accounts
from consult.errors import NotFound
from consult.extensions import db
from consult.notices import queries as notices
from consult.web import openid

LONG_WAIT = timedelta(hours=1)
CLOCK_SLACK = 30  # seconds that database and machine may differ


def findings() -> Iterator[str]:
    """Yield each thing that is wrong with the database, its shape, the site, the mail, single sign-on and the clock."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        yield f"database: does not answer ({type(error).__name__}): look at CONSULT_DATABASE_URL"
        return
    yield from _shape()
    if not has_tables():
        return
    if accounts.site_or_none() is None:
        yield "site: not set up yet: run `consult start` (a real site) or `consult demo`"
    yield from _mail(current_app.config["CONSULT"])
    yield from _outbox()
    yield from _single_sign_on()
    yield from _clock()


def has_tables() -> bool:
    """Say whether the database answers and has been made."""
    try:
        return inspect(db.engine).has_table("site")
    except SQLAlchemyError:
        return False


def newest_revision() -> str | None:
    return ScriptDirectory(str(migrations_folder())).get_current_head()


def _shape() -> Iterator[str]:
    newest = newest_revision()
    with db.engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    if here != newest:
        yield f"database: at revision {here}, the newest is {newest}: run `consult db upgrade`"


def _mail(settings: config.Settings) -> Iterator[str]:
    parts = urlsplit(settings.mail_url)
    if parts.scheme == "file":
        site = accounts.site_or_none()
        if site is not None and not site.is_demonstration:
            yield "mail: written to files only, nobody receives it: set CONSULT_MAIL_URL to smtp://… or smtps://…"
        return
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(str(parts.hostname), parts.port or 0, timeout=10) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield f"mail: {parts.hostname} does not answer ({type(error).__name__}): look at CONSULT_MAIL_URL"


def _outbox() -> Iterator[str]:
    """Yield that mails were given up, and that mails wait for long: nobody delivers them, or no server takes them."""
    site = accounts.site_or_none()
    if site is None or site.is_demonstration:
        return
    if dead := notices.given_up():
        yield f"mail: {dead} could not be delivered: look at /admin/mail/given-up"
    waiting, oldest = notices.waiting()
    if oldest is not None and clock.now() - oldest > LONG_WAIT:
        yield f"mail: {waiting} wait, the oldest since {oldest:%d %B %H:%M} UTC: is a server or `consult worker` running?"


def _single_sign_on() -> Iterator[str]:
    try:
        openid.provider().answers()
    except NotFound:
        return  # the site has none
    except openid.ProviderFailed as failure:
        yield f"single sign-on: the provider does not answer as it should ({failure.why}): look at CONSULT_OIDC_ISSUER"


def _clock() -> Iterator[str]:
    if db.engine.dialect.name != "postgresql":
        return
    theirs = db.session.scalar(select(text("now()")))
    if theirs is not None and abs((clock.now() - theirs).total_seconds()) > CLOCK_SLACK:
        yield "clock: this machine and the database differ: consultations would open and close at the wrong minute"
