"""Questions about the outbox, and about what people are told in their account."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation
from consult.documents.models import Block, Document, Paragraph, Version
from consult.extensions import db
from consult.notices.models import OutboxMail, ParagraphEvent

SHOWN = 50
OPENING = 120  # characters of a heading that stand as its name


def caused_by(browser: str, *, never_to: Collection[str] = ()) -> list[OutboxMail]:
    """Return the newest mails that one browser caused, but none to the addresses in `never_to`."""
    if not browser:
        return []
    return list(
        db.session.scalars(
            select(OutboxMail)
            .where(OutboxMail.browser == browser, OutboxMail.to_address.not_in(never_to))
            .order_by(OutboxMail.id.desc())
            .limit(SHOWN)
        )
    )


def waiting() -> tuple[int, datetime | None]:
    """Return how many mails are to leave, and when the oldest of them was written."""
    row = db.session.execute(
        select(func.count(), func.min(OutboxMail.created_at)).where(
            OutboxMail.sent_at.is_(None), OutboxMail.dead_at.is_(None)
        )
    ).one()
    return row[0], row[1]


def given_up() -> int:
    """Return how many mails could not be delivered and are tried no more."""
    return db.session.scalar(select(func.count()).where(OutboxMail.dead_at.is_not(None))) or 0


@dataclass(frozen=True)
class Changes:
    """One page of what a person is told, newest first. `earlier` names the next page, None when there is none."""

    rows: Sequence[Any]
    earlier: int | None


def changes(person_id: int, *, first: int | None = None, limit: int) -> Changes:
    """Return what changed where a person commented, newest first.

    `first` is where a page begins, counted among this person's own from the oldest (1), so that it stays where it is
    when more is told; None for the newest.
    """
    mine = ParagraphEvent.person_id == person_id
    count = db.session.scalar(select(func.count()).select_from(ParagraphEvent).where(mine)) or 0
    first = count if first is None else min(first, count)
    if first <= 0:
        return Changes((), None)
    rows = db.session.execute(_CHANGED.where(mine).offset(count - first).limit(limit)).all()
    return Changes(rows, first - limit if first > limit else None)


_last, _home = aliased(Block), aliased(Block)
_CHANGED = (
    select(
        *(ParagraphEvent.relation, ParagraphEvent.comment_count, ParagraphEvent.created_at),
        *(Paragraph.key, Block.number, Block.kind, Block.is_removed),
        *(_home.number.label("home_number"), _home.kind.label("home_kind")),
        func.substr(_last.plain, 1, OPENING).label("words"),
        *(Version.number.label("version_number"), Version.withdrawn_at),
        *(Document.slug.label("document_slug"), Document.title.label("document_title")),
        Consultation.slug.label("consultation_slug"),
    )
    .join(Paragraph, Paragraph.id == ParagraphEvent.paragraph_id)
    .join(Version, Version.id == ParagraphEvent.version_id)
    .join(Block, and_(Block.paragraph_id == Paragraph.id, Block.version_id == Version.id))
    .join(Document, Document.id == Version.document_id)
    .join(Consultation, Consultation.id == Document.consultation_id)
    .outerjoin(_last, _last.id == Paragraph.last_block_id)
    .outerjoin(_home, and_(_home.paragraph_id == Paragraph.home_id, _home.version_id == Version.id))
    .order_by(ParagraphEvent.id.desc())
)
