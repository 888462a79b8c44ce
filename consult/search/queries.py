"""The one question of this room: what is there about these words?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select, union_all

from consult import clock
from consult.consultations.models import Consultation
from consult.documents.models import Document, Paragraph
from consult.extensions import db
from consult.search.excerpts import SCANNED
from consult.search.indexes import index
from consult.search.models import Kind, SearchEntry
from consult.search.terms import Terms
from consult.toolkit.models import Page

MOST = 20  # of each kind; whether there are more is said, how many is not counted


@dataclass(frozen=True)
class Group:
    """What was found of one kind, newest first."""

    kind: Kind
    entries: list[Any]
    has_more: bool


def found(terms: Terms, kinds: Sequence[Kind] = tuple(Kind)) -> list[Group]:
    """Return what holds all terms, by kind, in one read; kinds of which nothing was found are left out."""
    if not terms:
        return []
    parts = []
    for kind in kinds:
        newest = index().newest(terms, kind, MOST + 1).where(SearchEntry.public_from <= clock.now())
        parts.append(select(newest.subquery().c.id))
    chosen = union_all(*parts).subquery()
    rows = db.session.execute(
        select(
            *(SearchEntry.kind, SearchEntry.key, SearchEntry.title, SearchEntry.at),
            func.substr(SearchEntry.words, 1, SCANNED).label("words"),
            *(Consultation.slug.label("consultation_slug"), Consultation.title.label("consultation_title")),
            *(Document.slug.label("document_slug"), Document.title.label("document_title")),
            *(Paragraph.kind.label("paragraph_kind"), Paragraph.number.label("paragraph_number")),
            Page.kind.label("page_kind"),
        )
        .join(chosen, chosen.c.id == SearchEntry.id)
        .outerjoin(Consultation, Consultation.id == SearchEntry.consultation_id)
        .outerjoin(Document, Document.id == SearchEntry.document_id)
        .outerjoin(Paragraph, Paragraph.id == SearchEntry.paragraph_id)
        .outerjoin(Page, and_(SearchEntry.kind == Kind.PAGE, Page.id == SearchEntry.ref_id))
        .order_by(SearchEntry.id.desc())
    ).all()
    return _grouped(rows, kinds)


def _grouped(rows: Sequence[Any], kinds: Sequence[Kind]) -> list[Group]:
    groups = []
    for kind in kinds:
        entries = [row for row in rows if row.kind is kind]
        if entries:
            groups.append(Group(kind, entries[:MOST], len(entries) > MOST))
    return groups
