"""Many comments decided on at once: the preview binds the act, the rest is named, all of it can be undone."""

from collections import Counter
from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, Decision, State
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation import claims, marks, recounting
from consult.moderation.actions import Verb
from consult.moderation.models import QueueItem
from consult.moderation.record import figures
from consult.moderation.several import actions, looking
from consult.moderation.several.models import Why
from consult.moderation.several.preview import Preview
from consult.moderation.several.routes import why_left
from consult.notices.models import OutboxMail
from tests import counting, factories
from tests.moderation.scene import Scene

PUBLISH = actions.Order(Verb.PUBLISH)


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.BEFORE)


@pytest.fixture
def desk(scene, visit_as):
    return visit_as(scene.moderator)


def _arrive(scene, count):
    return [scene.says(f"Number {number}.") for number in range(count)]


def _preview(scene, comments):
    found = looking.looked_at(scene.moderator, [each.key for each in comments], now=clock.now())
    db.session.rollback()
    return Preview(found)


def _seen(preview):
    return [actions.Seen(each.comment.key, each.face) for each in preview.taken]


def _act(scene, preview, order=PUBLISH, between=lambda: None):
    """Do what the pages do: begin, and go on in parts, while `between` happens."""
    with transaction():
        act, left = actions.begin(actor=scene.moderator, order=order, wanted=_seen(preview))
    between()
    while left:
        with transaction():
            left = actions.decide_part(actor=scene.moderator, act=act, order=order, wanted=left)
    return act


def _states(comments):
    return Counter(db.session.scalars(select(Comment.state).where(Comment.id.in_([c.id for c in comments]))))


def test_each_has_its_decision_its_entry_and_its_mail_and_the_figures_agree(scene):
    comments = _arrive(scene, 23)
    before = len(db.session.scalars(select(AuditEntry)).all())
    act = _act(scene, _preview(scene, comments))
    assert (act.item_count, _states(comments)) == (23, {State.PUBLISHED: 23})
    decided = db.session.scalars(select(Decision).where(Decision.actor_id == scene.moderator.id)).all()
    assert sorted(each.comment_id for each in decided) == sorted(each.id for each in comments)
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[before:]
    assert Counter(entry.act for entry in entries) == {"comment.publish": 23}
    mails = [mail for mail in db.session.scalars(select(OutboxMail)) if "decision." in mail.message_id]
    assert len(mails) == 23
    assert all(mail.due_at >= act.at + timedelta(seconds=30) for mail in mails)
    assert recounting.recount() == []
    told = figures.of(scene.organisation.id, clock.now(), UTC)[0].counts
    assert [told[name].at_least for name in ("published", "decided")] == [23, 23]


@pytest.mark.parametrize(
    ("mark", "why"), [(marks.PASSED_ON, Why.PASSED_ON), (marks.DEFAMATION, Why.COMPLAINED)]
)
def test_what_has_a_course_of_its_own_is_left_out(scene, mark, why):
    first, second = _arrive(scene, 2)
    item = db.session.scalars(select(QueueItem).where(QueueItem.comment_id == first.id)).one()
    item.marks = mark
    db.session.commit()
    preview = _preview(scene, [first, second])
    assert [each.comment.key for each in preview.taken] == [second.key]
    assert [each.comment.key for each in preview.left[why]] == [first.key]
    assert why_left(why)


def test_what_arrives_changes_or_is_decided_meanwhile_is_left_and_named(scene):
    comments = _arrive(scene, 15)
    other = factories.a_moderator(scene.organisation)
    preview = _preview(scene, comments)

    def meanwhile():
        scene.says("Only just arrived.")
        with transaction():
            moderation.decide(actor=other, comment=comments[3], verb=Verb.TAKE_DOWN, reason="abuse")
        with transaction():
            discussion.correct_comment(actor=scene.citizen, comment=comments[7], body="Quite other words.")
        with transaction():
            discussion.withdraw_comment(actor=scene.citizen, comment=comments[9])
        with transaction():
            claims.claim(actor=other, comment_id=comments[11].id)

    act = _act(scene, preview, between=meanwhile)
    left = {row.comment_id: row.why for row in db.session.scalars(select(actions.ModerationActLeft))}
    assert left == {
        comments[3].id: Why.DECIDED,
        comments[7].id: Why.CHANGED,
        comments[9].id: Why.DECIDED,
        comments[11].id: Why.CLAIMED,
    }
    assert act.item_count == 11
    assert _states(comments) == {
        State.PUBLISHED: 11,
        State.TAKEN_DOWN: 1,
        State.WITHDRAWN: 1,
        State.WAITING: 2,
    }
    assert (
        db.session.scalars(select(Comment.state).order_by(Comment.id.desc()).limit(1)).one() is State.WAITING
    )
    taken = db.session.scalars(select(Decision.actor_id).where(Decision.comment_id == comments[3].id)).all()
    assert scene.moderator.id not in taken
    assert recounting.recount() == []


def test_what_cannot_be_decided_together_is_left_out_of_the_preview(scene):
    waits, own, held, corrected, done = (
        scene.says("It waits."),
        scene.says("My own.", actor=scene.moderator),
        scene.says("Somebody has it."),
        scene.says("As it was."),
        scene.says("Long decided."),
    )
    other = factories.a_moderator(scene.organisation, name="Colin")
    with transaction():
        claims.claim(actor=other, comment_id=held.id)
    for each in (corrected, done):
        with transaction():
            moderation.decide(actor=other, comment=each, verb=Verb.PUBLISH)
    later = clock.now() + timedelta(minutes=20)
    clock.replace(lambda: later)
    with transaction():
        claims.claim(actor=other, comment_id=held.id)
        discussion.correct_comment(actor=scene.citizen, comment=corrected, body="As it shall be.")
    preview = _preview(scene, [waits, own, held, corrected, done])
    assert [each.comment.id for each in preview.taken] == [waits.id]
    assert {why: [each.comment.id for each in found] for why, found in preview.left.items()} == {
        Why.DECIDED: [done.id],
        Why.CLAIMED: [held.id],
        Why.OWN: [own.id],
        Why.CORRECTED: [corrected.id],
    }
    assert preview.left[Why.CLAIMED][0].holder == "Colin"
    official = factories.a_moderator(scene.organisation)
    with transaction():
        scene.document.current_version.published_by = official.id
    found = looking.looked_at(official, [waits.key], now=clock.now())
    assert [each.why for each in found] == [Why.PART]
    elsewhere = factories.a_moderator(factories.an_organisation())
    assert looking.looked_at(elsewhere, [waits.key], now=clock.now()) == []


def test_a_preview_costs_as_many_questions_for_many_as_for_few(scene):
    comments = _arrive(scene, 30)
    counted = []
    for some in (comments[:2], comments):
        keys = [each.key for each in some]
        db.session.expire_all()
        person = scene.moderator
        with counting.queries() as questions:
            preview = Preview(looking.looked_at(person, keys, now=clock.now()))
            assert preview.samples
            assert preview.consultations
        counted.append(len(questions))
        db.session.rollback()
    assert counted[0] == counted[1] <= 4


def test_the_pages_take_down_with_a_reason_and_undo_the_whole(scene, desk):
    comments = _arrive(scene, 14)
    page = desk.get("/moderation")
    assert len(page.select(".pick input[name=c]")) == 14
    assert page.select_one("#bulk input[name=all]")
    page = desk.get("/moderation/several?do=take-down&all=1")
    assert page.select_one("h1").text == "Take down 14 comments"
    form = page.select_one("main form[method=post]")
    sent = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    again = desk.post(form["action"], {**sent, "message": "Write it again."}, status=422).page
    assert "Choose a reason" in again.select_one("[role=alert]").text
    assert again.select_one("textarea").text.strip() == "Write it again."
    assert again.select_one("input[name=these]")["value"] == sent["these"]
    assert _states(comments) == {State.WAITING: 14}
    answer = desk.post(form["action"], {**sent, "reason": "advertising", "message": "Write it again."})
    done = desk.get(answer.location)
    assert done.select_one("h1").text == "14 taken down. The authors are told why."
    assert _states(comments) == {State.TAKEN_DOWN: 14}
    notes = db.session.scalars(select(Decision.note).where(Decision.reason == "advertising")).all()
    assert notes == ["Write it again."] * 14
    queue = desk.get(desk.post(done.select_one(".undo form")["action"], {}).location)
    assert "14 wait for you again" in queue.text
    assert _states(comments) == {State.WAITING: 14}
    assert not [mail for mail in db.session.scalars(select(OutboxMail)) if "decision." in mail.message_id]
    assert recounting.recount() == []


def test_ticked_ones_alone_are_decided_on_and_twice_is_once(scene, desk):
    first, second, third = _arrive(scene, 3)
    page = desk.get(f"/moderation/several?do=publish&c={first.key}&c={third.key}&c=nothing")
    form = page.select_one("main form[method=post]")
    sent = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    desk.post(form["action"], sent)
    again = desk.get(desk.post(form["action"], sent).location)
    assert "Nothing was decided on" in again.select_one("h1").text
    assert "decided on them already" in again.select_one('[data-left="decided"] h3').text
    assert _states([first, second, third]) == {State.PUBLISHED: 2, State.WAITING: 1}
    assert db.session.query(Decision).filter_by(actor_id=scene.moderator.id).count() == 2


def test_nothing_ticked_nothing_named_and_more_than_one_act_takes(scene, desk, monkeypatch):
    assert "Nothing to decide on" in desk.get("/moderation/several?do=publish").text
    desk.get("/moderation/several?do=dance", status=404)
    for unknown in ("cause=none", "hold=none", "consultation=none", "campaign=12345", "campaign=x"):
        desk.get(f"/moderation/several?do=publish&all=1&{unknown}", status=404)
        desk.get(f"/moderation?{unknown}", status=404)
    _arrive(scene, 4)
    monkeypatch.setattr(actions, "MOST", 3)
    page = desk.get(f"/moderation/several?do=publish&all=1&consultation={scene.consultation.slug}")
    assert page.select_one("h1").text == "Publish 3 comments"
    assert "1 other stays for the next" in page.select_one("main").text
    assert "Nothing in this list" in desk.get("/moderation?hold=links").text


def test_a_list_is_narrowed_by_consultation_and_by_what_holds(scene, desk):
    waits = scene.says("It waits.")
    item = db.session.scalars(select(moderation.QueueItem)).one()
    item.holds = "hold.private+links"
    db.session.commit()
    beside = factories.a_consultation(scene.unit)
    for asked, count in (
        ("hold=links", 1),
        ("hold=words", 0),
        (f"hold=private&consultation={scene.consultation.slug}", 1),
        (f"consultation={beside.slug}", 0),
        (f"cause=waiting&consultation={scene.consultation.slug}", 1),
    ):
        assert len(desk.get(f"/moderation?{asked}").select(f'.qitem a[href*="{waits.key}"]')) == count, asked


def test_after_the_last_one_of_a_page_comes_the_first_of_the_next(scene, desk):
    comments = _arrive(scene, 52)
    page = desk.get(f"/moderation?item={comments[49].key}")
    assert "after=" in page.select_one("#act-skip")["href"]
    form = page.select_one("#detail input[name=onward]").find_parent("form")
    sent = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    answer = desk.post(form["action"], {**sent, "do": "publish"})
    page = desk.get(answer.location)
    assert page.select_one("#detail")["data-comment"] == comments[50].key
    assert len(page.select(".qitem")) == 2
