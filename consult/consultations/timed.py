"""What is done by itself because of an election: closing dates moved, openings put off, outcomes released.

Asked for once an hour beside the mail, and at once when a period is set or changed. Each act is done once, however
often anybody looks.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import Select, select

from consult import announcements, audit, clock
from consult.consultations.actions import publish_outcome
from consult.consultations.election_models import Effect, Election, ElectionSwitch
from consult.consultations.election_queries import organisations_with
from consult.consultations.election_words import words
from consult.consultations.elections import Period, Switch
from consult.consultations.models import Consultation, Extension
from consult.consultations.stages import TAKING_COMMENTS, Standing, standing
from consult.extensions import db, settings, transaction

log = logging.getLogger("consult.elections")
DAY = timedelta(days=1)


def run_due() -> dict[str, int]:
    """Do what has come due, and return how much of what. Looks without a lock first."""
    now = clock.now()
    done = {"closings_moved": 0, "openings_put_off": 0, "outcomes_released": 0}
    if db.session.scalars(_elections_near(now)).unique().first() is not None:
        with transaction():
            some: Sequence[Election] = db.session.scalars(_elections_near(now)).unique().all()
            done["closings_moved"], done["openings_put_off"] = carry_out(some)
    held = _held_outcomes(now)
    if held:
        with transaction():
            held = _held_outcomes(now)
            for about in held:
                publish_outcome(
                    actor=None, consultation=about, source=about.held_outcome, html=about.held_outcome_html
                )
            done["outcomes_released"] = len(held)
    db.session.rollback()
    done = {name: count for name, count in done.items() if count}
    if done:
        log.info("done because of an election", extra={"done": done})
    return done


def carry_out(some: Sequence[Election]) -> tuple[int, int]:
    """Move the closings and openings that fall into these periods; return how many closings, how many openings.

    A closing is moved from the day before the first on, so that nothing closes at midnight; until then the period can
    be changed or cancelled without a trace.
    """
    now, zone = clock.now(), settings().timezone
    today = now.astimezone(zone).date()
    moved = put_off = 0
    for election in some:
        for switch in election.switches:
            if not switch.is_on or election.cancelled_at is not None or switch.last_day < today:
                continue
            if switch.effect is Effect.EXTEND_CLOSING and switch.first_day <= today + DAY:
                moved += _move_closings(election, switch, now, zone)
            elif switch.effect is Effect.OPEN_NOTHING:
                put_off += _put_off_openings(election, switch, now, zone)
    return moved, put_off


def _elections_near(now: datetime) -> Select[Any]:
    today = now.astimezone(settings().timezone).date()
    return select(Election).where(
        Election.cancelled_at.is_(None), Election.first_day <= today + DAY, Election.last_day >= today
    )


def _move_closings(election: Election, switch: ElectionSwitch, now: datetime, zone: tzinfo) -> int:
    """Let those that would close in the time of the switch close later, each once for one election."""
    moved_already = select(Extension.id).where(
        Extension.consultation_id == Consultation.id, Extension.election_id == election.id
    )
    first, after = _midnight(switch.first_day, zone), _midnight(switch.last_day + DAY, zone)
    closing = (
        select(Consultation)
        .where(
            Consultation.organisation_id == election.organisation_id,
            Consultation.stage.in_(TAKING_COMMENTS),
            Consultation.closes_at >= first,
            Consultation.closes_at < after,
            ~moved_already.exists(),
        )
        .order_by(Consultation.id)
        .with_for_update(of=Consultation)
    )
    count = 0
    for about in db.session.scalars(closing):
        count += _move_closing(about, election, switch, now, zone)
    return count


def _move_closing(
    about: Consultation, election: Election, switch: ElectionSwitch, now: datetime, zone: tzinfo
) -> bool:
    before = about.closes_at
    if before is None:
        return False
    there = before.astimezone(zone).date()
    to = switch.until_day or there + timedelta(days=switch.by_days or 0)
    after = on_day(before, to, zone)
    if after <= before or after <= now:
        return False
    db.session.add(
        Extension(
            consultation_id=about.id,
            before=before,
            after=after,
            reason=_reason(election, switch, now.astimezone(zone).date()),
            decided_at=now,
            decided_by=election.created_by,
            election_id=election.id,
        )
    )
    about.closes_at = after
    _changed("consultation.extend", about)
    return True


def _reason(election: Election, switch: ElectionSwitch, today: date) -> str:
    period = Period(
        election.id, election.name, election.held_on, election.first_day, election.last_day, switches=()
    )
    return words(period, Switch(switch.effect, switch.first_day, switch.last_day, switch.wording), today)[
        :500
    ]


def _put_off_openings(election: Election, switch: ElectionSwitch, now: datetime, zone: tzinfo) -> int:
    """Let those that were to open in the time of the switch open on the day after it, and stay open for as long."""
    first, after = _midnight(switch.first_day, zone), _midnight(switch.last_day + DAY, zone)
    opening = (
        select(Consultation)
        .where(
            Consultation.organisation_id == election.organisation_id,
            Consultation.stage.in_(TAKING_COMMENTS),
            Consultation.opens_at > now,
            Consultation.opens_at >= first,
            Consultation.opens_at < after,
        )
        .order_by(Consultation.id)
        .with_for_update(of=Consultation)
    )
    some = db.session.scalars(opening).all()
    for about in some:
        _put_off(about, switch.last_day + DAY, zone)
    return len(some)


def _put_off(about: Consultation, to: date, zone: tzinfo) -> None:
    opens_at, closes_at = about.opens_at, about.closes_at
    if opens_at is None:
        return
    later = to - opens_at.astimezone(zone).date()
    about.opens_at = on_day(opens_at, to, zone)
    if closes_at is not None:
        about.closes_at = on_day(closes_at, closes_at.astimezone(zone).date() + later, zone)
    about.edition += 1
    _changed("consultation.put_off", about)


def _held_outcomes(now: datetime) -> Sequence[Consultation]:
    """Return those whose outcome was written while it could not be published, and can be now."""
    still = organisations_with(Effect.HOLD_ANSWERS, now)
    some = db.session.scalars(select(Consultation).where(Consultation.held_outcome != ""))
    return [
        each for each in some if each.organisation_id not in still and standing(each, now) is Standing.CLOSED
    ]


def _changed(act: str, about: Consultation) -> None:
    about.stamp = Consultation.stamp + 1
    db.session.flush()
    audit.record(
        act,
        f"consultation:{about.id}",
        actor_id=None,
        organisation_id=about.organisation_id,
        reason="election",
    )
    announcements.consultation_changed.send("consultations", consultation=about, actor=None)


def on_day(at: datetime, day: date, zone: tzinfo) -> datetime:
    """Return the same time by the clocks of `zone` on another day; of a time that comes twice the later one is meant."""
    there = at.astimezone(zone)
    return datetime.combine(day, there.time(), zone).replace(fold=1).astimezone(UTC)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
