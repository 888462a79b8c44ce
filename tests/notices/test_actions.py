"""The outbox: written with the act, and closed to whoever would add a header."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.errors import DomainError
from consult.extensions import browser, no_browser, transaction
from consult.notices.actions import one_line, plain, send
from consult.notices.models import OutboxMail
from consult.notices.transports import Parcel, message
from tests.accounts.ground import mails
from tests.factories import a_person

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Type",
    "MIME-Version",
]


def test_a_mail_is_due_at_once_and_knows_whom_it_is_for(app):
    person = a_person()
    with transaction():
        send(to=person.email, subject="Hello", body="Words", person=person)
    (mail,) = mails()
    assert (mail.to_address, mail.person_id, mail.attempts) == (person.email, person.id, 0)
    assert mail.due_at == mail.created_at
    assert mail.sent_at is None


def test_a_mail_goes_with_the_act_that_causes_it(app):
    def act():
        with transaction():
            send(to="ann@mail.example", subject="Hello", body="Words")
            raise DomainError("the act failed")

    with pytest.raises(DomainError):
        act()
    assert mails() == []


def test_in_a_demonstration_a_mail_knows_whose_browser_caused_it(app):
    browser.set(lambda: "abc")
    try:
        with transaction():
            send(to="ann@mail.example", subject="Hello", body="Words")
    finally:
        browser.set(no_browser)
    assert mails()[0].browser == "abc"


def test_the_same_mail_asked_for_twice_is_sent_once(app):
    for _ in range(2):
        with transaction():
            send(to="ann@mail.example", subject="Hello", body="Words", once="abcdefgh")
    assert len(mails()) == 1


@pytest.mark.parametrize(
    "to", ["", "ann", "ann@mail.example\nBcc: bob@mail.example", "ann@mail.example, bob@mail.example"]
)
def test_an_address_that_is_not_exactly_one_is_refused(app, to):
    with pytest.raises(ValueError), transaction():
        send(to=to, subject="Hello", body="Words")
    assert mails() == []


def test_a_subject_is_one_line_however_long_it_was(app):
    with transaction():
        send(to="ann@mail.example", subject="Hello\r\nBcc: bob@mail.example " + "x" * 1_000, body="Words")
    (mail,) = mails()
    assert mail.subject.startswith("Hello Bcc: bob")
    assert len(mail.subject) == 200


@given(subject=st.text(), body=st.text(), name=st.text(max_size=80))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
def test_no_words_can_add_a_header(subject, body, name):
    parcel = Parcel(
        id=1,
        message_id="<0a@mail.example>",
        to_address="ann@mail.example",
        subject=one_line(subject),
        body=plain(body),
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        is_test=False,
        attempts=1,
    )
    raw = bytes(message(parcel, sender="consult@site.example", sender_name=one_line(name)))
    mail = message_from_bytes(raw, policy=default)
    assert sorted(mail.keys()) == sorted(HEADERS)
    assert mail["To"] == "ann@mail.example"
    assert mail["From"].addresses[0].addr_spec == "consult@site.example"
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n") == plain(body).rstrip(
        "\n"
    )


@given(st.text())
def test_a_line_for_a_header_shows_all_that_it_holds(words):
    line = one_line(words)
    assert line == " ".join(line.split())
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in line)


def test_the_outbox_row_holds_no_more_than_its_columns(app):
    assert OutboxMail.__table__.c.subject.type.length == 200
