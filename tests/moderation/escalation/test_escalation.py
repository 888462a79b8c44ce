"""What was passed on to a named person: a link and no words in the mail, seen or not, taken back; a reply of a human."""

import re

import pytest
from sqlalchemy import select

from consult import audit
from consult.consultations.models import Policy
from consult.discussion.models import State
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.moderation import due, held
from consult.moderation.escalation import actions, wordings
from consult.moderation.escalation.models import Danger, Escalation
from consult.moderation.models import QueueItem
from tests import factories
from tests.accounts.ground import mails
from tests.moderation.scene import Scene

WORDS = "Nobody would miss me."
REPLY = "Your words worried me. Would you ring us? I am in from nine. Ann"


@pytest.fixture
def scene(app) -> Scene:
    made = Scene(Policy.AFTER)
    made.admin = factories.an_administrator(made.organisation)
    made.comment = made.says(WORDS)
    return made


@pytest.fixture
def named(scene):
    with transaction():
        actions.name_person(
            actor=scene.admin,
            organisation=scene.organisation,
            name="Ann Lee, safeguarding lead",
            email="ann@care.example",
            hours="Weekdays 9 to 5.",
            is_public=False,
        )


def _pass_on(scene, **how):
    with transaction():
        return actions.pass_on(actor=scene.moderator, comment=scene.comment, danger=Danger.DISTRESS, **how)


def _link() -> str:
    return re.search(r"/escalations/[a-z0-9]{48}", mails(to="ann@care.example")[-1].body)[0]


def _open_item():
    return db.session.scalar(select(QueueItem).where(QueueItem.settled_at.is_(None)))


def test_the_mail_holds_a_link_and_none_of_the_words(scene, named, visit, visit_as):
    desk = visit_as(scene.moderator)
    here = f"/moderation/{scene.comment.key}/escalate"
    assert "Weekdays 9 to 5." in desk.get(here, status=200).text
    assert "Choose what you see" in desk.post(here, {"do": "pass-on", "note": "x" * 9}, status=422).page.text
    desk.post(here, {"do": "pass-on", "danger": "distress", "note": "Third one today."})
    mail = mails(to="ann@care.example")[-1]
    for word in (WORDS, "Priya", "Third one"):
        assert word not in mail.subject + mail.body
    item = _open_item()
    assert (item.risk, item.marks, scene.comment.state) == (due.HIGH, "passed_on", State.PUBLISHED)
    assert "not seen yet" in desk.get("/moderation").select_one("#detail").text
    link = _link()
    assert WORDS not in visit.get(link, status=200).text  # a scanner that opens the link has seen nothing
    assert "Not seen yet" in desk.get("/moderation/escalations").text
    assert visit.post(link, {"do": "show"}).location == link
    seen = visit.get(link, status=200).text
    assert WORDS in seen
    assert "Third one today." in seen
    assert desk.get(here).select_one("[data-seen]")["data-seen"] == "yes"


def test_a_human_writes_and_never_the_model_alone(scene, named, visit):
    escalation, link = _pass_on(scene), _link()
    visit.post(link, {"do": "show"})
    model = visit.get(link).select_one("textarea").text.strip()
    half = model.replace(model[model.index("[") : model.index("]") + 1], "I read it twice.")
    for words in (model, f" {model.upper()} ", half):
        refused = visit.post(link, {"do": "reply", "message": words}, status=422).page
        assert "Make these words your own" in refused.text
    assert words.split()[0] in refused.select_one("textarea").text
    visit.post(link, {"do": "reply", "message": REPLY})
    told = mails(to=scene.citizen.email)
    assert [mail.subject for mail in told] == ["About what you wrote"]
    assert REPLY in told[0].body
    assert "Ann Lee" in told[0].body
    assert held.messages(scene.citizen)[0]["words"] == REPLY
    with pytest.raises(Conflict):
        actions.reply(actor=scene.moderator, escalation=escalation, words=REPLY)
    assert "It is closed" in visit.post(link, {"do": "close"}, status=200).page.text
    visit.get(link, status=404)
    assert _open_item() is None
    acts = db.session.scalars(
        select(audit.AuditEntry.act)
        .where(audit.AuditEntry.subject == f"escalation:{escalation.id}")
        .order_by(audit.AuditEntry.id)
    )
    assert [act.split(".")[1] for act in acts] == ["pass_on", "see", "reply", "close"]
    assert not list(audit.breaks())


@pytest.mark.parametrize("danger", list(Danger))
def test_every_beginning_has_something_to_write(app, danger):
    with app.test_request_context():
        assert wordings.SLOT.search(wordings.beginning(danger))
        assert wordings.is_untouched(wordings.beginning(danger), danger)
        assert not wordings.is_untouched(REPLY, danger)


def test_it_waits_unseen_where_that_was_chosen_and_no_mail_says_so(scene, named):
    escalation = _pass_on(scene, waits=True)
    assert scene.comment.state is State.WAITING
    assert not mails(to=scene.citizen.email)
    with transaction():
        actions.take_back(actor=scene.moderator, escalation=escalation)
    assert (_open_item().marks, scene.comment.state) == ("", State.WAITING)  # a moderator still decides


def test_taken_back_the_link_opens_nothing_and_it_can_be_passed_on_anew(scene, named, visit):
    escalation, link = _pass_on(scene), _link()
    with pytest.raises(Conflict):
        _pass_on(scene)
    with transaction():
        actions.take_back(actor=scene.moderator, escalation=escalation)
    visit.get(link, status=404)
    with pytest.raises(Conflict):
        actions.close(actor=scene.moderator, escalation=escalation)
    _pass_on(scene)
    assert db.session.query(Escalation).count() == 2


def test_nobody_is_named_and_the_page_says_so(scene, visit_as):
    with pytest.raises(Conflict):
        _pass_on(scene)
    page = visit_as(scene.moderator).get(f"/moderation/{scene.comment.key}/escalate", status=200)
    assert "Nobody is named for this yet" in page.text


def test_who_is_named_is_public_only_as_chosen(scene, named, visit, visit_as):
    here = f"/organisations/{scene.organisation.slug}/moderators"
    assert "Ann Lee" not in visit.get(here, status=200).text
    settings = f"/admin/organisations/{scene.organisation.slug}/named-person"
    desk = visit_as(scene.admin)
    refused = desk.post(settings, {"name": "Ann Lee", "email": "ann@care.example", "hours": ""}, status=422)
    assert "Give name, address and hours" in refused.page.text
    filled = {"name": "Ann Lee", "email": "ann@care.example", "hours": "Weekdays.", "is_public": "y"}
    desk.post(settings, filled)
    page = visit.get(here, status=200).text
    assert "Ann Lee" in page
    assert "Weekdays." not in page
    assert "ann@care" not in page


def test_nobody_elsewhere_passes_on_or_writes(scene, named):
    elsewhere = factories.a_moderator(factories.an_organisation())
    with pytest.raises(NotAllowed):
        actions.pass_on(actor=elsewhere, comment=scene.comment, danger=Danger.LIFE)
    escalation = _pass_on(scene)
    with pytest.raises(NotAllowed):
        actions.reply(actor=elsewhere, escalation=escalation, words=REPLY)
    scene.citizen.email = ""
    db.session.commit()
    with pytest.raises(Conflict):
        actions.reply(actor=scene.moderator, escalation=escalation, words=REPLY)
    with pytest.raises(Invalid), transaction():
        actions.name_person(
            actor=scene.admin,
            organisation=scene.organisation,
            name="",
            email="x@y.example",
            hours="",
            is_public=True,
        )
