"""What each comment in the ledger is asked for a list of the desk: whose it is, how old, under which point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, not_, or_, select

from consult import clock
from consult.accounts.models import Unit
from consult.consultations.models import Consultation, Stage
from consult.consultations.stages import TAKING_COMMENTS
from consult.discussion.answering.models import InformationRequest
from consult.discussion.desk.models import Point, PointComment
from consult.discussion.desk.sieve import Sieve, View, With
from consult.discussion.ledger.models import LedgerEntry as Entry
from consult.discussion.verdict.models import CommentVerdict

Conditions = tuple[Any, ...]


@dataclass(frozen=True)
class Desk:
    """Whose desk it is: their units, what is late by unit id, and how old something must be that is asked for."""

    person_id: int
    units: Sequence[Unit]
    late_before: Mapping[int, datetime]
    older_before: Mapping[int, datetime] | None = None


def holder(desk: Desk, sieve: Sieve) -> int | None:
    """Return the id of the person in whose hands what is asked for must be."""
    if sieve.colleague is not None:
        return sieve.colleague
    return desk.person_id if sieve.held_by is With.ME or sieve.view is View.MINE else None


def in_passing(desk: Desk, sieve: Sieve, unit_id: int) -> Conditions:
    """Return what each entry of a branch is asked besides."""
    found: list[Any] = []
    if sieve.is_late:
        found += [Entry.waits, Entry.since < desk.late_before[unit_id]]
    if sieve.older_than is not None and desk.older_before is not None:
        found.append(Entry.since < desk.older_before[unit_id])
    if sieve.kind is not None:
        found.append(Entry.kind == sieve.kind)
    if sieve.held_by is With.NOBODY:
        found.append(Entry.assignee_id.is_(None))
    if sieve.only_team:
        found.append(Entry.is_team_only)
    if sieve.only_requests:
        found.append(Entry.comment_id.in_(_OPEN_REQUESTS))
    if sieve.no_verdict:
        found += [not_(Entry.is_team_only), Entry.consultation_id.in_(_closed()), ~_DECIDED.exists()]
    if sieve.point:
        found.append(Entry.comment_id.in_(_under(sieve.point)))
    return tuple(found)


_OPEN_REQUESTS = select(InformationRequest.comment_id).where(InformationRequest.closed_at.is_(None))


_DECIDED = select(CommentVerdict.comment_id).where(CommentVerdict.comment_id == Entry.comment_id)


def _closed() -> Any:
    """Return the consultations that take no comments any more and have no outcome: the time for verdicts."""
    over = and_(Consultation.stage.in_(TAKING_COMMENTS), Consultation.closes_at <= clock.now())
    return select(Consultation.id).where(or_(Consultation.stage == Stage.ANALYSING, over))


def _under(key: str) -> Any:
    return (
        select(PointComment.comment_id).join(Point, Point.id == PointComment.point_id).where(Point.key == key)
    )
