"""Closing an account, or a guest's entry: what goes, what stays, and that the name stands nowhere afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect

from consult import audit, clock
from consult.accounts import links
from consult.accounts.actions import closing, inviting
from consult.accounts.actions.closing import NAME_REMOVED, OWN
from consult.accounts.models import Identity, Part, Passkey, Person, Purpose, RecoveryCode, Role, SignedIn
from consult.audit import AuditEntry
from consult.discussion.models import Comment, Decision, State, UnsentComment
from consult.discussion.recounting import differences
from consult.discussion.wishes import Wishes
from consult.errors import Conflict
from consult.extensions import db, transaction
from consult.moderation import recounting as queue
from consult.moderation.actions import report_comment
from consult.moderation.models import Report
from consult.notices.actions import send
from consult.notices.models import OutboxMail, ParagraphEvent
from tests.accounts.ground import mails, read_again, somebody
from tests.discussion import ground
from tests.factories import (
    a_guest,
    a_moderator,
    a_person,
    a_session,
    a_site,
    a_unit,
    an_administrator,
    an_official,
)

MEANT = {"is_meant": "y"}
KEEP, WITHDRAW = {"comments": "keep", **MEANT}, {"comments": "withdraw", **MEANT}


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


@pytest.fixture
def nia():
    """Somebody who can sign in in every way, was mailed, is told of changes, and has something not sent yet."""
    person = somebody(
        name="Nia Probert", email="nia@mail.example", totp_secret="sealed", pending_email="n@x.example"
    )
    now, where = clock.now(), ground.paragraph(ground.a_draft())
    ground.say(where, "Plant oaks there.", by=person, ask=True)
    db.session.add_all(
        [
            RecoveryCode(person_id=person.id, digest="d", created_at=now),
            Passkey(person_id=person.id, name="Mine", credential="c", public_key="k", created_at=now),
            Identity(person_id=person.id, issuer="https://id.example", subject="nia", created_at=now),
            UnsentComment(
                key="unsent",
                person_id=person.id,
                document_id=where.document_id,
                body="Not sent.",
                paragraph_id=where.id,
                created_at=now,
                updated_at=now,
            ),
        ]
    )
    db.session.commit()
    with transaction():
        links.make(Purpose.RESET_PASSWORD, person)
        send(to=person.email, subject="Earlier", body="Dear Nia Probert", person=person)
    ground.publish(where.document, ground.TEXT.replace("First, we count", "First, we measure"))
    return person


def _close(person, withdraws=False):
    with transaction(person):
        closing.close_account(actor=person, withdraws=withdraws)
    return read_again(person)


def _everything_with(words: str) -> list[str]:
    """Every column of every table, searched for words."""
    found = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(table.select()).mappings():
            found += [f"{table.name}.{name}" for name, value in row.items() if words in str(value)]
    return found


def test_address_name_and_all_ways_in_are_gone(nia):
    assert _everything_with("nia@mail.example")
    person = _close(nia)
    assert person.closed_at is not None
    assert (person.name, person.email, person.password_hash, person.totp_secret, person.pending_email) == (
        NAME_REMOVED,
        *("", "", "", ""),
    )
    assert not person.is_active
    for table in (*OWN, UnsentComment, ParagraphEvent):
        assert db.session.query(table).filter_by(person_id=person.id).count() == 0, table
    last = {"outbox_mail.to_address", "outbox_mail.body"}  # of the mail that says so
    assert set(_everything_with("nia@mail.example") + _everything_with("Nia Probert")) == last
    assert not list(audit.breaks())


def test_one_last_mail_tells_the_old_address(nia):
    _close(nia)
    (mail,) = mails()
    assert (mail.to_address, mail.subject) == ("nia@mail.example", "Your account is closed")
    assert "without your name" in mail.body


def test_what_was_kept_stays_without_the_name_on_every_page(nia, visit, visit_as):
    comment = db.session.query(Comment).filter_by(author_id=nia.id).one()
    reply = ground.reply(comment, "I agree with you.")
    ground.answer(reply)
    where = comment.paragraph
    here = ground.address(where)
    draft = here.rpartition("/p/")[0]
    pages = [
        *(here, f"{here}?show=questions", draft, f"{draft}/print", f"{draft}.atom", "/monitor"),
        *(f"{draft.rpartition('/')[0]}.atom", "/search?q=oaks", f"/comments/{comment.key}/history"),
    ]
    official = an_official(where.document.consultation.unit)
    inside = ["/desk", f"/desk/{comment.key}"]
    before = [visit.client.get(page, follow_redirects=True).get_data(as_text=True) for page in pages]
    assert sum("Nia Probert" in page for page in before) >= 6
    _close(nia)
    for page in pages:
        text = visit.client.get(page, follow_redirects=True).get_data(as_text=True)
        assert "Nia Probert" not in text, page
    for page in inside:
        assert "Nia Probert" not in visit_as(official).client.get(page).get_data(as_text=True)
    page = visit.get(here)
    assert page.select_one(f"#comment-{comment.key} .c-name").text == NAME_REMOVED
    assert "Plant oaks there." in page.text
    assert not list(differences())


def test_what_was_withdrawn_leaves_markers_and_right_counts(nia, visit):
    draft = ground.a_draft(policy=ground.BEFORE)
    ground.say(ground.paragraph(draft, "2"), "Waits for a moderator.", by=nia)
    comment = db.session.query(Comment).filter_by(author_id=nia.id).order_by(Comment.id).first()
    ground.reply(comment, "I agree with you.")
    person = _close(nia, withdraws=True)
    states = {row.state for row in db.session.query(Comment).filter_by(author_id=person.id)}
    assert states == {State.WITHDRAWN}
    page = visit.get(ground.address(comment.paragraph))
    assert page.select_one(f"#comment-{comment.key}")["data-state"] == "withdrawn"
    assert "Plant oaks" not in page.text
    assert "I agree with you." in page.text
    assert "oaks there" not in visit.get("/search?q=oaks").text
    assert not list(differences())
    assert not queue.recount()
    assert not list(audit.breaks())


def test_what_nobody_could_correct_any_more_is_withdrawn_in_any_case(app):
    person, draft = a_person(), ground.a_draft(policy=ground.BEFORE)
    returned, waiting, gone = (
        ground.say(ground.paragraph(draft), words, by=person) for words in ("One.", "Two.", "Three.")
    )
    ground.move(returned, State.RETURNED, reason="abuse")
    ground.take_down(gone)
    _close(person)
    states = {row.id: row.state for row in db.session.query(Comment)}
    assert states == {returned.id: State.WITHDRAWN, waiting.id: State.WAITING, gone.id: State.TAKEN_DOWN}
    assert not queue.recount()


def test_the_record_of_decisions_is_kept_without_the_name(app):
    person, draft = a_person(name="Nia Probert"), ground.a_draft()
    comment = ground.say(ground.paragraph(draft), "Ask Mr Pugh.", by=person)
    ground.take_down(comment)
    before = db.session.query(Decision).count()
    _close(person)
    assert db.session.query(Decision).filter_by(comment_id=comment.id).count() == before
    entry = db.session.query(AuditEntry).filter_by(act="account.close").one()
    assert (entry.actor_id, entry.subject, entry.reason) == (person.id, f"person:{person.id}", "keep")


def test_an_officials_replies_keep_the_name_and_their_own_comments_lose_it(visit):
    draft = ground.a_draft()
    official = an_official(draft.consultation.unit, name="Tom Ashworth", title="Head of streets")
    where = ground.paragraph(draft)
    question = ground.say(where, "Why so?", ask=True)
    ground.answer(question, by=official)
    own = ground.say(where, "As a neighbour I like it.", by=official)
    reported = ground.say(where, "Somebody is a fool.")
    with transaction(official):
        report_comment(actor=official, comment=reported, reason="abuse", note="")
    _close(official)
    page = visit.get(ground.address(where))
    assert page.select_one("[data-official] .c-name").text == "Tom Ashworth"
    assert "Head of streets" in page.select_one("[data-official]").text
    assert page.select_one(f"#comment-{own.key} .c-name").text == NAME_REMOVED
    db.session.expire_all()
    assert own.author_id != official.id
    assert not db.session.get(Person, own.author_id).is_active
    assert db.session.query(Report).one().reporter_id == own.author_id
    assert {row.actor_id for row in db.session.query(Decision).filter_by(comment_id=own.id)} <= {
        None,
        own.author_id,
    }
    assert read_again(official).email == ""
    assert not list(differences())


def test_parts_end_with_the_account_and_that_is_on_record(app):
    unit = ground.a_draft().consultation.unit
    official = an_official(unit)
    db.session.add(
        Role(
            person_id=official.id,
            part=Part.MODERATOR,
            organisation_id=unit.organisation_id,
            created_at=clock.now(),
        )
    )
    db.session.commit()
    person = _close(official)
    assert not person.parts
    assert all(role.ended_at is not None for role in person.roles)
    assert db.session.query(AuditEntry).filter_by(act="role.end", actor_id=official.id).count() == 2


def test_who_was_only_invited_keeps_no_name(app):
    nia, unit = somebody(name="Nia Probert"), a_unit()
    administrator = an_administrator()
    with transaction(administrator):
        offer = {"name": nia.name, "email": nia.email, "part": Part.OFFICIAL, "unit": unit}
        inviting.invite(actor=administrator, **offer)
    assert _close(nia).name == NAME_REMOVED
    assert not [place for place in _everything_with("Nia Probert") if not place.startswith("outbox_mail")]


def test_pressed_twice_it_is_done_once(app):
    nia = an_official(a_unit())
    _close(nia)
    _close(nia)
    assert db.session.query(AuditEntry).filter_by(act="account.close").count() == 1
    assert db.session.query(Person).filter_by(name=NAME_REMOVED).count() == 1


def test_the_last_administrator_cannot_go(sign_in, visit_as):
    administrator = an_administrator()
    with pytest.raises(Conflict):
        _close(administrator)
    page = visit_as(administrator).post("/account/close", KEEP, status=409).page
    assert "last administrator cannot go" in page.select_one('[role="alert"]').text
    assert read_again(administrator).is_active
    assert not mails()
    an_administrator()
    _close(administrator)
    assert not read_again(administrator).is_active


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "comments"),
        ({"comments": "keep"}, "is_meant"),
        ({"comments": "burn", **MEANT}, "comments"),
        (MEANT, "comments"),
    ],
)
def test_nothing_happens_by_mistake(visit_as, form, field):
    person = a_person()
    page = visit_as(person).post("/account/close", form, status=422).page
    assert page.select_one(f'[role="alert"] a[href="#{field}"]')
    assert read_again(person).is_active


def test_the_page_says_what_will_happen(visit_as):
    page = visit_as(a_person()).get("/account/close")
    words = " ".join(page.main.text.split())
    assert "“Name removed” stands beside each of them" in words
    assert "official part" not in words
    official = an_official(ground.a_draft().consultation.unit)
    assert "is public record and keeps the name" in visit_as(official).get("/account/close").main.text


def test_closing_signs_out_everywhere_and_leaves_no_cookie(sign_in, visit):
    person = a_person()
    here, elsewhere = sign_in(person), sign_in(person)
    response = here.post("/account/close", data=KEEP)
    assert (response.status_code, response.location) == (303, "/account/closed")
    assert "consult=;" in response.headers["Set-Cookie"]
    assert "It is done" in visit.get("/account/closed").main.text
    for browser in (here, elsewhere):
        assert browser.get("/account").status_code == 303


def test_the_address_is_free_again_and_the_closed_account_opens_to_nobody(visit, nia):
    _close(nia)
    visit.post("/sign-in", {"email": "nia@mail.example", "password": "three random words"}, status=422)
    visit.post(
        "/sign-up", {"name": "Nia again", "email": "nia@mail.example", "password": "four other random words"}
    )
    fresh = db.session.query(Person).filter_by(email="nia@mail.example").one()
    assert fresh.id != nia.id


@pytest.mark.parametrize(("form", "state"), [(KEEP, State.PUBLISHED), (WITHDRAW, State.WITHDRAWN)])
def test_a_guest_can_do_the_same(visit_as, form, state):
    guest = a_guest(name="Visitor")
    comment = ground.say(ground.paragraph(ground.a_draft()), "As a guest.", by=guest)
    visitor = visit_as(guest)
    assert "Visitor" in visitor.get("/guest/close").main.text
    visitor.post("/guest/close", form)
    person = read_again(guest)
    assert (person.name, person.email) == (NAME_REMOVED, "")
    assert db.session.get(Comment, comment.id).state is state
    (mail,) = mails()
    assert mail.subject == "Your details are deleted"
    assert visitor.client.get("/guest/data.json").status_code == 303


def test_a_guest_without_an_address_gets_no_mail_and_an_account_is_led_to_its_own_page(visit_as):
    guest = a_guest(email="")
    ground.say(ground.paragraph(ground.a_draft()), "As a guest.", by=guest)
    visit_as(guest).post("/guest/close", KEEP)
    assert not mails()
    assert visit_as(a_person()).client.get("/guest/close").location == "/account/close"


def test_a_new_name_stands_on_kept_pages_at_once(visit, visit_as):
    person = a_person(name="Nia Probert")
    where = ground.paragraph(ground.a_draft())
    ground.say(where, "Plant oaks there.", by=person)
    assert "Nia Probert" in visit.get(ground.address(where)).text
    visit_as(person).post("/account/name", {"name": "Nia P"})
    assert "Nia Probert" not in visit.get(ground.address(where)).text


def test_erasing_covers_every_column_of_a_person_that_says_something(nia):
    """A later column must be thought of: what is left of a closed account is listed here."""
    person = _close(nia)
    left = {
        column.key
        for column in inspect(Person).columns
        if getattr(person, column.key) not in ("", None, False)
    }
    everybodys = {
        "wants_gap_mail",
        "wants_suggestion_mail",
        "wants_wave_mail",
        "returned_pace",
    }  # as they are in every new account
    assert left - everybodys == {"id", "name", "session_version", "created_at", "confirmed_at", "closed_at"}


def test_moderators_who_go_leave_their_decisions_signed(app, visit_as):
    draft = ground.a_draft()
    organisation = draft.consultation.unit.organisation
    moderator = a_moderator(organisation, name="Miriam Stone")
    comment = ground.say(ground.paragraph(draft), "Ask Mr Pugh.")
    ground.take_down(comment)
    ground.move(comment, State.PUBLISHED, by=moderator)
    _close(moderator)
    colleague = a_moderator(organisation)
    assert "Miriam Stone" in visit_as(colleague).get(f"/moderation/{comment.key}").text


def test_an_open_session_of_a_closed_account_is_worth_nothing(sign_in):
    person = a_person()
    browser = sign_in(person)
    _close(person)
    with browser.session_transaction() as session:
        assert session["_user_id"]
    assert browser.get("/account").status_code == 303
    a_session(person)
    assert db.session.query(OutboxMail).filter_by(person_id=person.id).count() == 1


def test_nobody_takes_the_words_that_stand_for_a_removed_name(visit_as):
    person = a_person(name="Nia")
    visit_as(person).post("/account/name", {"name": NAME_REMOVED}, status=422)
    assert read_again(person).name == "Nia"


def test_who_has_not_proved_lately_who_they_are_is_asked_again(sign_in):
    person = a_person()
    browser = sign_in(person)
    db.session.query(SignedIn).update({"proved_at": clock.now() - timedelta(days=1)})
    db.session.commit()
    for response in (browser.get("/account/close"), browser.post("/account/close", data=KEEP)):
        assert response.status_code in (303, 307)
        assert response.location.startswith("/sign-in/again")
    assert browser.get("/account/data.json").status_code == 303
    assert read_again(person).is_active


def test_who_plays_a_part_gives_the_second_step_first(app):
    official = an_official(ground.a_draft().consultation.unit)
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = a_session(official, with_second_step=False)
    assert browser.post("/account/close", data=KEEP).status_code in (303, 403)
    assert read_again(official).is_active


def test_what_was_sent_only_to_the_team_is_kept_or_withdrawn_like_the_rest(app):
    draft = ground.a_draft()
    for withdraws, state in ((False, State.RECEIVED), (True, State.WITHDRAWN)):
        person = a_person()
        comment = ground.say(
            ground.paragraph(draft), "For the team.", by=person, wishes=Wishes(is_team_only=True)
        )
        _close(person, withdraws=withdraws)
        assert db.session.get(Comment, comment.id).state is state
    assert not list(differences())
