"""A document and its life: drafts being written, versions published, paragraphs that endure."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import Consultation
from consult.extensions import Model

WHOLE = "all"  # the key of the paragraph that stands for the whole document
REOPENED = "?"  # the targets of a confirmation that takes back the one before it


class Document(Model):
    """One text of a consultation. `version_count` is 0 until the first is published.

    `stamp` is raised by every change that a reader could see: a version, a comment, a count, a state.
    """

    __table_args__ = (UniqueConstraint("consultation_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(160))
    position: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    stamp: Mapped[int] = mapped_column(default=1)
    version_count: Mapped[int] = mapped_column(default=0)
    current_version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id", use_alter=True))
    draft_number: Mapped[int] = mapped_column(default=0)  # the latest save; 0: nothing written yet

    comment_count: Mapped[int] = mapped_column(default=0)
    people_count: Mapped[int] = mapped_column(default=0)
    question_count: Mapped[int] = mapped_column(default=0)
    answered_count: Mapped[int] = mapped_column(default=0)
    team_count: Mapped[int] = mapped_column(default=0)  # sent only to the team: counted, never shown

    consultation: Mapped[Consultation] = relationship(lazy="joined", innerjoin=True)
    current_version: Mapped["Version | None"] = relationship(
        foreign_keys=[current_version_id], post_update=True
    )


class Draft(Model):
    """One save of the text being written. Rows are added; `Document.draft_number` names the latest. Private."""

    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    number: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Version(Model):
    """A published text. It never changes, but for misprints, which are corrected in the open (`Erratum`).

    A version that was published in error is withdrawn: it stays at its address, says so, and `restored_from` of the
    version after it names the one whose words hold again. `is_renumbered`: with this version the numbers began anew.
    """

    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    source: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(500), default="")
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    paragraph_count: Mapped[int] = mapped_column(default=0)
    is_renumbered: Mapped[bool] = mapped_column(default=False)
    restored_from: Mapped[int | None]  # the number of an earlier version
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_why: Mapped[str] = mapped_column(String(500), default="")

    document: Mapped[Document] = relationship(foreign_keys=[document_id])
    blocks: Mapped[list["Block"]] = relationship(back_populates="version", order_by="Block.position")


class Paragraph(Model):
    """What endures while words change. Its key is given once; so is its number, until a version numbers anew.

    `home_id` is the paragraph where its talk is shown since the two were joined, None while it has its own place.
    `split_from_id` is the paragraph that it was a part of when it first appeared. The counts are of its own comments.
    """

    __table_args__ = (
        UniqueConstraint("document_id", "key"),
        UniqueConstraint("document_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    key: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(12))
    first_version: Mapped[int]
    removed_in: Mapped[int | None]  # number of the version that left it out; None while it stands
    reworded_in: Mapped[int | None]  # number of the version that last changed its words
    last_block_id: Mapped[int | None] = mapped_column(ForeignKey("block.id", use_alter=True))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("paragraph.id"), index=True)
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("paragraph.id"), index=True)
    is_open: Mapped[bool] = mapped_column(default=True)  # False: the unit takes no comments on it

    comment_count: Mapped[int] = mapped_column(default=0)
    question_count: Mapped[int] = mapped_column(default=0)
    answered_count: Mapped[int] = mapped_column(default=0)
    response_count: Mapped[int] = mapped_column(default=0)

    document: Mapped[Document] = relationship()

    @property
    def waiting_count(self) -> int:
        return self.question_count - self.answered_count


class Block(Model):
    """A paragraph as it reads in one version, rendered and sanitised when it was published.

    A paragraph that a version leaves out keeps its place in it as a block with `is_removed`, without words. `number`
    is the one it bore in this version, `relation` what this version did to it, `came_after` the number of what it had
    stood behind when it has moved ("": at the top). `level` is a heading's; `depth` says how many lists it stands in; `is_header` marks a row that names columns.
    """

    __table_args__ = (Index(None, "version_id", "position"), Index(None, "paragraph_id", "version_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    level: Mapped[int] = mapped_column(default=0)
    depth: Mapped[int] = mapped_column(default=0)
    is_header: Mapped[bool] = mapped_column(default=False)
    marker: Mapped[str] = mapped_column(String(16), default="")
    anchor: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    is_removed: Mapped[bool] = mapped_column(default=False)
    number: Mapped[str] = mapped_column(String(16), default="")
    relation: Mapped[str] = mapped_column(String(12), default="")
    came_after: Mapped[str | None] = mapped_column(String(16))

    version: Mapped[Version] = relationship(back_populates="blocks", foreign_keys=[version_id])
    paragraph: Mapped[Paragraph] = relationship(foreign_keys=[paragraph_id])


class Relation(enum.Enum):
    """What became of a paragraph from one version to the next."""

    SAME = "same"
    EDITED = "edited"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"
    REMOVED = "removed"
    ADDED = "added"
    RESTORED = "restored"


class Lineage(Model):
    """How a paragraph became another, or itself, from one version to the next. Reading never writes these.

    `confidence` runs from 0 to 1; `confirmed_by` is who looked at a doubtful match, if it was.
    """

    __table_args__ = (Index(None, "document_id", "to_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    from_version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    to_version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    from_paragraph_id: Mapped[int | None] = mapped_column(ForeignKey("paragraph.id"), index=True)
    to_paragraph_id: Mapped[int | None] = mapped_column(ForeignKey("paragraph.id"), index=True)
    relation: Mapped[Relation]
    confidence: Mapped[float] = mapped_column(default=1.0)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]


class Confirmation(Model):
    """What an official said became of a paragraph in the text being written. Rows are added; the latest counts.

    It was said with version `version_number` as the current one, and holds for the next alone. `targets` are the
    fingerprints (`matching.fingerprints`) of the blocks it lives on in, one a line; "" says that it is removed,
    REOPENED that what was said before is taken back.
    """

    __table_args__ = (Index(None, "document_id", "version_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    version_number: Mapped[int]
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"))
    targets: Mapped[str] = mapped_column(Text)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]


class Erratum(Model):
    """One correction of misprints in a published version, in the open: why, who, when, and the source before it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), index=True)
    note: Mapped[str] = mapped_column(String(500))
    source_before: Mapped[str] = mapped_column(Text)
    corrected_at: Mapped[datetime]
    corrected_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Misprint(Model):
    """The words of one block before an erratum."""

    id: Mapped[int] = mapped_column(primary_key=True)
    erratum_id: Mapped[int] = mapped_column(ForeignKey("erratum.id"), index=True)
    block_id: Mapped[int] = mapped_column(ForeignKey("block.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
