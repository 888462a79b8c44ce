"""What people are told: events about what they said, and the outbox, written in the transaction of the act.

A mail leaves from the outbox; an event is read in the account.
"""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Pace as Pace
from consult.extensions import Model


def _index_of(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of some of the rows alone, on either database."""
    some = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=some, postgresql_where=some)


class OutboxMail(Model):
    """One mail to one address. `browser` is set in a demonstration alone: whose act caused it.

    A mail is due when `sent_at` and `dead_at` are empty and `due_at` has passed; `leased_until` keeps two
    dispatchers from sending it twice.

    A mail to a follower holds no words: `tells` names what it is to tell (`notices.telling`), and is made into words
    when it leaves, from what is public then. `thread` is the id that ties mails about one thing together, `unit_name`
    who it comes from, empty for the site.
    """

    __table_args__ = (
        Index("ix_outbox_mail_due", "sent_at", "dead_at", "due_at"),
        # of these, what does not go to followers: it leaves first
        _index_of(
            "ix_outbox_mail_direct",
            "due_at",
            where="follower_id IS NULL AND sent_at IS NULL AND dead_at IS NULL",
        ),
        # what a follower was told of late
        Index("ix_outbox_mail_follower", "follower_id", "created_at"),
        # those that were given up
        _index_of("ix_outbox_mail_dead", "id", where="dead_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(String(40), default="", index=True)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    is_test: Mapped[bool] = mapped_column(default=False)  # once delivered, the site knows that mail works
    last_error: Mapped[str] = mapped_column(String(200), default="")
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("follower.id"))
    tells: Mapped[str] = mapped_column(Text, default="")
    thread: Mapped[str] = mapped_column(String(80), default="")
    unit_name: Mapped[str] = mapped_column(String(120), default="")


class ParagraphEvent(Model):
    """A version changed a paragraph on which a person has a published comment: one row a person and paragraph.

    `relation` is what the version did to it (documents.models.Relation). `mailed_at` is for a mail of its own.
    """

    __table_args__ = (
        Index("ix_paragraph_event_person", "person_id", "id"),
        Index("ix_paragraph_event_unmailed", "mailed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), index=True)
    relation: Mapped[str] = mapped_column(String(12))
    comment_count: Mapped[int] = mapped_column(default=1)  # how many comments this person has on it
    created_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]


class What(enum.Enum):
    """What can be followed."""

    CONSULTATION = "consultation"
    DOCUMENT = "document"
    PARAGRAPH = "paragraph"
    THREAD = "thread"
    UNIT = "unit"
    PAGE = "page"


class Follower(Model):
    """Somebody who is told of what they follow, at one address: an account (`person_id`), or whoever has `email`.

    A guest follows by address too: one address is told once, under however many names it wrote. `asked_since` and
    `asked_count` say how many mails asked whether it is their address, within a day. `browser` is set in a
    demonstration alone.
    """

    __table_args__ = (_index_of("uq_follower_address", "email", unique=True, where="email != ''"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    browser: Mapped[str] = mapped_column(String(40), default="")
    asked_since: Mapped[datetime | None] = mapped_column(index=True)
    asked_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class Follow(Model):
    """One thing that a follower follows: `target_id` is its id in the table that `what` names.

    It counts once it is confirmed, until it is left, for what happened `since`. `told_up_to` is the turn (`Happening.turn`) up to which a digest
    has told of it. `consultation_id` is the consultation that the thing is or belongs to. `author_id` is set where
    nobody asked: the thread is one in which this person wrote. Such a row stays when it is left, so that it is not
    made again.
    """

    __table_args__ = (
        UniqueConstraint("follower_id", "what", "target_id"),
        # who is told at once
        Index("ix_follow_target", "what", "target_id", "pace", "follower_id"),
        Index("ix_follow_consultation", "consultation_id", "pace", "follower_id"),
        # who gets the next digest
        Index("ix_follow_pace", "pace", "follower_id"),
        # what nobody confirmed, and what was left
        _index_of("ix_follow_unconfirmed", "created_at", where="confirmed_at IS NULL"),
        _index_of("ix_follow_left", "left_at", where="left_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    follower_id: Mapped[int] = mapped_column(ForeignKey("follower.id"))
    what: Mapped[What]
    target_id: Mapped[int]
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    pace: Mapped[Pace] = mapped_column(default=Pace.DAILY)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    told_up_to: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    since: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class Event(enum.Enum):
    """What happened that followers are told of."""

    COMMENT = "comment"
    RESPONSE = "response"
    VERSION = "version"
    OPENED = "opened"
    EXTENDED = "extended"
    OUTCOME = "outcome"
    WITHDRAWN = "withdrawn"
    PAGE = "page"


class Happening(Model):
    """One thing that happened: ids, and no words. Written in the transaction of the act, told of later.

    It is told from `at` on: a moment in the future for a consultation that is announced. `authors_up_to` and
    `followers_up_to` say how far telling has come, `turn` that those who want it at once have all been told: they count
    up in the order in which that was done, and digests count by them.
    """

    __table_args__ = (
        # what is still to be told, oldest first
        _index_of("ix_happening_waiting", "at", "id", where="turn IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[Event]
    at: Mapped[datetime]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("toolkit_page.id"))
    authors_up_to: Mapped[int] = mapped_column(default=0)
    followers_up_to: Mapped[int] = mapped_column(default=0)
    turn: Mapped[int | None] = mapped_column(unique=True)


class Digest(Model):
    """One round of digests: everybody who wants one at this pace, for one day or week.

    `turn` is up to which happenings it tells, `followers_up_to` how far the round has come.
    """

    __table_args__ = (UniqueConstraint("pace", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pace: Mapped[Pace]
    period: Mapped[str] = mapped_column(String(10))  # the day, or the Monday, on which it is due
    turn: Mapped[int]
    followers_up_to: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class GapMail(Model):
    """That the gaps of a week were looked at for somebody who could mend them: one row a person and week.

    It is written in the transaction that writes the mail, so that there is one mail however often it is begun.
    """

    __table_args__ = (UniqueConstraint("person_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    week: Mapped[date] = mapped_column(index=True)  # its Monday
    had_gaps: Mapped[bool]  # otherwise there was no mail


class ReturnedQuestion(Model):
    """A question that came back to the desk, and somebody who is still to be told: deleted with the mail that tells it."""

    __table_args__ = (UniqueConstraint("person_id", "comment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    at: Mapped[datetime]
