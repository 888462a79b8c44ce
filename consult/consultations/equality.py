"""The equality form: what it asks, when, and how its totals are shown so that nobody can be found in them. Pure.

The questions follow the harmonised standards of the Government Statistical Service and the census of 2021, so that
totals can be compared; docs/equality.md names the source of each and proves the rule of suppression in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext as _l

from consult.consultations.stages import Dated, Standing, standing

LEAST = 5  # a smaller number is never shown
NOT_SAID = "not_said"


@dataclass(frozen=True)
class Answer:
    """One answer that can be chosen; `code` is what is stored and exported."""

    code: str
    label: object


@dataclass(frozen=True)
class Question:
    """One question: its `name` heads the totals, `words` is what is asked."""

    code: str
    name: object
    words: object
    answers: tuple[Answer, ...]
    hint: object = ""


def _asked(
    code: str, name: object, words: object, *answers: tuple[str, object], hint: object = ""
) -> Question:
    """Return a question that ends, as they all do, with a way not to answer."""
    given = (*answers, (NOT_SAID, _l("Prefer not to say")))
    return Question(code, name, words, tuple(Answer(*answer) for answer in given), hint)


QUESTIONS = (
    _asked(
        "age",
        _l("Age"),
        _l("How old are you?"),
        ("under_16", _l("Under 16")),
        ("16_24", _l("16 to 24")),
        ("25_34", _l("25 to 34")),
        ("35_44", _l("35 to 44")),
        ("45_54", _l("45 to 54")),
        ("55_64", _l("55 to 64")),
        ("65_74", _l("65 to 74")),
        ("75_over", _l("75 or over")),
    ),
    _asked("sex", _l("Sex"), _l("What is your sex?"), ("female", _l("Female")), ("male", _l("Male"))),
    _asked(
        "gender_identity",
        _l("Gender identity"),
        _l("Is the gender you identify with the same as your sex registered at birth?"),
        ("same", _l("Yes")),
        ("different", _l("No")),
    ),
    _asked(
        "disability",
        _l("Disability and long-term conditions"),
        _l(
            "Do you have any physical or mental health conditions or illnesses lasting or expected to last 12 months or more?"
        ),
        ("a_lot", _l("Yes, and they reduce my ability to carry out day-to-day activities a lot")),
        ("a_little", _l("Yes, and they reduce my ability to carry out day-to-day activities a little")),
        ("not_at_all", _l("Yes, but they do not reduce my ability to carry out day-to-day activities")),
        ("none", _l("No")),
    ),
    _asked(
        "ethnic_group",
        _l("Ethnic group"),
        _l("What is your ethnic group?"),
        ("asian", _l("Asian, Asian British or Asian Welsh")),
        ("black", _l("Black, Black British, Black Welsh, Caribbean or African")),
        ("mixed", _l("Mixed or multiple ethnic groups")),
        ("white", _l("White")),
        ("other", _l("Other ethnic group")),
    ),
    _asked(
        "religion",
        _l("Religion or belief"),
        _l("What is your religion?"),
        ("none", _l("No religion")),
        ("christian", _l("Christian")),
        ("buddhist", _l("Buddhist")),
        ("hindu", _l("Hindu")),
        ("jewish", _l("Jewish")),
        ("muslim", _l("Muslim")),
        ("sikh", _l("Sikh")),
        ("other", _l("Any other religion or belief")),
        hint=_l("Christian includes Church of England, Catholic, Protestant and all others."),
    ),
    _asked(
        "sexual_orientation",
        _l("Sexual orientation"),
        _l("Which of the following best describes your sexual orientation?"),
        ("straight", _l("Straight or heterosexual")),
        ("gay", _l("Gay or lesbian")),
        ("bisexual", _l("Bisexual")),
        ("other", _l("Other sexual orientation")),
    ),
    _asked(
        "caring",
        _l("Caring responsibilities"),
        _l(
            "Do you look after, or give any help or support to, anyone because they have long-term physical or mental health conditions or illnesses, or problems related to old age?"
        ),
        ("none", _l("No")),
        ("up_to_19", _l("Yes, 19 hours a week or less")),
        ("20_49", _l("Yes, 20 to 49 hours a week")),
        ("50_more", _l("Yes, 50 or more hours a week")),
        hint=_l("Leave out anything you do as part of paid work."),
    ),
    _asked(
        "area",
        _l("Where people live"),
        _l("Where do you live?"),
        ("north_east", _l("North East of England")),
        ("north_west", _l("North West of England")),
        ("yorkshire", _l("Yorkshire and The Humber")),
        ("east_midlands", _l("East Midlands")),
        ("west_midlands", _l("West Midlands")),
        ("east", _l("East of England")),
        ("london", _l("London")),
        ("south_east", _l("South East of England")),
        ("south_west", _l("South West of England")),
        ("wales", _l("Wales")),
        ("scotland", _l("Scotland")),
        ("northern_ireland", _l("Northern Ireland")),
        ("elsewhere", _l("Outside the United Kingdom")),
    ),
)
CELLS = tuple((question.code, answer.code) for question in QUESTIONS for answer in question.answers)


# ---- when


class Moved(Protocol):
    """A change of the closing: what it was, and when that was decided."""

    before: datetime
    decided_at: datetime


class Offering(Dated, Protocol):
    """A consultation, as far as its form is concerned."""

    @property
    def extensions(self) -> Iterable[Moved]: ...


def totals_are_out(about: Offering, now: datetime) -> bool:
    """Say whether the totals are shown: from the first closing on, or from the withdrawal, and for ever after.

    Never before: who watches totals grow sees the answers of single people arrive.
    """
    return standing(about, now) in (Standing.CLOSED, Standing.OUTCOME, Standing.WITHDRAWN) or _closed_before(
        about
    )


def takes_answers(about: Offering, now: datetime) -> bool:
    """Say whether the form is taken: while the consultation is open, until it first closes.

    When a closed consultation is opened again its totals are out already, and must not change: what came in between
    could be read off the difference.
    """
    return standing(about, now) is Standing.OPEN and not _closed_before(about)


def _closed_before(about: Offering) -> bool:
    return any(moved.decided_at >= moved.before for moved in about.extensions)


# ---- what is shown


@dataclass(frozen=True)
class Shown:
    """What anybody may know of one number: that it lies between two, which are the same where it is published."""

    at_least: int
    at_most: int

    @property
    def is_exact(self) -> bool:
        return self.at_least == self.at_most

    @property
    def is_small(self) -> bool:
        return self.at_most < LEAST


SMALL = Shown(0, LEAST - 1)


@dataclass(frozen=True)
class Totals:
    """One question as it is published: how many answered it, and each answer. `shown` is empty for too few."""

    question: Question
    total: int
    shown: tuple[Shown, ...]

    def rows(self) -> list[tuple[Answer, Shown]]:
        return list(zip(self.question.answers, self.shown, strict=True)) if self.shown else []

    def share(self, number: int) -> int:
        """Return a published number as whole per cent of the published total: it tells nothing more than they do."""
        return (200 * number + self.total) // (2 * self.total)


def needed(question: Question) -> int:
    """Return how many answers a question must have to be shown at all: five for each that can be chosen."""
    return LEAST * len(question.answers)


def totals(tallies: Mapping[tuple[str, str], int]) -> list[Totals]:
    """Return every question as it is published; `tallies` holds the counts by question and answer."""
    return [_totals(question, tallies) for question in QUESTIONS]


def _totals(question: Question, tallies: Mapping[tuple[str, str], int]) -> Totals:
    counts = [tallies.get((question.code, answer.code), 0) for answer in question.answers]
    shown = suppressed(counts)
    return Totals(question, sum(counts) if shown else 0, tuple(shown))


def suppressed(counts: Sequence[int]) -> list[Shown]:
    """Return what is shown of the counts of one question beside their exact total; nothing when it has too few.

    Small numbers are not shown, and as many others with them as it takes. Those are chosen by their place, from the
    last on, and not by their size; and whether they are enough is read off their sum with the small ones, which
    follows from the total anyhow. So neither the total nor the choice tells how a sum falls into its parts.
    """
    if sum(counts) < LEAST * len(counts):
        return []
    shown = [Shown(count, count) if count >= LEAST else SMALL for count in counts]
    if SMALL in shown:
        _keep_back(counts, shown)
    return shown


def _keep_back(counts: Sequence[int], shown: list[Shown]) -> None:
    """Put ranges in place of as many large numbers as it takes.

    `spare` is by how much what is kept back exceeds the least that it could be, `unsure` how much of it the numbers
    kept back so far may hold, as far as anybody can know. It ends in time: all numbers together exceed their least
    by more than is needed, or the question would have had too few answers.
    """
    small = [count for count in counts if count < LEAST]
    spare, unsure = sum(small), len(small) * SMALL.at_most
    for place in reversed(range(len(counts))):
        if counts[place] < LEAST:
            continue
        spare += counts[place] - LEAST
        if spare >= SMALL.at_most:
            shown[place] = Shown(LEAST + max(0, spare - unsure), LEAST + spare)
            return
        unsure = SMALL.at_most - 1  # more, and one number would have been enough
        shown[place] = Shown(LEAST, LEAST + unsure)
