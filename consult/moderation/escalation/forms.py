"""Who is named; why a comment is passed on; what is written to its author."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from consult.moderation.escalation.models import Danger
from consult.web.fields import Form, PlainName, address, chosen, one_line, plain_text, strip, within

LONGEST_HOURS = 200
LONGEST_NOTE = 500
LONGEST_REPLY = 2_000
DANGERS = {
    Danger.LIFE: _l("Somebody’s life may be in danger"),
    Danger.DISTRESS: _l("Somebody is in distress"),
    Danger.SAFEGUARDING: _l("A child, or an adult at risk, may be harmed"),
}


class NamedPersonForm(Form):
    """Who is told when somebody may be in danger. Name and email empty: nobody."""

    name = StringField(_l("Name"), filters=[one_line], validators=[Optional(), PlainName()])
    email = StringField(_l("Email"), filters=[strip], validators=[Optional(), address])
    hours = StringField(
        _l("When they read it"), filters=[one_line], validators=[within(LONGEST_HOURS), plain_text]
    )
    is_public = BooleanField(_l("Show the name on the page of who moderates"))


class EscalateForm(Form):
    """Why a comment is passed on."""

    danger = RadioField(
        _l("What do you see?"),
        choices=[(danger.value, words) for danger, words in DANGERS.items()],
        validate_choice=False,
        validators=[chosen(_l("Choose what you see"))],
    )
    note = TextAreaField(
        _l("What the named person should know"),
        filters=[strip],
        validators=[within(LONGEST_NOTE), plain_text],
    )
    waits = BooleanField(_l("Nobody else reads the comment until a moderator has decided"))


class ReplyForm(Form):
    """What is written to the author. What is done hangs on the button."""

    message = TextAreaField(
        _l("Write to the author"), filters=[strip], validators=[within(LONGEST_REPLY), plain_text]
    )
