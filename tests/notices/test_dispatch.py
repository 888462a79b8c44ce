"""The dispatcher: each mail once, later if it must be, given up in the end, and never twice at the same time."""

import logging
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest

from consult import clock
from consult.accounts import queries as accounts
from consult.extensions import db, transaction
from consult.notices import dispatch
from consult.notices.actions import send
from consult.notices.transports import Refused
from tests.accounts.ground import mails
from tests.factories import a_site


class Way:
    """A way out that keeps what it is given, or refuses as it is told."""

    is_real = True

    def __init__(self, *refusals, closed=None):
        self.sent, self.refusals, self.closed = [], list(refusals), closed

    @contextmanager
    def open(self):
        if self.closed:
            raise self.closed
        yield self

    def send(self, mail):
        assert not db.session().in_transaction(), "a mail server must not be waited for inside a transaction"
        if self.refusals and (refusal := self.refusals.pop(0)):
            raise refusal
        self.sent.append((mail["To"], mail["Message-ID"]))


def _written(*addresses, **more):
    with transaction():
        for address in addresses:
            send(to=address, subject="Hello", body="Words", **more)


def _later(**by):
    now = clock.now() + timedelta(**by)
    clock.replace(lambda: now)


def test_what_is_due_is_sent_once(app):
    a_site()
    _written("ann@mail.example", "bob@mail.example")
    way = Way()
    assert dispatch.deliver_due(way) == 2
    assert dispatch.deliver_due(way) == 0
    assert [to for to, _ in way.sent] == ["ann@mail.example", "bob@mail.example"]
    assert all(mail.sent_at and mail.attempts == 1 for mail in mails())


def test_more_than_a_batch_is_sent_in_one_go(app):
    a_site()
    _written(*(f"p{number}@mail.example" for number in range(25)))
    way = Way()
    assert dispatch.deliver_due(way) == 25
    assert len(set(way.sent)) == 25


def test_nothing_leaves_a_demonstration(app):
    a_site(is_demonstration=True)
    _written("ann@mail.example")
    way = Way()
    assert dispatch.deliver_due(way) == 0
    assert way.sent == []
    assert mails()[0].sent_at is None


def test_nothing_leaves_before_the_site_is_set_up(app):
    _written("ann@mail.example")
    assert dispatch.deliver_due(Way()) == 0


def test_a_refused_mail_is_tried_again_later_and_later(app):
    a_site()
    start = clock.now()
    clock.replace(lambda: start)
    _written("ann@mail.example")
    waits = []
    for _ in range(len(dispatch.WAITS)):
        dispatch.deliver_due(Way(Refused("server 451")))
        (mail,) = mails()
        waits.append(mail.due_at - clock.now())
        assert dispatch.deliver_due(Way()) == 0, "not before it is due"
        assert mail.last_error == "server 451"
        clock.replace(lambda due=mail.due_at: due)
    assert waits == list(dispatch.WAITS)
    assert waits == sorted(waits)
    assert dispatch.deliver_due(Way()) == 1
    assert mails()[0].last_error == ""


def test_a_mail_that_is_never_taken_is_given_up(app):
    a_site()
    _written("ann@mail.example")
    for _ in range(len(dispatch.WAITS) + 1):
        dispatch.deliver_due(Way(Refused("server 451")))
        _later(days=3)
    (mail,) = mails()
    assert mail.dead_at
    assert dispatch.deliver_due(Way()) == 0


def test_an_address_that_does_not_exist_is_given_up_at_once(app):
    a_site()
    _written("gone@mail.example", "ann@mail.example")
    way = Way(Refused("address refused 550", is_final=True))
    assert dispatch.deliver_due(way) == 1
    gone, taken = mails()
    assert (gone.dead_at is not None, gone.last_error) == (True, "address refused 550")
    assert taken.sent_at


def test_a_server_that_is_down_puts_everything_off(app):
    a_site()
    _written("ann@mail.example", "bob@mail.example")
    assert dispatch.deliver_due(Way(closed=Refused("no connection"))) == 0
    for mail in mails():
        assert mail.sent_at is None
        assert mail.leased_until is None
        assert mail.due_at > clock.now()
    _later(minutes=2)
    assert dispatch.deliver_due(Way()) == 2


def test_a_leased_mail_is_nobody_elses_until_the_lease_runs_out(app):
    a_site()
    _written("ann@mail.example")
    (taken,) = dispatch.lease()
    assert dispatch.lease() == []
    _later(minutes=11)  # whoever had it died
    (again,) = dispatch.lease()
    assert again.message_id == taken.message_id
    assert again.attempts == 2


def test_who_lost_the_lease_has_no_say_any_more(app):
    a_site()
    _written("ann@mail.example")
    (slow,) = dispatch.lease()
    _later(minutes=11)
    (quick,) = dispatch.lease()
    dispatch.settle(quick, None)
    dispatch.settle(slow, Refused("server 451"))
    (mail,) = mails()
    assert mail.sent_at
    assert mail.last_error == ""


def test_a_mail_that_brings_down_whoever_sends_it_is_given_up(app):
    a_site()
    _written("ann@mail.example")
    for _ in range(dispatch.MOST + 1):
        dispatch.lease()
        _later(minutes=11)
    assert mails()[0].dead_at
    assert dispatch.lease() == []


def test_a_mail_that_cannot_be_put_into_words_holds_up_no_other(app, monkeypatch):
    a_site()
    _written("ann@mail.example", "bob@mail.example", "cat@mail.example")
    told = dispatch._filled

    def stumbling(parcel):
        if parcel.to_address == "ann@mail.example":
            raise KeyError("gone")
        return told(parcel)

    monkeypatch.setattr(dispatch, "_filled", stumbling)
    way = Way()
    assert dispatch.deliver_due(way) == 2
    assert [to for to, _ in way.sent] == ["bob@mail.example", "cat@mail.example"]
    odd = next(mail for mail in mails() if mail.to_address == "ann@mail.example")
    assert (odd.last_error, odd.leased_until, odd.dead_at) == ("no words: KeyError", None, None)
    monkeypatch.setattr(dispatch, "_filled", told)
    _later(minutes=2)
    assert dispatch.deliver_due(way) == 1, "it is tried again"


def test_a_slow_server_keeps_no_mail_beyond_its_lease(app):
    a_site()
    start = clock.now()
    clock.replace(lambda: start)
    _written("ann@mail.example", "bob@mail.example")

    class Slow(Way):
        def send(self, mail):
            super().send(mail)
            _later(minutes=6)

    way = Slow()
    assert dispatch._send_batch(dispatch.lease(), way, "Consult") == 1
    assert len(way.sent) == 1
    _later(minutes=5)
    assert [parcel.to_address for parcel in dispatch.lease()] == ["bob@mail.example"]


def test_two_dispatchers_at_once_send_nothing_twice(app):
    a_site()
    _written(*(f"p{number}@mail.example" for number in range(30)))
    db.session.remove()
    way, begin = Way(), threading.Barrier(3)
    troubles = []

    def work():
        with app.app_context():
            try:
                begin.wait(10)
                dispatch.deliver_due(way)
            except Exception as error:
                troubles.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert len(way.sent) == 30
    assert len(set(way.sent)) == 30
    assert all(mail.sent_at and mail.attempts == 1 for mail in mails())


@pytest.mark.parametrize(("is_real", "knows"), [(True, True), (False, False)])
def test_a_test_mail_shows_that_mail_works_only_when_a_mail_server_took_it(app, is_real, knows):
    a_site()
    _written("ann@mail.example", is_test=True)
    way = Way()
    way.is_real = is_real
    dispatch.deliver_due(way)
    db.session.rollback()
    assert (accounts.site().mail_tested_at is not None) is knows


def test_any_other_mail_shows_nothing(app):
    a_site()
    _written("ann@mail.example")
    dispatch.deliver_due(Way())
    db.session.rollback()
    assert accounts.site().mail_tested_at is None


def test_the_log_never_holds_an_address(app, caplog):
    a_site()
    _written("gone@mail.example", "ann@mail.example")
    with caplog.at_level(logging.DEBUG):
        dispatch.deliver_due(Way(Refused("address refused 550", is_final=True)))
    logged = " ".join(str(record.__dict__) for record in caplog.records)
    assert "address refused 550" in logged
    assert "@mail.example" not in logged


def test_the_thread_delivers_and_stops_when_told(app, monkeypatch):
    a_site()
    _written("ann@mail.example")
    db.session.remove()
    done = threading.Event()

    def deliver():
        done.set()
        raise RuntimeError("it goes on all the same")

    monkeypatch.setattr(dispatch, "deliver_due", deliver)
    stop = dispatch.start_dispatcher(app)
    assert done.wait(10)
    stop.set()


def test_an_empty_outbox_takes_no_write_lock(app, monkeypatch):
    a_site()

    def never(*args):
        raise AssertionError("began to write")

    monkeypatch.setattr(dispatch, "transaction", never)
    assert dispatch.lease() == []
