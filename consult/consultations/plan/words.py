"""The questions of a plan and what its checks say, in words."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from consult.consultations.plan.checks import WEEK, Check, Finding
from consult.consultations.plan.models import Question, Section

QUESTION_WORDS = {
    Question.UNDECIDED: _l("What is undecided?"),
    Question.AFFECTED: _l("Who is affected?"),
    Question.GATHER: _l("Where do they already gather?"),
    Question.ANSWERING: _l("How and when do we answer?"),
    Question.LANGUAGES: _l("Which other languages?"),
    Question.OFFLINE: _l("How can people take part without the internet?"),
    Question.WHY_LONG: _l("Why is this long enough?"),
}
HINTS = {
    Question.UNDECIDED: _l(
        "The choices that are still open, and who makes them. Then what is settled, and why. If nothing is open, do "
        "not consult."
    ),
    Question.AFFECTED: _l(
        "Groups, not “the public”: who gains, who loses, and who is touched without knowing it."
    ),
    Question.GATHER: _l(
        "Places that are there without you: forums, meetings, associations. Say whom you ask first."
    ),
    Question.ANSWERING: _l(
        "Who answers questions, how many half-days a week, within how many working days, and the date of the outcome."
    ),
    Question.LANGUAGES: _l(
        "Besides English and Welsh: which, and how answers in them are read. If none, say why none is needed."
    ),
    Question.OFFLINE: _l(
        "Besides post and telephone: paper copies, meetings, and who writes down what is said."
    ),
    Question.WHY_LONG: _l(
        "A sentence or two that you would not mind reading aloud in court. Where it runs over August, Christmas or "
        "Easter, say what you did about that."
    ),
}
SECTION_WORDS = {
    Section.UNDECIDED: _l("What can change"),
    Section.PEOPLE: _l("Who is affected, and where they gather"),
    Section.ANSWERING: _l("Answers"),
    Section.FORMATS: _l("Formats, languages and ways without the internet"),
    Section.TIME: _l("Time"),
}
FORMAT_WORDS = {
    "easy_read": _l("Easy Read"),
    "bsl": _l("British Sign Language"),
    "large_print": _l("Large print"),
    "welsh": _l("Welsh"),
}
WHERE = {  # the section in which a finding is mended; what is not here is mended elsewhere
    Check.UNDECIDED: Section.UNDECIDED,
    Check.AFFECTED: Section.PEOPLE,
    Check.GATHER: Section.PEOPLE,
    Check.ANSWERING: Section.ANSWERING,
    Check.LANGUAGES: Section.FORMATS,
    Check.OFFLINE: Section.FORMATS,
    Check.WHY_LONG: Section.TIME,
}

OF_DATES = (  # mended where the dates are changed
    *(Check.DATES, Check.MINIMUM, Check.AUGUST, Check.CHRISTMAS),
    *(Check.EASTER, Check.ELECTION, Check.CLOSING_DAY),
)
OF_HOLIDAYS = (Check.AUGUST, Check.CHRISTMAS, Check.EASTER)  # settled by a reason that names the holiday


def length(days: int) -> str:
    """Return a length as people say it: “8 weeks”, “8 weeks and 3 days”, “5 days”."""
    weeks, left = divmod(days, WEEK)
    in_weeks = ngettext("%(num)s week", "%(num)s weeks", weeks)
    in_days = ngettext("%(num)s day", "%(num)s days", left)
    if not weeks:
        return str(in_days)
    return str(_("%(weeks)s and %(days)s", weeks=in_weeks, days=in_days) if left else in_weeks)


def sentence(finding: Finding, organisation: str, say: Callable[[date], Any]) -> str:
    """Return what a check found, for those who write the plan. `say` writes a day."""
    facts: dict[str, Any] = dict(finding.facts)
    if "short" in facts:
        return str(
            _(
                "“%(question)s” is answered with “%(words)s”. Say it in a sentence that a stranger understands.",
                question=QUESTION_WORDS[Question(finding.check.value)],
                words=facts["short"],
            )
        )
    if "everybody" in facts:
        return str(_("Everybody is nobody: name the groups that are affected, and how."))
    return str(_SAID[finding.check](facts, organisation, say))


def _plain(words: Any) -> Callable[[dict[str, Any], str, Callable[[date], Any]], Any]:
    return lambda facts, organisation, say: words


def _why_long(facts: dict[str, Any], organisation: str, say: Callable[[date], Any]) -> str:
    if facts["days"] is None:
        return str(_("Say why it is long enough."))
    return str(
        _(
            "It is open for %(length)s: say why this is long enough. The Consultation Principles of 2018 ask for a "
            "proportionate time, and name no number of weeks.",
            length=length(facts["days"]),
        )
    )


def _minimum(facts: dict[str, Any], organisation: str, say: Callable[[date], Any]) -> str:
    return str(
        _(
            "%(organisation)s has a rule of its own: %(weeks)s or more. It is open for %(length)s. This is no law: where "
            "you are quicker, say why.",
            length=length(facts["days"]),
            organisation=organisation,
            weeks=length(facts["weeks"] * WEEK),
        )
    )


def _formats(facts: dict[str, Any], organisation: str, say: Callable[[date], Any]) -> str:
    names = ", ".join(str(FORMAT_WORDS[name]) for name in facts["missing"])
    return str(_("Not spoken of: %(formats)s. Say where it is, or how to ask for it.", formats=names))


def _days_of(words: Callable[[int], str]) -> Callable[[dict[str, Any], str, Callable[[date], Any]], str]:
    return lambda facts, organisation, say: words(facts["days"])


_SAID: dict[Check, Callable[[dict[str, Any], str, Callable[[date], Any]], Any]] = {
    Check.UNDECIDED: _plain(_l("Nothing is said to be undecided. If nothing can change, do not consult.")),
    Check.AFFECTED: _plain(_l("Nobody is named who is affected.")),
    Check.GATHER: _plain(_l("It is not said where these people already gather.")),
    Check.ANSWERING: _plain(_l("It is not said who answers, and by when.")),
    Check.NOBODY: _plain(_l("Nobody is an official of this unit, so nobody can answer.")),
    Check.FORMATS: _formats,
    Check.LANGUAGES: _plain(_l("Nothing is said of other languages. If none is needed, say why.")),
    Check.OFFLINE: _plain(_l("There is no way to take part without the internet.")),
    Check.DATES: _plain(_l("The days of opening and closing are not set, so its length cannot be told.")),
    Check.WHY_LONG: _why_long,
    Check.MINIMUM: _minimum,
    Check.AUGUST: _days_of(
        lambda days: ngettext(
            "%(num)s day of it is in August, when many are away. Add time, or say what you did instead.",
            "%(num)s days of it are in August, when many are away. Add time, or say what you did instead.",
            days,
        )
    ),
    Check.CHRISTMAS: _days_of(
        lambda days: ngettext(
            "%(num)s day of it lies between 18 December and 6 January. Add time, or say what you did instead.",
            "%(num)s days of it lie between 18 December and 6 January. Add time, or say what you did instead.",
            days,
        )
    ),
    Check.EASTER: lambda facts, organisation, say: _(
        "It runs over Easter (%(day)s). Add time, or say what you did instead.", day=say(facts["day"])
    ),
    Check.ELECTION: lambda facts, organisation, say: _(
        "It is open in the time before an election, %(first)s to %(last)s (%(name)s).",
        first=say(facts["first"]),
        last=say(facts["last"]),
        name=facts["name"],
    ),
    Check.CLOSING_DAY: lambda facts, organisation, say: _(
        "It closes on %(day)s, a weekend or a bank holiday in England and Wales, when your unit may not be at work.",
        day=say(facts["day"]),
    ),
}
