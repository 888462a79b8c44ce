"""What tests of joining share: mails read from the outbox, links taken from them, people with passwords."""

import re

from sqlalchemy import select

from consult import clock
from consult.accounts import codes, passwords, sealing
from consult.accounts.models import Person
from consult.extensions import db
from consult.notices.models import OutboxMail
from tests.factories import a_person

PASSWORD = "three random words"
_hashes: dict[str, str] = {}


def mails(to: str | None = None) -> list[OutboxMail]:
    """The outbox, oldest first, read afresh."""
    db.session.rollback()
    wanted = select(OutboxMail).order_by(OutboxMail.id)
    return list(db.session.scalars(wanted.where(OutboxMail.to_address == to) if to else wanted))


def link_in(mail: OutboxMail) -> str:
    """The path of the first link with a token in a mail."""
    found = re.search(r"^http://127\.0\.0\.1:8000(/\S+/[\w-]{20,})$", mail.body, re.M)
    assert found, mail.body
    return found[1]


def somebody(*, password: str = PASSWORD, **values: object) -> Person:
    """A person who has a password."""
    if password not in _hashes:
        _hashes[password] = passwords.hash_of(password)
    return a_person(password_hash=_hashes[password], **values)


def with_an_app(person: Person) -> tuple[Person, str]:
    """Give a person a second step; return them, and the secret that their app knows."""
    secret = codes.new_secret()
    person.totp_secret = sealing.seal(secret, f"second step of person:{person.id}")
    person.totp_set_at = clock.now()
    db.session.commit()
    return person, secret


def read_again(person: Person) -> Person:
    """The person as the database has them now."""
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(Person, person.id)
    assert found
    return found
