"""Putting mails into the outbox, in the transaction of the act that causes them."""

import re
import secrets
import unicodedata

from consult import clock
from consult.accounts.addresses import as_stored
from consult.accounts.models import Person
from consult.extensions import browser, db, settings
from consult.notices.models import OutboxMail

LONGEST_SUBJECT = 200
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def send(
    *, to: str, subject: str, body: str, person: Person | None = None, once: str = "", is_test: bool = False
) -> OutboxMail | None:
    """Put one mail into the outbox; it leaves after the transaction has been committed.

    Nothing that is given can add a header: the address must be one plain address (ValueError otherwise), and the
    subject becomes one line. With `once`, the same mail asked for twice is sent once, and None is returned.
    """
    to_address = as_stored(to)
    message_id = f"<{once or secrets.token_hex(16)}@{_host()}>"
    if once and db.session.query(OutboxMail.id).filter_by(message_id=message_id).first():
        return None
    now = clock.now()
    mail = OutboxMail(
        message_id=message_id,
        person_id=person.id if person is not None else None,
        to_address=to_address,
        subject=one_line(subject)[:LONGEST_SUBJECT],
        body=plain(body),
        browser=browser.get()(),
        created_at=now,
        due_at=now,
        is_test=is_test,
    )
    db.session.add(mail)
    db.session.flush()
    return mail


def one_line(words: str) -> str:
    """Return words without line ends and without what cannot be seen, so that they can stand in a header."""
    seen = "".join(" " if unicodedata.category(letter) in UNSEEN else letter for letter in words)
    return " ".join(seen.split())


def plain(words: str) -> str:
    """Return running text with `\\n` line ends and no other control characters."""
    words = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", words)
    return "".join(c for c in words if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def _host() -> str:
    """Return the part of a message id after the @, which names us and no machine of ours."""
    return settings().mail_from.rpartition("@")[2] or "localhost"
