"""The hours counted anew from the decisions, and what differs, of which there should be nothing."""

from collections import Counter

from sqlalchemy import or_, select

from consult.discussion.models import Channel, Comment, Decision, State
from consult.extensions import db
from consult.moderation.waves import rule
from consult.moderation.waves.arriving import ARRIVED
from consult.moderation.waves.models import DocumentHour


def recount() -> list[str]:
    """Put every hour right and return, in words, what was wrong."""
    true = _counted()
    wrong = []
    for kept in db.session.scalars(select(DocumentHour)).all():
        right = true.pop((kept.document_id, kept.hour), 0)
        if kept.arrived_count != right:
            wrong.append(f"document_hour {kept.document_id} {kept.hour}: is {right}")
            kept.arrived_count = right
    for (document_id, hour), count in sorted(true.items()):
        db.session.add(DocumentHour(document_id=document_id, hour=hour, arrived_count=count))
        wrong.append(f"document_hour {document_id} {hour}: is {count}")
    db.session.flush()
    return wrong


def _counted() -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    arrivals = (
        select(Comment.document_id, Decision.decided_at)
        .join(Comment, Comment.id == Decision.comment_id)
        .where(
            or_(Decision.before.is_(None), Decision.before == State.UNCONFIRMED),
            Decision.after.in_(ARRIVED),
            Comment.channel == Channel.WEB,
        )
    )
    for document_id, at in db.session.execute(arrivals.execution_options(yield_per=1_000)):
        found[document_id, rule.hour_of(at.timestamp())] += 1
    return found
