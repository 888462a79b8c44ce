"""The counts that pages show, changed by SQL beside what they count, in the same transaction.

`comment_count` counts published comments, replies included; `question_count` those that are questions;
`answered_count` the questions that have an official response; `people_count` distinct authors of published comments.
`team_count` counts what was sent only to the team: it is in none of the others.
The stamps rise in the same statement as the counts: one row less to write for each comment.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, select, update

from consult.consultations.models import Consultation
from consult.discussion.models import Comment, Kind, State
from consult.documents.models import Document, Paragraph
from consult.extensions import db

COUNTS = ("comment_count", "question_count", "answered_count")


def count_change(comment: Comment, step: int) -> None:
    """Count a comment that has become visible (1), or is no longer (-1), and raise the stamps.

    Rows are changed from the comment outwards, always in this order, so that two writers on PostgreSQL wait for
    each other instead of for ever. People are looked for once document and consultation are locked.
    """
    is_question = comment.kind is Kind.QUESTION
    is_answered = is_question and comment.answered_at is not None
    steps = dict(zip(COUNTS, (step, step * is_question, step * is_answered), strict=True))
    consultation_id = comment.document.consultation_id
    if comment.root_id is not None:
        _add(Comment, comment.root_id, {"reply_count": step})
    _add(Document, comment.document_id, {**steps, "stamp": 1})
    _add(Consultation, consultation_id, {**steps, "stamp": 1})
    on_document, on_consultation = _has_spoken(comment)
    _add(Document, comment.document_id, {"people_count": step * (not on_document)})
    _add(Consultation, consultation_id, {"people_count": step * (not on_consultation)})
    _add(Paragraph, comment.paragraph_id, steps)


def count_team(comment: Comment, step: int) -> None:
    """Count a comment that has reached the team alone (1), or is no longer with it (-1), and raise the stamps.

    A figure of the whole document, and no paragraph's: where it was written, nobody else learns.
    """
    _add(Document, comment.document_id, {"team_count": step, "stamp": 1})
    _add(Consultation, comment.document.consultation_id, {"team_count": step, "stamp": 1})


def count_response(document: Document, answered: Mapping[int, int], step: int = 1) -> None:
    """Count one response (1), or one that is taken back (-1), where it stands, and raise the stamps.

    `answered` has by paragraph how many questions there have their first answer by it, or lose it.
    """
    total = step * sum(answered.values())
    _add(Document, document.id, {"answered_count": total, "stamp": 1})
    _add(Consultation, document.consultation_id, {"answered_count": total, "stamp": 1})
    for paragraph_id in sorted(answered):
        steps = {"response_count": step, "answered_count": step * answered[paragraph_id]}
        _add(Paragraph, paragraph_id, steps)


def count_question(comment: Comment, step: int) -> None:
    """Count a comment that has become a question nobody has answered (1), or is one no more (-1); raise the stamps."""
    if comment.is_team_only:
        count_team(comment, 0)
    elif comment.state is State.PUBLISHED:
        _add(Document, comment.document_id, {"question_count": step, "stamp": 1})
        _add(Consultation, comment.document.consultation_id, {"question_count": step, "stamp": 1})
        _add(Paragraph, comment.paragraph_id, {"question_count": step})


def count_objection(comment: Comment) -> None:
    """Count a public question as not answered any more, because its author says so, and raise the stamps."""
    _add(Document, comment.document_id, {"answered_count": -1, "stamp": 1})
    _add(Consultation, comment.document.consultation_id, {"answered_count": -1, "stamp": 1})
    _add(Paragraph, comment.paragraph_id, {"answered_count": -1})


def _has_spoken(comment: Comment) -> tuple[bool, bool]:
    """Say whether the author has another published comment on the document, and in the consultation."""
    found = (
        db.session.connection()
        .execute(
            _SPOKEN,
            {
                "author": comment.author_id,
                "this": comment.id,
                "document": comment.document_id,
                "consultation": comment.document.consultation_id,
            },
        )
        .one()
    )
    return bool(found[0]), bool(found[1])


_said: Any = Comment.__table__.c
_others = select(_said.id).where(
    _said.author_id == bindparam("author"), _said.state == State.PUBLISHED, _said.id != bindparam("this")
)
_documents: Any = Document.__table__.c
_beside = select(_documents.id).where(_documents.consultation_id == bindparam("consultation"))
_SPOKEN = select(
    _others.where(_said.document_id == bindparam("document")).exists(),
    _others.where(_said.document_id.in_(_beside)).exists(),
)


def _add(table: Any, row_id: int, steps: dict[str, int]) -> None:
    """Add to columns of one row in the database itself, so that no other writer's step is lost."""
    steps = {name: step for name, step in steps.items() if step}
    if not steps:
        return
    db.session.connection().execute(
        _addition(table, tuple(steps)),
        {"row": row_id, **{f"by_{name}": step for name, step in steps.items()}},
    )
    held = db.session.identity_map.get(db.session.identity_key(table, row_id))
    if held is not None:
        db.session.expire(held, list(steps))


@cache
def _addition(table: Any, names: tuple[str, ...]) -> Update:
    """Return the statement that adds to these columns, built once."""
    columns = table.__table__.c
    added = {name: columns[name] + bindparam(f"by_{name}") for name in names}
    return update(table.__table__).where(columns.id == bindparam("row")).values(added)
