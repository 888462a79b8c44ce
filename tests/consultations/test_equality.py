"""The equality form: apart from names and comments, counted and forgotten, published so that nobody can be found."""

import itertools
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from consult import clock
from consult.audit import AuditEntry
from consult.consultations import equality, queries, tallying
from consult.consultations.equality import CELLS, LEAST, QUESTIONS, SMALL, Shown, needed, suppressed
from consult.consultations.models import Consultation, EqualityKey, EqualityTally, Extension, Stage
from consult.consultations.once_keys import LASTS, new_once_key, read_once_key
from consult.errors import Closed, Conflict
from consult.extensions import db, transaction
from tests import factories

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAGE = "/consultations/kerbs/equality"
WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")
ANSWERS = {"age": "25_34", "religion": "sikh", "caring": "not_said"}


# ---- what is shown: the rule, and the attack on it


def _fillings(answers, most):
    """Yield every way in which up to `most` people can answer one question."""
    if answers == 0:
        yield ()
        return
    for first in range(most + 1):
        for rest in _fillings(answers - 1, most - first):
            yield (first, *rest)


def _publications(answers, most):
    """Return every filling, by what would be published of it and by its total."""
    found = defaultdict(list)
    for counts in _fillings(answers, most):
        found[tuple(suppressed(counts)), sum(counts)].append(counts)
    return found


@pytest.mark.parametrize(("answers", "most"), [(2, 60), (3, 40), (4, 32), (5, 28)])
@pytest.mark.slow
def test_whoever_knows_the_rule_and_the_total_finds_no_number_that_is_not_shown(answers, most):
    """The attack in full: all tallies that would be published alike, so that they cannot be told apart."""
    for (shown, total), alike in _publications(answers, most).items():
        for place, values in enumerate(map(set, zip(*alike, strict=True))):
            if not shown:
                assert total == 0 or len(values) > 1, f"{alike}: number {place} of {total} follows"
            elif shown[place].is_exact:
                assert values == {shown[place].at_least}
            else:
                assert len(values) > 1, f"{alike}: number {place} follows"
                assert min(values) >= shown[place].at_least
                assert max(values) <= shown[place].at_most


@pytest.mark.parametrize(("answers", "most"), [(3, 40), (4, 32)])
def test_a_range_is_no_wider_than_what_anybody_can_know(answers, most):
    for (shown, _total), alike in _publications(answers, most).items():
        for place, values in enumerate(map(set, zip(*alike, strict=True))):
            if shown and not shown[place].is_small:
                assert (min(values), max(values)) == (shown[place].at_least, shown[place].at_most)


NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 12), st.integers(0, 400))
TALLIES = st.lists(NUMBERS, min_size=2, max_size=14)


@given(TALLIES)
def test_every_number_that_is_not_shown_could_be_another_one(counts):
    """The attack on forms of any size: move people between two answers, and look for the same publication."""
    shown = suppressed(counts)
    for place, number in enumerate(shown):
        if not number.is_exact:
            assert any(suppressed(twin) == shown for twin in _twins(counts, place)), (counts, place)


def _twins(counts, place):
    for other, step in itertools.product(range(len(counts)), (1, -1)):
        twin = list(counts)
        twin[place] += step
        twin[other] -= step
        if other != place and min(twin) >= 0:
            yield twin


@given(TALLIES)
def test_what_is_shown_is_true_and_no_small_number_is_among_it(counts):
    for count, number in zip(counts, suppressed(counts), strict=False):
        assert number.at_least <= count <= number.at_most
        assert number.is_exact or number.at_least < number.at_most
        assert not number.is_exact or count >= LEAST
        assert (number == SMALL) == (count < LEAST)


@given(TALLIES)
def test_a_question_is_shown_by_the_number_of_its_answers_alone(counts):
    assert bool(suppressed(counts)) == (sum(counts) >= LEAST * len(counts))


@given(st.lists(st.integers(LEAST, 400), min_size=2, max_size=14))
def test_nothing_is_kept_back_where_no_number_is_small(counts):
    assert suppressed(counts) == [Shown(count, count) for count in counts]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        # one small number: the last large one gives way, though a smaller one stands before it
        ([180, 12, 4, 90], [Shown(180, 180), Shown(12, 12), SMALL, Shown(90, 94)]),
        # the answer that is kept back may be the only one
        ([40, 0, 1], [Shown(33, 41), SMALL, SMALL]),
        # all small ones are none and the last large one is five: another one gives way too
        ([60, 30, 0, 5], [Shown(60, 60), Shown(27, 30), SMALL, Shown(5, 8)]),
        ([7, 2, 5], []),
        ([0, 0, 0], []),
    ],
)
def test_examples_of_what_is_shown(counts, shown):
    assert suppressed(counts) == shown


def test_shares_follow_from_what_is_published():
    totals = equality.Totals(QUESTIONS[1], 200, tuple(suppressed([101, 96, 3])))
    assert [totals.share(number.at_most) for number in totals.shown] == [51, 50, 2]


def test_every_question_can_be_left_and_answered_with_nothing():
    assert all(str(question.answers[-1].label) == "Prefer not to say" for question in QUESTIONS)
    assert len(set(CELLS)) == len(CELLS)
    assert all(len(code) <= 24 for cell in CELLS for code in cell)


# ---- the key of a form


def test_a_key_is_read_for_a_day_and_for_its_own_consultation():
    key = new_once_key("secret", "kerbs", NOON)
    found = read_once_key(key, "secret", "kerbs", NOON + LASTS)
    assert found is not None
    assert found.day == NOON.date()
    assert read_once_key(key, "secret", "kerbs", NOON + LASTS + timedelta(seconds=1)) is None
    assert read_once_key(key, "secret", "kerbs", NOON - timedelta(hours=1)) is None
    assert read_once_key(key, "secret", "trees", NOON) is None
    assert read_once_key(key, "another secret", "kerbs", NOON) is None
    assert read_once_key(new_once_key("secret", "kerbs", NOON), "secret", "kerbs", NOON) != found


@pytest.mark.parametrize("given", ["", "x", "a.b.c", "é" * 10, "x" * 1_000_000])
def test_nonsense_is_no_key(given):
    assert read_once_key(given, "secret", "kerbs", NOON) is None


# ---- the pages


@pytest.fixture
def about(app):
    clock.replace(lambda: NOON)
    factories.a_site()
    return factories.a_consultation(slug="kerbs", asks_equality=True, closes_at=NOON + 30 * DAY)


def _key():
    return new_once_key("k" * 40, "kerbs", clock.now())


def _send(visit, status=303, **data):
    return visit.post(PAGE, {"once": _key(), **data}, status=status)


def _tallies():
    db.session.expire_all()
    rows = db.session.query(EqualityTally).all()
    return {(row.question, row.answer): row.count for row in rows}


def _counted():
    return {cell: count for cell, count in _tallies().items() if count}


def _has_tallies(about, **counts):
    """Store tallies: of each question a list in the order of its answers."""
    for question in QUESTIONS:
        given = counts.get(question.code, [0] * len(question.answers))
        for answer, count in zip(question.answers, given, strict=True):
            db.session.add(
                EqualityTally(
                    consultation_id=about.id, question=question.code, answer=answer.code, count=count
                )
            )
    db.session.commit()


def _close(about):
    clock.replace(lambda: about.closes_at)


def _move_closing(about, *, decided_at):
    """Move the closing by ten days."""
    before, about.closes_at = about.closes_at, about.closes_at + 10 * DAY
    db.session.add(
        Extension(
            consultation_id=about.id,
            before=before,
            after=about.closes_at,
            reason="More time.",
            decided_at=decided_at,
        )
    )
    db.session.commit()


def test_the_form_asks_everything_and_insists_on_nothing(about, visit):
    page = visit.get(PAGE)
    for question in QUESTIONS:
        assert str(question.words) in page.main.text
        chosen = page.select(f'input[type="radio"][name="{question.code}"]')
        assert [field["value"] for field in chosen] == [answer.code for answer in question.answers]
        assert not any(field.has_attr("checked") or field.has_attr("required") for field in chosen)
    assert {field["name"] for field in page.main.select("input")} == {
        "csrf_token",
        "once",
        *(question.code for question in QUESTIONS),
    }
    assert not page.main.select("textarea, select")


def test_answers_are_counted_and_nothing_else_is_kept(about, visit):
    answer = _send(visit, **ANSWERS)
    assert answer.location == f"{PAGE}/thanks"
    assert "Your answers have been counted" in visit.get(answer.location).main.text
    _send(visit, religion="sikh")
    assert _counted() == {("age", "25_34"): 1, ("religion", "sikh"): 2, ("caring", "not_said"): 1}


def _statements(act):
    """Return the statements that an act sends to the database."""
    heard = []

    def hear(_connection, _cursor, statement, *_rest):
        heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    return heard


def test_a_form_leaves_no_trace_but_its_tallies(about, visit, sign_in):
    """No entry in the record, no stamp that moves, no time: nothing that tells when somebody's answers came."""
    browser = sign_in(factories.a_person())
    stamp = about.stamp
    heard = _statements(lambda: browser.post(PAGE, data={"once": _key(), **ANSWERS}))
    assert len(_counted()) == 3
    written = {match[1] for words in heard if (match := WRITES.match(words))}
    assert written == {"equality_tally", "equality_key"}
    assert db.session.query(AuditEntry).count() == 0
    assert db.session.get(Consultation, about.id).stamp == stamp
    assert set(EqualityTally.__table__.columns.keys()) == {
        "id",
        "consultation_id",
        "question",
        "answer",
        "count",
    }
    assert set(EqualityKey.__table__.columns.keys()) == {"digest", "day"}


def test_the_first_form_makes_every_tally_so_that_their_order_tells_nothing(about, visit):
    _send(visit, **ANSWERS)
    rows = db.session.query(EqualityTally).order_by(EqualityTally.id).all()
    assert [(row.question, row.answer) for row in rows] == list(CELLS)


def test_every_form_writes_every_tally_so_that_those_raised_together_do_not_show(about, visit):
    _send(visit, **ANSWERS)
    heard = _statements(lambda: _send(visit, age="16_24"))
    (update,) = [words for words in heard if words.startswith("UPDATE equality_tally")]
    assert "SET count=(equality_tally.count + CASE" in update
    assert re.fullmatch(r"equality_tally.consultation_id = \S+", update.rpartition("WHERE ")[2])


def test_a_form_sent_twice_is_counted_once(about, visit):
    data = {"once": _key(), "age": "16_24"}
    for _ in range(2):
        assert visit.post(PAGE, data).location == f"{PAGE}/thanks"
    assert _counted() == {("age", "16_24"): 1}


def test_the_same_key_with_other_answers_is_not_counted_either(about, visit):
    once = _key()
    visit.post(PAGE, {"once": once, "age": "16_24"})
    visit.post(PAGE, {"once": once, "age": "75_over"})
    assert _counted() == {("age", "16_24"): 1}


def test_keys_are_forgotten_when_no_form_of_their_age_is_taken(about, visit):
    _send(visit, age="16_24")
    clock.replace(lambda: NOON + 4 * DAY)
    _send(visit, age="16_24")
    assert [key.day for key in db.session.query(EqualityKey)] == [(NOON + 4 * DAY).date()]


def test_a_page_that_was_open_for_too_long_keeps_what_was_chosen(about, visit):
    once = _key()
    clock.replace(lambda: NOON + LASTS + timedelta(minutes=1))
    page = visit.post(PAGE, {"once": once, "sex": "female"}, status=422).page
    assert "open for more than a day" in page.select_one('[role="alert"]').text
    assert page.select_one('input[name="sex"][value="female"]').has_attr("checked")
    assert _counted() == {}
    visit.post(PAGE, {"once": page.select_one('input[name="once"]')["value"], "sex": "female"})
    assert _counted() == {("sex", "female"): 1}


@pytest.mark.parametrize("once", ["", "made-up", "x" * 100_000])
def test_a_form_without_a_key_of_ours_is_shown_again(about, visit, once):
    visit.post(PAGE, {"once": once, "sex": "female"}, status=422)
    assert _counted() == {}


def test_a_form_with_nothing_in_it_counts_nothing(about, visit):
    _send(visit)
    assert _tallies() == {}


@pytest.mark.parametrize("typed", ["purple", "x" * 100_000, "female\x00", "<b>"])
def test_an_answer_that_was_not_offered_is_refused(about, visit, typed):
    page = _send(visit, sex=typed, age="16_24", status=422).page
    assert page.find("a", href="#sex")
    assert "choose one of the answers, or none" in page.main.text
    assert _counted() == {}


def test_more_than_the_form_asks_counts_for_nothing(about, visit):
    _send(visit, sex=["female", "male"], name="Ann", count="99", colour="purple", asks_equality="")
    assert _counted() == {("sex", "female"): 1}


def test_the_page_bears_no_name_and_no_cookie_but_the_token(about, client, visit_as):
    response = client.get(PAGE)
    assert response.headers["Cache-Control"] == "no-store"
    with client.session_transaction() as session:
        assert set(session) <= {"csrf_token"}
    assert "Ann Example" not in visit_as(factories.a_person(name="Ann Example")).get(PAGE).text


def test_nothing_but_the_token_is_in_the_session_afterwards(about, client):
    client.post(PAGE, data={"once": _key(), **ANSWERS})
    client.get(f"{PAGE}/thanks")
    with client.session_transaction() as session:
        assert set(session) <= {"csrf_token"}


def test_the_overview_leads_there_and_no_page_with_a_name_field_does(about, visit):
    page = visit.get("/consultations/kerbs")
    words = "Tell us who is taking part (optional, separate from your comments)"
    assert page.find("a", string=words)["href"] == PAGE


@pytest.mark.parametrize("page", ["", "/thanks", "/totals", "/totals.json"])
def test_where_it_is_not_offered_there_is_no_such_page(about, client, page):
    about.asks_equality = False
    about.stamp += 1
    db.session.commit()
    assert client.get(PAGE + page).status_code == 404
    assert "Who is taking part" not in client.get("/consultations/kerbs").text


def test_a_form_for_what_does_not_offer_it_is_not_counted(about, client):
    about.asks_equality = False
    db.session.commit()
    assert client.post(PAGE, data={"once": _key(), **ANSWERS}).status_code == 404
    with pytest.raises(Closed), transaction():
        tallying.count_form(consultation=about, answers=ANSWERS, digest="d", day=NOON.date())
    assert _tallies() == {}


def test_what_is_prepared_is_known_to_its_unit_alone(about, client, visit_as):
    about.stage = Stage.PREPARING
    db.session.commit()
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}/totals").status_code == 404
    official = visit_as(factories.an_official(about.unit))
    assert "has not opened yet" in official.get(PAGE).main.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"opens_at": NOON + DAY}, "has not opened yet"),
        ({"closes_at": NOON}, "has closed"),
        ({"stage": Stage.ANALYSING}, "has closed"),
        ({"stage": Stage.OUTCOME}, "has closed"),
        ({"stage": Stage.WITHDRAWN, "withdrawn_at": NOON}, "was withdrawn"),
    ],
)
def test_outside_its_time_the_form_is_not_taken_and_says_why(about, client, visit, values, words):
    for name, value in values.items():
        setattr(about, name, value)
    db.session.commit()
    page = visit.get(PAGE)
    assert words in page.main.text
    assert not page.main.select("form")
    assert client.post(PAGE, data={"once": _key(), **ANSWERS}).status_code == 409
    assert _tallies() == {}


def test_a_form_that_comes_as_it_closes_is_not_counted(about):
    _close(about)
    with pytest.raises(Closed), transaction():
        tallying.count_form(consultation=about, answers=ANSWERS, digest="d", day=NOON.date())


# ---- the totals

SEXES = {"sex": [102, 96, 4]}


def _row(page, words):
    return [cell.text for cell in page.find("th", string=words).find_parent("tr").find_all("td")]


def test_totals_come_after_the_closing_and_not_before_for_anybody(about, visit, visit_as, client):
    _has_tallies(about, **SEXES)
    official = visit_as(factories.an_official(about.unit))
    for reader in (visit, official):
        page = reader.get(f"{PAGE}/totals")
        assert "Totals are published after" in page.main.text
        assert "23 December 2026" in page.main.text
        assert not page.main.select("table")
    assert client.get(f"{PAGE}/totals.json").json["questions"] == []
    _close(about)
    pages = [reader.get(f"{PAGE}/totals").main for reader in (visit, official)]
    assert pages[0].text == pages[1].text
    assert _row(pages[0], "Female") == ["102", "50%"]


def test_totals_are_shown_with_shares_and_small_numbers_are_not(about, visit):
    _has_tallies(about, **SEXES, gender_identity=[120, 70, 10], age=[1] * 9)
    _close(about)
    page = visit.get(f"{PAGE}/totals")
    sex = page.find(id="sex").find_parent("section")
    assert _row(sex, "Female") == ["102", "50%"]
    assert _row(sex, "Male") == ["96 to 100", "48% to 50%"]
    assert _row(sex, "Prefer not to say") == ["fewer than 5", "2% or less"]
    assert _row(sex, "All who answered this question") == ["202", "100%"]
    identity = page.find(id="gender_identity").find_parent("section")
    assert _row(identity, "No") == ["70", "35%"]
    age = page.find(id="age").find_parent("section")
    assert f"Not shown: fewer than {needed(QUESTIONS[0])} answers." in age.text
    assert not age.select("table")


def test_the_same_totals_are_there_as_data(about, client):
    _has_tallies(about, **SEXES, age=[1] * 9)
    _close(about)
    found = client.get(f"{PAGE}/totals.json").json
    assert found["is_published"] is True
    by_code = {question["code"]: question for question in found["questions"]}
    assert by_code["sex"]["total"] == 202
    assert by_code["sex"]["answers"] == [
        {"code": "female", "answer": "Female", "count": 102},
        {"code": "male", "answer": "Male", "at_least": 96, "at_most": 100},
        {"code": "not_said", "answer": "Prefer not to say", "at_least": 0, "at_most": 4},
    ]
    assert by_code["age"] == {"code": "age", "question": "How old are you?", "total": None, "answers": []}


@pytest.mark.parametrize("counts", [{}, {"sex": [4, 0, 0]}])
def test_few_answers_and_none_at_all_look_alike(about, visit, counts):
    _has_tallies(about, **counts)
    _close(about)
    page = visit.get(f"{PAGE}/totals")
    assert "Too few people answered, or nobody did: no total can be shown." in page.main.text
    assert not page.main.select("table")


def test_what_is_withdrawn_shows_what_was_answered_until_then(about, visit):
    _has_tallies(about, **SEXES)
    about.stage, about.withdrawn_at, about.withdrawn_reason = Stage.WITHDRAWN, NOON, "Overtaken."
    db.session.commit()
    page = visit.get(f"{PAGE}/totals")
    assert "was withdrawn on 23 November 2026" in " ".join(page.main.text.split())
    assert _row(page, "Female") == ["102", "50%"]


def test_a_closing_that_is_moved_in_time_moves_the_form_and_the_totals(about, visit):
    _move_closing(about, decided_at=NOON)
    clock.replace(lambda: about.closes_at - DAY)
    assert visit.get(PAGE).main.select("form")
    assert "Totals are published after" in visit.get(f"{PAGE}/totals").main.text


def test_totals_that_are_out_never_change_though_comments_are_taken_again(about, visit, client):
    """Whoever compared before and after would see what came in between."""
    _has_tallies(about, **SEXES)
    _move_closing(about, decided_at=about.closes_at + DAY)
    clock.replace(lambda: about.closes_at - DAY)
    assert "The totals are out since then" in visit.get(PAGE).main.text
    assert client.post(PAGE, data={"once": _key(), **ANSWERS}).status_code == 409
    assert _row(visit.get(f"{PAGE}/totals"), "Female") == ["102", "50%"]
    assert visit.get("/consultations/kerbs").find("a", string="Totals of the equality form")


def test_each_consultation_has_tallies_of_its_own(about, visit):
    _send(visit, **ANSWERS)
    other = factories.a_consultation(asks_equality=True)
    assert queries.equality_tallies(about.id)["religion", "sikh"] == 1
    assert queries.equality_tallies(other.id) == {}


# ---- a unit offers it


@pytest.fixture
def official(about, visit_as):
    about.asks_equality, about.stage = False, Stage.PREPARING
    db.session.commit()
    return visit_as(factories.an_official(about.unit))


def _edit(official, about, **changes):
    page = official.get("/consultations/kerbs/edit")
    filled = {
        field["name"]: field.get("value", "") for field in page.select('main input:not([type="radio"])')
    }
    filled.update({field["name"]: field.text for field in page.select("main textarea")})
    filled.pop("asks_equality", None)
    official.post("/consultations/kerbs/edit", {**filled, "policy": about.policy.value, **changes})
    db.session.expire_all()
    return db.session.get(Consultation, about.id)


def test_it_is_off_until_a_box_is_ticked_and_off_again_without_it(official, about):
    page = official.get("/consultations/kerbs/edit")
    box = page.select_one('input[name="asks_equality"]')
    assert not box.has_attr("checked")
    assert "Equality Act 2010, section 149" in box.find_parent("label").text
    assert _edit(official, about, asks_equality="y").asks_equality
    assert official.get("/consultations/kerbs/edit").select_one('[name="asks_equality"]').has_attr("checked")
    assert not _edit(official, about).asks_equality


def test_a_stale_save_is_shown_what_the_other_made_of_the_box(official, about):
    page = official.get("/consultations/kerbs/edit")
    stale = page.select_one('[name="edition"]')["value"]
    _edit(official, about, title="Another title", asks_equality="y")
    data = {"edition": stale, "title": "Another title", "policy": about.policy.value}
    page = official.post("/consultations/kerbs/edit", data, status=409).page
    assert "Ticked" in page.select_one("input#asks_equality").find_previous(class_="theirs").text


def test_it_is_fixed_once_people_can_answer(official, about):
    about.stage = Stage.OPEN
    about.asks_equality = True
    db.session.commit()
    assert not official.get("/consultations/kerbs/edit").select('[name="asks_equality"]')
    assert _edit(official, about, title="Another title").asks_equality


# ---- a door that can be hammered


def test_a_network_cannot_send_without_end(about, limited):
    client = limited.test_client()

    def sent(network):
        data = {"once": _key(), "age": "16_24"}
        return client.post(PAGE, data=data, environ_base={"REMOTE_ADDR": network}).status_code

    assert {sent("192.0.2.1") for _ in range(30)} == {303}
    assert sent("192.0.2.1") == 429
    assert sent("192.0.2.2") == 303
    assert _counted() == {("age", "16_24"): 31}


def test_two_at_once_with_the_same_key_are_one(about):
    for is_first in (True, False):
        try:
            with transaction():
                tallying.count_form(consultation=about, answers={"age": "16_24"}, digest="d", day=NOON.date())
        except Conflict:
            assert not is_first
    assert _counted() == {("age", "16_24"): 1}
