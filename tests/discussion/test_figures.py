"""A ledger with known numbers gives exactly those numbers: on pages, as JSON and as CSV."""

import csv
import io
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import clock
from consult.consultations.models import Stage
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger import figures
from consult.discussion.ledger.figures import median
from consult.discussion.ledger.models import Place
from consult.discussion.models import Kind
from consult.extensions import db, transaction
from consult.web import conditional
from tests import factories
from tests.discussion import ground

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 10, tzinfo=LONDON)  # a Monday
KNOWN = {
    "questions_asked": 6,
    "questions_answered": 4,
    "questions_waiting": 2,
    "questions_past_promise": 1,
    "promise_working_days": 5,
    "answers_due": 5,
    "answered_within_promise": 3,
    "median_working_days_to_first_answer": 2.5,
    "oldest_waiting_working_days": 10,
    "team_only_questions_waiting": 1,
}


@pytest.fixture
def at(monkeypatch):
    """Return a function that makes it a day of November 2026, at ten."""

    def make_it(day: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW.replace(day=day))

    return make_it


@pytest.fixture
def known(app, at):
    """Return a document with six questions in public, answered after 1, 2, 3 and 8 working days or not at all."""
    at(2)  # a Monday
    document = ground.a_draft(closes_at=NOW.replace(month=12), opens_at=NOW.replace(day=1))
    where, official = ground.paragraph(document), factories.an_official(document.consultation.unit)
    asked = [ground.say(where, f"Who counts tree {n}?", ask=True) for n in range(4)]
    gone = ground.say(where, "Who pays?", ask=True)
    ground.say(where, "=Plant oaks.")
    ground.withdraw(ground.say(where, "Never mind."))
    for day, question in ((3, asked[0]), (4, asked[1]), (5, asked[2]), (9, gone), (12, asked[3])):
        at(day)
        if day == 9:
            late = ground.say(where, "Which trees are counted?", ask=True)
            ground.tell_team(where, "Is mine counted?", ask=True)
        ground.answer(question, by=official)
    at(20)
    ground.say(where, "When does it begin?", ask=True)
    ground.take_down(gone)
    at(23)
    with transaction(official):
        ledger.note_read([late.id], official.id, clock.now())
    return document


def _numbers(found) -> dict:
    data = found.as_data()
    assert (data["oldest_waiting_comment"] is None) == (found.oldest is None)
    return {name: value for name, value in data.items() if name != "oldest_waiting_comment"}


def test_every_scope_gives_the_known_numbers(known):
    now = clock.now()
    consultation = known.consultation
    db.session.expire_all()
    assert _numbers(figures.of(known, now)) == KNOWN
    assert _numbers(figures.of(consultation, now)) == KNOWN
    assert _numbers(figures.of(consultation.unit, now)) == KNOWN


def test_page_json_and_csv_give_the_known_numbers(known, client):
    base = f"/consultations/{known.consultation.slug}"
    for address in (f"{base}/{known.slug}", base, f"{base}/ledger", f"/units/{known.consultation.unit.slug}"):
        page = client.get(address)
        assert page.status_code == 200
        words = " ".join(page.text.split())
        assert "4 of 6 questions" in words, address
        assert "2.5 working days" in words, address
        assert "3 of 5" in words, address
        assert "10 working days" in words, address
    for query in ("", f"?document={known.slug}"):
        given = json.loads(client.get(f"{base}/ledger.json{query}").text)
        oldest = given["figures"].pop("oldest_waiting_comment")
        said = {"comments": 7, "people": 7, "comments_that_changed_words": None}
        assert given["figures"] == said | KNOWN
        _agree(given["entries"], oldest)
        rows = csv.DictReader(
            io.StringIO(client.get(f"{base}/ledger.csv{query}").text.removeprefix("\ufeff"))
        )
        _agree([{**row, "is_waiting": row["is_waiting"] == "yes"} for row in rows], oldest)


def _agree(entries: list[dict], oldest: str) -> None:
    """Count in a file what the figures say."""
    questions = [entry for entry in entries if entry["kind"] == "question"]
    waiting = [entry for entry in questions if entry["is_waiting"]]
    assert len(entries) == 7
    assert len(questions) == KNOWN["questions_asked"]
    assert sum(entry["place"] == "answered" for entry in questions) == KNOWN["questions_answered"]
    assert len(waiting) == KNOWN["questions_waiting"]
    took = sorted(int(entry["working_days_to_first_answer"]) for entry in questions if entry["answer"])
    assert took == [1, 2, 3, 8]
    longest = max(waiting, key=lambda entry: int(entry["working_days_waiting"]))
    assert (longest["comment"], int(longest["working_days_waiting"])) == (oldest, 10)
    assert [entry["place"] for entry in waiting] == ["read", "new"]
    assert {entry["opening_words"] for entry in entries} >= {"When does it begin?"}
    assert not {"Who pays?", "Is mine counted?", "Never mind."} & {
        entry["opening_words"] for entry in entries
    }


def test_each_paragraph_says_how_its_questions_stand(known, client):
    other, silent = ground.paragraph(known, "2"), ground.paragraph(known, "3")
    ground.answer(ground.say(other, "Why oaks?", ask=True))
    ground.say(silent, "I agree.")
    page = client.get(f"/consultations/{known.consultation.slug}/{known.slug}").text
    found = {
        number: page.partition(f'data-number="{number}"')[2].partition("para-margin")[2][:400]
        for number in "123"
    }
    assert "2 waiting" in found["1"]
    assert "all answered" in found["2"]
    assert "waiting" not in found["3"].partition("</div>")[0]
    assert "answered" not in found["3"].partition("</div>")[0]
    given = json.loads(client.get(f"/consultations/{known.consultation.slug}/ledger.json").text)["paragraphs"]
    counts = [(each["paragraph"], each["questions_asked"], each["questions_answered"]) for each in given]
    assert counts == [("1", 6, 4), ("2", 1, 1), ("3", 0, 0)]


def test_a_cell_that_looks_like_a_formula_is_words(known, client):
    assert "'=Plant oaks." in client.get(f"/consultations/{known.consultation.slug}/ledger.csv").text


def test_the_address_says_which_entries_are_shown(known, client):
    base = f"/consultations/{known.consultation.slug}/ledger"
    for query, count in (
        ("state=waiting", 2),
        ("state=read", 1),
        ("state=answered", 4),
        ("kind=comment", 1),
        ("kind=question&state=new", 1),
        ("kind=evidence", 0),
        (f"document={known.slug}", 7),
        ("state=nonsense&kind=nonsense", 7),
    ):
        assert client.get(f"{base}?{query}").text.count("<tr data-place") == count, query
        assert len(json.loads(client.get(f"{base}.json?{query}").text)["entries"]) == count, query
    assert client.get(f"{base}?document=there-is-none").status_code == 404
    assert client.get(f"{base}?after=2222222222").status_code == 404


def test_pages_of_the_ledger_follow_one_another(app, client, monkeypatch):
    document = ground.a_draft()
    where, by = ground.paragraph(document), factories.a_person()
    for n in range(27):
        ground.say(where, f"Tree {n}.", by=by)
    base = f"/consultations/{document.consultation.slug}/ledger"
    first = client.get(base).text
    following = first.partition('rel="next" href="')[2].partition('"')[0]
    second = client.get(following).text
    assert first.count("<tr data-place") == 25
    assert ["Tree 25." in second, "Tree 26." in second, "Tree 24." in second] == [True, True, False]
    monkeypatch.setattr("consult.discussion.ledger.queries.AT_ONCE", 10)
    assert len(json.loads(client.get(f"{base}.json").text)["entries"]) == 27


def test_what_waits_comes_in_the_order_in_which_it_began_to_wait(app, client, monkeypatch):
    document = ground.a_draft()
    where, by = ground.paragraph(document), factories.a_person()
    asked = [ground.say(where, f"Tree {n}?", by=by, ask=True) for n in range(4)]
    for days, question in enumerate(asked):
        ground.backdate(question, clock.now() - timedelta(days=days + 1))
    monkeypatch.setattr("consult.discussion.ledger.queries.AT_ONCE", 3)
    base = f"/consultations/{document.consultation.slug}/ledger"
    given = json.loads(client.get(f"{base}.json?state=waiting").text)["entries"]
    assert [entry["opening_words"] for entry in given] == ["Tree 3?", "Tree 2?", "Tree 1?", "Tree 0?"]
    second = client.get(f"{base}?state=waiting&after={asked[1].key}").text
    assert ["Tree 0?" in second, "Tree 1?" in second] == [True, False]


def test_an_anonymous_ledger_is_kept_until_something_changes(known, client):
    base = f"/consultations/{known.consultation.slug}/ledger"
    for address in (base, f"{base}.json", f"{base}.csv", "/figures"):
        tag = client.get(address).headers["ETag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, "Set-Cookie" in again.headers) == (304, False), address
    tag = client.get(base).headers["ETag"]
    said = ground.say(ground.paragraph(known), "One more.")
    assert client.get(base, headers={"If-None-Match": tag}).status_code == 200
    tag = client.get(base).headers["ETag"]
    official = factories.an_official(known.consultation.unit)
    with transaction(official):
        ledger.note_read([said.id], official.id, clock.now())
    assert client.get(base, headers={"If-None-Match": tag}).status_code == 200


def test_nobody_reads_a_ledger_before_the_opening(app, client):
    document = ground.a_draft(stage=Stage.PREPARING)
    for ending in ("", ".json", ".csv"):
        assert client.get(f"/consultations/{document.consultation.slug}/ledger{ending}").status_code == 404


def test_who_answers_at_the_end_is_never_late(known, client):
    unit = known.consultation.unit
    with transaction():
        unit.promise_days = None
    found = figures.of(known, clock.now())
    assert (found.late, found.due, found.within, found.waiting) == (0, 4, 4, 2)
    conditional.forget()
    assert "at the end" in client.get(f"/consultations/{known.consultation.slug}/ledger").text


def test_a_document_without_a_question_has_no_median(app, client):
    document = ground.a_draft()
    found = figures.of(document, clock.now())
    assert (found.asked, found.median_days, found.oldest) == (0, None, None)
    assert (
        "Nobody has commented yet" in client.get(f"/consultations/{document.consultation.slug}/ledger").text
    )


@given(st.lists(st.integers(0, 60), max_size=40))
def test_the_median_of_counts_is_that_of_the_list(values):
    ordered, half = sorted(values), len(values) // 2
    counts = {value: values.count(value) for value in values}
    if not values:
        assert median(counts) is None
    elif len(values) % 2:
        assert median(counts) == ordered[half]
    else:
        assert median(counts) == (ordered[half - 1] + ordered[half]) / 2


def test_every_kind_and_place_has_words(app, client):
    document = ground.a_draft()
    page = client.get(f"/consultations/{document.consultation.slug}/ledger").text
    assert all(f'value="{value.value}"' in page for value in (*Kind, *Place))
