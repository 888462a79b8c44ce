"""What lists of entries are narrowed and ordered by, kept beside the facts of each current revision."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.extensions import Model
from consult.toolkit.entries.kinds import PageKind


class Entry(Model):
    """An entry as its list knows it: when it was checked, whether it may be listed, and its words in small letters."""

    __tablename__ = "toolkit_entry"
    __table_args__ = (Index(None, "kind", "checked"),)

    page_id: Mapped[int] = mapped_column(ForeignKey("toolkit_page.id"), primary_key=True)
    kind: Mapped[PageKind]
    checked: Mapped[date | None]
    is_listed: Mapped[bool]
    words: Mapped[str] = mapped_column(Text)


class Fact(Model):
    """One thing by which a list can be narrowed to an entry: `key` stands in the address, `words` on the page."""

    __tablename__ = "toolkit_fact"
    __table_args__ = (Index(None, "field", "key"),)

    page_id: Mapped[int] = mapped_column(ForeignKey("toolkit_page.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(24), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    words: Mapped[str] = mapped_column(String(80))
