"""What officials of the demonstration have in hand just now: an answer that waits to be cleared, a note, a request."""

from sqlalchemy import select

from consult.accounts.models import Part, Person, Role, Unit
from consult.discussion import queries
from consult.discussion.answering import drafting, information, notes
from consult.discussion.desk import queries as desk
from consult.extensions import db

ANSWER = (
    "We have asked the officers who measure it today how they do it, and will say in the next version from where "
    "the width is taken. Until then the words of the draft stand as they are."
)
NOTE = "Two of the eleven officers have replied so far. Ask again on Monday before this goes out."


def leave_unfinished() -> None:
    """Let the first unit with two officials and two questions have an answer cleared by the press office."""
    for unit in db.session.scalars(select(Unit).order_by(Unit.id)).all():
        officials = _officials(unit)
        waiting = desk.waiting_questions([unit.id], limit=2)
        if len(officials) < 2 or len(waiting) < 2:
            continue
        writer, press = officials[:2]
        unit.clearing_role = "Press office"
        unit.organisation.information_contact = "information@streets-and-places.example"
        for role in press.roles:
            role.may_clear = role.part is Part.OFFICIAL
        first, second = queries.comments([row.key for row in waiting])
        draft = drafting.save_draft(actor=writer, comments=[first], body=ANSWER)
        drafting.ask_clearance(actor=writer, draft=draft)
        notes.add_note(actor=writer, comment=first, body=NOTE)
        information.mark_request(actor=writer, comment=second)
        return


def _officials(unit: Unit) -> list[Person]:
    wanted = select(Person).join(Role, Role.person_id == Person.id)
    wanted = wanted.where(Role.unit_id == unit.id, Role.part == Part.OFFICIAL, Role.played())
    return list(db.session.scalars(wanted.order_by(Person.id)))
