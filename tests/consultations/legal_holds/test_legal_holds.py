"""A legal hold stops all deletion: each job that deletes, and everybody who asks, until it is lifted."""

from datetime import timedelta

import pytest

from consult import audit, clock
from consult.accounts.actions.closing import close_account
from consult.audit import AuditEntry
from consult.cli import erasing
from consult.consultations.legal_holds import actions, queries
from consult.consultations.legal_holds.models import LegalHold
from consult.discussion.models import State, UnsentComment
from consult.errors import Conflict, NotFound
from consult.extensions import db, transaction
from consult.moderation.erasure import actions as erasure
from consult.moderation.erasure.models import Ground
from consult.moderation.erasure.queries import Erased
from consult.notices import clearing, giving_up
from consult.notices.models import OutboxMail
from tests import factories
from tests.discussion.test_guests import links_in, send, the_comment
from tests.moderation.scene import Scene


@pytest.fixture
def scene(app) -> Scene:
    made = Scene()
    made.admin = factories.an_administrator(made.organisation)
    made.second = factories.a_moderator(made.organisation)
    return made


def _hold(scene, consultation=None) -> LegalHold:
    with transaction():
        return actions.set_hold(
            actor=scene.admin,
            organisation=scene.organisation,
            reason="Claim KB-2026-17",
            consultation=consultation,
        )


def _lift(scene, hold):
    with transaction():
        actions.lift(actor=scene.admin, organisation=scene.organisation, hold=hold)


@pytest.mark.parametrize("job", sorted(clearing.FORGET))
def test_no_job_deletes_while_it_is_in_force_and_each_goes_on_when_it_is_lifted(scene, monkeypatch, job):
    called = []

    def forget() -> int:
        called.append(job)
        return 0

    monkeypatch.setitem(clearing.FORGET, job, forget)
    hold = _hold(scene)
    assert clearing.clear_up() == {}
    assert not called
    _lift(scene, hold)
    clearing.clear_up()
    assert called == [job]


def test_what_ran_out_meanwhile_goes_when_it_is_lifted(scene):
    long_ago = clock.now() - timedelta(days=400)
    with transaction():
        db.session.add(
            UnsentComment(
                key="begun",
                person_id=scene.citizen.id,
                document_id=scene.document.id,
                paragraph_id=scene.paragraph.id,
                body="Not sent.",
                created_at=long_ago,
                updated_at=long_ago,
            )
        )
    hold = _hold(scene, scene.consultation)
    clearing.clear_up()
    assert db.session.query(UnsentComment).count() == 1
    _lift(scene, hold)
    assert clearing.clear_up()["unsent_comments"] == 1


@pytest.mark.parametrize("of_all", [True, False])
def test_no_text_is_erased_and_the_request_stays(scene, visit_as, of_all):
    said = scene.says("Erase me.")
    with transaction():
        erasure.ask(actor=scene.moderator, comment=said, ground=Ground.RIGHT)
    hold = _hold(scene, None if of_all else scene.consultation)
    desk, here = visit_as(scene.second), f"/moderation/{said.key}/erase"
    page = desk.get(here, status=200)
    assert "legal duty" in page.text
    assert not page.select('[value="agree"]')
    assert "legal duty" in desk.post(here, {"do": "agree"}, status=409).page.text
    erased = [Erased(said.key, clock.now(), Ground.RIGHT)]
    assert "1 are kept by a legal hold" in erasing.followed(erased)
    db.session.refresh(said)
    assert said.state is State.PUBLISHED
    _lift(scene, hold)
    with transaction():
        erasure.agree(actor=scene.second, comment=said)
    assert said.state is State.ERASED


def test_what_another_organisation_or_consultation_has_is_not_kept(scene):
    other = factories.a_consultation(scene.unit)
    hold = _hold(scene, other)
    assert queries.covers(other)
    assert not queries.covers(scene.consultation)
    elsewhere = factories.a_unit(factories.an_organisation())
    assert not queries.covers(factories.a_consultation(elsewhere))
    with pytest.raises(NotFound):
        actions.set_hold(
            actor=factories.an_administrator(),
            organisation=elsewhere.organisation,
            reason="A claim.",
            consultation=other,
        )
    _lift(scene, hold)
    with pytest.raises(Conflict):
        _lift(scene, hold)


@pytest.mark.parametrize("who", ["citizen", "official"])
def test_whoever_wrote_or_plays_a_part_there_is_told_that_a_legal_duty_keeps_it(scene, who):
    person = getattr(scene, who)
    scene.says("I was here.", actor=scene.citizen)
    hold = _hold(scene)
    with pytest.raises(Conflict) as refused, transaction():
        close_account(actor=person, withdraws=True)
    assert "legal duty" in refused.value.message
    assert "KB-2026" not in refused.value.message
    db.session.refresh(person)
    assert person.email
    _lift(scene, hold)
    with transaction():
        close_account(actor=person, withdraws=True)
    assert not person.email


def test_whoever_never_wrote_there_can_go(scene):
    _hold(scene)
    stranger = factories.a_person()
    with transaction():
        close_account(actor=stranger, withdraws=False)
    assert not stranger.email


def test_not_me_waits_too_and_the_link_stays_good(scene, visit):
    not_me = links_in(send(visit, scene.paragraph, "Not mine."))[1]
    hold = _hold(scene)
    assert "legal duty" in visit.post(not_me, status=409).page.text
    assert the_comment().body == "Not mine."
    _lift(scene, hold)
    visit.post(not_me, status=200)
    assert the_comment().state is State.ERASED


def test_a_mail_that_was_given_up_stays(scene):
    _hold(scene)
    with transaction():
        mail = OutboxMail(
            message_id="<m@x>",
            to_address="a@b.example",
            subject="S",
            body="B",
            created_at=clock.now(),
            due_at=clock.now(),
            dead_at=clock.now(),
        )
        db.session.add(mail)
    with pytest.raises(Conflict):
        giving_up.drop_mail(actor=factories.an_administrator(), mail=mail)


def test_an_administrator_sets_and_lifts_it_and_both_are_on_record(scene, visit_as):
    here = f"/admin/organisations/{scene.organisation.slug}/legal-holds"
    desk = visit_as(scene.admin)
    assert "None was set." in desk.get(here, status=200).text
    refused = desk.post(here, {"on": "999999", "reason": "x" * 1001}, status=422).page
    assert len(refused.select('[role="alert"] li')) == 2
    assert "x" * 1001 in refused.text
    desk.post(here, {"on": str(scene.consultation.id), "reason": "Claim KB-2026-17"})
    page = desk.get(here, status=200)
    assert "Claim KB-2026-17" in page.text
    desk.post(page.select_one("table form")["action"])
    assert "In force" not in desk.get(here).text
    acts = db.session.query(AuditEntry.act).filter(AuditEntry.act.like("legal_hold.%"))
    acts = acts.order_by(AuditEntry.id).all()
    assert [act for (act,) in acts] == ["legal_hold.set", "legal_hold.lift"]
    assert not list(audit.breaks())
