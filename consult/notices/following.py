"""What followers do: ask to follow by an address, confirm it, choose how soon they are told, leave, come back.

Nothing goes to an address that was typed before somebody opened the link in the mail and pressed the button there, but
that one mail: three of them a day at most, and none where its owner said that it was not them.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from consult import audit, clock
from consult.accounts import queries as accounts
from consult.accounts.actions import guests
from consult.accounts.addresses import mailbox_of
from consult.accounts.models import Person
from consult.errors import NotFound
from consult.extensions import browser, db
from consult.notices import follow_letters, followers
from consult.notices.actions import send
from consult.notices.models import Follow, Follower, OutboxMail, Pace, What
from consult.notices.reach import newest_turn
from consult.notices.signed import For, key_of, sign
from consult.notices.targets import Target
from consult.permissions import May, require

MOST_ASKED = 3  # mails that ask whether an address is right
ASKED_WITHIN = timedelta(days=1)


def ask_to_follow(*, actor: Any, email: str, target: Target, pace: Pace) -> None:
    """Ask whoever has an address whether they want to follow something. Who asks sees no difference for any address."""
    require(May.FOLLOW, actor)
    if guests.is_refused(email):
        return
    follower = followers.made_for_address(email)
    follow = _followed(follower, target) or _add(follower, target, pace)
    if follow.confirmed_at is None:
        follow.pace = pace
    if browser.get()():
        follower.browser = browser.get()()
    if not _may_ask(follower):
        return
    letter = follow_letters.confirm_follow(target, sign(For.CONFIRM, follow.key))
    send(to=email, subject=letter.subject, body=letter.body)


def follow_as_known(*, actor: Person, target: Target, pace: Pace) -> Follow:
    """Follow something as somebody whose address is known: nothing needs to be confirmed."""
    require(May.FOLLOW, actor)
    follower = followers.made_for(actor)
    if browser.get()():
        follower.browser = browser.get()()
    follow = _followed(follower, target) or _add(follower, target, pace)
    _begin(follow, pace)
    return follow


def follow_of_author(person: Person, root_id: int, consultation_id: int, since: datetime) -> Follow | None:
    """Let whoever wrote in a thread follow it since then, unless they have chosen otherwise before.

    None for who has no address.
    """
    if not person.email or not person.is_active or not person.is_confirmed:
        return None
    follower = followers.made_for(person)
    target = (What.THREAD, root_id)
    found = _row(follower, *target)
    if found is not None:
        if (
            found.confirmed_at is None
        ):  # asked for, not confirmed; that the address is theirs is known otherwise
            _begin(found, found.pace, since)
        return found
    follow = Follow(
        key=followers.new_key(),
        follower_id=follower.id,
        what=What.THREAD,
        target_id=root_id,
        consultation_id=consultation_id,
        author_id=person.id,
        created_at=clock.now(),
    )
    db.session.add(follow)
    _begin(follow, Pace.DAILY, since)
    return follow


def confirm(*, actor: Any, signed: str) -> Follow:
    """Count a follow from now on: the link in the mail was opened, and the button pressed. NotFound for no such link."""
    require(May.FOLLOW, actor)
    follow = follow_of(signed, For.CONFIRM)
    if follow.confirmed_at is None or follow.left_at is not None:
        _begin(follow, follow.pace)
    follower = db.session.get_one(Follower, follow.follower_id)
    person = accounts.person_by_email(follower.email) if follower.email else None
    if person is None or not person.is_confirmed or not person.is_active:
        return follow
    what, target_id = follow.what, follow.target_id
    adopt(person)
    return _row(followers.made_for(person), what, target_id) or follow


def refuse(*, actor: Any, signed: str) -> None:
    """Take away what somebody else asked for with an address that was not theirs; no such mail goes there for a while."""
    require(May.FOLLOW, actor)
    follow = follow_of(signed, For.CONFIRM)
    follower = db.session.get_one(Follower, follow.follower_id)
    if follow.confirmed_at is not None or not follower.email:
        raise NotFound
    guests.note_refused(follower.email)
    audit.record("follow.refuse", f"follower:{follower.id}", actor_id=None)
    db.session.delete(follow)
    db.session.flush()


def choose_pace(*, actor: Any, follow: Follow, pace: Pace) -> None:
    """Tell of something sooner or later from now on. What happened since the last digest is not lost."""
    require(May.FOLLOW, actor)
    if follow.pace is pace and follow.left_at is None:
        return
    _begin(follow, pace)


def leave(*, actor: Any, follow: Follow) -> None:
    """Stop following something."""
    require(May.FOLLOW, actor)
    follow.left_at = follow.left_at or clock.now()
    db.session.flush()


def leave_all(*, actor: Any, follower: Follower) -> None:
    """Stop everything that somebody follows."""
    require(May.FOLLOW, actor)
    active = (Follow.follower_id == follower.id, Follow.left_at.is_(None))
    db.session.execute(update(Follow).where(*active).values(left_at=clock.now()))
    db.session.expire_all()


def follow_again(*, actor: Any, follow: Follow) -> None:
    """Follow again what was left, at the pace of before."""
    require(May.FOLLOW, actor)
    if follow.left_at is not None:
        _begin(follow, Pace.DAILY if follow.pace is Pace.NEVER else follow.pace)


def follow_all_again(*, actor: Any, follower: Follower) -> None:
    """Follow again all that was left together, last."""
    require(May.FOLLOW, actor)
    mine = (Follow.follower_id == follower.id, Follow.confirmed_at.is_not(None))
    last = db.session.scalar(select(func.max(Follow.left_at)).where(*mine))
    for follow in db.session.scalars(select(Follow).where(*mine, Follow.left_at == last)):
        _begin(follow, Pace.DAILY if follow.pace is Pace.NEVER else follow.pace)


def adopt(person: Person) -> None:
    """Let an account have what was followed with its address.

    Where it followed nothing, the follower becomes its own: the links in mails that were sent go on working.
    """
    other = followers.of_address(person.email)
    if other is None or person.is_guest:
        return
    own = followers.of_person(person)
    if own is None:
        other.person_id, other.email = person.id, ""
        own = other
    else:
        _take_over(own, other)
    db.session.flush()
    mails = update(OutboxMail).where(OutboxMail.follower_id == other.id)
    db.session.execute(mails.values(follower_id=own.id, person_id=person.id))
    if other is not own:
        db.session.delete(other)
        db.session.flush()


def _take_over(own: Follower, other: Follower) -> None:
    """Make another's follows one's own: what both follow, one follows as one chose, unless one had left it before."""
    held = {
        (follow.what, follow.target_id): follow
        for follow in db.session.scalars(select(Follow).where(Follow.follower_id == own.id))
    }
    for follow in db.session.scalars(select(Follow).where(Follow.follower_id == other.id)):
        mine = held.get((follow.what, follow.target_id))
        if mine is None:
            follow.follower_id = own.id
            continue
        if _came_back_by(follow, mine):
            mine.pace, mine.left_at = follow.pace, None
            mine.told_up_to, mine.since = follow.told_up_to, follow.since
        db.session.delete(follow)
    own.browser = own.browser or other.browser


def _came_back_by(follow: Follow, mine: Follow) -> bool:
    """Say whether one left something, and has begun since to follow it by one's address."""
    if mine.left_at is None or follow.left_at is not None or follow.since is None:
        return False
    return follow.since >= mine.left_at


def follow_of(signed: str, purpose: For) -> Follow:
    """Return the follow that a link is for; NotFound where it is no such link, or the follow has gone."""
    found = db.session.scalar(select(Follow).where(Follow.key == key_of(signed, purpose)))
    if found is None:
        raise NotFound
    return found


def follower_of(signed: str, purpose: For) -> Follower:
    """Return the follower that a link is for; NotFound as for `follow_of`."""
    found = db.session.scalar(select(Follower).where(Follower.key == key_of(signed, purpose)))
    if found is None:
        raise NotFound
    return found


def _followed(follower: Follower, target: Target) -> Follow | None:
    return _row(follower, target.what, target.id)


def _row(follower: Follower, what: What, target_id: int) -> Follow | None:
    wanted = select(Follow).where(
        Follow.follower_id == follower.id, Follow.what == what, Follow.target_id == target_id
    )
    return db.session.scalar(wanted)


def _add(follower: Follower, target: Target, pace: Pace) -> Follow:
    follow = Follow(
        key=followers.new_key(),
        follower_id=follower.id,
        what=target.what,
        target_id=target.id,
        consultation_id=target.consultation_id,
        pace=pace,
        created_at=clock.now(),
    )
    db.session.add(follow)
    db.session.flush()
    return follow


def _begin(follow: Follow, pace: Pace, since: datetime | None = None) -> None:
    """Count a follow from now on; of what happened before, nothing is told."""
    if follow.confirmed_at is None or follow.left_at is not None or follow.pace is Pace.NEVER:
        follow.told_up_to, follow.since = newest_turn(), since or clock.now()
    follow.pace, follow.left_at = pace, None
    follow.confirmed_at = follow.confirmed_at or clock.now()
    db.session.flush()


def _may_ask(follower: Follower) -> bool:
    """Say whether one more mail may ask about an address, and count it; all addresses of one box count together."""
    now = clock.now()
    if follower.asked_since is None or follower.asked_since <= now - ASKED_WITHIN:
        follower.asked_since, follower.asked_count = now, 0
        db.session.flush()
    lately = select(Follower.email, Follower.asked_count).where(Follower.asked_since > now - ASKED_WITHIN)
    box = mailbox_of(follower.email)
    if sum(count for email, count in db.session.execute(lately) if mailbox_of(email) == box) >= MOST_ASKED:
        return False
    follower.asked_count += 1
    db.session.flush()
    return True
