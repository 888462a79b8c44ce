"""What somebody says who asks that a text is erased."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired

from consult.moderation.erasure.models import Ground
from consult.web.fields import Form

GROUNDS = {
    Ground.RIGHT: _l("its author asks for it and has a right to erasure (UK GDPR, article 17)"),
    Ground.THIRD_PARTY: _l("it tells of somebody else what we may not hold (UK GDPR, article 17)"),
    Ground.CHILD: _l("a child wrote it and asks for it, or their guardian does (UK GDPR, article 17(1)(f))"),
    Ground.COURT: _l("a court has ordered it"),
    Ground.ILLEGAL: _l("it is against the law to hold it"),
}


class EraseForm(Form):
    """Why the text must go."""

    ground = RadioField(
        _l("On which legal ground?"),
        choices=[(ground.value, words) for ground, words in GROUNDS.items()],
        validators=[DataRequired(_l("Choose a legal ground"))],
    )
