"""Questions about the talk on pages: what carries it, whose it is, how much there is at each paragraph."""

from sqlalchemy import func, select

from consult.accounts.models import Unit
from consult.consultations.models import Consultation
from consult.documents.models import Block, Document, Paragraph, Version
from consult.errors import NotFound
from consult.extensions import db
from consult.toolkit.models import Page
from consult.toolkit.talk.models import PageTalk


def carrier() -> Consultation | None:
    """Return what carries the talk of the toolkit; None while nobody has talked about any page."""
    return db.session.scalar(select(Consultation).where(Consultation.is_toolkit))


def first_unit() -> Unit | None:
    """Return the unit whose organisation's moderators look at the talk, unless the site says otherwise."""
    return db.session.scalar(select(Unit).order_by(Unit.id).limit(1))


def unit_now() -> Unit | None:
    """Return the unit that the talk belongs to, or will when it begins; None on a site without a unit."""
    carried = carrier()
    return carried.unit if carried is not None else first_unit()


def units() -> list[Unit]:
    """Return the units that the talk could belong to, by name."""
    return list(db.session.scalars(select(Unit).order_by(Unit.name, Unit.id)))


def talk_of(page_id: int) -> PageTalk | None:
    return db.session.get(PageTalk, page_id)


def page_of(document_id: int) -> int:
    """Return the page that a document carries the talk of. Raises NotFound."""
    found = db.session.scalar(select(PageTalk.page_id).where(PageTalk.document_id == document_id))
    if found is None:
        raise NotFound
    return found


def source_followed(document: Document) -> str | None:
    """Return the source of the words that a document has now; None before it has any."""
    return db.session.scalar(select(Version.source).where(Version.id == document.current_version_id))


def address_now(document_slug: str) -> str | None:
    """Return the address of the page that a document with this one carries the talk of, as it is now; None for none."""
    return db.session.scalar(
        select(Page.slug)
        .join(PageTalk, PageTalk.page_id == Page.id)
        .join(Document, Document.id == PageTalk.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(Document.slug == document_slug, Consultation.is_toolkit)
    )


def counts(document_id: int) -> dict[str, int]:
    """Return by key how much was said at each paragraph, what was joined to it counted there."""
    home = func.coalesce(Paragraph.home_id, Paragraph.id)
    said = (
        select(home.label("home"), func.sum(Paragraph.comment_count).label("said"))
        .where(Paragraph.document_id == document_id, Paragraph.comment_count > 0)
        .group_by(home)
        .subquery()
    )
    rows = db.session.execute(
        select(Paragraph.key, said.c.said).join(said, said.c.home == Paragraph.id)
    ).all()
    return {row.key: int(row.said) for row in rows}


def words(document: Document) -> list[tuple[str, str, str]]:
    """Return kind, key and plain words of the paragraphs of a document as it reads now, in the order of the text."""
    rows = db.session.execute(
        select(Block.kind, Paragraph.key, Block.plain)
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .where(Block.version_id == document.current_version_id, Block.is_removed.is_(False))
        .order_by(Block.position)
    )
    return [(row.kind, row.key, row.plain) for row in rows]
