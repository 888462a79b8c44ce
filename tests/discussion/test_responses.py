"""All responses to a consultation, for its unit: who answered for whom, and how it came."""

from datetime import timedelta

import pytest

from consult import clock
from consult.discussion.desk import responses
from consult.discussion.desk.responses import Sieve, Speaks
from consult.discussion.models import BodyKind, Channel, State
from consult.discussion.recording import Consent
from consult.discussion.wishes import Wishes
from consult.extensions import transaction
from tests import factories
from tests.counting import queries
from tests.discussion.ground import (
    BEFORE,
    a_draft,
    consultation_of,
    move,
    paragraph,
    record,
    say,
    take_down,
    tell_team,
    withdraw,
)


@pytest.fixture
def place(app):
    return paragraph(a_draft())


@pytest.fixture
def official(place):
    return factories.an_official(consultation_of(place).unit)


def found(place, **sieve):
    return [row.key for row in responses.responses_to(consultation_of(place), Sieve(**sieve))]


def every_kind(place, official):
    """One of each: written here, for a charity, by letter for a business, told at a meeting, only for the team, late."""
    close = consultation_of(place)
    said = {
        "person": say(place),
        "charity": say(place, wishes=Wishes(on_behalf_of="Walk", on_behalf_kind=BodyKind.CHARITY)),
        "business": record(place, "One.", by=official, on_behalf_of="Shop", on_behalf_kind=BodyKind.BUSINESS),
        "meeting": record(place, "Two.", by=official, channel=Channel.MEETING),
        "team": tell_team(place),
    }
    with transaction():
        close.closes_at = clock.now() - timedelta(days=2)
    said["late"] = record(place, "Three.", by=official)
    return {name: comment.key for name, comment in said.items()}


@pytest.mark.parametrize(
    ("sieve", "names"),
    [
        ({}, {"person", "charity", "business", "meeting", "team", "late"}),
        ({"speaks": Speaks.PEOPLE}, {"person", "meeting", "team", "late"}),
        ({"speaks": Speaks.ORGANISATIONS}, {"charity", "business"}),
        ({"body_kind": BodyKind.CHARITY}, {"charity"}),
        ({"channel": Channel.WEB}, {"person", "charity", "team"}),
        ({"channel": Channel.LETTER}, {"business", "late"}),
        ({"channel": Channel.MEETING}, {"meeting"}),
        ({"only_team": True}, {"team"}),
        ({"only_late": True}, {"late"}),
        ({"only_late": True, "channel": Channel.MEETING}, set()),
    ],
)
def test_each_filter_lets_through_what_it_names(place, official, sieve, names):
    keys = every_kind(place, official)
    assert set(found(place, **sieve)) == {keys[name] for name in names}
    assert responses.count_of(consultation_of(place), Sieve(**sieve)) == len(names)


def test_what_was_taken_down_or_withdrawn_or_waits_is_not_the_units_to_read(app):
    place = paragraph(a_draft(policy=BEFORE))
    by = factories.an_official(consultation_of(place).unit)
    waiting, gone, back = say(place, "One."), say(place, "Two."), tell_team(place, "Three.")
    move(gone, State.PUBLISHED)
    take_down(gone)
    withdraw(back)
    assert found(place) == []
    own = record(place, "Four.", by=by)
    assert (own.state, waiting.state) == (State.WAITING, State.WAITING)
    assert found(place) == [own.key]


def test_the_page_shows_who_answered_for_whom_and_leads_to_each(place, official, visit_as):
    keys = every_kind(place, official)
    page = visit_as(official).get(f"/desk/responses?consultation={consultation_of(place).slug}")
    assert "6 responses" in page.text
    assert "for Walk (charity)" in page.text
    assert page.select_one(f'a[href="/desk/team/{keys["team"]}"]')
    assert page.select_one(f'a[href="/comments/{keys["business"]}"]')


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("for=organisations", 2),
        ("for=charity", 1),
        ("for=people", 4),
        ("channel=letter", 2),
        ("team=1", 1),
        ("late=1", 1),
        ("for=nobody&channel=pigeon&team=yes&late=2", 6),
    ],
)
def test_the_address_says_what_is_asked_for_and_nonsense_asks_for_everything(
    place, official, visit_as, query, count
):
    every_kind(place, official)
    page = visit_as(official).get(f"/desk/responses?consultation={consultation_of(place).slug}&{query}")
    assert len(page.select("tbody tr")) == count


def test_the_pages_together_hold_each_response_once_and_keep_the_filter(place, official, visit_as):
    for number in range(30):
        say(place, f"Number {number}.")
    visitor, keys, seen = visit_as(official), found(place), []
    address = f"/desk/responses?consultation={consultation_of(place).slug}&for=people"
    while address:
        page = visitor.get(address)
        seen += [link["href"].rsplit("/", 1)[1] for link in page.select("tbody td a")]
        following = page.select_one('nav a.btn[href*="after="]')
        address = following["href"] if following else None
        assert address is None or "for=people" in address
    assert len(seen) == len(set(seen)) == 30
    assert seen[:26] == keys


def test_it_asks_the_same_of_the_database_however_much_was_said(place, official, sign_in):
    browser = sign_in(official)
    address = f"/desk/responses?consultation={consultation_of(place).slug}"
    say(place)
    with queries() as few:
        browser.get(address)
    for number in range(12):
        tell_team(place, f"Number {number}.")
    with queries() as many:
        browser.get(address)
    assert len(many) == len(few) <= 12


def test_only_the_unit_has_it(place, official, visit_as):
    record(place, by=official, consent=Consent.TEAM)
    address = f"/desk/responses?consultation={consultation_of(place).slug}"
    other = visit_as(factories.an_official(factories.a_unit()))
    other.get(address, 403)
    assert "Wilf" not in other.get("/desk/responses").text
    visit_as(factories.a_moderator(consultation_of(place).unit.organisation)).get(address, 403)
    visit_as(official).get("/desk/responses?consultation=nowhere", 404)
