"""What a plan lacks or should look at again: one small rule each, with where it comes from. Pure.

No rule stops anything. None of them is told as law: there is no length that the law sets for every consultation.
"""

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from consult.consultations.plan.models import Question
from consult.workdays import DAY, easter, is_working_day

FORMATS = ("easy_read", "bsl", "large_print", "welsh")
WEEK = 7
CHRISTMAS = (12, 18), (1, 6)  # month and day: the first and the last of the days to keep clear of
FEWEST_WORDS = 3  # of an answer that says something
SHOWN = 60  # characters of one that does not
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
NO_GROUP = {  # words for everybody, which name nobody who is affected
    *("public", "the public", "general public", "the general public", "members of the public"),
    *("everybody", "everyone", "anybody", "anyone"),
}
NAMED = {  # how a reason names a holiday, in English and in Welsh
    "august": re.compile(r"\b(?:august|summer|awst|haf)\b", re.I),
    "christmas": re.compile(r"\b(?:christmas|nadolig)\b", re.I),
    "easter": re.compile(r"\b(?:easter|pasg)\b", re.I),
}


class Check(enum.Enum):
    """What is looked at."""

    UNDECIDED = "undecided"
    AFFECTED = "affected"
    GATHER = "gather"
    ANSWERING = "answering"
    NOBODY = "nobody"
    FORMATS = "formats"
    LANGUAGES = "languages"
    OFFLINE = "offline"
    DATES = "dates"
    WHY_LONG = "why_long"
    MINIMUM = "minimum"
    AUGUST = "august"
    CHRISTMAS = "christmas"
    EASTER = "easter"
    ELECTION = "election"
    CLOSING_DAY = "closing_day"


@dataclass(frozen=True)
class Finding:
    """What a check found. `page` names the toolkit page that helps; `facts` are for the sentence that says it.

    `settled` is what the plan itself says to it, where it does.
    """

    check: Check
    page: str
    facts: Mapping[str, object] = field(default_factory=dict)
    settled: str = ""


@dataclass(frozen=True)
class Planned:
    """All that the checks look at. Days are those of the site's calendar; `elections` are name, first and last day."""

    answers: Mapping[Question, str] = field(default_factory=dict)
    opens_on: date | None = None
    closes_on: date | None = None
    formats: Mapping[str, str] = field(default_factory=dict)
    post: str = ""
    telephone: str = ""
    officials: int = 0
    minimum_weeks: int | None = None
    elections: Sequence[tuple[str, date, date]] = ()

    def says(self, question: Question) -> bool:
        return bool(self.answers.get(question, "").strip())

    def says_too_little(self, question: Question) -> str:
        """Return an answer in a word or two, or a sign; "" for none, and for one that says more."""
        words = self.answers.get(question, "").strip()
        return words[:SHOWN] if len(WORD.findall(words)) < FEWEST_WORDS else ""

    def reason_naming(self, holiday: str) -> str:
        """Return what the reason for its length says of a holiday, in the sentences that name it."""
        sentences = SENTENCE.split(self.answers.get(Question.WHY_LONG, "").strip())
        return " ".join(each for each in sentences if NAMED[holiday].search(each))

    @property
    def days(self) -> int | None:
        """How many days lie between opening and closing: 56 from a Tuesday to the eighth Tuesday after."""
        if self.opens_on is None or self.closes_on is None or self.closes_on < self.opens_on:
            return None
        return (self.closes_on - self.opens_on).days

    def days_within(self, first: date, last: date) -> int:
        """Return on how many of these days, the first and the last among them, people can take part."""
        if self.opens_on is None or self.closes_on is None:
            return 0
        return max(0, (min(last, self.closes_on) - max(first, self.opens_on)).days + 1)

    @property
    def years(self) -> range:
        if self.opens_on is None or self.closes_on is None:
            return range(0)
        return range(self.opens_on.year, self.closes_on.year + 1)


def _answered(plan: Planned, question: Question, check: Check, page: str, **facts: object) -> Finding | None:
    """Return what is wrong with an answer: there is none, or it is too short to say anything."""
    if not plan.says(question):
        return Finding(check, page, facts)
    short = plan.says_too_little(question)
    return Finding(check, page, {"short": short}) if short else None


def undecided(plan: Planned) -> Finding | None:
    """Nothing is undecided: then there is nothing to consult on.

    The first Gunning principle, proposals still at a formative stage (R v Brent LBC ex parte Gunning, 1985; R (Moseley) v
    Haringey, 2014); Consultation Principles (Cabinet Office, 2018), B: no views are asked on what is already decided.
    """
    return _answered(plan, Question.UNDECIDED, Check.UNDECIDED, "gunning-principles")


def affected(plan: Planned) -> Finding | None:
    """Nobody is named who is affected, or just everybody. Consultation Principles (2018), F: they are targeted."""
    said = " ".join(WORD.findall(plan.answers.get(Question.AFFECTED, "").casefold()))
    if said in NO_GROUP:
        return Finding(Check.AFFECTED, "engagement-plan", {"everybody": True})
    return _answered(plan, Question.AFFECTED, Check.AFFECTED, "engagement-plan")


def gather(plan: Planned) -> Finding | None:
    """It is not said where they meet already. Consultation Principles (2018), F; our own advice."""
    return _answered(plan, Question.GATHER, Check.GATHER, "finding-communities")


def answering(plan: Planned) -> Finding | None:
    """It is not said who answers and when. Our own advice; Consultation Principles (2018), J: answered in good time."""
    return _answered(plan, Question.ANSWERING, Check.ANSWERING, "staff-time-and-support")


def nobody(plan: Planned) -> Finding | None:
    """No official has a part in the unit, so that nobody could answer here. Our own advice."""
    return None if plan.officials else Finding(Check.NOBODY, "staff-time-and-support")


def formats(plan: Planned) -> Finding | None:
    """A format is not spoken of. Equality Act 2010, sections 20 and 29 (adjustments), and Consultation Principles, F."""
    missing = [name for name in FORMATS if not plan.formats.get(name, "").strip()]
    return Finding(Check.FORMATS, "accessibility-and-easy-read", {"missing": missing}) if missing else None


def languages(plan: Planned) -> Finding | None:
    """Languages but English and Welsh are not thought of. Our own advice; “none, because …” is an answer."""
    return _answered(plan, Question.LANGUAGES, Check.LANGUAGES, "welsh-and-other-languages")


def offline(plan: Planned) -> Finding | None:
    """There is no way without the internet. Consultation Principles (2018), F: tailored to those who are asked."""
    if not plan.says(Question.OFFLINE) and (plan.post.strip() or plan.telephone.strip()):
        return None
    return _answered(plan, Question.OFFLINE, Check.OFFLINE, "inviting-quiet-voices")


def dates(plan: Planned) -> Finding | None:
    """It cannot be told how long it is open: a date is missing, or they are the wrong way round."""
    return Finding(Check.DATES, "choosing-dates") if plan.days is None else None


def why_long(plan: Planned) -> Finding | None:
    """It is not said why this is long enough, for however many weeks.

    Consultation Principles (2018), E: “consultations should last for a proportionate amount of time”; the third Gunning
    principle, adequate time. Neither names a number of weeks.
    """
    return _answered(plan, Question.WHY_LONG, Check.WHY_LONG, "choosing-dates", days=plan.days)


def minimum(plan: Planned) -> Finding | None:
    """It is shorter than the organisation's own rule, which is no law. It says its own minimum in its settings."""
    if plan.minimum_weeks is None or plan.days is None or plan.days >= plan.minimum_weeks * WEEK:
        return None
    return Finding(Check.MINIMUM, "choosing-dates", {"days": plan.days, "weeks": plan.minimum_weeks})


def august(plan: Planned) -> Finding | None:
    """It runs over August. Consultation Principles (2018), G: holiday periods; advice of a Lords committee of 2013."""
    days = sum(plan.days_within(date(year, 8, 1), date(year, 8, 31)) for year in plan.years)
    return _of_holiday(plan, Check.AUGUST, {"days": days}) if days else None


def christmas(plan: Planned) -> Finding | None:
    """It runs over Christmas and New Year, from 18 December to 6 January. As `august`; the days are our own advice."""
    if not plan.years:
        return None
    (month, day), (next_month, next_day) = CHRISTMAS
    years = range(plan.years[0] - 1, plan.years[-1] + 1)
    days = sum(
        plan.days_within(date(year, month, day), date(year + 1, next_month, next_day)) for year in years
    )
    return _of_holiday(plan, Check.CHRISTMAS, {"days": days}) if days else None


def over_easter(plan: Planned) -> Finding | None:
    """It runs over Easter, from Good Friday to Easter Monday. As `august`."""
    for year in plan.years:
        sunday = easter(year)
        if plan.days_within(sunday - timedelta(days=2), sunday + DAY):
            return _of_holiday(plan, Check.EASTER, {"day": sunday})
    return None


def _of_holiday(plan: Planned, check: Check, facts: Mapping[str, object]) -> Finding:
    """Return that it runs over a holiday, with what its reason says of that: then it is settled."""
    return Finding(check, "choosing-dates", facts, plan.reason_naming(check.value))


def election(plan: Planned) -> Finding | None:
    """It is open in a time before an election that the organisation has set. Consultation Principles (2018), K."""
    for name, first, last in plan.elections:
        if plan.days_within(first, last):
            return Finding(Check.ELECTION, "elections", {"name": name, "first": first, "last": last})
    return None


def closing_day(plan: Planned) -> Finding | None:
    """It closes on a weekend or a bank holiday of England and Wales, when its unit may not be at work. Our own advice."""
    if plan.closes_on is None or is_working_day(plan.closes_on):
        return None
    return Finding(Check.CLOSING_DAY, "choosing-dates", {"day": plan.closes_on})


CHECKS: Sequence[Callable[[Planned], Finding | None]] = (
    *(undecided, affected, gather, answering, nobody, formats, languages, offline),
    *(dates, why_long, minimum, august, christmas, over_easter, election, closing_day),
)


def findings(plan: Planned) -> list[Finding]:
    """Return what every check found, in the order of the page, what the plan has settled among it."""
    return [found for check in CHECKS if (found := check(plan)) is not None]
