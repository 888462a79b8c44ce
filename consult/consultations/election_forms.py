"""What administrators fill in before an election: its days, and each switch with its days and its public words."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional, Regexp

from consult.consultations.election_actions import Plan, Setting
from consult.consultations.election_models import Effect, Election, ElectionSwitch
from consult.consultations.election_words import TITLES, USUAL
from consult.consultations.forms import LONGEST_NOTE, blame, day_field
from consult.consultations.typed_dates import day_from, typed
from consult.web.fields import Form, one_line, plain_text, strip, within

OFF_AT_FIRST = (Effect.CLOSE_FORMS,)
SIX_WEEKS = "42"  # days: what closes before an election of the usual length then closes after it
MUST_HAVE = {
    "held_on": _l("Enter the day of the election"),
    "first_on": _l("Enter the first day"),
    "last_on": _l("Enter the last day"),
}


class ElectionForm(Form):
    """A period before an election. Each switch has four fields, named after its effect: see the end of this module."""

    edition = HiddenField()
    name = StringField(
        _l("Which election?"),
        filters=[one_line],
        validators=[DataRequired(_l("Say which election it is")), within(120), plain_text],
    )
    held_on = day_field(_l("Day of the election"))
    first_on = day_field(_l("First day of the quiet"))
    last_on = day_field(_l("Last day of the quiet"))
    by_days = StringField(
        _l("Later by so many days"),
        filters=[strip],
        validators=[Optional(), Regexp(r"^\d{1,3}$", message=_l("Enter a number of days, such as 42"))],
    )
    until_day = day_field(_l("Or until this day"))

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        for name, message in MUST_HAVE.items():
            if not self[name].data and not self[name].errors:
                blame(self, name, str(message))
                is_valid = False
        return is_valid

    def plan(self, today: date, election: Election | None = None) -> Plan:
        """Return what was typed, once it is valid. A switch without days of its own has those of the period.

        One that is turned on while the period runs holds from `today`, a clock stops from tomorrow on; one that has begun
        keeps its first day.
        """
        first, last = day_from(self.first_on.data), day_from(self.last_on.data)
        rows = {} if election is None else {row.effect: row for row in election.switches}
        return Plan(
            name=self.name.data,
            held_on=day_from(self.held_on.data),
            first_day=first,
            last_day=last,
            settings=[self._setting(effect, first, last, today, rows.get(effect)) for effect in Effect],
        )

    def _setting(
        self, effect: Effect, first: date, last: date, today: date, row: ElectionSwitch | None
    ) -> Setting:
        earliest = today + timedelta(days=1) if effect is Effect.STOP_CLOCK else today
        begins = max(first, earliest) if row is not None or first == today else first
        if row is not None and row.is_on and row.first_day <= today:
            begins = row.first_day
        typed_from, typed_until = self[f"{effect.value}_from"].data, self[f"{effect.value}_until"].data
        extends = effect is Effect.EXTEND_CLOSING
        return Setting(
            effect=effect,
            is_on=bool(self[f"{effect.value}_on"].data),
            first_day=day_from(typed_from) if typed_from else begins,
            last_day=day_from(typed_until) if typed_until else last,
            wording=self[f"{effect.value}_words"].data,
            by_days=int(self.by_days.data) if extends and self.by_days.data else None,
            until_day=day_from(self.until_day.data) if extends and self.until_day.data else None,
        )

    def switch_fields(self) -> list[tuple[Effect, Any, Any, Any, Any]]:
        """Return the fields of each switch in their order: whether it is on, from, until, and its words."""
        parts = ("on", "from", "until", "words")
        return [(effect, *(self[f"{effect.value}_{part}"] for part in parts)) for effect in Effect]


def begun_with() -> dict[str, Any]:
    """Return what the form of a new period begins with: the usual words, and all but the closing of forms."""
    filled: dict[str, Any] = {"by_days": SIX_WEEKS}
    for effect in Effect:
        filled[f"{effect.value}_on"] = effect not in OFF_AT_FIRST
        filled[f"{effect.value}_words"] = str(USUAL[effect])
    return filled


def filled_with(election: Election, today: date) -> dict[str, Any]:
    """Return what the form of a period that was set begins with; days that are those of the period stay open."""
    filled: dict[str, Any] = {
        "edition": str(election.edition),
        "name": election.name,
        "held_on": typed(election.held_on),
        "first_on": typed(election.first_day),
        "last_on": typed(election.last_day),
    }
    for row in election.switches:
        name = row.effect.value
        is_own_first, is_own_last = row.first_day != election.first_day, row.last_day != election.last_day
        filled[f"{name}_on"] = row.is_on and row.last_day >= today
        filled[f"{name}_from"] = typed(row.first_day) if row.is_on and is_own_first else ""
        filled[f"{name}_until"] = typed(row.last_day) if row.is_on and is_own_last else ""
        filled[f"{name}_words"] = row.wording
        if row.effect is Effect.EXTEND_CLOSING:
            filled["by_days"] = str(row.by_days or "")
            filled["until_day"] = typed(row.until_day)
    return filled


def based_on(form: ElectionForm) -> int:
    """Return the edition the writer began from; 0, which is always stale, for nonsense."""
    said = str(form.edition.data or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


class EndElectionForm(Form):
    """One button: it is over."""


def _words(effect: Effect) -> TextAreaField:
    return TextAreaField(
        _l("What the public is told"),
        filters=[strip],
        validators=[within(LONGEST_NOTE), plain_text],
        description=TITLES[effect],
    )


for _effect in Effect:
    setattr(ElectionForm, f"{_effect.value}_on", BooleanField(TITLES[_effect]))
    setattr(ElectionForm, f"{_effect.value}_from", day_field(_l("From")))
    setattr(ElectionForm, f"{_effect.value}_until", day_field(_l("Until")))
    setattr(ElectionForm, f"{_effect.value}_words", _words(_effect))
