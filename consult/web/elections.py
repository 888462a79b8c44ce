"""The time before an election, as pages tell of it: read once a request for each organisation."""

from typing import Any

from flask import Flask, g

from consult import clock
from consult.consultations import election_queries, election_words
from consult.consultations.election_models import Effect
from consult.consultations.elections import Calendar, Period, Switch
from consult.consultations.stages import Standing, standing

TELLING = (Standing.COMING, Standing.OPEN, Standing.CLOSED)


def furnish(app: Flask) -> None:
    """Register what templates may ask of an election."""
    app.jinja_env.globals.update(
        election_line=line,
        election_words=words_in_force,
        periods_of=periods,
        switch_title=lambda effect: election_words.TITLES[effect],
        switch_words=switch_words,
        today_here=lambda: election_queries.today(clock.now()),
    )


def calendar_of(organisation_id: int) -> Calendar:
    """Return the periods of an organisation, held for this request: a thread has many questions to ask of it."""
    held: dict[int, Calendar] = g.setdefault("calendars", {})
    if organisation_id not in held:
        held[organisation_id] = election_queries.calendar([organisation_id])
    return held[organisation_id]


def line(consultation: Any) -> str:
    """Return what a consultation's pages say of an election that comes or was; "" outside the days of the quiet."""
    now = clock.now()
    where = standing(consultation, now)
    calendar = calendar_of(consultation.organisation_id)
    period = calendar.period(consultation.organisation_id, now)
    if period is None or where not in TELLING:
        return ""
    is_open, is_undecided = where is Standing.OPEN, where in (Standing.OPEN, Standing.CLOSED)
    told = election_words.line(period, calendar.day(now), is_open=is_open, is_undecided=is_undecided)
    if where is Standing.COMING:
        told = f"{told} {words_in_force(consultation.organisation_id, Effect.OPEN_NOTHING.value)}".strip()
    return told


def forms_are_closed(consultation: Any) -> bool:
    """Say whether an election has closed the forms of a consultation's organisation."""
    organisation_id = consultation.organisation_id
    calendar = calendar_of(organisation_id)
    return calendar.in_force(organisation_id, Effect.CLOSE_FORMS, clock.now()) is not None


def words_in_force(organisation_id: int, effect: str) -> str:
    """Return what the public is told of an effect that holds now; "" where it does not."""
    now = clock.now()
    return election_words.words_in_force(calendar_of(organisation_id), organisation_id, Effect(effect), now)


def periods(organisation_id: int) -> list[tuple[Period, Any]]:
    """Return the periods of an organisation that hold now or will, each with its switches and their public words."""
    calendar, now = calendar_of(organisation_id), clock.now()
    today = calendar.day(now)
    some = (each for each in calendar.periods.get(organisation_id, ()) if each.last_day >= today)
    return [(each, election_words.effects(each, today)) for each in some]


def switch_words(election: Any, row: Any) -> str:
    """Return the public words of a switch as it is stored, for whoever sets it."""
    today = election_queries.today(clock.now())
    period = Period(election.id, election.name, election.held_on, election.first_day, election.last_day, ())
    return election_words.words(period, Switch(row.effect, row.first_day, row.last_day, row.wording), today)
