"""Suggestions: what somebody would have a page say, and what an editor made of it."""

import enum
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.extensions import Model
from consult.toolkit.models import Page, Revision, Shelf

KEY_LENGTH = 10
WAITS = text("settled_at IS NULL")


class State(enum.Enum):
    """What became of a suggestion."""

    WAITING = "waiting"  # for an editor: nobody sees it but its author and editors
    ACCEPTED = "accepted"  # the page says it
    AMENDED = "amended"  # the page says it as an editor worded it
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by its author


class Suggestion(Model):
    """A page as somebody would have it. What they wrote never changes; an editor's wording is a revision.

    `based_on` is the number of the revision that its author began from: 0 for a page that is not there, whose `shelf`
    they name. `facts` are those of the page's kind; None leaves them. `told_at` is when editors were told that it waits. `word` is what the editor wrote to them (`settled_by`; nobody where it was taken back), `revision` what the page says because of it. `signs` say what
    looks like a machine or an advertisement (`signs`), as a hint to the editor.
    """

    __tablename__ = "toolkit_suggestion"
    __table_args__ = (
        UniqueConstraint("author_id", "once"),
        Index("ix_toolkit_suggestion_waiting", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_toolkit_suggestion_page", "page_id", "settled_at"),
        Index("ix_toolkit_suggestion_author", "author_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("toolkit_page.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    based_on: Mapped[int] = mapped_column(default=0)
    shelf: Mapped[Shelf | None]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(240), default="")
    source: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    why: Mapped[str] = mapped_column(String(500), default="")
    signs: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[State] = mapped_column(default=State.WAITING)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    word: Mapped[str] = mapped_column(String(500), default="")
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("toolkit_revision.id"))
    once: Mapped[str | None] = mapped_column(String(40))

    page: Mapped[Page | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    editor: Mapped[Person | None] = relationship(foreign_keys=[settled_by])
    revision: Mapped[Revision | None] = relationship()
