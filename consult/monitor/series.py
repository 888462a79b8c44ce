"""Figures over time, by week: questions waiting, the time to a first answer, threads in which a second person replied.

Each is one read that is bounded by the weeks it tells of. What is counted is what the public can read now: a comment
that was taken down since is in no week any more.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation
from consult.discussion.ledger.figures import median
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Answer, Comment, Response, State
from consult.discussion.visibility import public
from consult.documents.models import Document
from consult.extensions import db
from consult.monitor.scope import Scope
from consult.monitor.weeks import Week, weeks

_reply = aliased(Comment)


@dataclass(frozen=True)
class Told:
    """What is told of one week.

    `waiting`: public questions that waited when it ended. `answered`: those first answered in it, and the `median` of
    the working days that took. `threads`: comments that began a thread in it, `joined`: those of them to which another
    person has replied since.
    """

    week: Week
    waiting: int
    answered: int
    median: float | None
    threads: int
    joined: int

    @property
    def share(self) -> int | None:
        """Return how many of a hundred threads somebody else replied in, rounded; None of no threads."""
        return (100 * self.joined + self.threads // 2) // self.threads if self.threads else None


def told(scope: Scope) -> list[Told]:
    """Return what is told of each of the last weeks, the oldest first."""
    some = weeks(scope.now, scope.zone)
    waiting, answered, threads = _waiting(scope, some), _answered(scope, some), _threads(scope, some)
    return [
        Told(
            week,
            waiting[n],
            sum(answered[n].values()),
            median(answered[n]),
            *threads.get(n, (0, 0)),
        )
        for n, week in enumerate(some)
    ]


def _waiting(scope: Scope, some: Sequence[Week]) -> list[int]:
    """Count the questions that waited at the end of each week: those asked by then, without those closed by then.

    A question is closed by its first answer, or when its consultation has an outcome or is withdrawn.
    """
    entry = LedgerEntry
    ended_at = func.coalesce(Consultation.outcome_at, Consultation.withdrawn_at)
    closed_at = case(
        (or_(ended_at.is_(None), entry.first_answered_at <= ended_at), entry.first_answered_at),
        else_=ended_at,
    )
    asked = _by_week(scope, some, entry.asked_at)
    closed = _by_week(scope, some, closed_at)
    again = _came_back(scope, some)
    return [
        asked_by - closed_by + more
        for asked_by, closed_by, more in zip(accumulate(asked), accumulate(closed), again, strict=True)
    ]


def _by_week(scope: Scope, some: Sequence[Week], moment: Any) -> list[int]:
    """Count the questions by the week in which something happened to them, what was earlier in the first."""
    which = _week_of(moment, some).label("which")
    rows = db.session.execute(
        select(which, func.count())
        .select_from(LedgerEntry)
        .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
        .where(_is_question(), scope.of_unit(LedgerEntry.unit_id), moment < some[-1].ends)
        .group_by(which)
    )
    counts: dict[int, int] = dict(rows.all())
    return [counts.get(n, 0) for n in range(len(some))]


def _is_question() -> ColumnElement[bool]:
    return and_(LedgerEntry.asked_at.is_not(None), LedgerEntry.is_shown, not_(LedgerEntry.is_team_only))


def _came_back(scope: Scope, some: Sequence[Week]) -> list[int]:
    """Count the questions that waited again at the end of each week: the answer did not answer them (of few).

    They wait from then until the next answer, or until it is over.
    """
    answered = (
        select(func.min(Response.created_at))
        .join(Answer, Answer.response_id == Response.id)
        .where(
            Answer.comment_id == LedgerEntry.comment_id,
            Response.created_at >= LedgerEntry.objected_at,
            Response.undone_at.is_(None),
        )
        .correlate(LedgerEntry)
        .scalar_subquery()
    )
    ended_at = func.coalesce(Consultation.outcome_at, Consultation.withdrawn_at)
    rows = db.session.execute(
        select(
            LedgerEntry.objected_at,
            answered.label("answered_at"),
            ended_at.label("ended_at"),
        )
        .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
        .where(_is_question(), scope.of_unit(LedgerEntry.unit_id), LedgerEntry.objected_at.is_not(None))
    )
    spans = [(row.objected_at, _first(row.answered_at, row.ended_at)) for row in rows]
    return [
        sum(
            begins is not None and begins < week.ends and (ends is None or ends >= week.ends)
            for begins, ends in spans
        )
        for week in some
    ]


def _first(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _answered(scope: Scope, some: Sequence[Week]) -> dict[int, dict[int, int]]:
    """Count the first answers of each week, by how many working days they took."""
    which = _week_of(LedgerEntry.first_answered_at, some).label("which")
    rows = db.session.execute(
        select(which, LedgerEntry.answer_days, func.count())
        .where(
            _is_question(),
            scope.of_unit(LedgerEntry.unit_id),
            LedgerEntry.first_answered_at >= some[0].begins,
            LedgerEntry.first_answered_at < some[-1].ends,
        )
        .group_by(which, LedgerEntry.answer_days)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for place, days, count in rows:
        if days is not None:
            found[place][days] = count
    return found


def _threads(scope: Scope, some: Sequence[Week]) -> dict[int, tuple[int, int]]:
    """Count the threads that began in each week, and those of them in which another person replied."""
    which = _week_of(Comment.published_at, some).label("which")
    other = (
        select(_reply.id)
        .where(
            _reply.root_id == Comment.id,
            _reply.state == State.PUBLISHED,
            _reply.author_id != Comment.author_id,
        )
        .correlate(Comment)
        .exists()
    )
    wanted = (
        select(which, func.count(), func.sum(case((and_(Comment.reply_count > 0, other), 1), else_=0)))
        .where(
            public(),
            Comment.parent_id.is_(None),
            Comment.published_at >= some[0].begins,
            Comment.published_at < some[-1].ends,
        )
        .group_by(which)
    )
    texts = select(Document.id).join(Consultation, Consultation.id == Document.consultation_id)
    if scope.chosen:
        ours = texts.where(scope.of_unit(Consultation.unit_id), Consultation.is_exercise())
        wanted = wanted.where(Comment.document_id.in_(ours))
    else:
        wanted = wanted.where(Comment.document_id.not_in(texts.where(Consultation.is_toolkit)))
    rows = db.session.execute(wanted)
    return {place: (count, int(joined or 0)) for place, count, joined in rows}


def _week_of(moment: Any, some: Sequence[Week]) -> ColumnElement[int]:
    """Return in SQL which of the weeks a moment is in."""
    return case(*((moment < week.ends, literal(n)) for n, week in enumerate(some)), else_=literal(len(some)))
