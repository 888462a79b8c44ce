"""A moderator holds a person for a time, and lifts it; the person asks for a second look, which another moderator takes.

A hold takes nothing down and refuses nothing. It lets what somebody writes wait (`holds.asking`), and what they send only
to the team arrives as ever. No rule sets one, and none grows longer by itself.
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from consult import audit, clock
from consult.announcements import hold_asked_about, hold_lifted, hold_looked_at, person_held
from consult.discussion.desk.acts import UNDO
from consult.discussion.models import Comment, State
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import ROW, db
from consult.moderation import queries as moderation
from consult.moderation.held_people import queries
from consult.moderation.held_people.models import Look, PersonHold
from consult.permissions import May, require
from consult.reasons import BEFORE_ELECTIONS, BY_CODE

ROOM = "consult.moderation.held_people"
MOST_DAYS = 28


def hold_person(*, actor: Any, comment: Comment, reason: str, days: int, note: str = "") -> PersonHold:
    """Let whatever the author of a comment writes in its organisation wait for a moderator, for 1 to 28 days from now.

    One that is on ends with it: so it can be made longer or shorter. Raises NotAllowed for oneself and for whoever plays
    a part in the organisation, Invalid without a reason or for another number of days.
    """
    require(May.DECIDE, actor, comment)
    if comment.state in (State.UNCONFIRMED, State.ERASED):
        raise Conflict(_("Nobody knows yet, or any more, who wrote this."))
    if comment.author_id == actor.id or queries.plays_a_part(comment.author_id, comment.organisation_id):
        raise NotAllowed(
            _("Somebody who plays a part in this organisation cannot be held. Tell its administrator.")
        )
    if reason not in BY_CODE:
        raise Invalid(_("Choose a reason"), field="reason")
    if reason == BEFORE_ELECTIONS and not moderation.is_before_election(comment):
        raise Invalid(_("Choose another reason: this one holds only before an election"), field="reason")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_("Enter a number of days from 1 to %(most)s", most=MOST_DAYS), field="days")
    if reason == "other" and not note:
        raise Invalid(_("Write what the person should know"), field="note")
    now = clock.now()
    db.session.refresh(
        comment, ["author_id"], with_for_update=ROW
    )  # of two who hold at once, one comes second
    before = queries.hold_about(comment, now)
    if before is not None:
        before.ended_at, before.ended_by = now, actor.id
    hold = PersonHold(
        organisation_id=comment.organisation_id,
        person_id=comment.author_id,
        comment_id=comment.id,
        reason=reason,
        note=note,
        held_by=actor.id,
        held_at=now,
        until=now + timedelta(days=days),
    )
    db.session.add(hold)
    _record("person.hold", hold, actor.id, before="" if before is None else _day(before), after=_day(hold))
    person_held.send(ROOM, hold=hold, comment=comment, before=before)
    return hold


def lift(*, actor: Any, comment: Comment, note: str = "") -> PersonHold:
    """End the hold on the author of a comment before its time; in its first half minute as if it had not been."""
    require(May.DECIDE, actor, comment)
    hold = _on(comment)
    _end(hold, actor.id, note)
    _record("person.lift_hold", hold, actor.id, before=_day(hold))
    hold_lifted.send(ROOM, hold=hold, comment=comment, is_undone=clock.now() - hold.held_at <= UNDO)
    return hold


def ask_again(*, actor: Any, comment: Comment, why: str) -> PersonHold:
    """Ask, as the person who is held, that somebody else looks at the hold: once for each."""
    require(May.CORRECT, actor, comment)
    hold = _on(comment)
    if hold.asked_at is not None:
        raise Conflict(_("You have asked for a second look at this hold already."))
    if not why:
        raise Invalid(_("Write why it is wrong"), field="why")
    hold.asked_why, hold.asked_at = why, clock.now()
    _record("person.ask_about_hold", hold, actor.id)
    hold_asked_about.send(ROOM, hold=hold, comment=comment)
    return hold


def look_again(*, actor: Any, comment: Comment, look: Look, words: str) -> PersonHold:
    """Take the second look: lift the hold or let it stand, with words for the person. Not for whoever holds them."""
    require(May.DECIDE, actor, comment)
    hold = _on(comment)
    if hold.held_by == actor.id:
        raise NotAllowed(_("You hold this person. Another moderator takes the second look."))
    if hold.asked_at is None or hold.looked_at is not None:
        raise Conflict(_("Nobody asks for a second look, or somebody has taken it already."))
    if not words:
        raise Invalid(_("Write what the person should know"), field="note")
    hold.look, hold.look_words = look, words
    hold.looked_at, hold.looked_by = clock.now(), actor.id
    if look is Look.LIFTED:
        _end(hold, actor.id, "")
    _record("person.look_at_hold", hold, actor.id, after=look.value)
    hold_looked_at.send(ROOM, hold=hold, comment=comment)
    return hold


def on_comments_claimed(sender: object, *, person: Any, guest: Any, **rest: Any) -> None:
    """Let a hold on a guest be on the account that took in what they wrote."""
    _hand_over(guest.id, person.id)


def on_account_closed(sender: object, *, person: Any, heir: Any, **rest: Any) -> None:
    """End the hold on somebody who closes their account: there is nobody left to hold."""
    now = clock.now()
    theirs = (PersonHold.person_id == person.id, queries.is_on(now))
    db.session.execute(update(PersonHold).where(*theirs).values(ended_at=now))
    _hand_over(person.id, heir.id)


def _hand_over(person_id: int, heir_id: int) -> None:
    db.session.execute(update(PersonHold).where(PersonHold.person_id == person_id).values(person_id=heir_id))


def _on(comment: Comment) -> PersonHold:
    found = queries.hold_about(comment, clock.now())
    if found is None:
        raise Conflict(_("This person is not held any more. Look again."))
    db.session.refresh(found, ["ended_at", "asked_at", "looked_at"], with_for_update=True)
    if found.ended_at is not None:
        raise Conflict(_("This person is not held any more. Look again."))
    return found


def _end(hold: PersonHold, actor_id: int, note: str) -> None:
    hold.ended_at, hold.ended_by, hold.ended_note = clock.now(), actor_id, note


def _day(hold: PersonHold) -> str:
    return f"until {hold.until:%Y-%m-%d}"


def _record(act: str, hold: PersonHold, actor_id: int, *, before: str = "", after: str = "") -> None:
    db.session.flush()
    audit.record(
        act,
        f"person:{hold.person_id}",
        actor_id=actor_id,
        organisation_id=hold.organisation_id,
        before=before,
        after=after,
        reason=hold.reason,
    )
