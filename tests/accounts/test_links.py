"""One-time links: once, for one purpose, for 48 hours."""

from datetime import timedelta

import pytest

from consult import clock
from consult.accounts import links
from consult.accounts.models import OneTimeLink, Purpose
from consult.errors import NotFound
from consult.extensions import db, transaction
from tests.factories import a_person


def _made(purpose=Purpose.CONFIRM_EMAIL, person=None):
    with transaction():
        return links.make(purpose, person)


def test_a_link_works_once(app):
    token = _made(person=a_person())
    with transaction():
        links.use(token, Purpose.CONFIRM_EMAIL)
    with pytest.raises(NotFound), transaction():
        links.use(token, Purpose.CONFIRM_EMAIL)


def test_looking_at_a_link_does_not_spend_it(app):
    token = _made(person=a_person())
    for _ in range(3):
        assert links.find(token, Purpose.CONFIRM_EMAIL)


def test_a_link_for_one_purpose_is_refused_for_another(app):
    token = _made(Purpose.CONFIRM_EMAIL, a_person())
    with pytest.raises(NotFound):
        links.find(token, Purpose.RESET_PASSWORD)


def test_a_link_ends_after_48_hours(app):
    now = clock.now()
    token = _made(person=a_person())
    clock.replace(lambda: now + timedelta(hours=47, minutes=59))
    assert links.find(token, Purpose.CONFIRM_EMAIL)
    clock.replace(lambda: now + timedelta(hours=48, minutes=1))
    with pytest.raises(NotFound):
        links.find(token, Purpose.CONFIRM_EMAIL)


def test_a_newer_link_can_make_the_older_ones_useless(app):
    person, other = a_person(), a_person()
    token, kept = _made(person=person), _made(person=other)
    with transaction():
        links.void(Purpose.CONFIRM_EMAIL, person)
    with pytest.raises(NotFound):
        links.find(token, Purpose.CONFIRM_EMAIL)
    assert links.find(kept, Purpose.CONFIRM_EMAIL)


def test_the_token_itself_is_not_stored(app):
    token = _made(person=a_person())
    row = db.session.query(OneTimeLink).one()
    assert token not in (row.digest, str(row.id))
    assert len(row.digest) == 64
