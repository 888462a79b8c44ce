"""A person is held for a time: what they write waits, they are told and can ask again, and it ends by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Correction, Decision, State
from consult.discussion.wishes import Wishes
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.moderation.held_people import actions, queries
from consult.moderation.held_people.models import Look, PersonHold
from consult.notices.models import OutboxMail
from tests import factories
from tests.moderation.scene import Scene


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.AFTER)


@pytest.fixture
def second(scene):
    return factories.a_moderator(scene.organisation, name="Sol Second")


def _hold(scene, comment, *, days=7, reason="abuse", by=None, **how):
    with transaction():
        return actions.hold_person(
            actor=by or scene.moderator, comment=comment, reason=reason, days=days, **how
        )


def _later(**by):
    then = clock.now() + timedelta(**by)
    clock.replace(lambda: then)


def _mails(to):
    mails = select(OutboxMail).where(OutboxMail.person_id == to.id).order_by(OutboxMail.id)
    return list(db.session.scalars(mails))


def test_what_they_write_waits_until_it_ends_by_itself(scene):
    first = scene.says("You fools.")
    _hold(scene, first, days=2, note="Please be civil.")
    waiting = scene.says("Calmly: boards are in the way.")
    assert waiting.state is State.WAITING
    assert db.session.scalars(select(Decision.rule).where(Decision.comment_id == waiting.id)).all() == [
        "hold.person"
    ]
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=first, body="You planners.")
    assert first.body == "You fools."
    assert db.session.query(Correction).one().rule == "hold.person"
    assert scene.says("For you.", wishes=Wishes(is_team_only=True)).state is State.RECEIVED
    assert scene.says("Others do not wait.", actor=factories.a_person()).state is State.PUBLISHED
    _later(days=2, seconds=1)
    assert scene.says("Boards again.").state is State.PUBLISHED
    assert queries.hold_about(first, clock.now()) is None
    acts = db.session.execute(
        select(AuditEntry.act, AuditEntry.reason).where(AuditEntry.act.like("person.%"))
    )
    assert acts.all() == [("person.hold", "abuse")]


def test_it_holds_in_one_organisation_and_under_every_name_of_an_address(app):
    scene, other = Scene(Policy.AFTER), None
    guest = factories.a_guest(name="Kit", email="kit@people.example")
    account = factories.a_person(name="Christopher", email="kit@people.example")
    _hold(scene, scene.says("You fools.", actor=guest))
    assert scene.says("Me again.", actor=account).state is State.WAITING
    elsewhere = factories.a_person(email="")
    assert scene.says("Nobody’s address.", actor=elsewhere).state is State.PUBLISHED
    other = factories.a_unit()
    assert queries.hold_of(account.id, other.organisation_id, clock.now()) is None


def test_the_person_is_told_and_reads_why(scene, second, visit_as):
    said = scene.says("You fools.")
    _hold(scene, said, note="Please be civil.")
    (mail,) = _mails(scene.citizen)
    assert mail.due_at > clock.now() + timedelta(seconds=25)
    for words in (
        "abuse or threat",
        "We do not publish insults",
        "Please be civil.",
        f"/comments/{said.key}/hold",
    ):
        assert words in mail.body
    own = visit_as(scene.citizen)
    address = f"/comments/{said.key}/hold"
    page = own.get(address)
    assert "Please be civil." in page.text
    page = own.post(address, {"why": ""}, status=422).page
    assert page.select_one('[role="alert"] a')["href"] == "#why"
    own.post(address, {"why": "I was quoting."})
    assert f"/moderation/{said.key}/hold" in _mails(second)[0].body
    assert _mails(scene.moderator) == []
    assert own.post(address, {"why": "Again."}, status=409)
    visit_as(factories.a_person()).get(address, 404)
    scene.says("Waiting now.")
    assert address.rsplit("/", 2)[0] in str(own.get("/account"))
    assert "Until when, and how to ask" in own.get("/account").text


def test_a_second_moderator_takes_the_second_look(scene, second, visit_as):
    said = scene.says("You fools.")
    hold = _hold(scene, said)
    with transaction():
        actions.ask_again(actor=scene.citizen, comment=said, why="I was quoting.")
    with pytest.raises(NotAllowed), transaction():
        actions.look_again(actor=scene.moderator, comment=said, look=Look.LIFTED, words="Fine.")
    desk = visit_as(second)
    assert "Asks for a second look" in desk.get("/moderation/held").text
    address = f"/moderation/{said.key}/hold"
    assert "I was quoting." in desk.get(address).text
    page = desk.post(address, {"do": "look-lift", "note": ""}, status=422).page
    assert page.select_one('[role="alert"] a')["href"] == "#note"
    desk.post(address, {"do": "look-lift", "note": "It was a quotation."})
    assert "lifted the hold" in _mails(scene.citizen)[-1].body
    assert "It was a quotation." in _mails(scene.citizen)[-1].body
    assert db.session.get(PersonHold, hold.id, populate_existing=True).look is Look.LIFTED
    assert scene.says("Thank you.").state is State.PUBLISHED
    assert desk.post(address, {"do": "look-uphold", "note": "Late."}, status=409)


def test_lifting_it_at_once_undoes_it_and_later_the_person_is_told(scene):
    said = scene.says("You fools.")
    _hold(scene, said)
    with transaction():
        actions.lift(actor=scene.moderator, comment=said)
    assert _mails(scene.citizen) == []
    _hold(scene, said)
    _later(minutes=5)
    with transaction():
        actions.lift(actor=scene.moderator, comment=said, note="We have spoken.")
    assert "We have spoken." in _mails(scene.citizen)[-1].body
    with pytest.raises(Conflict), transaction():
        actions.lift(actor=scene.moderator, comment=said)
    assert scene.says("Back.").state is State.PUBLISHED


def test_longer_takes_a_new_decision(scene):
    said = scene.says("You fools.")
    _hold(scene, said, days=28)
    _later(days=20)
    hold = _hold(scene, said, days=28)
    assert hold.until == clock.now() + timedelta(days=28)
    assert db.session.query(PersonHold).filter(PersonHold.ended_at.is_(None)).count() == 1
    assert f"{hold.until:%-d %B %Y}" in _mails(scene.citizen)[-1].subject


@pytest.mark.parametrize("days", [0, 29, -1])
def test_how_long_is_bounded(scene, days):
    with pytest.raises(Invalid):
        _hold(scene, scene.says("You fools."), days=days)


def test_who_plays_a_part_is_not_held_and_nobody_else_holds(scene, second):
    for member in (scene.official, second):
        said = scene.says("My view.", actor=member)
        with pytest.raises(NotAllowed):
            _hold(scene, said)
    said = scene.says("You fools.")
    for stranger in (scene.official, scene.citizen):
        with pytest.raises(NotAllowed):
            _hold(scene, said, by=stranger)
    for reason in ("other", "party_political", ""):
        with pytest.raises(Invalid):
            _hold(scene, said, reason=reason)


def test_a_hold_goes_with_a_guest_into_their_account_and_ends_with_it(scene):
    guest = factories.a_guest(name="Kit", email="kit@people.example")
    said = scene.says("You fools.", actor=guest)
    hold = _hold(scene, said)
    account = factories.a_person(name="Christopher", email="kit@people.example")
    actions.on_comments_claimed(None, person=account, guest=guest)
    db.session.refresh(hold)
    assert hold.person_id == account.id
    actions.on_account_closed(None, person=account, heir=account)
    db.session.refresh(hold)
    assert hold.ended_at is not None


def test_moderators_see_who_is_held_and_why_it_waits(scene, visit_as):
    desk = visit_as(scene.moderator)
    assert "Nobody is held" in desk.get("/moderation/held").text
    said = scene.says("You fools.")
    address = f"/moderation/{said.key}/hold"
    page = desk.post(
        address, {"do": "hold", "days": "many", "note": "Be civil.", "reason": "abuse"}, status=422
    ).page
    assert page.select_one('[role="alert"] a')["href"] == "#days"
    assert page.select_one("[name=note]").text.strip() == "Be civil."
    assert page.select_one("[name=reason][checked]")["value"] == "abuse"
    desk.post(address, {"do": "hold", "days": "3", "note": "Be civil.", "reason": "abuse"})
    page = desk.get("/moderation/held")
    for words in (scene.citizen.name, "abuse or threat", "Be civil.", scene.moderator.name):
        assert words in page.select_one("tbody").text
    waiting = scene.says("Calmly now.")
    page = desk.get(f"/moderation/{waiting.key}")
    assert "this person is held until" in page.select_one('[data-hold="person"]').text
