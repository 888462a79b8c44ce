"""What places in the ledger, and counts of askers, are called on pages."""

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.discussion.ledger.models import Place
from consult.discussion.ledger.queries import WAITING


def place_words(place: str) -> str:
    """Return what a place is called; "waiting" is no place, and can be asked for like one."""
    words = {
        WAITING: _("Question waiting"),
        Place.NEW.value: _("Not read yet"),
        Place.READ.value: _("Read"),
        Place.IN_PROGRESS.value: _("In progress"),
        Place.ANSWERED.value: _("Answered"),
    }
    return str(words[place])


def also_words(count: int) -> str:
    """Say how many others have the same question."""
    return str(ngettext("%(num)s other has this question", "%(num)s others have this question", count))
