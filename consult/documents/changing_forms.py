"""What officials say when they change what is published: what was wrong, why it is withdrawn, why it is numbered anew."""

import hashlib

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired

from consult.text.bounds import NOTE_LENGTH
from consult.web.fields import Form, plain_text, strip, within


class SeenForm(Form):
    """What its writer looked at before pressing the button: `seen` names the version."""

    seen = HiddenField(default="")

    def seen_version(self) -> int:
        """Return the number of the version; one that there is not where the form was tampered with."""
        given = self.seen.data or ""
        return int(given) if given.isdecimal() and len(given) < 10 else -1


class CorrectForm(SeenForm):
    """A corrected source. `looked` is the face of the source whose changes were looked at."""

    source = TextAreaField(_l("The text, in Markdown"))
    note = TextAreaField(
        _l("What was wrong?"),
        filters=[strip],
        validators=[DataRequired(_l("Say what was wrong")), within(NOTE_LENGTH), plain_text],
    )
    looked = HiddenField(default="")

    def face(self) -> str:
        return hashlib.sha256((self.source.data or "").encode()).hexdigest()[:16]


class WithdrawForm(SeenForm):
    """Why a version is withdrawn."""

    why = TextAreaField(
        _l("Why is it withdrawn?"),
        filters=[strip],
        validators=[DataRequired(_l("Say why it is withdrawn")), within(NOTE_LENGTH), plain_text],
    )


class RenumberForm(SeenForm):
    """Why paragraphs get new numbers, and that what it means for letters is understood."""

    note = TextAreaField(
        _l("Why are the paragraphs numbered anew?"),
        filters=[strip],
        validators=[DataRequired(_l("Say why they are numbered anew")), within(NOTE_LENGTH), plain_text],
    )
    understood = BooleanField(
        _l("I understand that letters that quote the old numbers will need the table"),
        validators=[DataRequired(_l("Tick the box if you want to go on"))],
    )
