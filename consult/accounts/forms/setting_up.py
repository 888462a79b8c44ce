"""What administrators fill in: the site's details, organisations, units, people's parts."""

import re
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as AnyForm
from wtforms.validators import DataRequired, Optional, StopValidation

from consult.accounts.models import Signing
from consult.promises import AT_THE_END
from consult.web.fields import (
    Form,
    OnceField,
    PlainName,
    address,
    chosen,
    email_field,
    name_field,
    one_line,
    plain_text,
    strip,
    within,
)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = frozenset({"outcome", "search", "new", "edit"})
LONGEST_NOTICE = 50_000
EHRC = "Equality and Human Rights Commission (EHRC)"
ECNI = "Equality Commission for Northern Ireland (ECNI)"
MONTHS = ("3", "6", "12", "18", "24", "36")
WEEKS = [str(weeks) for weeks in range(2, 27)]
DAYS = ("1", "2", "3", "5", "10", "15", "20")


def maybe_address(label: object) -> StringField:
    """Return a field for an address that may be left empty."""
    return StringField(label, filters=[strip], validators=[Optional(), address])


def short_text(label: object, limit: int, *validators: object) -> StringField:
    return StringField(label, filters=[one_line], validators=[*validators, within(limit), plain_text])


def long_text(label: object, limit: int, *validators: object) -> TextAreaField:
    return TextAreaField(label, filters=[strip], validators=[*validators, within(limit), plain_text])


def slug(form: AnyForm, field: Field) -> None:
    """Accept what can stand in an address of ours and means nothing else there."""
    within(80)(form, field)
    if not SLUG.fullmatch(field.data or ""):
        raise StopValidation(_("Use small letters, numbers and hyphens only, like “streets-and-places”"))
    if field.data in RESERVED:
        raise StopValidation(_("This word has a meaning of its own in our addresses. Choose another"))


def iso_day(typed: str) -> str:
    """Return a day typed as 23/11/2026 or 2026-11-23 in the second form; ValueError if it is none."""
    british = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", typed)
    year_first = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", typed)
    if british:
        return date(int(british[3]), int(british[2]), int(british[1])).isoformat()
    if year_first:
        return date(int(year_first[1]), int(year_first[2]), int(year_first[3])).isoformat()
    raise ValueError("not a day")


def a_day(form: AnyForm, field: Field) -> None:
    try:
        iso_day(field.data or "")
    except ValueError:
        raise StopValidation(_("Enter a date like 23/11/2026")) from None


class SiteForm(Form):
    name = name_field(_l("Name of the service or of the body that runs it"), _l("Enter a name"))
    contact_email = email_field(
        _l("Email for questions"), missing=_l("Enter an email address where a person answers")
    )
    contact_telephone = short_text(_l("Telephone, with hours"), 80)
    contact_address = long_text(_l("Postal address"), 500)


class DataForm(Form):
    controller = short_text(
        _l("Who is responsible for the data"),
        200,
        DataRequired(_l("Enter the name of the body that is responsible for people’s data")),
    )
    data_protection_contact = email_field(
        _l("Email of the data protection officer"),
        missing=_l("Enter the email address for questions about data"),
    )
    retention_months = SelectField(
        _l("Months after the outcome until email addresses are deleted"),
        choices=[(months, months) for months in MONTHS],
        validators=[chosen(_l("Choose how many months"))],
        validate_choice=False,
    )


class PrivacyForm(Form):
    privacy_notice = long_text(
        _l("Privacy notice"), LONGEST_NOTICE, DataRequired(_l("Enter your privacy notice"))
    )


class AccessibilityForm(Form):
    accessibility_contact = email_field(
        _l("Email for problems with accessibility"),
        missing=_l("Enter the email address that problems are sent to"),
    )
    accessibility_prepared_on = StringField(
        _l("Day on which the statement was prepared"),
        filters=[strip],
        validators=[DataRequired(_l("Enter the day on which the statement was prepared")), a_day],
    )
    accessibility_known_problems = long_text(_l("Known problems, one a line"), 10_000)
    enforcement_body = RadioField(
        _l("Who enforces the rules where you are"),
        choices=[
            (EHRC, _l("England, Scotland and Wales: Equality and Human Rights Commission")),
            (ECNI, _l("Northern Ireland: Equality Commission for Northern Ireland")),
        ],
        validators=[chosen(_l("Choose who enforces the rules"))],
        validate_choice=False,
    )


KINDS = [
    ("central", _l("Central government")),
    ("local", _l("Local government")),
    ("devolved", _l("Devolved government")),
    ("agency", _l("Agency or regulator")),
    ("other", _l("Other public body")),
]


class RevisedOrganisationForm(Form):
    name = name_field(_l("Name of the organisation"), _l("Enter the name of the organisation"), max=120)
    kind = RadioField(
        _l("What kind of body is it?"),
        choices=KINDS,
        validators=[chosen(_l("Choose what kind of body it is"))],
        validate_choice=False,
    )
    about = long_text(_l("What it does"), 2_000)
    signs_with = RadioField(
        _l("How do its officials sign?"),
        choices=[
            (Signing.NAME.value, _l("With their name and job title")),
            (Signing.ROLE.value, _l("With their job title and unit, without a name")),
        ],
        default=Signing.NAME.value,
        filters=[lambda typed: typed or Signing.NAME.value],
    )
    information_contact = maybe_address(_l("Email of the freedom of information contact"))
    minimum_weeks = SelectField(
        _l("Weeks for which it means to consult at least"),
        choices=[("", _l("No rule of its own"))] + [(weeks, weeks) for weeks in WEEKS],
        validators=[chosen(_l("Choose a number of weeks"))],
        validate_choice=False,
        default="",
    )


class OrganisationForm(RevisedOrganisationForm):
    slug = StringField(
        _l("Its address on this site"),
        filters=[strip],
        validators=[DataRequired(_l("Enter a short address for it")), slug],
    )


class RevisedUnitForm(Form):
    name = name_field(_l("Name of the unit"), _l("Enter the name of the unit"), max=120)
    about = long_text(_l("What it does"), 2_000)
    email = maybe_address(_l("Email"))
    telephone = short_text(_l("Telephone"), 80)
    address = long_text(_l("Postal address"), 500)
    promise_days = SelectField(
        _l("Working days in which it aims to answer a question"),
        choices=[(days, days) for days in DAYS] + [(AT_THE_END, _l("None: it answers at the end"))],
        default="5",
        validators=[chosen(_l("Choose a number of days"))],
        validate_choice=False,
    )
    retention_months = SelectField(
        _l("Months after the outcome until guests’ addresses are deleted"),
        choices=[("", _l("As the site as a whole"))] + [(months, months) for months in MONTHS],
        validators=[chosen(_l("Choose how many months"))],
        validate_choice=False,
        default="",
    )
    clearing_role = short_text(_l("Who clears its answers before they are out"), 80)
    needs_clearance = BooleanField(_l("Let no answer out that was not cleared"))
    image_hosts = long_text(_l("Hosts whose pictures its drafts may show, one a line"), 2_000)

    def validate_needs_clearance(self, field: Field) -> None:
        if field.data and not self.clearing_role.data:
            raise StopValidation(_("Enter who clears them above, like “Press office”"))

    def validate_image_hosts(self, field: Field) -> None:
        for host in (field.data or "").split():
            if not re.fullmatch(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", host):
                raise StopValidation(_("Enter hosts only, like images.example.gov.uk"))


class UnitForm(RevisedUnitForm):
    slug = StringField(
        _l("Its address on this site"),
        filters=[strip],
        validators=[DataRequired(_l("Enter a short address for it")), slug],
    )


PARTS = [
    ("official", _l("Write drafts and answer for a unit, as an official")),
    ("moderator", _l("Decide on comments, as a moderator")),
    ("editor", _l("Edit the toolkit")),
    ("administrator", _l("Set up people and units, as an administrator")),
]


class RoleForm(Form):
    """Who plays which part where. `place` is `site`, `organisation:<slug>` or `unit:<slug>`."""

    name = name_field(_l("Name, as it will be signed"), _l("Enter the person’s name"))
    email = email_field(_l("Work email"))
    part = RadioField(
        _l("What they may do"),
        choices=PARTS,
        validators=[chosen(_l("Choose what this person may do"))],
        validate_choice=False,
    )
    place = SelectField(
        _l("Where"), validators=[chosen(_l("Choose where they do it"))], validate_choice=False
    )
    title = StringField(_l("Job title"), filters=[one_line], validators=[Optional(), PlainName(80)])


class ChangedRoleForm(Form):
    """What can change of a part that is played: where in the organisation, and under which title."""

    unit = SelectField(_l("Unit"), validators=[chosen(_l("Choose the unit"))], validate_choice=False)
    title = StringField(_l("Job title"), filters=[one_line], validators=[Optional(), PlainName(80)])
    may_clear = BooleanField(_l("May clear answers before they are out"))


class BarrierForm(Form):
    """Somebody tells us about a page they cannot use; no account is needed."""

    name = StringField(_l("Your name"), filters=[one_line], validators=[Optional(), PlainName()])
    email = email_field()
    message = long_text(
        _l("What is the problem, and on which page?"),
        4_000,
        DataRequired(_l("Tell us what the problem is")),
    )
    once = OnceField()
