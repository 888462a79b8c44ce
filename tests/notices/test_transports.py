"""Ways out: files, and a real mail server on this machine."""

import asyncio
import socket
import stat
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from consult.notices import transports
from consult.notices.transports import Files, Parcel, Refused, Smtp, message, transport_for

PARCEL = Parcel(
    id=1,
    message_id="<0123abcd@site.example>",
    to_address="ann@mail.example",
    subject="Grüße – your comment",
    body="Hello,\n\nhttp://127.0.0.1:8000/confirm/abc\n.\nA line that begins with a dot above.\n",
    created_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    is_test=False,
    attempts=1,
)


def _mail(**changes):
    parcel = Parcel(**{**PARCEL.__dict__, **changes})
    return message(parcel, sender="consult@site.example", sender_name="Streets, Places & Co")


class Inbox:
    """Keeps what it is sent; refuses addresses that say how."""

    def __init__(self):
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("gone"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if b"Unwanted" in envelope.content:
            return "554 not wanted"
        self.taken.append(envelope)
        return "250 taken"


def _server(handler, **options):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    return controller


@pytest.fixture
def inbox():
    handler = Inbox()
    controller = _server(handler)
    handler.port = controller.port
    yield handler
    controller.stop()


def test_a_mail_says_who_and_what_and_that_a_machine_wrote_it():
    mail = message_from_bytes(bytes(_mail()), policy=default)
    assert mail["From"].addresses[0].display_name == "Streets, Places & Co"
    assert mail["To"] == "ann@mail.example"
    assert mail["Subject"] == "Grüße – your comment"
    assert mail["Message-ID"] == "<0123abcd@site.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == PARCEL.created_at
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "http://127.0.0.1:8000/confirm/abc\n" in plain.replace("\r\n", "\n")
    assert '<a href="http://127.0.0.1:8000/confirm/abc">' in html
    assert "http" not in html.replace("http://127.0.0.1:8000/", ""), "nothing is fetched from elsewhere"
    assert mail["References"] is mail["List-Unsubscribe"] is None


def test_mails_about_one_thing_are_tied_together_and_can_be_left():
    leave = "http://127.0.0.1:8000/follow/leave/" + "a" * 48
    first, second = (
        message_from_bytes(bytes(_mail(message_id=name, thread="thread-abc", leave=leave)), policy=default)
        for name in ("<1@site.example>", "<2@site.example>")
    )
    assert first["References"] == second["References"] == second["In-Reply-To"]
    assert first["References"].endswith("@site.example>")
    assert first["List-Unsubscribe"] == f"<{leave}>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_file_is_whole_and_its_owners_alone(tmp_path):
    with Files(tmp_path / "mail").open() as line:
        line.send(_mail())
    (path,) = (tmp_path / "mail").iterdir()
    assert path.name == "0123abcd@site.example.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert message_from_bytes(path.read_bytes(), policy=default)["To"] == "ann@mail.example"


def test_a_folder_that_cannot_be_written_refuses_the_mail(tmp_path):
    blocked = tmp_path / "mail"
    with Files(blocked).open() as line:
        blocked.rmdir()
        with pytest.raises(Refused) as refused:
            line.send(_mail())
    assert not refused.value.is_final


def test_a_message_id_is_no_way_out_of_the_folder(tmp_path):
    with Files(tmp_path / "mail").open() as line:
        line.send(_mail(message_id="<../../evil@site.example>"))
    assert [path.parent for path in tmp_path.rglob("*.eml")] == [tmp_path / "mail"]


def test_a_mail_server_takes_mails_over_one_connection(inbox):
    with Smtp("127.0.0.1", inbox.port, "", "", is_tls_from_start=False).open() as line:
        line.send(_mail())
        line.send(_mail(to_address="bob@mail.example"))
    assert [envelope.rcpt_tos for envelope in inbox.taken] == [["ann@mail.example"], ["bob@mail.example"]]
    assert inbox.taken[0].mail_from == "consult@site.example"
    mail = message_from_bytes(inbox.taken[0].content, policy=default)
    content = mail.get_body(("plain",)).get_content()
    assert content.replace("\r\n", "\n") == PARCEL.body


@pytest.mark.parametrize(("to", "is_final"), [("gone@mail.example", True), ("later@mail.example", False)])
def test_a_refused_address_is_final_only_when_the_server_says_so(inbox, to, is_final):
    with Smtp("127.0.0.1", inbox.port, "", "", is_tls_from_start=False).open() as line:
        with pytest.raises(Refused) as refused:
            line.send(_mail(to_address=to))
        line.send(_mail())
    assert refused.value.is_final is is_final
    assert "mail.example" not in refused.value.code
    assert len(inbox.taken) == 1


def test_a_mail_that_the_server_will_not_have_is_given_up(inbox):
    way = Smtp("127.0.0.1", inbox.port, "", "", is_tls_from_start=False)
    with way.open() as line, pytest.raises(Refused) as refused:
        line.send(_mail(subject="Unwanted"))
    assert refused.value.is_final


def test_a_server_that_is_not_there_is_no_reason_to_give_up():
    with pytest.raises(Refused) as refused, Smtp("127.0.0.1", 1, "", "", is_tls_from_start=False).open():
        pass
    assert not refused.value.is_final


def test_signing_in_to_a_mail_server(tmp_path):
    def check(server, session, envelope, mechanism, data):
        is_right = (data.login, data.password) == (b"us", b"pa ss")
        return AuthResult(success=is_right, handled=is_right)

    handler = Inbox()
    controller = _server(handler, authenticator=check, auth_require_tls=False, auth_required=True)
    try:
        port = controller.port
        way = transport_for(f"smtp://us:pa%20ss@127.0.0.1:{port}", tmp_path)
        with way.open() as line:
            line.send(_mail())
        wrong = transport_for(f"smtp://us:wrong@127.0.0.1:{port}", tmp_path)
        with pytest.raises(Refused) as refused, wrong.open():
            pass
    finally:
        controller.stop()
    assert len(handler.taken) == 1
    assert not refused.value.is_final
    assert refused.value.code == "sign-in refused 535"


def test_a_password_never_travels_in_the_clear_to_another_machine(monkeypatch):
    handler = Inbox()
    controller = _server(handler)
    try:
        way = Smtp("127.0.0.1", controller.port, "us", "secret", is_tls_from_start=False)
        monkeypatch.setattr(transports, "LOOPBACK", frozenset())
        with pytest.raises(Refused, match="no encryption"), way.open():
            pass
    finally:
        controller.stop()


def test_a_server_that_hangs_up_puts_the_mail_off():
    class Rude(Inbox):
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            server.transport.close()
            await asyncio.sleep(0)
            return "250 gone"

    controller = _server(Rude())
    try:
        with (
            Smtp("127.0.0.1", controller.port, "", "", is_tls_from_start=False).open() as line,
            pytest.raises(Refused) as refused,
        ):
            line.send(_mail())
    finally:
        controller.stop()
    assert not refused.value.is_final


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("file:", Files(Path("/site/mail"))),
        ("file:/var/mail-out", Files(Path("/var/mail-out"))),
        ("smtp://mail.example", Smtp("mail.example", 587, "", "", False)),
        ("smtp://u%40x:p%3Aw@mail.example:25", Smtp("mail.example", 25, "u@x", "p:w", False)),
        ("smtps://mail.example", Smtp("mail.example", 465, "", "", True)),
    ],
)
def test_the_setting_names_the_way_out(url, expected):
    assert transport_for(url, Path("/site")) == expected


def test_only_a_mail_server_counts_as_real():
    assert not transport_for("file:", Path("/site")).is_real
    assert transport_for("smtp://mail.example", Path("/site")).is_real
