"""What people wrote in notices of complaint goes some time after they were settled; that there was one stays."""

from sqlalchemy import update

from consult import clock
from consult.accounts.actions.forgetting import handful
from consult.accounts.retention import Kept, kept_since
from consult.extensions import db
from consult.moderation.complaints.models import Complaint

EMPTY = dict.fromkeys(
    ("name", "email", "statement", "why", "meaning", "untrue", "author_name", "author_address", "words"), ""
)


def forget_complaints(*, actor: None = None) -> int:
    """Empty one handful, and return how many notices it was."""
    since = kept_since(Kept.COMPLAINTS, clock.now())
    ids = handful(Complaint, Complaint.settled_at <= since, Complaint.email != "")
    if ids:
        db.session.execute(update(Complaint).where(Complaint.id.in_(ids)).values(**EMPTY))
    return len(ids)
