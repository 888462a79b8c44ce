"""On what a legal hold is set, and why."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired

from consult.web.fields import Form, chosen, plain_text, strip, within

LONGEST_REASON = 1_000
ALL = ""


class LegalHoldForm(Form):
    """Why nothing may be deleted, and of what."""

    on = SelectField(
        _l("On what?"), validate_choice=False, validators=[chosen(_l("Choose what is not to be deleted"))]
    )
    reason = TextAreaField(
        _l("Why must nothing be deleted?"),
        filters=[strip],
        validators=[DataRequired(_l("Write why nothing may be deleted")), within(LONGEST_REASON), plain_text],
    )
