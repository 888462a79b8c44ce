"""What an appeal, its outcome and the naming of an outsider may say."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Optional

from consult.web.fields import Form, PlainName, address, one_line, plain_text, strip, within

LONGEST_WHY = 2_000
LONGEST_WORDS = 1_000


class AppealForm(Form):
    """An author says why a decision is wrong."""

    why = TextAreaField(
        _l("Why should it be published?"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write why the decision is wrong")),
            within(LONGEST_WHY),
            plain_text,
        ],
    )


class HearingForm(Form):
    """Who hears an appeal says what its author should know. Which way it went hangs on the button."""

    told = TextAreaField(
        _l("What we tell the author about the appeal"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write what the author should know")),
            within(LONGEST_WORDS),
            plain_text,
        ],
    )


class OutsiderForm(Form):
    """Who hears appeals where there is no second moderator. Both fields empty: nobody."""

    name = StringField(_l("Name"), filters=[one_line], validators=[Optional(), PlainName()])
    email = StringField(_l("Email"), filters=[strip], validators=[Optional(), address])
