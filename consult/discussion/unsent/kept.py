"""Questions about unfinished comments: what is kept for a browser or an account, on which words, in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.discussion.models import UnsentComment
from consult.documents.models import Block, Document, Paragraph
from consult.errors import NotFound
from consult.extensions import db

MOST = 100  # unfinished comments of one owner


@dataclass(frozen=True)
class Owner:
    """Whose an unfinished comment is: an account's, or that of a browser in which nobody is signed in.

    `holder` is the digest of the name that the browser was given; a guest is one of these too.
    """

    person_id: int | None = None
    holder: str = ""

    def __bool__(self) -> bool:
        return bool(self.person_id or self.holder)

    @property
    def owns(self) -> ColumnElement[bool]:
        if self.person_id:
            return UnsentComment.person_id == self.person_id
        return and_(UnsentComment.person_id.is_(None), UnsentComment.holder == self.holder)


NOBODY = Owner()


def unsent(owner: Owner, keys: Sequence[str] | None = None, *, to_send: bool = False) -> list[UnsentComment]:
    """Return what an owner has not sent, in the order of the drafts it is about; only those named, with `keys`.

    What waits for a link to be opened was sent. With `to_send` the rows are held, so that nobody sends them twice.
    """
    if not owner:
        return []
    wanted = _in_order().where(owner.owns, UnsentComment.comment_id.is_(None))
    if keys is not None:
        wanted = wanted.where(UnsentComment.key.in_(keys))
    if to_send:
        wanted = wanted.with_for_update(of=UnsentComment)
    return list(db.session.scalars(wanted))


def waiting_for_link(owner: Owner) -> list[UnsentComment]:
    """Return what an owner sent as a guest and has not confirmed by the link in the mail."""
    if not owner:
        return []
    return list(db.session.scalars(_in_order().where(owner.owns, UnsentComment.comment_id.is_not(None))))


def unsent_count(owner: Owner) -> int:
    if not owner:
        return 0
    wanted = select(func.count()).where(owner.owns, UnsentComment.comment_id.is_(None))
    return db.session.scalar(wanted) or 0


def unsent_one(owner: Owner, key: str) -> UnsentComment:
    """Return one of an owner's own; NotFound for anybody else's, as for none, and for one that was sent."""
    found = unsent(owner, [key])
    if not found:
        raise NotFound
    return found[0]


def unsent_at(
    owner: Owner, paragraph: Paragraph, parent_key: str = "", *, is_letter: bool = False
) -> UnsentComment | None:
    """Return what an owner has begun at a place, to go on with it there."""
    if not owner:
        return None
    return db.session.scalar(
        select(UnsentComment)
        .where(
            owner.owns,
            UnsentComment.paragraph_id == paragraph.id,
            UnsentComment.parent_key == parent_key,
            UnsentComment.is_letter.is_(is_letter),
            UnsentComment.comment_id.is_(None),
        )
        .order_by(UnsentComment.updated_at.desc())
        .limit(1)
    )


def words_at(paragraph_ids: Sequence[int]) -> dict[int, str]:
    """Return the plain words of paragraphs as they read now, or read last, by paragraph id."""
    if not paragraph_ids:
        return {}
    rows = db.session.execute(
        select(Paragraph.id, Block.plain)
        .join(Block, Block.id == Paragraph.last_block_id)
        .where(Paragraph.id.in_(paragraph_ids))
    )
    return {row.id: row.plain for row in rows}


def cited(document: Document, keys: Sequence[str]) -> list[Paragraph]:
    """Return the paragraphs of a document with these keys, in the order of the keys; those that are none are left out."""
    if not keys:
        return []
    wanted = select(Paragraph).where(Paragraph.document_id == document.id, Paragraph.key.in_(keys))
    found = {row.key: row for row in db.session.scalars(wanted)}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def numbered(document: Document, numbers: Sequence[str]) -> dict[str, Paragraph]:
    """Return the paragraphs of a document by the numbers that people quote, as far as there are any."""
    if not numbers:
        return {}
    wanted = select(Paragraph).where(Paragraph.document_id == document.id, Paragraph.number.in_(numbers))
    return {row.number: row for row in db.session.scalars(wanted)}


def _in_order() -> Select[Any]:
    """Draft by draft, down each of them, as a reader would come to the words."""
    around: Any = (
        joinedload(UnsentComment.document, innerjoin=True).joinedload(Document.consultation, innerjoin=True),
        joinedload(UnsentComment.paragraph, innerjoin=True),
    )
    return (
        select(UnsentComment)
        .join(Document, Document.id == UnsentComment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Paragraph, Paragraph.id == UnsentComment.paragraph_id)
        .outerjoin(Block, Block.id == Paragraph.last_block_id)
        .order_by(Consultation.closes_at, Document.id, Block.position, UnsentComment.id)
        .options(*around)
        .limit(MOST)
    )
