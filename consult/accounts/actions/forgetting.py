"""What goes by itself in this room when its time is over: links, sessions, accounts that nobody confirmed.

Each function takes one handful in the transaction it is called in and returns how many rows it deleted: 0 when
nothing is left to do. Several workers may run: what one of them holds, the others pass by.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from consult import audit, clock
from consult.accounts.actions.closing import OWN
from consult.accounts.models import OneTimeLink, Person, Purpose, RefusedAddress, Role, SignedIn
from consult.accounts.retention import Kept, kept_since
from consult.accounts.sessions import GUEST, SEEN_EVERY, WITH_A_PART, WITHOUT
from consult.announcements import addresses_deleted, people_erased
from consult.extensions import db

ROOM = __name__
HANDFUL = 200
Named = Callable[[Sequence[int]], set[int]]


def forget_links(*, actor: None = None) -> int:
    """Delete links that were used or ran out a while ago."""
    since = kept_since(Kept.LINKS, clock.now())
    over = or_(OneTimeLink.used_at <= since, OneTimeLink.expires_at <= since)
    return delete_some(OneTimeLink, over)


def forget_refusals(*, actor: None = None) -> int:
    return delete_some(RefusedAddress, RefusedAddress.refused_at <= kept_since(Kept.REFUSED, clock.now()))


def forget_other_addresses(*, actor: None = None) -> int:
    """Delete addresses that were to take the place of another and that nobody confirmed."""
    lately = select(OneTimeLink.id).where(
        OneTimeLink.person_id == Person.id,
        OneTimeLink.purpose == Purpose.CHANGE_EMAIL,
        OneTimeLink.created_at > kept_since(Kept.UNCONFIRMED, clock.now()),
    )
    ids = handful(Person, Person.pending_email != "", ~lately.exists())
    if ids:
        db.session.execute(update(Person).where(Person.id.in_(ids)).values(pending_email=""))
    return len(ids)


def forget_sessions(*, actor: None = None) -> int:
    """Delete sessions that ended or ran out a while ago: how soon one runs out hangs on who has it."""
    since = kept_since(Kept.SESSIONS, clock.now())
    person = select(Person.id).where(Person.id == SignedIn.person_id)
    is_guest = person.where(Person.is_guest.is_(True)).exists()
    plays = select(Role.id).where(Role.person_id == SignedIn.person_id, Role.played()).exists()
    has_run_out = [
        and_(
            who,
            or_(
                SignedIn.seen_at <= since - limits.idle - SEEN_EVERY,
                SignedIn.began_at <= since - limits.absolute,
            ),
        )
        for who, limits in (
            (is_guest, GUEST),
            (and_(~is_guest, plays), WITH_A_PART),
            (and_(~is_guest, ~plays), WITHOUT),
        )
    ]
    # the first is true of all, and has an index
    seen = SignedIn.seen_at <= since
    return delete_some(SignedIn, seen, or_(SignedIn.ended_at <= since, *has_run_out))


def forget_unconfirmed(*, actor: None = None, unless: ColumnElement[bool], named: Named) -> int:
    """Delete accounts and guests that nobody confirmed, and guests of whom nothing is left.

    Whoever wrote something stays: `unless` says so in SQL. So does who took part in any act: `named` returns those of
    some people whom another row names. An invitation that was never taken up goes with its account.
    """
    last = 0
    while ids := _lapsed(last, unless):
        gone = sorted(set(ids) - named(ids))
        if gone:
            _erase_rows(gone)
            return len(gone)
        last = ids[-1]
    return 0


def _lapsed(after: int, unless: ColumnElement[bool]) -> list[int]:
    """Return a handful of people who never confirmed their address, or are known in no browser any more as guests."""
    now = clock.now()
    since = kept_since(Kept.UNCONFIRMED, now)
    is_known = select(SignedIn.id).where(SignedIn.person_id == Person.id).exists()
    has_part = select(Role.id).where(
        Role.person_id == Person.id, or_(Role.accepted_at.is_not(None), Role.created_at > since)
    )
    is_awaited = select(OneTimeLink.id).where(
        OneTimeLink.person_id == Person.id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now
    )
    return handful(
        Person,
        Person.id > after,
        or_(Person.confirmed_at.is_(None), and_(Person.is_guest.is_(True), ~is_known)),
        Person.created_at <= since,
        ~has_part.exists(),
        ~is_awaited.exists(),
        ~unless,
    )


def _erase_rows(ids: Sequence[int]) -> None:
    people_erased.send(ROOM, ids=ids)
    for table in (*OWN, Role):
        db.session.execute(delete(table).where(table.person_id.in_(ids)))
    db.session.expunge_all()  # nothing that was read of these people may be written again
    db.session.execute(delete(Person).where(Person.id.in_(ids)))
    for person_id in ids:
        audit.record("person.vanish", f"person:{person_id}", actor_id=None)


def forget_addresses(*, actor: None = None, guests: Sequence[Person]) -> int:
    """Delete the addresses of guests whose time is over, and whatever bears or leads to them; their names stay.

    Which guests these are, the room knows that knows what they wrote.
    """
    ids = [guest.id for guest in guests]
    if ids:
        addresses_deleted.send(ROOM, ids=ids)
        for table in OWN:
            db.session.execute(delete(table).where(table.person_id.in_(ids)))
        for guest in guests:
            guest.email = guest.pending_email = ""
            guest.session_version += 1
            audit.record("guest.erase_address", f"person:{guest.id}", actor_id=None)
    return len(ids)


def handful(table: Any, *where: ColumnElement[bool], by: Any = None) -> list[int]:
    """Return the ids of some rows, oldest first, and hold them; those that another worker holds are passed by.

    `by` is the moment that an index leads to, where to go through the rows one by one would take long.
    """
    wanted = select(table.id).where(*where).order_by(table.id if by is None else by).limit(HANDFUL)
    return list(db.session.scalars(wanted.with_for_update(of=table, skip_locked=True)))


def delete_some(table: Any, *where: ColumnElement[bool], by: Any = None) -> int:
    """Delete a handful of rows and return how many."""
    ids = handful(table, *where, by=by)
    if ids:
        db.session.execute(delete(table).where(table.id.in_(ids)))
    return len(ids)
