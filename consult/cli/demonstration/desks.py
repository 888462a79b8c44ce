"""What the officials of the demonstration did at their desks: they read, took questions, and sorted them by points."""

from collections.abc import Mapping

from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations import queries as consultations
from consult.discussion.desk import actions as desk_actions
from consult.discussion.desk import point_actions, rows
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment
from consult.extensions import db

SLUG = "clear-footways"
POINTS: Mapping[str, tuple[str, ...]] = {  # by title the words by which a comment belongs there
    "Width, and who measures it": ("metre", "width", "measure"),
    "Tables, chairs and boards": ("table", "board", "café", "chair"),
    "Who pays, who enforces": ("penalty", "fine", "cost", "pay", "enforce"),
}
MOST = 12  # comments under each point
READ = 3  # of four comments, the oldest
TAKEN = 2  # questions that each official has taken


def set_desks() -> None:
    """Let the officials of the largest consultation work for a while."""
    consultation = consultations.consultation(SLUG)
    officials = [db.session.get_one(Person, row.id) for row in rows.colleagues([consultation.unit_id])]
    said = db.session.execute(
        select(Comment.key, Comment.body, LedgerEntry.waits)
        .join(LedgerEntry, LedgerEntry.comment_id == Comment.id)
        .where(LedgerEntry.consultation_id == consultation.id, LedgerEntry.is_shown)
        .order_by(LedgerEntry.since, LedgerEntry.comment_id)
    ).all()
    keys = [row.key for row in said]
    desk_actions.mark_read(actor=officials[0], keys=keys[: len(keys) * READ // (READ + 1)])
    for title, words in POINTS.items():
        point = point_actions.make(actor=officials[0], consultation=consultation, title=title)
        theirs = [row.key for row in said if any(word in row.body.lower() for word in words)]
        if theirs:
            point_actions.put_under(actor=officials[0], keys=theirs[:MOST], point=point)
    waiting = [row.key for row in said if row.waits]
    for place, official in enumerate(officials[1:]):
        taken = waiting[place * TAKEN + 1 : (place + 1) * TAKEN + 1]
        if taken:
            desk_actions.assign(actor=official, keys=taken, assignee=official)
