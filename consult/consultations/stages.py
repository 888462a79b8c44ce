"""Where a consultation stands at a given moment. Pure: the moment comes in as an argument.

A stage is what the unit has said; whether people can comment also hangs on the dates, to the minute, so that a
consultation opens and closes by itself.
"""

import enum
from datetime import date, datetime, timedelta, tzinfo
from typing import Protocol

from consult.consultations.models import Stage


class Standing(enum.Enum):
    """What a reader would say of a consultation."""

    PREPARING = "preparing"  # not public
    COMING = "coming"  # announced, opens at a time that is set
    OPEN = "open"
    CLOSED = "closed"  # the time is over, the outcome is awaited
    OUTCOME = "outcome"
    WITHDRAWN = "withdrawn"


class Dated(Protocol):
    """What has a stage and dates."""

    stage: Stage
    opens_at: datetime | None
    closes_at: datetime | None


TAKING_COMMENTS = (Stage.EARLY_IDEA, Stage.OPEN)
OUTCOME_WEEKS = 12  # Cabinet Office, Consultation Principles (2018), J: "within 12 weeks of the consultation"


def standing(consultation: Dated, now: datetime) -> Standing:
    """Say where `consultation` stands at `now`: open from the opening moment until, not at, the closing one."""
    if consultation.stage is Stage.PREPARING:
        return Standing.PREPARING
    if consultation.stage is Stage.WITHDRAWN:
        return Standing.WITHDRAWN
    if consultation.stage is Stage.OUTCOME:
        return Standing.OUTCOME
    if consultation.stage is Stage.ANALYSING:
        return Standing.CLOSED
    if consultation.opens_at is None or consultation.opens_at > now:
        return Standing.COMING
    if consultation.closes_at is not None and consultation.closes_at <= now:
        return Standing.CLOSED
    return Standing.OPEN


def takes_comments(consultation: Dated, now: datetime) -> bool:
    """Say whether anyone can comment at `now`."""
    return standing(consultation, now) is Standing.OPEN


def takes_responses(consultation: Dated, now: datetime) -> bool:
    """Say whether officials can answer at `now`: from the opening until the outcome."""
    return standing(consultation, now) in (Standing.OPEN, Standing.CLOSED)


def is_public(consultation: Dated) -> bool:
    """Say whether people may know of it at all."""
    return consultation.stage is not Stage.PREPARING


def text_is_public(consultation: Dated, now: datetime) -> bool:
    """Say whether its documents may be read: from the opening on, and for ever after."""
    return standing(consultation, now) not in (Standing.PREPARING, Standing.COMING)


def outcome_due(closed_at: datetime, zone: tzinfo) -> date:
    """Return the last day on which the outcome is not late: twelve weeks after the day of the closing."""
    return closed_at.astimezone(zone).date() + timedelta(weeks=OUTCOME_WEEKS)


def days_overdue(closed_at: datetime | None, now: datetime, zone: tzinfo) -> int:
    """Return by how many days the outcome of what has closed is late at `now`; 0 while it is awaited."""
    if closed_at is None:
        return 0
    return max(0, (now.astimezone(zone).date() - outcome_due(closed_at, zone)).days)


class Step(enum.Enum):
    """The four steps of the bar on the page."""

    EARLY_IDEA = "early_idea"
    DRAFT = "draft"
    REVISED = "revised"
    DECISION = "decision"


def step(consultation: Dated, version: int) -> Step:
    """Return the step to mark: an early idea, a draft, a revised one from `version` 2 on, or the decision."""
    if consultation.stage is Stage.OUTCOME:
        return Step.DECISION
    if consultation.stage is Stage.EARLY_IDEA:
        return Step.EARLY_IDEA
    return Step.REVISED if version >= 2 else Step.DRAFT
