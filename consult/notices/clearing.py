"""Clearing up: all that goes by itself when its time is over, done by `consult worker` or beside the mail of a server.

A little at a time, each in a transaction of its own, so that nobody waits; whatever breaks it off, the next round
goes on. The log says how many of what, never whose.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import and_, delete, func, or_, select

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.actions import forgetting as accounts_forgetting
from consult.accounts.actions.forgetting import delete_some, handful
from consult.accounts.models import Person
from consult.accounts.retention import Kept, kept_since
from consult.consultations.legal_holds import queries as legal_holds
from consult.discussion import forgetting as discussion_forgetting
from consult.discussion.ledger import also
from consult.discussion.models import Comment
from consult.extensions import db, transaction
from consult.moderation.complaints.forgetting import forget_complaints
from consult.notices.models import Digest, Follow, Follower, Happening, OutboxMail, Pace
from consult.search import fruitless
from consult.toolkit import forgetting as toolkit_forgetting

log = logging.getLogger("consult.clearing")

EVERY = timedelta(hours=1)
TOLD = timedelta(days=90)  # after so long what happened is told no more
LEFT = timedelta(days=7)  # after so long every mail of a digest has left or was given up
# What goes with an account that nobody confirmed. Whoever another row names, in whatever table, stays.
GOES_ALONG = frozenset(
    {
        "signed_in.person_id",
        "recovery_code.person_id",
        "passkey.person_id",
        "identity.person_id",
        "one_time_link.person_id",
        "role.person_id",
        "outbox_mail.person_id",
        "paragraph_event.person_id",
        "unsent_comment.person_id",
        "also_asked.person_id",
        "report.reporter_id",
    }
)


def clear_up() -> dict[str, int]:
    """Delete whatever has run out of its time, and return how many of what: nothing while a legal hold is in force.

    Most of it cannot be told apart by whose consultation it is, so one hold stops all of it, on the whole site.
    """
    if accounts.site_or_none() is None:
        return {}
    db.session.rollback()
    if legal_holds.is_any_in_force():
        log.info("nothing cleared up: a legal hold is in force")
        return {}
    done = {name: _all_of(forget) for name, forget in FORGET.items()}
    done = {name: count for name, count in done.items() if count}
    if done:
        log.info("cleared up", extra={"deleted": done})
    return done


def _all_of(forget: Callable[[], int]) -> int:
    """Let one kind go, handful by handful, until nothing is left of it."""
    total = 0
    while True:
        with transaction():
            count = forget()
        total += count
        if not count:
            return total


def forget_mails() -> int:
    """Delete the copies of mails that were sent or given up a while ago, and at once those to who has closed.

    In a demonstration nothing is sent: there they count from when they were written.
    """
    since = kept_since(Kept.MAILS, clock.now())
    closed = select(Person.id).where(Person.closed_at.is_not(None))
    is_over = or_(OutboxMail.sent_at.is_not(None), OutboxMail.dead_at.is_not(None))
    # one after the other, each by an index: together they would read every copy there is, under the lock
    return (
        delete_some(OutboxMail, OutboxMail.sent_at <= since, by=OutboxMail.sent_at)
        or delete_some(OutboxMail, OutboxMail.dead_at <= since)
        or delete_some(OutboxMail, OutboxMail.person_id.in_(closed), is_over)
        or (delete_some(OutboxMail, OutboxMail.created_at <= since) if accounts.is_demonstration() else 0)
    )


def forget_unconfirmed() -> int:
    has_written = select(Comment.id).where(Comment.author_id == Person.id).exists()
    return accounts_forgetting.forget_unconfirmed(unless=has_written, named=_named_elsewhere)


def _named_elsewhere(ids: Sequence[int]) -> set[int]:
    """Return those of some people whom any column of any table names, but those that go along."""
    columns = [column for table in db.metadata.sorted_tables for column in table.columns]
    found: set[int] = set()
    for column in columns:
        names_people = any(key.column is Person.__table__.c.id for key in column.foreign_keys)
        if names_people and f"{column.table.name}.{column.name}" not in GOES_ALONG:
            found.update(db.session.scalars(select(column).where(column.in_(ids)).distinct()))
    return found


def forget_follows() -> int:
    """Delete what nobody confirmed, and what was left a while ago; not that an author left their own thread."""
    now = clock.now()
    unconfirmed = and_(Follow.confirmed_at.is_(None), Follow.created_at <= kept_since(Kept.UNCONFIRMED, now))
    left = and_(
        Follow.left_at.is_not(None), Follow.left_at <= kept_since(Kept.LEFT, now), Follow.author_id.is_(None)
    )
    return delete_some(Follow, or_(unconfirmed, left))


def forget_followers() -> int:
    """Delete the addresses of those who follow nothing (any more), with the copies of mails to them."""
    follows = select(Follow.id).where(Follow.follower_id == Follower.id).exists()
    is_old = Follower.created_at <= kept_since(Kept.UNCONFIRMED, clock.now())
    ids = handful(Follower, is_old, ~follows)
    if ids:
        db.session.execute(delete(OutboxMail).where(OutboxMail.follower_id.in_(ids)))
        db.session.execute(delete(Follower).where(Follower.id.in_(ids)))
    return len(ids)


def forget_happenings() -> int:
    """Delete what everybody was told of long ago, but the last: turns are counted on from it.

    What waited for the end of an election is old when it is told: it stays until a weekly digest has told of it and
    the mails of that have left, or were given up.
    """
    now = clock.now()
    last = select(func.max(Happening.turn)).scalar_subquery()
    told = select(func.max(Digest.turn)).where(Digest.pace == Pace.WEEKLY, Digest.finished_at <= now - LEFT)
    return delete_some(
        Happening,
        Happening.turn < last,
        Happening.turn <= told.scalar_subquery(),
        Happening.at <= now - TOLD,
    )


FORGET: dict[str, Callable[[], int]] = {
    "unconfirmed_comments": discussion_forgetting.forget_unconfirmed_comments,
    "unsent_comments": discussion_forgetting.forget_unsent,
    "askers": also.forget_askers,
    "unsaved_pages": toolkit_forgetting.forget_unsaved,
    "suggestions": toolkit_forgetting.forget_suggestions,
    "acts_at_desk": discussion_forgetting.forget_acts_at_desk,
    "addresses_of_guests": discussion_forgetting.forget_addresses_of_guests,
    "other_addresses": accounts_forgetting.forget_other_addresses,
    "links": accounts_forgetting.forget_links,
    "sessions": accounts_forgetting.forget_sessions,
    "refused_addresses": accounts_forgetting.forget_refusals,
    "unconfirmed_people": forget_unconfirmed,
    "complaints": forget_complaints,
    "mails": forget_mails,
    "follows": forget_follows,
    "followers": forget_followers,
    "happenings": forget_happenings,
    "fruitless_searches": fruitless.forget,
}
