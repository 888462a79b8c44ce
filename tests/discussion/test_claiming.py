"""Taking in what was written as a guest: by a click, with the same confirmed address, and with right counts."""

import pytest

from consult import audit, clock
from consult.accounts.actions.closing import NAME_REMOVED
from consult.audit import AuditEntry
from consult.discussion import ownership, queries
from consult.discussion.ledger import also
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger.also import Asker
from consult.discussion.models import Comment, Decision, State, TeamReply, UnsentComment
from consult.discussion.recounting import differences
from consult.errors import Conflict, NotAllowed
from consult.extensions import db, transaction
from consult.moderation.actions import report_comment
from consult.moderation.models import Report
from consult.notices.actions import send
from consult.notices.models import OutboxMail, ParagraphEvent
from tests.accounts.ground import read_again
from tests.discussion import ground
from tests.factories import a_guest, a_person, a_session, a_site, an_official

ADDRESS = "nia@mail.example"


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


@pytest.fixture
def draft():
    return ground.a_draft()


def _account(**values):
    return a_person(name="Nia Probert", email=ADDRESS, **values)


def _guest(name="Nia P", **values):
    return a_guest(name=name, email=ADDRESS, **values)


def _claim(person):
    with transaction(person):
        count = ownership.claim_comments(actor=person)
    db.session.expire_all()
    return count


@pytest.mark.parametrize("asked_as_guest", [True, False])
def test_nobody_is_another_who_has_their_own_question(draft, asked_as_guest):
    person, guest = _account(), _guest()
    asker, also_asker = (guest, person) if asked_as_guest else (person, guest)
    ground.say(ground.paragraph(draft), "As a guest.", by=guest)
    question = ground.say(ground.paragraph(draft), "Why oaks?", by=asker, ask=True)
    for other in (also_asker, a_person()):
        with transaction(other):
            also.join_question(actor=other, asker=Asker(person_id=other.id), comment=question)
    assert ledger.entry_of(question.id).also_count == 2
    _claim(person)
    assert ledger.entry_of(question.id).also_count == 1
    assert list(differences()) == []


def test_comments_of_all_names_come_in_and_bear_the_accounts_name(draft, visit):
    person, where = _account(), ground.paragraph(draft)
    mine = ground.say(where, "With my account.", by=person)
    first = ground.say(where, "As a guest.", by=_guest())
    second = ground.say(ground.paragraph(draft, "2"), "Under another name.", by=_guest("Treelover"))
    stranger = ground.say(where, "From elsewhere.", by=a_guest(name="Nia P"))
    assert "Nia P<" in visit.client.get(ground.address(where)).text
    assert _claim(person) == 2
    assert {comment.author_id for comment in (mine, first, second)} == {person.id}
    assert stranger.author_id != person.id
    page = visit.get(ground.address(where))
    assert page.select_one(f"#comment-{first.key} .c-name").text == "Nia Probert"
    assert page.select_one(f"#comment-{stranger.key} .c-name").text == "Nia P"
    assert not list(differences())
    assert not list(audit.breaks())


def test_two_who_counted_apart_are_counted_as_one(draft):
    person, where = _account(), ground.paragraph(draft)
    ground.say(where, "With my account.", by=person)
    ground.say(where, "As a guest.", by=_guest())
    ground.say(where, "Under another name.", by=_guest("Treelover"))
    ground.say(where, "Somebody else.")
    db.session.refresh(draft)
    assert (draft.people_count, draft.consultation.people_count) == (4, 4)
    _claim(person)
    assert (draft.people_count, draft.consultation.people_count) == (2, 2)
    assert not list(differences())


def test_all_that_hangs_on_the_guest_comes_along(draft):
    person, guest, where = _account(), _guest(), ground.paragraph(draft)
    ground.say(where, "With my account.", by=person)
    comment = ground.say(where, "As a guest.", by=guest)
    now, reported = clock.now(), ground.say(where, "A fool wrote this.")
    ground.publish(draft, ground.TEXT.replace("First, we count", "First, we measure"))
    official = an_official(draft.consultation.unit)
    db.session.add_all(
        [
            UnsentComment(
                key="unsent",
                person_id=guest.id,
                document_id=draft.id,
                paragraph_id=where.id,
                body="Not sent.",
                created_at=now,
                updated_at=now,
            ),
            TeamReply(
                key="reply",
                comment_id=comment.id,
                unit_id=draft.consultation.unit_id,
                html="",
                author_id=official.id,
                body="Read.",
                created_at=now,
            ),
        ]
    )
    db.session.commit()
    with transaction(guest):
        report_comment(actor=guest, comment=reported, reason="abuse", note="")
        send(to=guest.email, subject="Published", body="It is up.", person=guest)
    ground.withdraw(comment)
    _claim(person)
    for table, column in ((UnsentComment, "person_id"), (OutboxMail, "person_id"), (Report, "reporter_id")):
        assert {getattr(row, column) for row in db.session.query(table)} == {person.id}, table
    assert db.session.query(TeamReply).one().author_id == official.id
    assert db.session.query(Decision).filter_by(actor_id=person.id, comment_id=comment.id).count() == 1
    (event,) = db.session.query(ParagraphEvent).filter_by(person_id=person.id)
    assert event.comment_count == 2
    assert db.session.query(ParagraphEvent).filter_by(person_id=guest.id).count() == 0


def test_the_guest_is_no_more(draft, client):
    person, guest = _account(), _guest()
    ground.say(ground.paragraph(draft), "As a guest.", by=guest)
    with client.session_transaction() as session:
        session["_user_id"] = a_session(guest)
    assert client.get("/guest/data.json").status_code == 200
    _claim(person)
    gone = read_again(guest)
    assert (gone.name, gone.email, gone.is_active) == (NAME_REMOVED, "", False)
    assert client.get("/guest/data.json").status_code == 303
    entry = db.session.query(AuditEntry).filter_by(act="guest.claim").one()
    assert (entry.actor_id, entry.subject) == (person.id, f"person:{guest.id}")


def test_the_same_form_sent_as_both_hinders_nothing(draft):
    person, guest, where = _account(), _guest(), ground.paragraph(draft)
    mine = ground.say(where, "The same words.", by=person, once="form-12345")
    theirs = ground.say(where, "The same words.", by=guest, once="form-12345")
    other = ground.say(where, "Other words.", by=guest, once="form-67890")
    assert mine.once == theirs.once
    kept = other.once
    assert _claim(person) == 2
    assert (mine.once is not None, theirs.once, other.once) == (True, None, kept)


def test_what_still_waits_for_its_link_stays_behind(draft):
    person, guest = _account(), _guest()
    where = ground.paragraph(draft)
    sure, unsure = (ground.say(where, words, by=guest) for words in ("Sure.", "Not confirmed."))
    unsure.state = State.UNCONFIRMED
    draft.comment_count -= 1
    db.session.commit()
    assert _claim(person) == 1
    assert (sure.author_id, unsure.author_id) == (person.id, guest.id)


@pytest.mark.parametrize(
    "values",
    [
        {"email": "other@mail.example"},
        {"is_confirmed": False},
        {"closed_at": clock.now()},
        {"is_guest": False, "email": "nia@mail.example.org"},
    ],
    ids=["another address", "never confirmed", "closed", "an account"],
)
def test_nothing_else_is_ever_taken_in(draft, values):
    person = _account()
    other = a_person(**{"is_guest": True, "email": ADDRESS, **values})
    confirmed, other.confirmed_at = other.confirmed_at, clock.now()
    closed, other.closed_at = other.closed_at, None
    db.session.commit()
    comment = ground.say(ground.paragraph(draft), "Not yours.", by=other)
    other.confirmed_at, other.closed_at = confirmed, closed
    db.session.commit()
    assert queries.claimable(person) == (0, [])
    with pytest.raises(Conflict):
        _claim(person)
    db.session.expire_all()
    assert comment.author_id == other.id


@pytest.mark.parametrize(
    "values",
    [{"is_confirmed": False}, {"is_guest": True}, {"email": ""}],
    ids=["unconfirmed", "guest", "no address"],
)
def test_only_a_confirmed_account_can(draft, values):
    comment = ground.say(ground.paragraph(draft), "As a guest.", by=_guest())
    person = a_person(**{"email": ADDRESS, **values})
    assert queries.claimable(person) == (0, [])
    with pytest.raises(NotAllowed):
        _claim(person)
    db.session.expire_all()
    assert comment.author_id != person.id


def test_the_account_says_how_many_and_nothing_moves_without_a_click(draft, visit_as):
    person = _account()
    visitor = visit_as(person)
    assert "made as a guest" not in visitor.get("/account").main.text
    comment = ground.say(ground.paragraph(draft), "As a guest.", by=_guest())
    page = visitor.get("/account")
    assert "You have 1 comment made as a guest with this address." in page.main.text
    page = visitor.get(page.select_one('a[href="/account/claim"]')["href"])
    words = " ".join(page.main.text.split())
    assert "The name beside them now: Nia P." in words
    assert "Nia Probert stands beside them instead" in words
    assert db.session.get(Comment, comment.id).author_id != person.id
    assert visitor.post("/account/claim").location == "/account"
    db.session.expire_all()
    assert db.session.get(Comment, comment.id).author_id == person.id
    assert "1 comment is in your account now" in visitor.get("/account").main.text
    visitor.post("/account/claim")
    assert "There are no comments to take in" in visitor.get("/account").main.text
    assert "No comments were made as a guest" in visitor.get("/account/claim").main.text
