"""The points of a consultation: the working themes of its unit, and which comments belong to them. Never public."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.discussion.desk.models import Point, PointComment
from consult.discussion.ledger.models import LedgerEntry
from consult.errors import NotFound
from consult.extensions import db


@dataclass(frozen=True)
class Counted:
    """A point with how many comments that can be read now belong to it, and how many of those wait for an answer."""

    point: Point
    count: int
    waiting: int


def point(key: str) -> Point:
    """Return the point with a key; NotFound when there is none."""
    found = db.session.scalar(select(Point).where(Point.key == key))
    if found is None:
        raise NotFound
    return found


def points_of(consultation_ids: Collection[int]) -> list[Point]:
    """Return the points of some consultations, in the order in which their units keep them."""
    if not consultation_ids:
        return []
    wanted = select(Point).where(Point.consultation_id.in_(consultation_ids))
    return list(db.session.scalars(wanted.order_by(Point.consultation_id, Point.position, Point.id)))


def counted(consultation: Consultation) -> list[Counted]:
    """Return the points of a consultation in their order, with how many comments belong to each."""
    theirs = points_of([consultation.id])
    rows = db.session.execute(
        select(
            PointComment.point_id, func.count(), func.count().filter(LedgerEntry.waits, LedgerEntry.is_shown)
        )
        .join(LedgerEntry, LedgerEntry.comment_id == PointComment.comment_id)
        .where(PointComment.point_id.in_([each.id for each in theirs]), LedgerEntry.is_shown)
        .group_by(PointComment.point_id)
    )
    found = {point_id: (count, waiting) for point_id, count, waiting in rows}
    return [Counted(each, *found.get(each.id, (0, 0))) for each in theirs]


def titles_on(comment_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return key and title of the points that each comment belongs to, in the order of the points."""
    found: dict[int, list[Any]] = defaultdict(list)
    if not comment_ids:
        return found
    rows = db.session.execute(
        select(PointComment.comment_id, Point.key, Point.title)
        .join(Point, Point.id == PointComment.point_id)
        .where(PointComment.comment_id.in_(comment_ids))
        .order_by(Point.position, Point.id)
    )
    for row in rows:
        found[row.comment_id].append(row)
    return found


def is_empty(wanted: Point) -> bool:
    """Say whether no comment belongs to a point, not even one that cannot be read now."""
    found = select(PointComment.comment_id).where(PointComment.point_id == wanted.id).limit(1)
    return db.session.scalar(found) is None
