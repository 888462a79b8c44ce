"""What becomes of mails and of what people were told, when somebody goes or turns out to be somebody else.

Each function hears one announcement, in the transaction of the act.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import aliased

from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.extensions import db
from consult.notices import following, letters
from consult.notices.actions import send
from consult.notices.models import Follow, Follower, GapMail, OutboxMail, ParagraphEvent
from consult.text.taking_out import take_out_plainly

QUOTED = 60  # characters of a line by which a mail that quotes it is found
LEAST_QUOTED = 12  # with its mark: a shorter line ("> Yes.") would find mails about others


def on_account_closed(sender: object, *, person: Person, withdraws: bool, **more: Any) -> None:
    """Delete the mails to somebody who closes their account, sent or not, and write them a last one."""
    _delete_mails([person.id])
    _delete_events([person.id])
    _end_follows(person)
    db.session.execute(delete(GapMail).where(GapMail.person_id == person.id))
    if person.email:
        letter = letters.account_closed(person.name, is_guest=person.is_guest, withdraws=withdraws)
        send(to=person.email, subject=letter.subject, body=letter.body, person=person)


def on_comments_claimed(sender: object, *, person: Person, guest: Person, **more: Any) -> None:
    """Let an account have what its owner was told as a guest."""
    db.session.execute(update(OutboxMail).where(OutboxMail.person_id == guest.id).values(person_id=person.id))
    _join_events(guest.id, person.id)
    db.session.execute(update(Follow).where(Follow.author_id == guest.id).values(author_id=person.id))
    following.adopt(person)


def on_session_begun(sender: object, *, person: Person, **more: Any) -> None:
    """Let an account have what was followed with its address before there was an account."""
    if not person.is_guest and person.is_confirmed:
        following.adopt(person)


def on_people_erased(sender: object, *, ids: Sequence[int], **more: Any) -> None:
    _delete_mails(ids)
    _delete_events(ids)
    _end_threads(ids)
    _delete_followers(select(Follower.id).where(Follower.person_id.in_(ids)))


def on_addresses_deleted(sender: object, *, ids: Sequence[int], **more: Any) -> None:
    """Delete the mails to guests whose addresses are deleted: they bear the address too.

    They follow the threads no more in which they wrote; what they asked to follow, they follow until they leave.
    """
    _delete_mails(ids)
    _end_threads(ids)
    if addresses := list(db.session.scalars(select(Person.email).where(Person.id.in_(ids)))):
        has_more = select(Follow.id).where(Follow.follower_id == Follower.id).exists()
        _delete_followers(select(Follower.id).where(Follower.email.in_(addresses), ~has_more))


def on_comment_erased(sender: object, *, comment: Comment, words: Sequence[str], **more: Any) -> None:
    """Delete every mail, sent or not, that is about a comment whose text was erased, or quotes it."""
    lines = {letters.quoted(each).splitlines()[0][:QUOTED] for each in words if each.strip()}
    quotes = [OutboxMail.body.contains(line, autoescape=True) for line in lines if len(line) >= LEAST_QUOTED]
    named = OutboxMail.body.contains(comment.key, autoescape=True)
    db.session.execute(delete(OutboxMail).where(or_(named, *quotes)))


def on_words_taken_out(
    sender: object, *, comment: Comment, passages: Sequence[str], mark: str, **more: Any
) -> None:
    """Take words out of the mails about a comment, sent or not, that were taken out of it. Its author's keep them."""
    about = OutboxMail.body.contains(comment.key, autoescape=True)
    theirs = or_(OutboxMail.person_id.is_(None), OutboxMail.person_id != comment.author_id)
    for mail in db.session.scalars(select(OutboxMail).where(about, theirs)):
        mail.body, _count = take_out_plainly(mail.body, passages, mark)


def _end_follows(person: Person) -> None:
    """Delete what somebody follows who goes, and all mails about it; of a guest, whatever their address follows."""
    _end_threads([person.id])
    if person.is_guest and person.email:
        _delete_followers(select(Follower.id).where(Follower.email == person.email))
    else:
        _delete_followers(select(Follower.id).where(Follower.person_id == person.id))


def _end_threads(ids: Sequence[int]) -> None:
    db.session.execute(delete(Follow).where(Follow.author_id.in_(ids)))


def _delete_followers(wanted: Select[Any]) -> None:
    ids = list(db.session.scalars(wanted))
    if ids:
        db.session.execute(delete(OutboxMail).where(OutboxMail.follower_id.in_(ids)))
        db.session.execute(delete(Follow).where(Follow.follower_id.in_(ids)))
        db.session.execute(delete(Follower).where(Follower.id.in_(ids)))


def _delete_mails(ids: Sequence[int]) -> None:
    db.session.execute(delete(OutboxMail).where(OutboxMail.person_id.in_(ids)))


def _delete_events(ids: Sequence[int]) -> None:
    db.session.execute(delete(ParagraphEvent).where(ParagraphEvent.person_id.in_(ids)))


def _join_events(guest_id: int, person_id: int) -> None:
    """Make a guest's events the person's; where both were told of the same change, it is told once, with both counts."""
    other = aliased(ParagraphEvent)
    rows = db.session.execute(
        select(ParagraphEvent, other)
        .join(
            other,
            (other.paragraph_id == ParagraphEvent.paragraph_id)
            & (other.version_id == ParagraphEvent.version_id)
            & (other.person_id == person_id),
        )
        .where(ParagraphEvent.person_id == guest_id)
    )
    for guests, persons in rows:
        persons.comment_count += guests.comment_count
        db.session.delete(guests)
    db.session.flush()
    db.session.execute(
        update(ParagraphEvent).where(ParagraphEvent.person_id == guest_id).values(person_id=person_id)
    )
