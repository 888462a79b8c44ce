"""What a comment is called, and what follows from it: only a question is owed an answer, and is counted apart."""

from datetime import datetime

from flask_babel import gettext as _

from consult.discussion.counting import count_question
from consult.discussion.ledger import entries as ledger
from consult.discussion.models import Comment, Kind
from consult.errors import Invalid
from consult.extensions import db


def with_words(kind: Kind, replacement: str) -> Kind:
    """Return what a comment is called that puts words instead of those it is about: whoever does so suggests.

    Raises Invalid where it is called anything else: neither its kind nor its words may be lost unsaid.
    """
    if not replacement.strip():
        return kind
    if kind not in (Kind.COMMENT, Kind.SUGGESTION):
        raise Invalid(
            _("Words to put instead go with a suggestion. Choose “Suggestion”, or empty this field."),
            field="replacement",
        )
    return Kind.SUGGESTION


def after_correction(comment: Comment, wanted: Kind | None) -> Kind:
    """Return what a comment is called after its author called it `wanted`: a question stays one, its clock runs."""
    if wanted is None or comment.kind is Kind.QUESTION:
        return comment.kind
    return wanted


def set_kind(comment: Comment, kind: Kind, now: datetime) -> None:
    """Call a comment something else; counts and ledger follow. A question that has been answered stays one.

    Whoever calls has locked the comment, and has asked who may.
    """
    if comment.kind is kind:
        return
    was_question = comment.kind is Kind.QUESTION
    comment.kind = kind
    db.session.flush()
    if kind is Kind.QUESTION:
        count_question(comment, 1)
        ledger.note_question(comment, now)
    elif was_question:
        count_question(comment, -1)
        ledger.note_no_question(comment)
    else:
        ledger.note_kind(comment)
