"""What waits because of a hold: comments, replies, corrections, and what guests confirm; who is told, and what it costs."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from consult import clock
from consult.audit import AuditEntry
from consult.consultations import actions as consultations
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion import publication
from consult.discussion import queries as said
from consult.discussion.models import Decision, State
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation.actions import Verb
from consult.moderation.holds import actions, names, queries
from consult.moderation.holds.deciding import Rules, is_outside_hours
from consult.moderation.models import QueueItem
from tests import factories
from tests.counting import queries as counted
from tests.discussion.test_guests import confirm, send, the_comment, write
from tests.moderation.scene import Scene

OFF = {
    "private": False,
    "links": False,
    "words": False,
    "rate": False,
    "wave": False,
    "spam": False,
    "opens_minute": None,
    "closes_minute": None,
}
NUMBER = "Ring me on 07700 900123."


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.AFTER)


def _set(scene, **values) -> None:
    kept = queries.holds_of(scene.consultation.id)
    with transaction():
        actions.set_holds(
            actor=scene.official,
            consultation=scene.consultation,
            based_on=kept.edition if kept else 0,
            values={**OFF, **values},
        )


def _list(scene, typed: str) -> list[str]:
    kept = queries.words_of(scene.unit.id)
    with transaction():
        return actions.set_words(
            actor=scene.official, unit=scene.unit, based_on=kept.edition if kept else 0, typed=typed
        )


def _rule(comment) -> str:
    return said.rule_of(comment)


def test_without_holds_nothing_waits(scene):
    assert scene.says(NUMBER + " https://a.example").state is State.PUBLISHED


@pytest.mark.parametrize(
    ("hold", "words"),
    [("private", NUMBER), ("links", "See https://a.example/x"), ("words", "What an 1d1ot.")],
)
def test_a_hold_lets_wait_what_it_is_for_and_nothing_else(scene, hold, words):
    _list(scene, "idiot")
    _set(scene, **{hold: True})
    fair = scene.says("Two metres are enough, under section 12(3) of the 2010 Act.")
    held = scene.says(words)
    answer = scene.says(words, parent=fair)
    assert fair.state is State.PUBLISHED
    assert (held.state, answer.state) == (State.WAITING, State.WAITING)
    assert _rule(held) == f"hold.{hold}"
    assert db.session.query(QueueItem.holds).filter_by(comment_id=held.id).scalar() == f"hold.{hold}"


@pytest.mark.parametrize(
    ("hold", "name"), [("private", "Ann 07700 900123"), ("links", "www.a.example"), ("words", "The Idiot")]
)
def test_a_name_is_looked_at_as_well_as_the_words_that_bear_it(scene, hold, name):
    _list(scene, "idiot")
    author = factories.a_person(name=name)
    assert scene.says("Two metres are enough.", actor=author).state is State.PUBLISHED
    _set(scene, **{hold: True})
    held = scene.says("Three would be better.", actor=author)
    assert held.state is State.WAITING
    assert _rule(held) == "hold.name"
    assert "The name it bears" in names.told(_rule(held))[0]
    assert scene.says("One will do.").state is State.PUBLISHED


def test_what_waits_is_counted_nowhere_until_a_moderator_publishes_it(scene):
    _set(scene, private=True)
    held = scene.says(NUMBER)
    db.session.refresh(scene.consultation)
    assert scene.consultation.comment_count == 0
    with transaction():
        moderation.decide(actor=scene.moderator, comment=held, verb=Verb.PUBLISH)
    db.session.refresh(scene.consultation)
    assert (held.state, scene.consultation.comment_count) == (State.PUBLISHED, 1)


def test_words_that_somebody_proposes_are_looked_at_too(scene):
    _set(scene, private=True)
    words = discussion.written("Say instead:")
    with_number = type(words)(words.body, words.html, NUMBER, "<p>x</p>", scene.paragraph.id)
    comment = scene.says("Fine.")
    text = publication.text_of(with_number.body, with_number.replacement)
    assert publication.held_by(comment, scene.consultation, text) == "hold.private"


def test_a_correction_waits_only_for_what_it_brings(scene):
    comment = scene.says(NUMBER)
    _set(scene, private=True)
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=comment, body=NUMBER + " Please.")
    assert comment.body == NUMBER + " Please."
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=comment, body=NUMBER + " Or 07700 900456.")
    waiting = said.correction_of(comment.id)
    assert (comment.state, waiting.rule) == (State.PUBLISHED, "hold.private")
    assert "900456" not in comment.body
    assert db.session.query(QueueItem.holds).filter_by(comment_id=comment.id).scalar() == "hold.private"


def test_more_than_so_many_from_one_person_wait(scene):
    _set(scene, rate=True)
    posted = [scene.says(f"Point {number}.") for number in range(12)]
    states = [comment.state for comment in posted]
    assert states == [State.PUBLISHED] * 10 + [State.WAITING] * 2
    assert _rule(posted[-1]) == "hold.rate"
    assert scene.says("Another person.", actor=factories.a_person()).state is State.PUBLISHED
    now = clock.now()
    clock.replace(lambda: now + timedelta(minutes=11))
    try:
        assert scene.says("Later.").state is State.PUBLISHED
    finally:
        clock.replace(lambda: datetime.now(UTC))


def test_before_publication_the_holds_are_named_all_the_same(app):
    scene = Scene(Policy.BEFORE)
    _set(scene, private=True, links=True)
    held = scene.says(NUMBER + " www.a.example")
    assert (held.state, _rule(held)) == (State.WAITING, "hold.private+links")
    assert _rule(scene.says("Fine.")) == "policy.before"


def test_the_first_comment_of_a_person_waits_and_later_ones_do_not(app):
    scene = Scene(Policy.FIRST)
    first, second = scene.says("One."), scene.says("Two.")
    assert (first.state, second.state, _rule(first)) == (State.WAITING, State.WAITING, "hold.new")
    with transaction():
        moderation.decide(actor=scene.moderator, comment=first, verb=Verb.PUBLISH)
    assert scene.says("Three.").state is State.PUBLISHED
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=first, body="One, put better.")
    assert first.body == "One, put better."
    assert scene.says("I.", actor=factories.a_person()).state is State.WAITING
    with transaction():
        moderation.decide(actor=scene.moderator, comment=first, verb=Verb.TAKE_DOWN, reason="abuse")
        third = said.comments_of(scene.citizen.id)[0]
        moderation.decide(
            actor=scene.moderator, comment=said.comment(third.key), verb=Verb.TAKE_DOWN, reason="abuse"
        )
    assert scene.says("Four.").state is State.WAITING  # nothing of theirs stands


def test_a_comment_published_for_another_organisation_is_no_introduction(app):
    scene, elsewhere = Scene(Policy.FIRST), None
    elsewhere = factories.a_consultation(policy=Policy.AFTER)
    assert elsewhere.organisation_id != scene.organisation.id
    person = scene.citizen
    comment = scene.says("Here.")
    assert comment.state is State.WAITING
    assert person.id == comment.author_id


@pytest.mark.parametrize(
    ("opens", "closes", "hour", "waits"),
    [
        (8, 18, 7, True),
        (8, 18, 8, False),
        (8, 18, 17, False),
        (8, 18, 18, True),
        (20, 6, 23, False),
        (20, 6, 12, True),
    ],
)
def test_outside_the_hours_comments_wait(scene, opens, closes, hour, waits):
    _set(scene, opens_minute=opens * 60, closes_minute=closes * 60)
    tomorrow = datetime.now(ZoneInfo("Europe/London")) + timedelta(days=1)
    at = tomorrow.replace(hour=hour, minute=0).astimezone(UTC)
    clock.replace(lambda: at)
    comment = scene.says("Good evening.")
    assert comment.state is (State.WAITING if waits else State.PUBLISHED)
    assert _rule(comment) == ("hold.hours" if waits else "policy.after")


def test_in_summer_the_hours_are_those_of_the_clock_on_the_wall(scene):
    rules, london = Rules(opens_minute=8 * 60, closes_minute=18 * 60), ZoneInfo("Europe/London")
    assert not is_outside_hours(rules, datetime(2026, 7, 1, 7, 30, tzinfo=UTC), london)
    assert is_outside_hours(rules, datetime(2026, 7, 1, 17, 30, tzinfo=UTC), london)


def test_asking_takes_one_question_and_no_more(scene):
    comment = scene.says("Fine.")
    _list(scene, "idiot")
    _set(scene, private=True, links=True, words=True, rate=True)
    consultation = scene.consultation
    db.session.refresh(consultation)
    db.session.refresh(comment)
    for approved in (None, "", "Fine."):
        with counted() as seen:
            publication.held_by(comment, consultation, NUMBER, approved)
        assert len(seen) == 1


def test_a_new_consultation_has_every_hold_but_that_of_waves(scene):
    with transaction():
        made = consultations.create_consultation(
            actor=scene.official, unit=scene.unit, title="Kerbs", slug="kerbs-of-streets"
        )
    kept = queries.holds_of(made.id)
    assert actions.in_short(kept) == "private links words rate spam"


def test_setting_holds_is_on_record_and_asks_who_may(scene):
    _set(scene, private=True, opens_minute=540, closes_minute=1020)
    entry = db.session.query(AuditEntry).filter_by(act="consultation.set_holds").one()
    assert (entry.before, entry.after, entry.actor_id) == ("", "private 540-1020", scene.official.id)
    with pytest.raises(NotAllowed):
        actions.set_holds(actor=scene.citizen, consultation=scene.consultation, based_on=1, values=OFF)
    with pytest.raises(Conflict), transaction():
        actions.set_holds(actor=scene.moderator, consultation=scene.consultation, based_on=0, values=OFF)
    with pytest.raises(Invalid), transaction():
        actions.set_holds(
            actor=scene.official,
            consultation=scene.consultation,
            based_on=1,
            values={**OFF, "opens_minute": 1},
        )


def test_a_list_is_bounded_and_the_record_holds_none_of_its_words(scene):
    assert _list(scene, "idiot\nIdiot\nhalf wit") == ["idiot", "half wit"]
    entry = db.session.query(AuditEntry).filter_by(act="unit.list_words").one()
    assert (entry.before, entry.after) == ("0", "2")
    with pytest.raises(Invalid):
        _list(scene, "\n".join(f"word{number}" for number in range(301)))
    with pytest.raises(Invalid):
        _list(scene, "x" * 61)
    db.session.rollback()
    with pytest.raises(NotAllowed):
        actions.set_words(actor=scene.moderator, unit=scene.unit, based_on=1, typed="x")
    with transaction():
        actions.set_words(
            actor=factories.an_administrator(scene.organisation), unit=scene.unit, based_on=1, typed="x"
        )


def test_all_names_together_fit_the_record():
    rule = names.rule_of(names.ALL)
    assert len(rule) <= Decision.rule.type.length
    assert names.names_in(rule) == list(names.ALL)
    assert names.names_in("policy.after") == names.names_in("") == []


def test_author_and_moderator_read_why(scene, visit_as):
    _list(scene, "idiot")
    _set(scene, private=True, words=True)
    author, desk = visit_as(scene.citizen), visit_as(scene.moderator)
    address = f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}"
    answer = author.post(address, {"body": f"You idiot. {NUMBER}", "kind": "comment"})
    page = author.get(answer.location)
    assert "It seems to hold private details" in page.select_one("[data-draft-sent]").text
    assert "It has a word in it" in author.get("/account").text
    queue = desk.get("/moderation")
    assert {tag["data-hold"] for tag in queue.select(".qitem [data-hold]")} == {"private", "words"}
    marked = [mark.text for mark in queue.select("#detail [data-hold] mark")]
    assert marked == ["07700 900123", "idiot"]


def test_whoever_corrects_reads_why_the_new_words_wait(scene, visit_as):
    comment = scene.says("Fine.")
    _set(scene, private=True)
    author = visit_as(scene.citizen)
    here = f"/comments/{comment.key}/edit"
    page = author.get(here)
    seen = page.select_one('[name="seen"]')["value"]
    author.post(here, {"body": NUMBER, "kind": "comment", "seen": seen})
    assert "It seems to hold private details" in author.get(here).select_one("[data-held]").text


def test_what_a_guest_confirms_waits_too(scene, visit):
    _set(scene, links=True)
    mail = send(visit, scene.paragraph, "See www.a.example")
    landed = confirm(visit, mail).location
    comment = the_comment()
    assert (comment.state, _rule(comment)) == (State.WAITING, "hold.links")
    assert "It has a link in it." in visit.get(landed).select_one("[data-draft-sent]").text


def test_a_guest_is_told_before_and_after_that_the_first_comment_waits(app, visit):
    scene = Scene(Policy.FIRST)
    page = visit.get(write(visit, scene.paragraph))
    assert "a moderator looks before others see it" in page.text
    mail = send(visit, scene.paragraph)
    assert "A moderator looks" in visit.get("/unsent/check-email").text
    landed = confirm(visit, mail).location
    assert "It is the first comment of yours" in visit.get(landed).select_one("[data-draft-sent]").text
    assert "first comment of each person" in visit.get(f"/consultations/{scene.consultation.slug}").text


def test_pages_of_holds_and_words(scene, visit_as, visit):
    official = visit_as(scene.official)
    here, there = f"/consultations/{scene.consultation.slug}", f"/units/{scene.unit.slug}"
    page = official.get(here + "/holds")
    edition = page.select_one('[name="edition"]')["value"]
    official.post(
        here + "/holds", {"edition": edition, "private": "y", "opens": "8 am", "closes": ""}, status=422
    )
    official.post(
        here + "/holds", {"edition": edition, "private": "y", "opens": "soon", "closes": "6pm"}, status=422
    )
    official.post(here + "/holds", {"edition": edition, "private": "y", "opens": "8 am", "closes": "6 pm"})
    official.post(here + "/holds", {"edition": edition, "links": "y"}, status=409)
    kept = queries.holds_of(scene.consultation.id)
    assert (kept.private, kept.links, kept.opens_minute, kept.closes_minute) == (True, False, 480, 1080)
    public = visit.get(here).select_one("[data-holds]").text
    assert "private details" in public
    assert "8.00 am to 6.00 pm (London time)" in public
    words = official.get(there + "/words")
    edition = words.select_one('[name="edition"]')["value"]
    official.post(there + "/words", {"edition": edition, "words": "idiot"})
    again = official.post(there + "/words", {"edition": edition, "words": "fool"}, status=409)
    assert "idiot" in again.page.text
    assert "fool" in again.page.text
    assert "idiot" in official.get(there + "/words").select_one("textarea").text
