"""Verdicts given to many comments at once from the desk: what lists them, what refuses them, and taking them back."""

from datetime import timedelta

import pytest

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Stage
from consult.consultations.verdicts import Verdict
from consult.discussion.desk import acts
from consult.discussion.verdict import deciding
from consult.discussion.verdict.models import CommentVerdict
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from tests import factories
from tests.discussion import ground

HERE = "/desk?verdict=none"
REASON = "Oaks stand long."


@pytest.fixture
def where(app):
    return ground.paragraph(ground.a_draft())


@pytest.fixture
def official(where):
    return factories.an_official(where.document.consultation.unit)


def _close(where, stage=Stage.ANALYSING):
    ground.end(where.document.consultation, stage)


def _give(by, comments, reason=REASON, verdict=Verdict.CHANGED):
    with transaction(by):
        return deciding.give_verdicts(
            actor=by, keys=[comment.key for comment in comments], verdict=verdict, reason=reason
        )


def _given():
    db.session.expire_all()
    return {row.comment_id: (row.verdict, row.reason) for row in db.session.query(CommentVerdict)}


def _listed(page):
    return {row["data-row"] for row in page.select("[data-row]")}


def test_the_desk_lists_what_has_no_verdict_once_comments_have_closed(where, official, visit_as):
    said, decided, asked = ground.say(where), ground.say(where), ground.say(where, ask=True)
    ground.answer(asked)
    ground.tell_team(where)
    ground.take_down(ground.say(where))
    still_open = ground.say(ground.paragraph(ground.a_draft(unit=where.document.consultation.unit)))
    desk = visit_as(official)
    assert _listed(desk.get(HERE)) == set()
    assert "verdict" not in str(desk.get("/desk").select_one("#desk-form"))
    _close(where)
    with transaction(official):
        deciding.give_verdict(actor=official, comment=decided, verdict=Verdict.ALREADY_SO, reason=REASON)
    page = desk.get(HERE)
    assert _listed(page) == {said.key, asked.key}
    assert page.select_one('input[name="verdict"][checked]')
    assert "verdict=none" in page.select_one("#desk-form")["action"]
    assert still_open.key not in _listed(page)
    _close(where, Stage.OUTCOME)
    assert _listed(desk.get(HERE)) == set()


def test_many_are_given_one_and_it_is_taken_back(where, official, visit_as):
    some = [ground.say(where) for _n in range(3)]
    _close(where)
    desk = visit_as(official)
    form = {"key": [each.key for each in some[:2]], "do": "verdict", "verdict": "changed", "reason": REASON}
    page = desk.get(desk.post(HERE, form).location)
    assert _listed(page) == {some[2].key}
    assert "2 comments have a verdict now: Changed." in page.main.text
    assert _given() == {each.id: (Verdict.CHANGED, REASON) for each in some[:2]}
    assert db.session.query(AuditEntry).filter_by(act="comment.verdict").count() == 2
    undo = page.select_one('form[action^="/desk/undo/"]')["action"]
    page = desk.get(desk.post(undo, {}).location)
    assert "Undone, for 2 comments." in page.main.text
    assert _given() == {}


def test_what_is_refused_stays_on_the_page_as_it_was_typed(where, official, visit_as):
    said = ground.say(where)
    _close(where)
    desk = visit_as(official)
    for verdict, reason in (("", REASON), ("perhaps", REASON), ("changed", " "), ("changed", "x" * 1_001)):
        form = {"key": said.key, "do": "verdict", "verdict": verdict, "reason": reason}
        page = desk.post(HERE, form, 422).page
        assert page.select_one('[role="alert"]')
        assert page.select_one("#reason").text.strip() == reason.strip()
        assert page.select_one(f'[name="key"][value="{said.key}"][checked]')
    assert _given() == {}


def test_none_is_given_before_the_close_nor_by_others(where, official):
    said = ground.say(where)
    with pytest.raises(Closed):
        _give(official, [said])
    _close(where)
    with pytest.raises(NotAllowed):
        _give(factories.an_official(factories.a_unit()), [said])
    with pytest.raises(Invalid):
        _give(official, [said], reason=" ")
    assert _given() == {}


def test_what_has_one_keeps_it_and_what_is_no_part_of_the_talk_gets_none(where, official):
    said, fresh, gone, sent = (
        ground.say(where),
        ground.say(where),
        ground.say(where),
        ground.tell_team(where),
    )
    ground.withdraw(gone)
    _close(where)
    _give(official, [said], verdict=Verdict.ALREADY_SO)
    act = _give(official, [said, fresh, gone, sent])
    assert act.item_count == 1
    assert _given() == {said.id: (Verdict.ALREADY_SO, REASON), fresh.id: (Verdict.CHANGED, REASON)}
    assert _give(official, [said, gone]) is None


def test_taking_back_leaves_what_was_decided_since_and_what_is_published(where, official):
    said, other = ground.say(where), ground.say(where)
    _close(where)
    act = _give(official, [said, other])
    later = clock.now() + timedelta(seconds=5)
    clock.replace(lambda: later)
    with transaction(official):
        deciding.give_verdict(actor=official, comment=said, verdict=Verdict.NOT_CHANGED, reason="No.")
        assert acts.undo(actor=official, act=acts.act_of(act.key)) == 1
    assert _given() == {said.id: (Verdict.NOT_CHANGED, "No.")}
    act = _give(official, [other])
    _close(where, Stage.OUTCOME)
    with pytest.raises(Conflict), transaction(official):
        acts.undo(actor=official, act=acts.act_of(act.key))
    assert other.id in _given()
