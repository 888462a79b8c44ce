"""How much was said: at a paragraph with what was joined to it, on each version, before a split.

What pages of the current version show is kept beside the paragraphs (`counting`); here the rows are counted, for the
pages of earlier versions and for the life of one paragraph. Published comments alone count.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import aliased

from consult.discussion.models import Answer, Comment, Kind, Response
from consult.discussion.visibility import public
from consult.documents.models import Paragraph, Version
from consult.extensions import db


@dataclass(frozen=True)
class Tally:
    """What was said, in figures."""

    comment_count: int = 0
    question_count: int = 0
    answered_count: int = 0
    response_count: int = 0

    @property
    def waiting_count(self) -> int:
        return max(0, self.question_count - self.answered_count)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.comment_count + other.comment_count,
            self.question_count + other.question_count,
            self.answered_count + other.answered_count,
            self.response_count + other.response_count,
        )


NOTHING = Tally()
_gathered = aliased(Paragraph)
_place = func.coalesce(Paragraph.home_id, Paragraph.id)
SHOWN_TOGETHER = (  # beside a Paragraph: the comments shown where its own are
    select(func.sum(_gathered.comment_count))
    .where(or_(_gathered.id == _place, _gathered.home_id == _place))
    .correlate(Paragraph)
    .scalar_subquery()
    .label("comment_count")
)


def kept(paragraphs: Iterable[Any]) -> Tally:
    """Return the sum of what is kept beside these paragraphs."""
    counted = (
        Tally(p.comment_count, p.question_count, p.answered_count, p.response_count) for p in paragraphs
    )
    return sum(counted, NOTHING)


def by_version(paragraph_ids: Sequence[int]) -> dict[int, Tally]:
    """Return what was said at these paragraphs on each version, the first version first; official replies left out."""
    rows = db.session.execute(
        _counted(Version.number)
        .where(Comment.paragraph_id.in_(paragraph_ids))
        .group_by(Version.number)
        .order_by(Version.number)
    )
    return {number: Tally(*counts) for number, *counts in rows}


def until(said: Mapping[int, Tally], number: int) -> Tally:
    """Return what was said up to a version, from what was said on each."""
    return sum((tally for on, tally in said.items() if on <= number), NOTHING)


def answers_until(paragraph_ids: Sequence[int], number: int) -> int:
    """Return how many official replies answer what was said at these paragraphs up to a version."""
    answers = (
        select(func.count(Answer.response_id.distinct()))
        .join(Comment, Comment.id == Answer.comment_id)
        .join(Response, Response.id == Answer.response_id)
        .join(Version, Version.id == Comment.version_id)
        .where(Response.stands(), public(), Comment.paragraph_id.in_(paragraph_ids), Version.number <= number)
    )
    return db.session.scalar(answers) or 0


def on_page(document_id: int, number: int, homes: Mapping[int, int]) -> dict[int, Tally]:
    """Return what was said on a document up to a version, by the paragraph at which that version shows it."""
    rows = db.session.execute(
        _counted(Comment.paragraph_id)
        .where(Comment.document_id == document_id, Version.number <= number)
        .group_by(Comment.paragraph_id)
    )
    found: dict[int, Tally] = defaultdict(Tally)
    for paragraph_id, *counts in rows:
        found[homes.get(paragraph_id, paragraph_id)] += Tally(*counts)
    return found


def before_split(document_id: int) -> dict[int, int]:
    """Return for each further part of a split paragraph how much had been said on the whole before."""
    rows = db.session.execute(
        select(Paragraph.id, func.count())
        .join(Comment, Comment.paragraph_id == Paragraph.split_from_id)
        .join(Version, Version.id == Comment.version_id)
        .where(
            Paragraph.document_id == document_id,
            Paragraph.split_from_id.is_not(None),
            Version.number < Paragraph.first_version,
            public(),
        )
        .group_by(Paragraph.id)
    )
    return dict(rows.all())


def _counted(by: Any) -> Select[Any]:
    is_question = Comment.kind == Kind.QUESTION
    return (
        select(
            by,
            func.count(),
            func.sum(case((is_question, 1), else_=0)),
            func.sum(case((is_question & Comment.answered_at.is_not(None), 1), else_=0)),
        )
        .select_from(Comment)
        .join(Version, Version.id == Comment.version_id)
        .where(public())
    )
