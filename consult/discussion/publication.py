"""Whether a comment is published at once, or by which rule a moderator looks first."""

from consult.announcements import publication_asked
from consult.consultations.models import Consultation, Policy
from consult.discussion.models import Comment, State


def begins_as(comment: Comment, consultation: Consultation, *, rule: str) -> tuple[State, str]:
    """Return where a comment goes whose author is known, and by which rule: to the team, a moderator, or the page.

    The rule is the given one, or that by which it must wait.
    """
    if comment.is_team_only:
        return State.RECEIVED, rule
    held = held_by(comment, consultation, text_of(comment.body, comment.replacement))
    if held or (consultation.policy is Policy.BEFORE and not comment.by_editor):
        return State.WAITING, held or rule
    return State.PUBLISHED, "policy.editor" if comment.by_editor else rule


def held_by(comment: Comment, consultation: Consultation, text: str, approved: str | None = None) -> str:
    """Return the rule by which a comment with this text must wait for a moderator; empty where none asks for it."""
    answers = publication_asked.send(
        "consult.discussion", comment=comment, consultation=consultation, text=text, approved=approved
    )
    return next((str(rule) for _listener, rule in answers if rule), "")


def text_of(body: str, replacement: str) -> str:
    """Return all that the rules look at: what was said, and what is suggested instead."""
    return f"{body}\n\n{replacement}" if replacement else body
