"""A sealed text: two people, a ground, named readers, no copy anywhere else, and back as it was when it is lifted."""

import pytest
from sqlalchemy import select

from consult import audit
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, State, Wording
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation.actions import Verb
from consult.moderation.complaints import actions as complaints
from consult.moderation.erasure import actions as erasure
from consult.moderation.erasure.models import Ground
from consult.moderation.record import verifying
from consult.moderation.seals import actions
from consult.moderation.seals.models import Seal
from tests import factories
from tests.accounts.ground import mails
from tests.moderation.copies import THEN, a_comment_with_copies, where_it_says
from tests.moderation.scene import Scene

SECRET = "Quillfeather"


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
    db.session.expire_all()
    return db.session.get(Comment, comment.id)


def _ask(scene, comment, readers=None):
    with transaction():
        return actions.ask(
            actor=scene.moderator,
            comment=_fresh(comment),
            ground=Ground.COURT,
            readers=[scene.second.id] if readers is None else readers,
        )


def _does(what, actor, comment):
    with transaction():
        return what(actor=actor, comment=_fresh(comment))


def _sealed(scene, comment):
    _ask(scene, comment)
    _does(actions.agree, scene.admin, comment)


def test_two_people_and_no_copy_of_it_is_left_in_any_table(scene, said):
    _ask(scene, said)
    assert _fresh(said).state is State.PUBLISHED
    with pytest.raises(NotAllowed), transaction():
        actions.agree(actor=scene.moderator, comment=_fresh(said))
    salt = said.salt
    _does(actions.agree, scene.admin, said)
    assert where_it_says(SECRET) == set()
    assert where_it_says(salt) == set()
    assert (_fresh(said).state, _fresh(said).is_sealed) == (State.TAKEN_DOWN, True)
    assert list(audit.breaks()) == list(verifying.differences()) == []
    told = mails(to=scene.citizen.email)
    assert [mail.subject for mail in told] == ["Your comment was taken down, and its text sealed"]


def test_only_who_is_named_reads_it_and_each_time_is_on_record(scene, said, visit_as):
    _sealed(scene, said)
    here = f"/moderation/{said.key}/seal"
    for nobody in (scene.moderator, scene.admin):
        desk = visit_as(nobody)
        assert SECRET not in desk.get(here, status=200).text
        assert SECRET not in desk.get(f"/moderation/{said.key}").text if nobody is scene.moderator else True
        desk.post(here, {"do": "open"}, status=403)
    reader = visit_as(scene.second)
    assert SECRET not in reader.get(here, status=200).text
    for _time in range(2):
        assert THEN in reader.post(here, {"do": "open"}, status=200).page.select_one("[data-opened]").text
    opened = [each["actor_id"] for each in audit.entries() if each["act"] == "seal.open"]
    assert opened == [scene.second.id, scene.second.id]
    assert "Who has read it" in reader.get(here).text


def test_no_page_of_anybody_has_it(scene, said, visit, visit_as):
    _sealed(scene, said)
    own = visit_as(scene.citizen)
    for reader, address in (
        (visit, f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}"),
        (visit, f"/search?q={SECRET}"),
        (own, "/account"),
        (own, f"/comments/{said.key}/decision"),
        (visit_as(scene.official), "/desk?show=all"),
        (visit_as(scene.moderator), "/moderation/decisions"),
    ):
        assert "ferrets" not in reader.get(address).text, address
    assert "to seal its text" in own.get(f"/comments/{said.key}/decision").text
    assert "ferrets" not in own.client.get("/account/data.json").get_data(as_text=True)


def test_whoever_complained_is_told_and_their_notice_is_sealed_with_it(scene, said, visit_as):
    with transaction():
        complaint = complaints.make_complaint(
            actor=scene.official,
            comment=_fresh(said),
            shares_contact=False,
            name="Q",
            email="q@mail.example",
            **dict.fromkeys(("statement", "why", "meaning", "untrue"), "Mr Quillfeather has no ferrets."),
        )
    _sealed(scene, said)
    assert where_it_says(SECRET) == set()
    assert mails(to="q@mail.example")[-1].subject == "How your notice of complaint ended"
    page = visit_as(scene.moderator).get(f"/moderation/complaints/{complaint.key}", status=200)
    assert "The text of this comment is sealed." in page.text
    assert "ferrets" not in page.text


def test_nothing_is_done_with_it_until_the_seal_is_lifted(scene, said):
    _sealed(scene, said)
    with pytest.raises(Conflict), transaction():
        moderation.decide(actor=scene.moderator, comment=_fresh(said), verb=Verb.PUBLISH)
    with pytest.raises(Conflict), transaction():
        discussion.correct_comment(actor=scene.citizen, comment=_fresh(said), body="Other words.")
    with pytest.raises(Conflict):
        _ask(scene, said)


def test_lifted_by_two_it_is_what_it_was_and_stays_down(scene, said):
    before = (said.body, said.html, said.salt)
    wordings = db.session.execute(select(Wording.body, Wording.replaced_at)).all()
    places = where_it_says(SECRET)
    _sealed(scene, said)
    with pytest.raises(Conflict), transaction():
        actions.lift(actor=scene.second, comment=_fresh(said))
    _does(actions.ask_to_lift, scene.moderator, said)
    with pytest.raises(NotAllowed), transaction():
        actions.lift(actor=scene.moderator, comment=_fresh(said))
    _does(actions.lift, scene.second, said)
    again = _fresh(said)
    assert (again.body, again.html, again.salt) == before
    assert db.session.execute(select(Wording.body, Wording.replaced_at)).all() == wordings
    assert (again.state, again.is_sealed) == (State.TAKEN_DOWN, False)
    gone = {"outbox_mail", "unsent_comment", "search_entry"}
    kept = {place for place in places if place.partition(".")[0] not in gone and "search" not in place}
    assert kept <= where_it_says(SECRET)
    assert list(audit.breaks()) == list(verifying.differences()) == []


def test_it_can_be_taken_back_and_a_seal_kept(scene, said):
    _ask(scene, said)
    _does(actions.refuse, scene.moderator, said)
    with pytest.raises(Conflict):
        _does(actions.agree, scene.admin, said)
    _sealed(scene, said)
    _does(actions.ask_to_lift, scene.moderator, said)
    _does(actions.refuse, scene.admin, said)
    with pytest.raises(Conflict):
        _does(actions.lift, scene.second, said)
    assert _fresh(said).is_sealed


def test_somebody_must_be_named_who_moderates_or_administers_here(scene, said, visit_as):
    for readers in ([], [scene.citizen.id], [factories.a_moderator(factories.an_organisation()).id]):
        with pytest.raises(Invalid):
            _ask(scene, said, readers)
    desk = visit_as(scene.moderator)
    here = f"/moderation/{said.key}/seal"
    refused = desk.post(here, {"do": "ask", "ground": "court_order"}, status=422).page
    assert "Choose at least one person" in refused.text
    assert refused.select_one('[value="court_order"]').has_attr("checked")
    desk.post(here, {"do": "ask", "ground": "court_order", "readers": [str(scene.second.id)]})
    assert "Waits for a second person" in desk.get("/moderation/seals").text


def test_what_is_sealed_can_be_erased_and_nothing_is_left(scene, said):
    _sealed(scene, said)
    with transaction():
        erasure.ask(actor=scene.moderator, comment=_fresh(said), ground=Ground.COURT)
    with transaction():
        erasure.agree(actor=scene.second, comment=_fresh(said))
    seal = db.session.query(Seal).one()
    assert (seal.text, seal.over_at is None, _fresh(said).state) == ("", False, State.ERASED)
    assert list(verifying.differences()) == []
