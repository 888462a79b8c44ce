"""What every act on somebody's part asks first and writes down: who may give it out, who cannot play it, the record."""

from flask_babel import gettext as _
from sqlalchemy import select

from consult import audit
from consult.accounts import queries
from consult.accounts.models import Organisation, Part, Person, Role, Unit
from consult.errors import Invalid
from consult.extensions import db
from consult.permissions import Actor, May, require


def organisation_of(role: Role) -> Organisation | None:
    """Return where a part is played; None for the whole site."""
    return queries.organisation_by_id(role.organisation_id) if role.organisation_id else None


def require_over(actor: Actor | None, organisation: Organisation | None) -> None:
    """Let administrators give out parts in their organisation, and those of the site everywhere."""
    if actor is None:
        return
    if organisation is None:
        require(May.SET_UP_SITE, actor)
    else:
        require(May.ADMINISTER, actor, organisation)


def hold(person: Person) -> None:
    """Keep the row of a person to ourselves and read their parts afresh: two parts may be given at the same moment."""
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    db.session.refresh(person, ["roles"])


def refuse_impossible(
    person: Person, part: Part, organisation: Organisation | None, unit: Unit | None
) -> None:
    """Raise Invalid, with the field to blame, for a part that nobody can play there, or not this person."""
    _refuse_place(part, organisation, unit)
    if not person.is_active:
        raise Invalid(_("This account was shut. Its owner cannot be given a part."), field="email")
    organisation_id = organisation.id if organisation else None
    where = (organisation_id, unit.id if unit else None)
    if any(
        role.part is part and role.ended_at is None and (role.organisation_id, role.unit_id) == where
        for role in person.roles
    ):
        raise Invalid(_("This person has that part already, or was invited to it."), field="email")
    refuse_both(person, part, organisation_id)


def refuse_both(person: Person, part: Part, organisation_id: int | None, *, but: Role | None = None) -> None:
    """Raise Invalid if this part would have somebody moderate what people say to their own organisation's units."""
    other = {Part.OFFICIAL: Part.MODERATOR, Part.MODERATOR: Part.OFFICIAL}.get(part)
    if any(
        role.part is other and role.ended_at is None and role.organisation_id == organisation_id
        for role in person.roles
        if role is not but
    ):
        raise Invalid(
            _(
                "This person answers for a unit of this organisation, so they cannot moderate its comments. Ask somebody else."
            )
            if part is Part.MODERATOR
            else _(
                "This person moderates the comments of this organisation, so they cannot answer for one of its units. "
                "End that part first."
            ),
            field="part",
        )


def record(act: str, role: Role, actor: Actor | None, *, before: str = "", after: str = "") -> None:
    """Write down what was done to a part, in the chain of the organisation where it is played, and if claims gave it."""
    where = f"unit:{role.unit_id}" if role.unit_id else ""
    by = f"by:{role.granted_by}" if role.granted_by else ""
    audit.record(
        act,
        f"person:{role.person_id}",
        actor_id=actor.id if actor is not None else None,
        organisation_id=role.organisation_id,
        before=before,
        after=after,
        reason=" ".join(filter(None, (where, by))),
    )


def _refuse_place(part: Part, organisation: Organisation | None, unit: Unit | None) -> None:
    if part is Part.OFFICIAL and unit is None:
        raise Invalid(_("Choose the unit that this person answers for."), field="place")
    if part is Part.MODERATOR and (organisation is None or unit is not None):
        raise Invalid(_("Choose the organisation whose comments this person moderates."), field="place")
    if part is Part.EDITOR and organisation is not None:
        raise Invalid(_("The toolkit belongs to the whole site. Choose “The whole site”."), field="place")
    if part is Part.ADMINISTRATOR and unit is not None:
        raise Invalid(_("Administrators belong to an organisation or to the whole site."), field="place")
