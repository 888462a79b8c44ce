"""How long first answers took, where an election that stops the clock is set, changed or taken back after they were given."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup

from consult import clock
from consult.consultations import election_actions
from consult.consultations.election_actions import Plan, Setting
from consult.consultations.election_models import Effect, Election
from consult.consultations.election_words import USUAL
from consult.discussion.ledger import recounting as ledger_recounting
from consult.discussion.ledger import retiming
from consult.discussion.ledger.models import LedgerEntry
from consult.documents.models import Document
from consult.extensions import db, transaction
from tests import factories
from tests.discussion import ground

MONDAY = datetime(2027, 3, 15, 12, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY.replace(day=day) for day in (16, 17, 18))
LAST = date(2027, 4, 9)


@pytest.fixture
def asked(app):
    clock.replace(lambda: MONDAY)
    where = ground.paragraph(ground.a_draft(closes_at=datetime(2027, 7, 1, tzinfo=UTC)))
    return ground.say(where, ask=True)


def _organisation(asked):
    return asked.document.consultation.unit.organisation


def _plan(first, last=LAST):
    days = {"first_day": first, "last_day": last}
    wanted = [
        Setting(effect=effect, is_on=effect is Effect.STOP_CLOCK, wording=str(USUAL[effect]), **days)
        for effect in Effect
    ]
    return Plan("Council election", last, first, last, wanted)


def _set(asked, first):
    with transaction():
        return election_actions.set_election(actor=None, organisation=_organisation(asked), plan=_plan(first))


def _days(comment):
    return db.session.get(LedgerEntry, comment.id, populate_existing=True).answer_days


def _is_true():
    with transaction():
        return ledger_recounting.recount() == []


def test_one_that_is_cancelled_on_its_first_day_stopped_no_clock(asked):
    """Answered on a Wednesday on which the clock stood: one day. It never stood, it turns out: two."""
    clock.replace(lambda: TUESDAY)
    election = _set(asked, WEDNESDAY.date())
    clock.replace(lambda: WEDNESDAY)
    ground.answer(asked)
    assert _days(asked) == 1
    before = db.session.get(Document, asked.document_id, populate_existing=True).stamp
    with transaction():
        election_actions.end_election(actor=None, election=db.session.get_one(Election, election.id))
    assert _days(asked) == 2
    assert _is_true()
    assert db.session.get(Document, asked.document_id, populate_existing=True).stamp > before


def _told(client, asked):
    """Return the median as data, and what the page and the file say of the one answer."""
    here = f"/consultations/{asked.document.consultation.slug}/ledger"
    body = client.get(f"{here}.json").json
    rows = list(csv.DictReader(io.StringIO(client.get(f"{here}.csv").get_data(as_text=True))))
    page = " ".join(BeautifulSoup(client.get(here).get_data(as_text=True), "html.parser").main.text.split())
    return (
        body["figures"]["median_working_days_to_first_answer"],
        rows[0]["working_days_to_first_answer"],
        page,
    )


def test_page_and_files_agree_at_once(asked, client):
    clock.replace(lambda: TUESDAY)
    election = _set(asked, WEDNESDAY.date())
    clock.replace(lambda: WEDNESDAY)
    ground.answer(asked)
    median, of_file, page = _told(client, asked)
    assert (median, of_file) == (1, "1")
    with transaction():
        election_actions.end_election(actor=None, election=db.session.get_one(Election, election.id))
    median, of_file, after = _told(client, asked)
    assert (median, of_file) == (2, "2")
    assert page != after
    assert "2 working days" in after


def test_one_that_begins_later_is_no_matter_to_what_was_answered_before(asked):
    clock.replace(lambda: TUESDAY)
    ground.answer(asked)
    _set(asked, WEDNESDAY.date())
    assert _days(asked) == 1
    assert _is_true()


def test_one_that_is_set_over_past_days_has_them_counted_anew(asked):
    """No form lets anybody do that; whoever writes the row by hand announces it, and all agree."""
    clock.replace(lambda: THURSDAY)
    ground.answer(asked)
    other = ground.say(ground.paragraph(ground.a_draft(closes_at=datetime(2027, 7, 1, tzinfo=UTC))), ask=True)
    assert _days(asked) == 3
    factories.an_election(_organisation(asked), TUESDAY.date(), LAST, Effect.STOP_CLOCK)
    with transaction():
        retiming.on_election_changed(None, organisation_id=_organisation(asked).id, since=TUESDAY.date())
    assert _days(asked) == 0
    assert _days(other) is None
    assert _is_true()
