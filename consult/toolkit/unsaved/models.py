"""What was typed into a form of the toolkit and is not saved yet."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.extensions import Model
from consult.toolkit.models import Page
from consult.toolkit.suggestions.models import Suggestion


class Use(enum.Enum):
    """What it is to become."""

    EDIT = "edit"  # a page, or a new one, by an editor
    SUGGEST = "suggest"  # a suggestion for a page, or of a new one
    AMEND = "amend"  # a suggestion in an editor's words


class Unsaved(Model):
    """What one person has begun to write at one place; nobody else ever sees it. `fields` is what the form held.

    `place` names use and thing, so that there is one at each place; without page and suggestion it is a new page.
    """

    __tablename__ = "toolkit_unsaved"
    __table_args__ = (UniqueConstraint("person_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(40))
    use: Mapped[Use]
    page_id: Mapped[int | None] = mapped_column(ForeignKey("toolkit_page.id"), index=True)
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("toolkit_suggestion.id"), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def kind(self) -> str:
        """The kind of a page that is not there yet."""
        return self.place.partition(":")[2]

    page: Mapped[Page | None] = relationship()
    suggestion: Mapped[Suggestion | None] = relationship()
