"""The ledger follows what happens to comments: each is in it from its first reader on, and true ever after."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from consult import clock
from consult.announcements import consultation_changed
from consult.consultations.models import Policy, Stage
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger import places
from consult.discussion.ledger import recounting as ledger_recounting
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Comment, Kind, State
from consult.extensions import db, transaction
from tests import factories
from tests.discussion import ground

LONDON = ZoneInfo("Europe/London")
FRIDAY = datetime(2026, 11, 20, 10, tzinfo=LONDON)


@pytest.fixture
def where(app):
    return ground.paragraph(ground.a_draft())


def entry(comment: Comment) -> LedgerEntry | None:
    return db.session.get(LedgerEntry, comment.id, populate_existing=True)


def is_true() -> bool:
    """Say whether counting again finds nothing to mend."""
    with transaction():
        return ledger_recounting.recount() == []


def test_what_begins_a_thread_has_a_place_and_what_is_no_question_waits_for_nothing(where):
    said, asked = ground.say(where), ground.say(where, ask=True)
    assert (entry(said).place, entry(said).waits, entry(said).asked_at) == (Place.NEW, False, None)
    assert (entry(asked).place, entry(asked).waits) == (Place.NEW, True)
    assert entry(asked).asked_at == entry(asked).since == asked.created_at
    assert is_true()


def test_a_reply_has_a_place_when_it_asks(where):
    said = ground.say(where)
    assert entry(ground.reply(said)) is None
    assert entry(ground.say(where, ask=True, parent=said)).waits


def test_what_waits_for_a_moderator_is_in_nobodys_ledger_yet(app):
    where = ground.paragraph(ground.a_draft(policy=Policy.BEFORE))
    asked = ground.say(where, ask=True)
    assert entry(asked) is None
    ground.move(asked, State.PUBLISHED)
    assert entry(asked).waits
    ground.take_down(asked)
    assert not entry(asked).is_shown
    assert not entry(asked).waits
    ground.move(asked, State.PUBLISHED)
    assert entry(asked).waits
    assert is_true()


def test_what_is_sent_only_to_the_team_has_a_place(where):
    asked = ground.tell_team(where, ask=True)
    assert entry(asked).is_team_only
    assert entry(asked).waits
    assert is_true()


def test_a_first_answer_keeps_how_many_working_days_it_took(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)
    where = ground.paragraph(ground.a_draft())
    asked, said = ground.say(where, ask=True), ground.say(where)
    monkeypatch.setattr(clock, "now", lambda: FRIDAY.replace(day=24))  # the Tuesday after
    official = factories.an_official(where.document.consultation.unit)
    ground.answer(asked, said, by=official)
    assert (entry(asked).place, entry(asked).waits, entry(asked).answer_days) == (Place.ANSWERED, False, 2)
    assert (entry(asked).read_by, entry(asked).read_at) == (official.id, clock.now())
    assert (entry(said).place, entry(said).answer_days) == (Place.ANSWERED, None)
    monkeypatch.setattr(clock, "now", lambda: FRIDAY.replace(day=27))
    ground.answer(asked, by=official)
    assert entry(asked).answer_days == 2
    assert is_true()


def test_reading_is_noted_once_with_who_read(where):
    first, second = ground.say(where), ground.say(where)
    official, colleague = factories.a_person(), factories.a_person()
    with transaction():
        assert ledger.note_read([first.id], official.id, clock.now()) == [first.id]
        assert ledger.note_read([first.id, second.id], colleague.id, clock.now()) == [second.id]
    assert (entry(first).place, entry(first).read_by) == (Place.READ, official.id)


def test_nothing_waits_once_there_is_an_outcome(where):
    asked, withdrawn = ground.say(where, ask=True), ground.say(where, ask=True)
    ground.withdraw(withdrawn)
    consultation = where.document.consultation
    for stage, waits in ((Stage.OUTCOME, False), (Stage.ANALYSING, True)):
        with transaction():
            consultation.stage = stage
            db.session.flush()
            consultation_changed.send("test", consultation=consultation, actor=None)
        assert entry(asked).waits is waits
        assert not entry(withdrawn).waits
        assert is_true()


def test_counting_again_finds_and_mends_what_does_not_hold(where):
    asked, said, answered = ground.say(where, ask=True), ground.say(where), ground.say(where, ask=True)
    ground.answer(answered)
    with transaction():
        db.session.execute(delete(LedgerEntry).where(LedgerEntry.comment_id == said.id))
        db.session.execute(update(LedgerEntry).where(LedgerEntry.comment_id == asked.id).values(waits=False))
        wrong = {"answer_days": 40, "place": Place.NEW}
        db.session.execute(update(LedgerEntry).where(LedgerEntry.comment_id == answered.id).values(wrong))
    with transaction():
        found = ledger_recounting.recount()
    assert found == [
        f"ledger_entry {said.id}: was missing",
        f"ledger_entry {asked.id}: waits was False, is True",
        f"ledger_entry {answered.id}: answer_days was 40, is 0",
        f"ledger_entry {answered.id}: place was new, is answered",
    ]
    assert is_true()


@given(st.sampled_from(Place), st.sampled_from(Place), st.sampled_from(Kind))
def test_a_place_never_goes_back(before, after, kind):
    assert not (places.leads_to(before, after, kind) and places.leads_to(after, before, kind))
    assert not places.leads_to(Place.ANSWERED, after, kind)
    if after is Place.IN_PROGRESS:
        assert places.leads_to(Place.NEW, after, kind) is (kind is Kind.QUESTION)
