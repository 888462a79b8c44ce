"""What officials do with comments at their desk besides answering: mark them as read, give them to a colleague.

Each act is remembered and can be undone for a short while (`acts`).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from consult import clock
from consult.accounts.models import Part, Person
from consult.announcements import comments_given, giving_undone
from consult.consultations.models import Consultation
from consult.discussion.desk.acts import remember, undone_by
from consult.discussion.desk.models import ActKind, DeskAct, DeskItem
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Comment
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.permissions import May, require

AT_ONCE = 500


def mark_read(*, actor: Any, keys: Collection[str]) -> DeskAct | None:
    """Mark comments as read by an official of their unit; None when all of them were read already."""
    now = clock.now()
    entries = entries_in_hand(keys, actor=actor)
    fresh = ledger.note_read([entry.comment_id for entry in entries], actor.id, now)
    if not fresh:
        return None
    return remember(actor=actor, kind=ActKind.READ, items={comment_id: {} for comment_id in fresh}, at=now)


def assign(*, actor: Any, keys: Collection[str], assignee: Person | None) -> DeskAct | None:
    """Give comments to a colleague, to oneself or to nobody; None when they were there already.

    Raises Invalid when the colleague does not answer for the unit of one of them.
    """
    entries = entries_in_hand(keys, actor=actor)
    if assignee is not None and not all(_answers_for(assignee, entry.unit_id) for entry in entries):
        raise Invalid(_("%(name)s does not answer for that unit.", name=assignee.name), field="assignee")
    given = assignee.id if assignee is not None else None
    moved = [entry for entry in entries if entry.assignee_id != given]
    if not moved:
        return None
    before = {
        entry.comment_id: {"given": given, "assignee": entry.assignee_id, "place": entry.place.value}
        for entry in moved
    }
    ledger.assign(list(before), given)
    act = remember(actor=actor, kind=ActKind.ASSIGN, items=before)
    if assignee is not None:
        titles = _titles({entry.consultation_id for entry in moved})
        comments_given.send("consult.discussion", act=act, assignee=assignee, actor=actor, titles=titles)
    return act


@undone_by(ActKind.READ)
def _unread(actor: Any, act: DeskAct, items: Sequence[DeskItem]) -> int:
    return ledger.forget_read([item.comment_id for item in items], act.actor_id, act.at)


@undone_by(ActKind.ASSIGN)
def _assign_back(actor: Any, act: DeskAct, items: Sequence[DeskItem]) -> int:
    alike: dict[tuple[Any, Any, str], list[int]] = defaultdict(list)
    for item in items:
        alike[item.before["given"], item.before["assignee"], item.before["place"]].append(item.comment_id)
    giving_undone.send("consult.discussion", act=act)
    return sum(
        ledger.assign_back(ids, given=given, before=before, place=Place(place))
        for (given, before, place), ids in alike.items()
    )


def _titles(consultation_ids: Collection[int]) -> list[str]:
    wanted = select(Consultation.title).where(Consultation.id.in_(consultation_ids))
    return list(db.session.scalars(wanted.order_by(Consultation.title)))


def entries_in_hand(keys: Collection[str], *, actor: Any) -> list[LedgerEntry]:
    """Return the entries of comments that can be read now, locked, for an official of their units.

    The comments are locked before them, as by whoever answers: else the two could wait for each other for ever. Raises Conflict when none of them can be read any more.
    """
    wanted = (
        select(LedgerEntry, Consultation)
        .join(Comment, Comment.id == LedgerEntry.comment_id)
        .join(Consultation, Consultation.id == LedgerEntry.consultation_id)
        .where(Comment.key.in_(list(keys)[:AT_ONCE]), LedgerEntry.is_shown)
        .order_by(LedgerEntry.comment_id)
        .with_for_update(key_share=True, of=(Comment, LedgerEntry))
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(wanted).all()
    for consultation in {row.Consultation.id: row.Consultation for row in found}.values():
        require(May.ANSWER, actor, consultation)
    if not found:
        raise Conflict(_("That has been withdrawn or taken down meanwhile. There is nothing left to do."))
    return [row.LedgerEntry for row in found]


def _answers_for(person: Person, unit_id: int) -> bool:
    return any(role.part is Part.OFFICIAL and role.unit_id == unit_id for role in person.parts)
