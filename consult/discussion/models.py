"""What people say about a paragraph, what the unit answers, and every change of a comment's state."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person, Unit
from consult.documents.models import Block, Document, Paragraph, Version
from consult.extensions import Model


class State(enum.Enum):
    """Where a comment stands. Only `published` is shown; the three last leave a marker when they had been."""

    UNCONFIRMED = "unconfirmed"
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


class Comment(Model):
    """What a person said on a paragraph, and on which version and block it was said.

    `key` is its public name. `root_id` is the top of its thread (None for a top-level comment); `depth` counts
    from 0; `reply_count` is kept on the top alone: the published replies of its thread, at any depth. `body` is what
    was typed, `html` what is shown. `was_published` says whether the public has seen it.
    """

    __table_args__ = (
        UniqueConstraint("author_id", "once"),
        # the thread of a paragraph, page by page
        Index("ix_comment_thread", "paragraph_id", "parent_id", "created_at", "id"),
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
    state: Mapped[State]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]  # last correction that readers are told of
    state_changed_at: Mapped[datetime | None]
    state_reason: Mapped[str] = mapped_column(
        String(24), default=""
    )  # the kind of reason that its marker gives
    answered_at: Mapped[datetime | None]  # first official response, for a question
    was_published: Mapped[bool] = mapped_column(default=False)
    once: Mapped[str | None] = mapped_column(String(40))

    document: Mapped[Document] = relationship(foreign_keys=[document_id])
    paragraph: Mapped[Paragraph] = relationship(foreign_keys=[paragraph_id])
    version: Mapped[Version] = relationship(foreign_keys=[version_id])
    block: Mapped[Block | None] = relationship(foreign_keys=[block_id])
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    parent: Mapped["Comment | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])


class Wording(Model):
    """What a comment, or a response, said before a correction that readers are told of. Rows are added, never changed."""

    __tablename__ = "comment_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]


class Correction(Model):
    """New words for a published comment that wait for a moderator, while the approved ones stay up.

    At most one for a comment: a later correction takes its place.
    """

    __tablename__ = "comment_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), unique=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]


class Response(Model):
    """An official's answer, in the unit's name. It explains the draft and carries no verdict.

    `author_title` is the part the author played when it was written.
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
    once: Mapped[str | None] = mapped_column(String(40))

    unit: Mapped[Unit] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    paragraph: Mapped[Paragraph] = relationship(foreign_keys=[paragraph_id])


class Answer(Model):
    """Which comments a response answers: one response may answer many."""

    __tablename__ = "response_answer"

    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, index=True)


class Decision(Model):
    """One change of a comment's state: by a moderator, the author or a rule. Rows are added, never changed.

    `note` is what the decider wrote: to the author where `is_told`, otherwise for other moderators.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: a rule
    rule: Mapped[str] = mapped_column(String(40), default="")
    before: Mapped[State | None]
    after: Mapped[State]
    reason: Mapped[str] = mapped_column(String(24), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime]

    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
