"""What the desk says: the names of its lists, orders, kinds and places, and what was done a moment ago."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.consultations import verdicts
from consult.discussion.desk.listing import MOST_COUNTED
from consult.discussion.desk.models import ActKind, DeskAct
from consult.discussion.desk.sieve import Order, View
from consult.discussion.kind_words import LABELS
from consult.discussion.ledger.models import Place
from consult.discussion.models import Kind

ORDER = (Kind.QUESTION, Kind.CONCERN, Kind.SUPPORT, Kind.SUGGESTION, Kind.EVIDENCE, Kind.COMMENT)


def views() -> dict[View, str]:
    return {
        View.WAITING: str(_("Waiting")),
        View.MINE: str(_("With me")),
        View.UNREAD: str(_("Unread")),
        View.IN_PROGRESS: str(_("In progress")),
        View.ANSWERED: str(_("Answered")),
        View.ALL: str(_("All")),
    }


def orders() -> dict[Order, str]:
    return {
        Order.OLDEST: str(_("Oldest first")),
        Order.NEWEST: str(_("Newest first")),
        Order.ASKERS: str(_("Most askers first")),
        Order.PARAGRAPH: str(_("By paragraph")),
    }


def kinds() -> dict[Kind, str]:
    return {kind: str(LABELS[kind]) for kind in ORDER}


def places() -> dict[Place, str]:
    return {
        Place.NEW: str(_("Unread")),
        Place.READ: str(_("Read")),
        Place.IN_PROGRESS: str(_("In progress")),
        Place.ANSWERED: str(_("Answered")),
    }


def count_words(count: int) -> str:
    """Return a count that stops somewhere: "1,000+" for more than that."""
    return f"{count:,}" if count <= MOST_COUNTED else f"{MOST_COUNTED:,}+"


def heading(view: View, count: int) -> str:
    """Return what heads a list, with how much is in it."""
    words = {
        View.WAITING: ngettext(
            "%(count)s question waiting", "%(count)s questions waiting", count, count=count_words(count)
        ),
        View.MINE: ngettext(
            "%(count)s comment with me", "%(count)s comments with me", count, count=count_words(count)
        ),
        View.UNREAD: ngettext(
            "%(count)s unread comment", "%(count)s unread comments", count, count=count_words(count)
        ),
        View.IN_PROGRESS: ngettext(
            "%(count)s question in progress",
            "%(count)s questions in progress",
            count,
            count=count_words(count),
        ),
        View.ANSWERED: ngettext(
            "%(count)s answered comment", "%(count)s answered comments", count, count=count_words(count)
        ),
        View.ALL: ngettext("%(count)s comment", "%(count)s comments", count, count=count_words(count)),
    }
    return str(words[view])


def nothing(view: View) -> str:
    """Return what stands where a list is empty."""
    words = {
        View.WAITING: _("Every question is answered."),
        View.MINE: _("Nothing is with you."),
        View.UNREAD: _("Everything has been read."),
        View.IN_PROGRESS: _("No question is in progress."),
        View.ANSWERED: _("Nothing has been answered yet."),
        View.ALL: _("Nobody has said anything yet."),
    }
    return str(words[view])


def done(act: DeskAct, before: Mapping[str, Any], names: Mapping[int, str], titles: Mapping[int, str]) -> str:
    """Say what an act did; `names` are those of colleagues and `titles` those of points, by id."""
    count = act.item_count
    if act.kind is ActKind.READ:
        return str(ngettext("%(num)s comment marked as read.", "%(num)s comments marked as read.", count))
    if act.kind is ActKind.ANSWER:
        return str(ngettext("%(num)s comment answered.", "%(num)s comments answered.", count))
    if act.kind is ActKind.ASSIGN:
        return _given(count, before.get("given"), names)
    if act.kind is ActKind.VERDICT:
        return str(
            ngettext(
                "%(num)s comment has a verdict now: %(verdict)s.",
                "%(num)s comments have a verdict now: %(verdict)s.",
                count,
                verdict=verdicts.LABELS[verdicts.Verdict(before["verdict"])] if before else "",
            )
        )
    title = titles.get(before.get("point", 0), "")
    if before.get("was_there"):
        return str(
            ngettext(
                "%(num)s comment taken from the point “%(title)s”.",
                "%(num)s comments taken from the point “%(title)s”.",
                count,
                title=title,
            )
        )
    return str(
        ngettext(
            "%(num)s comment put under the point “%(title)s”.",
            "%(num)s comments put under the point “%(title)s”.",
            count,
            title=title,
        )
    )


def _given(count: int, given: int | None, names: Mapping[int, str]) -> str:
    if given is None:
        return str(
            ngettext("%(num)s comment is with nobody now.", "%(num)s comments are with nobody now.", count)
        )
    name = names.get(given, _("a colleague"))
    return str(
        ngettext(
            "%(num)s comment given to %(name)s.", "%(num)s comments given to %(name)s.", count, name=name
        )
    )
