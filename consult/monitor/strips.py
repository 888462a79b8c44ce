"""The heat strip of a document: where people talk, where officials answered, where somebody waits.

One cell for each paragraph of the current version, in the order of the text; a long text has one for each of its sections.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select

from consult.consultations.models import Consultation
from consult.consultations.queries import standing_is
from consult.consultations.stages import Standing
from consult.documents.listings import NO_PARAGRAPH
from consult.documents.models import Block, Document, Paragraph
from consult.documents.naming import in_words
from consult.documents.numbering import HEADINGS
from consult.documents.page_queries import joined_talk, shown_here
from consult.extensions import db
from consult.monitor.scope import Scope

MOST_CELLS = 150  # of one strip; a longer text is shown by its sections
LONGEST_NAME = 60


@dataclass
class Cell:
    """One paragraph, or one section of a long text: what was said on it and what became of that."""

    key: str
    number: str
    comments: int = 0
    waiting: int = 0
    answers: int = 0
    is_section: bool = False
    words: str = ""

    def take(self, other: "Cell") -> None:
        self.comments += other.comments
        self.waiting += other.waiting
        self.answers += other.answers


@dataclass
class Strip:
    """The strip of one document, its cells by section."""

    slug: str
    document: str
    title: str
    consultation: str
    sections: list[list[Cell]] = field(default_factory=list)

    @property
    def document_title(self) -> str:
        """Return what the strip is of; a document that bears its consultation's title is called by that alone."""
        return self.title if self.title == self.consultation else f"{self.title}, {self.consultation}"

    @property
    def cells(self) -> list[Cell]:
        return [cell for section in self.sections for cell in section]

    @property
    def highest(self) -> int:
        return max((cell.comments for cell in self.cells), default=0)

    @property
    def comments(self) -> int:
        return sum(cell.comments for cell in self.cells)

    @property
    def answered(self) -> int:
        return sum(cell.answers > 0 for cell in self.cells)

    @property
    def waiting(self) -> int:
        return sum(cell.waiting for cell in self.cells)

    @property
    def silent(self) -> int:
        return sum(not cell.comments for cell in self.cells)


def of_documents(document_ids: Sequence[int]) -> list[Strip]:
    """Return the strips of some documents, in their order, in one read."""
    if not document_ids:
        return []
    joined = joined_talk(Paragraph.document_id.in_(document_ids))
    counts = [shown_here(name, joined) for name in ("comment_count", "question_count", "answered_count")]
    answers = shown_here("response_count", joined)
    rows = db.session.execute(
        select(
            *(Document.id, Document.slug.label("document_slug"), Document.title.label("document_title")),
            *(Consultation.slug, Consultation.title),
            *(Block.kind, Block.level, Block.plain, Paragraph.key, Paragraph.number, *counts, answers),
        )
        .select_from(Document)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Block, Block.version_id == Document.current_version_id)
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .outerjoin(joined, joined.c.home_id == Paragraph.id)
        .where(
            Document.id.in_(document_ids),
            Block.is_removed.is_(False),
            # a row of a table is a line of its own only once it is talked of
            or_(Block.kind.not_in(("row", *NO_PARAGRAPH)), Block.level > 0, counts[0] > 0),
        )
        .order_by(Document.id, Block.position)
    )
    by_document: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_document[row.id].append(row)
    return [strip(by_document[each]) for each in document_ids if each in by_document]


def strip(rows: Sequence[Any]) -> Strip:
    """Return the strip of one document from the rows of its blocks, in the order of the text. Pure."""
    first = rows[0]
    found = Strip(first.slug, first.document_slug, first.document_title, first.title)
    found.sections = [section for section in _sections(rows) if section]
    if len(found.cells) > MOST_CELLS:
        found.sections = [[_whole(section)] for section in found.sections]
    return found


def _sections(rows: Iterable[Any]) -> list[list[Cell]]:
    sections: list[list[Cell]] = [[]]
    words = ""
    for row in rows:
        if row.kind in HEADINGS:
            words = row.plain[:LONGEST_NAME]
            sections.append([])
            if not row.comment_count:
                continue
        waiting = max(0, row.question_count - row.answered_count)
        number = in_words(row.number)
        cell = Cell(row.key, number, row.comment_count, waiting, row.response_count, words=words)
        sections[-1].append(cell)
    return sections


def _whole(section: list[Cell]) -> Cell:
    """Return one cell for a whole section, which leads to its first paragraph."""
    first = section[0]
    number = first.number if len(section) == 1 else f"{first.number}–{section[-1].number}"
    whole = Cell(first.key, number, is_section=True, words=first.words)
    for cell in section:
        whole.take(cell)
    return whole


def open_documents(scope: Scope, after: int, limit: int) -> list[int]:
    """Return documents of open consultations, those most talked of first. `after` is the id of the last one before."""
    ranked = (
        select(Document.id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(
            standing_is(Standing.OPEN, scope.now),
            scope.of_unit(Consultation.unit_id),
            Document.version_count > 0,
        )
        .order_by(Document.comment_count.desc(), Document.id)
    )
    ids = list(db.session.scalars(ranked))
    begin = ids.index(after) + 1 if after in ids else 0
    return ids[begin : begin + limit]
