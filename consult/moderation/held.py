"""What is held about one person: the comments that they reported, and their appeals. See `accounts.held`."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from consult.accounts.held import Kind, Row
from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.extensions import db
from consult.moderation.appeals.models import Appeal
from consult.moderation.models import Report


def reports(person: Person) -> list[Row]:
    """Return the reports that a person made; of the comment, only what it is called in its address."""
    rows = db.session.execute(
        select(Report, Comment.key)
        .join(Comment, Comment.id == Report.comment_id)
        .where(Report.reporter_id == person.id)
        .order_by(Report.id.desc())
    )
    return [
        {
            "comment": key,
            "reason": report.reason,
            "note": report.note,
            "made_at": report.created_at,
            "settled_at": report.settled_at,
        }
        for report, key in rows
    ]


def appeals(person: Person) -> list[Row]:
    """Return what a person wrote when they appealed against a decision, and how it ended."""
    rows = db.session.execute(
        select(Appeal, Comment.key)
        .join(Comment, Comment.id == Appeal.comment_id)
        .where(Comment.author_id == person.id)
        .order_by(Appeal.id.desc())
    )
    return [
        {
            "comment": key,
            "reason": appeal.reason,
            "why": appeal.why,
            "made_at": appeal.made_at,
            "settled_at": appeal.settled_at,
            "outcome": appeal.outcome.value if appeal.outcome else "",
            "told": appeal.words,
        }
        for appeal, key in rows
    ]


KINDS = (
    Kind("reports", _l("Comments that you reported"), reports, frozenset({"report.reporter_id"})),
    Kind("appeals", _l("Your appeals"), appeals, frozenset()),
)
