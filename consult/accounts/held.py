"""What is held about one person, kind by kind, for that person to read and take away: here, what this room holds.

Never a hash, a secret or a key, and never what says something about somebody else. Each room has a module of this
name; `KINDS` says which columns it covers, and a house test that no column of any table was forgotten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from consult.accounts.models import (
    Identity,
    OneTimeLink,
    Organisation,
    Passkey,
    Person,
    RecoveryCode,
    Role,
    SignedIn,
    Unit,
)
from consult.audit import AuditEntry
from consult.extensions import db

Row = dict[str, Any]  # texts, numbers, times, yes or no; or a list of such rows


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is held. `name` stands in the file, `title` on the page.

    `read` returns the newest first. `columns` are those that tie its rows to a person, as "table.column".
    """

    name: str
    title: object
    read: Callable[[Person], Sequence[Row]]
    columns: frozenset[str] = frozenset()


def account(person: Person) -> list[Row]:
    return [
        {
            "name": person.name,
            "email": person.email,
            "email_to_be_confirmed": person.pending_email,
            "is_guest": person.is_guest,
            "has_password": bool(person.password_hash),
            "made_at": person.created_at,
            "confirmed_at": person.confirmed_at,
            "last_signed_in_at": person.last_signed_in_at,
            "disabled_at": person.disabled_at,
            "wants_mail_of_gaps": person.wants_gap_mail,
            "wants_mail_of_suggestions": person.wants_suggestion_mail,
            "wants_mail_of_waves": person.wants_wave_mail,
            "told_of_returned_questions": person.returned_pace.value,
        }
    ]


def parts(person: Person) -> list[Row]:
    rows = db.session.execute(
        select(Role, Organisation.name.label("organisation"), Unit.name.label("unit"))
        .outerjoin(Organisation, Organisation.id == Role.organisation_id)
        .outerjoin(Unit, Unit.id == Role.unit_id)
        .where(Role.person_id == person.id)
        .order_by(Role.id.desc())
    )
    return [
        {
            "part": row.Role.part.value,
            "title": row.Role.title,
            "organisation": row.organisation or "",
            "unit": row.unit or "",
            "given_by_provider": row.Role.granted_by,
            "given_at": row.Role.created_at,
            "accepted_at": row.Role.accepted_at,
            "ended_at": row.Role.ended_at,
        }
        for row in rows
    ]


def sessions(person: Person) -> list[Row]:
    return _rows(
        SignedIn,
        person,
        device=SignedIn.device,
        began_at=SignedIn.began_at,
        last_used_at=SignedIn.seen_at,
        proved_at=SignedIn.proved_at,
        second_step_at=SignedIn.second_step_at,
        ended_at=SignedIn.ended_at,
    )


def second_step(person: Person) -> list[Row]:
    """Say whether there is a second step, and how many recovery codes are left; nothing of any of them."""
    left = db.session.scalar(
        select(func.count()).where(RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    )
    if not person.totp_set_at and not left:
        return []
    return [{"authenticator_app_set_at": person.totp_set_at, "recovery_codes_left": left}]


def passkeys(person: Person) -> list[Row]:
    return _rows(
        Passkey, person, name=Passkey.name, made_at=Passkey.created_at, last_used_at=Passkey.last_used_at
    )


def identities(person: Person) -> list[Row]:
    return _rows(
        Identity,
        person,
        provider=Identity.issuer,
        known_there_as=Identity.subject,
        made_at=Identity.created_at,
        last_used_at=Identity.last_used_at,
    )


def links(person: Person) -> list[Row]:
    rows = _rows(
        OneTimeLink,
        person,
        purpose=OneTimeLink.purpose,
        made_at=OneTimeLink.created_at,
        expires_at=OneTimeLink.expires_at,
        used_at=OneTimeLink.used_at,
    )
    return [{**row, "purpose": row["purpose"].value} for row in rows]


def record(person: Person) -> list[Row]:
    """Return the entries of the audit record by or about a person; of the thing that they are about, its kind alone."""
    me = f"person:{person.id}"
    entries = db.session.scalars(
        select(AuditEntry)
        .where(or_(AuditEntry.actor_id == person.id, AuditEntry.subject == me))
        .order_by(AuditEntry.id.desc())
    )
    return [
        {
            "at": entry.at,
            "act": entry.act,
            "about": "you" if entry.subject == me else entry.subject.partition(":")[0],
            "by": _who(entry.actor_id, person),
            "before": entry.before,
            "after": entry.after,
            "reason": entry.reason.partition(":")[0],
        }
        for entry in entries
    ]


def _who(actor_id: int | None, person: Person) -> str:
    if actor_id is None:
        return "the service"
    return "you" if actor_id == person.id else "somebody else"


def _rows(table: Any, person: Person, **columns: Any) -> list[Row]:
    """Return these columns of a person's rows in a table, the newest first."""
    wanted = select(*(column.label(name) for name, column in columns.items()))
    mine = wanted.where(table.person_id == person.id).order_by(table.id.desc())
    return [dict(row) for row in db.session.execute(mine).mappings()]


def in_json(value: Any) -> Any:
    """Return what JSON can hold: times as text, in UTC."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


KINDS = (
    Kind("account", _l("Your account"), account),
    Kind("parts", _l("Parts that you play or played"), parts, frozenset({"role.person_id"})),
    Kind("sessions", _l("Where you were signed in"), sessions, frozenset({"signed_in.person_id"})),
    Kind("second_step", _l("Second step"), second_step, frozenset({"recovery_code.person_id"})),
    Kind("passkeys", _l("Passkeys"), passkeys, frozenset({"passkey.person_id"})),
    Kind("identities", _l("Other places you sign in with"), identities, frozenset({"identity.person_id"})),
    Kind("links", _l("Links that we sent you"), links, frozenset({"one_time_link.person_id"})),
    Kind("record", _l("Acts by you or about you"), record, frozenset({"audit_entry.actor_id"})),
)
