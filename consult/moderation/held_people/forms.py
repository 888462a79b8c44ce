"""What a moderator says who holds a person or lifts it, and what that person says who asks for a second look."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField

from consult.moderation.forms import CHOICES, LONGEST_NOTE, choices
from consult.web.fields import Form, one_line, plain_text, strip, within

LONGEST_WHY = 2_000
USUAL_DAYS = "7"


class HoldForm(Form):
    """Why, and for how long. With another button: that it is lifted, or what came of a second look."""

    reason = RadioField(_l("The reason"), choices=CHOICES, validate_choice=False)
    days = StringField(_l("For how many days?"), filters=[one_line], default=USUAL_DAYS)
    note = TextAreaField(
        _l("What we tell the person"), filters=[strip], validators=[within(LONGEST_NOTE), plain_text]
    )

    def offer(self, *, before_election: bool) -> "HoldForm":
        """Offer the reasons that hold now."""
        self.reason.choices = choices(before_election=before_election)
        return self

    @property
    def days_number(self) -> int:
        """Return the days that were typed; 0 for what is no number."""
        typed = self.days.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 4 else 0


class AskAgainForm(Form):
    """Why a hold is wrong."""

    why = TextAreaField(_l("Why is it wrong?"), filters=[strip], validators=[within(LONGEST_WHY), plain_text])
