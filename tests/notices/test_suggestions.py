"""Editors are told once a day of suggestions that wait: owners of their pages, everybody of the rest."""

from datetime import UTC, datetime, timedelta

import pytest

from consult import clock
from consult.accounts.models import Person, Role, Site
from consult.extensions import db
from consult.notices import suggestions
from consult.notices.models import OutboxMail
from consult.toolkit.suggestions.models import Suggestion
from tests import factories
from tests.racing import racers
from tests.toolkit.shelf import a_page
from tests.toolkit.suggestions.made import declined, suggested

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MORNING = datetime(2026, 11, 26, 7, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon(app):
    clock.replace(lambda: NOON)
    factories.a_site()


@pytest.fixture
def nia(app):
    return factories.a_person(name="Nia Probert")


@pytest.fixture
def edda(app):
    return factories.an_editor(name="Edda Rhys", email="edda@site.example")


@pytest.fixture
def tom(app):
    return factories.an_editor(name="Tom Ashdown", email="tom@site.example")


def _told_at(moment: datetime) -> dict[str, str]:
    """Return who is told what at a moment, by the first part of their address."""
    clock.replace(lambda: moment)
    count = suggestions.send_due()
    mails = db.session.query(OutboxMail).filter_by(created_at=moment).all()
    assert count == len(mails)
    return {mail.to_address.partition("@")[0]: mail.subject for mail in mails}


def _says(count: int) -> str:
    return f"{count} suggestion{'s' if count != 1 else ''} for the toolkit wait{'' if count != 1 else 's'} for you"


def test_the_owner_of_a_page_is_told_of_it_and_everybody_of_what_nobody_owns(nia, edda, tom):
    owned, free = a_page("First.", owner_id=edda.id), a_page("First.", title="Another")
    for page in (owned, owned, free):
        suggested(page, "Second.", by=nia)
    suggested(None, "Third.", by=nia)
    assert _told_at(MORNING - timedelta(seconds=1)) == {}
    assert _told_at(MORNING) == {"edda": _says(4), "tom": _says(2)}
    assert _told_at(MORNING + DAY) == {}, "nothing new waits"


def test_what_is_new_is_told_with_all_that_waits_once_a_day(nia, edda):
    page = a_page("First.")
    suggested(page, "Second.", by=nia)
    assert _told_at(MORNING) == {"edda": _says(1)}
    body = db.session.query(OutboxMail).one().body
    assert "/toolkit/suggestions" in body
    assert "/account/gap-mail" in body
    suggested(page, "Third.", by=nia)
    settled = suggested(page, "Fourth.", by=nia)
    declined(settled, by=edda)
    assert _told_at(MORNING + timedelta(hours=2)) == {}
    assert _told_at(MORNING + DAY) == {"edda": _says(2)}


def test_nobody_is_told_who_has_stopped_it_edits_no_more_or_made_it(nia, edda, tom, visit_as):
    page = a_page("First.", owner_id=edda.id)
    suggested(page, "Second.", by=tom)
    suggested(page, "Third.", by=nia)
    page = visit_as(edda)
    assert "once a day" in page.get("/account").main.text
    assert page.get("/account/gap-mail").select_one("#suggestions").has_attr("checked")
    page.post("/account/gap-mail", {"wants": "y"})
    assert not db.session.get(Person, edda.id).wants_suggestion_mail
    assert not visit_as(nia).get("/account/gap-mail").select("#suggestions")
    assert _told_at(MORNING) == {"tom": _says(1)}
    suggested(a_page("First.", title="Another"), "Second.", by=nia)
    db.session.query(Role).filter_by(person_id=tom.id).update({"ended_at": MORNING})
    db.session.commit()
    assert _told_at(MORNING + DAY) == {}


def test_a_demonstration_tells_nobody(nia, edda):
    suggested(a_page("First."), "Second.", by=nia)
    db.session.get(Site, 1).is_demonstration = True
    db.session.commit()
    assert _told_at(MORNING) == {}


def test_of_dispatchers_that_look_at_once_one_tells(app, nia, edda):
    suggested(a_page("First."), "Second.", by=nia)
    clock.replace(lambda: MORNING)
    with racers(app, 3) as race:
        assert sorted(race.run(*[suggestions.send_due] * 3)) == [0, 0, 1]
    db.session.rollback()
    assert db.session.query(Suggestion).one().told_at is not None
