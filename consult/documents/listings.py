"""Questions about many documents at once: what lists and overviews show of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, case, func, or_, select

from consult.accounts.models import Organisation, Person
from consult.consultations.models import Consultation
from consult.documents.models import Block, Document, Paragraph, Version
from consult.documents.page_queries import joined_talk, shown_here
from consult.documents.queries import name_shown
from consult.extensions import db

AnyRow = Row[*tuple[Any, ...]]
BARS = 40  # as many as fit into a strip; longer texts have several paragraphs to a bar
NO_PARAGRAPH = (
    "document",
    "footnote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
)  # to a reader, until it is talked of


def documents_of(
    consultation_ids: Sequence[int], *, with_unpublished: bool = False
) -> dict[int, list[AnyRow]]:
    """Return the documents of each consultation in order, with their current version and their counts."""
    wanted = (
        select(
            *(Document.id, Document.consultation_id, Document.slug, Document.title, Document.version_count),
            *(Document.comment_count, Document.question_count, Document.answered_count, Document.team_count),
            *(Version.number, Version.published_at, Version.paragraph_count),
        )
        .outerjoin(Version, Version.id == Document.current_version_id)
        .where(Document.consultation_id.in_(consultation_ids))
        .order_by(Document.consultation_id, Document.position, Document.id)
    )
    if not with_unpublished:
        wanted = wanted.where(Document.version_count > 0)
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in db.session.execute(wanted) if consultation_ids else ():
        found[row.consultation_id].append(row)
    return found


def versions_of(consultation_id: int) -> dict[int, list[AnyRow]]:
    """Return the versions of each document of a consultation, newest first, with who published them."""
    rows = db.session.execute(
        select(
            *(
                Version.document_id,
                Version.number,
                Version.published_at,
                Version.note,
                Version.withdrawn_at,
                Version.is_renumbered,
                name_shown(Person).label("by"),
            ),
        )
        .join(Document, Document.id == Version.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Organisation, Organisation.id == Consultation.organisation_id)
        .outerjoin(Person, Person.id == Version.published_by)
        .where(Document.consultation_id == consultation_id)
        .order_by(Version.document_id, Version.number.desc())
    )
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        found[row.document_id].append(row)
    return found


def has_published(consultation_id: int) -> bool:
    """Say whether any document of a consultation has a published version."""
    wanted = select(Document.id).where(
        Document.consultation_id == consultation_id, Document.version_count > 0
    )
    return db.session.scalar(wanted.limit(1)) is not None


@dataclass
class Talk:
    """Where people talk: the comments of the busiest paragraph in each bar, in the order of the text."""

    paragraphs: int = 0
    bars: list[int] = field(default_factory=list)

    @property
    def busiest(self) -> int:
        return max(self.bars, default=0)


def talk_in(consultation_ids: Sequence[int]) -> dict[int, Talk]:
    """Return where the talk is in the current texts of these consultations, in one read."""
    found: dict[int, Talk] = defaultdict(Talk)
    if not consultation_ids:
        return found
    of_one = Document.consultation_id
    texts = select(Document.id).where(of_one.in_(consultation_ids))
    joined = joined_talk(Paragraph.document_id.in_(texts))
    comments = shown_here("comment_count", joined)
    numbered = (
        select(
            of_one.label("consultation_id"),
            comments.label("comments"),
            (
                func.row_number().over(
                    partition_by=of_one, order_by=(Document.position, Document.id, Block.position)
                )
                - 1
            ).label("place"),
            func.count().over(partition_by=of_one).label("paragraphs"),
        )
        .select_from(Document)
        .join(Block, Block.version_id == Document.current_version_id)
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .outerjoin(joined, joined.c.home_id == Paragraph.id)
        .where(
            of_one.in_(consultation_ids),
            Block.is_removed.is_(False),
            or_(Paragraph.kind.not_in(NO_PARAGRAPH), comments > 0),
        )
        .subquery()
    )
    many = numbered.c.paragraphs > BARS
    bar = case((many, numbered.c.place * BARS // numbered.c.paragraphs), else_=numbered.c.place).label("bar")
    rows = db.session.execute(
        select(
            numbered.c.consultation_id, numbered.c.paragraphs, func.max(numbered.c.comments).label("busiest")
        )
        .group_by(numbered.c.consultation_id, numbered.c.paragraphs, bar)
        .order_by(numbered.c.consultation_id, bar)
    )
    for row in rows:
        talk = found[row.consultation_id]
        talk.paragraphs = row.paragraphs
        talk.bars.append(row.busiest)
    return found
