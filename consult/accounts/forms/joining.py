"""Signing up and in, names and passwords."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, PasswordField, SelectField
from wtforms import Form as AnyForm
from wtforms.validators import DataRequired, StopValidation

from consult.accounts.models import Pace
from consult.accounts.passwords import LONGEST, SHORTEST, is_common
from consult.accounts.queries import names_of_bodies
from consult.web.access import actor
from consult.web.fields import Form, email_field, local_path, name_field, within


def good_password(form: AnyForm, field: Field) -> None:
    """Accept any characters, 12 to 128 of them, that are not a password everybody knows."""
    password = field.data or ""
    if len(password) < SHORTEST:
        raise StopValidation(str(_l("Password must be 12 characters or more. Three random words are good")))
    if len(password) > LONGEST:
        raise StopValidation(str(_l("Password must be 128 characters or fewer")))
    about = [str(form[name].data or "") for name in ("name", "email") if name in form]
    if is_common(password, *about, actor().name, actor().email, *names_of_bodies()):
        raise StopValidation(str(_l("Many people use this password, so it is easy to guess. Choose another")))


def new_password_field(label: Any = None) -> PasswordField:
    return PasswordField(
        label or _l("Password"), validators=[DataRequired(_l("Choose a password")), good_password]
    )


class NextField(HiddenField):  # type: ignore[misc]
    """Where to go on to: a path of this site, or nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = local_path(valuelist[0] if valuelist else "")


class SignUpForm(Form):
    name = name_field(_l("Name to show"), _l("Enter the name to show beside your comments"))
    email = email_field()
    password = new_password_field()
    next = NextField()


class SignInForm(Form):
    email = email_field()
    password = PasswordField(
        _l("Password"), validators=[DataRequired(_l("Enter your password")), within(LONGEST)]
    )
    next = NextField()


class ElsewhereForm(Form):
    """The button to the provider of single sign-on; `again` for somebody who is signed in and proves it anew."""

    next = NextField()
    again = HiddenField()


class AddressForm(Form):
    """Only an address: for another link, or a forgotten password."""

    email = email_field()


class NewPasswordForm(Form):
    password = new_password_field(_l("New password"))


class NewcomerForm(Form):
    """Whoever accepts an invitation and has no account yet."""

    name = name_field(_l("Your name"), _l("Enter your name"))
    password = new_password_field()


class PressForm(Form):
    """Nothing but a button."""


class NameForm(Form):
    name = name_field(_l("Name to show"), _l("Enter the name to show beside your comments"))


class GapMailForm(Form):
    wants = BooleanField(_l("Send me the mail of gaps on Mondays"))
    suggestions = BooleanField(_l("Mail me once a day when something new was suggested for the toolkit"))
    waves = BooleanField(_l("Mail me when far more comments come in than usual"))
    returned = SelectField(
        _l("When a question comes back because its answer does not answer it"),
        choices=[
            (Pace.AT_ONCE.value, _l("Tell me at once")),
            (Pace.DAILY.value, _l("Tell me once a day")),
            (Pace.WEEKLY.value, _l("Tell me once a week")),
            (Pace.NEVER.value, _l("Do not tell me")),
        ],
        validate_choice=False,  # it is not on the page of who answers nothing
    )

    def validate_returned(self, field: Field) -> None:
        if field.data not in (None, "", *(pace.value for pace in Pace)):
            raise StopValidation(str(_l("Choose one of these")))


class ChangePasswordForm(Form):
    current = PasswordField(
        _l("Password now"), validators=[DataRequired(_l("Enter the password you have now")), within(LONGEST)]
    )
    password = new_password_field(_l("New password"))


class FirstAdministratorForm(Form):
    site_name = name_field(
        _l("Name of the service"), _l("Enter the name of the service, or of the body that runs it")
    )
    name = name_field(_l("Your name"), _l("Enter your name"))
    email = email_field()
    password = new_password_field()
