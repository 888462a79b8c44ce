"""Whatever changes what a page of figures says gives it another ETag: no cache tells yesterday's numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from consult import clock
from consult.accounts.actions.account import change_name
from consult.accounts.actions.setting_up import revise_unit
from consult.consultations.election_actions import Plan, Setting, set_election
from consult.consultations.election_models import Effect
from consult.consultations.models import Stage
from consult.discussion import actions
from consult.discussion.answering import replying, undoing
from consult.discussion.desk import actions as desk_actions
from consult.discussion.ledger import also, marking, objecting
from consult.discussion.ledger.also import Asker
from consult.discussion.models import State
from consult.extensions import transaction
from consult.search import fruitless
from consult.web.conditional import forget
from tests import factories
from tests.discussion import ground

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)


@pytest.fixture
def draft(app):
    clock.replace(lambda: NOW - 30 * DAY)
    draft = ground.a_draft(opens_at=NOW - 60 * DAY, closes_at=NOW + 30 * DAY)
    return draft


class Talk:
    """A draft on which everything has been said that an act could be about."""

    def __init__(self, draft):
        self.draft, self.where = draft, ground.paragraph(draft)
        self.unit = draft.consultation.unit
        self.author, self.official = factories.a_person(), factories.an_official(self.unit)
        self.asked = ground.say(self.where, "Who sweeps?", by=self.author, ask=True)
        self.answered = ground.say(self.where, "Who pays?", by=self.author, ask=True)
        self.sent = ground.tell_team(self.where, "Is it I?", by=self.author, ask=True)
        self.said = ground.say(self.where, "Plant oaks.", by=self.author)
        self.down = ground.say(self.where, "Rude?", by=self.author, ask=True)
        ground.take_down(self.down)
        self.reply = ground.answer(self.answered, by=self.official)
        self.reply_to_team(self.sent)

    def reply_to_team(self, comment):
        with transaction(self.official):
            replying.reply_to_sender(actor=self.official, comment=comment, body="It is you.")

    def as_official(self, act, **values):
        with transaction(self.official):
            act(actor=self.official, **values)

    def as_author(self, act, **values):
        with transaction(self.author):
            act(actor=self.author, **values)


def _promise(t, days):
    admin = factories.an_administrator()
    with transaction(admin):
        revise_unit(actor=admin, unit=t.unit, name=t.unit.name, promise_days=days)


def _stop_clock(t):
    days = {"first_day": date(2026, 11, 24), "last_day": date(2026, 11, 30)}
    setting = Setting(Effect.STOP_CLOCK, is_on=True, wording="It stands still.", **days)
    with transaction():
        plan = Plan("Election", days["last_day"], **days, settings=[setting])
        set_election(actor=None, organisation=t.unit.organisation, plan=plan)


ACTS = {
    "ask": lambda t: ground.say(t.where, "When?", ask=True),
    "say": lambda t: ground.say(t.where, "Never."),
    "reply": lambda t: ground.reply(t.said),
    "answer": lambda t: ground.answer(t.asked, by=t.official),
    "answer again": lambda t: ground.answer(t.answered, by=t.official),
    "object": lambda t: t.as_author(objecting.object_to_answer, comment=t.answered, why="It does not."),
    "object as sender": lambda t: t.as_author(objecting.object_to_answer, comment=t.sent, why="No."),
    "accept": lambda t: t.as_author(objecting.accept_answer, comment=t.answered),
    "ask the team": lambda t: ground.tell_team(t.where, "And I?", ask=True),
    "withdraw": lambda t: ground.withdraw(t.asked),
    "withdraw from the team": lambda t: ground.withdraw(t.sent),
    "take down": lambda t: ground.take_down(t.asked),
    "put back": lambda t: ground.move(t.down, State.PUBLISHED),
    "mark": lambda t: t.as_official(marking.mark_as_question, comment=t.said),
    "read": lambda t: t.as_official(desk_actions.mark_read, keys=[t.said.key]),
    "assign": lambda t: t.as_official(desk_actions.assign, keys=[t.asked.key], assignee=t.official),
    "correct": lambda t: t.as_author(actions.correct_comment, comment=t.asked, body="Who sweeps it?"),
    "rename": lambda t: t.as_author(change_name, name="Wilf Thackray"),
    "promise": lambda t: _promise(t, 1),
    "at the end": lambda t: _promise(t, None),
    "outcome": lambda t: ground.end(t.draft.consultation),
    "analysing": lambda t: ground.end(t.draft.consultation, Stage.ANALYSING),
    "stop the clock": _stop_clock,
    "search": lambda t: [fruitless.count("hangar", NOW.date()) for _ in range(3)],
    "version": lambda t: ground.publish(t.draft, ground.TEXT + "\nFourth, we sit.\n"),
}


def _also(t):
    with transaction():
        actor = factories.a_person()
        also.join_question(actor=actor, asker=Asker(person_id=actor.id), comment=t.asked)


ACTS["have it too"] = _also


def _undo(t):
    clock.replace(lambda: NOW)
    reply = ground.answer(t.asked, by=t.official)

    def later():
        t.as_official(undoing.undo_response, response=reply)

    return later


def _faces(client, draft):
    base = f"/consultations/{draft.consultation.slug}"
    faces = {}
    addresses = (
        *("/monitor", "/monitor.json", "/monitor/questions", "/monitor/searches", "/monitor/questions.csv"),
        *("/monitor/units", "/monitor/joined.csv", "/monitor/silent", "/monitor/heat"),
        *(f"{base}/ledger", f"{base}/ledger.json", f"{base}/ledger.csv"),
        *(base, f"{base}/{draft.slug}", f"/units/{draft.consultation.unit.slug}"),
        f"{base}/{draft.slug}/p/{ground.paragraph(draft).key}",
    )
    for address in addresses:
        forget()
        response = client.get(address)
        assert response.status_code == 200, address
        faces[address] = (response.data, response.headers["ETag"])
    return faces


@pytest.mark.parametrize("act", [*ACTS, "undo"])
def test_what_is_changed_by_an_act_has_another_etag(client, draft, act):
    talk = Talk(draft)
    clock.replace(lambda: NOW)
    do = _undo(talk) if act == "undo" else lambda: ACTS[act](talk)
    before = _faces(client, draft)
    do()
    after = _faces(client, draft)
    stale = [
        address
        for address in before
        if before[address][0] != after[address][0] and before[address][1] == after[address][1]
    ]
    assert stale == []
    assert before != after, "an act that changes nothing proves nothing"
