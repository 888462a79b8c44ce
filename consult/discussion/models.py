"""What people say about a paragraph, what the unit answers, and every change of a comment's state."""

import enum
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Part, Person, Unit
from consult.discussion.digests import new_salt
from consult.documents.models import Block, Document, Paragraph, Version
from consult.extensions import Model


class State(enum.Enum):
    """Where a comment stands. Only `published` is shown; the three last leave a marker when they had been.

    `received` is what was sent only to the team: it is with the team, and is never shown.
    """

    UNCONFIRMED = "unconfirmed"
    RECEIVED = "received"
    WAITING = "waiting"
    PUBLISHED = "published"
    RETURNED = "returned"
    TAKEN_DOWN = "taken_down"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Kind(enum.Enum):
    """What the author says it is. Only a question is owed an answer of its own."""

    COMMENT = "comment"
    QUESTION = "question"
    CONCERN = "concern"
    SUPPORT = "support"
    SUGGESTION = "suggestion"
    EVIDENCE = "evidence"


class Channel(enum.Enum):
    """How a response came: by this site, or in a way that an official wrote down here."""

    WEB = "web"
    EMAIL = "email"
    LETTER = "letter"
    MEETING = "meeting"
    TELEPHONE = "telephone"
    EVENT = "event"


class BodyKind(enum.Enum):
    """What kind of organisation somebody answers for."""

    CHARITY = "charity"
    BUSINESS = "business"
    PUBLIC = "public"
    PROFESSIONAL = "professional"
    COMMUNITY = "community"
    OTHER = "other"


class Comment(Model):
    """What a person said on a paragraph, and on which version and block it was said.

    `key` is its public name. `root_id` is the top of its thread (None for a top-level comment); `depth` counts
    from 0; `reply_count` is kept on the top alone: the published replies of its thread, at any depth. `body` is what
    was typed, `html` what is shown. `was_published` says whether the public has seen it.

    `is_team_only` is what its author asked, with their reason: such a comment is never published (State.RECEIVED).
    `on_behalf_of` names the organisation that the author answers for. `is_letter` is one long response that cites
    paragraphs (`Citation`). `is_late` came after the closing. What did not come by this site has its `channel`, the
    day on which it came, its `source` in words and the official who wrote it down. `terms` is the version of the
    contribution terms that the author accepted. `salt` goes into the digests of its text that the record holds.

    `replacement` are the words that a suggestion would put instead of those of its block, as typed;
    `replacement_html` is what they change there, compared once, when they were written. A comment that somebody else
    marked as a question has `marked_at`, by whom and in which part, and what its author had called it (`kind_before`);
    `is_no_question` says that its author took such a mark back.
    """

    __table_args__ = (
        UniqueConstraint("author_id", "once"),
        # the thread of a paragraph, page by page
        Index("ix_comment_thread", "paragraph_id", "parent_id", "created_at", "id"),
        # what was asked there
        Index("ix_comment_asked", "paragraph_id", "kind", "created_at", "id"),
        # the replies of one thread
        Index("ix_comment_branch", "root_id", "created_at", "id"),
        # what waits for a moderator of an organisation, oldest first
        Index("ix_comment_state", "organisation_id", "state", "created_at", "id"),
        # questions that wait for a unit
        Index("ix_comment_unanswered", "document_id", "kind", "state", "answered_at", "created_at"),
        # what a person's comments in one organisation came to
        Index("ix_comment_record", "author_id", "organisation_id", "state"),
        # a person's own
        Index("ix_comment_author", "author_id", "created_at", "id"),
        # whether a person has spoken on a document
        Index("ix_comment_people", "author_id", "document_id", "state"),
        # the newest that the public can see: anywhere, and of one document for its feed
        Index("ix_comment_newest", "state", "published_at", "id"),
        Index("ix_comment_feed", "document_id", "state", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    block_id: Mapped[int | None] = mapped_column(ForeignKey("block.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    reply_to_response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id", use_alter=True))
    depth: Mapped[int] = mapped_column(default=0)
    reply_count: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[Kind] = mapped_column(default=Kind.COMMENT)
    kind_before: Mapped[Kind | None]
    marked_at: Mapped[datetime | None]
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_as: Mapped[Part | None]
    is_no_question: Mapped[bool] = mapped_column(default=False)
    state: Mapped[State]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    replacement: Mapped[str] = mapped_column(Text, default="")
    replacement_html: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]  # last correction that readers are told of
    redacted_at: Mapped[datetime | None]  # a moderator took words out: these are not in `body`, a mark is
    state_changed_at: Mapped[datetime | None]
    state_reason: Mapped[str] = mapped_column(
        String(24), default=""
    )  # the kind of reason that its marker gives
    # nobody can reply to it since: the same in a whole thread; why is kept at its top, in a code and in public words
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str] = mapped_column(String(24), default="")
    closed_note: Mapped[str] = mapped_column(String(500), default="")
    answered_at: Mapped[datetime | None]  # first official response, for a question
    was_published: Mapped[bool] = mapped_column(default=False)
    is_team_only: Mapped[bool] = mapped_column(default=False)
    is_sealed: Mapped[bool] = mapped_column(
        default=False
    )  # its text is under a seal: nothing is done with it
    confidential_reason: Mapped[str] = mapped_column(String(500), default="")
    on_behalf_of: Mapped[str] = mapped_column(String(120), default="")
    on_behalf_kind: Mapped[BodyKind | None]
    is_letter: Mapped[bool] = mapped_column(default=False)
    is_late: Mapped[bool] = mapped_column(default=False)
    # written by an editor of the toolkit about one of its pages
    by_editor: Mapped[bool] = mapped_column(default=False, server_default=false())
    channel: Mapped[Channel] = mapped_column(default=Channel.WEB)
    received_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    terms: Mapped[str] = mapped_column(String(12), default="")
    once: Mapped[str | None] = mapped_column(String(40))
    salt: Mapped[str] = mapped_column(String(32), default=new_salt)
    manner: Mapped[str] = mapped_column(
        String(40), default=""
    )  # signs that a machine sent it: `discussion.manner`

    document: Mapped[Document] = relationship(foreign_keys=[document_id])
    paragraph: Mapped[Paragraph] = relationship(foreign_keys=[paragraph_id])
    version: Mapped[Version] = relationship(foreign_keys=[version_id])
    block: Mapped[Block | None] = relationship(foreign_keys=[block_id])
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    parent: Mapped["Comment | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])


class Citation(Model):
    """A paragraph that a letter is about, besides the whole draft that it stands on."""

    __tablename__ = "comment_citation"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"), primary_key=True, index=True)


class TeamReply(Model):
    """An official's answer to what was sent only to the team. It goes by mail, and stands on no public page."""

    __table_args__ = (UniqueConstraint("author_id", "once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author_title: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    is_unnamed: Mapped[bool] = mapped_column(default=False)
    once: Mapped[str | None] = mapped_column(String(40))

    unit: Mapped[Unit] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])


class UnsentComment(Model):
    """What somebody has begun to write and not sent: kept for a browser (`holder`, a digest) or for an account.

    `comment_id` is set once it was sent and waits for its author to open the link in a mail: it is kept until then.
    `cites` are keys of paragraphs that a letter is about, parted by blanks.
    """

    __table_args__ = (
        Index("ix_unsent_comment_holder", "holder", "updated_at"),
        Index("ix_unsent_comment_person", "person_id", "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    holder: Mapped[str] = mapped_column(String(64), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"))
    parent_key: Mapped[str] = mapped_column(String(12), default="")
    version_number: Mapped[int | None]
    kind: Mapped[Kind] = mapped_column(default=Kind.COMMENT)
    body: Mapped[str] = mapped_column(Text)
    replacement: Mapped[str] = mapped_column(Text, default="")
    is_letter: Mapped[bool] = mapped_column(default=False)
    cites: Mapped[str] = mapped_column(Text, default="")
    is_team_only: Mapped[bool] = mapped_column(default=False)
    confidential_reason: Mapped[str] = mapped_column(String(500), default="")
    on_behalf_of: Mapped[str] = mapped_column(String(120), default="")
    on_behalf_kind: Mapped[BodyKind | None]
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    document: Mapped[Document] = relationship(foreign_keys=[document_id])
    paragraph: Mapped[Paragraph] = relationship(foreign_keys=[paragraph_id])


class Wording(Model):
    """What a comment, or a response, said before a correction that readers are told of. Rows are added, never changed.

    Of a comment it holds too what it was called then, and the words that it proposed. What a moderator took down or
    returned `is_withheld`: its author corrected it since, and only they and moderators can still read it.
    """

    __tablename__ = "comment_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"), index=True)
    kind: Mapped[Kind | None]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    replacement: Mapped[str] = mapped_column(Text, default="")
    replacement_html: Mapped[str] = mapped_column(Text, default="")
    replaced_at: Mapped[datetime]
    is_withheld: Mapped[bool] = mapped_column(default=False)


class Correction(Model):
    """New words for a published comment that wait for a moderator, while the approved ones stay up.

    At most one for a comment: a later correction takes its place.
    """

    __tablename__ = "comment_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), unique=True)
    kind: Mapped[Kind] = mapped_column(default=Kind.COMMENT)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    replacement: Mapped[str] = mapped_column(Text, default="")
    replacement_html: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime]
    rule: Mapped[str] = mapped_column(
        String(80), default=""
    )  # by which it waits; empty where the policy asks


class Response(Model):
    """An official's answer, in the unit's name. It explains the draft and carries no verdict.

    `paragraph_id` is where the first of the comments stands that it answers; `ResponsePlace` has them all.
    `author_title` is the part the author played when it was written, which alone the public reads where the response
    `is_unnamed`. One that was taken back at once has `undone_at`: it is in the record, and in no read but that.
    """

    __table_args__ = (UniqueConstraint("author_id", "once"), Index(None, "paragraph_id", "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    author_title: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    is_unnamed: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[datetime | None]
    once: Mapped[str | None] = mapped_column(String(40))

    unit: Mapped[Unit] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    paragraph: Mapped[Paragraph] = relationship(foreign_keys=[paragraph_id])

    @classmethod
    def stands(cls) -> ColumnElement[bool]:
        """Say in SQL that it was not taken back: every read asks it."""
        return cls.undone_at.is_(None)


class Answer(Model):
    """Which comments a response answers: one response may answer many.

    `place_before` is where the comment stood in the ledger before, for an official who takes the response back.
    """

    __tablename__ = "response_answer"

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, index=True)
    place_before: Mapped[str] = mapped_column(String(12), default="")


class ResponsePlace(Model):
    """A paragraph under whose comments a response stands: read by paragraph, however many comments it answers."""

    __tablename__ = "response_place"

    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"), primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True, index=True)


class Decision(Model):
    """One change of a comment's state: by a moderator, the author or a rule. Rows are added, never changed.

    `note` is what the decider wrote: to the author where `is_told`, otherwise for other moderators.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: a rule
    rule: Mapped[str] = mapped_column(String(80), default="")
    before: Mapped[State | None]
    after: Mapped[State]
    reason: Mapped[str] = mapped_column(String(24), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime]

    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
