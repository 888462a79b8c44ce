"""What feeds and files are made of. Only what the public may read ever comes from here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select, union_all
from sqlalchemy.orm import aliased

from consult.accounts.models import Person, Unit
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_is
from consult.consultations.stages import Standing
from consult.discussion import provenance
from consult.discussion.answering import signing
from consult.discussion.models import Comment, Kind, Response
from consult.discussion.visibility import public
from consult.documents.models import Document, Erratum, Paragraph, Version
from consult.extensions import db
from consult.opendata.entries import MOST, Entry, What
from consult.toolkit import lists

PLACE = (
    *(Consultation.slug.label("consultation_slug"), Consultation.title.label("consultation_title")),
    *(Document.slug.label("document_slug"), Document.title.label("document_title")),
    *(Paragraph.key.label("paragraph_key"), Paragraph.number, Paragraph.kind.label("paragraph_kind")),
)


def openings(now: datetime, *, consultation_id: int | None = None) -> list[Entry]:
    """Return the consultations that have opened, newest first."""
    wanted = (
        select(
            *(Consultation.slug, Consultation.title, Consultation.summary, Consultation.stage),
            *(Consultation.opens_at, Consultation.closes_at, Unit.name.label("unit_name")),
        )
        .join(Unit, Unit.id == Consultation.unit_id)
        .where(_has_opened(now), Consultation.opens_at <= now)
        .order_by(Consultation.opens_at.desc(), Consultation.id.desc())
        .limit(MOST)
    )
    if consultation_id is not None:
        wanted = wanted.where(Consultation.id == consultation_id)
    return [Entry(What.OPENING, row.opens_at, row.opens_at, row) for row in db.session.execute(wanted)]


def versions(
    now: datetime, *, consultation_id: int | None = None, document_id: int | None = None
) -> list[Entry]:
    """Return the versions that can be read, newest first. One made before the opening became public with it.

    One that was corrected or withdrawn since is told anew.
    """
    earlier = aliased(Version)
    corrected = (
        select(func.max(Erratum.corrected_at).label("corrected_at"), Erratum.version_id)
        .group_by(Erratum.version_id)
        .subquery()
    )
    wanted = (
        select(
            *(Version.id, Version.number, Version.note, Version.published_at, Consultation.opens_at),
            *(Version.withdrawn_at, Version.withdrawn_why, corrected.c.corrected_at),
            *(Version.document_id, earlier.id.label("earlier_id")),
            *(Consultation.slug.label("consultation_slug"), Consultation.title.label("consultation_title")),
            *(Document.slug.label("document_slug"), Document.title.label("document_title")),
            Unit.name.label("unit_name"),
        )
        .join(Document, Document.id == Version.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .outerjoin(
            earlier, and_(earlier.document_id == Version.document_id, earlier.number == Version.number - 1)
        )
        .outerjoin(corrected, corrected.c.version_id == Version.id)
        .where(_has_opened(now))
        .order_by(Version.published_at.desc(), Version.id.desc())
        .limit(MOST)
    )
    rows = db.session.execute(_of(wanted, consultation_id, document_id))
    entries = []
    for row in rows:
        at = max(row.published_at, row.opens_at or row.published_at)
        changed_at = max(at, row.corrected_at or at, row.withdrawn_at or at)
        entries.append(Entry(What.VERSION, at, changed_at, row))
    return entries


def comments(now: datetime, document_ids: Sequence[int]) -> list[Entry]:
    """Return the newest published comments and questions on these documents, in no order."""
    if not document_ids:
        return []
    wanted = (
        select(
            *(Comment.key, Comment.kind, Comment.html, Comment.published_at, Comment.created_at),
            *(Comment.replacement_html, Version.number.label("version")),
            *(Comment.edited_at, Comment.redacted_at, Person.name.label("author_name"), *PLACE),
            *(*provenance.COLUMNS, Unit.name.label("unit_name")),
        )
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Version, Version.id == Comment.version_id)
        .where(Comment.id.in_(_newest_on(document_ids)), _has_opened(now))
    )
    entries = []
    for row in db.session.execute(wanted):
        at = row.published_at or row.created_at
        what = What.QUESTION if row.kind is Kind.QUESTION else What.COMMENT
        entries.append(Entry(what, at, max(at, row.edited_at or at, row.redacted_at or at), row))
    return entries


def _newest_on(document_ids: Sequence[int]) -> Select[int]:
    """Return the ids of the newest comments on each document, by the index that is made for it.

    Asked in one go, a planner walks the newest comments of the whole site until it has met fifty of this one.
    """
    parts = []
    for document_id in document_ids:
        newest = (
            select(Comment.id)
            .where(Comment.document_id == document_id, public())
            .order_by(Comment.published_at.desc(), Comment.id.desc())
            .limit(MOST)
            .subquery()
        )
        parts.append(select(newest.c.id))
    return select(union_all(*parts).subquery().c.id)


def responses(
    now: datetime, *, consultation_id: int | None = None, document_id: int | None = None
) -> list[Entry]:
    """Return the newest official replies."""
    wanted = (
        select(
            *(Response.key, Response.html, Response.created_at, Response.edited_at),
            *(*signing.columns(Response, Person), Unit.name.label("unit_name"), *PLACE),
        )
        .join(Document, Document.id == Response.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Paragraph, Paragraph.id == Response.paragraph_id)
        .join(Person, Person.id == Response.author_id)
        .join(Unit, Unit.id == Response.unit_id)
        .where(_has_opened(now), Response.stands())
        .order_by(Response.created_at.desc(), Response.id.desc())
        .limit(MOST)
    )
    rows = db.session.execute(_of(wanted, consultation_id, document_id))
    return [
        Entry(What.RESPONSE, row.created_at, max(row.created_at, row.edited_at or row.created_at), row)
        for row in rows
    ]


def revisions(page_id: int | None = None) -> list[Entry]:
    """Return the newest revisions of all toolkit pages, or of one."""
    rows = lists.changes(page_id=page_id, limit=MOST)
    return [Entry(What.REVISION, row.created_at, row.withheld_at or row.created_at, row) for row in rows]


def document_ids(consultation_id: int) -> list[int]:
    """Return the ids of the published documents of a consultation."""
    wanted = select(Document.id).where(
        Document.consultation_id == consultation_id, Document.version_count > 0
    )
    return list(db.session.scalars(wanted))


def _of(
    wanted: Select[*tuple[Any, ...]], consultation_id: int | None, document_id: int | None
) -> Select[*tuple[Any, ...]]:
    if document_id is not None:
        return wanted.where(Document.id == document_id)
    return wanted if consultation_id is None else wanted.where(Consultation.id == consultation_id)


def _has_opened(now: datetime) -> ColumnElement[bool]:
    """Say in SQL what `stages.text_is_public` says; the talk of the toolkit is no consultation's."""
    return and_(
        Consultation.is_exercise(),
        not_(standing_is(Standing.PREPARING, now)),
        not_(standing_is(Standing.COMING, now)),
    )
