"""What may be said of holds: which are on, the hours, and the list of words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms import Form as AnyForm
from wtforms.validators import StopValidation

from consult.consultations.typed_dates import time_from
from consult.moderation.holds import wordlist
from consult.moderation.holds.actions import SWITCHES
from consult.moderation.holds.models import HoldRules
from consult.moderation.holds.names import in_clock
from consult.web.fields import Form, one_line, plain_text, strip, within


def _is_time(form: AnyForm, field: Field) -> None:
    try:
        field.minute = _minute(field.data)
    except ValueError:
        raise StopValidation(_("Enter a time, such as 9 am or 5.30 pm")) from None


def _minute(typed: str) -> int | None:
    if not typed:
        return None
    at = time_from(typed)
    return at.hour * 60 + at.minute


def _typed(minute: int | None) -> str:
    return "" if minute is None else in_clock(minute)


def _time_field(label: Any) -> StringField:
    return StringField(label, filters=[one_line], validators=[within(20), _is_time])


class _Edition(Form):
    edition = HiddenField()

    def based_on(self) -> int:
        """Return the edition the writer began from; -1, which is always stale, for nonsense."""
        typed = str(self.edition.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


class HoldsForm(_Edition):
    """The holds, and the hours in which comments appear by themselves."""

    private = BooleanField(_l("Private details"))
    links = BooleanField(_l("Links"))
    words = BooleanField(_l("Words of the unit’s list"), id="hold-words")
    rate = BooleanField(_l("Many comments from one person in a short time"))
    spam = BooleanField(_l("What looks like spam"))
    wave = BooleanField(_l("Far more comments from everybody than usual"))
    opens = _time_field(_l("From"))
    closes = _time_field(_l("Until"))

    def fill(self, kept: HoldRules | None) -> "HoldsForm":
        """Show what is set."""
        for name in SWITCHES:
            self[name].data = bool(getattr(kept, name, False))
        self.opens.data = _typed(getattr(kept, "opens_minute", None))
        self.closes.data = _typed(getattr(kept, "closes_minute", None))
        self.edition.data = str(kept.edition if kept else 0)
        return self

    def values(self) -> dict[str, Any]:
        """Return what was typed, under the names of the columns."""
        hours = {"opens_minute": self.opens.minute, "closes_minute": self.closes.minute}
        return {**{name: self[name].data for name in SWITCHES}, **hours}


class WordsForm(_Edition):
    """The list of words of a unit, one a line."""

    words = TextAreaField(
        _l("Words, one on each line"),
        id="unit-words",
        filters=[strip],
        validators=[within(wordlist.LONGEST_LIST, _l("The list")), plain_text],
    )
