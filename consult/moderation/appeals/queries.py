"""What can be appealed against, which appeals there are, and who may hear one."""

from typing import Any

from sqlalchemy import select

from consult.accounts.models import Part, Person, Role
from consult.discussion.models import Comment, Decision, State
from consult.documents.models import Draft, Version
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation.appeals import signing
from consult.moderation.appeals.models import Appeal, Outsider
from consult.moderation.models import Report
from consult.moderation.redaction import queries as redaction
from consult.permissions import May, allows
from consult.reasons import UNDONE

APPEALABLE = (State.TAKEN_DOWN, State.RETURNED)


def can_be_appealed_on(comment: Comment) -> bool:
    """Say whether a comment is where its author may appeal: taken down, returned, or public without some words."""
    is_redacted = comment.state is State.PUBLISHED and comment.redacted_at is not None
    return comment.state in APPEALABLE or is_redacted


def decision_on(comment: Comment) -> Decision | None:
    """Return the decision that took a comment down, returned it or took words out of it; None where none stands."""
    if comment.state is State.PUBLISHED:
        return next((each.decision for each in redaction.standing(comment)), None)
    if comment.state not in APPEALABLE:
        return None
    return db.session.scalar(
        select(Decision)
        .where(
            Decision.comment_id == comment.id,
            Decision.after == comment.state,
            Decision.before.is_distinct_from(Decision.after),
            Decision.reason != UNDONE,  # that takes another back: the one before it stands again
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )


def may_be_appealed(decision: Decision, comment: Comment) -> bool:
    """Say whether a moderator took the decision: what a rule or the author did nobody appeals against.

    Nor against what is sealed: whoever would hear the appeal could not read it.
    """
    return not comment.is_sealed and decision.actor_id is not None and decision.actor_id != comment.author_id


def appeal_on(decision: Decision) -> Appeal | None:
    return db.session.scalar(select(Appeal).where(Appeal.decision_id == decision.id))


def open_appeal(comment_id: int) -> Appeal | None:
    """Return the appeal on a comment that nobody has decided yet."""
    return db.session.scalar(
        select(Appeal).where(Appeal.comment_id == comment_id, Appeal.settled_at.is_(None))
    )


def is_reported(comment_id: int) -> bool:
    """Say whether a reader's report on a comment waits for a moderator besides."""
    waits = select(Report.id).where(Report.comment_id == comment_id, Report.settled_at.is_(None))
    return db.session.scalar(waits.limit(1)) is not None


def last_appeal(comment_id: int) -> Appeal | None:
    """Return the last appeal there was on a comment, however it ended."""
    return db.session.scalar(
        select(Appeal).where(Appeal.comment_id == comment_id).order_by(Appeal.id.desc()).limit(1)
    )


def latest_appeal(comment: Comment) -> Appeal | None:
    """Return the latest appeal on a comment on which its author may appeal, as its moderators are to know it."""
    if not can_be_appealed_on(comment):
        return None
    return last_appeal(comment.id)


def sent_to_outsider(signed: str) -> Appeal:
    """Return the appeal that a link in a mail opens; NotFound where it opens none, or none any more."""
    found = db.session.scalar(select(Appeal).where(Appeal.key == signing.key_of(signed)))
    if found is None or not signing.is_for(signed, found):
        raise NotFound
    return found


def waiting_for_somebody(organisation_id: int) -> list[Appeal]:
    """Return the open appeals of an organisation that were sent to no outsider, oldest first."""
    wanted = select(Appeal).where(
        Appeal.organisation_id == organisation_id, Appeal.settled_at.is_(None), Appeal.outsider_email == ""
    )
    return list(db.session.scalars(wanted.order_by(Appeal.made_at, Appeal.id)))


def outsider_of(organisation_id: int) -> Outsider | None:
    return db.session.get(Outsider, organisation_id)


def may_hear(person: Any, appeal: Appeal, comment: Comment) -> bool:
    """Say whether a moderator may decide an appeal: not who took the decision, wrote the comment or has the draft."""
    if not allows(May.DECIDE, person, comment):
        return False
    return person.id in second_moderators(comment, decided_by=appeal.decided_by)


def second_moderators(comment: Comment, *, decided_by: int | None) -> set[int]:
    """Return who moderates here and neither took the decision, wrote the comment, wrote the draft nor answers for it."""
    consultation = comment.document.consultation
    versions = select(Version.published_by).where(Version.document_id == comment.document_id)
    drafts = select(Draft.saved_by).where(Draft.document_id == comment.document_id)
    officials = select(Role.person_id).where(
        Role.part == Part.OFFICIAL, Role.unit_id == consultation.unit_id, Role.played()
    )
    moderators = (
        select(Role.person_id)
        .join(Person, Person.id == Role.person_id)
        .where(
            Role.part == Part.MODERATOR,
            Role.organisation_id == consultation.organisation_id,
            Role.played(),
            Person.disabled_at.is_(None),
            Person.closed_at.is_(None),
            Role.person_id.not_in(officials),
            Role.person_id.not_in(versions.where(Version.published_by.is_not(None))),
            Role.person_id.not_in(drafts.where(Draft.saved_by.is_not(None))),
        )
    )
    return set(db.session.scalars(moderators)) - {decided_by, comment.author_id}
