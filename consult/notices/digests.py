"""Digests: once a day or a week, one mail to everybody who wants it so, of what happened since the one before.

A round goes through its followers in their order, a handful at a time: what is to be told is worked out without any
lock, and the mails are put into the outbox in one short transaction, together with how far the round has come. Whoever
is stopped goes on there. What was told in an earlier mail, at once or in a digest, is not told again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select, update

from consult import clock
from consult.extensions import db, settings, transaction
from consult.notices import changed, mails, told
from consult.notices.fanning import in_turn, never
from consult.notices.followers import Reader, readers
from consult.notices.mails import Waiting
from consult.notices.models import Digest, Follow, Happening, OutboxMail, Pace, What
from consult.notices.reach import Reach, counts, newest_turn, reaches

HANDFUL = 20  # so many mails are written under one lock: some hundredths of a second
AT = time(7)  # by the clock of the site's zone
# What each round looks at. Who wants it at once may have wanted a digest before: what that would have told comes daily.
ROUNDS = {Pace.DAILY: (Pace.DAILY, Pace.AT_ONCE), Pace.WEEKLY: (Pace.WEEKLY,)}


@dataclass
class Handful:
    """What is to be written for some followers: their mails, by which of their follows, of whose paragraphs."""

    ids: list[int]
    follows: list[int] = field(default_factory=list)
    mails: list[Waiting] = field(default_factory=list)
    events: list[int] = field(default_factory=list)


def send_due_digests(is_over: Callable[[], bool] = never) -> int:
    """Put the digests that are due into the outbox, and return how many.

    Once `is_over` says so it stops where it is, and goes on there the next time.
    """
    count = 0
    for pace in ROUNDS:
        digest = _begin(pace, period(pace, clock.now(), settings().timezone))
        if digest is not None:
            count += _go_through(digest, is_over)
    return count


def period(pace: Pace, now: datetime, zone: ZoneInfo) -> str:
    """Return for which day, or week, the digest is that was due last: from seven in the morning on, weekly on Mondays."""
    here = now.astimezone(zone)
    day = here.date() if here.time() >= AT else here.date() - timedelta(days=1)
    if pace is Pace.WEEKLY:
        day -= timedelta(days=day.weekday())
    return day.isoformat()


def _begin(pace: Pace, wanted: str) -> Digest | None:
    """Return the round that is to be gone through: one that was left off, or a new one. None: it is done."""
    rounds = select(Digest).where(Digest.pace == pace)
    last = db.session.scalar(rounds.order_by(Digest.period.desc()).limit(1))
    db.session.rollback()
    if last is not None and last.finished_at is None:
        return last
    if last is not None and last.period >= wanted:
        return None
    with transaction():
        in_turn()
        if db.session.scalar(rounds.where(Digest.period == wanted)) is None:
            db.session.add(Digest(pace=pace, period=wanted, turn=newest_turn(), made_at=clock.now()))
    return db.session.scalar(rounds.where(Digest.period == wanted, Digest.finished_at.is_(None)))


def _go_through(digest: Digest, is_over: Callable[[], bool]) -> int:
    number, pace, turn = digest.id, digest.pace, digest.turn
    news = _since_earliest(pace, turn)
    count = 0
    while not is_over() and (so_far := _so_far(number)) is not None:
        handful = _worked_out(number, pace, turn, so_far, news)
        db.session.rollback()  # what follows is written under the lock, and nothing is worked out there
        count += _written(number, turn, so_far, handful)
    return count


def _so_far(number: int) -> int | None:
    row = db.session.execute(
        select(Digest.followers_up_to, Digest.finished_at).where(Digest.id == number)
    ).one()
    return row.followers_up_to if row.finished_at is None else None


class Found:
    """What happened in the time that a round covers, to be found by what is followed."""

    def __init__(self, happenings: Mapping[int, Any], reach: Mapping[int, Reach]) -> None:
        self.happenings, self.reach = happenings, reach
        self.when = {number: (one.turn, one.at) for number, one in happenings.items()}
        in_time = sorted(happenings, key=lambda number: (happenings[number].at, number))
        self.place = {number: place for place, number in enumerate(in_time)}
        self.by_target: dict[tuple[What, int], list[int]] = {}
        self.within: dict[int, list[int]] = {}
        for number, one in reach.items():
            for target in one.targets:
                self.by_target.setdefault(target, []).append(number)
            if one.within is not None:
                self.within.setdefault(one.within, []).append(number)

    def of(self, follow: Follow) -> list[int]:
        """Return the ids of what somebody hears of by a follow since it began, after what it has told already."""
        numbers = [*self.by_target.get((follow.what, follow.target_id), ())]
        if follow.consultation_id is not None:
            numbers += self.within.get(follow.consultation_id, ())
        told_up_to, since, when = follow.told_up_to, follow.since, self.when
        return [number for number in numbers if when[number][0] > told_up_to and when[number][1] >= since]


def _since_earliest(pace: Pace, turn: int) -> Found:
    """Return what happened since the follow of this pace that was told the longest ago."""
    earliest = db.session.scalar(
        select(func.min(Follow.told_up_to)).where(Follow.pace.in_(ROUNDS[pace]), counts())
    )
    # rows, and not objects: these would be fetched again one by one after each handful
    columns: Any = Happening.__table__.c
    wanted = select(*columns).where(columns.turn > (earliest or 0), columns.turn <= turn)
    found = {one.id: one for one in db.session.execute(wanted)}
    return Found(found, reaches(list(found.values())))


def _worked_out(number: int, pace: Pace, turn: int, so_far: int, news: Found) -> Handful:
    """Work out what the next followers are to be told. Reads only."""
    ids = list(
        db.session.scalars(
            select(Follow.follower_id)
            .where(Follow.pace.in_(ROUNDS[pace]), Follow.follower_id > so_far, counts())
            .distinct()
            .order_by(Follow.follower_id)
            .limit(HANDFUL)
        )
    )
    handful = Handful(ids)
    if not ids:
        return handful
    who, follows, known = readers(ids), mails.follows_of(ids), _told_before(ids)
    handful.mails, handful.events = changed.mails_for(list(who.values()), ROUNDS[pace], follows, turn)
    for follower_id in ids:
        mine = [follow for follow in follows[follower_id] if follow.pace in ROUNDS[pace]]
        handful.follows += [follow.id for follow in mine]
        numbers = _to_tell(who[follower_id], mine, follows[follower_id], known.get(follower_id, set()), news)
        if numbers:
            once = f"digest:{number}:{who[follower_id].follower.key}"
            handful.mails.append(mails.waiting(who[follower_id], told.news(numbers), once))
    return handful


def _to_tell(
    reader: Reader, mine: Sequence[Follow], follows: Sequence[Follow], known: set[int], news: Found
) -> list[int]:
    """Return the ids of what a follower is to be told, newest first."""
    if not reader.address:
        return []
    numbers = {number for follow in mine for number in news.of(follow)} - known
    if reader.people:
        numbers = {one for one in numbers if not news.reach[one].leaves_out(reader.people, follows)}
    return sorted(numbers, key=news.place.__getitem__, reverse=True)


def _told_before(follower_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return the ids of what each follower was told in mails of which we have a copy: those of the last weeks."""
    found: dict[int, set[int]] = {}
    wanted = select(OutboxMail.follower_id, OutboxMail.tells).where(
        OutboxMail.follower_id.in_(follower_ids),
        OutboxMail.tells.startswith("news:"),
    )
    for follower_id, tells in db.session.execute(wanted):
        what = told.read(tells)
        if isinstance(what, told.News):
            found.setdefault(follower_id or 0, set()).update(what.ids)
    return found


# Built once: under the lock nothing is worked out.
_digests: Any = Digest.__table__
_follows: Any = Follow.__table__
_STILL_THERE = (
    select(_digests.c.id)
    .where(
        _digests.c.id == bindparam("number"),
        _digests.c.followers_up_to == bindparam("so_far"),
        _digests.c.finished_at.is_(None),
    )
    .with_for_update()
)
_TOLD = (
    update(_follows)
    .where(
        # no others: one that was set to this pace meanwhile has told nothing yet
        _follows.c.id.in_(bindparam("ids", expanding=True)),
        _follows.c.told_up_to < bindparam("turn"),
    )
    .values(told_up_to=bindparam("turn"))
)
_FURTHER = (
    update(_digests)
    .where(_digests.c.id == bindparam("number"))
    .values(followers_up_to=bindparam("last"), finished_at=bindparam("finished"))
)


def _written(number: int, turn: int, so_far: int, handful: Handful) -> int:
    """Put the mails of a handful into the outbox and say how far the round has come; 0 if somebody else has done it."""
    is_last = len(handful.ids) < HANDFUL
    last = handful.ids[-1] if handful.ids else so_far
    with transaction():
        run = db.session.connection().execute
        if run(_STILL_THERE, {"number": number, "so_far": so_far}).first() is None:
            return 0
        if handful.mails:
            mails.put(handful.mails)
        changed.note_mailed(handful.events)
        if handful.follows:
            run(_TOLD, {"ids": handful.follows, "turn": turn})
        run(_FURTHER, {"number": number, "last": last, "finished": clock.now() if is_last else None})
    return len(handful.mails)
