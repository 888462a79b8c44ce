"""The whole monitor, put together: every list, the figures of each unit, and since when a list has been empty."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, not_, select

from consult import clock
from consult.accounts.models import Site, Unit
from consult.consultations.models import Consultation, Stage
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment, Response
from consult.discussion.visibility import public
from consult.documents.models import Document
from consult.extensions import db
from consult.monitor import exercises, paragraphs, questions, stale
from consult.monitor.rows import Found, Reader
from consult.monitor.scope import Scope
from consult.search.models import FruitlessSearch
from consult.toolkit.models import Page

# by the name that each has in addresses and files, those for whom somebody waits first
LISTS: dict[str, Reader] = {
    "questions": questions.found,
    "joined": paragraphs.busy,
    "units": exercises.silent_units,
    "outcomes": exercises.outcomes,
    "short": exercises.short,
    "silent": paragraphs.silent,
    "pages": stale.pages,
    "searches": stale.searches,
}
OWN = ("questions", "joined", "units", "outcomes", "short")  # what a unit can mend by itself


@dataclass(frozen=True)
class UnitLine:
    """The figures of one unit; `oldest` in working days, None while nothing waits."""

    unit: Unit
    asked: int
    waiting: int
    late: int
    oldest: int | None
    silent: int


def lists(scope: Scope, limit: int) -> dict[str, Found]:
    """Return the first rows of every list, and how many there are."""
    return {name: read(scope, "", limit) for name, read in LISTS.items()}


def by_unit(scope: Scope) -> list[UnitLine]:
    """Return the figures of each unit that is looked at, by name: three reads, however many units."""
    asked = db.session.execute(
        select(Consultation.unit_id, func.sum(Consultation.question_count))
        .where(Consultation.stage != Stage.PREPARING, scope.of_unit(Consultation.unit_id))
        .group_by(Consultation.unit_id)
    )
    counts = {unit_id: int(count or 0) for unit_id, count in asked}
    waiting, silent = questions.by_unit(scope), paragraphs.silent_by_unit(scope)
    return [
        _line(scope, unit, counts.get(unit.id, 0), waiting.get(unit.id, questions.Waiting()), silent)
        for unit in scope.looked_at
    ]


def _line(scope: Scope, unit: Unit, asked: int, waits: questions.Waiting, silent: dict[int, int]) -> UnitLine:
    days = (
        None if waits.oldest is None else scope.calendar.waited(waits.oldest, scope.now, unit.organisation_id)
    )
    return UnitLine(unit, asked, waits.count, waits.late, days, silent.get(unit.id, 0))


def sent_to_teams(scope: Scope) -> int:
    """Return how many questions wait that were sent only to the teams: a number is all there is."""
    entry = LedgerEntry
    wanted = select(func.count()).where(
        entry.is_shown, entry.waits, entry.is_team_only, scope.of_unit(entry.unit_id)
    )
    return db.session.scalar(wanted) or 0


# ---- since when a list is empty: the last of what empties it


def empty_since(scope: Scope, name: str) -> datetime | date | None:
    """Return when what empties a list last happened; None where it never has, and the list was always empty."""
    at: datetime | date | None = _EMPTIED[name](scope)
    return at


def site_began() -> datetime:
    return db.session.scalar(select(Site.created_at)) or clock.now()


def _last_answer(scope: Scope) -> Any:
    entry = LedgerEntry
    wanted = select(func.max(entry.first_answered_at)).where(
        entry.asked_at.is_not(None), not_(entry.is_team_only), scope.of_unit(entry.unit_id)
    )
    return db.session.scalar(wanted)


def _last_reply(scope: Scope) -> Any:
    replies = (scope.of_unit(Response.unit_id), Response.undone_at.is_(None))
    return db.session.scalar(select(func.max(Response.created_at)).where(*replies))


def _last_outcome(scope: Scope) -> Any:
    wanted = select(func.max(Consultation.outcome_at)).where(scope.of_unit(Consultation.unit_id))
    return db.session.scalar(wanted)


def _last_opening(scope: Scope) -> Any:
    wanted = select(func.max(Consultation.opens_at)).where(
        Consultation.is_exercise(),
        Consultation.stage != Stage.PREPARING,
        Consultation.opens_at <= scope.now,
        scope.of_unit(Consultation.unit_id),
    )
    return db.session.scalar(wanted)


def _last_comment(scope: Scope) -> Any:
    texts = select(Document.id).join(Consultation)
    wanted = select(func.max(Comment.published_at)).where(
        public(), Comment.document_id.not_in(texts.where(Consultation.is_toolkit))
    )
    if scope.chosen:
        ours = texts.where(scope.of_unit(Consultation.unit_id))
        wanted = wanted.where(Comment.document_id.in_(ours))
    return db.session.scalar(wanted)


def _last_review(scope: Scope) -> Any:
    return db.session.scalar(select(func.max(Page.reviewed_on)))


def _last_search(scope: Scope) -> Any:
    return db.session.scalar(select(func.max(FruitlessSearch.day)))


_EMPTIED: dict[str, Callable[[Scope], Any]] = {
    "questions": _last_answer,
    "joined": _last_reply,
    "units": _last_reply,
    "outcomes": _last_outcome,
    "short": _last_opening,
    "silent": _last_comment,
    "pages": _last_review,
    "searches": _last_search,
}
