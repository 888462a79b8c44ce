"""What the lists of the monitor are called, and what their figures mean."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.monitor.rows import Found
from consult.monitor.rules import MUCH_TALK, OFTEN, SHORTEST, SILENT_DAYS


@dataclass(frozen=True)
class Words:
    """The words of one list: its title, the note beside it, the heads of its columns, and what an end of it was."""

    title: str
    note: str
    what: str
    figure: str
    since: str
    emptied: str  # "None, since …": with %(day)s
    always: str  # the same where that never happened


def words() -> dict[str, Words]:
    """Return the words of every list, by its name."""
    since, never = _("Since"), _("None, since this site began on %(day)s.", day="%(day)s")
    by_reply = _("None, since the last official reply on %(day)s.", day="%(day)s")
    return {
        "questions": Words(
            _("Questions that wait for an answer"),
            _("Those past the day the unit aims for come first. Working days."),
            *(_("Question"), _("Waiting (working days)"), since),
            _("None waits: the last was answered on %(day)s.", day="%(day)s"),
            never,
        ),
        "joined": Words(
            _("Much discussed, and no official has joined"),
            _("%(num)s comments or more, no official reply", num=MUCH_TALK),
            *(_("Paragraph"), _("Comments"), since),
            by_reply,
            never,
        ),
        "units": Words(
            _("Units that have gone quiet"),
            _("Comments to answer, and no official reply for %(num)s days", num=SILENT_DAYS),
            *(_("Unit"), _("Days of silence"), since),
            by_reply,
            never,
        ),
        "outcomes": Words(
            _("Closed without an outcome"),
            _("Awaited for 12 weeks after the closing, overdue from then on"),
            *(_("Consultation"), _("Days since the closing"), _("Closed")),
            _("None, since the last outcome was published on %(day)s.", day="%(day)s"),
            never,
        ),
        "short": Words(
            _("Open for too short a time, or over holidays"),
            _("Fewer than %(num)s days outside holidays", num=SHORTEST),
            *(_("Consultation"), _("Days outside holidays"), _("Opens")),
            _("None, since the last consultation opened on %(day)s.", day="%(day)s"),
            never,
        ),
        "silent": Words(
            _("Paragraphs nobody has spoken about"),
            _("In consultations that are open. Choose a number to be the first."),
            *(_("Draft"), _("Paragraphs"), _("Open since")),
            _("None, since the last comment on %(day)s.", day="%(day)s"),
            never,
        ),
        "pages": Words(
            _("Toolkit pages past their review"),
            _("Each page says by when it will be read again"),
            *(_("Page"), _("Days past the review"), _("Review was due")),
            _("None, since the last review on %(day)s.", day="%(day)s"),
            never,
        ),
        "searches": Words(
            _("Searches that found nothing"),
            _("Looked for %(num)s times or more in 90 days; who it was is not kept", num=OFTEN),
            *(_("Words"), _("Times"), _("Last on")),
            _("None, since one that was looked for less often on %(day)s.", day="%(day)s"),
            never,
        ),
    }


def counted(name: str, found: Found) -> tuple[int, str]:
    """Return the figure of a list for the counts at the top of the page, and what it counts."""
    late, count = found.late, found.count
    if name == "questions":
        return late, ngettext("question past the promise", "questions past the promise", late)
    if name == "outcomes":
        return late, ngettext(
            "consultation late with its outcome", "consultations late with their outcome", late
        )
    words = {
        "joined": ngettext(
            "much-discussed paragraph without an official",
            "much-discussed paragraphs without an official",
            count,
        ),
        "units": ngettext("silent unit", "silent units", count),
        "short": ngettext("consultation with too little time", "consultations with too little time", count),
        "silent": ngettext("paragraph nobody has spoken about", "paragraphs nobody has spoken about", count),
        "pages": ngettext("toolkit page past its review", "toolkit pages past their review", count),
        "searches": ngettext("search that found nothing", "searches that found nothing", count),
    }
    return count, str(words[name])


def of_late(name: str, found: Found) -> str:
    """Return how many of a list are late, in a sentence beside its title; "" where that says nothing."""
    if name == "questions" and found.count:
        return str(
            ngettext(
                "%(num)s waiting, %(late)s for longer than promised",
                "%(num)s waiting, %(late)s for longer than promised",
                found.count,
                late=found.late,
            )
        )
    if name == "outcomes" and found.count:
        return str(
            ngettext(
                "%(num)s without an outcome, %(late)s overdue",
                "%(num)s without an outcome, %(late)s overdue",
                found.count,
                late=found.late,
            )
        )
    return ""


def waiting_title(waiting: list[int]) -> str:
    """Return the finding of the chart of what waits: now, and compared with a week ago."""
    now, before = waiting[-1], waiting[-2]
    if not any(waiting):
        return str(_("No question has waited in these weeks"))
    if now == before:
        return str(
            ngettext(
                "%(num)s question waits, as many as a week ago",
                "%(num)s questions wait, as many as a week ago",
                now,
            )
        )
    if now > before:
        return str(
            ngettext(
                "%(num)s question waits, %(more)s more than at the end of last week",
                "%(num)s questions wait, %(more)s more than at the end of last week",
                now,
                more=now - before,
            )
        )
    return str(
        ngettext(
            "%(num)s question waits, %(less)s fewer than at the end of last week",
            "%(num)s questions wait, %(less)s fewer than at the end of last week",
            now,
            less=before - now,
        )
    )


def median_title(medians: list[float | None], shown: str) -> str:
    """Return the finding of the chart of first answers: how long the latest of them took. `shown` is that figure."""
    known = [value for value in medians if value is not None]
    if not known:
        return str(_("No question was answered in these weeks"))
    if medians[-1] is None:
        return str(
            _("Nothing was answered this week; the last first answers took %(num)s working days", num=shown)
        )
    return str(_("First answers took %(num)s working days this week, in the median", num=shown))


def share_title(threads: int, joined: int) -> str:
    """Return the finding of the chart of threads: in how many of all in these weeks a second person replied."""
    if not threads:
        return str(_("Nobody began a thread in these weeks"))
    return str(
        ngettext(
            "A second person replied in %(joined)s of %(num)s thread",
            "A second person replied in %(joined)s of %(num)s threads",
            threads,
            joined=joined,
        )
    )
