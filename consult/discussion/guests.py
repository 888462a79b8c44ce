"""What guests do: send what they wrote, confirm it by the link in the mail, or say that it was not them.

Nothing that a guest wrote is seen by anybody before the link was opened by a click.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from consult import clock
from consult.accounts import links, names
from consult.accounts.actions import guests
from consult.accounts.models import Person, Purpose
from consult.announcements import guest_wrote
from consult.consultations.legal_holds import queries as legal_holds
from consult.discussion import actions, conditions
from consult.discussion.models import Comment, State, UnsentComment
from consult.discussion.unsent import keeping
from consult.discussion.words import Words
from consult.errors import Closed, DomainError, NotFound
from consult.extensions import db
from consult.permissions import May, require

ROOM = __name__
NOT_ME = "guest.not_me"  # the rule by which a comment goes whose author used an address of somebody else


def send_as_guest(
    *,
    actor: Any,
    name: str,
    email: str,
    unsent: Sequence[UnsentComment],
    words: Mapping[str, Words],
    manners: Mapping[str, str] | None = None,
) -> tuple[Person, list[tuple[UnsentComment, str]]]:
    """Send unfinished comments in a guest's name: they wait until the link in the mail is opened.

    Returns the guest, and what could not be sent with the reason; Closed with the first reason where it is all of it.
    Where the owner of the address has said that somebody else used it, no mail goes there and nothing can be
    confirmed: it vanishes after a week. Whoever asks sees no difference.
    """
    require(May.BEGIN_COMMENT, actor)
    names.refuse_posing(name)
    guest, token = guests.make_guest(actor=actor, name=name, email=email)
    sent: list[Comment] = []
    refused: list[tuple[UnsentComment, str]] = []
    for row in unsent:
        try:
            comment = actions.write_comment(
                author=guest,
                words=words[row.key],
                manner=(manners or {}).get(row.key, ""),
                **keeping.place_of(row),
            )
        except DomainError as refusal:
            refused.append((row, refusal.message or str(_("It cannot be sent."))))
            continue
        actions.begin(
            actor=guest,
            comment=comment,
            after=State.UNCONFIRMED,
            rule="guest.unconfirmed",
            act="comment.post",
        )
        row.comment_id = comment.id
        sent.append(comment)
    if not sent:
        raise Closed(refused[0][1])
    db.session.flush()
    if not guests.is_refused(email):
        guest_wrote.send(ROOM, guest=guest, comments=sent, token=token)
    return guest, refused


def waiting_of(guest: Person) -> list[Comment]:
    """Return what a guest wrote that waits for the link to be opened, in the order in which it was written."""
    wanted = select(Comment).where(Comment.author_id == guest.id, Comment.state == State.UNCONFIRMED)
    around = (joinedload(Comment.document, innerjoin=True), joinedload(Comment.paragraph, innerjoin=True))
    return list(db.session.scalars(wanted.order_by(Comment.id).options(*around)))


def send_link_again(*, actor: Any, guest: Person) -> None:
    """Send another link for what a guest wrote, if any of it waits; at most one a minute."""
    require(May.BEGIN_COMMENT, actor)
    waiting = waiting_of(guest)
    if not waiting or not guest.email or guests.is_refused(guest.email):
        return
    token = guests.new_confirmation(actor=actor, guest=guest)
    if token:
        guest_wrote.send(ROOM, guest=guest, comments=waiting, token=token)


def confirm_comments(*, actor: Any, token: str) -> tuple[Person, list[Comment]]:
    """Count what a guest wrote, now that the link was opened: it goes to the team, to a moderator or on the page.

    What was written before the closing counts if it is confirmed within the 48 hours after it, and is late
    otherwise. NotFound for a link that is spent, late, or for something else.
    """
    writer, guest = guests.confirm_guest(actor=actor, token=token)
    comments = waiting_of(writer)
    now = clock.now()
    for comment in comments:
        consultation = comment.document.consultation
        comment.author_id = guest.id
        comment.is_late = conditions.is_late(consultation, comment.created_at, now)
        after, rule = actions.begins_as(comment, consultation, rule="guest.confirmed")
        actions.lead(actor=guest, comment=comment, after=after, rule=rule)
    keeping.forget_sent([comment.id for comment in comments])
    if writer is not guest:  # an empty shell is left: what it wrote belongs to the guest known before
        writer.name, writer.email, writer.closed_at = "", "", now
    db.session.flush()
    db.session.expire_all()
    return guest, comments


def refuse_comments(*, actor: Any, token: str) -> int:
    """Take away what somebody wrote with an address that was not theirs, and put it on record; return how much.

    The words go for good: nobody but their writer had seen them. Conflict while a legal hold keeps them. What the writer's browser keeps is the writer's.
    """
    writer = guests.refuse_address(actor=actor, token=token)
    comments = waiting_of(writer)
    if any(legal_holds.covers(comment.document.consultation) for comment in comments):
        raise legal_holds.kept()
    for comment in comments:
        comment.body, comment.html, comment.confidential_reason = "", "", ""
        comment.replacement, comment.replacement_html = "", ""
        comment.on_behalf_of, comment.on_behalf_kind = "", None
        comment.salt = ""
        db.session.flush()  # what leads it on reads the words anew
        actions.lead(actor=None, comment=comment, after=State.ERASED, rule=NOT_ME, reason="not_author")
    db.session.execute(
        update(UnsentComment)
        .where(UnsentComment.comment_id.in_([comment.id for comment in comments]))
        .values(comment_id=None)
    )
    return len(comments)


def who_sent(row: UnsentComment) -> Person:
    """Return the guest in whose name this browser sent what waits for its link."""
    comment = db.session.get(Comment, row.comment_id)
    if comment is None:
        raise NotFound
    return comment.author


def guest_by_id(person_id: int) -> Person | None:
    """Return a guest who was sent a link from this very browser."""
    found = db.session.get(Person, person_id) if person_id else None
    return found if found is not None and found.is_guest and found.is_active else None


def ask_for_link(*, actor: Any, email: str) -> None:
    """Send the guest with this address, if there is one, a link to what they wrote."""
    guests.ask_for_link(actor=actor, email=email)


def returning(token: str) -> None:
    """Raise NotFound unless a link leads a guest back to what they wrote."""
    links.find(token, Purpose.GUEST_RETURN)


def come_back(*, actor: Any, token: str) -> Person:
    """Spend a guest's link to their own page."""
    return guests.come_back(actor=actor, token=token)


def sent_to(token: str) -> Person | None:
    """Return who was sent a link that is good no more; None where it never was one."""
    link = guests.spent_link(token)
    return db.session.get(Person, link.person_id) if link is not None and link.person_id else None


def renew(*, actor: Any, token: str) -> None:
    """Send another link to where a spent one went: to confirm what still waits, or to come back to what was sent."""
    writer = sent_to(token)
    if writer is None or not writer.is_active:
        return
    if waiting_of(writer):
        send_link_again(actor=actor, guest=writer)
    elif writer.email:
        guests.ask_for_link(actor=actor, email=writer.email)


def writer_of(token: str) -> Person:
    """Return who wrote what a link is to confirm; NotFound for a link that is not good (any more)."""
    found = guests.writer_of(token)
    if found is None:
        raise NotFound
    return found
