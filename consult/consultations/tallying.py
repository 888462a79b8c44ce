"""What is done with a filled-in equality form: it is counted and forgotten.

Nothing here is told who filled it in. No row belongs to one form, no time is kept, no stamp is raised and nothing goes
into the record of acts: each of these would tell when somebody's answers came, or which of them came together.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import and_, case, delete, or_, select, update

from consult import clock
from consult.consultations.equality import CELLS, takes_answers
from consult.consultations.models import Consultation, EqualityKey, EqualityTally
from consult.consultations.once_keys import LASTS
from consult.errors import Closed
from consult.extensions import db

KEPT_DAYS = LASTS.days + 1  # a key that is not taken any more need not be remembered


def count_form(*, consultation: Consultation, answers: Mapping[str, str], digest: str, day: date) -> None:
    """Count the answers of one form, by question.

    `digest` is of the form's one-use key, `day` that of the key; flushing raises IntegrityError when the form has been
    counted already. Raises Closed when no answers are taken any more.
    """
    about = _alone_with(consultation)
    if not about.asks_equality or not takes_answers(about, clock.now()):
        raise Closed(_("This form is not taken any more."))
    if answers:
        _spend(digest, day)
        _add(about.id, answers)


def _alone_with(consultation: Consultation) -> Consultation:
    """Read it afresh and let one form at a time be counted: two that closed its door or began its tallies would meet."""
    wanted = select(Consultation).where(Consultation.id == consultation.id)
    return db.session.scalars(wanted.with_for_update(of=Consultation)).one()


def _spend(digest: str, day: date) -> None:
    db.session.execute(delete(EqualityKey).where(EqualityKey.day < day - timedelta(days=KEPT_DAYS)))
    db.session.add(EqualityKey(digest=digest, day=day))
    db.session.flush()


def _add(consultation_id: int, answers: Mapping[str, str]) -> None:
    """Raise the tallies in one statement that writes every row anew, those with nothing to add as well.

    A database marks rows that were written together; so marked, the last form's answers could be found. For the same
    reason all rows are made at once and begin at nought: numbered as they came, they would tell the first one's.
    """
    _begin(consultation_id)
    chosen = or_(
        *(
            and_(EqualityTally.question == question, EqualityTally.answer == answer)
            for question, answer in answers.items()
        )
    )
    db.session.execute(
        update(EqualityTally)
        .where(EqualityTally.consultation_id == consultation_id)
        .values(count=EqualityTally.count + case((chosen, 1), else_=0))
    )


def _begin(consultation_id: int) -> None:
    rows = select(EqualityTally.question, EqualityTally.answer).where(
        EqualityTally.consultation_id == consultation_id
    )
    there = {(row.question, row.answer) for row in db.session.execute(rows)}
    db.session.add_all(
        EqualityTally(consultation_id=consultation_id, question=question, answer=answer, count=0)
        for question, answer in CELLS
        if (question, answer) not in there
    )
    db.session.flush()
