"""For whom somebody spoke and by which way it came, in the words that stand beside a name.

`said` is a comment, or a row with its columns of the same names (`COLUMNS`).
"""

from datetime import date
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from consult import clock
from consult.discussion.models import BodyKind, Channel, Comment

_said: Any = Comment.__table__.c
COLUMNS = (
    *(_said.channel, _said.received_on, _said.is_late, _said.is_letter),
    *(_said.on_behalf_of, _said.on_behalf_kind),
)


class Phrases:
    """The phrases of a page, looked up once, to be filled where no request is any more as well."""

    def __init__(self, unit: str = "") -> None:
        """`unit` is the name of the unit that wrote down what did not come by this site."""
        self._unit = unit
        self._locale = get_locale()
        self._year = clock.now().year
        self._for = str(_("for %(name)s"))
        self._for_kind = str(_("for %(name)s (%(kind)s)"))
        self._kinds = body_kinds()
        self._late = str(_("Came after the closing"))
        self._arrivals = {
            Channel.WEB: "",
            Channel.EMAIL: str(_("Came by e-mail, %(on)s; written down by %(unit)s")),
            Channel.LETTER: str(_("Came by letter, %(on)s; written down by %(unit)s")),
            Channel.MEETING: str(_("Said at a meeting, %(on)s; written down by %(unit)s")),
            Channel.TELEPHONE: str(_("Said by telephone, %(on)s; written down by %(unit)s")),
            Channel.EVENT: str(_("Said at an event, %(on)s; written down by %(unit)s")),
        }

    def behalf(self, said: Any) -> str:
        """Return for which organisation somebody spoke: "for Walk Wheel Ludlow (charity)"; "" for themself."""
        if not said.on_behalf_of:
            return ""
        if said.on_behalf_kind in (None, BodyKind.OTHER):
            return self._for % {"name": said.on_behalf_of}
        return self._for_kind % {"name": said.on_behalf_of, "kind": self._kinds[said.on_behalf_kind]}

    def notes(self, said: Any) -> list[str]:
        """Return what is said of the way in which something came: of most there is nothing to say."""
        found = []
        if said.received_on is not None:
            how = {"on": self.day(said.received_on), "unit": self._unit}
            found.append(self._arrivals[said.channel] % how)
        if said.is_late:
            found.append(self._late)
        return found

    def day(self, on: date) -> str:
        """Return a day in words, with the year when it is another."""
        form = "d MMMM" if on.year == self._year else "d MMMM yyyy"
        return str(format_date(on, form, locale=self._locale))


def body_kinds() -> dict[BodyKind, str]:
    """Return what each kind of organisation is called on the page."""
    return {
        BodyKind.CHARITY: str(_("charity")),
        BodyKind.BUSINESS: str(_("business")),
        BodyKind.PUBLIC: str(_("public body")),
        BodyKind.PROFESSIONAL: str(_("professional body")),
        BodyKind.COMMUNITY: str(_("community group")),
        BodyKind.OTHER: str(_("another kind of organisation")),
    }


def behalf(said: Any) -> str:
    """Return for which organisation somebody spoke; "" for themself."""
    return Phrases().behalf(said) if said.on_behalf_of else ""


def signed(name: str, said: Any) -> str:
    """Return a name with the organisation behind it, for one line of plain words."""
    return f"{name}, {behalf(said)}" if said.on_behalf_of else name


def notes(said: Any, unit: str) -> list[str]:
    """Return what is said of the way in which something came."""
    return Phrases(unit).notes(said) if said.received_on is not None or said.is_late else []
