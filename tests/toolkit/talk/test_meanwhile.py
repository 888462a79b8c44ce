"""Whoever saves a page that people talk of, while one of them closes their account or bears another name."""

from consult.accounts.actions import account, closing
from consult.extensions import transaction
from consult.toolkit import actions as toolkit
from consult.toolkit import queries as pages
from consult.toolkit.models import Page
from consult.toolkit.talk import actions, queries
from tests import factories
from tests.racing import racers, refused
from tests.toolkit import shelf
from tests.toolkit.talk.said import SOURCE, a_talked_page, at, published

ROUNDS = 6


def saving(page_id: int, n: int):
    text = shelf.worded(f"{SOURCE}\nIn round {n}.\n", title=f"Page {page_id}")

    def save():
        with transaction():
            page = factories.db.session.get_one(Page, page_id)
            toolkit.save_page(
                actor=None, page=page, wording=text, shelf=page.shelf, based_on=page.revision_count
            )

    return save


def by(person_id: int, act, **how):
    def acting():
        person = factories.db.session.get_one(factories.Person, person_id)
        with transaction(person):
            act(actor=person, **how)

    return acting


def test_nobody_waits_for_whoever_waits_for_them(app):
    first, second = (a_talked_page(title=title) for title in ("Page 1", "Page 2"))
    people = [factories.a_person().id for _ in range(ROUNDS)]
    for person_id in people:
        person = factories.db.session.get_one(factories.Person, person_id)
        for page in (first, second):
            published(at(page, "Begin where"), "Where is that?", by=person)
    ids = (first.id, second.id)
    factories.db.session.commit()
    with racers(app, 4) as all_of_them:
        for n, person_id in enumerate(people):
            leaving = by(person_id, closing.close_account, withdraws=bool(n % 2))
            named = by(people[(n + 1) % ROUNDS], account.change_name, name=f"Name {n}")
            if n == ROUNDS - 1:
                named = leaving
            outcomes = all_of_them.run(saving(ids[0], n), leaving, saving(ids[1], n), named)
            assert not any(refused(outcomes)), n
    factories.db.session.expire_all()
    for page_id in ids:
        assert factories.db.session.get_one(Page, page_id).revision_count == ROUNDS + 1


def test_a_talk_that_is_opened_waits_its_turn(app):
    talked = a_talked_page(title="Page 1")
    quiet = [shelf.a_page(SOURCE, title=f"Page {n}").id for n in range(2, ROUNDS + 2)]
    person = factories.a_person()
    published(at(talked, "Begin where"), "Where is that?", by=person)
    person_id, opener_id = person.id, factories.a_person().id
    factories.db.session.commit()

    def opening(page_id):
        def open_it():
            opener = factories.db.session.get_one(factories.Person, opener_id)
            with transaction(opener):
                actions.open_talk(actor=opener, page=factories.db.session.get_one(Page, page_id))

        return open_it

    with racers(app, 3) as all_of_them:
        for page_id in quiet:
            named = by(person_id, account.change_name, name=f"Name {page_id}")
            outcomes = all_of_them.run(opening(page_id), named, opening(page_id))
            assert not any(refused(outcomes)), page_id
    factories.db.session.expire_all()
    for page_id in quiet:
        assert queries.talk_of(page_id) is not None
        assert pages.revision(page_id, 1)
