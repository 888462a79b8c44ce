"""One answer to many comments, beside the same answer to one: all that hangs on it is done, mails and search too."""

import time
from typing import Any

from sqlalchemy import select, update

from consult import config
from consult.discussion import actions
from consult.discussion.answering import undoing
from consult.discussion.ledger import recounting as ledger_recounting
from consult.discussion.models import Comment, Kind
from consult.documents.models import Document
from consult.extensions import db, transaction
from tests import factories
from tests.benchmarks import filling

MANY = 500
LIMIT = 2.0  # seconds
TIMES = 5
HEADS = ["comments", "authors", "slowest s", "CPU s", "times one in CPU", "limit s", "kept"]


def rows(settings: config.Settings) -> list[list[Any]]:
    """Answer one question and then as many as go at once, each by another author and spread over the paragraphs."""
    app = filling.site(settings)
    found: list[list[Any]] = []
    with app.app_context():
        made = filling.document()
        filling.comments(made, 4 * MANY, people=MANY)
        with transaction():
            db.session.execute(update(Comment).values(kind=Kind.QUESTION))
            ledger_recounting.recount()
        official = factories.an_official(made.consultation.unit)
        measured = {count: _slowest(made, official, count) for count in (1, MANY)}
        one = measured[1][1]
        for count, (taken, cpu) in measured.items():
            kept = "yes" if taken < LIMIT else "NO"
            found.append([count, count, taken, cpu, cpu / one, LIMIT, kept])
    return found


def _slowest(made: Document, official: Any, count: int) -> tuple[float, float]:
    """Return how long the slowest of several answers took, and the most processor time.

    Each is taken back, so that the next does as much.
    """
    wanted = select(Comment).where(Comment.document_id == made.id).order_by(Comment.id).limit(count)
    words, slowest, most = actions.answer_written("Because of **the kerb**. " * 40), 0.0, 0.0
    for _ in range(TIMES):
        began, before = time.perf_counter(), time.process_time()
        with transaction(official):
            comments = list(db.session.scalars(wanted))
            response = actions.respond(actor=official, comments=comments, body=words)
        slowest = max(slowest, time.perf_counter() - began)
        most = max(most, time.process_time() - before)
        with transaction(official):
            undoing.undo_response(actor=official, response=response)
        db.session.remove()
    return slowest, most
