"""What an editor chooses: one page or two for each step."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from consult.toolkit.numbers import whole
from consult.toolkit.steps.actions import Choice
from consult.toolkit.steps.models import Step
from consult.toolkit.steps.queries import Help
from consult.toolkit.steps.words import NAMES
from consult.web.fields import Form, chosen

CHOOSE = _l("Choose a page of the list")


class StepsForm(Form):
    """Two lists of pages for each step, and the edition that the editor began from."""

    def offer(self, pages: Iterable[Any], shown: Mapping[Step, Help]) -> None:
        """Fill the lists, and where nothing was sent what is chosen in them."""
        options = [(str(page.id), page.title) for page in pages]
        for step, helping in shown.items():
            first, second, edition = self.of(step)
            first.choices = options if helping.pages else [("", _("Choose a page")), *options]
            second.choices = [("", _("No second page")), *options]
            if not self.is_submitted():
                ids = [str(page.id) for page in helping.pages]
                first.data, second.data = (*ids, "", "")[:2]
                edition.data = str(helping.edition)

    def of(self, step: Step) -> tuple[Any, Any, Any]:
        """Return the three fields of a step."""
        return self[f"{step.value}_first"], self[f"{step.value}_second"], self[f"{step.value}_edition"]

    def choices(self) -> dict[Step, Choice]:
        return {step: self._choice(step) for step in Step}

    def _choice(self, step: Step) -> Choice:
        first, second, edition = self.of(step)
        based_on = whole(edition.data)
        return Choice(whole(first.data), whole(second.data), -1 if based_on is None else based_on)


for _step in Step:
    for _place, _label in (("first", _l("First page")), ("second", _l("Second page"))):
        setattr(
            StepsForm,
            f"{_step.value}_{_place}",
            SelectField(_label, validate_choice=False, validators=[chosen(CHOOSE)]),
        )
    setattr(StepsForm, f"{_step.value}_edition", HiddenField(NAMES[_step]))
