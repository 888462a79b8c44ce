"""Whoever tells and delivers may be killed at any moment, and the mail server may be gone: nothing is lost by it.

A real process is killed with SIGKILL before and after everything that it writes and every mail that it hands over, and
another goes on. A real mail server counts. The one mail that was handed over and not yet written down may come twice,
and then under the same Message-ID, by which its reader's server knows it.
"""

import os
import signal
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import event, select

from consult import clock
from consult.extensions import db
from consult.notices import digests, dispatch, fanning
from consult.notices.models import OutboxMail, Pace
from consult.notices.transports import Smtp
from tests import factories
from tests.discussion.ground import a_draft, address, answer, paragraph, say
from tests.notices.following_ground import follow, later, morning
from tests.notices.test_transports import inbox

__all__ = ["inbox"]
EVERY = 3  # moments from one try to the next: each kind of moment comes up
MOST_MOMENTS = 200  # a bound for the loop, not a goal: it ends once the process came to its end


def _server(inbox):
    return Smtp("127.0.0.1", inbox.port, "", "", is_tls_from_start=False)


class Doomed:
    """Counts moments and ends this process at one of them, as a power cut would."""

    def __init__(self, last):
        self.left = last

    def __call__(self, *arguments, **values):
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self):
        event.listen(db.engine, "commit", self)
        event.listen(db.session, "after_commit", self)
        event.listen(db.engine, "before_cursor_execute", self._writing)
        original = dispatch.settle

        def settle(*arguments, **values):
            self()  # handed over, and not written down
            original(*arguments, **values)

        dispatch.settle = settle

    def _writing(self, connection, cursor, statement, *more):
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            self()


def _killed_at(moment, inbox):
    """Tell and deliver in a process of its own that is killed at a moment; False once it came to its end."""
    db.session.rollback()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        db.engine.dispose(close=False)
        Doomed(moment).watch()
        dispatch.tell_followers()
        dispatch.deliver_due(_server(inbox))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _by_id(inbox):
    return Counter(
        str(message_from_bytes(envelope.content, policy=default)["Message-ID"]) for envelope in inbox.taken
    )


@pytest.mark.slow
def test_nothing_is_lost_and_at_most_one_mail_comes_twice_wherever_it_is_killed(app, inbox, monkeypatch):
    monkeypatch.setattr(fanning, "HANDFUL", 1)
    monkeypatch.setattr(digests, "HANDFUL", 2)
    draft, asker = (
        a_draft(closes_at=clock.now() + timedelta(days=400)),
        factories.a_guest(email="asker@mail.example"),
    )
    official = factories.an_official(draft.consultation.unit)
    morning()
    dispatch.tell_followers()
    people = [factories.a_person(email=f"p{number}@mail.example") for number in range(3)]
    for number, person in enumerate(people):
        follow(draft, Pace.AT_ONCE if number < 2 else Pace.DAILY, by=person)
    for moment in range(0, MOST_MOMENTS, EVERY):
        later(minutes=5)
        question = say(paragraph(draft), f"Question {moment}?", by=asker, ask=True)
        answer(question, body=f"Answer {moment}.", by=official)
        morning()  # so that telling, digests and delivery are all due
        inbox.taken.clear()
        was_killed = _killed_at(moment, inbox)
        later(minutes=11)  # the lease of whoever died has run out
        dispatch.tell_followers()
        dispatch.deliver_due(_server(inbox))
        came = _by_id(inbox)
        assert sum(came.values()) - len(came) <= 1, f"killed at {moment}: more than one mail came twice"
        _check_what_came(inbox, people, moment)
        assert db.session.scalar(select(OutboxMail.id).where(OutboxMail.sent_at.is_(None))) is None
        if not was_killed:
            break
    assert moment > 40, "fewer moments than there are writes"
    assert not was_killed


def _check_what_came(inbox, people, moment):
    """Each is told of the question and of the answer, once, in one mail or in two; the asker directly."""
    words: dict[str, dict[str, str]] = {}
    for envelope in inbox.taken:
        mail = message_from_bytes(envelope.content, policy=default)
        body = mail.get_body(("plain",)).get_content()
        words.setdefault(str(mail["To"]), {})[str(mail["Message-ID"])] = body
    for person in people:
        mine = words[person.email].values()
        for said in (f"> Question {moment}?", f"> Answer {moment}."):
            assert sum(said in body for body in mine) == 1, f"killed at {moment}: {person.email}, {said}"
        assert len(mine) == (2 if person is not people[2] else 1)
    assert sum("has answered what you asked" in body for body in words["asker@mail.example"].values()) == 1


def test_a_mail_server_that_is_down_for_an_hour_loses_nothing_and_holds_up_no_page(app, inbox, client):
    draft, person = a_draft(), factories.a_person(email="ann@mail.example")
    follow(draft, Pace.AT_ONCE, by=person)
    down = Smtp("127.0.0.1", 9, "", "", is_tls_from_start=False)  # nobody listens there
    for minutes in range(0, 60, 5):
        later(minutes=5)
        say(paragraph(draft), f"After {minutes} minutes.")
        dispatch.tell_followers()
        assert dispatch.deliver_due(down) == 0
        assert client.get(address(paragraph(draft))).status_code == 200
    later(minutes=1)
    dispatch.tell_followers()
    for _ in range(30):  # what was refused last waits longest
        dispatch.deliver_due(_server(inbox))
        later(minutes=10)
    bodies = [
        message_from_bytes(envelope.content, policy=default).get_body(("plain",)).get_content()
        for envelope in inbox.taken
        if envelope.rcpt_tos == [person.email]
    ]
    for minutes in range(0, 60, 5):
        assert sum(f"After {minutes} minutes." in body for body in bodies) == 1
    assert all(count == 1 for count in _by_id(inbox).values())
    assert clock.now()


@pytest.fixture(autouse=True)
def _settle_as_before(monkeypatch):
    monkeypatch.setattr(dispatch, "settle", dispatch.settle)
