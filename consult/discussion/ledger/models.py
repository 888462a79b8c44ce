"""The ledger: where each comment stands with the unit that it was said to, from new to answered."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.discussion.models import Comment, Kind
from consult.extensions import Model


class Place(enum.Enum):
    """How far the unit has come with a comment. `in_progress` is for questions, which alone are owed an answer."""

    NEW = "new"
    READ = "read"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"


def _on_desk(name: str, *columns: str, on_sqlite: str = "", on_postgresql: str = "") -> Index:
    """Return an index over entries that officials are shown, or over some of them, in the order of the desk."""
    return Index(
        name,
        *columns,
        sqlite_where=text(f"is_shown = 1{on_sqlite}"),
        postgresql_where=text(f"is_shown{on_postgresql}"),
    )


class LedgerEntry(Model):
    """The place of one comment in the ledger: of each that begins a thread, and of each question.

    It is made when the comment first reaches its readers, and never deleted: `is_shown` says whether it can be read
    now (published, or with the team). `waits` marks a question that is owed an answer and has none: shown, not
    answered, and the consultation has no outcome yet.

    `asked_at` is when it became a question, `since` since when it waits: since it was said, marked as a question, or
    came back because the answer did not answer it. `answer_days` is how many working days the first answer took
    (`entries.note_answered`). What stands here twice (`unit_id` to `kind`) is there so that the desk needs one table.

    `also_count` is how many others have the same question (`AlsoAsked`). `objected_at` is when its author said that
    the answer does not answer it, which can be said once, and `objection` why: for the unit and the author alone.
    `content_at` is when they said that it does.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        _on_desk("ix_ledger_entry_unit", "unit_id", "since", "comment_id"),
        _on_desk("ix_ledger_entry_waits", "unit_id", "waits", "since", "comment_id"),
        _on_desk("ix_ledger_entry_place", "unit_id", "place", "since", "comment_id"),
        _on_desk("ix_ledger_entry_kind", "unit_id", "kind", "since", "comment_id"),
        _on_desk("ix_ledger_entry_assignee", "assignee_id", "unit_id", "place", "since", "comment_id"),
        # what waits and is with one official, or with nobody: as many columns as are asked for, since SQLite without
        # statistics takes the index of which most columns are fixed
        _on_desk("ix_ledger_entry_held", "assignee_id", "unit_id", "waits", "since", "comment_id"),
        # what was sent only to the team: rare among very many
        _on_desk(
            "ix_ledger_entry_team",
            *("unit_id", "is_team_only", "since", "comment_id"),
            on_sqlite=" AND is_team_only = 1",
            on_postgresql=" AND is_team_only",
        ),
        _on_desk(
            "ix_ledger_entry_team_waits",
            *("unit_id", "is_team_only", "waits", "since"),
            on_sqlite=" AND is_team_only = 1",
            on_postgresql=" AND is_team_only",
        ),
        _on_desk("ix_ledger_entry_paragraph", "paragraph_id", "since", "comment_id"),
        _on_desk("ix_ledger_entry_paragraph_waits", "paragraph_id", "waits", "since", "comment_id"),
        _on_desk("ix_ledger_entry_consultation", "consultation_id", "waits", "since", "comment_id"),
        _on_desk("ix_ledger_entry_consultation_place", "consultation_id", "place", "since", "comment_id"),
        _on_desk("ix_ledger_entry_document", "document_id", "waits", "since", "comment_id"),
        # the public ledger, in the order in which it was said; filters need no more than what stands in it
        Index(
            "ix_ledger_entry_public",
            *("consultation_id", "comment_id", "document_id", "kind", "place", "waits"),
            sqlite_where=text("is_shown = 1 AND is_team_only = 0"),
            postgresql_where=text("is_shown AND NOT is_team_only"),
        ),
        _on_desk("ix_ledger_entry_askers", "unit_id", "waits", "also_count", "since", "comment_id"),
        # questions that wait in public, oldest first, for the monitor of all units
        Index(
            "ix_ledger_entry_gap",
            *("since", "comment_id", "unit_id"),
            sqlite_where=text("waits = 1 AND is_shown = 1 AND is_team_only = 0"),
            postgresql_where=text("waits AND is_shown AND NOT is_team_only"),
        ),
        # when questions were asked and answered, week by week
        Index(
            "ix_ledger_entry_asked",
            *("asked_at", "first_answered_at", "answer_days", "unit_id", "consultation_id"),
            sqlite_where=text("asked_at IS NOT NULL AND is_shown = 1 AND is_team_only = 0"),
            postgresql_where=text("asked_at IS NOT NULL AND is_shown AND NOT is_team_only"),
        ),
        # how long first answers took, to find the median
        Index("ix_ledger_entry_took", "document_id", "answer_days"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"))
    kind: Mapped[Kind]
    place: Mapped[Place] = mapped_column(default=Place.NEW)
    is_shown: Mapped[bool] = mapped_column(default=True)
    is_team_only: Mapped[bool] = mapped_column(default=False)
    waits: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    read_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    first_answered_at: Mapped[datetime | None]
    answer_days: Mapped[int | None]
    also_count: Mapped[int] = mapped_column(default=0)
    objected_at: Mapped[datetime | None]
    objection: Mapped[str] = mapped_column(String(500), default="")
    content_at: Mapped[datetime | None]

    comment: Mapped[Comment] = relationship()
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])


class AlsoAsked(Model):
    """Somebody who has the same question: an account, a guest, or a browser (`holder`, a digest) in which nobody is known.

    With the outcome, or when an account closes, it is forgotten who it was; the row stays, so that the number holds.
    """

    __table_args__ = (UniqueConstraint("comment_id", "person_id"), UniqueConstraint("comment_id", "holder"))

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    holder: Mapped[str | None] = mapped_column(String(64), index=True)
    said_at: Mapped[datetime]
