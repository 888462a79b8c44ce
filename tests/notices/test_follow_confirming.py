"""Confirming by a link, where the address has an account that follows, has left or has begun to follow the same thing."""

import pytest
from sqlalchemy import select

from consult.extensions import db, transaction
from consult.notices import following
from consult.notices.models import Follow, Follower, OutboxMail, Pace
from tests import factories
from tests.accounts.ground import mails
from tests.discussion.ground import a_draft, paragraph
from tests.notices.following_ground import follow, later
from tests.notices.test_follow_doors import ANN, ask, links_in, press
from tests.pages import Visitor


@pytest.fixture
def draft(app):
    return a_draft()


@pytest.fixture
def visitor(app):
    return Visitor(app.test_client())


def kept():
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Follow).order_by(Follow.id)))


def link_to_confirm(number=0):
    return links_in(mails(ANN)[number].body)[0]


def test_what_an_account_follows_already_is_confirmed_by_its_link_too(draft, visitor):
    person = factories.a_person(email=ANN)
    own = follow(draft, Pace.WEEKLY, by=person)
    ask(visitor, draft)
    assert "You follow it now" in press(visitor, link_to_confirm()).text
    (left,) = kept()
    assert (left.key, left.pace, left.left_at) == (own.key, Pace.WEEKLY, None), "as the account chose"


def test_what_an_account_has_left_is_followed_again_once_its_address_says_so(draft, visitor):
    person = factories.a_person(email=ANN)
    own = follow(draft, Pace.WEEKLY, by=person)
    with transaction(person):
        following.leave(actor=person, follow=db.session.get_one(Follow, own.id))
    ask(visitor, draft, pace="at_once")
    assert "You follow it now" in press(visitor, link_to_confirm()).text
    (left,) = kept()
    assert (left.pace, left.left_at) == (Pace.AT_ONCE, None)


def test_asking_alone_brings_nothing_back_that_an_account_has_left(draft, visitor, sign_in):
    person = factories.a_person(email=ANN)
    own = follow(draft, by=person)
    with transaction(person):
        following.leave(actor=person, follow=db.session.get_one(Follow, own.id))
    ask(visitor, draft)
    ask(visitor, paragraph(draft))
    press(visitor, link_to_confirm(1))
    assert [(each.what.value, each.left_at is None) for each in kept() if each.confirmed_at] == [
        ("document", False),
        ("paragraph", True),
    ]


def test_a_link_works_as_often_as_it_is_opened_though_its_follow_has_gone_to_the_account(draft, visitor):
    factories.a_person(email=ANN)
    ask(visitor, draft)
    for _ in range(2):
        assert "You follow it now" in press(visitor, link_to_confirm()).text
    assert len(kept()) == 1
    assert db.session.scalar(select(Follower.email)) == ""


@pytest.mark.parametrize(
    "others",
    [
        ("Ann@Mail.Example", "ann+a@mail.example", "ann+b@mail.example"),
        ("a.n.n@gmail.com", "ann+x@googlemail.com", "ANN@gmail.com"),
    ],
)
def test_all_addresses_of_one_mailbox_get_three_questions_a_day_and_none_once_refused(draft, visitor, others):
    first = others[0].lower().replace(".n.n", "nn") if "gmail" in others[0] else ANN
    for number in range(2):
        for email in (first, *others):
            page = ask(visitor, [draft, draft.consultation][number], email=email)
            assert "Check your email" in page.text, "whoever asks sees no difference"
    asked = [mail for mail in db.session.query(OutboxMail) if "confirm" in mail.body]
    assert len(asked) == 3
    ask(visitor, draft, email="somebody.else@mail.example")
    assert db.session.query(OutboxMail).count() == 4, "nobody else is counted with them"
    press(visitor, links_in(asked[-1].body)[0], {"do": "refuse"})
    later(hours=25)
    ask(visitor, paragraph(draft), email=first)
    assert db.session.query(OutboxMail).count() == 4
