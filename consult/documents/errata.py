"""Questions about corrections of misprints: what was wrong in a version, and what a paragraph said before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from consult.accounts.models import Person
from consult.documents.models import Block, Erratum, Misprint, Paragraph, Version
from consult.documents.queries import AnyRow, Rows
from consult.extensions import db


@dataclass(frozen=True)
class Errata:
    """One correction: when, by whom, what was wrong, and in which paragraphs: rows of key, number, kind, plain."""

    id: int
    note: str
    corrected_at: datetime
    corrected_by: str
    places: Sequence[AnyRow]


def errata_of(version_id: int) -> list[Errata]:
    """Return the corrections of a version, oldest first. Of a table its rows are named."""
    rows = db.session.execute(
        select(Erratum.id, Erratum.note, Erratum.corrected_at, Person.name)
        .outerjoin(Person, Person.id == Erratum.corrected_by)
        .where(Erratum.version_id == version_id)
        .order_by(Erratum.id)
    ).all()
    places = _places(version_id) if rows else {}
    return [
        Errata(row.id, row.note, row.corrected_at, row.name or "", places.get(row.id, ())) for row in rows
    ]


def _places(version_id: int) -> Mapping[int, Sequence[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    rows = db.session.execute(
        select(Misprint.erratum_id, Paragraph.id, Paragraph.key, Block.number, Block.kind, Block.plain)
        .join(Block, Block.id == Misprint.block_id)
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .where(Block.version_id == version_id, Block.kind != "table")
        .order_by(Block.position)
    )
    for row in rows:
        found[row.erratum_id].append(row)
    return found


def count_of(version_id: int) -> int:
    """Return how often a version was corrected."""
    return db.session.scalar(select(func.count(Erratum.id)).where(Erratum.version_id == version_id)) or 0


def misprints_of(*paragraph_ids: int) -> Rows:
    """Return what was corrected in these paragraphs, oldest first: version, block, when, why, and the words before."""
    return db.session.execute(
        select(
            *(Version.number, Misprint.block_id, Erratum.corrected_at, Erratum.note),
            *(Misprint.text, Misprint.plain, Misprint.html),
        )
        .join(Erratum, Erratum.id == Misprint.erratum_id)
        .join(Version, Version.id == Erratum.version_id)
        .join(Block, Block.id == Misprint.block_id)
        .where(Block.paragraph_id.in_(paragraph_ids))
        .order_by(Misprint.id)
    ).all()


@dataclass(frozen=True)
class Words:
    """What a block said at a moment."""

    text: str
    plain: str
    html: str


def words_at(block_id: int, moment: datetime) -> Words:
    """Return the words that a block had at a moment: those of today where nothing was corrected since."""
    before = db.session.execute(
        select(Misprint.text, Misprint.plain, Misprint.html)
        .join(Erratum, Erratum.id == Misprint.erratum_id)
        .where(Misprint.block_id == block_id, Erratum.corrected_at > moment)
        .order_by(Misprint.id)
        .limit(1)
    ).one_or_none()
    now = select(Block.text, Block.plain, Block.html).where(Block.id == block_id)
    return Words(*(before or db.session.execute(now).one()))


def words_then(misprints: Iterable[Any], block_id: int, moment: datetime) -> Any | None:
    """Return the row among `misprints_of` that has a block's words at a moment; None: they are those of today.

    For many comments on one paragraph, without asking for each.
    """
    later = (row for row in misprints if row.block_id == block_id and row.corrected_at > moment)
    return next(later, None)
