"""The site, its organisations and units, the people on it and the parts they play."""

import enum
import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Integer, String, Text, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.extensions import Model


class Site(Model):
    """The one row that says what this site is. Without it the site has not been set up.

    `stamp` is raised by whatever changes on every page: the name, the contact, who runs it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    is_demonstration: Mapped[bool]
    created_at: Mapped[datetime]
    stamp: Mapped[int] = mapped_column(default=1)
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_telephone: Mapped[str] = mapped_column(String(80), default="")
    contact_address: Mapped[str] = mapped_column(Text, default="")
    controller: Mapped[str] = mapped_column(String(200), default="")
    data_protection_contact: Mapped[str] = mapped_column(String(254), default="")
    privacy_notice: Mapped[str] = mapped_column(Text, default="")
    privacy_notice_html: Mapped[str] = mapped_column(Text, default="")
    accessibility_contact: Mapped[str] = mapped_column(String(254), default="")
    accessibility_known_problems: Mapped[str] = mapped_column(Text, default="")
    accessibility_prepared_on: Mapped[str] = mapped_column(String(10), default="")
    enforcement_body: Mapped[str] = mapped_column(
        String(200), default="Equality and Human Rights Commission (EHRC)"
    )
    retention_months: Mapped[int] = mapped_column(default=12)
    mail_tested_at: Mapped[datetime | None]  # a mail server took a test mail
    mail_received_at: Mapped[datetime | None]  # and somebody opened the link in it
    backed_up_at: Mapped[datetime | None]
    restored_at: Mapped[datetime | None]  # a back-up was restored into an empty place, and counted the same


class OrganisationKind(enum.Enum):
    CENTRAL = "central"
    LOCAL = "local"
    DEVOLVED = "devolved"
    AGENCY = "agency"
    OTHER = "other"


class Signing(enum.Enum):
    """What stands under an official answer: who wrote it, or their part in the unit alone."""

    NAME = "name"
    ROLE = "role"


class Organisation(Model):
    """A public body that consults.

    `signs_with` says how its officials sign, for their safety decided for all of them. `information_contact` is who
    sees to requests for information in it; empty where nobody was named. `minimum_weeks` is for how long it means to
    consult at least, by a rule of its own; None where it has none.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[OrganisationKind]
    about: Mapped[str] = mapped_column(Text, default="")
    signs_with: Mapped[Signing] = mapped_column(default=Signing.NAME)
    information_contact: Mapped[str] = mapped_column(String(254), default="")
    minimum_weeks: Mapped[int | None]
    created_at: Mapped[datetime]

    units: Mapped[list["Unit"]] = relationship(back_populates="organisation", order_by="Unit.name")

    @property
    def organisation_id(self) -> int:
        """An organisation belongs to itself, so that permissions can ask any thing the same question."""
        return self.id


class Unit(Model):
    """A team that writes drafts and answers for them.

    `promise_days` is how many working days it allows itself to answer a question; None when it answers at the end.
    `image_hosts` are the hosts, one a line, from which its drafts may show pictures. `retention_months` is how long
    after an outcome the addresses of its guests are kept; None for as long as the site says. `clearing_role` is who
    clears answers before they are out ("Press office"), as this unit calls it; empty where nobody does. With
    `needs_clearance` none goes out without.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    telephone: Mapped[str] = mapped_column(String(80), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    promise_days: Mapped[int | None] = mapped_column(Integer().evaluates_none(), default=5)
    image_hosts: Mapped[str] = mapped_column(Text, default="")
    retention_months: Mapped[int | None]
    clearing_role: Mapped[str] = mapped_column(String(80), default="")
    needs_clearance: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(back_populates="units", lazy="joined", innerjoin=True)

    @property
    def unit_id(self) -> int:
        return self.id

    @property
    def image_host_set(self) -> frozenset[str]:
        return frozenset(self.image_hosts.split())


class Part(enum.Enum):
    """The parts a person can play; taking part as a member of the public needs none of them."""

    OFFICIAL = "official"
    MODERATOR = "moderator"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


class Pace(enum.Enum):
    """How soon somebody is told."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Person(Model):
    """Somebody with an account, or a guest. `session_version` is raised to end every session at once.

    An account has an address to itself. A guest has none but a name and an address that a link confirmed: one row
    for each pair of them, so that two names are not tied together because one address stands behind both. An empty
    address is one that was deleted, or of somebody whose words an official recorded.
    """

    __table_args__ = (
        Index(
            "uq_person_account",
            "email",
            unique=True,
            sqlite_where=text("is_guest = 0 AND email != ''"),
            postgresql_where=text("NOT is_guest AND email != ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), index=True)
    is_guest: Mapped[bool] = mapped_column(default=False)
    pending_email: Mapped[str] = mapped_column(String(254), default="")  # waits to be confirmed
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    session_version: Mapped[int] = mapped_column(default=1)
    totp_secret: Mapped[str] = mapped_column(String(300), default="")  # sealed with the key of the site
    totp_step: Mapped[int | None]  # the last step of time whose code was used: none is taken twice
    totp_set_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]  # by its owner; the name and the address are gone then
    last_signed_in_at: Mapped[datetime | None]
    wants_gap_mail: Mapped[bool] = mapped_column(default=True)  # on Mondays, of who plays a part
    wants_suggestion_mail: Mapped[bool] = mapped_column(default=True)  # of who edits the toolkit
    wants_wave_mail: Mapped[bool] = mapped_column(
        default=True
    )  # of who moderates: far more come in than usual
    returned_pace: Mapped[Pace] = mapped_column(default=Pace.DAILY)  # of questions that come back to the desk

    roles: Mapped[list["Role"]] = relationship(
        back_populates="person",
        lazy="selectin",
        foreign_keys="Role.person_id",
        cascade="save-update, merge, expunge",
    )

    # Of who is signed in without the second step that their parts need: the parts do not count. Not stored: the door
    # (`web.access`) says so of each session.
    is_held_back = False

    @property
    def is_authenticated(self) -> bool:
        """Say whether this is an account: a guest is known by a link, and signed in to nothing."""
        return not self.is_guest

    @property
    def is_anonymous(self) -> bool:
        return self.is_guest

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None and self.closed_at is None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    def get_id(self) -> str:
        """Return what the session keeps; `accounts.routes.sessions` adds the key of the session's own row."""
        return str(self.id)

    def plays(self, part: Part, *, unit_id: int | None = None, organisation_id: int | None = None) -> bool:
        """Say whether this person plays `part`: anywhere, or in the unit or organisation that is named.

        A role without an organisation (an administrator or editor of the whole site) holds everywhere.
        """
        return any(role.covers(part, unit_id, organisation_id) for role in self.parts)

    @property
    def parts(self) -> list["Role"]:
        """Return the parts that this person plays now: what every permission asks."""
        if self.is_held_back:
            return []
        return [role for role in self.roles if role.is_played]


class Role(Model):
    """One part that one person plays, somewhere: an official in a unit, a moderator in an organisation.

    Rows are ended, never deleted: who could do what at the time must stay known. A part counts from `accepted_at`
    on: until then it is an invitation. `granted_by` names the provider whose claims gave it, empty for a person.
    An official who `may_clear` clears the answers of units of the same organisation before they are out.
    """

    __table_args__ = (Index(None, "organisation_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    part: Mapped[Part]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(80), default="")
    granted_by: Mapped[str] = mapped_column(String(24), default="")
    may_clear: Mapped[bool] = mapped_column(default=False)
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])

    @property
    def is_played(self) -> bool:
        """Say whether the part counts now: accepted, and not ended."""
        return self.accepted_at is not None and self.ended_at is None

    @classmethod
    def played(cls) -> ColumnElement[bool]:
        """Return in SQL what `is_played` says."""
        return and_(cls.accepted_at.is_not(None), cls.ended_at.is_(None))

    def covers(self, part: Part, unit_id: int | None, organisation_id: int | None) -> bool:
        if self.part is not part or not self.is_played:
            return False
        if unit_id is not None and self.unit_id != unit_id:
            return False
        return organisation_id is None or self.organisation_id in (None, organisation_id)


class Purpose(enum.Enum):
    """What a link in a mail is good for; a link for one purpose is refused for any other."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    FIRST_ADMINISTRATOR = "first_administrator"
    CONFIRM_COMMENT = "confirm_comment"  # of a guest
    GUEST_RETURN = "guest_return"  # a guest comes back to what they wrote
    CHANGE_EMAIL = "change_email"
    INVITATION = "invitation"
    PASSKEY = "passkey"  # a challenge that a passkey answered
    MAIL_RECEIVED = "mail_received"  # the test mail of the first day arrived


class OneTimeLink(Model):
    """A link that works once, for one purpose, until it expires. Only the digest of its token is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))  # of an invitation
    purpose: Mapped[Purpose]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignedIn(Model):
    """One session: a browser in which somebody is signed in, or known as a guest. Only the digest of its key is kept.

    `version` is the person's `session_version` when it began: it is over once that has moved on. `proved_at` is when
    they last gave a password, a code or a passkey, `second_step_at` when the second of two. `device` is what the
    browser said of itself, in a few words.
    """

    __tablename__ = "signed_in"
    __table_args__ = (Index("ix_signed_in_person", "person_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[int]
    device: Mapped[str] = mapped_column(String(120), default="")
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    proved_at: Mapped[datetime]
    second_step_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """Return what names the session in an address: it opens nothing, and tells nobody how many there are."""
        return self.digest[:16]


class RecoveryCode(Model):
    """A code that stands in once for a second step that was lost. Only its digest is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Model):
    """A key of somebody's device that serves as the second step (WebAuthn level 2)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)  # its id, in base64url
    public_key: Mapped[str] = mapped_column(Text)  # COSE, in base64url
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    @property
    def key(self) -> str:
        """Return what names the passkey in an address, and tells nobody how many there are."""
        return hashlib.sha256(self.credential.encode()).hexdigest()[:16]


class Identity(Model):
    """Who a person is to a provider of single sign-on: its `issuer` and the `subject` it knows them by."""

    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class RefusedAddress(Model):
    """An address whose owner said "this was not me": no link is sent to it for a while. Only a keyed digest is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    refused_at: Mapped[datetime]
