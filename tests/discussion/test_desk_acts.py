"""What officials do at the desk besides answering, and undoing it for half a minute."""

from datetime import timedelta

import pytest

from consult import clock
from consult.audit import AuditEntry
from consult.discussion.desk import actions as desk_actions
from consult.discussion.desk import acts
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from tests import factories
from tests.discussion import ground


@pytest.fixture
def where(app):
    return ground.paragraph(ground.a_draft())


@pytest.fixture
def official(where):
    return factories.an_official(where.document.consultation.unit)


def entry(comment) -> LedgerEntry:
    return db.session.get(LedgerEntry, comment.id, populate_existing=True)


def read(official, *comments):
    with transaction(official):
        return desk_actions.mark_read(actor=official, keys=[comment.key for comment in comments])


def assign(official, assignee, *comments):
    with transaction(official):
        return desk_actions.assign(
            actor=official, keys=[comment.key for comment in comments], assignee=assignee
        )


def undo(official, act):
    with transaction(official):
        return acts.undo(actor=official, act=acts.act_of(act.key))


def test_what_was_marked_read_by_mistake_is_new_again_and_the_record_tells_both(where, official):
    first, second = ground.say(where), ground.say(where, ask=True)
    read(official, first)
    act = read(official, first, second)
    assert act.item_count == 1
    assert (entry(second).place, entry(second).read_by) == (Place.READ, official.id)
    assert undo(official, act) == 1
    assert (entry(second).place, entry(second).read_by, entry(second).read_at) == (Place.NEW, None, None)
    assert entry(first).place is Place.READ
    told = db.session.query(AuditEntry).filter(AuditEntry.subject == f"desk_act:{act.id}")
    assert [row.act for row in told.order_by(AuditEntry.id)] == ["desk.read", "desk.undo"]


def test_nothing_is_remembered_of_what_changes_nothing(where, official):
    said = ground.say(where)
    read(official, said)
    assert read(official, said) is None
    assert assign(official, None, said) is None


def test_a_question_that_was_read_is_in_progress_once_it_is_with_somebody(where, official):
    unread, asked, said = ground.say(where, ask=True), ground.say(where, ask=True), ground.say(where)
    read(official, asked, said)
    act = assign(official, official, unread, asked, said)
    assert [entry(each).place for each in (unread, asked, said)] == [Place.NEW, Place.IN_PROGRESS, Place.READ]
    read(official, unread)
    assert entry(unread).place is Place.IN_PROGRESS
    undo(official, act)
    assert [entry(each).assignee_id for each in (unread, asked, said)] == [None] * 3
    assert [entry(each).place for each in (unread, asked, said)] == [Place.NEW, Place.READ, Place.READ]


def test_with_nobody_it_stays_in_progress(where, official):
    asked = ground.say(where, ask=True)
    read(official, asked)
    assign(official, official, asked)
    assign(official, None, asked)
    assert (entry(asked).place, entry(asked).assignee_id) == (Place.IN_PROGRESS, None)


def test_what_somebody_else_did_since_stays(where, official):
    colleague = factories.an_official(where.document.consultation.unit)
    one, other = ground.say(where, ask=True), ground.say(where, ask=True)
    act = assign(official, official, one, other)
    assign(colleague, colleague, one)
    assert undo(official, act) == 1
    assert (entry(one).assignee_id, entry(other).assignee_id) == (colleague.id, None)
    act = assign(official, official, one)
    assign(colleague, colleague, one)
    with pytest.raises(Conflict, match="somebody has gone on"):
        undo(official, act)


def test_undo_is_refused_twice_and_after_half_a_minute_and_to_others(where, official):
    said = ground.say(where)
    act = read(official, said)
    with pytest.raises(NotFound):
        undo(factories.an_official(where.document.consultation.unit), act)
    assert acts.last_acts(official.id, clock.now())[0].id == act.id
    with transaction():
        act.at -= timedelta(seconds=31)
    with pytest.raises(Conflict, match="Half a minute is over"):
        undo(official, act)
    assert not acts.last_acts(official.id, clock.now())
    other = ground.say(where)
    act = read(official, other)
    undo(official, act)
    with pytest.raises(Conflict, match="undone already"):
        undo(official, act)


def test_the_desk_is_closed_to_other_units_and_to_what_is_gone(where, official):
    said = ground.say(where)
    stranger = factories.an_official(factories.a_unit())
    with pytest.raises(NotAllowed):
        read(stranger, said)
    with pytest.raises(Invalid):
        assign(official, stranger, said)
    ground.withdraw(said)
    with pytest.raises(Conflict):
        read(official, said)


def _mails():
    return [(mail.to_address, mail.subject) for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)]


def test_a_colleague_is_told_once_of_what_they_were_given_and_of_nothing_that_was_taken_back(where, official):
    colleague = factories.an_official(where.document.consultation.unit, email="sam@body.example")
    one, other = ground.say(where, ask=True), ground.say(where, "Quietly said.", ask=True)
    db.session.query(OutboxMail).delete()
    db.session.commit()
    assign(official, official, one)
    assign(official, None, one)
    assert _mails() == []
    act = assign(official, colleague, one, other)
    assert _mails() == [("sam@body.example", "2 comments are with you now")]
    mail = db.session.query(OutboxMail).one()
    assert mail.due_at - mail.created_at == acts.UNDO
    assert official.name in mail.body
    assert "/desk?show=mine" in mail.body
    assert "Quietly" not in mail.body
    undo(official, act)
    assert _mails() == []
