"""What somebody says who asks that a text is sealed."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from consult.moderation.erasure.models import Ground
from consult.web.fields import Form, chosen

GROUNDS = {
    Ground.COURT: _l("a court has ordered it"),
    Ground.ILLEGAL: _l("it is against the law to show it, and it may be needed as evidence"),
}


class SealForm(Form):
    """On which ground, and who may still read it."""

    ground = RadioField(
        _l("On which legal ground?"),
        choices=[(ground.value, words) for ground, words in GROUNDS.items()],
        validate_choice=False,
        validators=[chosen(_l("Choose a legal ground"))],
    )
    readers = SelectMultipleField(
        _l("Who may read it from then on?"),
        coerce=str,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
