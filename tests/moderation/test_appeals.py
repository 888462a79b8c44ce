"""Appeals: once, with a reason, to somebody who did not decide; inside or, for want of one, outside."""

import re
import threading

import pytest
from sqlalchemy import select

from consult import audit
from consult.accounts.actions.people import end_role
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Decision, State
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.moderation import actions, queries, recounting
from consult.moderation.actions import Verb
from consult.moderation.appeals import actions as appeals
from consult.moderation.appeals import queries as found
from consult.moderation.appeals.models import Appeal, Outcome
from consult.moderation.models import Cause
from consult.moderation.undoing import acts
from consult.notices.models import OutboxMail
from tests import factories
from tests.discussion.ground import say
from tests.moderation.scene import Scene


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.AFTER)


@pytest.fixture
def second(scene):
    return factories.a_moderator(scene.organisation, name="Sol Second")


def _down(scene, comment=None, verb=Verb.TAKE_DOWN):
    comment = comment or scene.says("Boards are a plague.")
    with transaction():
        actions.decide(
            actor=scene.moderator, comment=comment, verb=verb, reason="abuse", message="Be kind, please."
        )
    return comment


def _appeals(scene, comment, why="It attacks boards, and nobody."):
    with transaction():
        return appeals.make_appeal(actor=comment.author, comment=comment, why=why)


def _hear(actor, appeal, outcome=Outcome.GRANTED, words="Quite right."):
    with transaction():
        appeals.decide_appeal(actor=actor, appeal=appeal, outcome=outcome, words=words)


def _mails(to):
    return list(
        db.session.scalars(select(OutboxMail).where(OutboxMail.to_address == to).order_by(OutboxMail.id))
    )


def _acts():
    wanted = select(audit.AuditEntry.act).where(audit.AuditEntry.act.like("appeal.%"))
    return list(db.session.scalars(wanted.order_by(audit.AuditEntry.id)))


def _outsider(scene):
    admin = factories.an_administrator(scene.organisation)
    with transaction():
        appeals.name_outsider(
            actor=admin, organisation=scene.organisation, name="Ann Lee", email="ann@panel.example"
        )


def _link(mail) -> str:
    return re.search(r"/appeals/[a-z0-9]{48}", mail.body)[0]


@pytest.mark.parametrize("verb", [Verb.TAKE_DOWN, Verb.RETURN])
def test_a_second_moderator_grants_and_the_comment_is_public_again(scene, second, verb, visit):
    comment = _down(scene, verb=verb)
    appeal = _appeals(scene, comment)
    assert queries.tallies([scene.organisation.id])[Cause.APPEALED] == 1
    _hear(second, appeal)
    assert comment.state is State.PUBLISHED
    assert (
        "Boards are a plague."
        in visit.get(f"/comments/{comment.key}", status=200, follow_redirects=True).text
    )
    assert queries.tallies([scene.organisation.id])[Cause.APPEALED] == 0
    told = [mail.subject for mail in _mails(scene.citizen.email)]
    assert told[-2:] == ["Your appeal has arrived", "Your appeal is granted"]
    assert "Your comment is published" not in told
    assert _acts() == ["appeal.make", "appeal.grant"]
    last = db.session.scalars(select(Decision).order_by(Decision.id.desc())).first()
    assert (last.actor_id, last.reason, last.after) == (second.id, "appeal", State.PUBLISHED)
    assert not list(audit.breaks())
    assert not recounting.recount()


def test_the_decision_stands_and_nobody_appeals_twice(scene, second):
    comment = _down(scene)
    appeal = _appeals(scene, comment)
    _hear(second, appeal, Outcome.UPHELD, "It calls people a plague.")
    assert comment.state is State.TAKEN_DOWN
    assert queries.tallies([scene.organisation.id])[Cause.APPEALED] == 0
    mail = _mails(scene.citizen.email)[-1]
    assert "It calls people a plague." in mail.body
    assert f"/comments/{comment.key}/decision" in mail.body
    with pytest.raises(Conflict):
        _appeals(scene, comment)
    assert db.session.query(Appeal).count() == 1


def test_an_author_withdraws_an_appeal_which_nobody_hears_then(scene, second, visit_as):
    comment = _down(scene)
    appeal, author = _appeals(scene, comment), visit_as(scene.citizen)
    address = f"/comments/{comment.key}/decision"
    author.post(address, {"do": "withdraw"}, status=303)
    assert (appeal.outcome, appeal.outsider_email, comment.state) == (Outcome.WITHDRAWN, "", State.TAKEN_DOWN)
    assert queries.tallies([scene.organisation.id])[Cause.APPEALED] == 0
    assert "You withdrew it" in author.get(address).text
    assert "Its author withdrew it" in visit_as(second).get(f"/moderation/{comment.key}").text
    assert "decided already" in author.post(address, {"do": "withdraw"}, status=409).page.text
    with pytest.raises(Conflict):
        _hear(second, appeal)
    with pytest.raises(Conflict):
        _appeals(scene, comment)
    assert _acts() == ["appeal.make", "appeal.withdraw"]


def test_who_decided_never_hears_the_appeal(scene, second):
    comment = _down(scene)
    appeal = _appeals(scene, comment)
    with pytest.raises(NotAllowed):
        _hear(scene.moderator, appeal)
    assert appeal.settled_at is None


@pytest.mark.parametrize("verb", [Verb.TAKE_DOWN, Verb.RETURN])
def test_who_decided_cannot_go_round_the_appeal_by_deciding_anew(scene, second, verb):
    comment = _down(scene)
    appeal = _appeals(scene, comment)
    with pytest.raises(Conflict), transaction():
        actions.decide(actor=scene.moderator, comment=comment, verb=verb, reason="other", message="Again.")
    db.session.refresh(appeal)
    assert appeal.settled_at is None


def test_who_decided_can_take_the_decision_back_which_ends_the_appeal(scene, second):
    comment = _down(scene)
    appeal = _appeals(scene, comment)
    with transaction():
        actions.decide(actor=scene.moderator, comment=comment, verb=Verb.PUBLISH)
    assert (comment.state, appeal.outcome) == (State.PUBLISHED, Outcome.OVERTAKEN)
    assert queries.tallies([scene.organisation.id])[Cause.APPEALED] == 0
    with pytest.raises(Conflict):
        _hear(second, appeal)


def test_nobody_hears_an_appeal_about_their_own_draft_or_comment(scene, second):
    writes = factories.a_moderator(scene.organisation)
    with transaction():
        comment = discussion.post_comment(actor=writes, paragraph=scene.paragraph, body="Mine.")
    _down(scene, comment)
    appeal = _appeals(scene, comment)
    with pytest.raises(NotAllowed):
        _hear(writes, appeal)
    assert found.second_moderators(comment, decided_by=scene.moderator.id) == {second.id}


def test_an_appeal_needs_a_reason_and_a_decision_of_a_moderator(scene, second):
    published = scene.says("Fine.")
    with pytest.raises(Conflict):
        _appeals(scene, published)
    with pytest.raises(Invalid):
        _appeals(scene, _down(scene), why="")
    down, stranger = _down(scene), factories.a_person()
    with pytest.raises(NotAllowed), transaction():
        appeals.make_appeal(actor=stranger, comment=down, why="Let me.")


def test_where_there_is_no_second_moderator_an_outsider_decides_by_a_link_of_their_own(scene, visit):
    _outsider(scene)
    comment = _down(scene)
    appeal = _appeals(scene, comment)
    mail = _mails("ann@panel.example")[0]
    assert "Boards are a plague." not in mail.body
    page = visit.get(_link(mail))
    assert "It attacks boards, and nobody." in page.text
    assert "Boards are a plague." in page.text
    db.session.refresh(appeal)
    assert appeal.settled_at is None
    visit.post(_link(mail), {"do": "grant", "told": ""}, status=422)
    visit.post(_link(mail), {"do": "grant", "told": "No abuse in it."}, status=200)
    db.session.refresh(comment)
    assert comment.state is State.PUBLISHED
    assert "No abuse in it." in _mails(scene.citizen.email)[-1].body
    visit.get(_link(mail), status=404)
    assert db.session.get(Appeal, appeal.id).outsider_email == ""
    assert _acts() == ["appeal.make", "appeal.send_out", "appeal.grant"]


def test_a_link_that_was_altered_or_went_to_another_address_opens_nothing(scene, visit):
    _outsider(scene)
    appeal = _appeals(scene, _down(scene))
    link = _link(_mails("ann@panel.example")[0])
    visit.get(link[:-1] + ("0" if link[-1] != "0" else "1"), status=404)
    with transaction():
        db.session.get(Appeal, appeal.id).outsider_email = "bob@panel.example"
    visit.get(link, status=404)


def test_what_waits_for_somebody_goes_to_the_outsider_who_is_named_later(scene):
    appeal = _appeals(scene, _down(scene))
    assert appeal.outsider_email == ""
    _outsider(scene)
    assert len(_mails("ann@panel.example")) == 1


def test_an_appeal_goes_outside_when_the_second_moderator_leaves(scene, second):
    _outsider(scene)
    _appeals(scene, _down(scene))
    assert not _mails("ann@panel.example")
    admin = factories.an_administrator(scene.organisation)
    with transaction():
        end_role(actor=admin, role=second.roles[0])
    assert len(_mails("ann@panel.example")) == 1


def test_one_of_two_who_decide_at_once_is_told_and_both_are_on_record(scene, second, visit_as):
    third = factories.a_moderator(scene.organisation, name="Tia Third")
    comment = _down(scene)
    _appeals(scene, comment)
    late = visit_as(third)
    late.get(f"/moderation/{comment.key}")
    visit_as(second).post(f"/moderation/{comment.key}/appeal", {"do": "grant", "told": "Yes."})
    page = late.post(
        f"/moderation/{comment.key}/appeal", {"do": "uphold", "told": "No, it stays down."}, status=409
    ).page
    assert "decided already" in page.select_one('[role="alert"]').text
    db.session.refresh(comment)
    assert comment.state is State.PUBLISHED
    assert _acts() == ["appeal.make", "appeal.grant", "appeal.late"]


def test_of_many_who_decide_in_the_same_moment_one_wins(app, scene, second):
    people = [second.id, *(factories.a_moderator(scene.organisation).id for _ in range(3))]
    comment = _down(scene)
    appeal_id = _appeals(scene, comment).id
    comment_id = comment.id
    db.session.commit()
    won, lost, start = [], [], threading.Barrier(len(people))

    def decide(person_id, outcome):
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    appeals.decide_appeal(
                        actor=db.session.get(factories.Person, person_id),
                        appeal=db.session.get(Appeal, appeal_id),
                        outcome=outcome,
                        words="So it is.",
                    )
                won.append(outcome)
            except Conflict:
                lost.append(outcome)
            finally:
                db.session.remove()

    outcomes = [Outcome.GRANTED, Outcome.UPHELD] * 2
    threads = [threading.Thread(target=decide, args=pair) for pair in zip(people, outcomes, strict=True)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert (len(won), len(lost)) == (1, 3)
    db.session.expire_all()
    state = db.session.get(discussion.Comment, comment_id).state
    assert state is (State.PUBLISHED if won == [Outcome.GRANTED] else State.TAKEN_DOWN)
    assert db.session.get(Appeal, appeal_id).outcome is won[0]
    assert not list(audit.breaks())
    assert not recounting.recount()


def test_a_guest_appeals_by_the_link_in_the_mail(scene, second, visit):
    guest = factories.a_guest(name="Wilf")
    comment = _down(scene, say(scene.paragraph, "Boards stink.", by=guest))
    mail = _mails(guest.email)[-1]
    link = re.search(r"/guest/come/\S+\?decision=\S+", mail.body)[0]
    visit.get(link)
    answer = visit.post(link)
    assert answer.location.endswith(f"/comments/{comment.key}/decision")
    page = visit.get(answer.location)
    assert "abuse or threat" in page.text
    assert "Be kind, please." in page.text
    visit.post(answer.location, {"why": "They do stink."})
    assert "It waits for somebody who did not take the decision" in visit.get(answer.location).text
    assert found.open_appeal(comment.id).why == "They do stink."


def test_nobody_else_sees_the_decision(scene, second, visit, visit_as):
    comment = _down(scene)
    visit_as(factories.a_person()).get(f"/comments/{comment.key}/decision", status=404)
    page = visit_as(scene.citizen).get(f"/comments/{comment.key}/decision")
    for words in ("abuse or threat", "We do not publish insults", "Be kind, please.", "Boards are a plague."):
        assert words in page.text
    assert "Sol Second" not in page.text
    assert scene.moderator.name not in page.text


def test_the_queue_shows_the_appeal_to_who_may_hear_it_and_says_why_others_may_not(scene, second, visit_as):
    _appeals(scene, _down(scene))
    page = visit_as(second).get("/moderation?cause=appealed")
    assert page.select_one('[data-appeal="open"]')
    assert page.select_one('button[value="grant"]')
    assert not page.select_one('#detail button[value="publish"]')
    page = visit_as(scene.moderator).get("/moderation?cause=appealed")
    assert "You may not hear it" in page.text
    assert not page.select_one('button[value="grant"]')


def test_the_administrator_names_an_outsider(scene, visit_as):
    admin = visit_as(factories.an_administrator(scene.organisation))
    address = f"/admin/organisations/{scene.organisation.slug}/appeals"
    admin.get(address)
    admin.post(address, {"name": "Ann Lee", "email": ""}, status=422)
    admin.post(address, {"name": "Ann Lee", "email": "nonsense"}, status=422)
    admin.post(address, {"name": "Ann Lee", "email": "Ann@panel.example"})
    assert found.outsider_of(scene.organisation.id).email == "ann@panel.example"
    admin.post(address, {"name": "", "email": ""})
    db.session.expire_all()
    assert found.outsider_of(scene.organisation.id) is None


def test_an_appeal_is_open_again_when_the_decision_that_overtook_it_is_undone(scene, second):
    comment = _down(scene)
    appeal = _appeals(scene, comment)
    with transaction():
        act = actions.decide(actor=scene.moderator, comment=comment, verb=Verb.PUBLISH)
    with transaction():
        acts.undo(actor=scene.moderator, act=act)
    db.session.refresh(appeal)
    assert (comment.state, appeal.settled_at) == (State.TAKEN_DOWN, None)
    assert queries.tallies([scene.organisation.id])[Cause.APPEALED] == 1
    assert found.decision_on(comment).id == appeal.decision_id
    _hear(second, appeal)
    assert comment.state is State.PUBLISHED
    assert not recounting.recount()
