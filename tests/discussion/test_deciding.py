"""Verdicts: none while comments are open, each with a reason, and shown to nobody before the outcome."""

import csv
import io
import json

import pytest

from consult.audit import AuditEntry
from consult.consultations.models import Stage
from consult.consultations.verdicts import EXPLAINED, LABELS, Verdict
from consult.discussion.verdict import deciding
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.web import conditional
from tests import factories
from tests.discussion import ground


@pytest.fixture
def said(app):
    return ground.say(ground.paragraph(ground.a_draft()), "Plant oaks.")


@pytest.fixture
def official(said):
    return factories.an_official(said.document.consultation.unit)


def give(said, by, reason="Oaks stand long.", verdict=Verdict.CHANGED_IN_PART):
    with transaction(by):
        return deciding.give_verdict(actor=by, comment=said, verdict=verdict, reason=reason)


def test_while_comments_are_open_nothing_carries_a_verdict(said, official, visit_as):
    with pytest.raises(Closed):
        give(said, official)
    page = visit_as(official).get(f"/desk/verdicts/{said.key}", 409)
    assert "carries no verdict until they have closed" in page.text
    assert not visit_as(official).get(ground.address(said.paragraph)).select('a[href*="/desk/verdicts/"]')


def test_it_is_said_after_the_close_and_shown_with_the_outcome(said, official, visit, visit_as):
    consultation = said.document.consultation
    ground.end(consultation, Stage.ANALYSING)
    desk = visit_as(official)
    link = desk.get(ground.address(said.paragraph)).select_one('a[href*="/desk/verdicts/"]')
    page = desk.get(link["href"])
    assert len(page.select('input[name="verdict"]')) == len(Verdict) == len(LABELS) == len(EXPLAINED)
    wrong = desk.post(link["href"], {"reason": ""}, 422).page
    assert len(wrong.select("[role=alert] a")) == 2
    long = desk.post(link["href"], {"verdict": "changed", "reason": "x" * 1001}, 422).page
    assert "This must be 1,000 characters or fewer" in long.text, "and not “Why? must be”"
    desk.post(link["href"], {"verdict": "changed_in_part", "reason": "Oaks stand long."})
    assert "Oaks stand long." in desk.get(link["href"]).text
    ledger = f"/consultations/{consultation.slug}/ledger"
    places = (ground.address(said.paragraph), ledger, f"{ledger}.json", f"{ledger}.csv")
    for address in places:
        assert "Oaks stand long." not in visit.client.get(address).text, address
    ground.end(consultation, Stage.OUTCOME)
    conditional.forget()
    for address in places:
        assert "Oaks stand long." in visit.client.get(address).text, address
    assert "Changed in part" in visit.get(ledger).text
    entry = json.loads(visit.client.get(f"{ledger}.json").text)["entries"][0]
    row = next(csv.DictReader(io.StringIO(visit.client.get(f"{ledger}.csv").text.removeprefix("\ufeff"))))
    assert entry["verdict"] == row["verdict"] == "changed_in_part"
    with pytest.raises(Closed):
        give(said, official)


def test_the_later_one_holds_and_each_needs_a_reason(said, official):
    ground.end(said.document.consultation, Stage.ANALYSING)
    give(said, official)
    assert give(said, official, "It was so.", Verdict.ALREADY_SO).verdict is Verdict.ALREADY_SO
    assert db.session.query(AuditEntry).filter_by(act="comment.verdict").count() == 2
    for reason in ("", " ", "x" * 1001):
        with pytest.raises(Invalid):
            give(said, official, reason)


def test_nobody_else_decides_and_nothing_on_what_is_gone(said, official):
    ground.end(said.document.consultation, Stage.ANALYSING)
    with pytest.raises(NotAllowed):
        give(said, factories.an_official(factories.a_unit()))
    ground.withdraw(said)
    with pytest.raises(Conflict):
        give(said, official)


def test_the_unit_sees_in_the_thread_and_before_the_outcome_what_is_still_to_say(
    said, official, visit, visit_as
):
    consultation = said.document.consultation
    ground.reply(said, "Limes too.")
    ground.say(said.paragraph, "Plant elms.")
    ground.end(consultation, Stage.ANALYSING)
    desk, thread = visit_as(official), ground.address(said.paragraph)
    finish = f"/consultations/{consultation.slug}/finish"
    assert "Your unit has said what became of 0 of 2 comments." in desk.get(finish).main.text
    tag = desk.client.get(thread).headers.get("ETag")
    give(said, official)
    assert "Your unit has said what became of 1 of 2 comments." in desk.get(finish).main.text
    link = desk.get(finish).select_one('[data-said] a[href^="/desk?"]')
    rows = desk.get(link["href"]).select("tr[data-row]")
    assert ["Plant elms." in row.text for row in rows if "Limes too." not in row.text] == [True]
    page = desk.client.get(thread, headers={"If-None-Match": tag} if tag else {})
    assert page.status_code == 200, "not the page from before"
    (kept,) = desk.get(thread).select("[data-kept-verdict]")
    assert "Only your unit sees this yet" in kept.text
    assert "Oaks stand long." in kept.text
    for reader in (
        visit,
        visit_as(factories.a_person()),
        visit_as(factories.an_official(factories.a_unit())),
    ):
        assert not reader.get(thread).select("[data-kept-verdict]")
        assert "Oaks stand long." not in reader.client.get(thread).text
    ground.end(consultation, Stage.OUTCOME)
    conditional.forget()
    assert not desk.get(thread).select("[data-kept-verdict]")
    assert not desk.get(finish).select("[data-said]"), "nothing can be added after"
