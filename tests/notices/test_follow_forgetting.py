"""What becomes of follows: nobody confirmed them, somebody left, goes, or turns out to be somebody else; an election."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.accounts.actions.closing import close_account
from consult.consultations.election_models import Effect, Election, ElectionSwitch
from consult.discussion import ownership
from consult.extensions import db, transaction
from consult.notices import clearing, dispatch, following, held, targets
from consult.notices.models import Follow, Follower, Happening, OutboxMail, Pace
from consult.notices.signed import For, sign
from consult.permissions import Anyone
from tests import factories
from tests.discussion.ground import a_draft, paragraph, reply, say
from tests.notices.following_ground import (
    deliver,
    digest,
    follow,
    later,
    morning,
    names_of,
    tell,
    text_of,
    told_at_once,
)

ANN = "ann@mail.example"


@pytest.fixture
def draft(app):
    draft = a_draft()
    morning()
    dispatch.tell_followers()
    deliver()
    return draft


def _count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def _ask(draft, email=ANN):
    with transaction():
        target = targets.found(names_of(draft))
        following.ask_to_follow(actor=Anyone(), email=email, target=target, pace=Pace.DAILY)


def test_an_address_that_nobody_confirms_vanishes_after_a_week(draft):
    _ask(draft)
    later(days=6)
    clearing.clear_up()
    assert _count(Follow) == 1
    later(days=2)
    clearing.clear_up()
    assert (_count(Follow), _count(Follower)) == (0, 0)


def test_what_was_left_vanishes_after_a_month_but_not_that_an_author_left(draft):
    author = factories.a_person()
    say(paragraph(draft), by=author)
    tell()
    follow(draft, by=factories.a_person())
    for one in db.session.scalars(select(Follow)).all():
        with transaction():
            following.leave(actor=Anyone(), follow=db.session.get_one(Follow, one.id))
    later(days=29)
    clearing.clear_up()
    assert _count(Follow) == 2
    later(days=2)
    clearing.clear_up()
    (left,) = db.session.scalars(select(Follow))
    assert left.author_id == author.id
    assert _count(Follower) == 1


def test_closing_ends_what_an_account_or_a_guest_follows(draft):
    person, guest = factories.a_person(), factories.a_guest(email=ANN)
    top = say(paragraph(draft), by=person)
    reply(top, by=guest)
    follow(draft, by=person)
    tell()
    reply(top, "News.")
    morning()
    dispatch.tell_followers()
    assert _count(Follow) >= 3
    for who in (person, guest):
        with transaction(who):
            close_account(actor=who, withdraws=False)
    assert (
        db.session.scalars(select(Follow.author_id).where(Follow.author_id.in_([person.id, guest.id]))).all()
        == []
    )
    assert db.session.scalar(select(Follower.id).where(Follower.email == ANN)) is None
    assert not [mail for mail in deliver().mails if mail["List-Unsubscribe"]]


def test_claiming_moves_what_a_guest_follows(draft):
    guest = factories.a_guest(email=ANN)
    top = say(paragraph(draft), by=guest)
    tell()
    person = factories.a_person(email=ANN)
    with transaction(person):
        ownership.claim_comments(actor=person)
    (own,) = db.session.scalars(select(Follow))
    assert own.author_id == person.id
    assert db.session.get_one(Follower, own.follower_id).person_id == person.id
    reply(top, "For the account now.")
    assert len(digest().to(ANN)) == 1
    (kind,) = [kind for kind in held.KINDS if kind.name == "follows"]
    (row,) = kind.read(person)
    assert (row["what"], row["how_often"], row["because_you_wrote_there"]) == ("thread", "daily", True)


def test_old_happenings_go_and_turns_count_on(draft):
    say(paragraph(draft))
    tell()
    last = db.session.scalar(select(func.max(Happening.turn)))
    later(days=100)
    dispatch.tell_followers()  # with the weekly digest
    later(days=8)
    clearing.clear_up()
    assert _count(Happening) == 1
    consultation = draft.consultation
    consultation.closes_at = clock.now() + timedelta(days=10)
    db.session.commit()
    say(paragraph(draft))
    tell()
    assert db.session.scalar(select(func.max(Happening.turn))) == last + 1


def test_what_waited_for_a_long_time_stays_until_every_digest_has_told_of_it(draft):
    person = factories.a_person()
    follow(draft, Pace.WEEKLY, by=person)
    say(paragraph(draft), "Said long ago.")
    say(paragraph(draft), "And this.")
    later(days=100)  # of quiet before an election
    tell()
    clearing.clear_up()
    words = [text_of(mail) for _day in range(8) for mail in digest().to(person.email)]
    assert ["Said long ago." in each for each in words] == [True]


def test_links_in_mails_work_after_an_account_has_taken_over_what_its_address_follows(draft, client):
    with transaction():
        target = targets.found(names_of(draft))
        following.ask_to_follow(actor=Anyone(), email=ANN, target=target, pace=Pace.DAILY)
    with transaction():
        own = db.session.scalars(select(Follow)).one()
        following.confirm(actor=Anyone(), signed=sign(For.CONFIRM, own.key))
    follower_id = own.follower_id
    say(paragraph(draft))
    (mail,) = (each for each in digest().to(ANN) if each["List-Unsubscribe"])
    leave, choose = mail["List-Unsubscribe"].strip("<>"), sign(For.CHOOSE, _follower(follower_id).key)
    person = factories.a_person(email=ANN)
    with transaction(person):
        following.adopt(person)
    assert _follower(follower_id).person_id == person.id
    assert client.get(f"/follow/choose/{choose}").status_code == 200
    assert client.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.expire_all()
    assert [one.left_at is None for one in db.session.scalars(select(Follow).filter_by(what=own.what))] == [
        False
    ]


def _follower(follower_id):
    db.session.rollback()
    return db.session.get_one(Follower, follower_id)


def test_before_an_election_nothing_is_told_and_after_it_all_is(draft):
    person, day = factories.a_person(), clock.now().date()
    follow(draft, Pace.AT_ONCE, by=person)
    later(minutes=5)
    say(paragraph(draft), "Before.")
    tell()  # its mail waits when the period begins
    days = {"first_day": day, "last_day": day + timedelta(days=3)}
    switch = ElectionSwitch(effect=Effect.SEND_NO_MAILS, is_on=True, wording="No mails.", **days)
    period = Election(
        organisation_id=draft.consultation.organisation_id,
        name="Council election",
        held_on=day + timedelta(days=4),
        created_at=clock.now(),
        switches=[switch],
        **days,
    )
    db.session.add(period)
    db.session.commit()
    say(paragraph(draft), "Meanwhile.")
    assert told_at_once().to(person.email) == []
    assert digest().to(person.email) == []
    later(days=4)
    tell()
    assert len(deliver().to(person.email)) == 2
    assert db.session.scalar(select(OutboxMail.id).where(OutboxMail.sent_at.is_(None))) is None
