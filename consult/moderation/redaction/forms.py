"""What somebody says who takes words out of a comment, or puts them back."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField

from consult.moderation.forms import CHOICES, LONGEST_NOTE, choices
from consult.moderation.redaction.planning import LONGEST
from consult.web.fields import Form, plain_text, strip, within


class RedactionForm(Form):
    """Which words go, and why. Words can be typed, ticked sentence by sentence, or both."""

    ticked = SelectMultipleField(_l("Sentences to take out"), choices=[], validate_choice=False)
    passages = TextAreaField(
        _l("Words to take out"), filters=[strip], validators=[within(LONGEST), plain_text]
    )
    reason = RadioField(_l("The reason"), choices=CHOICES, validate_choice=False)
    message = TextAreaField(
        _l("What we tell the author"), filters=[strip], validators=[within(LONGEST_NOTE), plain_text]
    )
    seen = HiddenField()

    def offer(self, *, before_election: bool) -> "RedactionForm":
        """Offer the reasons that hold now."""
        self.reason.choices = choices(before_election=before_election)
        return self

    @property
    def chosen(self) -> list[str]:
        """Return the passages that were typed, one a line, and those that were ticked."""
        return [*(self.passages.data or "").splitlines(), *(self.ticked.data or [])]


class PutBackForm(Form):
    """Why the words go back."""

    why = TextAreaField(
        _l("Why do the words go back?"), filters=[strip], validators=[within(LONGEST_NOTE), plain_text]
    )
    seen = HiddenField()
