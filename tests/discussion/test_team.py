"""What was sent only to the team: the desk lists it, and it is answered by mail."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.election_models import Effect
from consult.consultations.models import Stage
from consult.discussion import recounting, team
from consult.discussion.answering import replying
from consult.discussion.models import BodyKind, TeamReply
from consult.discussion.wishes import Wishes
from consult.errors import Closed, Conflict, NotAllowed, NotFound
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from tests import factories
from tests.discussion import ground
from tests.discussion.ground import a_draft, consultation_of, paragraph, publish, say, tell_team, withdraw

LONG_AGO = timedelta(days=20)


@pytest.fixture
def place(app):
    return paragraph(a_draft())


@pytest.fixture
def official(place):
    return factories.an_official(consultation_of(place).unit, name="Ruth Okafor", title="Head of unit")


def reply_to(comment, body="It is so.", *, by, **values):
    with transaction(by):
        return replying.reply_to_sender(actor=by, comment=comment, body=body, **values)


def end(place, stage=Stage.OUTCOME):
    ground.end(consultation_of(place), stage)


def later(by):
    at = clock.now() + by
    clock.replace(lambda: at)


def mails():
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


# ---- the desk


def test_the_desk_says_how_many_questions_wait_that_nobody_else_sees(place, official, visit_as):
    tell_team(place, "Is it legal?", ask=True)
    tell_team(place, "We moved.")
    page = visit_as(official).get("/desk")
    assert page.select_one("[data-team-waiting]")["data-team-waiting"] == "1"
    assert "Only to the team (2)" in page.select_one(".tabs").text
    assert "Is it legal?" in page.text
    assert "We moved." not in page.text


def test_one_that_waits_too_long_is_said_to(place, official, visit_as):
    sent = tell_team(place, ask=True)
    ground.backdate(sent, clock.now() - LONG_AGO)
    page = visit_as(official).get("/desk")
    assert "1 question has waited longer than we aim for" in page.text
    assert page.select_one(f'tr[data-row="{sent.key}"] .tag-official').text == "Only to the team"
    assert page.select_one(f'tr[data-row="{sent.key}"] a.btn')["href"] == f"/desk/team/{sent.key}"


def test_the_list_begins_with_the_questions_that_wait(place, official, visit_as):
    tell_team(place, "Is it legal?", ask=True)
    tell_team(place, "We moved.")
    visitor = visit_as(official)
    waiting, everything = visitor.get("/desk/team"), visitor.get("/desk/team?show=all")
    assert "Is it legal?" in waiting.text
    assert "We moved." not in waiting.text
    assert "We moved." in everything.text
    assert len(everything.select("tbody tr")) == 2


def test_the_list_is_paged_and_each_is_on_one_page(place, official, visit_as):
    for number in range(30):
        tell_team(place, f"Number {number}.")
    visitor = visit_as(official)
    first = visitor.get("/desk/team?show=all")
    second = visitor.get(first.select_one('nav a[href*="after="]')["href"])
    names = [row.select_one("td a").text for page in (first, second) for row in page.select("tbody tr")]
    assert len(names) == len(set(names)) == 30


def test_what_a_unit_was_sent_is_on_no_other_units_desk(place, visit_as):
    tell_team(place, "Is it legal?", ask=True)
    elsewhere = factories.an_official(factories.a_unit())
    page = visit_as(elsewhere).get("/desk/team?show=all")
    assert "Is it legal?" not in page.text
    assert "Only to the team (" not in page.text


def test_after_the_outcome_no_question_is_owed_an_answer(place, official):
    tell_team(place, ask=True)
    unit = consultation_of(place).unit
    assert team.questions_waiting([unit.id]) == 1
    end(place)
    assert team.questions_waiting([unit.id]) == 0
    assert [row.stage for row in team.received([unit.id])] == [Stage.OUTCOME]


# ---- one of them


def test_the_page_shows_who_wrote_for_whom_and_why_and_never_their_address(place, official, visit_as):
    author = factories.a_person(name="Zoe", email="zoe@secret.example")
    wishes = Wishes(True, "It names a patient.", "Walk", BodyKind.CHARITY)
    sent = say(place, "Is it legal?", by=author, wishes=wishes)
    page = visit_as(official).get(f"/desk/team/{sent.key}")
    for words in ("Zoe", "for Walk (charity)", "It names a patient.", "Is it legal?", "count the trees"):
        assert words in page.text
    assert "zoe@secret.example" not in str(page)


def test_the_page_shows_the_words_then_and_now(place, official, visit_as):
    sent = tell_team(place)
    publish(
        place.document, "# A plan\n\nFirst, we count all of the trees.\n\nSecond, we plant more of them.\n"
    )
    page = visit_as(official).get(f"/desk/team/{sent.key}")
    assert page.select_one(".diff ins").text.strip() == "all of"


def test_it_is_kept_from_caches(place, official, sign_in):
    sent = tell_team(place)
    assert sign_in(official).get(f"/desk/team/{sent.key}").headers["Cache-Control"] == "no-store"


def test_a_public_comment_is_none_of_them(place, official, visit_as):
    shown = say(place)
    visit_as(official).get(f"/desk/team/{shown.key}", 404)
    with pytest.raises(NotFound):
        reply_to(shown, by=official)


def test_one_that_was_withdrawn_can_be_read_and_answered_no_more(place, official, visit_as):
    sent = tell_team(place, "Is it legal?")
    withdraw(sent)
    page = visit_as(official).get(f"/desk/team/{sent.key}", 409)
    assert "Is it legal?" not in page.text
    with pytest.raises(Conflict):
        reply_to(sent, by=official)


# ---- replying


def test_a_reply_goes_by_mail_in_full_and_is_kept_for_both(place, official, visit_as):
    author = factories.a_person(name="Zoe", email="zoe@mail.example")
    sent = tell_team(place, "Is it *legal*?", by=author, ask=True)
    answered = visit_as(official).post(f"/desk/team/{sent.key}", {"body": "Yes, **it is**."})
    assert answered.location == f"/desk/team/{sent.key}#replies"
    (mail,) = mails()
    assert mail.to_address == "zoe@mail.example"
    assert "Yes, **it is**." in mail.body
    assert "> Is it *legal*?" in mail.body
    assert "Ruth Okafor, Head of unit" in mail.body
    assert f"/comments/{sent.key}" in mail.body
    assert sent.answered_at is not None
    assert "Yes, it is." in visit_as(official).get(f"/desk/team/{sent.key}").select_one("#replies").text
    assert "Yes, it is." in visit_as(author).get("/account").text


def test_a_guest_finds_the_reply_on_their_own_page(place, official, visit_as):
    author = factories.a_guest()
    sent = tell_team(place, "Is it legal?", by=author)
    reply_to(sent, "Yes, it is.", by=official)
    assert "/guest\n" in mails()[0].body
    assert visit_as(author).client.get(f"/comments/{sent.key}").location == "/guest"
    assert "Yes, it is." in visit_as(author).get("/guest").text


def test_the_record_says_that_it_was_answered_without_a_word_of_it(place, official):
    reply = reply_to(tell_team(place), "Quarantine.", by=official)
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "team_reply.send"))
    assert entry.subject == f"team_reply:{reply.id}"
    assert entry.actor_id == official.id
    assert "Quarantine" not in repr(vars(entry))


def test_a_question_that_is_answered_waits_no_more_for_anybody(place, official, visit):
    sent = tell_team(place, ask=True)
    assert "1 question sent only to the team" in visit.get("/monitor").text
    reply_to(sent, by=official)
    assert "sent only to the team" not in visit.get("/monitor").text
    assert list(recounting.differences()) == []


def test_a_comment_can_be_answered_and_is_no_question_for_that(place, official):
    sent = tell_team(place)
    reply_to(sent, by=official)
    assert sent.answered_at is None
    assert [len(found) for found in team.team_replies_on([sent.id]).values()] == [1]


def test_a_preview_sends_nothing(place, official, visit_as):
    sent = tell_team(place)
    page = (
        visit_as(official)
        .post(f"/desk/team/{sent.key}", {"body": "Yes, **it is**.", "do": "preview"}, 200)
        .page
    )
    assert page.select_one('[data-state="preview"] strong').text == "it is"
    assert page.select_one("#body").text.strip() == "Yes, **it is**."
    assert mails() == []


def test_the_same_form_twice_is_one_reply_and_one_mail(place, official, visit_as):
    sent = tell_team(place)
    form = {"body": "Yes.", "once": "k" * 20}
    visit_as(official).post(f"/desk/team/{sent.key}", form)
    visit_as(official).post(f"/desk/team/{sent.key}", form)
    assert len(mails()) == len(team.team_replies_on([sent.id])[sent.id]) == 1


def test_an_empty_reply_is_refused_and_so_is_one_that_is_too_long(place, official, visit_as):
    sent = tell_team(place)
    for body in ("", "x" * 20_001):
        page = visit_as(official).post(f"/desk/team/{sent.key}", {"body": body}, 422).page
        assert page.select_one("#body")["aria-invalid"] == "true"
    assert mails() == []


def test_who_is_slower_is_shown_what_the_colleague_wrote_and_keeps_their_own(place, official, visit_as):
    sent = tell_team(place)
    began = clock.now().isoformat()
    colleague = factories.an_official(consultation_of(place).unit, name="Tom Ashworth")
    later(timedelta(minutes=1))
    reply_to(sent, "Ours already.", by=colleague)
    page = visit_as(official).post(f"/desk/team/{sent.key}", {"body": "Mine.", "seen": began}, 409).page
    assert "Tom Ashworth answered meanwhile" in page.text
    assert "Ours already." in page.text
    assert page.select_one("#body").text.strip() == "Mine."
    visit_as(official).post(
        f"/desk/team/{sent.key}", {"body": "Mine.", "seen": page.select_one('[name="seen"]')["value"]}
    )
    assert len(mails()) == 2


def test_nobody_answers_after_the_outcome(place, official, visit_as):
    sent = tell_team(place)
    end(place)
    with pytest.raises(Closed):
        reply_to(sent, by=official)
    assert visit_as(official).get(f"/desk/team/{sent.key}").select_one("#answer") is None


def test_only_an_official_of_the_unit_answers(place):
    sent = tell_team(place)
    unit = consultation_of(place).unit
    for actor in (
        factories.a_person(),
        factories.a_moderator(unit.organisation),
        factories.an_official(factories.a_unit(unit.organisation)),
        factories.an_administrator(),
    ):
        with pytest.raises(NotAllowed):
            reply_to(sent, by=actor)


def test_whose_address_is_gone_is_answered_another_way_and_it_is_kept(place, official, visit_as):
    author = factories.a_guest()
    sent = tell_team(place, by=author, ask=True)
    with transaction():
        author.email = ""
    page = visit_as(official).get(f"/desk/team/{sent.key}")
    assert "There is no email address" in page.select_one("#answer").text
    visit_as(official).post(f"/desk/team/{sent.key}", {"body": "By letter, on Monday."})
    assert mails() == []
    assert db.session.scalar(select(TeamReply)).body == "By letter, on Monday."
    assert sent.answered_at is not None


# ---- its author


def test_the_author_can_correct_and_withdraw_it(place, official, visit_as):
    author = factories.a_person()
    sent = tell_team(place, "Is it legal?", by=author)
    visitor = visit_as(author)
    assert visitor.get(f"/comments/{sent.key}/edit")
    assert visitor.post(f"/comments/{sent.key}/edit", {"body": "Is it lawful?"}).location == "/account"
    assert "Is it lawful?" in visit_as(official).get(f"/desk/team/{sent.key}").text
    assert visitor.post(f"/comments/{sent.key}/withdraw").location == "/account"
    assert consultation_of(place).team_count == 0
    assert "The team reads it no more." in visitor.get("/account").text


def test_the_team_can_read_what_it_said_before_a_late_correction(place, official, visit_as):
    sent = tell_team(place, "Is it legal?")
    later(timedelta(hours=1))
    visit_as(sent.author).post(f"/comments/{sent.key}/edit", {"body": "Is it lawful?"})
    page = visit_as(official).get(f"/desk/team/{sent.key}")
    assert "Is it legal?" in page.select_one("details").text


# ---- when a reply may not leave yet

TYPED = "Half of a reply, kept."


def _hold_answers(place):
    today = clock.now().date()
    unit = consultation_of(place).unit
    factories.an_election(unit.organisation, today, today + timedelta(days=9), Effect.HOLD_ANSWERS)
    return unit


def _refused(visit, sent, words):
    """Insist that a reply is refused in these words, that no other is offered, and that what was typed is there."""
    here = f"/desk/team/{sent.key}"
    page = visit.get(here)
    assert words in page.select_one("[data-held]").text
    assert not page.select("button[value=post]")
    page = visit.post(here, {"body": TYPED, "do": "post"}, 409).page
    assert words in page.select_one("[role=alert]").text
    assert page.select_one("#body").text.strip() == TYPED
    assert not db.session.query(TeamReply).count()
    assert not [mail for mail in mails() if TYPED in mail.body]


def test_a_reply_is_held_before_an_election_and_can_be_sent_after(place, official, visit_as):
    sent = tell_team(place, "Is it legal?", ask=True)
    _hold_answers(place)
    with pytest.raises(Closed), transaction(official):
        replying.reply_to_sender(actor=official, comment=sent, body=TYPED)
    visit = visit_as(official)
    _refused(visit, sent, "This one can be sent then")
    visit.post(f"/desk/team/{sent.key}", {"body": TYPED, "do": "note"})
    assert TYPED in visit.get(f"/desk/team/{sent.key}").find(id="notes").text
    later(timedelta(days=11))
    assert visit_as(official).get(f"/desk/team/{sent.key}").select("button[value=post]")
    reply_to(sent, by=official)
    assert db.session.query(TeamReply).count() == 1


def test_a_reply_that_must_be_cleared_is_sent_by_an_official_who_may_clear(place, official, visit_as):
    sent = tell_team(place, "Is it legal?", ask=True)
    unit = consultation_of(place).unit
    unit.clearing_role, unit.needs_clearance = "Press office", True
    db.session.commit()
    with pytest.raises(NotAllowed), transaction(official):
        replying.reply_to_sender(actor=official, comment=sent, body=TYPED)
    _refused(visit_as(official), sent, "an official of your unit who may clear answers sends the reply")
    clears = factories.an_official(unit, name="Clara")
    clears.roles[0].may_clear = True
    db.session.commit()
    visit_as(clears).post(f"/desk/team/{sent.key}", {"body": "It is.", "do": "post"})
    assert db.session.query(TeamReply).one().author_id == clears.id


def test_a_note_that_is_too_long_stays_on_the_page(place, official, visit_as):
    sent = tell_team(place, "Is it legal?", ask=True)
    _hold_answers(place)
    long = "x" * 2_001
    page = visit_as(official).post(f"/desk/team/{sent.key}", {"body": long, "do": "note"}, 422).page
    assert page.find(id="body-e")
    assert page.select_one("#body").text.strip() == long
