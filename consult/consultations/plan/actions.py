"""What is done to a plan: its questions are answered, one section after the other."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from consult import audit, clock
from consult.consultations.models import Consultation, Stage
from consult.consultations.plan import queries
from consult.consultations.plan.models import PlanAnswer, PlanChange, Question
from consult.errors import Closed, Conflict
from consult.extensions import ROW, db
from consult.permissions import May, require

ENDED = (Stage.OUTCOME, Stage.WITHDRAWN)


def answer_questions(
    *, actor: Any, consultation: Consultation, typed: Mapping[Question, tuple[str, int]]
) -> list[Question]:
    """Save answers, each with the edition that its writer began from, and return the questions that changed.

    What everybody could read before stays with the plan. Raises Closed once the consultation has ended, and Conflict
    with what is stored where somebody answered differently since.
    """
    require(May.RUN_CONSULTATION, actor, consultation)
    db.session.refresh(consultation, ["stage"], with_for_update=ROW)  # who answers or ends it next waits here
    if consultation.stage in ENDED:
        raise Closed(_("This consultation has ended: its plan stays as it is."))
    given = queries.answers(consultation.id)
    changed = {
        question: (words, based_on)
        for question, (words, based_on) in typed.items()
        if words != (given[question].words if question in given else "")
    }
    stale = {
        question: given[question]
        for question, (_words, based_on) in changed.items()
        if question in given and given[question].edition != based_on
    }
    if stale:
        theirs = {question: (row.words, row.edition) for question, row in stale.items()}
        raise Conflict(_("Somebody saved this before you."), theirs=theirs, yours=changed)
    for question, (words, _based_on) in changed.items():
        _answer(actor, consultation, question, given.get(question), words)
    if changed:
        consultation.stamp = Consultation.stamp + 1
        db.session.flush()
    return list(changed)


def _answer(
    actor: Any, consultation: Consultation, question: Question, row: PlanAnswer | None, words: str
) -> None:
    now, by = clock.now(), actor.id if actor is not None else None
    is_public = consultation.stage is not Stage.PREPARING
    if is_public and row is not None and row.words:
        db.session.add(
            PlanChange(
                consultation_id=consultation.id,
                question=question.value,
                before=row.words,
                changed_at=now,
                changed_by=by,
            )
        )
    if row is None:
        row = PlanAnswer(consultation_id=consultation.id, question=question.value, edition=0)
        db.session.add(row)
    row.words, row.edition = words, row.edition + 1
    row.answered_at, row.answered_by = now, by
    audit.record(
        "plan.answer",
        f"consultation:{consultation.id}",
        actor_id=by,
        organisation_id=consultation.organisation_id,
        after="public" if is_public else "preparing",
        reason=question.value,
    )
