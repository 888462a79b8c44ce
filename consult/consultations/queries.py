"""Questions about consultations: one of them, those of a standing, those that a unit runs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, union_all

from consult.accounts.models import Organisation, Part, Person, Role, Signing, Site, Unit
from consult.consultations.models import Consultation, EqualityTally, Stage
from consult.consultations.stages import TAKING_COMMENTS, Standing
from consult.errors import NotFound
from consult.extensions import db
from consult.permissions import May, allows

PAGE = 20
FRONT_OPEN, FRONT_COMING, FRONT_DECIDED = 60, 6, 3  # as many of each as the first page could show
LISTED = (
    *(Consultation.id, Consultation.slug, Consultation.title, Consultation.summary, Consultation.stage),
    *(Consultation.opens_at, Consultation.closes_at, Consultation.outcome_at, Consultation.withdrawn_at),
    *(Consultation.comment_count, Consultation.people_count, Consultation.team_count),
    *(Consultation.question_count, Consultation.answered_count),
    *(Unit.name.label("unit_name"), Unit.slug.label("unit_slug"), Unit.promise_days.label("promise_days")),
)
Listed = Row[*tuple[Any, ...]]  # one consultation as lists show it: the columns above


def consultation(slug: str) -> Consultation:
    """Return a consultation, whether public or not."""
    wanted = select(Consultation).where(Consultation.slug == slug, Consultation.is_exercise())
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def readable_consultation(slug: str, *, actor: Any) -> Consultation:
    """Return a consultation that `actor` may know of: public, or prepared by a unit of theirs."""
    found = consultation(slug)
    if found.stage is Stage.PREPARING and not allows(May.RUN_CONSULTATION, actor, found):
        raise NotFound
    return found


def offering_equality_form(slug: str, *, actor: Any) -> Consultation:
    """Return a consultation that `actor` may know of and that offers the equality form."""
    found = readable_consultation(slug, actor=actor)
    if not found.asks_equality:
        raise NotFound
    return found


def equality_tallies(consultation_id: int) -> dict[tuple[str, str], int]:
    """Return how often each answer was given, by question and answer. Not for showing: see `equality.totals`."""
    rows = db.session.execute(
        select(EqualityTally.question, EqualityTally.answer, EqualityTally.count).where(
            EqualityTally.consultation_id == consultation_id
        )
    )
    return {(question, answer): count for question, answer, count in rows}


def is_slug_taken(slug: str) -> bool:
    return db.session.scalar(select(Consultation.id).where(Consultation.slug == slug)) is not None


@dataclass(frozen=True)
class Tally:
    """How many consultations stand where, and a stamp that moves with every visible change of any of them."""

    stamp: int
    counts: dict[Standing, int]


def tally(now: datetime) -> Tally:
    """Count the consultations by standing in one read. The stamp is a sum of stamps that only ever rise."""
    columns = [func.sum(case((standing_is(standing, now), 1), else_=0)) for standing in Standing]
    site_stamp = select(Site.stamp).where(Site.id == 1).scalar_subquery()
    found = db.session.execute(select(func.sum(Consultation.stamp), site_stamp, *columns)).one()
    counts = {standing: int(count or 0) for standing, count in zip(Standing, found[2:], strict=True)}
    return Tally(stamp=int(found[0] or 0) + int(found[1] or 0), counts=counts)


def standing_is(standing: Standing, now: datetime) -> ColumnElement[bool]:
    """Say in SQL what `stages.standing` says of one consultation; a test holds the two together.

    It is so of exercises alone: what carries the talk of the toolkit stands nowhere, so no list has it.
    """
    stage, opens_at, closes_at = Consultation.stage, Consultation.opens_at, Consultation.closes_at
    has_dates = stage.in_(TAKING_COMMENTS)
    has_opened = and_(has_dates, opens_at <= now)
    stands = {
        Standing.PREPARING: stage == Stage.PREPARING,
        Standing.COMING: and_(has_dates, or_(opens_at.is_(None), opens_at > now)),
        Standing.OPEN: and_(has_opened, or_(closes_at.is_(None), closes_at > now)),
        Standing.CLOSED: or_(stage == Stage.ANALYSING, and_(has_opened, closes_at <= now)),
        Standing.OUTCOME: stage == Stage.OUTCOME,
        Standing.WITHDRAWN: stage == Stage.WITHDRAWN,
    }[standing]
    return and_(stands, Consultation.is_exercise())


@dataclass(frozen=True)
class _Order:
    """By which moment a list is ordered, and whether the latest comes first."""

    by: ColumnElement[Any]
    is_latest_first: bool

    def columns(self) -> tuple[ColumnElement[Any], ...]:
        if self.is_latest_first:
            return self.by.desc(), Consultation.id.desc()
        return self.by.asc(), Consultation.id.asc()

    def after(self, moment: datetime, row_id: int) -> ColumnElement[bool]:
        if self.is_latest_first:
            return or_(self.by < moment, and_(self.by == moment, Consultation.id < row_id))
        return or_(self.by > moment, and_(self.by == moment, Consultation.id > row_id))


NEWEST = _Order(func.coalesce(Consultation.opens_at, Consultation.created_at), True)
CLOSING = _Order(func.coalesce(Consultation.closes_at, Consultation.created_at), False)
ORDERS = {
    Standing.PREPARING: _Order(Consultation.created_at.expression, True),
    Standing.COMING: _Order(func.coalesce(Consultation.opens_at, Consultation.created_at), False),
    Standing.OPEN: CLOSING,
    Standing.CLOSED: _Order(CLOSING.by, True),
    Standing.OUTCOME: _Order(func.coalesce(Consultation.outcome_at, Consultation.created_at), True),
    Standing.WITHDRAWN: _Order(func.coalesce(Consultation.withdrawn_at, Consultation.created_at), True),
}


def front(
    now: datetime, *, is_newest_first: bool = False, quiet: Collection[int] = ()
) -> dict[Standing, list[Listed]]:
    """Return what the first page shows, in one read: the open ones, the next to come, the last decided.

    Of the organisations in `quiet`, which promote nothing just now, those that are open alone.
    """
    wanted = {
        Standing.OPEN: (FRONT_OPEN, NEWEST if is_newest_first else CLOSING),
        Standing.COMING: (FRONT_COMING, ORDERS[Standing.COMING]),
        Standing.OUTCOME: (FRONT_DECIDED, ORDERS[Standing.OUTCOME]),
    }
    return _of_each(wanted, now, quiet=quiet)


def first_of_each(now: datetime, *, limit: int, unit_ids: Sequence[int] = ()) -> dict[Standing, list[Listed]]:
    """Return the first few of every public standing, and those that the given units prepare, in one read."""
    wanted = {standing: (limit, ORDERS[standing]) for standing in Standing}
    return _of_each(wanted, now, unit_ids)


def _of_each(
    wanted: dict[Standing, tuple[int, _Order]],
    now: datetime,
    unit_ids: Sequence[int] = (),
    quiet: Collection[int] = (),
) -> dict[Standing, list[Listed]]:
    parts = []
    for place, (standing, (limit, order)) in enumerate(wanted.items()):
        first = (
            select(
                Consultation.id.label("id"),
                literal(place).label("place"),
                func.row_number().over(order_by=order.columns()).label("rank"),
            )
            .where(_public_or_ours(standing, now, unit_ids))
            .order_by(*order.columns())
            .limit(limit)
        )
        if quiet and standing is not Standing.OPEN:
            first = first.where(Consultation.organisation_id.not_in(quiet))
        ranked = first.subquery()
        parts.append(select(ranked.c.id, ranked.c.place, ranked.c.rank))
    chosen = union_all(*parts).subquery()
    rows = db.session.execute(
        select(chosen.c.place, *LISTED)
        .join(Consultation, Consultation.id == chosen.c.id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .order_by(chosen.c.place, chosen.c.rank)
    )
    found: dict[Standing, list[Listed]] = {standing: [] for standing in wanted}
    standings = list(wanted)
    for row in rows:
        found[standings[row.place]].append(row)
    return found


def _public_or_ours(standing: Standing, now: datetime, unit_ids: Sequence[int]) -> ColumnElement[bool]:
    """What is being prepared is for its own units alone."""
    clause = standing_is(standing, now)
    return and_(clause, Consultation.unit_id.in_(unit_ids)) if standing is Standing.PREPARING else clause


def standing_at(
    standing: Standing, now: datetime, *, after: str = "", unit_ids: Sequence[int] = ()
) -> list[Listed]:
    """Return one page of the consultations of a standing, and one more if there are more."""
    clause = _public_or_ours(standing, now, unit_ids)
    return _page(_listed().where(clause), ORDERS[standing], after, standing is Standing.PREPARING)


def run_by_unit(unit_id: int, *, after: str = "", with_prepared: bool = False) -> list[Listed]:
    """Return one page of what a unit runs or has run, newest first, and one more if there are more."""
    wanted = _public(_listed().where(Consultation.unit_id == unit_id), with_prepared)
    return _page(wanted, NEWEST, after, with_prepared)


def run_by_organisation(organisation_id: int, *, after: str = "") -> list[Listed]:
    """Return one page of what an organisation runs or has run, newest first, and one more if there are more."""
    wanted = _listed().where(Consultation.organisation_id == organisation_id)
    return _page(_public(wanted, False), NEWEST, after)


def _listed() -> Select[*tuple[Any, ...]]:
    return select(*LISTED).join(Unit, Unit.id == Consultation.unit_id).where(Consultation.is_exercise())


def _public(wanted: Select[*tuple[Any, ...]], with_prepared: bool) -> Select[*tuple[Any, ...]]:
    wanted = wanted.where(Consultation.is_exercise())
    return wanted if with_prepared else wanted.where(Consultation.stage != Stage.PREPARING)


def _page(
    wanted: Select[*tuple[Any, ...]], order: _Order, after: str, with_prepared: bool = False
) -> list[Listed]:
    """`after` is the slug of the last row of the page before; NotFound when there is no such row.

    That row may have moved to another list meanwhile; one that is not public must not be given away.
    """
    if after:
        last = db.session.execute(
            _public(select(order.by.label("moment"), Consultation.id), with_prepared).where(
                Consultation.slug == after
            )
        ).one_or_none()
        if last is None:
            raise NotFound
        wanted = wanted.where(order.after(last.moment, last.id))
    return list(db.session.execute(wanted.order_by(*order.columns()).limit(PAGE + 1)).all())


def officials_of(unit_id: int) -> list[tuple[str, str]]:
    """Return name and title of those who answer for a unit, by name; where they sign with their part, that alone."""
    rows = db.session.execute(
        select(Person.name, Role.title, Organisation.signs_with)
        .join(Role, Role.person_id == Person.id)
        .where(*_answers_for(unit_id))
        .join(Organisation, Organisation.id == Role.organisation_id)
        .order_by(Person.name)
    ).all()
    if any(row.signs_with is Signing.ROLE for row in rows):
        return [(title, "") for title in sorted({row.title for row in rows if row.title})]
    return [(row.name, row.title) for row in rows]


def official_count(unit_id: int) -> int:
    """Return how many people answer for a unit, whatever they sign with."""
    people = select(func.count(Person.id.distinct())).join(Role, Role.person_id == Person.id)
    return db.session.scalar(people.where(*_answers_for(unit_id))) or 0


def _answers_for(unit_id: int) -> tuple[ColumnElement[bool], ...]:
    is_official = (Role.unit_id == unit_id, Role.part == Part.OFFICIAL, Role.played())
    return (*is_official, Person.disabled_at.is_(None))


def units_of(person: Any) -> list[Unit]:
    """Return the units that a person is an official of, by name."""
    ids = [role.unit_id for role in person.parts if role.part is Part.OFFICIAL]
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.name))) if ids else []


def units_in(organisation_id: int) -> list[Unit]:
    """Return the units of an organisation, by name."""
    return list(
        db.session.scalars(select(Unit).where(Unit.organisation_id == organisation_id).order_by(Unit.name))
    )


def organisation_names() -> list[str]:
    """Return the names of the bodies that consult here, by name."""
    return list(db.session.scalars(select(Organisation.name).order_by(Organisation.name)))
