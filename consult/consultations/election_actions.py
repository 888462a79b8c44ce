"""What administrators do before an election: say when it is and what is different meanwhile, change it, end it.

What has begun is not made undone: a first day that has come stays, and days on which a clock stood still stay so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from consult import audit, clock
from consult.accounts.actions.setting_up import touch_site
from consult.accounts.models import Organisation
from consult.announcements import election_changed
from consult.consultations.election_models import Effect, Election, ElectionSwitch
from consult.consultations.election_words import named
from consult.consultations.timed import carry_out
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import db, settings
from consult.permissions import May, require

DAY = timedelta(days=1)
MOST_DAYS = 120  # a period longer than that was mistyped
MOST_MORE_DAYS = 180  # by which a closing date is moved


@dataclass(frozen=True)
class Setting:
    """One switch as it is wanted."""

    effect: Effect
    is_on: bool
    first_day: date
    last_day: date
    wording: str
    by_days: int | None = None
    until_day: date | None = None


@dataclass(frozen=True)
class Plan:
    """A period as it is wanted, with every switch, on or off."""

    name: str
    held_on: date
    first_day: date
    last_day: date
    settings: Sequence[Setting]


def set_election(*, actor: Any, organisation: Organisation, plan: Plan) -> Election:
    """Set a period before an election. Raises Invalid, with the field, for days that cannot be."""
    _permit(actor, organisation)
    today = _today()
    if plan.first_day < today:
        raise Invalid(_("The first day has passed: choose today or later"), field="first_on")
    _check(plan, organisation.id)
    for setting in plan.settings:
        if setting.is_on:
            _check_first_day(setting, today)
    made = Election(
        organisation_id=organisation.id,
        name=plan.name,
        held_on=plan.held_on,
        first_day=plan.first_day,
        last_day=plan.last_day,
        created_at=clock.now(),
        created_by=None if actor is None else actor.id,
        switches=[ElectionSwitch(**vars(setting)) for setting in plan.settings],
    )
    db.session.add(made)
    db.session.flush()
    for setting in plan.settings:
        if setting.is_on:
            _record("election.switch_on", made, actor, reason=setting.effect.value)
    _settle("election.set", made, actor, since=made.first_day)
    return made


def change_election(*, actor: Any, election: Election, plan: Plan, based_on: int) -> None:
    """Change a period that is not over. Raises Conflict when somebody changed it since, Invalid, with the field."""
    _permit(actor, election)
    today = _today()
    if election.cancelled_at is not None or election.last_day < today:
        raise Closed(_("This period is over: it can no longer be changed."))
    if election.edition != based_on:
        raise Conflict(_("Somebody changed this before you. Look at what holds now, and save again."))
    _check_days_so_far(election, plan, today)
    _check(plan, election.organisation_id, but=election.id)
    rows = {row.effect: row for row in election.switches}
    for setting in plan.settings:
        _change_switch(election, rows[setting.effect], setting, today, actor)
    since = min(election.first_day, plan.first_day)
    election.name, election.held_on = plan.name, plan.held_on
    election.first_day, election.last_day = plan.first_day, plan.last_day
    election.edition += 1
    _settle("election.change", election, actor, since=since)


def end_election(*, actor: Any, election: Election) -> None:
    """End a period before its last day: from now on nothing of it holds. One that has not begun is cancelled."""
    _permit(actor, election)
    today = _today()
    if election.cancelled_at is not None or election.last_day < today:
        raise Closed(_("This period is over already."))
    for row in election.switches:
        _end_switch(row, today)
    if election.first_day >= today:
        election.cancelled_at = clock.now()
    else:
        election.last_day = today - DAY
    election.edition += 1
    _settle("election.end", election, actor, since=election.first_day)


def _check_days_so_far(election: Election, plan: Plan, today: date) -> None:
    if election.first_day <= today and plan.first_day != election.first_day:
        raise Invalid(_("It has begun: its first day stays"), field="first_on")
    if election.first_day > today > plan.first_day:
        raise Invalid(_("The first day has passed: choose today or later"), field="first_on")
    if plan.last_day < today:
        raise Invalid(_("The last day has passed. To end it now, use the button below"), field="last_on")


def _change_switch(election: Election, row: ElectionSwitch, wanted: Setting, today: date, actor: Any) -> None:
    """Bring one switch to what is wanted; what it did until yesterday stays."""
    has_begun = row.is_on and row.first_day <= today
    if has_begun and row.last_day < _last_that_counted(row.effect, today):
        if wanted.is_on and wanted.last_day >= today:
            raise Invalid(_("This is over: it cannot be turned on again"), field=_field(wanted, "on"))
        return
    if has_begun and not wanted.is_on:
        _end_switch(row, today)
        _record("election.switch_off", election, actor, reason=row.effect.value)
        return
    if wanted.is_on:
        _check_switch_so_far(row, wanted, today, has_begun)
    if row.is_on != wanted.is_on:
        act = "election.switch_on" if wanted.is_on else "election.switch_off"
        _record(act, election, actor, reason=row.effect.value)
    for name, value in vars(wanted).items():
        setattr(row, name, value)


def _check_switch_so_far(row: ElectionSwitch, wanted: Setting, today: date, has_begun: bool) -> None:
    if has_begun and wanted.first_day != row.first_day:
        raise Invalid(_("It has begun: its first day stays"), field=_field(wanted, "from"))
    if not has_begun:
        _check_first_day(wanted, today)
    if wanted.last_day < today:
        raise Invalid(_("The last day has passed: choose today or later"), field=_field(wanted, "until"))


def _check_first_day(setting: Setting, today: date) -> None:
    if setting.first_day < today:
        raise Invalid(_("The first day has passed: choose today or later"), field=_field(setting, "from"))
    if setting.effect is Effect.STOP_CLOCK and setting.first_day == today:
        raise Invalid(_("Today counts already: the clock can stop from tomorrow on"), field="stop_clock_from")


def _end_switch(row: ElectionSwitch, today: date) -> None:
    last = _last_that_counted(row.effect, today)
    if row.is_on and row.first_day <= last:
        row.last_day = min(row.last_day, last)
    else:
        row.is_on = False


def _last_that_counted(effect: Effect, today: date) -> date:
    """Return the last day on which a switch that is turned off now has held.

    What was answered today has its days counted: a clock that stood still at midnight does so until the next.
    """
    return today if effect is Effect.STOP_CLOCK else today - DAY


def _check(plan: Plan, organisation_id: int, but: int | None = None) -> None:
    if plan.last_day < plan.first_day:
        raise Invalid(_("The last day must not be before the first"), field="last_on")
    if (plan.last_day - plan.first_day).days >= MOST_DAYS:
        raise Invalid(_("A period cannot be longer than %(num)s days", num=MOST_DAYS), field="last_on")
    if not plan.first_day <= plan.held_on <= plan.last_day:
        raise Invalid(
            _("The day of the election must be one of the days of the period, or its last"), field="held_on"
        )
    _check_apart(plan, organisation_id, but)
    wanted = [setting for setting in plan.settings if setting.is_on]
    if not wanted:
        raise Invalid(_("Choose at least one thing that is different meanwhile"), field="open_nothing_on")
    for setting in wanted:
        _check_setting(plan, setting)


def _check_apart(plan: Plan, organisation_id: int, but: int | None) -> None:
    """Refuse a day that another period of the organisation holds on; who sets two at once is told so of the second."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
    others = db.session.scalars(
        select(Election).where(
            Election.organisation_id == organisation_id,
            Election.cancelled_at.is_(None),
            Election.first_day <= plan.last_day,
            Election.last_day >= plan.first_day,
            Election.id != (but or 0),
        )
    ).unique()
    for other in others:
        message = _(
            "Another period, “%(name)s”, holds from %(first)s to %(last)s. Two cannot share a day",
            name=other.name,
            first=named(other.first_day, plan.first_day),
            last=named(other.last_day, plan.first_day),
        )
        raise Invalid(message, field="first_on")


def _check_setting(plan: Plan, setting: Setting) -> None:
    if setting.last_day < setting.first_day:
        raise Invalid(_("The last day must not be before the first"), field=_field(setting, "until"))
    if setting.first_day < plan.first_day:
        raise Invalid(_("Choose a day that is one of the period"), field=_field(setting, "from"))
    if setting.last_day > plan.last_day:
        raise Invalid(_("Choose a day that is one of the period"), field=_field(setting, "until"))
    if not setting.wording:
        raise Invalid(_("Say what the public is told"), field=_field(setting, "words"))
    if setting.effect is Effect.EXTEND_CLOSING:
        _check_extension(setting)


def _check_extension(setting: Setting) -> None:
    if (setting.by_days is None) == (setting.until_day is None):
        raise Invalid(_("Say by how many days, or until which day: one of the two"), field="by_days")
    if setting.by_days is not None and not 1 <= setting.by_days <= MOST_MORE_DAYS:
        raise Invalid(_("Enter a number of days from 1 to %(most)s", most=MOST_MORE_DAYS), field="by_days")
    if setting.until_day is not None and setting.until_day <= setting.last_day:
        raise Invalid(_("Choose a day after the last one above"), field="until_day")


def _field(setting: Setting, name: str) -> str:
    return f"{setting.effect.value}_{name}"


def _settle(act: str, election: Election, actor: Any, *, since: date) -> None:
    """Put on record what was done, let every page tell of it, and do what is due at once.

    `since` is the first day that may count otherwise than before.
    """
    db.session.flush()
    _record(act, election, actor)
    touch_site()
    election_changed.send("consult.consultations", organisation_id=election.organisation_id, since=since)
    carry_out([election])


def _record(act: str, election: Election, actor: Any, *, reason: str = "") -> None:
    audit.record(
        act,
        f"election:{election.id}",
        actor_id=None if actor is None else actor.id,
        organisation_id=election.organisation_id,
        reason=reason,
    )


def _permit(actor: Any, thing: Any) -> None:
    """Let administrators of the organisation in, and the service itself (None): it fills a demonstration."""
    if actor is not None:
        require(May.ADMINISTER, actor, thing)


def _today() -> date:
    return clock.now().astimezone(settings().timezone).date()
