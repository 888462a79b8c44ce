"""Telling officials that a question has come back to the desk: its author says that the answer does not answer it.

Whoever has the question is told, or else everybody who answers for the unit: at once, daily, weekly or never, as each has
chosen. One event is told in one mail, and several that came in the meantime in one. A row waits for each reader; it goes
in the transaction that writes the mail, so that nobody is told twice, whatever breaks it off. While an organisation sends
no mails before an election its rows wait. What was said is not in the mail: it may have been said only to the team.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, and_, delete, or_, select

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.models import Part, Person, Role, Unit
from consult.consultations.election_models import Effect
from consult.consultations.election_queries import organisations_with
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment
from consult.discussion.naming import name_of
from consult.documents.models import Document, Paragraph
from consult.extensions import db, link_to, settings, transaction
from consult.notices import letters
from consult.notices.actions import send
from consult.notices.digests import AT, period
from consult.notices.models import Pace, ReturnedQuestion

BATCH = 200


def on_question_returned(sender: object, *, comment: Comment, **more: Any) -> None:
    """Note who is to be told: who has the question, if they still answer for the unit, or all who do; not its author.

    It can come back once more before they are: where the answer was taken back that its author objected to.
    """
    entry = db.session.get_one(LedgerEntry, comment.id)
    people = _officials(entry.unit_id)
    holder = [person for person in people if person.id == entry.assignee_id]
    noted = set(
        db.session.scalars(
            select(ReturnedQuestion.person_id).where(ReturnedQuestion.comment_id == comment.id)
        )
    )
    for person in holder or people:
        if person.id not in {comment.author_id, *noted} and person.returned_pace is not Pace.NEVER:
            db.session.add(ReturnedQuestion(person_id=person.id, comment_id=comment.id, at=clock.now()))
    db.session.flush()


def send_due() -> int:
    """Write the mails that are due, one for each reader, and return how many."""
    if accounts.site_or_none() is None:
        return 0
    count = 0
    for person_id in _readers():
        with transaction():
            count += _tell(person_id)
    return count


def _officials(unit_id: int) -> Sequence[Person]:
    wanted = (
        select(Person)
        .join(Role, Role.person_id == Person.id)
        .where(
            *(Role.part == Part.OFFICIAL, Role.unit_id == unit_id, Role.played()),
            *(Person.disabled_at.is_(None), Person.closed_at.is_(None), Person.email != ""),
        )
        .distinct()
        .order_by(Person.id)
    )
    return db.session.scalars(wanted).all()


def _readers() -> Sequence[int]:
    """Return some of those for whom something is due."""
    wanted = (
        select(ReturnedQuestion.person_id)
        .join(Person, Person.id == ReturnedQuestion.person_id)
        .join(LedgerEntry, LedgerEntry.comment_id == ReturnedQuestion.comment_id)
        .join(Unit, Unit.id == LedgerEntry.unit_id)
        .where(*_due(clock.now()))
        .distinct()
        .order_by(ReturnedQuestion.person_id)
        .limit(BATCH)
    )
    found = db.session.scalars(wanted).all()
    db.session.rollback()
    return found


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL what is due by now: by the pace of its reader, and not held before an election."""
    zone, row = settings().timezone, ReturnedQuestion
    pace = or_(
        Person.returned_pace.in_((Pace.AT_ONCE, Pace.NEVER)),
        *(
            and_(Person.returned_pace == pace, row.at < last_round(pace, now, zone))
            for pace in (Pace.DAILY, Pace.WEEKLY)
        ),
    )
    quiet = organisations_with(Effect.SEND_NO_MAILS, now)
    return (pace, Unit.organisation_id.not_in(quiet)) if quiet else (pace,)


def last_round(pace: Pace, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment of the last daily or weekly round: what came before it is due. Pure."""
    return datetime.combine(date.fromisoformat(period(pace, now, zone)), AT, zone)


def _tell(person_id: int) -> int:
    """Tell one reader what is due and still waits; what does not, or is no matter of theirs any more, is let go."""
    person = accounts.person(person_id)
    rows = db.session.execute(
        select(
            *(ReturnedQuestion.id, Comment.key, Comment.is_team_only, LedgerEntry.unit_id),
            *(LedgerEntry.waits, LedgerEntry.is_shown, Document.title),
            *(Paragraph.kind, Paragraph.number, Unit.name.label("unit_name")),
        )
        .join(Person, Person.id == ReturnedQuestion.person_id)
        .join(Comment, Comment.id == ReturnedQuestion.comment_id)
        .join(LedgerEntry, LedgerEntry.comment_id == Comment.id)
        .join(Unit, Unit.id == LedgerEntry.unit_id)
        .join(Document, Document.id == Comment.document_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .where(ReturnedQuestion.person_id == person_id, *_due(clock.now()))
        .order_by(ReturnedQuestion.id)
        .with_for_update(of=ReturnedQuestion)
    ).all()
    db.session.execute(delete(ReturnedQuestion).where(ReturnedQuestion.id.in_([row.id for row in rows])))
    units = {role.unit_id for role in person.parts if role.part is Part.OFFICIAL}
    waiting = [row for row in rows if row.waits and row.is_shown and row.unit_id in units]
    if not waiting or not person.is_active or not person.email or person.returned_pace is Pace.NEVER:
        return 0
    told = letter(person.name, waiting)
    names = {row.unit_name for row in waiting}
    unit_name = names.pop() if len(names) == 1 else ""
    send(to=person.email, subject=told.subject, body=told.body, person=person, unit_name=unit_name)
    return 1


def letter(name: str, rows: Sequence[Any]) -> letters.Letter:
    """Say which questions came back, and where they are read and answered."""
    count = len(rows)
    return letters.letter(
        ngettext(
            "%(num)s question has come back to the desk",
            "%(num)s questions have come back to the desk",
            count,
        ),
        _("Hello %(name)s,", name=name),
        ngettext(
            "Whoever asked says that the answer does not answer it:",
            "Whoever asked says of each that the answer does not answer it:",
            count,
        ),
        "\n".join(_line(row) for row in rows),
        _("How soon you are told of this:"),
        link_to("accounts.gap_mail"),
    )


def _line(row: Any) -> str:
    page = "discussion.team" if row.is_team_only else "discussion.respond"
    return f"- {row.title}, {name_of(row.kind, row.number)}\n  {link_to(page, key=row.key)}"
