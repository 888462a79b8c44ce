"""What somebody may suggest, and what an editor may say to it."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional

from consult.toolkit.entries.forms import Factual
from consult.toolkit.forms import SHELVES
from consult.toolkit.numbers import whole
from consult.toolkit.rendering import LONGEST_SOURCE
from consult.web.begun import BegunField
from consult.web.fields import (
    Form,
    OnceField,
    PlainName,
    chosen,
    name_field,
    one_line,
    plain_text,
    strip,
    text,
    within,
)

LONGEST_WORD = 500


def number_in(field: HiddenField) -> int:
    """Return the number of a revision that a form carries; 0 for one that cannot be."""
    return whole(field.data) or 0


class SuggestionForm(Factual):
    """How a page should read, and why. `based_on` is the number of the revision that its author began from."""

    title = name_field(_l("Title"), _l("Enter a title"), max=120)
    summary = StringField(
        _l("Summary"),
        filters=[one_line],
        validators=[DataRequired(_l("Say in a sentence what the page is for")), PlainName(240)],
    )
    source = TextAreaField(
        _l("Text"),
        filters=[text],
        validators=[DataRequired(_l("Write the text of the page")), within(LONGEST_SOURCE)],
    )
    why = TextAreaField(
        _l("Why should it change?"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say why: it helps the editor to decide")),
            within(LONGEST_WORD),
            plain_text,
        ],
    )
    based_on = HiddenField()
    once = OnceField()
    begun = BegunField()


class NewSuggestionForm(SuggestionForm):
    """A page that is not there and should be."""

    shelf = SelectField(
        _l("Shelf"), choices=SHELVES, validate_choice=False, validators=[chosen(_l("Choose a shelf"))]
    )
    why = TextAreaField(
        _l("Why should there be such a page?"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say why: it helps the editor to decide")),
            within(LONGEST_WORD),
            plain_text,
        ],
    )


class DecisionForm(Form):
    """What an editor says to a suggestion; whether it stands hangs on the button. `seen` is the number of the revision
    that they looked at, `slug` the address of a page that was not there."""

    word = TextAreaField(
        _l("A word to its author"), filters=[strip], validators=[within(LONGEST_WORD), plain_text]
    )
    slug = StringField(_l("Address"), filters=[one_line], validators=[Optional(), PlainName(80)])
    seen = HiddenField()


class AmendForm(Factual):
    """A suggestion in an editor's words."""

    title = name_field(_l("Title"), _l("Enter a title"), max=120)
    summary = StringField(
        _l("Summary"),
        filters=[one_line],
        validators=[DataRequired(_l("Say in a sentence what the page is for")), PlainName(240)],
    )
    source = TextAreaField(
        _l("Text"),
        filters=[text],
        validators=[DataRequired(_l("Write the text of the page")), within(LONGEST_SOURCE)],
    )
    slug = StringField(_l("Address"), filters=[one_line], validators=[Optional(), PlainName(80)])
    note = StringField(_l("What changes, and why"), filters=[strip], validators=[within(200), plain_text])
    word = TextAreaField(
        _l("A word to its author"), filters=[strip], validators=[within(LONGEST_WORD), plain_text]
    )
    seen = HiddenField()
