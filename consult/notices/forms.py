"""What we accept from those who follow: an address, how soon, and buttons."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from consult.notices.models import Pace
from consult.web.fields import Form, email_field

PACES = [
    (Pace.AT_ONCE.value, _l("At once, each by itself")),
    (Pace.DAILY.value, _l("Once a day, all together")),
    (Pace.WEEKLY.value, _l("Once a week, on Mondays")),
]


class PaceForm(Form):
    """How soon somebody whose address is known is told."""

    pace = RadioField(
        _l("How often?"),
        choices=PACES,
        default=Pace.DAILY.value,
        validators=[InputRequired(_l("Choose how often"))],
    )


class FollowForm(PaceForm):
    """The same, and where to."""

    email = email_field()


class ButtonForm(Form):
    """A button alone."""
