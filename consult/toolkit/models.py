"""Wiki pages and their revisions: rows are added and a pointer moved."""

import enum
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.extensions import Model
from consult.toolkit.entries.kinds import PageKind


class Shelf(enum.Enum):
    """The three shelves of the toolkit."""

    ENGAGE = "engage"
    INFLUENCE = "influence"
    CONSULT = "consult"


SHELF_OF = {  # the shelf on which an entry of a directory stands, where no editor says otherwise
    PageKind.COMMUNITY: Shelf.ENGAGE,
    PageKind.PLATFORM: Shelf.INFLUENCE,
    PageKind.EXPERT: Shelf.CONSULT,
    PageKind.CASE_STUDY: Shelf.CONSULT,
}


class Page(Model):
    """A toolkit page. `stamp` is raised by every change that a reader could see. Its `kind` never changes.

    `reviewed_on` is when an editor last checked the whole of it, `review_by` by when it should be checked again.
    `owner_id` is the editor who sees to that; they stay named when they edit no more, until somebody else takes it.
    """

    __tablename__ = "toolkit_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    shelf: Mapped[Shelf]
    kind: Mapped[PageKind] = mapped_column(default=PageKind.PRACTICE)
    summary: Mapped[str] = mapped_column(String(240), default="")
    position: Mapped[int] = mapped_column(default=100)
    reviewed_on: Mapped[date | None]
    review_by: Mapped[date | None] = mapped_column(index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    stamp: Mapped[int] = mapped_column(default=1)
    revision_count: Mapped[int] = mapped_column(default=0)
    current_revision_id: Mapped[int | None] = mapped_column(ForeignKey("toolkit_revision.id", use_alter=True))

    current_revision: Mapped["Revision | None"] = relationship(
        foreign_keys=[current_revision_id], post_update=True
    )
    owner: Mapped[Person | None] = relationship()


class PageName(Model):
    """A name that leads to a page: every address and every title it has had, as `names.name_of` writes them.

    A name is given once and for good, so a link never comes to mean another page. Rows are added, never changed. A
    name leads to a page and not to another name: there is no chain of redirects, and so no loop.
    """

    __tablename__ = "toolkit_name"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("toolkit_page.id"), index=True)


class Revision(Model):
    """A page as it read at one time, rendered and sanitised when it was saved. It never changes.

    Only the links in the `html` of a current revision do: one to a page that was not written yet (`PageLink`)
    becomes live when that page comes into being. `facts` are those of the page's kind, by the names of their fields.
    What an editor withheld (`withholding`) stays as it was, and no reader sees it.
    """

    __tablename__ = "toolkit_revision"
    __table_args__ = (UniqueConstraint("page_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("toolkit_page.id"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(240), default="")
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(String(200), default="")
    restores: Mapped[int | None]  # number of the revision that this one brought back
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    suggester_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # whose idea it was
    withheld_at: Mapped[datetime | None]
    withheld_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withheld_why: Mapped[str] = mapped_column(String(200), default="")

    page: Mapped[Page] = relationship(foreign_keys=[page_id])
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])


class PageLink(Model):
    """That the current revision of one page links to a name, whether or not a page bears it yet."""

    __tablename__ = "toolkit_link"
    __table_args__ = (Index(None, "target"),)

    page_id: Mapped[int] = mapped_column(ForeignKey("toolkit_page.id"), primary_key=True)
    target: Mapped[str] = mapped_column(String(80), primary_key=True)
