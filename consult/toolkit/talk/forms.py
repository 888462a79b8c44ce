"""What an administrator chooses about the talk."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from consult.toolkit.talk import queries
from consult.web.fields import Form, chosen


class UnitForm(Form):
    """Which unit the talk belongs to: the moderators of its organisation look at it."""

    unit = SelectField(
        _l("Unit"), validate_choice=False, validators=[chosen(_l("Choose a unit of the list"))]
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        found = queries.units()
        self.unit.choices = [(each.slug, f"{each.name} ({each.organisation.name})") for each in found]
