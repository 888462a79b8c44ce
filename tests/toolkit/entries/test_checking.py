"""Which facts are refused, with what message at which field; pure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.toolkit.entries.checking import mistakes, tidied
from consult.toolkit.entries.filters import BY, Asked, things_of
from consult.toolkit.entries.kinds import FOLDERS, LONGEST_PART, PageKind, fields_of
from consult.toolkit.entries.staleness import (
    Age,
    age,
    has_agreed,
    is_rate_stale,
    months_before,
)
from tests.toolkit.entries.made import CASE_STUDY, COMMUNITY, EXPERT, FACTS, PLATFORM

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("kind", list(PageKind))
def test_whole_facts_are_right(kind):
    assert mistakes(kind, tidied(kind, FACTS[kind]), TODAY) == {}


@pytest.mark.parametrize("kind", list(FOLDERS))
def test_whatever_is_needed_and_left_out_is_asked_for(kind):
    needed = {field.name for field in fields_of(kind) if field.is_needed}
    assert set(mistakes(kind, {}, TODAY)) == needed


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        (EXPERT | {"rate_date": ""}, {"rate_date"}),
        (EXPERT | {"rate_source": "", "rate_date": ""}, {"rate_date", "rate_source"}),
        (EXPERT | {"day_rate": "Not published", "rate_source": "", "rate_date": ""}, set()),
        (EXPERT | {"day_rate": "Not known: they do not say", "rate_date": ""}, set()),
        (EXPERT | {"day_rate": "plenty"}, {"day_rate"}),
        (
            EXPERT | {"day_rate": "Not published but £900", "rate_source": "", "rate_date": ""},
            {"rate_date", "rate_source"},
        ),
        (EXPERT | {"day_rate": "Not published, about 900"}, {"day_rate"}),
        (EXPERT | {"who": ""}, {"who"}),
        (EXPERT | {"who": "Jo Bloggs"}, {"who"}),
        (EXPERT | {"day_rate": "£ lots"}, {"day_rate"}),
        (EXPERT | {"rate_date": "2026-11-25"}, {"rate_date"}),
        (EXPERT | {"rate_date": "last year"}, {"rate_date"}),
        (EXPERT | {"rate_date": "2026-02-30"}, {"rate_date"}),
        (EXPERT | {"checked": "2099-01-01"}, {"checked"}),
        (EXPERT | {"contact": "https://halcyon.example"}, set()),
        (EXPERT | {"contact": "javascript:alert(1)"}, {"contact"}),
        (EXPERT | {"contact": "hello@"}, {"contact"}),
        (EXPERT | {"contact": "https://a.example and more"}, {"contact"}),
        (EXPERT | {"contact": "Not known"}, set()),
        (EXPERT | {"skills": "x" * (LONGEST_PART + 1)}, {"skills"}),
        (EXPERT | {"skills": ";".join(f"skill {n}" for n in range(21))}, {"skills"}),
        (EXPERT | {"skills": " ; "}, {"skills"}),
        (EXPERT | {"conflicts": "x" * 1_001}, {"conflicts"}),
        (EXPERT | {"conflicts": "right\u202eleft"}, {"conflicts"}),
        (EXPERT | {"example": "perhaps"}, {"example"}),
    ],
)
def test_of_an_expert(facts, wrong):
    assert set(mistakes(PageKind.EXPERT, tidied(PageKind.EXPERT, facts), TODAY)) == wrong


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"year": "2019 to 2021"}, set()),
        ({"year": "2021–2019"}, {"year"}),
        ({"year": "lately"}, {"year"}),
        ({"year": "2026"}, set()),
        ({"year": "2027"}, {"year"}),
        ({"year": "2025 to 2999"}, {"year"}),
        ({"serves": "100"}, {"serves"}),
        ({"organisation_kind": "parish"}, {"organisation_kind"}),
        ({"consultation": "crossing-times"}, set()),
        ({"consultation": "https://elsewhere.example/x"}, {"consultation"}),
    ],
)
def test_of_a_case_study(facts, wrong):
    found = mistakes(PageKind.CASE_STUDY, tidied(PageKind.CASE_STUDY, CASE_STUDY | facts), TODAY)
    assert set(found) == wrong


def test_a_day_as_people_write_it_is_stored_as_a_day():
    assert tidied(PageKind.PLATFORM, PLATFORM | {"checked": " 3 November  2026"})["checked"] == "2026-11-03"


ANYTHING = st.dictionaries(
    st.sampled_from([*CASE_STUDY, *COMMUNITY, "colour", "kind"]), st.text(max_size=400)
)


@given(st.sampled_from(list(PageKind)), ANYTHING)
def test_whatever_is_typed_is_tidied_once_and_never_fails(kind, given_facts):
    facts = tidied(kind, given_facts)
    assert tidied(kind, facts) == facts
    assert set(facts) <= {field.name for field in fields_of(kind)}
    assert set(mistakes(kind, facts, TODAY)) <= {field.name for field in fields_of(kind)}
    if not mistakes(kind, facts, TODAY):
        assert all(
            len(key) <= LONGEST_PART and len(words) <= LONGEST_PART
            for _f, key, words in things_of(kind, facts)
        )


@given(
    st.sampled_from(list(BY)),
    st.dictionaries(st.text(max_size=20) | st.sampled_from(["topic", "q", "from"]), st.text(max_size=300)),
)
def test_whatever_an_address_says_is_read_and_written_the_same(kind, args):
    asked = Asked.read(kind, args)
    assert Asked.read(kind, asked.address()) == asked
    assert set(asked.chosen) <= set(BY[kind])


@pytest.mark.parametrize(
    ("checked", "is_now"),
    [
        (date(2026, 11, 24), Age.FRESH),
        (date(2025, 11, 25), Age.FRESH),
        (date(2025, 11, 24), Age.OLD),
        (date(2025, 5, 25), Age.OLD),
        (date(2025, 5, 24), Age.TOO_OLD),
    ],
)
def test_an_entry_ages(checked, is_now):
    assert age(checked, TODAY) is is_now


def test_the_last_day_of_a_month_stands_for_a_day_that_it_has_not():
    assert months_before(date(2027, 8, 31), 18) == date(2026, 2, 28)
    assert months_before(date(2025, 8, 30), 18) == date(2024, 2, 29)


def test_a_rate_is_stale_after_a_year_from_its_day():
    assert is_rate_stale(EXPERT | {"rate_date": "2025-11-24"}, TODAY)
    assert not is_rate_stale(EXPERT | {"rate_date": "2025-11-25"}, TODAY)
    assert not is_rate_stale(EXPERT | {"day_rate": "Not published", "rate_date": "2020-01-01"}, TODAY)
    assert is_rate_stale(EXPERT | {"day_rate": "Not published but £900", "rate_date": "2020-01-01"}, TODAY)


@pytest.mark.parametrize(
    ("consent", "is_so"),
    [
        ("yes", True),
        ("no", False),
        ("", False),
        ("Yes but no, they withdrew", False),
        ("Yes, the chair", False),
    ],
)
def test_a_community_is_listed_with_its_consent_alone(consent, is_so):
    assert has_agreed(PageKind.COMMUNITY, COMMUNITY | {"consent": consent}) is is_so


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"agreed_by": ""}, {"agreed_by"}),
        ({"agreed_on": "", "agreed_by": " "}, {"agreed_by", "agreed_on"}),
        ({"agreed_on": "2026-11-25"}, {"agreed_on"}),
        ({"consent": "no", "agreed_by": "", "agreed_on": ""}, set()),
        ({"consent": "Yes, the chair, 3 November 2026"}, {"consent"}),
    ],
)
def test_who_agreed_and_when_is_said(facts, wrong):
    found = mistakes(PageKind.COMMUNITY, tidied(PageKind.COMMUNITY, COMMUNITY | facts), TODAY)
    assert set(found) == wrong


def test_a_thing_that_is_named_twice_is_kept_once():
    typed = CASE_STUDY | {"subject": "Parking; parking; PARKING ;Car-parking; car parking"}
    assert tidied(PageKind.CASE_STUDY, typed)["subject"] == "Parking; Car-parking"
