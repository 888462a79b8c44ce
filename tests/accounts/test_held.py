"""What is held about a person, for them to read and take away: all of it, and nothing of anybody else."""

import json
from datetime import timedelta

import pytest

from consult import audit, clock
from consult.accounts import held_words, links
from consult.accounts.held import KINDS as OWN_KINDS
from consult.accounts.models import Identity, Passkey, Purpose, RecoveryCode
from consult.accounts.routes.own_data import KINDS, held_about
from consult.discussion.actions import change_state
from consult.discussion.ledger import also
from consult.discussion.ledger.also import Asker
from consult.discussion.models import BodyKind, State, TeamReply, UnsentComment
from consult.extensions import db, transaction
from consult.moderation.actions import report_comment
from consult.notices.actions import send
from consult.toolkit.unsaved import actions as unsaved
from consult.toolkit.unsaved.models import Use
from consult.toolkit.unsaved.queries import Place
from tests.accounts.ground import somebody
from tests.discussion import ground
from tests.factories import a_guest, a_moderator, a_person, a_session, a_site, an_official
from tests.toolkit.shelf import a_page
from tests.toolkit.suggestions.made import suggested

SECRETS = {"credential": "credential-not-to-tell", "public_key": "public-key-not-to-tell"}


@pytest.fixture(autouse=True)
def _site(app):
    a_site(data_protection_contact="dpo@streets.example")


@pytest.fixture
def full():
    """Somebody of whom one of everything is held."""
    person = somebody(
        name="Nia Probert", pending_email="nia.new@mail.example", totp_secret="sealed-not-to-tell"
    )
    person.totp_set_at = now = clock.now()
    draft = ground.a_draft()
    official = an_official(draft.consultation.unit, name="Tom Ashworth")
    where = ground.paragraph(draft)
    other = ground.say(where, "Somebody else's words.", by=a_person(name="Priya Shah"))
    comment = ground.say(where, "Plant oaks there.", by=person, ask=True)
    comment.terms, comment.on_behalf_of, comment.on_behalf_kind = "2026-11", "Tree Friends", BodyKind.CHARITY
    db.session.commit()
    secret = ground.say(where, "Only for the team.", by=person)
    secret.is_team_only, secret.confidential_reason = True, "It names my employer."
    db.session.add_all(
        [
            RecoveryCode(person_id=person.id, digest="code-not-to-tell", created_at=now),
            Passkey(person_id=person.id, name="My telephone", created_at=now, **SECRETS),
            Identity(person_id=person.id, issuer="https://id.example", subject="nia-7", created_at=now),
            UnsentComment(
                key="unsent",
                person_id=person.id,
                document_id=draft.id,
                paragraph_id=where.id,
                body="Not sent yet.",
                created_at=now,
                updated_at=now,
            ),
            TeamReply(
                key="reply",
                comment_id=secret.id,
                unit_id=draft.consultation.unit_id,
                author_id=official.id,
                body="We have read it.",
                html="",
                created_at=now,
            ),
        ]
    )
    db.session.commit()
    with transaction():
        links.make(Purpose.CHANGE_EMAIL, person)
        report_comment(actor=person, comment=other, reason="abuse", note="It insults me.")
        send(to=person.email, subject="Your comment", body="https://x.example/not-to-tell", person=person)
    question = ground.say(ground.paragraph(draft), "Which trees?", ask=True)
    with transaction():
        also.join_question(actor=person, asker=Asker(person.id), comment=question)
    suggested(a_page("First."), "Second.", by=person)
    with transaction(person):
        unsaved.keep(actor=person, place=Place(Use.SUGGEST), fields={"title": "", "source": "Half a"})
    ground.publish(draft, ground.TEXT.replace("First, we count", "First, we measure"))
    a_session(person)
    return person


def _file_of(browser, address="/account/data.json"):
    response = browser.get(address)
    assert response.status_code == 200
    return response, json.loads(response.get_data(as_text=True))


def test_the_file_holds_one_of_every_kind(full, sign_in):
    _response, content = _file_of(sign_in(full))
    empty = {kind.name for kind in KINDS if not content[kind.name]}
    assert empty == {
        "appeals",
        "complaints",
        "holds",
        "messages",
        "taken_out",
        "parts",
        "official_replies",
        "drafts_and_notes",
        "follows",
        "gap_mails",
    }
    assert list(content) == ["site", "address", "made_at", *(kind.name for kind in KINDS)]
    assert content["account"][0]["email"] == full.email
    assert content["account"][0]["email_to_be_confirmed"] == "nia.new@mail.example"
    assert content["passkeys"][0]["name"] == "My telephone"
    assert content["identities"][0] == {
        "provider": "https://id.example",
        "known_there_as": "nia-7",
        "made_at": content["identities"][0]["made_at"],
        "last_used_at": None,
    }
    assert content["second_step"][0]["recovery_codes_left"] == 1
    assert content["unsent"][0]["words"] == "Not sent yet."
    assert content["answers_to_team_only"][0]["words"] == "We have read it."
    assert content["reports"][0]["note"] == "It insults me."
    assert (content["suggestions"][0]["words"], content["suggestions"][0]["page"]) == ("Second.", "A page")
    assert content["unsaved_pages"][0]["typed"] == "source: Half a"
    assert content["mails"][0]["subject"] == "Your comment"
    assert content["changes"][0]["what"] == "edited"


def test_a_comment_comes_with_its_paragraph_as_it_was_seen_and_all_that_was_said_of_it(full):
    secret, comment = held_about(full)["comments"]
    assert comment["paragraph_as_you_saw_it"] == "First, we count the trees."
    assert (comment["words"], comment["kind"], comment["state"]) == (
        "Plant oaks there.",
        "question",
        "published",
    )
    assert (comment["terms"], comment["on_behalf_of"], comment["on_behalf_kind"]) == (
        "2026-11",
        "Tree Friends",
        "charity",
    )
    assert (comment["version"], comment["channel"]) == (1, "web")
    assert secret["is_team_only"]
    assert secret["confidential_reason"] == "It names my employer."


def test_decisions_say_what_the_author_was_told_and_never_who(app):
    person, draft = a_person(), ground.a_draft()
    moderator = a_moderator(draft.consultation.unit.organisation, name="Miriam Stone")
    comment = ground.say(ground.paragraph(draft), "Ask Mr Pugh.", by=person)
    with transaction(moderator):
        change_state(
            actor=moderator,
            comment=comment,
            after=State.TAKEN_DOWN,
            reason="private_person",
            note="Leave names out.",
        )
    with transaction(moderator):
        change_state(
            actor=moderator, comment=comment, after=State.PUBLISHED, note="Between us: keep an eye on her."
        )
    decisions = held_about(person)["comments"][0]["decisions"]
    assert [(row["by"], row["after"], row["note"]) for row in decisions] == [
        ("a rule", "published", ""),
        ("a moderator", "taken_down", "Leave names out."),
        ("a moderator", "published", ""),
    ]
    assert "Miriam Stone" not in json.dumps(decisions, default=str)


def test_the_file_tells_no_secret_and_nothing_of_others(full, sign_in):
    response, _content = _file_of(sign_in(full))
    text = response.get_data(as_text=True)
    for secret in ("not-to-tell", full.password_hash, "Priya Shah", "Somebody else", "Tom Ashworth"):
        assert secret not in text
    assert full.password_hash.startswith("$argon2")


def test_the_file_is_to_be_saved_and_kept_nowhere(full, sign_in):
    response, content = _file_of(sign_in(full))
    assert response.headers["Content-Disposition"].startswith('attachment; filename="my-data-20')
    assert response.headers["Cache-Control"] == "no-store"
    assert content["address"].startswith("http://127.0.0.1:8000/")


def test_the_page_shows_every_kind_in_words(full, visit_as):
    page = visit_as(full).get("/account/data")
    assert [heading.get("id") for heading in page.main.select("section[aria-labelledby] > h2")] == [
        kind.name for kind in KINDS
    ]
    words = page.main.text
    for shown in ("Plant oaks there.", "It names my employer.", "My telephone", "nia-7", "Tree Friends"):
        assert shown in words
    assert "not-to-tell" not in page.text
    assert "None" not in words
    assert "dpo@streets.example" in page.text


def test_every_field_that_comes_out_has_a_name(full):
    def fields(rows):
        for row in rows:
            for name, value in row.items():
                yield name
                if isinstance(value, list):
                    yield from fields(value)

    found = {name for rows in held_about(full).values() for name in fields(rows)}
    assert found <= set(held_words.NAMES)


def test_of_many_the_page_shows_the_newest_and_the_file_all(visit_as, sign_in):
    person = a_person()
    where = ground.paragraph(ground.a_draft())
    for number in range(23):
        ground.say(where, f"Number {number}.", by=person)
    words = visit_as(person).get("/account/data").main.text
    assert "The newest 20 of 23 are shown here" in words
    assert "Number 22." in words
    assert "Number 2." not in words
    _response, content = _file_of(sign_in(person))
    assert len(content["comments"]) == 23


def test_a_guest_takes_away_their_own_and_an_account_comes_to_its_own(sign_in, client):
    guest, where = a_guest(), ground.paragraph(ground.a_draft())
    ground.say(where, "As a guest.", by=guest)
    _response, content = _file_of(sign_in(guest), "/guest/data.json")
    assert content["account"][0]["is_guest"]
    assert [row["words"] for row in content["comments"]] == ["As a guest."]
    assert sign_in(guest).get("/account/data.json").status_code == 303
    assert client.get("/guest/data.json").status_code == 303
    assert client.get("/account/data").status_code == 303


def test_what_an_official_did_is_held_as_that(app):
    draft = ground.a_draft()
    official = an_official(draft.consultation.unit, title="Head of streets")
    ground.answer(ground.say(ground.paragraph(draft), "Why?", ask=True), by=official)
    held = held_about(official)
    assert held["parts"][0]["title"] == "Head of streets"
    assert held["parts"][0]["unit"] == draft.consultation.unit.name
    assert held["official_replies"][0]["title"] == "Head of streets"
    assert {(row["about"], row["by"]) for row in held["record"]} == {("response", "you"), ("desk_act", "you")}


def test_the_record_names_no_numbers_of_things_and_nobody_else(app):
    person, administrator = a_person(), a_person()
    with transaction():
        audit.record("account.disable", f"person:{person.id}", actor_id=administrator.id)
        audit.record("comment.post", "comment:77", actor_id=person.id)
    rows = held_about(person)["record"]
    assert [(row["act"], row["about"], row["by"]) for row in rows] == [
        ("comment.post", "comment", "you"),
        ("account.disable", "you", "somebody else"),
    ]


def test_links_say_what_they_were_for(app):
    person = a_person()
    with transaction():
        links.make(Purpose.RESET_PASSWORD, person)
    (row,) = held_about(person)["links"]
    assert row["purpose"] == "reset_password"
    assert row["expires_at"] - row["made_at"] == timedelta(hours=links.HOURS)


def test_this_room_has_kinds_of_its_own():
    assert {kind.name for kind in OWN_KINDS} < {kind.name for kind in KINDS}
