"""Closing an account, or a guest's entry: what becomes of the comments, and that it is meant."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired

from consult.web.fields import Form, chosen

KEEP, WITHDRAW = "keep", "withdraw"


class CloseForm(Form):
    comments = RadioField(
        _l("What shall become of your comments?"),
        choices=[
            (KEEP, _l("They stay with their paragraphs, without my name")),
            (WITHDRAW, _l("Withdraw them: where others could read them, a note says that their author did")),
        ],
        validators=[chosen(_l("Choose what shall become of your comments"))],
        validate_choice=False,
    )
    is_meant = BooleanField(
        _l("I know that this cannot be undone"),
        validators=[DataRequired(_l("Tick the box to say that you mean it"))],
    )

    @property
    def withdraws(self) -> bool:
        return bool(self.comments.data == WITHDRAW)
