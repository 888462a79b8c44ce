"""Mind the gap, in public."""

from datetime import UTC, datetime, timedelta

import pytest

from consult import clock
from consult.consultations.models import Stage
from consult.discussion.models import State
from consult.monitor.board import LISTS
from consult.web.conditional import forget
from tests import factories
from tests.counting import queries
from tests.discussion import ground

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon_of_a_monday(app):
    clock.replace(lambda: NOON)
    factories.a_site()


def _ask(where, days_ago, body="Who sweeps the leaves?", **values):
    clock.replace(lambda: NOON - days_ago * DAY)
    question = ground.say(where, body, ask=True, **values)
    clock.replace(lambda: NOON)
    return question


def _asked(page):
    """Return the rows of the list of questions."""
    return page.select('[data-gap="questions"] tbody tr')


def _draft(**values):
    return ground.a_draft(opens_at=NOON - 60 * DAY, **values)


def test_where_nobody_has_asked_nothing_is_said_to_be_answered(visit):
    page = visit.get("/monitor")
    assert page.h1.text == "Mind the gap"
    assert "No question waits. None, since this site began on" in page.main.text
    assert "Every question is answered" not in page.main.text
    assert not page.select("main select"), "there is no unit to choose"


def test_questions_stand_oldest_first_with_their_place_and_age(visit):
    document = _draft(title="Clear footways")
    unit = document.consultation.unit
    _ask(ground.paragraph(document, "2"), 3, "A newer one?")
    old = _ask(
        ground.paragraph(document, "1"), 20, "An *older* one?", by=factories.a_person(name="Ama Boateng")
    )
    ground.say(ground.paragraph(document, "1"), "No question at all.")
    page = visit.get("/monitor")
    rows = _asked(page)
    assert [row.a.text for row in rows] == ["An older one?", "A newer one?"]
    assert rows[0].a["href"] == f"/comments/{old.key}"
    words = " ".join(rows[0].text.split())
    assert "Clear footways, paragraph 1. Ama Boateng, 3 Nov 2026" in words
    assert unit.name in words
    assert "14 days" in words
    assert "9 days past the promise" in words
    assert rows[0].select_one("b.ink-warn").text == "14"
    assert "past the promise" not in rows[1].text
    assert not rows[1].select(".ink-warn")
    assert "2 waiting, 1 for longer than promised" in page.main.text


def test_the_promise_is_the_units_own(visit):
    slow, quick = factories.a_unit(promise_days=20), factories.a_unit(promise_days=2)
    for unit in (slow, quick):
        _ask(ground.paragraph(_draft(unit=unit)), 14)
    page = visit.get("/monitor")
    late = {row.select_one(".who-cell a").text: "past the promise" in row.text for row in _asked(page)}
    assert late == {slow.name: False, quick.name: True}
    assert "2 waiting, 1 for longer" in page.main.text


def test_what_is_answered_taken_down_or_withdrawn_is_no_gap(visit):
    document = _draft()
    ground.answer(_ask(ground.paragraph(document), 3, "Answered?"))
    ground.take_down(_ask(ground.paragraph(document), 3, "Taken down?"))
    ground.withdraw(_ask(ground.paragraph(document), 3, "Withdrawn?"))
    assert "Every question is answered" in visit.get("/monitor").main.text


def test_what_waits_for_a_moderator_is_not_shown(visit):
    question = _ask(ground.paragraph(_draft(policy=ground.BEFORE)), 3, "Secret?")
    assert question.state is State.WAITING
    assert "Secret?" not in visit.get("/monitor").main.text


@pytest.mark.parametrize(
    ("stage", "is_owed"), [(Stage.ANALYSING, True), (Stage.OUTCOME, False), (Stage.WITHDRAWN, False)]
)
def test_a_question_is_owed_an_answer_until_the_outcome(visit, stage, is_owed):
    document = _draft()
    _ask(ground.paragraph(document), 3)
    ground.end(document.consultation, stage)
    assert bool(_asked(visit.get("/monitor"))) is is_owed


def test_one_unit_can_be_looked_at(visit):
    first, second = _draft(), _draft()
    _ask(ground.paragraph(first), 3, "Ours?")
    _ask(ground.paragraph(second), 3, "Theirs?")
    page = visit.get(f"/monitor?unit={first.consultation.unit.slug}")
    assert [row.a.text for row in _asked(page)] == ["Ours?"]
    assert page.select_one("option[selected]")["value"] == first.consultation.unit.slug
    assert "1 waiting" in page.main.text


def test_it_is_read_page_by_page(visit):
    document, person = _draft(), factories.a_person()
    for n in range(30):
        _ask(ground.paragraph(document), 30 - n, f"Question {n}?", by=person)
    assert len(_asked(visit.get("/monitor"))) == 5
    first = visit.get("/monitor/questions")
    second = visit.get(first.select_one('a[rel="next"]')["href"])
    seen = [row.a.text for page in (first, second) for row in page.select("tbody tr")]
    assert seen == [f"Question {n}?" for n in range(30)]
    assert not second.select('a[rel="next"]')


@pytest.mark.parametrize(
    "address",
    [
        *("?unit=no-such", "?unit=%F0%9F", "/no-such", "/no-such.csv", ".json?unit=no-such"),
        *(f"/{name}?after={after}" for name in LISTS for after in ("no-such", "%00")),
    ],
)
def test_nonsense_in_the_address_is_not_found(client, address):
    assert client.get(f"/monitor{address}").status_code == 404


def test_a_long_question_is_cut_between_words_and_stays_words(visit):
    _ask(ground.paragraph(_draft()), 1, "Why <b>not</b> " + "word " * 100)
    link = _asked(visit.get("/monitor"))[0].a
    assert link.text.startswith("Why <b>not</b> word")
    assert link.text.endswith("word…")
    assert len(link.text) < 150


def test_an_answer_shows_at_once_to_who_had_the_page(client):
    question = _ask(ground.paragraph(_draft()), 3)
    tag = client.get("/monitor").headers["ETag"]
    assert client.get("/monitor", headers={"If-None-Match": tag}).status_code == 304
    ground.answer(question)
    answer = client.get("/monitor", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert b"Every question is answered" in answer.data


def _reads(client):
    forget()
    with queries() as asked:
        assert client.get("/monitor").status_code == 200
    return len(asked)


def test_it_takes_as_many_reads_however_much_there_is(client):
    document, person = _draft(), factories.a_person()
    _ask(ground.paragraph(document), 20, by=person)
    few = _reads(client)
    for number in ("1", "2", "3"):
        for _n in range(10):
            _ask(ground.paragraph(document, number), 30, by=person)
    _ask(ground.paragraph(_draft()), 20)
    assert _reads(client) <= few
    with queries() as asked:
        tag = client.get("/monitor").headers["ETag"]
        assert client.get("/monitor", headers={"If-None-Match": tag}).status_code == 304
    assert len(asked) <= 2 * 6
