"""Questions about the time before an election: what holds now, for one organisation or for all.

What other rooms ask is a `Calendar`, read once, or one of the two questions that it answers most: `in_force` (does
this hold for an organisation, and until when) and `organisations_with` (for which of them it holds).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from consult.consultations.election_models import Effect, Election, ElectionSwitch
from consult.consultations.elections import Calendar, Period, Switch
from consult.consultations.models import Consultation, Extension
from consult.consultations.stages import TAKING_COMMENTS
from consult.errors import NotFound
from consult.extensions import db, settings

_PERIODS = (
    select(
        *(Election.id, Election.organisation_id, Election.name, Election.held_on),
        *(Election.first_day, Election.last_day, ElectionSwitch.effect, ElectionSwitch.wording),
        *(ElectionSwitch.first_day.label("switch_first"), ElectionSwitch.last_day.label("switch_last")),
    )
    .join(ElectionSwitch, ElectionSwitch.election_id == Election.id)
    .where(Election.cancelled_at.is_(None), ElectionSwitch.is_on)
    .order_by(Election.first_day, Election.id, ElectionSwitch.id)
)


def calendar(organisation_ids: Collection[int] | None = None) -> Calendar:
    """Return the periods of these organisations, or of all, in one read: past ones too, for what was asked before."""
    wanted = _PERIODS
    if organisation_ids is not None:
        wanted = wanted.where(Election.organisation_id.in_(organisation_ids))
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(wanted):
        rows[row.id].append(row)
    found: dict[int, list[Period]] = defaultdict(list)
    for some in rows.values():
        found[some[0].organisation_id].append(_period(some))
    return Calendar(settings().timezone, dict(found))


def _period(rows: Sequence[Any]) -> Period:
    first = rows[0]
    switches = tuple(Switch(row.effect, row.switch_first, row.switch_last, row.wording) for row in rows)
    return Period(first.id, first.name, first.held_on, first.first_day, first.last_day, switches)


def in_force(organisation_id: int, effect: Effect, now: datetime) -> Switch | None:
    """Return the switch by which an effect holds for an organisation at `now`; None where it does not."""
    return calendar([organisation_id]).in_force(organisation_id, effect, now)


def organisations_with(effect: Effect, now: datetime) -> set[int]:
    """Return the ids of the organisations for which an effect holds at `now`: none of them is mailed about, say."""
    return calendar().organisations_with(effect, now)


def elections_of(organisation_id: int) -> Sequence[Election]:
    """Return every period that an organisation has set, the latest first, those that were cancelled too."""
    wanted = select(Election).where(Election.organisation_id == organisation_id)
    return db.session.scalars(wanted.order_by(Election.first_day.desc(), Election.id.desc())).unique().all()


def election(organisation_id: int, election_id: int) -> Election:
    """Return a period of an organisation; NotFound for one of another."""
    wanted = select(Election).where(Election.organisation_id == organisation_id, Election.id == election_id)
    found = db.session.scalars(wanted).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def today(now: datetime) -> date:
    """Return the day on the site's calendar."""
    return now.astimezone(settings().timezone).date()


def closings_moved(about: Election) -> Sequence[Any]:
    """Return the consultations whose closing was moved because of an election: title, slug, before, after."""
    wanted = (
        select(Consultation.title, Consultation.slug, Extension.before, Extension.after)
        .join(Consultation, Consultation.id == Extension.consultation_id)
        .where(Extension.election_id == about.id)
        .order_by(Extension.before)
    )
    return db.session.execute(wanted).all()


def closing_in(about: Election, now: datetime) -> Sequence[Any]:
    """Return the open or announced consultations that close, as things are, in the days of a period: title, slug, when."""
    zone = settings().timezone
    first = datetime.combine(about.first_day, time(), zone)
    after = datetime.combine(about.last_day + timedelta(days=1), time(), zone)
    wanted = (
        select(Consultation.title, Consultation.slug, Consultation.closes_at)
        .where(
            Consultation.organisation_id == about.organisation_id,
            Consultation.stage.in_(TAKING_COMMENTS),
            Consultation.closes_at >= max(first, now),
            Consultation.closes_at < after,
        )
        .order_by(Consultation.closes_at)
    )
    return db.session.execute(wanted).all()
