"""Words are taken out of a comment: readable nowhere in public, kept for its author, and put back in every way there is."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import String, Text, inspect, select

from consult import clock
from consult.accounts.models import Person
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Correction, Decision, Kind, State, UnsentComment
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import Model, db, transaction
from consult.moderation import actions as moderation
from consult.moderation import recounting
from consult.moderation.actions import Verb
from consult.moderation.appeals import actions as appeals
from consult.moderation.appeals.models import Outcome
from consult.moderation.erasure import actions as erasure
from consult.moderation.models import Cause, QueueItem
from consult.moderation.record.verifying import differences
from consult.moderation.redaction import actions, queries
from consult.moderation.redaction.models import Ending, RedactedText, Redaction
from consult.moderation.redaction.planning import plan
from consult.moderation.undoing import acts
from consult.notices.models import OutboxMail
from consult.text.taking_out import sentences
from tests import factories
from tests.discussion import ground
from tests.moderation.scene import Scene

NAME = "Ned Grundy"
SAID = "My neighbour **Ned** Grundy of [Elm Road](https://elm.example/ned-grundy) leaves his *board* out. NED GRUNDY!"
MARK = "[Words taken out by a moderator: names or shows a private person]"
KEPT_FOR = {
    Redaction,
    RedactedText,
    UnsentComment,
}  # where words may stand: nobody but its author and moderators reads it


@pytest.fixture
def scene(app) -> Scene:
    return Scene(Policy.AFTER)


def take_out(scene, comment, *passages, reason="private_person", by=None, **how):
    planned = plan(comment, passages or [NAME], reason)
    with transaction():
        return actions.take_out(actor=by or scene.moderator, comment=comment, plan=planned, **how)


def put_back(scene, comment, why="His name is on the council’s own page."):
    with transaction():
        return actions.put_back(actor=scene.moderator, comment=comment, why=why)


def mails_to(person):
    mails = select(OutboxMail).where(OutboxMail.person_id == person.id).order_by(OutboxMail.id)
    return list(db.session.scalars(mails))


def where_it_stands(word: str, but: set[type] = KEPT_FOR, but_mails_of: Person | None = None) -> set[str]:
    """Return each column of the database in which a word stands."""
    found = set()
    for mapper in Model.registry.mappers:
        if mapper.class_ in but:
            continue
        for column in inspect(mapper.class_).columns:
            if not isinstance(column.type, (String, Text)) or column.type.__class__.__name__ == "Enum":
                continue
            wanted = select(column).where(column.icontains(word))
            if mapper.class_ is OutboxMail and but_mails_of is not None:
                wanted = wanted.where(OutboxMail.person_id.is_distinct_from(but_mails_of.id))
            if db.session.scalars(wanted).first() is not None:
                found.add(str(column))
    return found


def everything_public(scene, client, comment) -> str:
    """Return what is read without an account, wherever a comment is read."""
    slug, document = scene.consultation.slug, scene.document.slug
    base = f"/consultations/{slug}/{document}"
    pages = [
        f"{base}/p/{scene.key}",
        f"{base}/p/{scene.key}?part=1",
        f"{base}/print",
        f"{base}.atom",
        f"/consultations/{slug}.atom",
        f"/comments/{comment.key}/history",
        "/search?q=neighbour",
        base,
        f"/consultations/{slug}",
    ]
    return "\n".join(client.get(page).get_data(as_text=True) for page in pages)


def places_of(word: str, text: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(word), text)]


def test_the_words_stand_nowhere_in_public_and_the_rest_does(scene, client):
    with transaction():
        comment = discussion.post_comment(
            actor=scene.citizen, paragraph=scene.paragraph, body=SAID, kind=Kind.QUESTION
        )
    address = f"/consultations/{scene.consultation.slug}/{scene.document.slug}/p/{scene.key}"
    client.get(address).headers["ETag"]
    later = clock.now() + timedelta(hours=1)
    clock.replace(lambda: later)
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=comment, body=SAID + " Daily.")
        discussion.respond(
            actor=scene.official, comments=[comment], body=f"> {SAID}\n\nWe shall ask ned grundy."
        )
    take_out(scene, comment)
    public = everything_public(scene, client, comment)
    assert [public[at - 60 : at + 60] for at in places_of("grundy", public.lower())] == []
    assert [word for word in (MARK, "neighbour", "<em>board</em>", "Elm Road") if word not in public] == []
    assert "A moderator took words out" in public
    assert where_it_stands("Grundy", but_mails_of=scene.citizen) == set()
    assert queries.original_of(comment).body == SAID + " Daily."
    assert list(differences()) == []
    assert recounting.recount() == []


def test_its_author_is_told_and_reads_it_as_it_was(scene, client, sign_in):
    comment = scene.says(SAID)
    take_out(scene, comment, message="Say “a neighbour”.")
    (mail,) = mails_to(scene.citizen)
    for words in (
        "Ned Grundy",
        "names or shows a private person",
        "We do not publish names",
        "Say “a neighbour”.",
        "/decision",
    ):
        assert words in mail.body
    assert mail.due_at > clock.now() + timedelta(seconds=25)
    assert client.get(f"/comments/{comment.key}/decision").status_code != 200
    own = sign_in(scene.citizen)
    page = own.get(f"/comments/{comment.key}/decision").get_data(as_text=True)
    assert "<strong>Ned</strong> Grundy" in page
    assert "Send the appeal" in page
    assert "Which, why, and how to appeal" in own.get("/account").get_data(as_text=True)


@pytest.mark.parametrize("policy", [Policy.BEFORE, Policy.AFTER])
def test_it_can_be_undone_for_half_a_minute(app, policy):
    scene = Scene(policy)
    comment = scene.says(SAID)
    before = (comment.state, comment.body, comment.html)
    act = take_out(scene, comment)
    assert comment.state is State.PUBLISHED
    assert MARK in comment.body
    with transaction():
        acts.undo(actor=scene.moderator, act=act)
    assert (comment.state, comment.body, comment.html, comment.redacted_at) == (*before, None)
    assert mails_to(scene.citizen) == []
    assert db.session.query(Redaction).one().ending is Ending.UNDONE
    waiting = db.session.scalars(select(QueueItem).where(QueueItem.settled_at.is_(None))).all()
    assert len(waiting) == (policy is Policy.BEFORE)
    assert list(differences()) == []
    assert recounting.recount() == []


def test_words_go_back_one_act_after_the_other_and_that_can_be_undone(scene):
    comment = scene.says(SAID)
    take_out(scene, comment)
    once = comment.body
    take_out(scene, comment, "Elm Road", reason="other", message="Which road it is.")
    assert "Elm Road" not in comment.body
    assert comment.body.count("[Words taken out") == 3
    act = put_back(scene, comment)
    assert comment.body == once
    assert comment.redacted_at is not None
    with transaction():
        acts.undo(actor=scene.moderator, act=act)
    assert "Elm Road" not in comment.body
    put_back(scene, comment)
    put_back(scene, comment)
    assert (comment.body, comment.redacted_at) == (SAID, None)
    assert "council’s own page" in mails_to(scene.citizen)[-1].body
    with pytest.raises(Conflict):
        put_back(scene, comment)
    assert list(differences()) == []


def test_an_appeal_puts_them_back_and_nobody_goes_round_it(scene):
    second = factories.a_moderator(scene.organisation)
    comment = scene.says(SAID)
    take_out(scene, comment)
    with transaction():
        appeal = appeals.make_appeal(actor=scene.citizen, comment=comment, why="He is the mayor.")
    assert [
        item.cause for item in db.session.scalars(select(QueueItem).where(QueueItem.settled_at.is_(None)))
    ] == [Cause.APPEALED]
    with pytest.raises(Conflict), transaction():
        moderation.decide(actor=scene.moderator, comment=comment, verb=Verb.PUBLISH)
    with pytest.raises(Conflict):
        put_back(scene, comment)
    with pytest.raises(NotAllowed), transaction():
        appeals.decide_appeal(actor=scene.moderator, appeal=appeal, outcome=Outcome.GRANTED, words="Fine.")
    with transaction():
        appeals.decide_appeal(actor=second, appeal=appeal, outcome=Outcome.GRANTED, words="He is.")
    assert (comment.body, comment.redacted_at) == (SAID, None)
    assert comment.state is State.PUBLISHED
    assert "He is." in mails_to(scene.citizen)[-1].body
    assert recounting.recount() == []
    assert list(differences()) == []


def test_an_appeal_ends_with_the_comment_it_is_about(scene):
    comment = scene.says(SAID)
    take_out(scene, comment)
    with transaction():
        appeal = appeals.make_appeal(actor=scene.citizen, comment=comment, why="He is the mayor.")
        moderation.decide(actor=scene.moderator, comment=comment, verb=Verb.TAKE_DOWN, reason="abuse")
    assert appeal.outcome is Outcome.OVERTAKEN
    assert recounting.recount() == []


def test_a_correction_waits_and_takes_the_place_of_marks(scene, client):
    comment = scene.says(SAID)
    take_out(scene, comment)
    with transaction():
        discussion.correct_comment(actor=scene.citizen, comment=comment, body=SAID)
    assert MARK in comment.body
    assert db.session.query(Correction).one().rule == "hold.cut"
    with transaction():
        discussion.correct_comment(
            actor=scene.citizen, comment=comment, body="A neighbour leaves his board out."
        )
        moderation.decide(actor=scene.moderator, comment=comment, verb=Verb.PUBLISH)
    assert (comment.body, comment.redacted_at) == ("A neighbour leaves his board out.", None)
    assert db.session.query(Redaction).one().ending is Ending.OTHER_WORDS
    assert "Grundy" not in client.get(f"/comments/{comment.key}/history").get_data(as_text=True)


def test_a_reply_written_later_does_not_repeat_them(scene):
    comment = scene.says(SAID)
    take_out(scene, comment)
    with transaction():
        response = discussion.respond(actor=scene.official, comments=[comment], body="We know Ned  Grundy.")
    assert response.body == f"We know {MARK}."
    with transaction():
        discussion.correct_response(actor=scene.official, response=response, body="Ned Grundy was told.")
    assert response.body == f"{MARK} was told."
    put_back(scene, comment)
    assert response.body == "Ned Grundy was told."


def test_what_others_are_told_by_mail_does_not_repeat_them(scene):
    comment = scene.says(SAID)
    other = factories.a_person()
    with transaction():
        told = OutboxMail(
            person_id=other.id,
            to_address=other.email,
            subject="New",
            body=f"> {SAID}\n/comments/{comment.key}",
            message_id="m@x",
            created_at=clock.now(),
            due_at=clock.now(),
        )
        db.session.add(told)
    take_out(scene, comment)
    assert "Grundy" not in told.body
    assert MARK in told.body


def test_erasure_takes_what_was_kept(scene):
    comment = scene.says(SAID)
    take_out(scene, comment)
    with transaction():
        erasure.erase(actor=scene.moderator, comment=comment, reason="court_order")
    assert where_it_stands("Grundy", but=set()) == set()
    assert db.session.query(RedactedText).count() == 0


def test_what_is_chosen_badly_is_said_and_changes_nothing(scene):
    comment = scene.says(SAID)
    for passages, reason, field in (
        ([], "abuse", "passages"),
        (["nobody"], "abuse", "passages"),
        ([SAID], "", "reason"),
        (sentences(comment.html), "abuse", "passages"),
        ([f"a{n}" for n in range(50)], "abuse", "passages"),
    ):
        with pytest.raises(Invalid) as refused:
            plan(comment, passages, reason)
        assert refused.value.field == field
    with pytest.raises(Invalid):
        take_out(scene, comment, reason="other")
    with pytest.raises(Invalid):
        take_out(scene, comment, reason="party_political")
    with pytest.raises(NotAllowed):
        take_out(scene, comment, by=scene.citizen)
    planned = plan(comment, [NAME], "abuse")
    with transaction():
        discussion.withdraw_comment(actor=scene.citizen, comment=comment)
    with pytest.raises(Conflict), transaction():
        actions.take_out(actor=scene.moderator, comment=comment, plan=planned)
    assert comment.body == SAID


def test_of_what_a_suggestion_would_put_instead_too(scene):
    comment = scene.says("Better so. It is known.", kind=Kind.SUGGESTION)
    with transaction():
        comment.replacement, comment.replacement_html = (
            "Ned Grundy measures 2.0 metres.",
            "<ins>Ned Grundy</ins>",
        )
    take_out(scene, comment)
    assert comment.replacement == f"{MARK} measures 2.0 metres."
    assert "Grundy" not in comment.replacement_html
    put_back(scene, comment)
    assert comment.replacement == "Ned Grundy measures 2.0 metres."


def test_a_moderator_previews_first_and_loses_nothing_typed(scene, visit_as):
    comment = scene.says(SAID + " It is in the way.")
    reply = ground.reply(comment, "Ned Grundy? Really?")
    visitor = visit_as(scene.moderator)
    address = f"/moderation/{comment.key}/take-out"
    page = visitor.get(address)
    ticks = [box["value"] for box in page.select('[name="ticked"]')]
    assert "It is in the way." in ticks
    assert not page.select('[value="take-out"]')
    typed = {"passages": "ned grundy", "ticked": ["It is in the way."], "do": "preview", "message": "Please."}
    page = visitor.post(address, typed, status=422).page
    assert page.select_one('[role="alert"] a')["href"] == "#reason"
    typed["reason"] = "private_person"
    page = visitor.post(address, typed, status=200).page
    preview = page.select_one("#preview")
    assert "Grundy" not in preview.text.replace("comments by others", "")
    assert MARK in preview.text
    assert f"/moderation/{reply.key}" in str(preview)
    assert page.select_one('[name="passages"]').text.strip() == "ned grundy"
    assert page.select_one('[name="ticked"][checked]')["value"] == "It is in the way."
    assert db.session.get(type(comment), comment.id).body == SAID + " It is in the way."
    seen = page.select_one('[name="seen"]')["value"]
    answer = visitor.post(address, {**typed, "do": "take-out", "seen": seen})
    assert answer.location.endswith("/moderation")
    undo = visitor.get("/moderation").select_one("[data-undo]")
    assert "Words taken out" in undo.text
    page = visitor.get(address)
    assert "Put words back" in page.text
    page = visitor.post(f"/moderation/{comment.key}/put-back", {"why": ""}, status=422).page
    assert page.select_one('[role="alert"] a')["href"] == "#why"
    visitor.post(f"/moderation/{comment.key}/put-back", {"why": "It is public."})
    decided = db.session.scalars(
        select(Decision).where(Decision.comment_id == comment.id).order_by(Decision.id)
    )
    assert [row.reason for row in decided][-2:] == ["private_person", "put_back"]
    page = visitor.get(f"/moderation/{comment.key}")
    assert "published without some words" in page.text
