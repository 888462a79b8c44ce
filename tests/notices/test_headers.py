"""Whatever stands in a name, a subject or a text: one mail goes to one address, with the headers that we wrote."""

import smtplib
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.accounts.addresses import as_stored
from consult.notices.actions import plain
from consult.notices.headers import LONGEST, one_line
from consult.notices.transports import Smtp, message
from tests.notices.test_transports import PARCEL, Inbox, _server

OURS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"]
OF_THE_BODY = ["MIME-Version", "Content-Type"]
SENDER = "consult@site.example"
ATTACKS = (
    "Bcc: eve@evil.example",
    "\r\nBcc: eve@evil.example",
    "\nTo: eve@evil.example\n\nAnother body",
    "\rBcc: eve@evil.example",
    "a\u2028Bcc: eve@evil.example",
    "a\u2029b\x85c\x0bd\x0ce\x1cf\x1dg\x1eh",
    "a\0b",
    "=?utf-8?q?=0d=0aBcc:_eve@evil.example?=",
    "=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
    "=?utf-8?q?a?= =?utf-8?q?=0aBcc:x?=",
    "==?utf-8?q?=0aBcc:x?=?utf-8?q?=0aBcc:x?=",
    "=\u200b?utf-8?q?=0aBcc:x?=",
    "Eve <eve@evil.example>,",
    '", <eve@evil.example>, "',
    "Streets, Places & Co; eve@evil.example:",
    "(a comment \\",
    '\\"\\',
    "é" * 150,
    "x" * 400,
    "Plätze, Straßen und Wege " * 12,
    "\u202egnp.exe\u202c",
    "🏳️‍🌈 " * 40,
    "\ud800 half a letter",
    "",
    " ",
)
WORDS = st.one_of(
    st.sampled_from(ATTACKS),
    st.lists(
        st.sampled_from([*ATTACKS, "oak", "=", "?", "=?", "\r", "\n", ",", "<", ">", '"', "é", " "]),
        max_size=8,
    ).map("".join),
    st.text(max_size=250),
)


def _written(subject: str, name: str, body: str):
    parcel = replace(PARCEL, subject=subject, body=plain(body))
    return message(parcel, sender=SENDER, sender_name=name)


def _check(raw: bytes, subject: str, name: str, body: str) -> None:
    mail = message_from_bytes(raw, policy=default)
    assert mail.keys() == OURS + OF_THE_BODY
    assert [address.addr_spec for address in mail["From"].addresses] == [SENDER]
    # read by the older parser, which joins encoded words that stand side by side, as RFC 2047 wants
    shown = str(make_header(decode_header(message_from_bytes(raw)["From"])))
    assert " ".join(shown.split()) == f"{one_line(name)} <{SENDER}>".strip()
    assert [address.addr_spec for address in mail["To"].addresses] == [PARCEL.to_address]
    assert mail["Subject"] == one_line(subject)
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n") == plain(body).rstrip(
        "\n"
    )
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322, section 2.1.1
    assert b"\0" not in raw


@settings(deadline=None)
@given(WORDS, WORDS, WORDS)
def test_no_words_add_a_header_or_an_address_or_change_the_text(subject, name, body):
    _check(bytes(_written(subject, name, body)), subject, name, body)


@given(WORDS)
def test_what_stands_in_a_header_is_one_short_line(words):
    line = one_line(words)
    assert line == one_line(line)
    assert len(line) <= LONGEST
    assert len(line.splitlines()) <= 1
    assert "=?" not in line


@pytest.fixture(scope="module")
def inbox():
    handler = Inbox()
    controller = _server(handler)
    handler.port = controller.port
    yield handler
    controller.stop()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(WORDS, WORDS, WORDS)
def test_a_real_mail_server_takes_one_mail_for_one_address(inbox, subject, name, body):
    inbox.taken.clear()
    with Smtp("127.0.0.1", inbox.port, "", "", is_tls_from_start=False).open() as line:
        line.send(_written(subject, name, body))
    (envelope,) = inbox.taken
    assert envelope.rcpt_tos == [PARCEL.to_address]
    assert envelope.mail_from == SENDER
    _check(envelope.content, subject, name, body)


@settings(deadline=None)
@given(
    st.one_of(
        WORDS,
        WORDS.map(lambda words: f"ann{words}@mail.example"),
        WORDS.map(lambda w: f"ann@mail.example{w}"),
    )
)
def test_an_address_is_one_plain_address_or_none(typed):
    try:
        kept = as_stored(typed)
    except ValueError:
        return
    assert kept.count("@") == 1
    assert kept.isascii()
    assert kept.isprintable()
    assert not set(kept) & set(' ,;:<>()[]"\\')
    smtplib.quoteaddr(kept)
    mail = message_from_bytes(
        bytes(message(replace(PARCEL, to_address=kept), sender=SENDER, sender_name="")), policy=default
    )
    assert [address.addr_spec for address in mail["To"].addresses] == [kept]
