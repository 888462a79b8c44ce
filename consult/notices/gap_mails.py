"""The Monday mail: who could mend a gap is told of it, once a week, when there is one.

It is due at seven on Monday by the clock of the site, and sent until the end of that week if nothing could send it
earlier. A row for each person and week is written together with the mail (`GapMail`), so that it comes once, whoever
begins it again after whatever broke it off. An organisation that sends no mails before an election is left out of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.models import Part, Person, Role
from consult.consultations.election_models import Effect
from consult.consultations.election_queries import organisations_with
from consult.errors import Conflict
from consult.extensions import db, settings, transaction
from consult.monitor.board import LISTS, OWN
from consult.monitor.rows import Found
from consult.monitor.rules import WORST
from consult.monitor.scope import Scope, scope_of
from consult.notices import gap_letters
from consult.notices.actions import send
from consult.notices.gap_letters import Told
from consult.notices.models import GapMail

HOUR = time(7)
BATCH = 50
TOLD = (Part.OFFICIAL, Part.ADMINISTRATOR, Part.EDITOR)


@dataclass(frozen=True)
class Monday:
    """The Monday whose mail is due, and the moment from which it is."""

    day: date
    at: datetime


def monday(now: datetime, zone: ZoneInfo) -> Monday | None:
    """Return the Monday of this week, once it is seven there; None before. Pure."""
    today = now.astimezone(zone).date()
    day = today - timedelta(days=today.weekday())
    at = datetime.combine(day, HOUR, zone)
    return Monday(day, at) if now >= at else None


def send_due() -> int:
    """Write the mails of this week that nobody has had yet, and return how many. A demonstration sends none."""
    now, zone = clock.now(), settings().timezone
    site, due = accounts.site_or_none(), monday(now, zone)
    if site is None or site.is_demonstration or due is None or site.created_at > due.at:
        return 0
    known: dict[tuple[str, tuple[int, ...]], Told | None] = {}
    sent = 0
    while people := _not_told(due):
        for person_id in people:
            sent += _tell(person_id, due, now, zone, known)
    return sent


def _not_told(due: Monday) -> Sequence[int]:
    """Return some of those who play a part since before the mail was due, want it, and were not told this week."""
    told = select(GapMail.id).where(GapMail.person_id == Person.id, GapMail.week == due.day).exists()
    found = db.session.scalars(
        select(Person.id)
        .where(
            Person.wants_gap_mail,
            Person.email != "",
            Person.disabled_at.is_(None),
            Person.closed_at.is_(None),
            select(Role.id)
            .where(
                Role.person_id == Person.id,
                Role.part.in_(TOLD),
                Role.accepted_at <= due.at,
                or_(Role.ended_at.is_(None), Role.ended_at > clock.now()),
            )
            .exists(),
            ~told,
        )
        .order_by(Person.id)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    return found


def _tell(
    person_id: int,
    due: Monday,
    now: datetime,
    zone: ZoneInfo,
    known: dict[tuple[str, tuple[int, ...]], Told | None],
) -> int:
    """Tell one person, and return how many mails that took. What waits is gathered before anything is locked."""
    person = accounts.person(person_id)
    told = [each for each in _places(person, now, zone, known) if each is not None]
    letter = gap_letters.gaps(person.name, told, due.day) if told else None
    try:
        with transaction():
            person = accounts.person(person_id)
            db.session.add(GapMail(person_id=person.id, week=due.day, had_gaps=letter is not None))
            db.session.flush()
            if letter is not None and person.is_active and person.email:
                send(to=person.email, subject=letter.subject, body=letter.body, person=person)
    except Conflict:
        return 0  # another dispatcher has told them at this moment
    return int(letter is not None)


def _places(
    person: Person,
    now: datetime,
    zone: ZoneInfo,
    known: dict[tuple[str, tuple[int, ...]], Told | None],
) -> list[Told | None]:
    """Return what there is to mend, place by place, looked up once for all who share a place."""
    found = []
    for name, slug, unit_ids in _parts(person, organisations_with(Effect.SEND_NO_MAILS, now)):
        key = (name, unit_ids)
        if key not in known:
            known[key] = _told(name, slug, scope_of(unit_ids, now, zone), OWN if unit_ids else ("pages",))
        found.append(known[key])
    return found


def _parts(person: Person, quiet: Collection[int]) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return the places of somebody's parts: name, slug of a unit, ids of the units. The toolkit has no unit.

    Organisations that keep `quiet`, by id, are left out with all their units.
    """
    units = sorted({role.unit_id for role in person.parts if role.part is Part.OFFICIAL and role.unit_id})
    places: list[tuple[str, str, tuple[int, ...]]] = [
        (unit.name, unit.slug, (unit.id,))
        for unit in map(accounts.unit_by_id, units)
        if unit.organisation_id not in quiet
    ]
    if person.plays(Part.ADMINISTRATOR):
        for organisation in accounts.organisations(accounts.administered_by(person)):
            ids = tuple(unit.id for unit in organisation.units)
            if organisation.id not in quiet and set(ids) - set(units):
                places.append((organisation.name, "", ids))
    if person.plays(Part.EDITOR):
        places.append((accounts.site().name, "", ()))
    return places


def _told(name: str, slug: str, of: Scope, kinds: Sequence[str]) -> Told | None:
    lists: dict[str, Found] = {kind: LISTS[kind](of, "", WORST) for kind in kinds}
    has_gaps = any(
        found.late if kind in ("questions", "outcomes") else found.count for kind, found in lists.items()
    )
    return Told(name, slug, lists) if has_gaps else None
