"""An official takes an answer back within half a minute: no read shows it, all stands as before, nobody is told."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Stage
from consult.discussion import actions, chronicle, printing, queries, recounting
from consult.discussion.answering import undoing
from consult.discussion.desk import queries as desk
from consult.discussion.desk.acts import UNDO
from consult.discussion.ledger import objecting
from consult.discussion.ledger import recounting as ledger_recounting
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Response
from consult.documents import paragraph_queries
from consult.errors import Closed, NotAllowed, NotFound
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from consult.opendata import queries as feeds
from consult.search.indexing import reindex
from consult.search.models import Kind, SearchEntry
from tests import counting, factories
from tests.discussion.ground import a_draft, answer, paragraph, say


def _undo(response: Response, by=None):
    by = by or response.author
    with transaction(by):
        return undoing.undo_response(actor=by, response=response)


def _entry(comment) -> LedgerEntry:
    return db.session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.comment_id == comment.id)
        .execution_options(populate_existing=True)
    ).one()


def _replies_in_search() -> int:
    return db.session.scalar(select(func.count()).where(SearchEntry.kind == Kind.RESPONSE)) or 0


def test_what_is_taken_back_was_never_there(app):
    draft = a_draft()
    first, second = paragraph(draft, "1"), paragraph(draft, "2")
    asked = [say(first, ask=True), say(second, ask=True), say(second)]
    response = answer(*asked)
    assert _replies_in_search() == 1
    assert _undo(response) == asked
    assert [comment.answered_at for comment in asked] == [None] * 3
    assert [(p.answered_count, p.response_count) for p in (first, second)] == [(0, 0), (0, 0)]
    assert draft.answered_count == draft.consultation.answered_count == 0
    for comment in asked:
        entry = _entry(comment)
        assert (entry.place, entry.read_at, entry.first_answered_at) == (Place.NEW, None, None)
        assert (entry.answer_days, entry.waits) == (None, comment is not asked[2])
    assert recounting.recount() == ledger_recounting.recount() == []
    for read in (
        desk.responses_on(second),
        queries.thread(second, show="official").nodes,
        queries.thread(second).nodes[0].answers,
        list(printing.answers_in(draft.id)),
        feeds.responses(clock.now()),
        list(chronicle._replies(paragraph_queries.kin(draft, second.key), [second.id])),
    ):
        assert read == []
    with pytest.raises(NotFound):
        queries.response(response.key)
    assert _replies_in_search() == 0
    with transaction():
        reindex()
    assert _replies_in_search() == 0
    assert db.session.scalars(select(OutboxMail)).all() == []
    assert response.undone_at is not None  # the record keeps it
    assert (
        db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc())).first() == "response.undo"
    )


def test_mails_wait_until_it_cannot_be_taken_back(app):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked)
    mail = db.session.scalars(select(OutboxMail)).one()
    assert mail.due_at >= response.created_at + UNDO


def test_after_half_a_minute_it_stays(app):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked)
    later = clock.now() + timedelta(seconds=31)
    clock.replace(lambda: later)
    with pytest.raises(Closed):
        _undo(response)
    assert asked.answered_at is not None


def test_nobody_takes_back_what_a_colleague_posted(app):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked)
    with pytest.raises(NotAllowed):
        _undo(response, factories.an_official(asked.document.consultation.unit))


def test_what_a_colleague_answered_since_stays_answered(app):
    asked = say(paragraph(a_draft()), ask=True)
    first = answer(asked)
    answer(asked)
    _undo(first)
    assert asked.answered_at is not None
    assert (asked.paragraph.answered_count, asked.paragraph.response_count) == (1, 1)
    assert _entry(asked).place is Place.ANSWERED
    assert recounting.recount() == []


def test_done_twice_it_is_done_once_and_the_same_form_posts_anew(app):
    asked = say(paragraph(a_draft()), ask=True)
    official = factories.an_official(asked.document.consultation.unit)

    def post():
        with transaction(official):
            return actions.respond(actor=official, comments=[asked], body="So.", once="k" * 20)

    response = post()
    _undo(response)
    _undo(response)
    assert asked.paragraph.response_count == 0
    assert post().id != response.id
    assert asked.paragraph.response_count == 1


def test_an_earlier_answer_stays_the_first(app):
    asked = say(paragraph(a_draft()), ask=True)
    first = answer(asked)
    later = clock.now() + timedelta(hours=1)
    clock.replace(lambda: later)
    _undo(answer(asked))
    entry = _entry(asked)
    assert (entry.place, entry.waits, entry.first_answered_at) == (Place.ANSWERED, False, first.created_at)
    assert asked.answered_at == first.created_at


def test_once_there_is_an_outcome_nothing_waits_again(app):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked)
    asked.document.consultation.stage = Stage.OUTCOME
    db.session.commit()
    _undo(response)
    assert not _entry(asked).waits
    assert ledger_recounting.recount() == []


def test_two_answers_taken_back_one_after_the_other_leave_no_answer_behind(app):
    """The first goes first: what the second found answered was never answered."""
    asked = say(paragraph(a_draft()), ask=True)
    first, second = answer(asked), answer(asked)
    _undo(first)
    entry = _entry(asked)
    assert asked.answered_at == entry.first_answered_at == second.created_at
    assert (entry.place, entry.waits) == (Place.ANSWERED, False)
    _undo(second)
    entry = _entry(asked)
    assert asked.answered_at is entry.first_answered_at is entry.answer_days is None
    assert (entry.place, entry.waits) == (Place.NEW, True)
    assert (asked.paragraph.answered_count, asked.paragraph.response_count) == (0, 0)
    assert recounting.recount() == ledger_recounting.recount() == []


def test_what_its_author_said_of_an_answer_goes_with_it(app):
    asked, content = (say(paragraph(draft := a_draft()), ask=True), say(paragraph(draft, "2"), ask=True))
    response = answer(asked, content)
    with transaction(asked.author):
        objecting.object_to_answer(actor=asked.author, comment=asked, why="No word of oaks.")
    with transaction(content.author):
        objecting.accept_answer(actor=content.author, comment=content)
    _undo(response)
    entry = _entry(asked)
    assert (entry.objected_at, entry.objection, entry.since) == (None, "", entry.asked_at)
    assert (entry.place, entry.waits) == (Place.NEW, True)
    assert _entry(content).content_at is None
    assert recounting.recount() == ledger_recounting.recount() == []
    answer(asked)
    with transaction(asked.author):
        objecting.object_to_answer(actor=asked.author, comment=asked, why="Still no word of oaks.")


def test_taking_many_back_asks_no_more_of_the_database_than_taking_few(app):
    draft = a_draft()
    few, many = (answer(*(say(paragraph(draft), f"Why {n}?", ask=True) for n in range(k))) for k in (2, 30))

    def cost(response: Response) -> int:
        with counting.queries() as seen:
            _undo(response)
        return len(seen)

    cost_of_few = cost(few)
    assert cost(many) <= cost_of_few
