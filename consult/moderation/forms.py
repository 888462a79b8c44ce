"""What a report and a decision may say."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import DataRequired

from consult.reasons import REASONS
from consult.web.fields import Form, OnceField, plain_text, strip, within

LONGEST_NOTE = 500
CHOICES = [(reason.code, reason.label) for reason in REASONS]


class ReportForm(Form):
    """A reader says what is wrong with a comment."""

    reason = RadioField(
        _l("What is wrong with it?"),
        choices=CHOICES,
        validators=[DataRequired(_l("Choose what is wrong with it"))],
    )
    note = TextAreaField(
        _l("Anything the moderator should know"),
        filters=[strip],
        validators=[within(LONGEST_NOTE), plain_text],
    )
    once = OnceField()


class DecisionForm(Form):
    """A moderator decides. Which reason is needed hangs on the button: the action says so."""

    reason = RadioField(_l("Or take it down or return it, because"), choices=CHOICES, validate_choice=False)
    message = TextAreaField(
        _l("What we tell the author"), filters=[strip], validators=[within(LONGEST_NOTE), plain_text]
    )
    seen = HiddenField()
