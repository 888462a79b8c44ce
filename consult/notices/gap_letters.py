"""What the Monday mail says: the gaps that its reader could mend, the worst of each list with the way to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from consult.extensions import link_to
from consult.monitor.exports import address
from consult.monitor.rows import Found, Row
from consult.monitor.words import words
from consult.notices.letters import Letter, letter


@dataclass(frozen=True)
class Told:
    """What somebody is told of one place: a unit, an organisation or the toolkit, and where all of it stands."""

    place: str
    unit: str  # its slug, for the address of its monitor; "" for the monitor of all
    lists: Mapping[str, Found]


def gaps(name: str, told: Sequence[Told], day: date) -> Letter:
    """Return the mail of one week to one person."""
    total = sum(_number(kind, found) for each in told for kind, found in each.lists.items())
    return letter(
        ngettext(
            "Mind the gap: %(num)s thing you could mend", "Mind the gap: %(num)s things you could mend", total
        ),
        _("Hello %(name)s,", name=name),
        _("This is what waited on %(day)s.", day=format_date(day, "EEEE d MMMM", locale=get_locale())),
        *(paragraph for each in told for paragraph in _place(each)),
        _("This mail comes on Mondays, when there is something to mend. To stop it:"),
        link_to("accounts.gap_mail"),
    )


def _place(told: Told) -> list[str]:
    paragraphs = [told.place.upper()]
    for kind, found in told.lists.items():
        number = _number(kind, found)
        if number:
            head = f"{words()[kind].title}: {number}"
            paragraphs.append("\n".join([head, *map(_line, found.rows[:number])]))
    more = link_to("monitor.gaps", unit=told.unit) if told.unit else link_to("monitor.gaps")
    paragraphs.append(_("All of it: %(address)s", address=more))
    return paragraphs


def _line(row: Row) -> str:
    where = f" ({row.where})" if row.where else ""
    return f"- {row.what}{where}\n  {row.mend}\n  {address(row.link)}"


def _number(kind: str, found: Found) -> int:
    """Return how many of a list are told of: of questions and outcomes those that are late."""
    return found.late if kind in ("questions", "outcomes") else found.count
