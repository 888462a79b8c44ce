"""Questions about one paragraph: what it is called, what it shares its past with, what each version made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import contains_eager, lazyload, load_only

from consult.consultations.models import Consultation
from consult.documents.models import WHOLE, Block, Document, Misprint, Paragraph, Relation, Version
from consult.documents.queries import AnyRow, Rows
from consult.errors import NotFound
from consult.extensions import db


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
                *(Consultation.created_at, Consultation.look_hours, Consultation.look_counts_work),
                Consultation.is_toolkit,
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
    return db.session.execute(_lived(paragraph).order_by(Version.number)).all()


def changes_of(paragraph: Paragraph, until: int | None, limit: int) -> Rows:
    """Return the latest versions up to `until` that changed the words of a paragraph, oldest first.

    Of a text that is saved for years most versions leave it alone.
    """
    leaving_alone = (Relation.SAME.value, Relation.MOVED.value)
    wanted = _lived(paragraph).where(Block.relation.not_in(leaving_alone), Block.is_removed.is_(False))
    if until is not None:
        wanted = wanted.where(Version.number <= until)
    return db.session.execute(wanted.order_by(Version.number.desc()).limit(limit)).all()[::-1]


def _lived(paragraph: Paragraph) -> Select[*tuple[Any, ...]]:
    return (
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
    )
