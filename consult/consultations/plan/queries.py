"""Questions about a plan: its answers, what was changed in public, and what its checks look at."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import exists, or_, select

from consult.consultations.election_queries import calendar
from consult.consultations.models import Consultation
from consult.consultations.plan.checks import FORMATS, Planned
from consult.consultations.plan.models import PlanAnswer, PlanChange, Question
from consult.consultations.queries import official_count
from consult.extensions import db

MOST_CHANGES = 50  # shown of what was changed in public, the latest first


def answers(consultation_id: int) -> dict[Question, PlanAnswer]:
    """Return the answers that have been given, in the order of the questions."""
    rows = db.session.scalars(select(PlanAnswer).where(PlanAnswer.consultation_id == consultation_id))
    given = {row.question: row for row in rows}
    return {question: given[question.value] for question in Question if question.value in given}


def is_written(consultation_id: int) -> bool:
    """Say whether a plan says anything, or did once everybody could read it, so that there is a page of it."""
    said = exists().where(PlanAnswer.consultation_id == consultation_id, PlanAnswer.words != "")
    was_said = exists().where(PlanChange.consultation_id == consultation_id)
    return bool(db.session.scalar(select(or_(said, was_said))))


def changes(consultation_id: int) -> list[tuple[Question, PlanChange]]:
    """Return the latest changes since the plan became public, the newest first."""
    rows = db.session.scalars(
        select(PlanChange)
        .where(PlanChange.consultation_id == consultation_id)
        .order_by(PlanChange.id.desc())
        .limit(MOST_CHANGES)
    )
    return [(Question(row.question), row) for row in rows]


def planned(about: Consultation, given: Mapping[Question, PlanAnswer], zone: tzinfo) -> Planned:
    """Return what the checks look at: the answers, and what the consultation says elsewhere."""
    held = calendar([about.organisation_id])
    organisation: Any = about.unit.organisation
    return Planned(
        answers={question: row.words for question, row in given.items()},
        opens_on=_day(about.opens_at, zone),
        closes_on=_day(about.closes_at, zone),
        formats={name: getattr(about, name) for name in FORMATS},
        post=about.post_address,
        telephone=about.telephone,
        officials=official_count(about.unit_id),
        minimum_weeks=organisation.minimum_weeks,
        elections=[
            (each.name, each.first_day, each.last_day) for each in held.periods.get(about.organisation_id, ())
        ],
    )


def _day(at: datetime | None, zone: tzinfo) -> date | None:
    return None if at is None else at.astimezone(zone).date()
