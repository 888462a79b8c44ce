"""An author mends what was taken down or returned: the new words are published, the earlier ones are public nowhere."""

import pytest
from sqlalchemy import select

from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import State, Wording
from consult.errors import Conflict, Invalid
from consult.extensions import db, transaction
from consult.moderation import actions
from consult.moderation.actions import Verb
from consult.notices.models import OutboxMail
from tests import factories
from tests.moderation.scene import Scene

BAD = "My neighbour Ned Grundy leaves his board out."
GOOD = "Some neighbours leave their boards out."


@pytest.fixture(params=[Policy.AFTER, Policy.BEFORE])
def scene(app, request) -> Scene:
    return Scene(request.param)


@pytest.fixture(params=[Verb.TAKE_DOWN, Verb.RETURN])
def sent_back(scene, request):
    """A comment that had been public, and was corrected once while it was."""
    comment = scene.says(f"{BAD} Always.")
    if comment.state is State.WAITING:
        _decide(scene, comment, Verb.PUBLISH)
    with transaction():
        db.session.add(
            Wording(
                comment_id=comment.id, kind=comment.kind, body=BAD, html=BAD, replaced_at=comment.published_at
            )
        )
    _decide(scene, comment, request.param, reason="private_person", message="Leave out the name.")
    return comment


def _decide(scene, comment, verb, **how):
    with transaction():
        actions.decide(actor=scene.moderator, comment=comment, verb=verb, **how)


def _mend(comment, words=GOOD):
    with transaction():
        discussion.correct_comment(actor=comment.author, comment=comment, body=words)


def test_new_words_wait_for_a_moderator_and_are_published(scene, sent_back, visit):
    _mend(sent_back)
    assert sent_back.state is State.WAITING
    _decide(scene, sent_back, Verb.PUBLISH)
    assert sent_back.state is State.PUBLISHED
    page = visit.get(f"/comments/{sent_back.key}", follow_redirects=True).text
    assert GOOD in page


def test_what_was_taken_down_is_public_nowhere(scene, sent_back, visit, client):
    place = f"/consultations/{scene.consultation.slug}/{scene.document.slug}"
    etag = client.get(f"{place}/p/{scene.key}").headers["ETag"]
    _mend(sent_back)
    _decide(scene, sent_back, Verb.PUBLISH)
    pages = (
        f"{place}/p/{scene.key}",
        f"/comments/{sent_back.key}/history",
        place,
        f"{place}.atom",
        f"{place}/print",
        "/consultations.atom",
        "/search?q=grundy",
    )
    for page in pages:
        answer = client.get(page, follow_redirects=True)
        assert answer.status_code == 200, page
        assert "Ned Grundy" not in answer.text, page
    again = client.get(f"{place}/p/{scene.key}", headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert GOOD in again.text
    history = client.get(f"/comments/{sent_back.key}/history").text
    assert "Only moderators can still read them" in history


def test_moderators_still_read_what_it_said(scene, sent_back, visit_as):
    _mend(sent_back)
    page = visit_as(scene.moderator).get(f"/moderation/{sent_back.key}")
    assert "Ned Grundy" in page.select_one("[data-earlier]").text
    visit_as(factories.a_person()).get(f"/moderation/{sent_back.key}", status=403)


def test_the_same_words_are_not_sent_again(scene, sent_back):
    with pytest.raises(Invalid):
        _mend(sent_back, sent_back.body)
    assert sent_back.state in (State.TAKEN_DOWN, State.RETURNED)


def test_the_mail_tells_the_reason_the_rule_and_where_to_appeal(scene, sent_back):
    mail = db.session.scalars(
        select(OutboxMail).where(OutboxMail.to_address == scene.citizen.email).order_by(OutboxMail.id.desc())
    ).first()
    for words in ("names or shows a private person", "We do not publish names", "Leave out the name."):
        assert words in mail.body
    assert f"/comments/{sent_back.key}/decision" in mail.body
    assert "appeal" in mail.body


def test_what_was_taken_down_cannot_be_withdrawn(scene, visit_as):
    comment = scene.says("Rude.")
    _decide(scene, comment, Verb.TAKE_DOWN, reason="abuse")
    author = visit_as(scene.citizen)
    author.get(f"/comments/{comment.key}/edit")
    author.get(f"/comments/{comment.key}/withdraw", status=409)
    with pytest.raises(Conflict), transaction():
        discussion.withdraw_comment(actor=comment.author, comment=comment)
