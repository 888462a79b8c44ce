"""What the list of the desk shows of each comment, and who is at the desk."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from consult.accounts.models import Part, Person, Role, Unit
from consult.consultations.models import Consultation
from consult.discussion import provenance
from consult.discussion.fragments import shown
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment
from consult.discussion.tallies import SHOWN_TOGETHER
from consult.documents.models import Document, Paragraph
from consult.extensions import db

_assignee = aliased(Person)
_SHOWN: tuple[Any, ...] = (
    *(Comment.id, Comment.key, shown(Comment.html), Comment.created_at, Comment.kind),
    *(
        LedgerEntry.place,
        LedgerEntry.waits,
        LedgerEntry.since,
        LedgerEntry.is_team_only,
        LedgerEntry.also_count,
        LedgerEntry.objected_at,
    ),
    *(LedgerEntry.assignee_id, _assignee.name.label("assignee_name")),
    *(Person.name.label("author_name"), *provenance.COLUMNS),
    *(Paragraph.key.label("paragraph_key"), Paragraph.number, Paragraph.kind.label("paragraph_kind")),
    *(SHOWN_TOGETHER, Document.slug.label("document_slug"), Document.title.label("document_title")),
    *(Consultation.slug.label("consultation_slug"), Consultation.title.label("consultation_title")),
    *(Unit.slug.label("unit_slug"), Unit.name.label("unit_name"), Unit.promise_days, Unit.organisation_id),
)


def rows(comment_ids: Sequence[int]) -> list[Any]:
    """Return what the list shows of these comments, in the same order."""
    if not comment_ids:
        return []
    found = db.session.execute(
        select(*_SHOWN)
        .join(LedgerEntry, LedgerEntry.comment_id == Comment.id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
        .join(Unit, Unit.id == LedgerEntry.unit_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Person, Person.id == Comment.author_id)
        .outerjoin(_assignee, _assignee.id == LedgerEntry.assignee_id)
        .where(Comment.id.in_(comment_ids))
    )
    by_id = {row.id: row for row in found}
    return [by_id[comment_id] for comment_id in comment_ids if comment_id in by_id]


def colleagues(unit_ids: Collection[int]) -> list[Any]:
    """Return id and name of everybody who answers for any of these units, by name."""
    wanted = select(Person.id, Person.name).where(*_answer_for(unit_ids)).order_by(Person.name, Person.id)
    return list(db.session.execute(wanted))


def colleague(given: str, unit_ids: Collection[int]) -> Person | None:
    """Return somebody who answers for any of these units by their id, as a form gives it.

    None for what is no id, and for whoever answers for none of them: not even their name is told.
    """
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        return None
    return db.session.scalar(select(Person).where(Person.id == int(given), *_answer_for(unit_ids)))


def _answer_for(unit_ids: Collection[int]) -> tuple[Any, ...]:
    theirs = select(Role.person_id).where(
        Role.unit_id.in_(unit_ids), Role.part == Part.OFFICIAL, Role.played()
    )
    return (Person.id.in_(theirs), Person.disabled_at.is_(None), Person.closed_at.is_(None))


def cell(words: str) -> str:
    """Return words for a cell of a table file, so that no spreadsheet takes them for a formula.

    A leading sign that begins one is put in quotes by an apostrophe (OWASP, "CSV Injection").
    """
    plain = re.sub(r"[\r\n\t\x00]+", " ", words)
    return f"'{plain}" if plain.lstrip()[:1] in ("=", "+", "-", "@") else plain
