"""Proving who one is: the password again, a code, the answer of a passkey."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired

from consult.accounts.forms.joining import NextField
from consult.accounts.passwords import LONGEST
from consult.web.fields import Form, email_field, name_field, strip, within

LONGEST_CODE = 60
LONGEST_ANSWER = 20_000


def code_field(label: object, missing: object) -> StringField:
    return StringField(label, filters=[strip], validators=[DataRequired(missing), within(LONGEST_CODE)])


class PasswordAgainForm(Form):
    password = PasswordField(
        _l("Password"), validators=[DataRequired(_l("Enter your password")), within(LONGEST)]
    )
    next = NextField()


class ChangeEmailForm(Form):
    email = email_field(_l("New email"))
    current = PasswordField(
        _l("Password"), validators=[DataRequired(_l("Enter your password")), within(LONGEST)]
    )


class CodeForm(Form):
    """A code of the app, or a recovery code."""

    code = code_field(_l("Code"), _l("Enter the code that your app shows, or a recovery code"))
    next = NextField()


class SetUpForm(Form):
    code = code_field(_l("Code that the app shows"), _l("Enter the 6 figures that the app shows"))
    next = NextField()


def answer_field() -> HiddenField:
    """Return a field for what a passkey answered, as the browser hands it over in JSON."""
    return HiddenField(
        validators=[DataRequired(_l("The browser sent no passkey. Try again")), within(LONGEST_ANSWER)]
    )


class PasskeyForm(Form):
    answer = answer_field()
    next = NextField()


class NewPasskeyForm(Form):
    name = name_field(_l("Name for this passkey"), _l("Enter a name by which you will know it"))
    answer = answer_field()
    next = NextField()
