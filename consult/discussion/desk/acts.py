"""Undo at the desk: every act is remembered with what was before, and can be taken back for half a minute.

An act calls `remember` in its own transaction. How a kind of act is undone stands beside the act, marked with
`undone_by`. Whatever is announced about an act that can be undone must wait for `UNDO` as well.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from consult import audit, clock
from consult.consultations.models import Consultation
from consult.discussion.desk.models import ActKind, DeskAct, DeskItem
from consult.discussion.models import Comment
from consult.documents.models import Document
from consult.errors import Conflict, NotFound
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, require

UNDO = timedelta(seconds=30)
KEY_LENGTH = 10
# Takes what was done back, as far as nobody has gone on from there; returns for how many comments that was.
Undoing = Callable[[Any, DeskAct, Sequence[DeskItem]], int]
_UNDOING: dict[ActKind, Undoing] = {}


def undone_by(kind: ActKind) -> Callable[[Undoing], Undoing]:
    """Mark a function as the way in which acts of a kind are taken back: it gets actor, act and items."""

    def register(how: Undoing) -> Undoing:
        _UNDOING[kind] = how
        return how

    return register


def remember(
    *, actor: Any, kind: ActKind, items: Mapping[int, Mapping[str, Any]], at: datetime | None = None
) -> DeskAct:
    """Remember an act that was just done, at `at` or now, so that it can be undone, and record it.

    `items` says by comment id what was before: ids, codes and times as text, never words that a person wrote.
    """
    act = DeskAct(
        key=new_key(KEY_LENGTH), actor_id=actor.id, kind=kind, at=at or clock.now(), item_count=len(items)
    )
    db.session.add(act)
    db.session.flush()
    rows = [
        {"act_id": act.id, "comment_id": comment_id, "before": dict(before)}
        for comment_id, before in sorted(items.items())
    ]
    db.session.execute(insert(DeskItem), rows)
    _record(f"desk.{kind.value}", act, actor)
    return act


def undo(*, actor: Any, act: DeskAct) -> int:
    """Take an act back and return for how many comments. What somebody else has changed since stays as it is.

    Raises NotFound for somebody else's act, Conflict when half a minute is over or it was taken back already.
    """
    if act.actor_id != actor.id:
        raise NotFound
    db.session.refresh(act, with_for_update=True)
    for consultation in _consultations(act):
        require(May.ANSWER, actor, consultation)
    if act.undone_at is not None:
        raise Conflict(_("That was undone already."))
    if not can_be_undone(act, clock.now()):
        raise Conflict(_("Half a minute is over: that can no longer be undone. You can change it by hand."))
    items = _locked_items(act)
    done = _UNDOING[act.kind](actor, act, items)
    if not done:
        raise Conflict(_("There is nothing to undo: somebody has gone on from there meanwhile."))
    act.undone_at = clock.now()
    _record("desk.undo", act, actor)
    return done


def _locked_items(act: DeskAct) -> Sequence[DeskItem]:
    """Return what an act changed, with the comments locked first: nobody answers or moves one of them meanwhile."""
    theirs = select(DeskItem).where(DeskItem.act_id == act.id).order_by(DeskItem.comment_id)
    touched = select(DeskItem.comment_id).where(DeskItem.act_id == act.id)
    locked = (
        select(Comment.id).where(Comment.id.in_(touched)).order_by(Comment.id).with_for_update(key_share=True)
    )
    db.session.execute(locked)
    return db.session.scalars(theirs).all()


def can_be_undone(act: DeskAct, now: datetime) -> bool:
    """Say whether an act is young enough, and was not taken back."""
    return act.undone_at is None and now - act.at <= UNDO


def act_of(key: str) -> DeskAct:
    """Return the act with a key; NotFound when there is none."""
    found = db.session.scalar(select(DeskAct).where(DeskAct.key == key))
    if found is None:
        raise NotFound
    return found


def last_acts(actor_id: int, now: datetime, limit: int = 5) -> list[DeskAct]:
    """Return the acts of somebody that can still be undone, the latest first."""
    wanted = select(DeskAct).where(
        DeskAct.actor_id == actor_id, DeskAct.at >= now - UNDO, DeskAct.undone_at.is_(None)
    )
    return list(db.session.scalars(wanted.order_by(DeskAct.at.desc(), DeskAct.id.desc()).limit(limit)))


def told_of(acts: Sequence[DeskAct]) -> dict[int, dict[str, Any]]:
    """Return by act what was before on the first of its comments: to say in words what was done."""
    if not acts:
        return {}
    first = (
        select(DeskItem.act_id, func.min(DeskItem.comment_id).label("comment_id"))
        .where(DeskItem.act_id.in_([act.id for act in acts]))
        .group_by(DeskItem.act_id)
        .subquery()
    )
    rows = db.session.execute(
        select(DeskItem.act_id, DeskItem.before).join(
            first, (first.c.act_id == DeskItem.act_id) & (first.c.comment_id == DeskItem.comment_id)
        )
    )
    return {row.act_id: row.before for row in rows}


def _record(word: str, act: DeskAct, actor: Any) -> None:
    """Enter an act in the record of each organisation whose comments it touched."""
    for organisation_id in sorted({found.organisation_id for found in _consultations(act)}):
        audit.record(
            word,
            f"desk_act:{act.id}",
            actor_id=actor.id,
            organisation_id=organisation_id,
            after=str(act.item_count),
            reason=act.kind.value,
        )


def _consultations(act: DeskAct) -> Sequence[Consultation]:
    touched = (
        select(Document.consultation_id)
        .join(Comment, Comment.document_id == Document.id)
        .join(DeskItem, DeskItem.comment_id == Comment.id)
        .where(DeskItem.act_id == act.id)
    )
    wanted = select(Consultation).where(Consultation.id.in_(touched)).order_by(Consultation.id)
    return db.session.scalars(wanted).all()
