"""Who followers are: the address that reaches each now, and the people who write with it."""

import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from consult import clock
from consult.accounts.models import Person
from consult.extensions import browser, db
from consult.notices.models import Follower

KEY_LETTERS = string.ascii_lowercase + string.digits


def new_key() -> str:
    """Return a key that names a row in a link, and tells nobody how many there are."""
    return "".join(secrets.choice(KEY_LETTERS) for _letter in range(16))


@dataclass(frozen=True)
class Reader:
    """A follower as mails reach them: `address` is empty for who cannot be reached (any more).

    `people` are the ids of whoever writes with the address here: the account, or guests of all names.
    """

    follower: Follower
    address: str
    name: str
    people: frozenset[int]


def readers(follower_ids: Collection[int]) -> dict[int, Reader]:
    """Return followers as mails reach them, by id, in three reads."""
    followers = db.session.scalars(select(Follower).where(Follower.id.in_(follower_ids))).all()
    accounts = {
        person.id: person
        for person in db.session.scalars(
            select(Person).where(Person.id.in_([one.person_id for one in followers if one.person_id]))
        )
    }
    guests: dict[str, set[int]] = {}
    wanted = select(Person.id, Person.email).where(
        Person.email.in_([one.email for one in followers if one.email]), Person.is_guest.is_(True)
    )
    for person_id, email in db.session.execute(wanted):
        guests.setdefault(email, set()).add(person_id)
    return {one.id: _reader(one, accounts, guests) for one in followers}


def _reader(follower: Follower, accounts: dict[int, Person], guests: dict[str, set[int]]) -> Reader:
    if follower.person_id is None:
        return Reader(follower, follower.email, "", frozenset(guests.get(follower.email, ())))
    person = accounts[follower.person_id]
    is_reached = person.is_active and person.is_confirmed
    return Reader(follower, person.email if is_reached else "", person.name, frozenset({person.id}))


def of_person(person: Person) -> Follower | None:
    """Return the follower that somebody known is: an account by its row, a guest by the address."""
    if person.is_guest:
        return of_address(person.email)
    return db.session.scalar(select(Follower).where(Follower.person_id == person.id))


def of_address(email: str) -> Follower | None:
    return db.session.scalar(select(Follower).where(Follower.email == email)) if email else None


def made_for(person: Person) -> Follower:
    """Return the follower that somebody known is, made where there is none yet."""
    return of_person(person) or (
        made_for_address(person.email) if person.is_guest else _made(person_id=person.id)
    )


def made_for_address(email: str) -> Follower:
    return of_address(email) or _made(email=email)


def _made(*, person_id: int | None = None, email: str = "") -> Follower:
    follower = Follower(
        key=new_key(), person_id=person_id, email=email, browser=browser.get()(), created_at=clock.now()
    )
    db.session.add(follower)
    db.session.flush()
    return follower
