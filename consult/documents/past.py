"""How the page of an earlier version stood while it was the current one: what was joined with what, what was gone.

A paragraph's own row says how things are today. What was joined in version 2 and came back in 3 stood joined in 2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from consult.accounts.models import Person
from consult.documents.models import Block, Lineage, Paragraph, Relation, Version
from consult.documents.queries import AnyRow, Rows
from consult.extensions import db


@dataclass(frozen=True)
class Past:
    """By the id of a paragraph without a place in the version: since which it had none, and where its talk was shown."""

    gone_in: dict[int, int] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)

    def joined_to(self, paragraph_id: int) -> tuple[int, ...]:
        """Return the ids of those whose talk was shown at a paragraph."""
        return tuple(was for was, home in self.homes.items() if home == paragraph_id)


def past(document_id: int, number: int) -> Past:
    """Return how version `number` stood, in two reads."""
    gone_in = _gone_in(document_id, number)
    return Past(gone_in, _homes(_joins(document_id, number), gone_in) if gone_in else {})


def _gone_in(document_id: int, number: int) -> dict[int, int]:
    placeholder, its_version = aliased(Block), aliased(Version)
    missing = (
        select(placeholder.paragraph_id)
        .join(its_version, its_version.id == placeholder.version_id)
        .where(
            its_version.document_id == document_id,
            its_version.number == number,
            placeholder.is_removed.is_(True),
        )
    )
    last_stood = (
        select(Block.paragraph_id, func.max(Version.number))
        .join(Version, Version.id == Block.version_id)
        .where(
            Version.document_id == document_id,
            Version.number < number,
            Block.is_removed.is_(False),
            Block.paragraph_id.in_(missing),
        )
        .group_by(Block.paragraph_id)
    )
    return {paragraph_id: stood + 1 for paragraph_id, stood in db.session.execute(last_stood)}


def _joins(document_id: int, number: int) -> Rows:
    """Return who was joined with whom, by which version; where one went to several places, the first comes first."""
    return db.session.execute(
        select(Lineage.from_paragraph_id, Lineage.to_paragraph_id, Version.number)
        .join(Version, Version.id == Lineage.to_version_id)
        .where(
            Lineage.document_id == document_id,
            Lineage.relation == Relation.MERGED,
            Lineage.from_paragraph_id != Lineage.to_paragraph_id,
            Version.number <= number,
        )
        .order_by(Lineage.id)
    ).all()


def _homes(joins: Sequence[AnyRow], gone_in: dict[int, int]) -> dict[int, int]:
    """Return where the talk of each was shown: by the last version that joined it while it had no place."""
    nearest: dict[int, int] = {}
    joined_by: dict[int, int] = {}
    for was, home, by in joins:
        if was in gone_in and by >= gone_in[was] and by > joined_by.get(was, 0):
            nearest[was], joined_by[was] = home, by
    return {was: end_of(was, nearest) for was in nearest}


def end_of(was: int, nearest: Mapping[int, int]) -> int:
    """Return where a chain of joins ends: what was joined to one that was joined itself goes along."""
    seen = {was}
    while (home := nearest.get(was)) is not None and home not in seen:
        seen.add(home)
        was = home
    return was


def as_it_stood(row: AnyRow, stood: Past, counts: Any) -> dict[str, Any]:
    """Return the columns of a block's row with what was true then; `counts` are those of the talk shown at it."""
    paragraph_id = row.paragraph_id
    return {
        **row._mapping,
        "home_id": stood.homes.get(paragraph_id),
        "removed_in": stood.gone_in.get(paragraph_id),
        "comment_count": counts.comment_count,
        "question_count": counts.question_count,
        "answered_count": counts.answered_count,
        "response_count": counts.response_count,
    }


def links_of(paragraph: Paragraph) -> Rows:
    """Return every link of a paragraph with itself or another, the first version's first, and who confirmed it."""
    was, became = aliased(Paragraph), aliased(Paragraph)
    return db.session.execute(
        select(
            Version.number,
            Lineage.relation,
            Lineage.from_paragraph_id,
            Lineage.to_paragraph_id,
            Lineage.confirmed_at,
            Person.name.label("confirmed_by"),
            was.key.label("from_key"),
            was.number.label("from_number"),
            became.key.label("to_key"),
            became.number.label("to_number"),
        )
        .join(Version, Version.id == Lineage.to_version_id)
        .outerjoin(was, was.id == Lineage.from_paragraph_id)
        .outerjoin(became, became.id == Lineage.to_paragraph_id)
        .outerjoin(Person, Person.id == Lineage.confirmed_by)
        .where(or_(Lineage.from_paragraph_id == paragraph.id, Lineage.to_paragraph_id == paragraph.id))
        .order_by(Version.number, Lineage.id)
    ).all()


def words_of(block_ids: Sequence[int]) -> dict[int, str]:
    """Return the plain words of blocks, as they are today."""
    return dict(db.session.execute(select(Block.id, Block.plain).where(Block.id.in_(block_ids))).all())


def last_words(paragraph: Paragraph, number: int) -> int | None:
    """Return the id of the words that a paragraph had in a version, or last before it."""
    return db.session.scalar(
        select(Block.id)
        .join(Version, Version.id == Block.version_id)
        .where(Block.paragraph_id == paragraph.id, Block.is_removed.is_(False), Version.number <= number)
        .order_by(Version.number.desc())
        .limit(1)
    )
