"""The demonstration's bodies and people. A few of them have accounts that can be signed in to."""

import json
import os
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from consult import audit, clock
from consult.accounts import passwords
from consult.accounts.models import Organisation, OrganisationKind, Part, Person, Role, Site, Unit
from consult.cli.demonstration import reading
from consult.consultations.election_actions import Plan, Setting, set_election
from consult.consultations.election_forms import OFF_AT_FIRST, SIX_WEEKS
from consult.consultations.election_models import Effect
from consult.consultations.election_words import USUAL
from consult.extensions import db
from consult.promises import AT_THE_END

THURSDAY = 3  # the day of elections


class Cast:
    """Everybody and every body of the demonstration, by the names that the content gives them."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.organisations: dict[str, Organisation] = {}
        self.units: dict[str, Unit] = {}
        self.people: dict[str, Person] = {}

    def moderator_of(self, organisation: Organisation) -> Person:
        """Return somebody who moderates for an organisation and answers for none of its units."""
        for person in self.people.values():
            if person.plays(Part.MODERATOR, organisation_id=organisation.id) and not person.plays(
                Part.OFFICIAL
            ):
                return person
        raise LookupError(f"nobody moderates for {organisation.slug}")


def bring_in(instance: Path) -> Cast:
    """Make the site, its bodies and its people; write the accounts to sign in with beside the database."""
    cast = Cast(reading.site())
    _site(cast.said["site"])
    for body in cast.said["organisations"]:
        _organisation(cast, body)
    for person in cast.said["people"]:
        _person(cast, person)
    db.session.flush()
    for person in cast.people.values():
        db.session.refresh(person, ["roles"])
    _accounts(cast, instance)
    audit.record("site.demonstrate", "site:1", actor_id=None)
    return cast


def _site(said: dict[str, Any]) -> None:
    db.session.add(
        Site(
            id=1,
            name=said["body"],
            is_demonstration=True,
            created_at=clock.now(),
            contact_email=said["contact_email"],
            contact_telephone=f"{said['telephone']}, {said['telephone_hours']}",
            contact_address=said["address"],
            controller=said["privacy_controller"],
            data_protection_contact=said["privacy_email"],
            accessibility_contact=said["accessibility_email"],
            accessibility_prepared_on=clock.now().date().isoformat(),
            retention_months=said["email_kept_months"],
        )
    )


def _organisation(cast: Cast, said: dict[str, Any]) -> None:
    organisation = Organisation(
        slug=said["slug"],
        name=said["name"],
        kind=OrganisationKind(said["kind"]),
        about=said["description"],
        created_at=clock.now(),
    )
    cast.organisations[said["slug"]] = organisation
    db.session.add(organisation)
    for unit in said["units"]:
        cast.units[unit["slug"]] = Unit(
            organisation=organisation,
            slug=unit["slug"],
            name=unit["name"],
            about=unit["description"],
            email=unit["email"],
            telephone=unit["telephone"],
            address=unit["address"],
            promise_days=None if unit["promise"] == AT_THE_END else unit["promise"],
            created_at=clock.now(),
        )
        db.session.add(cast.units[unit["slug"]])
    db.session.flush()


def set_elections(cast: Cast, today: date) -> None:
    """Set the periods before elections that are told of, counted from today, as the form offers them at first."""
    for said in reading.site()["organisations"]:
        if "election" not in said:
            continue
        about = said["election"]
        first = today + timedelta(days=about["begins"])
        last = first + timedelta(days=about["lasts"] - 1)
        last += timedelta(days=(THURSDAY - last.weekday()) % 7)
        settings = [
            Setting(
                effect=effect,
                is_on=effect not in OFF_AT_FIRST,
                first_day=first,
                last_day=last,
                wording=str(USUAL[effect]),
                by_days=int(SIX_WEEKS) if effect is Effect.EXTEND_CLOSING else None,
            )
            for effect in Effect
        ]
        plan = Plan(about["name"], last, first, last, settings)
        set_election(actor=None, organisation=cast.organisations[said["slug"]], plan=plan)


def _person(cast: Cast, said: dict[str, Any]) -> None:
    person = Person(
        name=said["name"],
        email=said["email"].lower(),
        is_guest=said.get("guest", False),
        created_at=clock.now(),
        confirmed_at=clock.now(),
    )
    cast.people[said["key"]] = person
    db.session.add(person)
    db.session.flush()
    rows = [
        {
            "part": Part.OFFICIAL,
            "unit_id": cast.units[slug].id,
            "organisation_id": cast.units[slug].organisation_id,
        }
        for slug in said.get("official_of", ())
    ]
    rows += [
        {"part": Part.MODERATOR, "unit_id": None, "organisation_id": cast.organisations[slug].id}
        for slug in said.get("moderator_of", ())
    ]
    for part in (Part.EDITOR, Part.ADMINISTRATOR):
        if said.get(part.value):
            rows.append({"part": part, "unit_id": None, "organisation_id": None})
    for row in rows:
        db.session.execute(
            insert(Role).values(
                person_id=person.id,
                title=said.get("title", ""),
                created_at=clock.now(),
                accepted_at=clock.now(),
                ended_at=None,
                **row,
            )
        )


def _accounts(cast: Cast, instance: Path) -> None:
    """Give the accounts to sign in with random passwords, in a file that only its owner can read."""
    written = {}
    for part, key in cast.said["demo_accounts"].items():
        password = secrets.token_urlsafe(12)
        person = cast.people[key]
        person.password_hash = passwords.hash_of(password)
        written[part] = {"email": person.email, "password": password}
    path = instance / "demo-accounts.json"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump(written, handle, indent=2)
        handle.write("\n")
