"""The pages of moderation: the queue, one item, decisions, and the report form that every reader has."""

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from consult.consultations.models import Policy
from consult.discussion.models import State
from consult.extensions import db, transaction
from consult.moderation import actions
from consult.moderation.actions import Verb
from consult.moderation.models import Report
from tests import counting, factories
from tests.moderation.scene import Scene


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.BEFORE)


@pytest.fixture
def desk(scene, visit_as):
    return visit_as(scene.moderator)


def _published(scene, words="A fair point."):
    comment = scene.says(words)
    with transaction():
        actions.decide(actor=scene.moderator, comment=comment, verb=Verb.PUBLISH)
    return comment


def test_an_empty_queue_says_so(desk):
    assert "Nothing to look at" in desk.get("/moderation").text


def test_the_oldest_is_open_with_its_paragraph_and_its_parent(scene, desk):
    parent = _published(scene, "The first word.")
    scene.says("An answer to that.", parent=parent)
    page = desk.get("/moderation")
    opened = page.select_one("#detail").text
    assert "An answer to that." in opened
    assert "The clear width is 2.0 metres." in opened
    assert "The first word." in opened
    assert "1 published" in opened


def test_publishing_leads_to_the_next_one(scene, desk):
    first, second = scene.says("One."), scene.says("Two.")
    page = desk.get("/moderation")
    following = page.select_one('input[name="next"]')["value"]
    assert following == second.key
    seen = page.select_one('input[name="seen"]')["value"]
    answer = desk.post(f"/moderation/{first.key}", {"do": "publish", "seen": seen, "next": following})
    assert answer.location.endswith(f"item={second.key}")
    db.session.refresh(first)
    assert first.state is State.PUBLISHED
    assert "Published." in desk.get(answer.location).text


def test_taking_down_without_a_reason_keeps_what_was_typed(scene, desk):
    comment = scene.says("Rude.")
    page = desk.post(
        f"/moderation/{comment.key}", {"do": "take-down", "message": "Be kind."}, status=422
    ).page
    assert "Choose a reason" in page.text
    assert page.select_one("textarea[name=message]").text.strip() == "Be kind."
    assert page.select_one('[role="alert"] a')["href"] == "#reason"


def test_what_is_taken_down_leaves_a_marker_with_the_kind_of_reason(scene, desk, visit):
    comment = _published(scene, "Words that go.")
    desk.post(f"/moderation/{comment.key}", {"do": "take-down", "reason": "off_topic"})
    place = f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}"
    thread = visit.get(place).text
    assert "Words that go." not in thread
    assert "not about this draft" in thread


def test_a_second_moderator_who_comes_late_is_told(scene, desk, visit_as):
    comment = scene.says("One.")
    seen = desk.get("/moderation").select_one('input[name="seen"]')["value"]
    other = visit_as(factories.a_moderator(scene.organisation))
    other.post(f"/moderation/{comment.key}", {"do": "take-down", "reason": "abuse", "seen": seen})
    page = desk.post(f"/moderation/{comment.key}", {"do": "publish", "seen": seen}, status=409).page
    assert "decided on this comment first" in page.text
    db.session.refresh(comment)
    assert comment.state is State.TAKEN_DOWN


@pytest.mark.parametrize("do", ["", "erase", "publish; drop table"])
def test_an_act_that_is_none_changes_nothing(scene, desk, do):
    comment = scene.says("One.")
    desk.post(f"/moderation/{comment.key}", {"do": do}, status=422)
    db.session.refresh(comment)
    assert comment.state is State.WAITING


@pytest.mark.parametrize("message", ["x" * 501, "x" * 1_000_000, "bell \x07"])
def test_a_message_that_will_not_do_is_refused_at_its_field(scene, desk, message):
    comment = scene.says("One.")
    page = desk.post(
        f"/moderation/{comment.key}", {"do": "take-down", "reason": "abuse", "message": message}, status=422
    ).page
    assert page.select_one("textarea[name=message]")["aria-invalid"] == "true"


def test_only_moderators_of_the_organisation_come_in(scene, visit_as, visit):
    comment = scene.says("One.")
    for stranger in (scene.citizen, scene.official):
        visit_as(stranger).get("/moderation", 403)
    other = visit_as(factories.a_moderator(factories.an_organisation()))
    assert "Nothing to look at" in other.get("/moderation").text
    other.get(f"/moderation/{comment.key}", 403)
    other.post(f"/moderation/{comment.key}", {"do": "publish"}, status=403)
    assert visit.client.get("/moderation").status_code == 303


def test_the_queue_costs_sixteen_questions_however_long(scene, desk):
    for number in range(60):
        scene.says(f"Number {number}.")
    db.session.remove()
    with counting.queries() as questions:
        page = desk.get("/moderation")
    assert len(page.select(".qitem")) == 50
    assert len(questions) <= 16, "\n".join(question[:90] for question in questions)


def test_the_second_page_goes_on_where_the_first_ended(scene, desk):
    for number in range(55):
        scene.says(f"Number {number}.")
    first = desk.get("/moderation")
    rest = desk.get(next(link["href"] for link in first.select(".qbar a") if "after" in link["href"]))
    names = [item.select_one(".x").text for page in (first, rest) for item in page.select(".qitem")]
    assert names == [f"Number {number}." for number in range(55)]


@pytest.mark.parametrize("place", ["x", "2026-01-01_x", "_", "9" * 400, "2026-13-45_1"])
def test_a_place_that_is_none_is_the_beginning(scene, desk, place):
    scene.says("One.")
    assert len(desk.get(f"/moderation?after={place}").select(".qitem")) == 1


def test_decisions_are_listed_newest_first_with_who_took_them(scene, desk):
    comment = _published(scene)
    with transaction():
        actions.decide(actor=scene.moderator, comment=comment, verb=Verb.TAKE_DOWN, reason="abuse")
    rows = desk.get("/moderation/decisions").select("tbody tr")
    assert ["taken down" in rows[0].text, "published" in rows[1].text] == [True, True]
    assert scene.moderator.name in rows[0].text


def test_anybody_reports_a_comment_and_it_stays_up(scene, visit):
    comment = _published(scene)
    visit.get(f"/comments/{comment.key}/report")
    answer = visit.post(f"/comments/{comment.key}/report", {"reason": "abuse", "note": "Rude."})
    assert "a moderator will look" in visit.get(answer.location).h1.text
    assert db.session.query(Report).one().note == "Rude."


@pytest.mark.parametrize(
    "form",
    [{}, {"reason": "nonsense"}, {"reason": "abuse", "note": "x" * 501}, {"reason": "abuse", "note": "\x00"}],
)
def test_a_report_that_will_not_do_is_refused_and_nothing_is_kept(scene, visit, form):
    comment = _published(scene)
    page = visit.post(f"/comments/{comment.key}/report", form, status=422).page
    assert page.select_one('[role="alert"]')
    assert db.session.query(Report).count() == 0


def test_what_waits_or_was_never_there_cannot_be_reported(scene, visit):
    comment = scene.says("Waiting.")
    visit.get(f"/comments/{comment.key}/report", 404)
    visit.get("/comments/nonesuch00/report", 404)


def test_a_decision_is_one_commit_and_few_statements(scene, visit_as):
    """What it costs hangs on these; time is for the benchmarks."""
    desk, keys = visit_as(scene.moderator), [scene.says("One.").key, scene.says("Two.").key]
    desk.post(f"/moderation/{keys[0]}", {"do": "publish"})
    commits = []

    def note(connection):
        commits.append(connection)

    event.listen(Engine, "commit", note)
    try:
        with counting.queries() as statements:
            desk.post(f"/moderation/{keys[1]}", {"do": "publish"})
    finally:
        event.remove(Engine, "commit", note)
    assert len(commits) == 1
    locks = 2 if db.engine.dialect.name == "postgresql" else 0  # on SQLite the transaction itself is the lock
    assert len(statements) <= 24 + locks, "\n".join(statement[:90] for statement in statements)
