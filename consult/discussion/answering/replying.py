"""Answering what was sent only to the team: the reply goes by mail, and stands on no public page.

It is official as any other: held before an election with them, and cleared first where the unit has that. Whoever clears
for an organisation does not read what was sent only to a team: so an official of the unit who may clear sends it.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from consult import audit, clock
from consult.accounts.models import Unit
from consult.announcements import team_replied
from consult.consultations import stages
from consult.discussion.answering.actions import KEY_LENGTH, signs_unnamed, title_shown
from consult.discussion.conditions import answers_held_until
from consult.discussion.counting import count_team
from consult.discussion.ledger import entries as ledger
from consult.discussion.models import Comment, Kind, State, TeamReply
from consult.discussion.words import Words, answer_written, form_token
from consult.errors import Closed, Conflict, NotAllowed, NotFound
from consult.extensions import ROW, db
from consult.keys import new_key
from consult.permissions import May, allows, require


def reply_to_sender(
    *, actor: Any, comment: Comment, body: str | Words, once: str = "", seen: datetime | None = None
) -> TeamReply:
    """Answer by mail what was sent only to the team, in the name of the unit.

    `seen` is when the official began: Conflict, with both texts, when a colleague has answered since. Raises Closed
    outside the time for answers and while they are held before an election, NotAllowed where the unit has its answers
    cleared and `actor` may not clear, Conflict when it was withdrawn meanwhile, NotFound for what everybody can read.
    """
    if not comment.is_team_only:
        raise NotFound
    consultation = comment.document.consultation
    require(May.ANSWER, actor, consultation)
    words = body if isinstance(body, Words) else answer_written(body)
    token = form_token(once, comment.id, words.body)
    if token and (twin := _replied(actor.id, token)):
        return twin
    now = clock.now()
    if not stages.takes_responses(consultation, now):
        raise Closed(
            _("The time for answers is over: the outcome has been published, or it has not opened yet.")
        )
    if why_not_yet := held_until(consultation.organisation_id, now) or uncleared(actor, consultation.unit):
        raise why_not_yet
    _check_still_there(comment, seen, words)
    reply = TeamReply(
        key=new_key(KEY_LENGTH),
        comment_id=comment.id,
        unit_id=consultation.unit_id,
        author=actor,
        author_title=title_shown(actor, consultation.unit),
        body=words.body,
        html=words.html,
        created_at=now,
        is_unnamed=signs_unnamed(consultation.unit),
        once=token or None,
    )
    db.session.add(reply)
    if comment.kind is Kind.QUESTION and comment.answered_at is None:
        comment.answered_at = now
    db.session.flush()
    ledger.note_answered([comment], actor.id, now)
    count_team(comment, 0)  # one question fewer waits: the pages that say so are made anew
    audit.record(
        "team_reply.send",
        f"team_reply:{reply.id}",
        actor_id=actor.id,
        organisation_id=consultation.organisation_id,
    )
    team_replied.send("consult.discussion", reply=reply, comment=comment)
    return reply


def held_until(organisation_id: int, now: datetime) -> Closed | None:
    """Return why no reply leaves now, because of an election, and when it can; None where none is held."""
    day = answers_held_until(organisation_id, now)
    if not day:
        return None
    return Closed(
        _(
            "Official answers are held until after %(day)s, because of an election. This one can be sent then: keep it as a note for your unit.",
            day=day,
        )
    )


def uncleared(actor: Any, unit: Unit) -> NotAllowed | None:
    """Return why somebody may not send a reply in a unit that has its answers cleared; None for who may."""
    if not unit.needs_clearance or allows(May.CLEAR, actor, unit):
        return None
    return NotAllowed(
        _(
            "Answers of %(unit)s are cleared by %(role)s before they are out. This was sent only to the team: an official of your unit who may clear answers sends the reply. Keep it for them as a note.",
            unit=unit.name,
            role=unit.clearing_role or _("somebody who may"),
        )
    )


def _replied(author_id: int, token: str) -> TeamReply | None:
    wanted = select(TeamReply).where(TeamReply.author_id == author_id, TeamReply.once == token)
    return db.session.scalar(wanted)


def _check_still_there(comment: Comment, seen: datetime | None, words: Words) -> None:
    db.session.refresh(comment, ["state", "answered_at"], with_for_update=ROW)
    if comment.state is not State.RECEIVED:
        raise Conflict(_("This was withdrawn meanwhile. There is nothing to answer."), yours=words.body)
    if seen is None:
        return
    since = select(TeamReply).where(TeamReply.comment_id == comment.id, TeamReply.created_at > seen)
    colleagues = db.session.scalar(since.order_by(TeamReply.created_at.desc()).limit(1))
    if colleagues is not None:
        raise Conflict(
            _("Somebody else answered while you were writing."), theirs=colleagues, yours=words.body
        )
