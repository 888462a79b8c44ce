"""The site, its organisations and units, the people on it and the parts they play."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
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
    mail_tested_at: Mapped[datetime | None]


class OrganisationKind(enum.Enum):
    CENTRAL = "central"
    LOCAL = "local"
    DEVOLVED = "devolved"
    AGENCY = "agency"
    OTHER = "other"


class Organisation(Model):
    """A public body that consults."""

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[OrganisationKind]
    about: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    units: Mapped[list["Unit"]] = relationship(back_populates="organisation", order_by="Unit.name")

    @property
    def organisation_id(self) -> int:
        """An organisation belongs to itself, so that permissions can ask any thing the same question."""
        return self.id


class Unit(Model):
    """A team that writes drafts and answers for them.

    `promise_days` is how many working days it allows itself to answer a question.
    `image_hosts` are the hosts, one a line, from which its drafts may show pictures.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    telephone: Mapped[str] = mapped_column(String(80), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    promise_days: Mapped[int] = mapped_column(default=5)
    image_hosts: Mapped[str] = mapped_column(Text, default="")
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


class Person(Model):
    """Somebody with an account. `session_version` is raised to end every session at once."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    roles: Mapped[list["Role"]] = relationship(
        back_populates="person",
        lazy="selectin",
        foreign_keys="Role.person_id",
        cascade="save-update, merge, expunge",
    )

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_anonymous(self) -> bool:
        return False

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    def get_id(self) -> str:
        """Return what the session keeps: an old cookie fails once `session_version` has moved on."""
        return f"{self.id}.{self.session_version}"

    def plays(self, part: Part, *, unit_id: int | None = None, organisation_id: int | None = None) -> bool:
        """Say whether this person plays `part`: anywhere, or in the unit or organisation that is named.

        A role without an organisation (an administrator or editor of the whole site) holds everywhere.
        """
        return any(role.covers(part, unit_id, organisation_id) for role in self.roles)


class Role(Model):
    """One part that one person plays, somewhere: an official in a unit, a moderator in an organisation.

    Rows are ended, never deleted: who could do what at the time must stay known.
    """

    __table_args__ = (Index(None, "organisation_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    part: Mapped[Part]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])

    def covers(self, part: Part, unit_id: int | None, organisation_id: int | None) -> bool:
        if self.part is not part or self.ended_at is not None:
            return False
        if unit_id is not None and self.unit_id != unit_id:
            return False
        return organisation_id is None or self.organisation_id in (None, organisation_id)


class Purpose(enum.Enum):
    """What a link in a mail is good for; a link for one purpose is refused for any other."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    FIRST_ADMINISTRATOR = "first_administrator"


class OneTimeLink(Model):
    """A link that works once, for one purpose, until it expires. Only the digest of its token is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[Purpose]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
