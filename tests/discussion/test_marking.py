"""Marking somebody's comment as a question: who may, when, what follows, and how it is taken back."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Policy, Stage
from consult.discussion import actions, recounting
from consult.discussion.ledger import also, marking
from consult.discussion.ledger import recounting as ledger_recounting
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Comment, Kind, State
from consult.errors import Closed, Conflict, DomainError, NotAllowed, NotFound
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from tests import factories
from tests.discussion import ground

SHORTLY = timedelta(minutes=1)


@pytest.fixture
def where(app):
    return ground.paragraph(ground.a_draft())


def official_of(comment):
    return factories.an_official(comment.document.consultation.unit)


def moderator_of(comment):
    return factories.a_moderator(comment.document.consultation.unit.organisation)


def mark(comment, by=None):
    by = by or official_of(comment)
    with transaction(by):
        marking.mark_as_question(actor=by, comment=comment)
    return by


def entry(comment) -> LedgerEntry | None:
    return db.session.get(LedgerEntry, comment.id, populate_existing=True)


def all_is_true() -> bool:
    with transaction():
        return list(recounting.differences()) == [] and ledger_recounting.recount() == []


def test_the_clock_starts_at_the_marking_and_counts_follow(where, monkeypatch):
    said, now = ground.say(where), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=5))
    official = mark(said)
    kept = entry(said)
    assert (said.kind, said.kind_before, said.marked_by) == (Kind.QUESTION, Kind.COMMENT, official.id)
    assert (kept.waits, kept.asked_at, kept.since) == (True, clock.now(), clock.now())
    assert (where.question_count, where.document.question_count) == (1, 1)
    mail = db.session.query(OutboxMail).filter_by(to_address=said.author.email).one()
    assert mail.subject == "Your comment is treated as a question"
    assert mail.due_at == clock.now() + marking.SECOND_THOUGHTS
    assert "owed an answer" in mail.body
    acts = [row.act for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts[-1] == "comment.mark_question"
    mark(said, by=official)  # the button pressed twice
    assert where.document.question_count == 1
    assert all_is_true()


def test_a_reply_gets_a_place_of_its_own_and_loses_it_with_the_mark(where):
    reply = ground.reply(ground.say(where), "I doubt it.")
    by = mark(reply, by=moderator_of(reply))
    assert entry(reply).waits
    with transaction(by):
        marking.take_mark_back(actor=by, comment=reply)
    assert entry(reply) is None
    assert reply.marked_at is None
    assert db.session.query(OutboxMail).count() == 0
    assert all_is_true()


def test_what_was_answered_before_it_was_a_question_is_owed_an_answer_and_stands_again_as_it_stood(where):
    said = ground.say(where)
    ground.answer(said, body="Thank you.")
    by = mark(said)
    assert (entry(said).place, entry(said).waits, entry(said).first_answered_at) == (Place.READ, True, None)
    assert all_is_true()
    with transaction(by):
        marking.take_mark_back(actor=by, comment=said)
    assert (entry(said).place, entry(said).waits) == (Place.ANSWERED, False)
    assert entry(said).first_answered_at is not None
    assert all_is_true()


def test_it_can_be_taken_back_for_a_short_while_and_by_nobody_else(where, monkeypatch):
    said = ground.say(where)
    by = mark(said)
    with pytest.raises(Conflict), transaction():
        marking.take_mark_back(actor=official_of(said), comment=said)
    late = clock.now() + marking.SECOND_THOUGHTS
    monkeypatch.setattr(clock, "now", lambda: late + SHORTLY)
    with pytest.raises(Conflict), transaction():
        marking.take_mark_back(actor=by, comment=said)


def test_its_author_says_once_that_it_is_no_question(where):
    author = factories.a_person()
    said = ground.say(where, by=author)
    mark(said)
    with pytest.raises(NotAllowed), transaction():
        marking.say_no_question(actor=factories.a_person(), comment=said)
    with transaction(author):
        marking.say_no_question(actor=author, comment=said)
    assert (said.kind, said.is_no_question, entry(said).waits) == (Kind.COMMENT, True, False)
    assert db.session.query(OutboxMail).count() == 0
    with pytest.raises(Conflict, match="no question"):
        mark(said)
    with pytest.raises(Conflict), transaction():
        marking.say_no_question(actor=author, comment=said)
    assert all_is_true()


def test_a_question_that_others_have_too_stays_one(where):
    author, other = factories.a_person(), factories.a_person()
    said = ground.say(where, by=author)
    mark(said)
    with transaction(other):
        also.join_question(actor=other, asker=also.Asker(person_id=other.id), comment=said)
    with pytest.raises(Conflict, match="Others"), transaction(author):
        marking.say_no_question(actor=author, comment=said)
    db.session.rollback()
    assert all_is_true()


def test_once_answered_a_mark_stays(where):
    author = factories.a_person()
    said = ground.say(where, by=author)
    by = mark(said)
    ground.answer(said)
    with pytest.raises(Conflict), transaction():
        marking.take_mark_back(actor=by, comment=said)
    with pytest.raises(Conflict), transaction():
        marking.say_no_question(actor=author, comment=said)
    assert all_is_true()


@pytest.mark.parametrize("end", [ground.take_down, ground.withdraw])
def test_what_is_no_longer_there_is_not_marked(where, end):
    said = ground.say(where)
    end(said)
    with pytest.raises(Conflict):
        mark(said)


def test_what_is_a_question_or_decided_upon_is_not_marked(where):
    with pytest.raises(Conflict, match="already"):
        mark(ground.say(where, ask=True))
    said = ground.say(where)
    with transaction():
        where.document.consultation.stage = Stage.OUTCOME
    with pytest.raises(Closed):
        mark(said)


def test_only_officials_of_the_unit_and_moderators_may(where):
    said = ground.say(where)
    for somebody in (factories.a_person(), factories.an_official(factories.a_unit()), factories.an_editor()):
        with pytest.raises(NotAllowed):
            mark(said, by=somebody)
    own = official_of(said)
    with pytest.raises(NotAllowed):
        mark(ground.say(where, by=own), by=own)


def test_no_moderator_learns_of_what_went_to_the_team_and_no_official_of_what_waits(where):
    sent = ground.tell_team(where)
    with pytest.raises(NotFound):
        mark(sent, by=moderator_of(sent))
    mark(sent)
    assert entry(sent).waits
    waiting = ground.say(ground.paragraph(ground.a_draft(policy=Policy.BEFORE)))
    with pytest.raises(NotFound):
        mark(waiting)
    mark(waiting, by=moderator_of(waiting))
    assert entry(waiting) is None
    ground.move(waiting, State.PUBLISHED)
    assert entry(waiting).asked_at == waiting.marked_at
    assert all_is_true()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["mark", "unmark", "no question", "answer", "take down", "publish", "correct", "withdraw"]
        ),
        st.integers(0, 4),
        st.sampled_from(list(Kind)),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
@pytest.mark.slow
def test_whatever_happens_counting_again_finds_nothing(app, acts):
    world = _World()
    for act, number, kind in acts:
        try:
            world.does(act, world.comments[number], kind)
        except DomainError:
            db.session.rollback()
    assert all_is_true(), acts
    document = world.where.document
    theirs = db.session.query(LedgerEntry).filter_by(document_id=document.id).populate_existing()
    waiting = sum(row.waits for row in theirs)
    db.session.refresh(document)
    in_public = [row for row in world.comments if row.state is State.PUBLISHED and row.kind is Kind.QUESTION]
    assert document.question_count == len(in_public)
    of_team = [row for row in world.comments if row.state is State.RECEIVED and row.kind is Kind.QUESTION]
    unanswered = [row for row in (*in_public, *of_team) if row.answered_at is None]
    assert waiting == len(unanswered)


class _World:
    """Two threads with replies and something for the team, and those who do things to them."""

    def __init__(self) -> None:
        self.where = ground.paragraph(ground.a_draft())
        first, second = ground.say(self.where), ground.say(self.where, ask=True)
        team = ground.tell_team(self.where)
        self.comments = [first, second, ground.reply(first), ground.reply(second), team]
        self.official, self.moderator = official_of(first), moderator_of(first)

    def does(self, act: str, said: Comment, kind: Kind) -> None:
        by = self.official if said.is_team_only or said.id % 2 else self.moderator
        if act == "mark":
            mark(said, by=by)
        elif act == "unmark":
            with transaction(by):
                marking.take_mark_back(actor=by, comment=said)
        elif act == "no question":
            with transaction(said.author):
                marking.say_no_question(actor=said.author, comment=said)
        elif act == "answer" and not said.is_team_only:
            ground.answer(said, by=self.official)
        elif act in ("take down", "publish"):
            ground.move(said, State.TAKEN_DOWN if act == "take down" else State.PUBLISHED, by=self.moderator)
        elif act == "correct":
            with transaction(said.author):
                actions.correct_comment(actor=said.author, comment=said, body=said.body, kind=kind)
        elif act == "withdraw":
            ground.withdraw(said)
