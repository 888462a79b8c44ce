"""On which document the talk about a page stands."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.documents.models import Document
from consult.extensions import Model
from consult.toolkit.models import Page


class PageTalk(Model):
    """That people can talk about a page, paragraph by paragraph. A page of which nobody has talked yet has none.

    The document follows the page: its versions bear the numbers of revisions. `marks` say where its paragraphs are in
    the HTML of the revision that it is at (`talk.marks`).
    """

    __tablename__ = "toolkit_talk"

    page_id: Mapped[int] = mapped_column(ForeignKey("toolkit_page.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    marks: Mapped[str] = mapped_column(Text, default="")

    page: Mapped[Page] = relationship()
    document: Mapped[Document] = relationship()


class WithheldBlock(Model):
    """The words of a paragraph in a revision that is withheld: the block itself has a note in their place."""

    __tablename__ = "toolkit_withheld_block"

    block_id: Mapped[int] = mapped_column(ForeignKey("block.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
