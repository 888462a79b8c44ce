"""Ways in which a mail leaves: as a file in the instance folder, or by SMTP. Pure of database and web."""

import hashlib
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import ClassVar, Protocol
from urllib.parse import unquote, urlsplit

from consult.notices.headers import encoded, mailbox, one_line
from consult.notices.paper import as_html, blocks_of

TIMEOUT = 20.0  # seconds for each step of a conversation with a mail server
AS_WRITTEN = SMTP.clone(refold_source="none")  # headers that we fold stay as they are
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Refused(Exception):
    """The mail was not taken. `code` tells why without any address; trying again is no use when `is_final`."""

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final


@dataclass(frozen=True)
class Parcel:
    """A mail on its way, apart from the row that keeps it."""

    id: int
    message_id: str
    to_address: str
    subject: str
    body: str
    created_at: datetime
    is_test: bool
    attempts: int
    unit_name: str = ""  # who it is from; the site where nobody is named
    thread: str = ""  # ties mails about one thing together
    follower_id: int | None = None
    tells: str = ""  # of what words are made when it leaves
    html: str = ""
    leave: str = ""  # where whoever gets it stops such mails by one click


def message(parcel: Parcel, *, sender: str, sender_name: str) -> EmailMessage:
    """Return the mail as it goes out. The headers ask machines not to answer it, and hold but words."""
    mail = EmailMessage(policy=AS_WRITTEN)
    mail.set_raw("From", mailbox(parcel.unit_name or sender_name, sender))
    mail["To"] = Address(addr_spec=parcel.to_address)
    mail.set_raw("Subject", encoded(parcel.subject, "Subject"))
    mail["Date"] = format_datetime(parcel.created_at)
    mail["Message-ID"] = parcel.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    _tie(mail, parcel)
    if parcel.leave:  # RFC 8058: a mail program leaves by a POST of its own
        mail.set_raw("List-Unsubscribe", f"<{parcel.leave}>")
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(parcel.body, cte="quoted-printable")
    html = parcel.html or as_html(one_line(parcel.subject), blocks_of(parcel.body))
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail


def _tie(mail: EmailMessage, parcel: Parcel) -> None:
    """Refer to a message that never was, the same for all mails about one thing: programs show them together."""
    if parcel.thread:
        name = hashlib.sha256(parcel.thread.encode()).hexdigest()[:32]
        first = f"<{name}@{parcel.message_id.rstrip('>').rpartition('@')[2]}>"
        mail["In-Reply-To"] = first
        mail["References"] = first


class Line(Protocol):
    """An open way out."""

    def send(self, mail: EmailMessage) -> None:
        """Hand one mail over for delivery, or raise Refused."""


class Transport(Protocol):
    """A way out that can be opened; `is_real` says whether mail goes to people or stays here."""

    @property
    def is_real(self) -> bool: ...

    def open(self) -> AbstractContextManager[Line]: ...


@dataclass(frozen=True)
class Files:
    """Each mail becomes a `.eml` file, whole or not at all, which only its owner can read."""

    folder: Path
    is_real: ClassVar[bool] = False

    @contextmanager
    def open(self) -> Iterator[Line]:
        self.folder.mkdir(parents=True, exist_ok=True)
        yield self

    def send(self, mail: EmailMessage) -> None:
        name = "".join(letter for letter in mail["Message-ID"] if letter.isalnum() or letter in "-_.@")
        half = self.folder / f".{name}.part"
        try:
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(bytes(mail))
                file.flush()
                os.fsync(file.fileno())
            half.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise Refused(f"file {error.__class__.__name__} {error.errno}") from error


@dataclass(frozen=True)
class Smtp:
    """A mail server. Passwords travel encrypted only, save to this very machine."""

    host: str
    port: int
    user: str
    password: str
    is_tls_from_start: bool
    is_real: ClassVar[bool] = True

    @contextmanager
    def open(self) -> Iterator[Line]:
        server = self._connect()
        try:
            yield _SmtpLine(server)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            return self._greet()
        except smtplib.SMTPAuthenticationError as error:
            raise Refused(f"sign-in refused {error.smtp_code}") from error
        except smtplib.SMTPResponseException as error:
            raise Refused(f"server {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Refused(f"no connection: {error.__class__.__name__}") from error

    def _greet(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.is_tls_from_start:
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            server.ehlo()
            if not self.is_tls_from_start and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not self.is_tls_from_start and self.user and self.host not in LOOPBACK:
                raise Refused("the server offers no encryption")
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True)
class _SmtpLine:
    server: smtplib.SMTP

    def send(self, mail: EmailMessage) -> None:
        try:
            # the envelope is ours: a name in a header never says where a mail goes
            sender, to = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
            self.server.send_message(mail, from_addr=sender, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise Refused(f"address refused {code}", is_final=500 <= code < 600) from error
        except smtplib.SMTPResponseException as error:
            raise Refused(f"server {error.smtp_code}", is_final=_is_about_the_mail(error)) from error
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Refused(f"no delivery: {error.__class__.__name__}") from error


def _is_about_the_mail(error: smtplib.SMTPResponseException) -> bool:
    """Say whether a refusal is for good: of this content, and not of us or for today."""
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def transport_for(mail_url: str, instance: Path) -> Transport:
    """Return the way out that CONSULT_MAIL_URL names."""
    parts = urlsplit(mail_url)
    if parts.scheme == "file":
        return Files(Path(parts.path) if parts.path else instance / "mail")
    is_tls = parts.scheme == "smtps"
    return Smtp(
        host=parts.hostname or "",
        port=parts.port or (465 if is_tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls_from_start=is_tls,
    )
