"""Two officials act on the same comment in the same moment: one waits for the other, and neither is lost."""

import threading
import time
from collections.abc import Callable

from sqlalchemy import select

from consult.accounts.models import Person
from consult.discussion import actions, recounting
from consult.discussion.answering import presence, undoing
from consult.discussion.answering.models import Answering
from consult.discussion.desk import actions as desk_actions
from consult.discussion.ledger import entries
from consult.discussion.ledger import recounting as ledger_recounting
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Comment, Response
from consult.errors import Conflict
from consult.extensions import db, transaction
from tests import factories
from tests.discussion.ground import a_draft, answer, paragraph, say

MEANWHILE = 0.4  # seconds that the first one takes over it, once the second may begin


def _both(app, first: Callable[[threading.Event], None], second: Callable[[], None]) -> list[BaseException]:
    """Run both, each as its own request; the second begins when the first says so. Return what either raised."""
    begun, raised = threading.Event(), []

    def run(act: Callable[[], None]) -> None:
        with app.app_context():
            try:
                act()
            except BaseException as error:
                raised.append(error)
            finally:
                begun.set()

    def after() -> None:
        begun.wait(10)
        second()

    threads = [threading.Thread(target=run, args=(act,)) for act in (lambda: first(begun), after)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    db.session.expire_all()
    return raised


def _found(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def _read(asked: Comment) -> None:
    """Have it opened by somebody else, so that nobody who comes after waits for whoever reads it first."""
    other = factories.an_official(asked.document.consultation.unit)
    with transaction(other):
        presence.come_to(actor=other, comments=[asked])
        presence.leave(actor=other, comments=[asked])


def test_what_is_answered_while_another_answer_is_taken_back_stays_answered(app):
    asked = say(paragraph(a_draft()), ask=True)
    earlier = answer(asked)
    me, colleague = earlier.author_id, factories.an_official(asked.document.consultation.unit).id
    comment_id, response_id = asked.id, earlier.id
    db.session.commit()

    def reply(begun: threading.Event) -> None:
        with transaction():
            comments = [db.session.get_one(Comment, comment_id)]
            actions.respond(actor=_found(colleague), comments=comments, body="It is so.")
            begun.set()
            time.sleep(MEANWHILE)

    def undo() -> None:
        with transaction():
            response = db.session.get_one(Response, response_id)
            undoing.undo_response(actor=_found(me), response=response)

    assert _both(app, reply, undo) == []
    later = db.session.scalars(select(Response).where(Response.author_id == colleague)).one()
    assert asked.answered_at == later.created_at
    entry = db.session.get_one(LedgerEntry, comment_id)
    assert (entry.place, entry.waits) == (Place.ANSWERED, False)
    assert recounting.recount() == ledger_recounting.recount() == []


def test_answering_and_giving_to_a_colleague_do_not_wait_for_each_other_for_ever(app, monkeypatch):
    asked = say(paragraph(a_draft()), ask=True)
    officials = [factories.an_official(asked.document.consultation.unit).id for _ in range(2)]
    comment_id, key = asked.id, asked.key
    db.session.commit()
    note, begun = entries.note_answered, threading.Event()

    def slowly(*args, **kwargs) -> None:
        begun.set()
        time.sleep(MEANWHILE)
        note(*args, **kwargs)

    monkeypatch.setattr(entries, "note_answered", slowly)

    def reply(begins: threading.Event) -> None:
        threading.Thread(target=lambda: (begun.wait(10), begins.set())).start()
        with transaction():
            comments = [db.session.get_one(Comment, comment_id)]
            actions.respond(actor=_found(officials[0]), comments=comments, body="It is so.")

    def give() -> None:
        with transaction():
            mine = _found(officials[1])
            desk_actions.assign(actor=mine, keys=[key], assignee=mine)

    assert _both(app, reply, give) == []
    entry = db.session.get_one(LedgerEntry, comment_id)
    assert (entry.place, entry.assignee_id) == (Place.ANSWERED, officials[1])


def test_a_page_that_is_opened_twice_at_once_is_no_error(app):
    asked = say(paragraph(a_draft()), ask=True)
    official, comment_id = factories.an_official(asked.document.consultation.unit).id, asked.id
    _read(asked)

    def come(begun: threading.Event | None = None) -> None:
        with transaction():
            presence.come_to(actor=_found(official), comments=[db.session.get_one(Comment, comment_id)])
            if begun is not None:
                begun.set()
                time.sleep(MEANWHILE)

    assert _both(app, come, come) == []
    assert db.session.scalars(select(Answering.person_id)).all() == [official]


def test_a_form_that_is_sent_twice_at_once_makes_one_answer_and_no_quarrel(app):
    asked = say(paragraph(a_draft()), ask=True)
    official, comment_id = factories.an_official(asked.document.consultation.unit).id, asked.id
    seen = asked.created_at
    db.session.commit()

    def post(begun: threading.Event | None = None) -> None:
        with transaction():
            comments = [db.session.get_one(Comment, comment_id)]
            how = {"body": "It is so.", "once": "k" * 20, "seen": seen}
            actions.respond(actor=_found(official), comments=comments, **how)
            if begun is not None:
                begun.set()
                time.sleep(MEANWHILE)

    assert _both(app, post, post) == []
    assert len(db.session.scalars(select(Response)).all()) == 1


def test_whoever_is_second_is_told_of_the_first(app):
    asked = say(paragraph(a_draft()), ask=True)
    officials = [factories.an_official(asked.document.consultation.unit).id for _ in range(2)]
    comment_id, seen, told = asked.id, asked.created_at, []
    db.session.commit()

    def post(who: int, begun: threading.Event | None = None) -> None:
        with transaction():
            comments = [db.session.get_one(Comment, comment_id)]
            try:
                actions.respond(actor=_found(who), comments=comments, body=f"Says {who}.", seen=seen)
            except Conflict as refusal:
                told.append((who, refusal.theirs.author_id, refusal.yours))
            if begun is not None:
                begun.set()
                time.sleep(MEANWHILE)

    assert _both(app, lambda begun: post(officials[0], begun), lambda: post(officials[1])) == []
    assert told == [(officials[1], officials[0], f"Says {officials[1]}.")]
