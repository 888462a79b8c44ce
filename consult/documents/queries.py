"""Questions about documents, their versions and drafts. What makes a page comes as Core rows, not as objects."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, case, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased

from consult.accounts.models import Organisation, Person, Signing, Site, Unit
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
    Paragraph,
    Version,
)
from consult.documents.numbering import table_of
from consult.errors import NotFound
from consult.extensions import db

AnyRow = Row[*tuple[Any, ...]]
Rows = Sequence[AnyRow]
DRAFTS_SHOWN = 20


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


def versions(document_id: int, *, for_team: bool = False) -> Rows:
    """Return what is said of every version, oldest first: when, by whom and why, and whether it was withdrawn.

    `errata` is how often misprints were corrected in it. Where an organisation signs without names, its own people
    alone read them (`for_team`).
    """
    withdrawer = aliased(Person)
    errata = select(func.count(Erratum.id)).where(Erratum.version_id == Version.id)
    return db.session.execute(
        select(
            *(Version.id, Version.number, Version.title, Version.note, Version.published_at),
            (Person.name if for_team else name_shown(Person)).label("name"),
            *(Version.is_renumbered, Version.restored_from, Version.withdrawn_at, Version.withdrawn_why),
            (withdrawer.name if for_team else name_shown(withdrawer)).label("withdrawn_by"),
            errata.correlate(Version).scalar_subquery().label("errata"),
        )
        .outerjoin(Person, Person.id == Version.published_by)
        .outerjoin(withdrawer, withdrawer.id == Version.withdrawn_by)
        .join(Document, Document.id == Version.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Organisation, Organisation.id == Consultation.organisation_id)
        .where(Version.document_id == document_id)
        .order_by(Version.number)
    ).all()


def name_shown(person: Any) -> Any:
    """Return in SQL the name of somebody who acted for an Organisation; nothing where that signs without names."""
    return case((Organisation.signs_with == Signing.ROLE, None), else_=person.name)


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
