"""Guests: people who write with a name and an address, and no account.

A guest counts from the moment at which somebody opened the link in the mail and pressed the button there. Until then
the row is that of the one message, so that nobody can write in the name of an address that is not theirs.
"""

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import select

from consult import audit, clock
from consult.accounts import links
from consult.accounts.addresses import mailbox_of
from consult.accounts.models import OneTimeLink, Person, Purpose, RefusedAddress
from consult.accounts.retention import PERIODS, Kept
from consult.announcements import guest_asked_for_link
from consult.errors import NotFound
from consult.extensions import db, settings
from consult.permissions import Actor

ROOM = __name__
REFUSED_FOR = timedelta(
    days=PERIODS[Kept.REFUSED].days
)  # no link is sent to an address whose owner said "this was not me"
PAUSE = 60  # seconds before the same mail is sent again


def make_guest(*, actor: Actor, name: str, email: str) -> tuple[Person, str]:
    """Make a guest whose address waits to be confirmed, and return them with the token of the link."""
    guest = Person(name=name, email=email, is_guest=True, created_at=clock.now())
    db.session.add(guest)
    db.session.flush()
    audit.record("guest.make", f"person:{guest.id}", actor_id=guest.id)
    return guest, links.make(Purpose.CONFIRM_COMMENT, guest)


def confirm_guest(*, actor: Actor, token: str) -> tuple[Person, Person]:
    """Spend the link that a guest was sent. Returns who wrote, and who that is: the same, or the guest known already
    by this address and name.

    NotFound for a link that is spent, late or for something else. Two names of one address stay two guests: that
    one address stands behind both is nobody's business.
    """
    link = links.use(token, Purpose.CONFIRM_COMMENT)
    writer = db.session.get(Person, link.person_id) if link.person_id else None
    if writer is None or not writer.is_active:
        raise NotFound
    guest = _known_as(writer) or writer
    writer.confirmed_at = writer.confirmed_at or clock.now()
    link.person_id = guest.id  # whoever opens it again is led to what became of it
    audit.record("guest.confirm", f"person:{guest.id}", actor_id=guest.id)
    return writer, guest


def refuse_address(*, actor: Actor, token: str) -> Person:
    """Spend a guest's link in the other direction: the address was not theirs. No link is sent there for a while."""
    link = links.use(token, Purpose.CONFIRM_COMMENT)
    writer = db.session.get(Person, link.person_id) if link.person_id else None
    if writer is None:
        raise NotFound
    note_refused(writer.email)
    writer.email, writer.name, writer.closed_at = "", "", clock.now()
    audit.record("guest.refuse", f"person:{writer.id}", actor_id=None)
    return writer


def note_refused(email: str) -> None:
    """Write down that the owner of an address said that somebody else used it."""
    db.session.add(RefusedAddress(digest=_digest(email), refused_at=clock.now()))


def new_confirmation(*, actor: Actor, guest: Person) -> str:
    """Return the token of another link to confirm what a guest wrote; earlier ones are void. Empty: one is too young."""
    if links.was_made_since(Purpose.CONFIRM_COMMENT, guest, PAUSE):
        return ""
    links.void(Purpose.CONFIRM_COMMENT, guest)
    return links.make(Purpose.CONFIRM_COMMENT, guest)


def ask_for_link(*, actor: Actor, email: str) -> None:
    """Send a link by which a guest comes back to what they wrote; nothing where no guest has this address.

    Each name written under has its link, in one mail.
    """
    wanted = select(Person).where(
        Person.email == email,
        Person.is_guest.is_(True),
        Person.confirmed_at.is_not(None),
        Person.disabled_at.is_(None),
        Person.closed_at.is_(None),
    )
    guests = [
        guest
        for guest in db.session.scalars(wanted.order_by(Person.id).limit(10))
        if not links.was_made_since(Purpose.GUEST_RETURN, guest, PAUSE)
    ]
    if guests:
        guest_asked_for_link.send(ROOM, guests=[(guest, way_back(guest)) for guest in guests])


def way_back(guest: Person) -> str:
    """Return the token of a link to a guest's own page, good once, for a month: it goes into each mail to them."""
    return links.make(Purpose.GUEST_RETURN, guest, hours=links.MONTH)


def come_back(*, actor: Actor, token: str) -> Person:
    """Spend a guest's link to their own page. NotFound as for any link."""
    link = links.use(token, Purpose.GUEST_RETURN)
    guest = db.session.get(Person, link.person_id) if link.person_id else None
    if guest is None or not guest.is_active or not guest.is_guest:
        raise NotFound
    audit.record("guest.return", f"person:{guest.id}", actor_id=guest.id)
    return guest


def is_refused(email: str) -> bool:
    """Say whether the owner of an address has said lately that somebody else used it."""
    since = clock.now() - REFUSED_FOR
    wanted = select(RefusedAddress.id).where(
        RefusedAddress.digest == _digest(email), RefusedAddress.refused_at > since
    )
    return db.session.scalar(wanted.limit(1)) is not None


def writer_of(token: str) -> Person | None:
    """Return the guest whose words a link confirms. NotFound for a link that is spent, late or for something else."""
    link = links.find(token, Purpose.CONFIRM_COMMENT)
    return db.session.get(Person, link.person_id) if link.person_id else None


def spent_link(token: str) -> OneTimeLink | None:
    """Return the guest's link of a token that was good once, to offer its owner another."""
    return links.spent(token, Purpose.CONFIRM_COMMENT)


def _known_as(writer: Person) -> Person | None:
    """Return the guest who was confirmed before with the same address and the same name; held while their comments grow."""
    wanted = select(Person).where(
        Person.email == writer.email,
        Person.name == writer.name,
        Person.is_guest.is_(True),
        Person.confirmed_at.is_not(None),
        Person.disabled_at.is_(None),
        Person.closed_at.is_(None),
        Person.id != writer.id,
    )
    return db.session.scalar(wanted.order_by(Person.id).limit(1).with_for_update(of=Person))


def _digest(email: str) -> str:
    """Return a digest of a mailbox that only this site can make, so that a list of them tells nobody an address."""
    mailbox = mailbox_of(email).encode()
    return hmac.new(settings().secret_key.encode(), mailbox, hashlib.sha256).hexdigest()
