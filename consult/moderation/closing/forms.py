"""Why a thread is closed, in words that everybody reads."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField

from consult.moderation.forms import LONGEST_NOTE
from consult.reasons import CLOSINGS
from consult.web.fields import Form, plain_text, strip, within


class ClosingForm(Form):
    """A moderator closes a thread, or opens it again."""

    reason = RadioField(_l("Why is it closed?"), choices=list(CLOSINGS.items()), validate_choice=False)
    note = TextAreaField(
        _l("More about it, for everybody to read"),
        filters=[strip],
        validators=[within(LONGEST_NOTE), plain_text],
    )
    seen = HiddenField()
