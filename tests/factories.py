"""Things to test with, made with as few words as possible. Each is stored and committed."""

import itertools
import secrets
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from consult import clock
from consult.accounts.models import Organisation, OrganisationKind, Part, Person, Role, SignedIn, Site, Unit
from consult.accounts.sessions import digest_of
from consult.consultations.election_models import Effect, Election, ElectionSwitch
from consult.consultations.election_words import USUAL
from consult.consultations.models import Consultation, Policy, Stage
from consult.documents.models import Document
from consult.extensions import Model, db

_numbers = itertools.count(1)
STATEMENTS = {
    "aims": "To hear whether the standard works.",
    "who_reads": "The unit reads every comment.",
    "what_happens": "We publish what changed and why.",
    "post_address": "1 Example Street, Exampleton",
    "telephone": "020 7946 0123",
    "easy_read": "Ask us for a copy.",
    "bsl": "Ask us for a video.",
    "large_print": "Ask us for a copy.",
    "welsh": "Gofynnwch am gopi.",
}


Thing = TypeVar("Thing", bound=Model)


def _kept(thing: Thing) -> Thing:
    db.session.add(thing)
    db.session.commit()
    return thing


def a_site(*, is_demonstration: bool = False, **values: Any) -> Site:
    filled: dict[str, Any] = {
        "name": "Consult",
        "contact_email": "hello@consult.example",
        "created_at": clock.now(),
    }
    return _kept(Site(id=1, is_demonstration=is_demonstration, **{**filled, **values}))


def a_ready_site(**values: Any) -> Site:
    """A real site whose own steps of the first day are done; what it lacks is a unit and a moderator."""
    now = clock.now()
    filled: dict[str, Any] = {
        "controller": "Department for Streets",
        "data_protection_contact": "dpo@body.example",
        "privacy_notice": "We act in the public interest.",
        "accessibility_contact": "access@body.example",
        "accessibility_prepared_on": "2026-11-23",
        "mail_tested_at": now,
        "mail_received_at": now,
        "backed_up_at": now,
        "restored_at": now,
    }
    return a_site(**{**filled, **values})


def an_organisation(**values: Any) -> Organisation:
    n = next(_numbers)
    filled = {
        "slug": f"body-{n}",
        "name": f"Body {n}",
        "kind": OrganisationKind.CENTRAL,
        "created_at": clock.now(),
    }
    return _kept(Organisation(**{**filled, **values}))


def a_unit(organisation: Organisation | None = None, **values: Any) -> Unit:
    n = next(_numbers)
    organisation = organisation or an_organisation()
    filled = {"slug": f"unit-{n}", "name": f"Unit {n}", "created_at": clock.now()}
    return _kept(Unit(organisation=organisation, **{**filled, **values}))


def a_person(*, is_confirmed: bool = True, **values: Any) -> Person:
    n = next(_numbers)
    filled = {"name": f"Person {n}", "email": f"person{n}@mail.example", "created_at": clock.now()}
    return _kept(Person(confirmed_at=clock.now() if is_confirmed else None, **{**filled, **values}))


def _with_role(person: Person, part: Part, **where: Any) -> Person:
    db.session.add(
        Role(person_id=person.id, part=part, created_at=clock.now(), accepted_at=clock.now(), **where)
    )
    db.session.commit()
    db.session.refresh(person, ["roles"])
    return person


def an_official(unit: Unit, *, title: str = "Policy lead", **values: Any) -> Person:
    return _with_role(
        a_person(**values), Part.OFFICIAL, unit_id=unit.id, organisation_id=unit.organisation_id, title=title
    )


def a_moderator(organisation: Organisation, **values: Any) -> Person:
    return _with_role(a_person(**values), Part.MODERATOR, organisation_id=organisation.id, title="Moderator")


def a_session(person: Person, *, with_second_step: bool = True) -> str:
    """What the cookie of a browser holds in which somebody is signed in, with both steps unless told otherwise."""
    key, now = secrets.token_urlsafe(16), clock.now()
    _kept(
        SignedIn(
            person_id=person.id,
            digest=digest_of(key),
            version=person.session_version,
            device="a test",
            began_at=now,
            seen_at=now,
            proved_at=now,
            second_step_at=now if with_second_step else None,
        )
    )
    return f"{person.id}.{key}"


def a_guest(**values: Any) -> Person:
    """Somebody who confirmed an address and has no account."""
    return a_person(**{"is_guest": True, **values})


def an_editor(**values: Any) -> Person:
    return _with_role(a_person(**values), Part.EDITOR)


def an_administrator(organisation: Organisation | None = None, **values: Any) -> Person:
    """An administrator of one organisation, or of the whole site."""
    return _with_role(
        a_person(**values), Part.ADMINISTRATOR, organisation_id=organisation.id if organisation else None
    )


def a_consultation(
    unit: Unit | None = None,
    *,
    stage: Stage = Stage.OPEN,
    policy: Policy = Policy.AFTER,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    **values: Any,
) -> Consultation:
    """A consultation that is open from yesterday for thirty days, unless told otherwise."""
    n = next(_numbers)
    unit = unit or a_unit()
    filled = {
        "slug": f"consultation-{n}",
        "title": f"Consultation {n}",
        "summary": "What it is about.",
        **STATEMENTS,
    }
    return _kept(
        Consultation(
            unit=unit,
            organisation_id=unit.organisation_id,
            stage=stage,
            policy=policy,
            opens_at=opens_at or clock.now() - timedelta(days=1),
            closes_at=closes_at or clock.now() + timedelta(days=30),
            created_at=clock.now(),
            **{**filled, **values},
        )
    )


def a_document(consultation: Consultation | None = None, **values: Any) -> Document:
    """A document with nothing published yet."""
    n = next(_numbers)
    consultation = consultation or a_consultation()
    filled = {"slug": f"document-{n}", "title": f"Document {n}"}
    return _kept(Document(consultation=consultation, created_at=clock.now(), **{**filled, **values}))


def an_election(
    organisation: Organisation, first_day: date, last_day: date, *effects: Effect, **values: Any
) -> Election:
    """A period before an election on its last day, with these switches on for all of it, in the usual words."""
    days = {"first_day": first_day, "last_day": last_day}
    switches = [
        ElectionSwitch(effect=effect, is_on=effect in effects, wording=str(USUAL[effect]), **days)
        for effect in Effect
    ]
    filled = {"name": "Council election", "held_on": last_day, "created_at": clock.now(), **days}
    return _kept(Election(organisation_id=organisation.id, switches=switches, **{**filled, **values}))
