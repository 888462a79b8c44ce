"""What a report and a decision may say."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import DataRequired

from consult.reasons import REASONS, in_use
from consult.web.fields import Form, OnceField, plain_text, strip, within

LONGEST_NOTE = 500
CHOICES = [(reason.code, reason.label) for reason in REASONS]


def choices(*, before_election: bool) -> list[tuple[str, object]]:
    """Return the reasons that hold now, as a form offers them."""
    return [(reason.code, reason.label) for reason in in_use(before_election=before_election)]


class ReportForm(Form):
    """A reader says what is wrong with a comment."""

    reason = RadioField(
        _l("What is wrong with it?"),
        choices=CHOICES,
        validators=[DataRequired(_l("Choose what is wrong with it"))],
    )
    is_threat = BooleanField(_l("It threatens somebody"))
    note = TextAreaField(
        _l("Anything the moderator should know"),
        filters=[strip],
        validators=[within(LONGEST_NOTE), plain_text],
    )
    once = OnceField()

    def offer(self, *, before_election: bool) -> "ReportForm":
        """Offer the reasons that hold now."""
        self.reason.choices = choices(before_election=before_election)
        return self


class DecisionForm(Form):
    """A moderator decides. Which reason is needed hangs on the button: the action says so."""

    reason = RadioField(_l("Or take it down or return it, because"), choices=CHOICES, validate_choice=False)
    message = TextAreaField(
        _l("What we tell the author"), filters=[strip], validators=[within(LONGEST_NOTE), plain_text]
    )
    seen = HiddenField()

    def offer(self, *, before_election: bool) -> "DecisionForm":
        """Offer the reasons that hold now."""
        self.reason.choices = choices(before_election=before_election)
        return self
