"""Putting mails into the outbox, in the transaction of the act that causes them."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from consult import clock
from consult.accounts.addresses import as_stored
from consult.accounts.models import Person
from consult.extensions import browser, db, settings
from consult.notices.headers import one_line
from consult.notices.models import OutboxMail

NOT_PLAIN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # categories Cc and Cs of Unicode


def send(
    *,
    to: str,
    subject: str,
    body: str,
    person: Person | None = None,
    once: str = "",
    is_test: bool = False,
    named: str = "",
    after: timedelta = timedelta(),
    unit_name: str = "",
    thread: str = "",
) -> OutboxMail | None:
    """Put one mail into the outbox; it leaves after the transaction has been committed.

    Nothing that is given can add a header: the address must be one plain address (ValueError otherwise), and the
    subject becomes one line. With `once`, the same mail asked for twice is sent once, and None is returned. The mail
    of an act that can be undone leaves `after` the time for that, and is `named` so that it can be taken back; it
    is written with all others of that act. It comes from the site, or from a unit by its name; `thread` ties it to
    other mails about the same thing.
    """
    to_address = as_stored(to)
    message_id = f"<{once or named or secrets.token_hex(16)}@{host()}>"
    if once and db.session.query(OutboxMail.id).filter_by(message_id=message_id).first():
        return None
    now = clock.now()
    mail = OutboxMail(
        message_id=message_id,
        person_id=person.id if person is not None else None,
        to_address=to_address,
        subject=one_line(subject),
        body=plain(body),
        browser=browser.get()(),
        created_at=now,
        due_at=now + after,
        is_test=is_test,
        unit_name=unit_name,
        thread=thread,
    )
    db.session.add(mail)
    if not named:
        db.session.flush()
    return mail


def take_back(named: Collection[str]) -> None:
    """Take mails out of the outbox that were put there under these names and have not left."""
    names = [f"<{name}@{host()}>" for name in named]
    db.session.execute(
        delete(OutboxMail).where(OutboxMail.message_id.in_(names), OutboxMail.sent_at.is_(None))
    )


def put_off(named: Collection[str], at: datetime) -> None:
    """Let mails that were put into the outbox under these names, and have not left, leave at a time."""
    names = [f"<{name}@{host()}>" for name in named]
    db.session.flush()
    if names:
        mine = update(OutboxMail).where(OutboxMail.message_id.in_(names), OutboxMail.sent_at.is_(None))
        db.session.execute(mine.values(due_at=at))


def plain(words: str) -> str:
    """Return running text with `\\n` line ends and no other control characters."""
    words = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", words)
    return NOT_PLAIN.sub("", words)


def host() -> str:
    """Return the part of a message id after the @, which names us and no machine of ours."""
    return settings().mail_from.rpartition("@")[2] or "localhost"
