"""Whose comments they are, when that changes: somebody closes their account, or takes in what they wrote as a guest.

Rows are locked in the order that every writer keeps: comments, documents, consultations.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, delete, func, select, update

from consult import audit
from consult.accounts.actions.closing import NAME_REMOVED, erase
from consult.accounts.models import Person
from consult.announcements import comments_claimed
from consult.consultations.models import Consultation
from consult.discussion import states
from consult.discussion.actions import withdraw_comment
from consult.discussion.models import Comment, Decision, Response, State, UnsentComment
from consult.discussion.queries import is_guest_of
from consult.documents.models import Document
from consult.errors import Conflict, NotAllowed
from consult.extensions import db
from consult.permissions import May, require

ROOM = "consult.discussion"
ALWAYS_WITHDRAWN = frozenset(
    {State.UNCONFIRMED, State.RETURNED}
)  # nobody would be left to confirm or correct them


def on_account_closed(
    sender: object, *, person: Person, heir: Person, withdraws: bool, holder: str, **more: Any
) -> None:
    """Withdraw the comments of somebody who closes their account, or leave them without the name."""
    theirs = UnsentComment.person_id == person.id
    if holder:
        theirs |= UnsentComment.holder == holder
    db.session.execute(delete(UnsentComment).where(theirs))
    _lock([person.id])
    for comment in _comments_of(person.id):
        can_go = states.leads_to(comment.state, State.WITHDRAWN, is_team_only=comment.is_team_only)
        if can_go and (withdraws or comment.state in ALWAYS_WITHDRAWN):
            withdraw_comment(actor=person, comment=comment)
    if heir is not person:
        _hand_over(person.id, heir.id)
    touch_talk_of(heir.id)


def on_people_erased(sender: object, *, ids: Sequence[int], **more: Any) -> None:
    """Delete what people had begun to write who never confirmed their address."""
    db.session.execute(delete(UnsentComment).where(UnsentComment.person_id.in_(ids)))


def on_person_renamed(sender: object, *, person: Person, **more: Any) -> None:
    """Make the pages stale that show a name beside a comment or an official reply."""
    touch_talk_of(person.id)


def claim_comments(*, actor: Person) -> int:
    """Take into an account what its owner wrote as a guest with the same confirmed address; return how many comments.

    The account's name stands beside them from now on, and the guests are no more.
    """
    require(May.CLAIM, actor)
    if not actor.email:
        raise NotAllowed
    guests = db.session.scalars(
        select(Person).where(*is_guest_of(actor)).order_by(Person.id).with_for_update(of=Person)
    ).all()
    _lock([guest.id for guest in guests])
    taken = {guest: count for guest in guests if (count := _hand_over(guest.id, actor.id))}
    if not taken:
        raise Conflict(_("There are no comments to take in. They may be in your account already."))
    _count_people(actor.id)
    touch_talk_of(actor.id)
    for guest in taken:
        comments_claimed.send(ROOM, person=actor, guest=guest)
        guest.name = NAME_REMOVED
        erase(guest)
        audit.record("guest.claim", f"person:{guest.id}", actor_id=actor.id)
    return sum(taken.values())


def _comments_of(person_id: int) -> Sequence[Comment]:
    return db.session.scalars(
        select(Comment).where(Comment.author_id == person_id).order_by(Comment.id)
    ).all()


def _hand_over(person_id: int, heir_id: int) -> int:
    """Make the comments of one person another's, with the decisions that the author took; return how many.

    What waits for a link in a mail stays behind: nobody has shown yet whose it is. A form that both sent under the
    same key is told apart by it no longer: each made its comment long ago.
    """
    theirs = select(Comment.once).where(Comment.author_id == heir_id, Comment.once.is_not(None))
    mine = and_(Comment.author_id == person_id, Comment.state != State.UNCONFIRMED)
    _update(Comment, mine, Comment.once.in_(theirs), once=None)
    moved = select(Comment.id).where(mine)
    _update(Decision, Decision.actor_id == person_id, Decision.comment_id.in_(moved), actor_id=heir_id)
    _update(UnsentComment, UnsentComment.person_id == person_id, person_id=heir_id)
    return _update(Comment, mine, author_id=heir_id)


def _count_people(person_id: int) -> None:
    """Count again who has spoken, where this person has: two who counted apart may be one now."""
    spoken = select(func.count(Comment.author_id.distinct())).where(Comment.state == State.PUBLISHED)
    on_document = spoken.where(Comment.document_id == Document.id).correlate(Document)
    _update(Document, Document.id.in_(_document_ids(person_id)), people_count=on_document.scalar_subquery())
    in_consultation = (
        spoken.join(Document, Document.id == Comment.document_id)
        .where(Document.consultation_id == Consultation.id)
        .correlate(Consultation)
    )
    mine = select(Document.consultation_id).where(Document.id.in_(_document_ids(person_id)))
    _update(Consultation, Consultation.id.in_(mine), people_count=in_consultation.scalar_subquery())


def touch_talk_of(person_id: int) -> None:
    """Raise the stamps of every document, and its consultation, where this person's name can stand."""
    mine = select(Document.consultation_id).where(Document.id.in_(_document_ids(person_id)))
    for table, ids in ((Document, _document_ids(person_id)), (Consultation, mine)):
        wanted = select(table.id).where(table.id.in_(ids)).order_by(table.id)
        db.session.execute(wanted.with_for_update(key_share=True)).all()  # one by one, as others hold them
        _update(table, table.id.in_(ids), stamp=table.stamp + 1)


def _document_ids(person_id: int) -> Any:
    said = select(Comment.document_id).where(Comment.author_id == person_id)
    return said.union(select(Response.document_id).where(Response.author_id == person_id))


def _lock(person_ids: Sequence[int]) -> None:
    """Lock what will be changed, in the order in which every writer takes it: see `counting.count_change`."""
    mine = Comment.author_id.in_(person_ids)
    tops = select(Comment.root_id).where(mine, Comment.root_id.is_not(None))
    documents = select(Comment.document_id).where(mine)
    consultations = select(Document.consultation_id).where(Document.id.in_(documents))
    for table, ids in ((Comment, tops), (Document, documents), (Consultation, consultations)):
        wanted = select(table.id).where(
            table.id.in_(ids) if table is not Comment else table.id.in_(ids) | mine
        )
        db.session.execute(wanted.order_by(table.id).with_for_update(key_share=True)).all()


def _update(table: Any, *where: Any, **values: Any) -> int:
    """Change rows in the database itself, and let go of what was read of the table before."""
    changed = db.session.execute(
        update(table).where(*where).values(values), execution_options={"synchronize_session": False}
    )
    for held in [row for row in db.session.identity_map.values() if isinstance(row, table)]:
        db.session.expire(held, list(values))
    return int(changed.rowcount)  # type: ignore[attr-defined]
