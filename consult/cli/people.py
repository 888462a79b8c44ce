"""`consult start` and `consult user`: a real site's first hour, and people by hand."""

import sys

import click

from consult.accounts import passwords, queries
from consult.accounts.actions import joining, people, second_step, setting_up
from consult.accounts.addresses import as_stored
from consult.accounts.models import Organisation, Part, Person, Role, Unit
from consult.errors import NotFound
from consult.extensions import link_to, transaction
from consult.text.bounds import NAME_LENGTH, is_plain_name
from consult.toolkit import seeding


class MailAddress(click.ParamType[str]):
    """One mail address, taken as it is stored."""

    name = "email"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return as_stored(value)
        except ValueError:
            self.fail(f"{value!r} is not an email address", param, ctx)


class PlainName(click.ParamType[str]):
    """A name of 80 characters or fewer, without what cannot be seen."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value.strip() or len(value) > NAME_LENGTH or not is_plain_name(value):
            self.fail(f"a name has 1 to {NAME_LENGTH} characters, all of them visible", param, ctx)
        return value.strip()


@click.command()
def start() -> None:
    """Make a real site, empty but for the toolkit, and print the link by which its first administrator comes in."""
    with transaction():
        token = setting_up.start_site()
        seeding.seed()
    click.echo("Open this link within 48 hours to become the first administrator:")
    click.echo(link_to("accounts.first_administrator", token=token))


@click.group()
def user() -> None:
    """Add people, give them parts and end these, shut accounts."""


@user.command()
@click.argument("name", type=PlainName())
@click.argument("email", type=MailAddress())
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(name: str, email: str, password_stdin: bool) -> None:
    """Add a person; without a password, print a link by which they choose one."""
    password_hash = passwords.hash_of(_password(name, email)) if password_stdin else ""
    with transaction():
        person = people.add_person(actor=None, name=name, email=email, password_hash=password_hash)
        token = "" if password_hash else joining.reset_link(actor=None, person=person)
    click.echo(f"Added {email}.")
    if token:
        click.echo("They choose a password here, within 48 hours:")
        click.echo(link_to("accounts.reset", token=token))


@user.command()
@click.argument("email", type=MailAddress())
@click.argument("part", type=click.Choice([part.value for part in Part]))
@click.option("--unit", "unit_slug", help="The unit, by its slug: officials belong to one.")
@click.option("--organisation", "organisation_slug", help="The organisation, by its slug.")
@click.option("--title", default="", help="The job title that stands under official replies.")
@click.option("--end", is_flag=True, help="End the part instead of giving it.")
def role(
    email: str, part: str, unit_slug: str | None, organisation_slug: str | None, title: str, end: bool
) -> None:
    """Give PART to a person, or end it: in a unit, in an organisation, or on the whole site."""
    person = _person(email)
    unit = _unit(unit_slug) if unit_slug else None
    organisation = _organisation(organisation_slug) if organisation_slug else None
    with transaction():
        if end:
            people.end_role(actor=None, role=_role(person, Part(part), unit, organisation))
        else:
            people.give_role(
                actor=None, person=person, part=Part(part), unit=unit, organisation=organisation, title=title
            )
    click.echo(f"{email}: {part} {'ended' if end else 'given'}.")


@user.command()
@click.argument("email", type=MailAddress())
def disable(email: str) -> None:
    """Shut an account: nobody can sign in to it any more. What the person wrote stays."""
    person = _person(email)
    with transaction():
        people.disable(actor=None, person=person)
    click.echo(f"{email} is shut.")


@user.command("reset-second-step")
@click.argument("email", type=MailAddress())
def reset_second_step(email: str) -> None:
    """Take the second step off an account whose owner has lost it; they set up another when they sign in."""
    person = _person(email)
    with transaction():
        second_step.reset_second_step(actor=None, person=person)
    click.echo(f"{email}: the second step is off, and all devices are signed out. We have written to them.")


def _password(name: str, email: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise click.ClickException(f"a password has {passwords.SHORTEST} to {passwords.LONGEST} characters")
    if passwords.is_common(password, name, email):
        raise click.ClickException("many people use this password: choose another")
    return password


def _person(email: str) -> Person:
    person = queries.person_by_email(email)
    if person is None:
        raise click.ClickException(f"nobody has the address {email}: add them first with “consult user add”")
    return person


def _unit(slug: str) -> Unit:
    try:
        return queries.unit(slug)
    except NotFound:
        raise click.ClickException(f"there is no unit {slug!r}") from None


def _organisation(slug: str) -> Organisation:
    try:
        return queries.organisation(slug)
    except NotFound:
        raise click.ClickException(f"there is no organisation {slug!r}") from None


def _role(person: Person, part: Part, unit: Unit | None, organisation: Organisation | None) -> Role:
    """Return the part that is meant; without a place, the only one of its kind."""
    found = [
        role
        for role in person.roles
        if role.part is part
        and role.ended_at is None
        and (unit is None or role.unit_id == unit.id)
        and (organisation is None or role.organisation_id == organisation.id)
    ]
    if not found:
        raise click.ClickException("this person does not have that part")
    if len(found) > 1:
        raise click.ClickException("they have it in several places: say which with --unit or --organisation")
    return found[0]
