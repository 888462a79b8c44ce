"""Taking mails out of the outbox and handing them over.

A mail is leased, sent outside any transaction, and settled, one by one. Whoever dies between sending and settling
leaves a lease that runs out: that one mail is then sent again under the same Message-ID, by which mail servers know it,
so it may come twice but is never lost. Several dispatchers may run. The log says how many, and why not; never to whom.

Before that, what happened is told to those who follow it: their mails are put into the outbox, and get their words only
when they leave.
"""

import dataclasses
import logging
import math
import threading
import time
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, delete, or_, select, update

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.actions.setting_up import note_that_mail_works
from consult.consultations import timed
from consult.discussion.answering import held_back
from consult.extensions import db, settings, transaction
from consult.moderation.campaigns import arrival as campaigns
from consult.moderation.waves import arriving as waves
from consult.notices import clearing, digests, fanning, gap_mails, returned, suggestions, telling
from consult.notices.models import OutboxMail
from consult.notices.transports import Line, Parcel, Refused, Transport, message, transport_for

log = logging.getLogger("consult.mail")

BATCH = 10
LEASE = timedelta(minutes=10)
WAITS = tuple(
    timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)
)  # after attempt 1, 2, …; then given up
MOST = 2 * len(WAITS)  # attempts, counting those of which we never heard again
A_WHILE = 5.0  # seconds for which followers are told, or comments grouped, before mails are delivered again
HELD = timedelta(hours=1)  # after so long we look again whether a mail may leave
PAUSE = 5.0  # seconds between two looks at an empty outbox
PAUSE_AFTER_TROUBLE = 30.0
GAPS_EVERY = 60.0  # seconds between two looks whether the Monday mail is due


class App(Protocol):
    """An application, as far as we need one."""

    def app_context(self) -> AbstractContextManager[object]: ...


def start_dispatcher(app: App) -> threading.Event:
    """Deliver mail in the background for as long as this process lives; set the event that is returned to stop it."""
    stop = threading.Event()
    threading.Thread(target=_run, args=(app, stop), name="mail", daemon=True).start()
    return stop


def _run(app: App, stop: threading.Event) -> None:
    with app.app_context():
        deliver_until(stop)


def deliver_until(stop: threading.Event) -> None:
    """Deliver what comes due and group what arrived until the event is set; look for gaps once a minute, and clear up
    once an hour."""
    pause, clears_at, looks_at = 0.0, 0.0, 0.0
    while not stop.wait(pause):
        pause = PAUSE
        try:
            if not tell_followers(A_WHILE):
                pause = 0.0
            if time.monotonic() >= looks_at:
                looks_at = time.monotonic() + GAPS_EVERY
                gap_mails.send_due()
                returned.send_due()
                suggestions.send_due()
                waves.end_over()
            deliver_due()
            if not campaigns.group_for(A_WHILE):
                pause = 0.0
            if time.monotonic() >= clears_at:
                clears_at = time.monotonic() + clearing.EVERY.total_seconds()
                clearing.clear_up()
                held_back.release_due()  # before the outcomes, after which no answer is given
                timed.run_due()
        except Exception:  # a dispatcher that dies would hold up all mail unseen
            log.exception("the mail dispatcher stumbled")
            pause = PAUSE_AFTER_TROUBLE
        finally:
            db.session.remove()


def tell_followers(seconds: float = math.inf) -> bool:
    """Put mails to followers into the outbox: of what happened, and the digests that are due.

    Stop after so many seconds, and return whether all is done: what is left is gone on with the next time, and
    whoever waits for a link meanwhile gets it. In a demonstration too: its mails are read in the mailbox there.
    """
    if accounts.site_or_none() is None:
        return True
    db.session.rollback()
    until = time.monotonic() + seconds

    def is_over() -> bool:
        return time.monotonic() >= until

    fanning.tell_of_happenings(is_over)
    digests.send_due_digests(is_over)
    return not is_over()


def deliver_due(transport: Transport | None = None) -> int:
    """Deliver whatever is due now, and return how many mails were handed over. In a demonstration nothing leaves."""
    site = accounts.site_or_none()
    if site is None or site.is_demonstration:
        return 0
    sender_name = site.name
    db.session.rollback()  # no transaction stays open while mail servers talk
    transport = transport or transport_for(settings().mail_url, settings().instance)
    delivered = 0
    try:
        while batch := lease():
            delivered += _send_batch(batch, transport, sender_name)
    except Refused:
        pass  # no way out just now; all that was leased has been put off
    if delivered:
        log.info("mails delivered", extra={"count": delivered})
    return delivered


def lease(limit: int = BATCH) -> list[Parcel]:
    """Take up to `limit` due mails for ourselves, oldest first; nobody else gets them until the lease runs out.

    Who waits for a link comes before ten thousand digests: those are taken where there is room.
    """
    now = clock.now()
    if not _something_is_due():
        return []
    with transaction():
        rows = _oldest(OutboxMail.follower_id.is_(None), limit)
        if len(rows) < limit:
            rows += _oldest(OutboxMail.follower_id.is_not(None), limit - len(rows))
        for mail in rows:
            mail.leased_until = now + LEASE
            mail.attempts += 1
            if mail.attempts > MOST:  # every lease ran out: it brings down whoever sends it
                mail.dead_at, mail.last_error = now, "no attempt came to an end"
        return [_parcel(mail) for mail in rows if mail.dead_at is None]


def _oldest(which: ColumnElement[bool], limit: int) -> list[OutboxMail]:
    """Return due mails of one sort, oldest first, and hold them."""
    wanted = select(OutboxMail).where(which, *_due()).order_by(OutboxMail.due_at, OutboxMail.id).limit(limit)
    # on PostgreSQL two dispatchers pass one another by; on SQLite the transaction is alone anyhow
    return list(db.session.scalars(wanted.with_for_update(skip_locked=True)))


def settle(parcel: Parcel, refused: Refused | None, *, is_real: bool = True) -> None:
    """Write down what became of a leased mail: delivered, to be tried again later, or given up."""
    now = clock.now()
    with transaction():
        outcome: dict[str, object] = {"leased_until": None}
        if refused is None:
            outcome |= {"sent_at": now, "last_error": ""}
        elif refused.is_final or parcel.attempts > len(WAITS):
            outcome |= {"dead_at": now, "last_error": refused.code[:200]}
        else:
            outcome |= {"due_at": now + WAITS[parcel.attempts - 1], "last_error": refused.code[:200]}
        # whoever has it when our lease had run out has the last word
        db.session.execute(update(OutboxMail).where(*_ours(parcel)).values(**outcome))
        if refused is None and parcel.is_test and is_real:
            note_that_mail_works()
    if refused is not None:
        log.warning(
            "a mail was refused", extra={"mail": parcel.id, "attempt": parcel.attempts, "why": refused.code}
        )


def _send_batch(batch: list[Parcel], transport: Transport, sender_name: str) -> int:
    """Send leased mails over one connection; when it cannot be had, put all of them off and raise Refused."""
    until = clock.now() + LEASE / 2
    sent = 0
    try:
        with transport.open() as line:
            for parcel in batch:
                if clock.now() >= until:
                    break  # a slow server: what is left comes due again when its lease runs out
                sent += _send_one(parcel, line, sender_name, is_real=transport.is_real)
    except Refused as refused:
        for parcel in batch:
            settle(parcel, refused)
        raise
    return sent


def _send_one(parcel: Parcel, line: Line, sender_name: str, *, is_real: bool) -> bool:
    refused: Refused | None = None
    try:
        is_held = bool(parcel.tells) and _is_held(parcel)
        filled = None if is_held else _filled(parcel)
    except Exception as error:  # those that were leased with it must not go down with it
        log.exception("a mail could not be put into words", extra={"mail": parcel.id})
        db.session.rollback()
        settle(parcel, Refused(f"no words: {type(error).__name__}"))
        return False
    if is_held:
        put_off(parcel)
        return False
    if filled is None:
        drop(parcel)
        return False
    parcel = filled
    try:
        line.send(message(parcel, sender=settings().mail_from, sender_name=sender_name))
    except Refused as error:
        refused = error
    except ValueError as error:  # a header that cannot be written: no second try will mend it
        refused = Refused(f"not a mail: {error.__class__.__name__}", is_final=True)
    settle(parcel, refused, is_real=is_real)
    return refused is None


def drop(parcel: Parcel) -> None:
    """Let a leased mail go that has nothing to tell any more."""
    with transaction():
        db.session.execute(delete(OutboxMail).where(*_ours(parcel)))


def put_off(parcel: Parcel) -> None:
    """Let a leased mail wait that must not leave now, as if it had never been tried."""
    later = {"leased_until": None, "due_at": clock.now() + HELD, "attempts": parcel.attempts - 1}
    with transaction():
        db.session.execute(update(OutboxMail).where(*_ours(parcel)).values(**later))


def _is_held(parcel: Parcel) -> bool:
    held = telling.is_held(parcel.tells)
    db.session.rollback()  # no transaction stays open while mail servers talk
    return held


def _filled(parcel: Parcel) -> Parcel | None:
    """Return a mail with its words: those that it was written with, or what is to be told now; None for nothing."""
    if parcel.follower_id is None or not parcel.tells:
        return parcel
    words = telling.in_words(parcel.follower_id, parcel.tells)
    db.session.rollback()  # no transaction stays open while mail servers talk
    return None if words is None else dataclasses.replace(parcel, **dataclasses.asdict(words))


def _ours(parcel: Parcel) -> tuple[ColumnElement[bool], ...]:
    """Return the condition under which a leased mail is still ours: somebody else has it when the lease had run out."""
    return OutboxMail.id == parcel.id, OutboxMail.attempts == parcel.attempts


def _due() -> tuple[ColumnElement[bool], ...]:
    now = clock.now()
    return (
        OutboxMail.sent_at.is_(None),
        OutboxMail.dead_at.is_(None),
        OutboxMail.due_at <= now,
        or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until <= now),
    )


def _something_is_due() -> bool:
    """Look without a lock first: an empty outbox must not make a writer wait every few seconds."""
    found = db.session.scalars(select(OutboxMail.id).where(*_due()).limit(1)).first()
    db.session.rollback()
    return found is not None


def _parcel(mail: OutboxMail) -> Parcel:
    return Parcel(
        id=mail.id,
        message_id=mail.message_id,
        to_address=mail.to_address,
        subject=mail.subject,
        body=mail.body,
        created_at=mail.created_at,
        is_test=mail.is_test,
        attempts=mail.attempts,
        unit_name=mail.unit_name,
        thread=mail.thread,
        follower_id=mail.follower_id,
        tells=mail.tells,
    )
