"""What somebody says who reports that a comment was written in their name, and not by them."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired

from consult.moderation.forms import LONGEST_NOTE
from consult.web.fields import Form, OnceField, plain_text, strip, within


class NotByMeForm(Form):
    """It is their name, and what lets a moderator see that they did not write it."""

    is_mine = BooleanField(
        _l("The name beside this comment is mine, or I speak for the person or body named"),
        validators=[DataRequired(_l("Tick this if the name is yours; otherwise report it in the usual way"))],
    )
    note = TextAreaField(
        _l("How can a moderator see that you did not write it?"),
        filters=[strip],
        validators=[
            DataRequired(_l("Write how a moderator can see that you did not write it")),
            within(LONGEST_NOTE),
            plain_text,
        ],
    )
    once = OnceField()
