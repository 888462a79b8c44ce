"""What officials do with the points of a consultation: make, rename, order, merge and delete them, put comments there."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select

from consult import audit, clock
from consult.consultations.models import Consultation
from consult.discussion.desk import points
from consult.discussion.desk.actions import entries_in_hand
from consult.discussion.desk.acts import remember, undone_by
from consult.discussion.desk.models import ActKind, DeskAct, DeskItem, Point, PointComment
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, require

KEY_LENGTH = 10
LONGEST_TITLE = 120
MOST = 200  # points of one consultation: as many as one page still shows


def make(*, actor: Any, consultation: Consultation, title: str) -> Point:
    """Add a point at the end. Raises Invalid for a title that is empty, too long or there already."""
    require(May.ANSWER, actor, consultation)
    theirs = _locked(consultation.id)
    if len(theirs) >= MOST:
        raise Invalid(
            _("There are %(num)s points already. Merge some of them first.", num=MOST), field="title"
        )
    point = Point(
        key=new_key(KEY_LENGTH),
        consultation=consultation,
        title=_title(title, theirs),
        position=max((each.position for each in theirs), default=0) + 1,
        created_by=actor.id,
        created_at=clock.now(),
    )
    db.session.add(point)
    _record("point.make", point, actor)
    return point


def rename(*, actor: Any, point: Point, title: str) -> Point:
    """Give a point another title. Raises Invalid as `make` does."""
    require(May.ANSWER, actor, point.consultation)
    theirs = _locked(point.consultation_id)
    point.title = _title(title, [each for each in theirs if each is not point])
    _record("point.rename", point, actor)
    return point


def move(*, actor: Any, point: Point, step: int) -> None:
    """Move a point up (-1) or down (1) by one; the first and the last stay where they are."""
    require(May.ANSWER, actor, point.consultation)
    theirs = _locked(point.consultation_id)
    place = theirs.index(point)
    theirs.insert(max(0, place + step), theirs.pop(place))
    for position, each in enumerate(theirs, 1):
        each.position = position
    _record("point.move", point, actor)


def merge(*, actor: Any, point: Point, into: Point) -> Point:
    """Put all comments of one point under another of the same consultation, and let the first go."""
    require(May.ANSWER, actor, point.consultation)
    if into.consultation_id != point.consultation_id or into is point:
        raise Invalid(_("Choose another point of the same consultation."), field="into")
    _locked(point.consultation_id)
    theirs = select(PointComment.comment_id).where(PointComment.point_id == point.id)
    there = select(PointComment.comment_id).where(PointComment.point_id == into.id)
    moved = db.session.scalars(theirs.where(PointComment.comment_id.not_in(there))).all()
    if moved:
        db.session.execute(insert(PointComment), _rows(into, moved))
    _record("point.merge", point, actor, after=f"point:{into.id}")
    _let_go(point)
    return into


def remove(*, actor: Any, point: Point, is_confirmed: bool) -> None:
    """Delete a point; its comments stay. Raises Conflict when it holds comments and nobody has confirmed."""
    require(May.ANSWER, actor, point.consultation)
    if not is_confirmed and not points.is_empty(point):
        raise Conflict(_("Comments belong to this point. Confirm that you want to delete it."))
    _record("point.delete", point, actor)
    _let_go(point)


def put_under(*, actor: Any, keys: Collection[str], point: Point) -> DeskAct | None:
    """Put comments under a point; None when all of them were there already.

    Raises Invalid when one of them was said about another consultation.
    """
    require(May.ANSWER, actor, point.consultation)
    ids = _of_the_same(actor, keys, point)
    there = set(_under(point, ids))
    added = [comment_id for comment_id in ids if comment_id not in there]
    if not added:
        return None
    db.session.execute(insert(PointComment), _rows(point, added))
    return _remember(actor, point, added, was_there=False)


def take_from(*, actor: Any, keys: Collection[str], point: Point) -> DeskAct | None:
    """Take comments from a point; None when none of them was there."""
    require(May.ANSWER, actor, point.consultation)
    there = _under(point, _of_the_same(actor, keys, point))
    if not there:
        return None
    _delete(point.id, there)
    return _remember(actor, point, there, was_there=True)


@undone_by(ActKind.POINT)
def _back(actor: Any, act: DeskAct, items: Sequence[DeskItem]) -> int:
    point = db.session.get(Point, items[0].before["point"])
    if point is None:
        raise Conflict(_("That point was merged or deleted meanwhile."))
    ids = [item.comment_id for item in items]
    there = _under(point, ids)
    if not items[0].before["was_there"]:
        _delete(point.id, there)
        return len(there)
    gone = sorted(set(ids) - set(there))
    if gone:
        db.session.execute(insert(PointComment), _rows(point, gone))
    return len(gone)


def _remember(actor: Any, point: Point, ids: Sequence[int], *, was_there: bool) -> DeskAct:
    before = {"point": point.id, "was_there": was_there}
    return remember(actor=actor, kind=ActKind.POINT, items=dict.fromkeys(ids, before))


def _of_the_same(actor: Any, keys: Collection[str], point: Point) -> list[int]:
    entries = entries_in_hand(keys, actor=actor)
    if any(entry.consultation_id != point.consultation_id for entry in entries):
        raise Invalid(
            _("That point belongs to another consultation than some of these comments."), field="point"
        )
    return [entry.comment_id for entry in entries]


def _under(point: Point, ids: Collection[int]) -> list[int]:
    wanted = select(PointComment.comment_id).where(
        PointComment.point_id == point.id, PointComment.comment_id.in_(ids)
    )
    return list(db.session.scalars(wanted.order_by(PointComment.comment_id)))


def _rows(point: Point, ids: Collection[int]) -> list[dict[str, int]]:
    return [{"point_id": point.id, "comment_id": comment_id} for comment_id in ids]


def _delete(point_id: int, ids: Collection[int] | None = None) -> None:
    gone = delete(PointComment).where(PointComment.point_id == point_id)
    db.session.execute(gone if ids is None else gone.where(PointComment.comment_id.in_(ids)))


def _let_go(point: Point) -> None:
    _delete(point.id)
    db.session.delete(point)
    db.session.flush()


def _locked(consultation_id: int) -> list[Point]:
    """Return the points of a consultation in their order; nobody else makes or moves one meanwhile."""
    db.session.execute(select(Consultation.id).where(Consultation.id == consultation_id).with_for_update())
    return points.points_of([consultation_id])


def _title(given: str, others: Sequence[Point]) -> str:
    title = " ".join(given.split())
    if not title:
        raise Invalid(_("Say in a few words what the point is."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(
            _("%(num)s characters at most: this title has %(length)s.", num=LONGEST_TITLE, length=len(title)),
            field="title",
        )
    if any(each.title.casefold() == title.casefold() for each in others):
        raise Invalid(_("There is a point with this title already."), field="title")
    return title


def _record(word: str, point: Point, actor: Any, after: str = "") -> None:
    db.session.flush()
    audit.record(
        word,
        f"point:{point.id}",
        actor_id=actor.id,
        organisation_id=point.consultation.organisation_id,
        after=after,
    )
