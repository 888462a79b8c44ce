"""What the public figures of moderation are called, on pages and in files."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.consultations.equality import Shown
from consult.reasons import label

NAMES = {
    "received": _l("Comments received"),
    "published": _l("Published"),
    "taken_down": _l("Taken down"),
    "returned": _l("Returned to the author"),
    "redacted": _l("Published without some words"),
    "put_back": _l("Put back"),
    "appeals": _l("Appeals by authors"),
    "appeals:granted": _l("Granted: published again"),
    "appeals:upheld": _l("Refused: the decision stands"),
    "appeals:withdrawn": _l("Withdrawn by their authors"),
    "appeals:overtaken": _l("Ended without a decision"),
    "appeals:open": _l("Not decided yet"),
    "held": _l("People held for a time"),
    "reports": _l("Reports by readers"),
    "decided": _l("Decided by moderators"),
}


def is_part(name: str) -> bool:
    """Say whether a figure is a part of another: what was taken down for one reason, appeals that ended in one way."""
    return ":" in name


def figure_words(name: str) -> str:
    """Return what a figure is called; for a part of what was taken down, its reason."""
    whole, _colon, part = name.partition(":")
    return str(label(part) if part and whole == "taken_down" else NAMES[name])


def column(name: str) -> str:
    """Return what a file calls a figure."""
    return name.replace(":", "_for_" if name.startswith("taken_down") else "_")


def shown_words(shown: Shown | None) -> str:
    """Return a figure as a page shows it."""
    if shown is None:
        return str(_("not shown"))
    return f"{shown.at_least:,}" if shown.is_exact else str(_("fewer than 5"))


def cell(shown: Shown | None) -> int | str:
    """Return a figure as a file has it: a number where it is shown, "<5" for a small one, "" for one kept back."""
    if shown is None:
        return ""
    return shown.at_least if shown.is_exact else "<5"


def duration_words(minutes: float | None) -> str:
    """Return how long something took, in the largest unit that tells enough."""
    if minutes is None:
        return str(_("not shown"))
    if minutes < 60:
        return str(_("%(count)s minutes", count=f"{minutes:g}"))
    if minutes < 48 * 60:
        return str(_("%(count)s hours", count=f"{minutes / 60:.1f}".removesuffix(".0")))
    return str(_("%(count)s days", count=f"{minutes / 60 / 24:.1f}".removesuffix(".0")))
