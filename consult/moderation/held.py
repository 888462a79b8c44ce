"""What is held about one person: what they reported, their appeals, their answers to complaints. See `accounts.held`."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from consult.accounts.held import Kind, Row
from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.extensions import db
from consult.moderation.appeals.models import Appeal
from consult.moderation.complaints.models import Complaint
from consult.moderation.escalation.models import Escalation
from consult.moderation.held_people.models import PersonHold
from consult.moderation.models import Report
from consult.moderation.redaction.models import RedactedText, Redaction


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


def complaints(person: Person) -> list[Row]:
    """Return what a person answered to notices of complaint about their comments; who complained is not theirs."""
    rows = db.session.execute(
        select(Complaint, Comment.key)
        .join(Comment, Comment.id == Complaint.comment_id)
        .where(Comment.author_id == person.id, Complaint.passed_at.is_not(None))
        .order_by(Complaint.id.desc())
    )
    return [
        {
            "comment": key,
            "made_at": complaint.made_at,
            "answered_at": complaint.answered_at,
            "answer": complaint.wish.value if complaint.wish else "",
            "name": complaint.author_name,
            "postal_address": complaint.author_address,
            "may_be_passed_on": complaint.author_shares,
            "settled_at": complaint.settled_at,
            "outcome": complaint.outcome.value if complaint.outcome else "",
        }
        for complaint, key in rows
    ]


def messages(person: Person) -> list[Row]:
    """Return what somebody wrote to a person about a comment of theirs that had been passed on."""
    rows = db.session.execute(
        select(Escalation.replied_at, Escalation.reply, Comment.key)
        .join(Comment, Comment.id == Escalation.comment_id)
        .where(Comment.author_id == person.id, Escalation.replied_at.is_not(None))
        .order_by(Escalation.id.desc())
    )
    return [{"comment": row.key, "sent_at": row.replied_at, "words": row.reply} for row in rows]


def taken_out(person: Person) -> list[Row]:
    """Return what moderators took out of a person's comments, and what these said before."""
    rows = db.session.execute(
        select(Redaction, RedactedText.body, RedactedText.replacement, Comment.key)
        .join(Comment, Comment.id == Redaction.comment_id)
        .join(RedactedText, RedactedText.redaction_id == Redaction.id)
        .where(
            Comment.author_id == person.id,
            Redaction.ended_at.is_(None),
            RedactedText.wording_id.is_(None),
            RedactedText.response_id.is_(None),
        )
        .order_by(Redaction.id.desc())
    )
    return [
        {
            "comment": key,
            "taken_out": redaction.passages,
            "made_at": redaction.made_at,
            "words": body,
            "words_instead": replacement,
        }
        for redaction, body, replacement, key in rows
    ]


def holds(person: Person) -> list[Row]:
    """Return for how long, and why, what a person wrote waited for a moderator."""
    rows = db.session.scalars(
        select(PersonHold).where(PersonHold.person_id == person.id).order_by(PersonHold.id.desc())
    )
    return [
        {
            "reason": row.reason,
            "note": row.note,
            "held_at": row.held_at,
            "until": row.until,
            "ended_at": row.ended_at,
            "asked_why": row.asked_why,
            "told": row.look_words or row.ended_note,
        }
        for row in rows
    ]


KINDS = (
    Kind("reports", _l("Comments that you reported"), reports, frozenset({"report.reporter_id"})),
    Kind("holds", _l("When what you wrote waited"), holds, frozenset({"person_hold.person_id"})),
    Kind("taken_out", _l("What moderators took out of your comments"), taken_out, frozenset()),
    Kind("appeals", _l("Your appeals"), appeals, frozenset()),
    Kind("complaints", _l("Your answers to notices of complaint"), complaints, frozenset()),
    Kind("messages", _l("What was written to you about a comment"), messages, frozenset()),
)
