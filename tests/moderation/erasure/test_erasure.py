"""Erasing a text takes two people and a legal ground, leaves no copy, and the record still holds."""

import pytest
from sqlalchemy import select

from consult import audit
from consult.accounts.models import Part
from consult.discussion.models import Comment, State
from consult.discussion.wishes import Wishes
from consult.errors import Conflict, NotAllowed, NotFound
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation.actions import Verb
from consult.moderation.erasure import actions, queries
from consult.moderation.erasure.models import Ground
from consult.moderation.record import verifying
from consult.notices.models import OutboxMail
from tests import factories
from tests.moderation.copies import THEN, a_comment_with_copies, where_it_says
from tests.moderation.scene import Scene


@pytest.fixture
def scene(app):
    made = Scene()
    made.second = factories.a_moderator(made.organisation)
    made.admin = factories.an_administrator(made.organisation)
    return made


@pytest.fixture
def said(scene):
    return a_comment_with_copies(scene)


def _fresh(comment):
    return db.session.get(Comment, comment.id)


def _ask(scene, comment, who=None):
    with transaction():
        actions.ask(actor=who or scene.moderator, comment=_fresh(comment), ground=Ground.THIRD_PARTY)


def _agree(who, comment):
    with transaction():
        actions.agree(actor=who, comment=_fresh(comment))


def test_the_ground_is_well_chosen(said):
    """The test below would prove nothing if there were no copies."""
    places = {place.partition(".")[0] for place in where_it_says("Quillfeather")}
    assert {
        "comment",
        "comment_wording",
        "report",
        "decision",
        "unsent_comment",
        "outbox_mail",
        "search_entry",
    } <= places


def test_nothing_of_the_text_is_left_anywhere(scene, said):
    salt = said.salt
    _ask(scene, said)
    _agree(scene.second, said)
    assert where_it_says("Quillfeather") == set()
    assert where_it_says(salt) == set()


def test_the_record_still_holds_and_names_both(scene, said):
    _ask(scene, said)
    _agree(scene.admin, said)
    assert list(audit.breaks()) == list(verifying.differences()) == []
    entries = [each for each in audit.entries() if each["act"].endswith(("erasure", "erase"))]
    assert [(each["act"], each["actor_id"], each["reason"]) for each in entries] == [
        ("comment.ask_erasure", scene.moderator.id, "third_party"),
        ("comment.erase", scene.admin.id, "third_party"),
    ]


def test_until_the_second_agrees_nothing_happens_and_it_can_be_taken_back(scene, said):
    _ask(scene, said)
    assert _fresh(said).body == THEN
    assert _fresh(said).state is State.PUBLISHED
    with transaction():
        actions.refuse(actor=scene.moderator, comment=_fresh(said))
    assert queries.open_request(said.id) is None
    with pytest.raises(Conflict), transaction():
        actions.agree(actor=scene.second, comment=_fresh(said))
    _ask(scene, said)  # asked anew, with reason
    _agree(scene.second, said)


def test_nobody_agrees_with_themselves(scene, said):
    _ask(scene, said)
    with pytest.raises(NotAllowed):
        _agree(scene.moderator, said)
    assert _fresh(said).body == THEN


def test_it_is_asked_once_and_done_once(scene, said):
    _ask(scene, said)
    with pytest.raises(Conflict):
        _ask(scene, said, scene.admin)
    _agree(scene.second, said)
    with pytest.raises(Conflict):
        _agree(scene.admin, said)
    with pytest.raises(Conflict):
        _ask(scene, said)


@pytest.mark.parametrize("who", ["citizen", "official", "elsewhere"])
def test_others_can_do_nothing(scene, said, who):
    scene.elsewhere = factories.a_moderator(factories.an_organisation())
    with pytest.raises(NotAllowed):
        _ask(scene, said, getattr(scene, who))


def test_what_was_sent_only_to_the_team_is_not_there(scene):
    sent = scene.says("For you.", wishes=Wishes(is_team_only=True, confidential_reason="Mine."))
    with pytest.raises(NotFound):
        _ask(scene, sent)


def test_a_stone_stays_in_the_thread_with_its_replies(scene, said, visit):
    _ask(scene, said)
    _agree(scene.second, said)
    page = visit.get(f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}")
    stone = page.select_one(f"#comment-{said.key}")
    assert stone["data-state"] == "erased"
    assert "erased" in stone.text
    assert "I reply." in stone.text
    assert "Quillfeather" not in str(page)


def test_a_page_that_was_kept_is_made_anew(scene, said, client):
    place = f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}"
    with transaction():
        moderation.decide(
            actor=scene.moderator, comment=_fresh(said), verb=Verb.TAKE_DOWN, reason="abuse", message="No."
        )
    tag = client.get(place).headers["ETag"]
    _ask(scene, said)
    _agree(scene.second, said)
    assert client.get(place, headers={"If-None-Match": tag}).status_code == 200


def test_mails_about_others_stay(scene, said):
    other = scene.says("Something else altogether, which stands.")
    with transaction():
        moderation.decide(
            actor=scene.moderator, comment=_fresh(other), verb=Verb.TAKE_DOWN, reason="abuse", message="No."
        )
    _ask(scene, said)
    _agree(scene.second, said)
    left = db.session.scalars(select(OutboxMail.body)).all()
    assert [body for body in left if "Something else altogether" in body]


def test_two_people_erase_a_text_on_its_pages(scene, said, visit_as):
    first, second = visit_as(scene.moderator), visit_as(scene.admin)
    place = f"/moderation/{said.key}/erase"
    assert first.get("/moderation/erasures").find("main")
    assert "Choose a legal ground" in first.post(place, {"do": "ask"}, status=422).page.text
    first.post(place, {"do": "ask", "ground": "child"})
    assert not first.get(place).select('button[value="agree"]')
    assert second.get("/moderation/erasures").select(f'a[href="{place}"]')
    assert second.get(place).select('button[value="agree"]')
    second.post(place, {"do": "agree"})
    assert _fresh(said).state is State.ERASED
    assert "Nothing waits" in second.get("/moderation/erasures").text
    assert "This text is gone" in second.get(place).text


def test_what_was_erased_is_public_by_its_name(scene, said, visit, client):
    place = f"/organisations/{scene.organisation.slug}/erased"
    assert "Nothing was erased" in visit.get(place).text
    tag = client.get(place).headers["ETag"]
    _ask(scene, said)
    assert client.get(f"{place}.json").json["erased"] == []
    _agree(scene.second, said)
    assert client.get(place, headers={"If-None-Match": tag}).status_code == 200
    page = visit.get(place)
    assert said.key in page.find("table").text
    (row,) = client.get(f"{place}.json").json["erased"]
    assert (row["comment"], row["ground"]) == (said.key, "third_party")
    assert f"{said.key}," in client.get(f"{place}.csv").text
    assert scene.moderator.name not in str(page)
    other = factories.an_organisation()
    assert client.get(f"/organisations/{other.slug}/erased.json").json["erased"] == []


def test_an_administrator_of_the_site_sees_what_waits_everywhere(scene, said):
    _ask(scene, said)
    assert len(queries.waiting_for(factories.an_administrator())) == 1
    assert queries.waiting_for(factories.a_moderator(factories.an_organisation())) == []
    assert scene.admin.plays(Part.ADMINISTRATOR, organisation_id=scene.organisation.id)


@pytest.mark.parametrize(("part", "home"), [("moderator", "/moderation"), ("admin", "/admin")])
def test_the_list_leads_back_to_where_its_reader_comes_from(scene, visit_as, part, home):
    page = visit_as(getattr(scene, part)).get("/moderation/erasures")
    assert page.select_one("nav.crumbs a")["href"] == home
