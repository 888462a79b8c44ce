"""What a unit promises about answers, in words: within so many working days, or at the end.

The number of days is None where a unit answers at the end. The first sentence is the site's own (and stands in every
place to the letter); what is not yet due at the end is never late.
"""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

AT_THE_END = "end"  # in forms and addresses, where a number of days could stand


def sentence(days: int | None) -> str:
    """Return the promise as people read it beside a draft."""
    if days is None:
        return str(
            _(
                "We read every comment. We answer questions at the end, and will say then what we did about the rest."
            )
        )
    return str(
        ngettext(
            "We read every comment. We aim to answer questions within %(num)s working day, and will say at the end what we did about the rest.",
            "We read every comment. We aim to answer questions within %(num)s working days, and will say at the end what we did about the rest.",
            days,
        )
    )


def sentence_of(some: Iterable[int | None], usual: int) -> str:
    """Return the promise that holds for several units: the longest one, and that some answer at the end."""
    promised = set(some) or {usual}
    days = [each for each in promised if each is not None]
    if days and len(days) < len(promised):
        return f"{sentence(max(days))} {_('Some units answer questions at the end; their drafts say so.')}"
    return sentence(max(days, default=None))


def brief(days: int | None) -> str:
    """Return the promise in a few words, for a table: "5 working days", "at the end"."""
    if days is None:
        return str(_("at the end"))
    return str(ngettext("%(num)s working day", "%(num)s working days", days))


def is_late(waited: int, days: int | None) -> bool:
    """Say whether what has waited for so many working days is past the promise."""
    return days is not None and waited > days


def ordered(some: Iterable[int | None]) -> list[int | None]:
    """Return different promises, the soonest first and "at the end" last."""
    return sorted(set(some), key=lambda days: (days is None, days or 0))
