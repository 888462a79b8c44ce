"""Beside an answer: notes to colleagues, who else is at it, questions alike, requests for information."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from consult import clock, workdays
from consult.discussion.answering import information, notes, presence, similar
from consult.discussion.answering.models import Answering
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from consult.text.likeness import share, shingles
from tests import factories
from tests.discussion.ground import a_draft, paragraph, say, tell_team, withdraw


def _official(comment):
    return factories.an_official(comment.document.consultation.unit)


def test_notes_are_dated_signed_and_for_the_unit(app):
    asked = say(paragraph(a_draft()), ask=True)
    official = _official(asked)
    with transaction(official):
        notes.add_note(actor=official, comment=asked, body=" Ask the foresters. ")
    (note,) = notes.notes_on([asked.id])
    assert (note.body, note.name) == ("Ask the foresters.", official.name)
    for body in (" ", "x" * 2_001):
        with pytest.raises(Invalid):
            notes.add_note(actor=official, comment=asked, body=body)
    with pytest.raises(NotAllowed):
        notes.add_note(actor=asked.author, comment=asked, body="Mine.")


def test_who_has_the_page_open_is_told_to_others_for_a_while(app):
    asked = say(paragraph(a_draft()), ask=True)
    first, second = _official(asked), _official(asked)
    for person in (first, second, first):
        with transaction(person):
            presence.note_presence(actor=person, comments=[asked])
    assert presence.others_at([asked.id], first.id) == [second.name]
    with transaction(second):
        presence.leave(actor=second, comments=[asked])
    assert presence.others_at([asked.id], first.id) == []
    later = clock.now() + presence.STALE + timedelta(seconds=1)
    clock.replace(lambda: later)
    assert presence.others_at([asked.id], second.id) == []
    with transaction(second):
        presence.note_presence(actor=second, comments=[asked])
    assert [row.person_id for row in db.session.scalars(select(Answering))] == [second.id]


def test_questions_alike_are_found_the_nearest_first(app):
    draft = a_draft()
    asked = say(paragraph(draft), "Who measures the three metres of the footway?", ask=True)
    near = say(paragraph(draft, "2"), "Who measures three metres of a footway here?", ask=True)
    nearer = say(paragraph(draft, "2"), "Who measures the three metres of footway?", ask=True)
    say(paragraph(draft), "When will the oaks be planted near schools?", ask=True)
    say(paragraph(draft), "Who measures the three metres of the footway?")  # no question
    tell_team(paragraph(draft), "Who measures the three metres of the footway?")
    withdraw(say(paragraph(draft), "Who measures the three metres of the footway?", ask=True))
    found = similar.similar_to(asked)
    assert [one.about.key for one in found] == [nearer.key, near.key]
    assert found[0].percent == 100


def test_no_more_than_so_many_are_compared(app, monkeypatch):
    monkeypatch.setattr(similar, "MOST_COMPARED", 1)
    draft = a_draft()
    asked = [say(paragraph(draft), "Who measures the footway?", ask=True) for _ in range(4)]
    assert len(similar.similar_to(asked[0])) == 1


def test_the_share_of_words():
    assert share(shingles("Oaks everywhere"), shingles("oaks EVERYWHERE!")) == 1
    assert share(shingles(""), shingles("")) == 0
    assert share(shingles("So?"), shingles("So be it")) == 0.5
    assert 0 < share(shingles("Plant oaks"), shingles("Plant elms")) < 1


def test_a_request_for_information_is_told_and_owed_in_twenty_working_days(app):
    asked = say(paragraph(a_draft()), ask=True)
    official, organisation = _official(asked), asked.document.consultation.unit.organisation
    with pytest.raises(Invalid, match="named nobody"), transaction(official):
        information.mark_request(actor=official, comment=asked)
    organisation.information_contact = "foi@body.example"
    db.session.commit()
    with transaction(official):
        request = information.mark_request(actor=official, comment=asked)
    assert workdays.working_days(request.received_on, request.due_on) == 20
    assert workdays.is_working_day(request.due_on)
    mails = {mail.to_address: mail for mail in db.session.scalars(select(OutboxMail))}
    assert set(mails) == {asked.author.email, "foi@body.example"}
    assert all(request.reference in mail.body for mail in mails.values())
    unit_id = asked.document.consultation.unit_id
    assert [row.key for row in information.open_requests([unit_id])] == [asked.key]
    with pytest.raises(Conflict), transaction(official):
        information.mark_request(actor=official, comment=asked)
    for _ in range(2):
        with transaction(official):
            information.close_request(actor=official, request=request)
    assert information.open_requests([unit_id]) == []


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_before_it_was_said_or_still_to_come_is_refused(app, days):
    asked = say(paragraph(a_draft()), ask=True)
    asked.document.consultation.unit.organisation.information_contact = "foi@body.example"
    db.session.commit()
    official = _official(asked)
    with pytest.raises(Invalid), transaction(official):
        information.mark_request(
            actor=official, comment=asked, received_on=clock.now().date() + timedelta(days=days)
        )


def test_the_twentieth_working_day_leaves_out_christmas():
    assert workdays.nth_working_day(date(2026, 12, 1), 20) == date(2026, 12, 31)
