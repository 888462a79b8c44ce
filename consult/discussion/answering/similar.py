"""Questions that say nearly the same, so that one answer can go to all of them.

Bounded: it compares with so many questions that wait, those on the same paragraph first, however many there are.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from consult.accounts.models import Person
from consult.discussion import provenance
from consult.discussion.fragments import shown
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment
from consult.documents.models import Paragraph
from consult.extensions import db
from consult.text.likeness import share, shingles
from consult.text.plain import plain_text

LEAST = 0.4  # of the words the same
MOST_SHOWN = 5
MOST_COMPARED = 400  # on the same paragraph, and as many on the rest of the draft


@dataclass(frozen=True)
class Similar:
    """A question that waits and says nearly the same: the row that shows it, and how many of 100 words are the same."""

    about: Any
    percent: int


def similar_to(question: Comment) -> list[Similar]:
    """Return the questions on the same draft that wait and say nearly the same, the most like it first."""
    waits = (
        LedgerEntry.is_shown,
        LedgerEntry.waits,
        ~LedgerEntry.is_team_only,
        LedgerEntry.comment_id != question.id,
    )
    here = LedgerEntry.paragraph_id == question.paragraph_id
    on_draft = LedgerEntry.document_id == question.document_id
    found: dict[int, str] = {}
    for where in (here, on_draft):
        near = (
            select(Comment.id, Comment.html)
            .join(LedgerEntry, LedgerEntry.comment_id == Comment.id)
            .where(where, *waits)
            .order_by(LedgerEntry.since.desc(), LedgerEntry.comment_id.desc())
            .limit(MOST_COMPARED)
        )
        found.update(db.session.execute(near).all())
    asked = shingles(plain_text(question.html))
    scored = ((share(asked, shingles(plain_text(words))), number) for number, words in found.items())
    best = sorted((one for one in scored if one[0] > LEAST), key=lambda one: (-one[0], one[1]))[:MOST_SHOWN]
    rows = _shown([number for _score, number in best])
    return [Similar(rows[number], round(100 * score)) for score, number in best if number in rows]


def _shown(ids: list[int]) -> dict[int, Any]:
    rows = db.session.execute(
        select(
            *(Comment.id, Comment.key, shown(Comment.html), Comment.created_at),
            *(Person.name.label("author_name"), *provenance.COLUMNS),
            *(Paragraph.key.label("paragraph_key"), Paragraph.number, Paragraph.kind.label("paragraph_kind")),
        )
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .where(Comment.id.in_(ids))
    )
    return {row.id: row for row in rows}
