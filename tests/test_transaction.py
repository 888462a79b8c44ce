"""One write, one transaction: all of it or nothing, and writers one after another."""

import threading

import pytest
from sqlalchemy import text

from consult import audit
from consult.accounts.models import Person, Site
from consult.errors import Conflict
from consult.extensions import db, transaction
from tests import factories
from tests.counting import queries


def test_all_of_it_or_nothing(app):
    factories.a_site(name="Before")
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012 - the error comes last
        db.session.get(Site, 1).name = "After"
        audit.record("site.revise", "site:1", actor_id=None)
        db.session.flush()
        1 / 0  # noqa: B018
    assert db.session.get(Site, 1).name == "Before"
    assert db.session.query(audit.AuditEntry).count() == 0


def test_a_row_that_stands_there_already_is_a_conflict(app):
    factories.an_organisation(slug="twice")
    with pytest.raises(Conflict) as refusal, transaction():
        db.session.add(
            factories.Organisation(
                slug="twice",
                name="Twice",
                kind=factories.OrganisationKind.LOCAL,
                created_at=factories.clock.now(),
            )
        )
    assert refusal.value.message == ""  # the page says what happened in its own words, not in the library's


def test_writers_take_turns_and_lose_nothing(app):
    factories.a_site(stamp=0)
    problems = []

    def add_one():
        try:
            with app.app_context(), transaction():
                site = db.session.get(Site, 1, with_for_update=True)
                site.stamp += 1
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=add_one) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert not problems
    assert db.session.get(Site, 1).stamp == 24


def test_sqlite_is_durable_and_heeds_foreign_keys(app):
    if db.engine.dialect.name != "sqlite":
        assert db.session.scalar(text("SHOW fsync")) == "on"
        return
    assert db.session.scalar(text("PRAGMA journal_mode")) == "wal"
    assert db.session.scalar(text("PRAGMA synchronous")) == 2
    assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


@pytest.mark.parametrize("is_known", [True, False])
def test_whoever_is_known_is_not_read_again(app, is_known):
    person_id = factories.a_person().id
    db.session.remove()
    person = db.session.get_one(Person, person_id)
    with queries() as asked, transaction(person, is_known=is_known):
        assert person.name
    assert (asked == []) is is_known
