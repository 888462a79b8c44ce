"""Who plays which part, as administrators see it: all of the site, or their own organisations and nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import contains_eager

from consult.accounts import queries
from consult.accounts.models import Part, Passkey, Person, Role
from consult.accounts.trails import ACTS
from consult.audit import AuditEntry
from consult.errors import NotFound
from consult.extensions import db
from consult.permissions import Actor

PAGE = 50
TRAIL = 100
SHUT = "shut"  # the accounts that were shut, beside the parts


@dataclass(frozen=True)
class Counts:
    """How many parts stand on the list, by part; and how many of people whose accounts were shut."""

    by_part: dict[Part, int]
    shut: int

    @property
    def all(self) -> int:
        return sum(self.by_part.values())

    def of(self, part: str) -> int:
        """Return how many rows a tab of the list has; the first, without a part, has all."""
        return self.by_part[Part(part)] if part else self.all


def scope_of(actor: Actor) -> list[int] | None:
    """Return the organisations that somebody administers; None for the whole site."""
    return queries.administered_by(actor) if isinstance(actor, Person) else []


def roles_in(
    organisation_ids: Collection[int] | None,
    *,
    part: Part | None = None,
    is_shut: bool = False,
    after: tuple[str, int] | None = None,
    limit: int | None = None,
) -> list[Role]:
    """Return the parts that are played now or offered, by the name of who plays them: everywhere, or in these organisations.

    `after` is the name and the role id of the last row of the page before; one row more than `limit` comes back
    when there is another page.
    """
    wanted = _listed(select(Role).join(Role.person), organisation_ids, is_shut=is_shut)
    wanted = wanted.options(contains_eager(Role.person)).order_by(Person.name, Role.id)
    if part is not None:
        wanted = wanted.where(Role.part == part)
    if after is not None:
        wanted = wanted.where(tuple_(Person.name, Role.id) > after)
    return list(db.session.scalars(wanted.limit((limit or PAGE) + 1)))


def counts(organisation_ids: Collection[int] | None) -> Counts:
    """Return how many rows the list has in all, for each part and for shut accounts."""
    is_shut = Person.disabled_at.is_not(None)
    wanted = select(Role.part, is_shut, func.count()).join(Role.person).where(Role.ended_at.is_(None))
    rows = db.session.execute(_within(wanted, organisation_ids).group_by(Role.part, is_shut)).all()
    return Counts(
        {part: sum(n for found, shut, n in rows if found is part and not shut) for part in Part},
        sum(n for _part, shut, n in rows if shut),
    )


def with_second_step(people: Collection[int]) -> set[int]:
    """Return who among these has a second step: an authenticator, or a passkey."""
    if not people:
        return set()
    keys = select(Passkey.person_id).where(Passkey.person_id.in_(people))
    codes = select(Person.id).where(Person.id.in_(people), Person.totp_set_at.is_not(None))
    return set(db.session.scalars(keys.union(codes)))


def person(person_id: int, *, actor: Actor) -> Person:
    """Return somebody who plays or played a part in what the actor administers; NotFound for anybody else."""
    found = queries.person_or_none(person_id)
    if found is None:
        raise NotFound
    insist_on_seeing(actor, found)
    return found


def insist_on_seeing(actor: Actor, person: Person) -> None:
    """Raise NotFound unless a person plays or played a part in what the actor administers."""
    if not parts_of(person, actor=actor):
        raise NotFound


def works_with(actor: Actor, person: Person) -> bool:
    """Say whether a person plays a part now, or is offered one, in what the actor administers.

    Administrators of the site work with everybody who ever played one: they may have to open an account again.
    """
    parts = parts_of(person, actor=actor)
    return bool(parts) and (scope_of(actor) is None or any(role.ended_at is None for role in parts))


def may_reset(actor: Actor, person: Person) -> bool:
    """Say whether to offer taking off a second step: not one's own, and not where a part lies beyond one's reach."""
    if not works_with(actor, person) or actor.id == person.id:
        return False
    mine = scope_of(actor)
    played = [role for role in person.roles if role.is_played]
    return mine is None or (bool(played) and all(role.organisation_id in mine for role in played))


def parts_of(person: Person, *, actor: Actor) -> list[Role]:
    """Return the parts of a person, now and before, that the actor administers; the newest first."""
    mine = scope_of(actor)
    seen = [role for role in person.roles if mine is None or role.organisation_id in mine]
    return sorted(seen, key=lambda role: role.id, reverse=True)


def role(role_id: int, *, actor: Actor) -> Role:
    """Return a part that the actor administers; NotFound for any other, so that ids tell nothing."""
    found = db.session.get(Role, role_id)
    mine = scope_of(actor)
    if found is None or (mine is not None and found.organisation_id not in mine):
        raise NotFound
    return found


def others_with(role: Role) -> int:
    """Return how many other people play the same part in the same place."""
    same = select(func.count(Role.person_id.distinct())).join(Role.person)
    same = same.where(
        Role.part == role.part, Role.played(), Role.person_id != role.person_id, Person.disabled_at.is_(None)
    )
    where: tuple[ColumnElement[bool], ...] = (
        Role.organisation_id.is_not_distinct_from(role.organisation_id),
        Role.unit_id.is_not_distinct_from(role.unit_id),
    )
    return db.session.scalar(same.where(*where)) or 0


def trail(person: Person, *, actor: Actor) -> Sequence[AuditEntry]:
    """Return what was done to a person's parts and account, newest first, as far as the actor administers it."""
    about = (AuditEntry.subject == f"person:{person.id}", AuditEntry.act.in_(ACTS))
    wanted = select(AuditEntry).where(*about)
    mine = scope_of(actor)
    if mine is not None:
        wanted = wanted.where(AuditEntry.chain.in_(mine))
    return db.session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(TRAIL)).all()


def officials(unit_ids: Collection[int]) -> dict[int, list[Role]]:
    """Return who answers for each of these units, by name; a unit without anybody is missing."""
    found: dict[int, list[Role]] = {}
    wanted = (
        select(Role)
        .join(Role.person)
        .options(contains_eager(Role.person))
        .where(Role.part == Part.OFFICIAL, Role.unit_id.in_(unit_ids))
        .where(Role.played(), Person.disabled_at.is_(None))
        .order_by(Person.name, Role.id)
    )
    for role in db.session.scalars(wanted):
        found.setdefault(role.unit_id or 0, []).append(role)
    return found


def _listed(wanted: Any, organisation_ids: Collection[int] | None, *, is_shut: bool) -> Any:
    wanted = wanted.where(
        Role.ended_at.is_(None),
        Person.disabled_at.is_not(None) if is_shut else Person.disabled_at.is_(None),
    )
    return _within(wanted, organisation_ids)


def _within(wanted: Any, organisation_ids: Collection[int] | None) -> Any:
    if organisation_ids is None:
        return wanted
    return wanted.where(Role.organisation_id.in_(organisation_ids))
