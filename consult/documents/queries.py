"""Questions about documents, their versions and paragraphs. What makes a page comes as Core rows, not as objects."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, bindparam, case, func, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased, contains_eager, lazyload, load_only

from consult.accounts.models import Person, Site, Unit
from consult.consultations.models import Consultation
from consult.documents.matching import Old
from consult.documents.models import (
    REOPENED,
    WHOLE,
    Block,
    Confirmation,
    Document,
    Draft,
    Erratum,
    Misprint,
    Paragraph,
    Version,
)
from consult.documents.numbering import table_of
from consult.errors import NotFound
from consult.extensions import db

AnyRow = Row[*tuple[Any, ...]]
Rows = Sequence[AnyRow]
DRAFTS_SHOWN = 20
COUNTS = ("comment_count", "question_count", "answered_count", "response_count")


def document(consultation_slug: str, document_slug: str) -> Document:
    """Return a document with its consultation, unit and organisation."""
    found = db.session.scalar(
        select(Document)
        .join(Document.consultation)
        .where(Consultation.slug == consultation_slug, Document.slug == document_slug)
    )
    if found is None:
        raise NotFound
    return found


_STAMPED = (
    select(
        Document.id,
        Document.stamp,
        Document.version_count,
        Consultation.stamp.label("consultation_stamp"),
        Consultation.stage,
        Consultation.opens_at,
        Consultation.closes_at,
        Unit.image_hosts,
        Site.stamp.label("site_stamp"),
    )
    .join(Consultation, Consultation.id == Document.consultation_id)
    .join(Unit, Unit.id == Consultation.unit_id)
    .outerjoin(Site, Site.id == 1)
    .where(Consultation.slug == bindparam("consultation"), Document.slug == bindparam("document"))
)


def stamps(consultation_slug: str, document_slug: str, connection: Connection | None = None) -> AnyRow:
    """Return, in one indexed read, all that decides whether a page kept for everybody still holds."""
    found = (
        (connection or db.session)
        .execute(_STAMPED, {"consultation": consultation_slug, "document": document_slug})
        .one_or_none()
    )
    if found is None:
        raise NotFound
    return found


def documents_of(consultation_id: int) -> list[Document]:
    """Return the documents of a consultation in their order, published or not."""
    return list(
        db.session.scalars(
            select(Document)
            .where(Document.consultation_id == consultation_id)
            .order_by(Document.position, Document.id)
        )
    )


def version(document: Document, number: int) -> Version:
    found = db.session.scalar(
        select(Version).where(Version.document_id == document.id, Version.number == number)
    )
    if found is None:
        raise NotFound
    return found


def versions(document_id: int) -> Rows:
    """Return what is said of every version, oldest first: when, by whom and why, and whether it was withdrawn.

    `errata` is how often misprints were corrected in it.
    """
    withdrawer = aliased(Person)
    errata = select(func.count(Erratum.id)).where(Erratum.version_id == Version.id)
    return db.session.execute(
        select(
            *(Version.id, Version.number, Version.title, Version.note, Version.published_at, Person.name),
            *(Version.is_renumbered, Version.restored_from, Version.withdrawn_at, Version.withdrawn_why),
            withdrawer.name.label("withdrawn_by"),
            errata.correlate(Version).scalar_subquery().label("errata"),
        )
        .outerjoin(Person, Person.id == Version.published_by)
        .outerjoin(withdrawer, withdrawer.id == Version.withdrawn_by)
        .where(Version.document_id == document_id)
        .order_by(Version.number)
    ).all()


def joined_talk(in_documents: ColumnElement[bool]) -> Subquery:
    """Return what all that was joined to a paragraph has gathered, by that paragraph.

    `in_documents` says of a Paragraph whether it is in the documents that are asked about.
    """
    columns: Any = Paragraph.__table__.c
    sums = (func.sum(columns[name]).label(name) for name in COUNTS)
    return (
        select(columns.home_id, *sums)
        .where(in_documents, columns.home_id.is_not(None))
        .group_by(columns.home_id)
        .subquery("joined")
    )


def shown_here(name: str, joined: Subquery) -> ColumnElement[int]:
    """Return how much is shown at a Paragraph: its own with what was joined to it, nothing where it was joined itself."""
    own = getattr(Paragraph, name) + func.coalesce(joined.c[name], 0)
    return case((Paragraph.home_id.is_not(None), 0), else_=own).label(name)


_ITS_DOCUMENT = select(Version.document_id).where(Version.id == bindparam("version")).scalar_subquery()
_JOINED_TO_ITS = joined_talk(Paragraph.document_id == _ITS_DOCUMENT)
_BLOCKS = (
    select(
        *(
            Block.id,
            Block.paragraph_id,
            Block.position,
            Block.kind,
            Block.level,
            Block.depth,
            Block.is_header,
        ),
        *(Block.marker, Block.anchor, Block.plain, Block.html, Block.is_removed),
        *(Block.number, Block.relation, Block.came_after),
        *(Paragraph.key, Paragraph.first_version, Paragraph.reworded_in, Paragraph.removed_in),
        *(Paragraph.home_id, Paragraph.split_from_id, Paragraph.is_open),
        *(shown_here(name, _JOINED_TO_ITS) for name in COUNTS),
    )
    .join(Paragraph, Paragraph.id == Block.paragraph_id)
    .outerjoin(_JOINED_TO_ITS, _JOINED_TO_ITS.c.home_id == Paragraph.id)
    .where(Block.version_id == bindparam("version"))
    .order_by(Block.position)
)


def blocks(version_id: int) -> Rows:
    """Return the page of a version in order, each block beside the talk that is shown at its paragraph today.

    The talk of what was joined to a paragraph counts there, and nowhere else.
    """
    return db.session.execute(_BLOCKS, {"version": version_id}).all()


def paragraph(document: Document, key: str) -> Paragraph:
    """Return a paragraph by its permanent key; `all` is the whole document."""
    found = db.session.scalar(
        select(Paragraph).where(Paragraph.document_id == document.id, Paragraph.key == key)
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Kin:
    """A paragraph and those it shares its past with.

    `home` is where its talk is shown since the two were joined, `joined` are those whose talk is shown at it. `origin`
    is what it was a part of when it first appeared, `parts` are the further parts it was split into that still stand.
    `has_misprints` says that its words, in some version, were corrected after they had been published.
    """

    paragraph: Paragraph
    home: Paragraph | None = None
    joined: tuple[Paragraph, ...] = ()
    origin: Paragraph | None = None
    parts: tuple[Paragraph, ...] = ()
    has_misprints: bool = False

    @property
    def gathered(self) -> tuple[Paragraph, ...]:
        """Return the paragraphs whose talk is shown together at this one."""
        return (self.paragraph, *self.joined)


_OWN: Any = (
    select(Paragraph.id, Paragraph.home_id, Paragraph.split_from_id)
    .where(Paragraph.document_id == bindparam("document"), Paragraph.key == bindparam("key"))
    .cte("own")
)
_KIN = (
    select(
        Paragraph,
        select(Misprint.id)
        .join(Block, Block.id == Misprint.block_id)
        .where(Block.paragraph_id == Paragraph.id)
        .exists()
        .label("has_misprints"),
    )
    .where(
        or_(
            Paragraph.id == select(_OWN.c.id).scalar_subquery(),
            Paragraph.home_id == select(_OWN.c.id).scalar_subquery(),
            Paragraph.split_from_id == select(_OWN.c.id).scalar_subquery(),
            Paragraph.id == select(_OWN.c.home_id).scalar_subquery(),
            Paragraph.id == select(_OWN.c.split_from_id).scalar_subquery(),
        )
    )
    .order_by(Paragraph.id)
)


def kin(document: Document, key: str) -> Kin:
    """Return a paragraph by its key with those it shares its past with, in one read."""
    found_rows = db.session.execute(_KIN, {"document": document.id, "key": key}).all()
    rows = [row.Paragraph for row in found_rows]
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise NotFound
    by_id = {row.id: row for row in rows}
    return Kin(
        found,
        home=by_id.get(found.home_id or 0),
        joined=tuple(row for row in rows if row.home_id == found.id),
        origin=by_id.get(found.split_from_id or 0),
        parts=tuple(row for row in rows if row.split_from_id == found.id and row.removed_in is None),
        has_misprints=any(row.has_misprints for row in found_rows),
    )


def paragraphs(ids: Sequence[int]) -> tuple[Paragraph, ...]:
    """Return paragraphs by their ids, in the order in which they were made; no question for none."""
    wanted = select(Paragraph).where(Paragraph.id.in_(ids)).order_by(Paragraph.id)
    return tuple(db.session.scalars(wanted)) if ids else ()


_PLACE = (
    select(Paragraph)
    .join(Paragraph.document)
    .join(Document.consultation)
    .options(
        contains_eager(Paragraph.document)
        .load_only(
            *(Document.consultation_id, Document.slug, Document.version_count, Document.current_version_id)
        )
        .contains_eager(Document.consultation)
        .options(
            load_only(
                *(Consultation.unit_id, Consultation.organisation_id, Consultation.slug),
                *(Consultation.stage, Consultation.policy, Consultation.opens_at, Consultation.closes_at),
                Consultation.created_at,
            ),
            lazyload(Consultation.unit),
        )
    )
    .where(
        Consultation.slug == bindparam("consultation"),
        Document.slug == bindparam("document"),
        Paragraph.key == bindparam("key"),
    )
)


def place(consultation_slug: str, document_slug: str, key: str) -> Paragraph:
    """Return a paragraph with as much of its document and consultation as an act on it needs, in one question.

    What else they hold, long texts above all, is fetched when somebody asks for it.
    """
    wanted = {"consultation": consultation_slug, "document": document_slug, "key": key}
    found = db.session.scalar(_PLACE, wanted)
    if found is None:
        raise NotFound
    return found


def whole(document_id: int) -> AnyRow | None:
    """Return the counts of the talk on the whole document; None before the first version."""
    return db.session.execute(
        select(
            *(Paragraph.id, Paragraph.key),
            *(Paragraph.comment_count, Paragraph.question_count, Paragraph.answered_count),
        ).where(Paragraph.document_id == document_id, Paragraph.key == WHOLE)
    ).one_or_none()


def block_of(paragraph: Paragraph, version_id: int) -> Block | None:
    """Return how a paragraph reads in a version; None where it has no place in it."""
    return db.session.scalar(
        select(Block).where(Block.paragraph_id == paragraph.id, Block.version_id == version_id)
    )


def life_of(paragraph: Paragraph) -> Rows:
    """Return what each version made of a paragraph, oldest first."""
    return db.session.execute(
        select(
            Version.number,
            Version.published_at,
            Version.note,
            Version.is_renumbered,
            Version.restored_from,
            Version.withdrawn_at,
            Block.id,
            Block.number.label("bore"),
            Block.kind,
            Block.relation,
            Block.came_after,
            Block.text,
            Block.plain,
            Block.html,
            Block.is_removed,
        )
        .join(Version, Version.id == Block.version_id)
        .where(Block.paragraph_id == paragraph.id)
        .order_by(Version.number)
    ).all()


def removed(document_id: int) -> Rows:
    """Return the paragraphs with talk whose text is gone, in page order, each with its last words.

    What was joined with another is not among them: its talk is shown there.
    """
    last = aliased(Block)
    joined = joined_talk(Paragraph.document_id == document_id)
    counts = {name: shown_here(name, joined) for name in COUNTS}
    return db.session.execute(
        select(
            Paragraph.key,
            Paragraph.number,
            Paragraph.removed_in,
            *counts.values(),
            last.kind,
            last.html,
            last.plain,
        )
        .join(Document, Document.id == Paragraph.document_id)
        .join(Block, (Block.paragraph_id == Paragraph.id) & (Block.version_id == Document.current_version_id))
        .join(last, last.id == Paragraph.last_block_id)
        .outerjoin(joined, joined.c.home_id == Paragraph.id)
        .where(
            Paragraph.document_id == document_id,
            Paragraph.removed_in.is_not(None),
            Paragraph.home_id.is_(None),
            or_(counts["comment_count"] > 0, counts["response_count"] > 0),
        )
        .order_by(Block.position)
    ).all()


def numbers(document_id: int) -> frozenset[str]:
    """Return every number ever given in a document: what a `[7A]` in its source may mean."""
    return frozenset(
        db.session.scalars(
            select(Paragraph.number).where(Paragraph.document_id == document_id, Paragraph.key != WHOLE)
        )
    )


def current_page(document: Document) -> list[Old]:
    """Return the current page in order, as the next one is planned from it."""
    if document.current_version_id is None:
        return []
    last = aliased(Block)
    rows = db.session.execute(
        select(
            *(Block.paragraph_id, Block.is_removed, Paragraph.kind, Paragraph.number, Paragraph.key),
            *(last.text, last.plain),
        )
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .join(last, last.id == Paragraph.last_block_id)
        .where(Block.version_id == document.current_version_id)
        .order_by(Block.position)
    ).all()
    tables = {row.number: row.paragraph_id for row in rows if row.kind == "table"}
    return [
        Old(
            row.paragraph_id,
            row.number,
            row.kind,
            row.text,
            row.is_removed,
            tables.get(table_of(row.number)) if row.kind == "row" else None,
            row.key,
            row.plain,
        )
        for row in rows
    ]


def confirmations(document: Document) -> dict[int, Confirmation]:
    """Return by paragraph what officials last said became of it in the text that follows the current version."""
    rows = db.session.scalars(
        select(Confirmation)
        .where(Confirmation.document_id == document.id, Confirmation.version_number == document.version_count)
        .order_by(Confirmation.id)
    )
    latest = {row.paragraph_id: row for row in rows}
    return {where: row for where, row in latest.items() if row.targets != REOPENED}


def names(person_ids: Collection[int | None]) -> dict[int, str]:
    """Return by id the names of those who confirmed something."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def talk_of(document_id: int) -> dict[str, int]:
    """Return how many published comments are shown at each numbered paragraph that has any."""
    joined = joined_talk(Paragraph.document_id == document_id)
    shown = shown_here("comment_count", joined)
    return dict(
        db.session.execute(
            select(Paragraph.number, shown)
            .outerjoin(joined, joined.c.home_id == Paragraph.id)
            .where(Paragraph.document_id == document_id, shown > 0)
        ).all()
    )


def draft(document: Document, number: int) -> Draft:
    found = db.session.scalar(select(Draft).where(Draft.document_id == document.id, Draft.number == number))
    if found is None:
        raise NotFound
    return found


def latest_draft(document: Document) -> Draft | None:
    """Return the text being written; None when nothing was saved yet."""
    return draft(document, document.draft_number) if document.draft_number else None


def drafts(document_id: int, before: int | None = None) -> Rows:
    """Return number, time and writer of the latest saves, newest first; older ones from `before` on."""
    asked = (
        select(Draft.number, Draft.saved_at, Person.name)
        .outerjoin(Person, Person.id == Draft.saved_by)
        .where(Draft.document_id == document_id)
        .order_by(Draft.number.desc())
        .limit(DRAFTS_SHOWN)
    )
    return db.session.execute(asked.where(Draft.number < before) if before else asked).all()


def publisher(person_id: int | None) -> str:
    """Return the name of who published; "" for the service itself."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
