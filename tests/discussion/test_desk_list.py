"""The list of the desk: its views, what narrows it, its orders and pages, its file; acting on many, with undo."""

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from consult import clock
from consult.discussion.answering.models import InformationRequest
from consult.discussion.desk import actions as desk_actions
from consult.discussion.desk import listing, point_actions, sieve
from consult.discussion.desk import rows as desk_rows
from consult.discussion.desk.asked import Desk
from consult.discussion.desk.sieve import Order, Sieve, View
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Kind
from consult.extensions import db, transaction
from tests import factories
from tests.counting import queries
from tests.discussion import ground


@pytest.fixture
def draft(app):
    return ground.a_draft()


@pytest.fixture
def official(draft):
    return factories.an_official(draft.consultation.unit)


def said(draft, number="1", days=0, **values):
    """Say something that stands in the ledger since so many days."""
    kind = values.pop("kind_of", None)
    made = ground.say(ground.paragraph(draft, number), **values)
    with transaction():
        if kind is not None:
            made.kind = db.session.get(LedgerEntry, made.id).kind = kind
        entry = db.session.get(LedgerEntry, made.id)
        entry.since = clock.now() - timedelta(days=days)
    return made


def keys(page) -> list[str]:
    return [row["data-row"] for row in page.select("tr[data-row]")]


def entry(comment) -> LedgerEntry:
    return db.session.get(LedgerEntry, comment.id, populate_existing=True)


def test_each_view_holds_what_it_says(draft, official, visit_as):
    new, asked, done = said(draft, days=3), said(draft, days=2, ask=True), said(draft, days=1, ask=True)
    mine = said(draft, ask=True)
    ground.answer(done, by=official)
    with transaction(official):
        desk_actions.mark_read(actor=official, keys=[mine.key])
        desk_actions.assign(actor=official, keys=[mine.key], assignee=official)
    visitor = visit_as(official)
    expected = {
        "": [asked, mine],
        "?show=mine": [mine],
        "?show=unread": [new, asked],
        "?show=in-progress": [mine],
        "?show=answered": [done],
        "?show=all": [new, asked, done, mine],
        "?show=all&order=newest": [mine, done, asked, new],
        "?with=nobody": [asked],
        "?with=me": [mine],
        f"?with={official.id}": [mine],
        "?show=nonsense&order=nonsense&kind=nonsense&age=-1&with=%00&p=": [asked, mine],
    }
    for query, comments in expected.items():
        assert keys(visitor.get(f"/desk{query}")) == [each.key for each in comments], query
    row = visitor.get("/desk").select_one(f'tr[data-row="{asked.key}"] td[data-l="With"] b')
    assert row.text == "nobody"


def test_what_narrows_the_list_stands_in_its_address(draft, official, visit_as):
    unit = draft.consultation.unit
    other = ground.a_draft(unit=unit)
    old, young = said(draft, "2", days=40, ask=True), said(draft, "1", ask=True)
    elsewhere, support = said(other, "1", days=1, ask=True), said(draft, "1", kind_of=Kind.SUPPORT)
    secret = ground.tell_team(ground.paragraph(draft, "3"), "Quietly.", ask=True)
    with transaction(official):
        point = point_actions.make(actor=official, consultation=draft.consultation, title="Width")
        point_actions.put_under(actor=official, keys=[old.key, support.key], point=point)
    visitor = visit_as(official)
    slug = draft.consultation.slug
    expected = {
        f"?consultation={slug}": [old, young, secret],
        "?p=2": [old],
        "?p=1": [elsewhere, young],
        f"?p=1&consultation={slug}": [young],
        "?age=late": [old],
        "?age=3": [old],
        "?kind=support": [],
        "?show=all&kind=support": [support],
        f"?show=all&consultation={slug}&kind=support": [support],
        f"?point={point.key}": [old],
        f"?show=all&point={point.key}": [old, support],
        "?point=nothing": [],
        "?team=1": [secret],
        "?consultation=none": [],
        f"?order=paragraph&consultation={slug}": [young, old, secret],
    }
    for query, comments in expected.items():
        assert keys(visitor.get(f"/desk{query}")) == [each.key for each in comments], query
    with transaction():
        db.session.get(LedgerEntry, young.id).also_count = 6
        db.session.add(
            InformationRequest(
                comment_id=young.id,
                unit_id=unit.id,
                reference="R-1",
                received_on=date(2026, 11, 2),
                due_on=date(2026, 11, 30),
                marked_at=clock.now(),
                marked_by=official.id,
            )
        )
    assert keys(visitor.get("/desk?requests=1")) == [young.key]
    page = visitor.get("/desk?order=askers")
    assert keys(page) == [young.key, secret.key, elsewhere.key, old.key]
    assert "6 others have this question" in page.select_one(f'tr[data-row="{young.key}"]').text
    page = visitor.get("/desk?kind=support")
    assert "Nothing in this list is what you ask for" in page.text
    stranger = visit_as(factories.an_official(factories.a_unit()))
    assert keys(stranger.get(f"/desk?show=all&consultation={slug}")) == []
    assert "Quietly." not in stranger.get(f"/desk?show=all&team=1&point={point.key}&p=3").text


@pytest.mark.parametrize("order", Order)
def test_page_follows_page_without_a_gap_in_every_order(draft, official, monkeypatch, order):
    other = ground.a_draft(unit=draft.consultation.unit)
    everything = {
        said(where, number, days=n % 3, ask=n % 2 == 0).key
        for where in (draft, other)
        for n, number in enumerate(("3", "1", "2", "all", "1", "2", "all"))
    }
    at = Desk(official.id, [draft.consultation.unit], {draft.consultation.unit_id: clock.now()})
    views = (View.WAITING,) if order is Order.ASKERS else (View.ALL, View.UNREAD, View.WAITING)
    for view in views:
        asked = Sieve(view=view, order=order)
        whole = [row.key for row in desk_rows.rows(listing.page(at, asked, limit=100))]
        assert len(whole) == len(set(whole)) == (len(everything) if view is not View.WAITING else 8)
        found, after = [], ""
        while ids := listing.page(at, asked, after=after, limit=3):
            found += [row.key for row in desk_rows.rows(ids)]
            after = found[-1]
        assert found == whole


@given(
    st.dictionaries(
        st.sampled_from(
            ("show", "order", "unit", "consultation", "p", "age", "kind", "point", "with", "team")
        ),
        st.one_of(
            st.text("ab1 %é\x00=", max_size=90),
            st.sampled_from([*(view.value for view in View), "late", "12", "me", "nobody", "1", "evidence"]),
        ),
    )
)
def test_an_address_that_was_read_asks_for_the_same_again(asked):
    once = sieve.read(asked)
    assert sieve.read(once.asked) == once


def test_many_are_marked_given_and_sorted_at_once_and_it_can_be_undone(draft, official, visit_as):
    one, two, three = (said(draft, days=3 - n, ask=True) for n in range(3))
    colleague = factories.an_official(draft.consultation.unit, name="Sam Dhillon")
    with transaction(official):
        point = point_actions.make(actor=official, consultation=draft.consultation, title="Width")
    visitor = visit_as(official)

    visitor.post("/desk", {"do": "read", "key": [one.key, two.key]}, status=303)
    page = visitor.get("/desk")
    assert "2 comments marked as read." in page.select_one(".undo[role=status]").text
    assert [entry(each).place for each in (one, two, three)] == [Place.READ, Place.READ, Place.NEW]
    visitor.post(
        "/desk?show=unread", {"do": "assign", "assignee": colleague.id, "key": [one.key]}, status=303
    )
    assert entry(one).assignee_id == colleague.id
    assert "1 comment given to Sam Dhillon." in visitor.get("/desk").text
    visitor.post("/desk", {"do": "point", "point": point.key, "key": [one.key, three.key]}, status=303)
    page = visitor.get("/desk")
    assert [line.select_one("span").text for line in page.select(".undo")] == [
        "2 comments put under the point “Width”.",
        "1 comment given to Sam Dhillon.",
        "2 comments marked as read.",
    ]
    for form in page.select(".undo form"):
        visitor.post(form["action"], {}, status=303)
    assert not visitor.get("/desk").select(".undo")
    assert [entry(each).place for each in (one, two)] == [Place.NEW, Place.NEW]
    assert entry(one).assignee_id is None


def test_all_of_a_list_can_be_chosen_not_only_its_page(draft, official, visit_as):
    asked = [said(draft, days=n, ask=True) for n in range(listing.PAGE + 3)]
    visitor = visit_as(official)
    page = visitor.get("/desk?tick=all")
    assert len(page.select("input[name=key][checked]")) == listing.PAGE
    assert f"Do it with all {len(asked)} of this list" in page.text
    visitor.post("/desk", {"do": "mine", "all": "1"}, status=303)
    assert {entry(each).assignee_id for each in asked} == {official.id}


def test_a_refusal_says_what_is_missing_and_keeps_what_is_ticked(draft, official, visit_as):
    asked, gone = said(draft, ask=True), said(draft, ask=True)
    visitor = visit_as(official)
    for form, message in (
        ({"do": "read"}, "Choose the comments first"),
        ({"do": "", "key": [asked.key]}, "Choose what to do"),
        ({"do": "assign", "key": [asked.key]}, "Choose a colleague"),
        ({"do": "assign", "assignee": "999999", "key": [asked.key]}, "Choose a colleague"),
        ({"do": "point", "key": [asked.key]}, "Choose a point"),
    ):
        page = visitor.post("/desk", form, status=422).page
        assert message in page.select_one("[role=alert]").text
        assert len(page.select("input[name=key][checked]")) == len(form.get("key", []))
    ground.withdraw(gone)
    page = visitor.post("/desk", {"do": "read", "key": [gone.key]}, status=409).page
    assert "withdrawn or taken down meanwhile" in page.text
    page = visitor.post("/desk", {"do": "read", "key": ["%00", "x" * 99]}, status=422).page
    assert "Choose the comments first" in page.text


def test_undo_too_late_says_so(draft, official, visit_as):
    asked = said(draft, ask=True)
    with transaction(official):
        act = desk_actions.mark_read(actor=official, keys=[asked.key])
        act.at -= timedelta(seconds=31)
    page = visit_as(official).post(f"/desk/undo/{act.key}", {}, status=409).page
    assert "Half a minute is over" in page.select_one("[role=alert]").text


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("", "Every question is answered."),
        ("?show=mine", "Nothing is with you."),
        ("?show=unread", "Everything has been read."),
        ("?show=in-progress", "No question is in progress."),
        ("?show=answered", "Nothing has been answered yet."),
        ("?show=all", "Nobody has said anything yet."),
    ],
)
def test_an_empty_list_says_so(draft, official, visit_as, view, words):
    assert words in visit_as(official).get(f"/desk{view}").text


def test_the_file_is_private_whole_and_holds_no_formula(draft, official, sign_in, monkeypatch):
    monkeypatch.setattr("consult.discussion.routes.desk.listing.AT_ONCE", 2)
    asked = [
        said(draft, days=9 - n, ask=True, body=body)
        for n, body in enumerate(("=1+1", "Why?", "@x", "-2", "So?"))
    ]
    answer = sign_in(official).get("/desk/list.csv")
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert [row[0] for row in rows[1:]] == [each.key for each in asked]
    assert [row[11] for row in rows[1:]] == ["'=1+1", "Why?", "'@x", "'-2", "So?"]


def test_the_page_asks_no_more_of_the_database_when_there_is_more(draft, official, sign_in):
    browser = sign_in(official)

    def asked() -> int:
        db.session.rollback()
        with queries() as seen:
            assert browser.get("/desk?show=all").status_code == 200
        return len(seen)

    said(draft)
    browser.get("/desk")
    few = asked()
    for _ in range(30):
        said(draft)
    assert asked() == few


def test_every_list_follows_an_index(draft, official):
    """A list that is not narrowed reads no entry that it does not show: SQLite searches, and sorts one page alone."""
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL plans by the size of its tables, and these are small
    said(draft, ask=True)
    at = Desk(official.id, [draft.consultation.unit], {draft.consultation.unit_id: clock.now()})
    seen: list[tuple[str, object]] = []

    def note(conn, cursor, statement, parameters, context, many):
        if "ledger_entry" in statement and statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for view in View:
            for order in (Order.OLDEST, Order.NEWEST, Order.ASKERS):
                for more in ({}, {"consultation": draft.consultation.slug}, {"held_by": sieve.With.NOBODY}):
                    listing.page(at, Sieve(view=view, order=order, **more))
            listing.counts(at, Sieve(), [view])
        listing.waiting(at, Sieve())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert seen
    for statement, parameters in seen:
        plan = (
            db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        )
        steps = [row[-1] for row in plan]
        assert not [step for step in steps if step.startswith("SCAN ledger_entry")], statement


def test_nothing_is_given_to_whoever_is_no_colleague_and_no_name_is_told(draft, official, visit_as):
    asked = said(draft, ask=True)
    stranger = factories.a_person(name="Wilf Thackray")
    gone = factories.an_official(draft.consultation.unit)
    gone.disabled_at = clock.now()
    db.session.commit()
    visitor = visit_as(official)
    for person in (stranger, gone):
        form = {"key": asked.key, "do": "assign", "assignee": str(person.id)}
        page = visitor.post("/desk", form, 422).page
        assert "Choose a colleague." in page.select_one('[role="alert"]').text
        assert "Wilf Thackray" not in page.text
