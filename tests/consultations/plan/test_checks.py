"""The checks of a plan, each by examples and at its edges."""

from datetime import date

import pytest

from consult.consultations.plan import checks
from consult.consultations.plan.checks import FORMATS, Check, Planned
from consult.consultations.plan.models import Question

GOOD = Planned(
    answers=dict.fromkeys(Question, "Said in words."),
    opens_on=date(2026, 10, 6),  # a Tuesday
    closes_on=date(2026, 12, 1),  # eight weeks later
    formats=dict.fromkeys(FORMATS, "Ask us."),
    post="1 Example Street",
    telephone="020 7946 0123",
    officials=2,
)


def planned(**other) -> Planned:
    return Planned(**{**GOOD.__dict__, **other})


def found(**other) -> set[Check]:
    return {each.check for each in checks.findings(planned(**other))}


def said(*unsaid: Question, blank: str = "") -> dict[Question, str]:
    return {**GOOD.answers, **dict.fromkeys(unsaid, blank)}


def test_a_sound_plan_has_nothing_to_look_at():
    assert found() == set()


def test_an_empty_plan_has_all_that_can_be_missing():
    assert {each.check for each in checks.findings(Planned())} == {
        *(Check.UNDECIDED, Check.AFFECTED, Check.GATHER, Check.ANSWERING, Check.NOBODY),
        *(Check.FORMATS, Check.LANGUAGES, Check.OFFLINE, Check.DATES, Check.WHY_LONG),
    }


@pytest.mark.parametrize(
    ("question", "check"),
    [
        (Question.UNDECIDED, Check.UNDECIDED),
        (Question.AFFECTED, Check.AFFECTED),
        (Question.GATHER, Check.GATHER),
        (Question.ANSWERING, Check.ANSWERING),
        (Question.LANGUAGES, Check.LANGUAGES),
        (Question.WHY_LONG, Check.WHY_LONG),
    ],
)
def test_a_question_without_an_answer_is_found(question, check):
    assert found(answers=said(question)) == {check}
    assert found(answers=said(question, blank=" \n ")) == {check}


def test_post_a_telephone_or_words_are_a_way_without_the_internet():
    none = {"answers": said(Question.OFFLINE), "post": " ", "telephone": ""}
    assert found(**none) == {Check.OFFLINE}
    assert found(**{**none, "post": "1 Example Street"}) == set()
    assert found(**{**none, "telephone": "020 7946 0123"}) == set()
    assert found(**{**none, "answers": GOOD.answers}) == set()


def test_formats_that_are_missing_are_named():
    lacking = {**GOOD.formats, "bsl": "", "welsh": " "}
    (finding,) = checks.findings(planned(formats=lacking))
    assert finding.facts["missing"] == ["bsl", "welsh"]


def test_nobody_to_answer_is_found_though_the_question_is_answered():
    assert found(officials=0) == {Check.NOBODY}


def test_why_it_is_long_enough_is_asked_with_its_length():
    (finding,) = checks.findings(planned(answers=said(Question.WHY_LONG)))
    assert finding.facts["days"] == 56


@pytest.mark.parametrize(
    ("weeks", "closes", "is_short"),
    [
        (8, date(2026, 12, 1), False),  # exactly eight weeks
        (8, date(2026, 11, 30), True),  # a day less
        (9, date(2026, 12, 1), True),
        (None, date(2026, 10, 7), False),  # no rule of its own: no minimum at all
    ],
)
def test_only_an_own_minimum_is_a_minimum(weeks, closes, is_short):
    assert (Check.MINIMUM in found(minimum_weeks=weeks, closes_on=closes)) == is_short


@pytest.mark.parametrize(
    "missing", [{"opens_on": None}, {"closes_on": None}, {"closes_on": date(2026, 10, 5)}]
)
def test_without_both_days_in_their_order_there_is_no_length(missing):
    assert Check.DATES in found(minimum_weeks=30, **missing)
    assert Check.MINIMUM not in found(minimum_weeks=30, **missing)


def _days(check: Check, opens: date, closes: date) -> object:
    for each in checks.findings(planned(opens_on=opens, closes_on=closes)):
        if each.check is check:
            return each.facts.get("days", True)
    return None


@pytest.mark.parametrize(
    ("opens", "closes", "days"),
    [
        (date(2026, 6, 1), date(2026, 7, 31), None),
        (date(2026, 6, 1), date(2026, 8, 3), 3),
        (date(2026, 8, 28), date(2026, 10, 1), 4),
        (date(2026, 9, 1), date(2026, 10, 1), None),
        (date(2026, 7, 1), date(2026, 9, 30), 31),
        (date(2026, 7, 1), date(2027, 8, 3), 34),  # two of them
    ],
)
def test_days_in_august(opens, closes, days):
    assert _days(Check.AUGUST, opens, closes) == days


@pytest.mark.parametrize(
    ("opens", "closes", "days"),
    [
        (date(2026, 11, 2), date(2026, 12, 17), None),
        (date(2026, 11, 2), date(2026, 12, 18), 1),
        (date(2027, 1, 6), date(2027, 2, 10), 1),  # it began in the year before
        (date(2027, 1, 7), date(2027, 2, 10), None),
        (date(2026, 12, 1), date(2027, 1, 29), 20),
        (date(2026, 12, 30), date(2027, 1, 4), 6),  # within it, over the end of the year
        (date(2026, 12, 1), date(2028, 1, 31), 40),
    ],
)
def test_days_of_christmas_and_new_year(opens, closes, days):
    assert _days(Check.CHRISTMAS, opens, closes) == days


@pytest.mark.parametrize(
    ("opens", "closes", "is_over"),
    [
        (date(2027, 3, 1), date(2027, 3, 25), None),  # Easter Sunday is 28 March 2027
        (date(2027, 3, 1), date(2027, 3, 26), True),  # Good Friday
        (date(2027, 3, 29), date(2027, 4, 20), True),  # Easter Monday
        (date(2027, 3, 30), date(2027, 4, 20), None),
        (date(2027, 12, 1), date(2028, 4, 20), True),  # 16 April of the year after
    ],
)
def test_easter(opens, closes, is_over):
    assert _days(Check.EASTER, opens, closes) == is_over


@pytest.mark.parametrize(
    ("first", "last", "is_in"),
    [
        (date(2026, 12, 1), date(2027, 1, 10), True),  # its first day is the last of the consultation
        (date(2026, 12, 2), date(2027, 1, 10), False),
        (date(2026, 9, 1), date(2026, 10, 6), True),
        (date(2026, 9, 1), date(2026, 10, 5), False),
    ],
)
def test_the_time_before_an_election(first, last, is_in):
    assert (Check.ELECTION in found(elections=[("Council election", first, last)])) == is_in


@pytest.mark.parametrize(
    ("closes", "is_bad"),
    [
        (date(2026, 12, 5), True),  # a Saturday
        (date(2026, 12, 4), False),
        (date(2027, 5, 3), True),  # the early May bank holiday
    ],
)
def test_a_closing_when_nobody_answers(closes, is_bad):
    assert (Check.CLOSING_DAY in found(closes_on=closes)) == is_bad


@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize(("words", "is_found"), [(".", True), ("Not known.", True), ("Two of us.", False)])
def test_an_answer_of_a_word_or_two_is_no_answer(question, words, is_found):
    assert found(answers=said(question, blank=words)) == ({Check(question.value)} if is_found else set())


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("The general public.", True),
        ("Everyone", True),
        ("  “members of the public”", True),
        ("The public, above all wheelchair users", False),
    ],
)
def test_the_public_is_nobody_in_particular(words, is_found):
    answers = {**GOOD.answers, Question.AFFECTED: words}
    assert [each.facts for each in checks.findings(planned(answers=answers))] == (
        [{"everybody": True}] if is_found else []
    )


@pytest.mark.parametrize(
    ("why", "settled"),
    [
        ("Ten weeks. We added two for Christmas.", {"christmas"}),
        ("Two weeks more because of the summer and of Easter.", {"august", "easter"}),
        ("Ten weeks, because we said so.", set()),
    ],
)
def test_a_holiday_is_settled_by_a_reason_that_names_it(why, settled):
    answers = {**GOOD.answers, Question.WHY_LONG: why}
    year = {"opens_on": date(2026, 7, 1), "closes_on": date(2027, 4, 20), "answers": answers}
    holidays = {each.check.value: each.settled for each in checks.findings(planned(**year))}
    assert set(holidays) == {"august", "christmas", "easter"}
    assert {name for name, words in holidays.items() if words} == settled
