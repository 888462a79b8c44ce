"""The public figures of moderation equal the record, and give no small number away."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, Decision
from consult.extensions import db, transaction
from consult.moderation import actions
from consult.moderation.actions import Verb
from consult.moderation.held_people.actions import hold_person
from consult.moderation.redaction import actions as redaction
from consult.moderation.redaction.planning import plan
from tests import counting, factories
from tests.moderation.scene import Scene
from tests.pages import Visitor

BEGAN = datetime(2026, 8, 3, 9, tzinfo=UTC)  # in the third quarter
LATER = datetime(2026, 10, 1, 9, tzinfo=UTC)  # in the fourth
REASONS = ["abuse"] * 7 + ["off_topic"] * 5 + ["hatred"] * 2 + ["other"]


@pytest.fixture
def worked(app):
    """A scene in which moderators worked through two quarters."""
    clock.replace(lambda: BEGAN)
    scene = Scene(Policy.BEFORE)
    scene.consultation.closes_at = BEGAN + timedelta(days=200)
    db.session.commit()
    _work(scene, BEGAN, published=9, reasons=REASONS, returned=5)
    _work(scene, LATER, published=6, reasons=[*REASONS[:7], *REASONS[-3:]], returned=5)
    clock.replace(lambda: LATER + timedelta(days=2))
    return scene


def _work(scene, begins, *, published, reasons, returned):
    moment = begins
    todo = [(Verb.PUBLISH, "")] * published
    todo += [(Verb.TAKE_DOWN, reason) for reason in reasons]
    todo += [(Verb.RETURN, "off_topic")] * returned
    for place, (verb, reason) in enumerate(todo):
        clock.replace(lambda at=moment: at)
        comment = scene.says(f"Words {place}, which differ in {begins:%B}.", actor=factories.a_person())
        clock.replace(lambda at=moment + timedelta(minutes=7 * place, seconds=place): at)
        _decide(scene, comment, verb, reason)
        moment += timedelta(hours=3)


def _decide(scene, comment, verb, reason=""):
    with transaction():
        found = db.session.get(Comment, comment.id)
        actions.decide(
            actor=scene.moderator, comment=found, verb=verb, reason=reason, message="Because it is so."
        )


def _shown(page):
    return {
        row["data-figure"]: [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.select("[data-figures] tr[data-figure]")
    }


def _address(scene):
    return f"/organisations/{scene.organisation.slug}/moderation"


def _as_shown(number):
    return str(number) if number >= 5 else "fewer than 5"


def _is_third(moment):
    return moment < datetime(2026, 9, 30, 23, tzinfo=UTC)  # midnight in London


def test_the_page_equals_the_decisions(worked, visit):
    shown = _shown(visit.get(_address(worked)))
    decisions = db.session.scalars(select(Decision)).all()
    quarters = {True: Counter(), False: Counter()}
    for each in decisions:
        of = quarters[_is_third(each.decided_at)]
        of["received"] += each.before is None
        of["published"] += each.after.value == "published"
        of["returned"] += each.after.value == "returned"
        of["taken_down"] += each.after.value == "taken_down"
        of[f"taken_down:{each.reason}"] += each.after.value == "taken_down"
    for name in ("received", "published", "returned", "taken_down", "taken_down:abuse", "taken_down:hatred"):
        third, fourth = quarters[True][name], quarters[False][name]
        assert shown[name] == [_as_shown(third + fourth), _as_shown(fourth), _as_shown(third)], name


def test_the_page_equals_the_chain(worked, visit):
    shown = _shown(visit.get(_address(worked)))
    acts = Counter(db.session.scalars(select(AuditEntry.act)))
    assert int(shown["received"][0]) == acts["comment.post"]
    assert int(shown["published"][0]) == acts["comment.publish"]
    assert int(shown["taken_down"][0]) == acts["comment.take_down"]
    assert int(shown["returned"][0]) == acts["comment.return"]
    assert int(shown["decided"][0]) == sum(
        acts[f"comment.{act}"] for act in ("publish", "take_down", "return")
    )


def test_the_median_is_that_of_the_times_between(worked, visit):
    came, took = {}, []
    for each in db.session.scalars(select(Decision).order_by(Decision.id)):
        if each.before is None:
            came[each.comment_id] = each.decided_at
        else:
            took.append((each.decided_at - came[each.comment_id]).total_seconds() // 60)
    assert _shown(visit.get(_address(worked)))["median"][0] == f"{median(took) / 60:.1f} hours"


def test_what_is_put_back_and_reported_is_counted(worked, visit):
    down = db.session.scalars(select(Comment).where(Comment.state == "taken_down").limit(5)).all()
    for comment in down:
        _decide(worked, comment, Verb.PUBLISH)
    up = db.session.scalars(select(Comment).where(Comment.state == "published").limit(6)).all()
    for comment in up:
        with transaction():
            found = db.session.get(Comment, comment.id)
            actions.report_comment(actor=worked.citizen, comment=found, reason="abuse", note="")
        with transaction():
            redaction.take_out(
                actor=worked.moderator, comment=found, plan=plan(found, ["differ"], "off_topic")
            )
    with transaction():
        redaction.put_back(actor=worked.moderator, comment=found, why="It may stay.")
    shown = _shown(visit.get(_address(worked)))
    assert shown["put_back"][0] == "6"
    assert shown["redacted"][0] == "6"
    assert shown["reports"][0] == "6"
    assert shown["published"][0] == "15"


def test_how_many_people_were_held_is_counted_and_kept_back_where_few(worked, visit):
    for comment in db.session.scalars(select(Comment).where(Comment.state == "published").limit(5)).all():
        with transaction():
            hold_person(actor=worked.moderator, comment=comment, reason="abuse", days=3)
        if comment.id % 5 == 3:
            assert _shown(visit.get(_address(worked)))["held"][0] == "fewer than 5"
    assert _shown(visit.get(_address(worked)))["held"][0] == "5"


def test_a_sum_that_would_give_a_small_number_away_is_not_shown(worked, visit):
    db.session.execute(update(Decision).where(Decision.reason == "hatred").values(reason="abuse"))
    db.session.commit()  # a single small number is left in each quarter
    assert "not shown" in _shown(visit.get(_address(worked)))["taken_down"]


def test_small_numbers_are_not_shown(worked, visit):
    shown = _shown(visit.get(_address(worked)))
    assert shown["taken_down:hatred"] == ["fewer than 5"] * 3
    assert shown["taken_down:advertising"] == ["fewer than 5"] * 3


def test_the_file_says_the_same(worked, visit, client):
    shown = _shown(visit.get(_address(worked)))
    answer = client.get(f"{_address(worked)}.csv")
    lines = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [line["period"] for line in lines] == ["all", "2026-Q4", "2026-Q3"]
    assert [line["from"] for line in lines] == ["", "2026-10-01", "2026-07-01"]
    for name, cells in shown.items():
        if name == "median":
            continue
        said = {"fewer than 5": "<5", "not shown": ""}
        column = name.replace(":", "_for_" if name.startswith("taken_down") else "_")
        assert [line[column] for line in lines] == [said.get(c, c) for c in cells], name


def test_nothing_of_another_organisation_and_nothing_for_the_team_counts(worked, visit):
    before = _shown(visit.get(_address(worked)))
    other = factories.an_organisation()
    nothing = _shown(visit.get(f"/organisations/{other.slug}/moderation"))
    assert set(nothing["received"]) == {"fewer than 5"}
    with transaction():
        discussion.post_comment(
            actor=worked.citizen,
            paragraph=worked.paragraph,
            body="For the team.",
            wishes=discussion.Wishes(is_team_only=True, confidential_reason="It is mine."),
        )
    assert _shown(visit.get(_address(worked))) == before


def test_it_is_built_once_until_something_happens(worked, client):
    answer = client.get(_address(worked))
    again = client.get(_address(worked), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    worked.says("Something new.", actor=factories.a_person())
    assert client.get(_address(worked), headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_it_asks_no_more_when_there_is_more(worked, client, app):
    with counting.queries() as few:
        client.get(_address(worked))
    _work(worked, LATER + timedelta(days=3), published=12, reasons=REASONS, returned=1)
    with counting.queries() as many:
        client.get(_address(worked))
    assert len(many) == len(few) <= 10


def test_it_is_found_from_the_pages_of_its_organisation(worked, visit):
    for page in (f"/organisations/{worked.organisation.slug}", f"/consultations/{worked.consultation.slug}"):
        assert visit.get(page).select(f'a[href="{_address(worked)}"]'), page


def test_every_figure_is_defined(worked, client):
    page = Visitor(client).get(_address(worked))
    defined = Visitor(client).get("/figures")
    for link in page.select("[data-figures] a"):
        assert defined.select_one("#" + link["href"].partition("#")[2]), link
