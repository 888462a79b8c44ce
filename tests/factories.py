"""Things to test with, made with as few words as possible. Each is stored and committed."""

import itertools
from datetime import datetime, timedelta
from typing import Any, TypeVar

from consult import clock
from consult.accounts.models import Organisation, OrganisationKind, Part, Person, Role, Site, Unit
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
    db.session.add(Role(person_id=person.id, part=part, created_at=clock.now(), **where))
    db.session.commit()
    db.session.refresh(person, ["roles"])
    return person


def an_official(unit: Unit, *, title: str = "Policy lead", **values: Any) -> Person:
    return _with_role(
        a_person(**values), Part.OFFICIAL, unit_id=unit.id, organisation_id=unit.organisation_id, title=title
    )


def a_moderator(organisation: Organisation, **values: Any) -> Person:
    return _with_role(a_person(**values), Part.MODERATOR, organisation_id=organisation.id, title="Moderator")


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
