"""What must hold before somebody comments or answers, and which words it is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, bindparam, select

from consult import clock
from consult.consultations import election_queries, stages
from consult.consultations.election_models import Effect
from consult.consultations.election_words import until, words_in_force
from consult.consultations.models import Consultation
from consult.discussion.models import Answer, Comment, Kind, Response, State
from consult.discussion.wishes import Wishes
from consult.discussion.words import Words
from consult.documents.models import Block, Document, Paragraph, Version
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import db


def check_open(consultation: Consultation, paragraph: Paragraph, now: datetime) -> None:
    """Raise Closed unless people can comment on the paragraph at `now`."""
    check_keepable(consultation, paragraph, now)
    if told := words_of_closed_forms(consultation, now):
        raise Closed(told)


def takes_comments(consultation: Consultation, now: datetime) -> bool:
    """Say whether anyone can comment at `now`: it is open, and no election has closed the forms."""
    return stages.takes_comments(consultation, now) and not words_of_closed_forms(consultation, now)


def takes_responses(consultation: Consultation, now: datetime) -> bool:
    """Say whether officials can answer at `now`; what is said about a page of the toolkit they answer as everybody does."""
    return stages.takes_responses(consultation, now) and not consultation.is_toolkit


def check_talk(consultation: Consultation, kind: Kind, wishes: Wishes, is_letter: bool, instead: str) -> None:
    """Raise Invalid for what is not taken about a page of the toolkit: remarks and replies are, in public."""
    is_plain = kind is Kind.COMMENT and not (wishes.is_team_only or is_letter or instead)
    if consultation.is_toolkit and not is_plain:
        raise Invalid(
            _("About a page of the toolkit people write remarks and replies, which everybody can read."),
            field="body",
        )


def words_of_closed_forms(consultation: Consultation, now: datetime) -> str:
    """Return what people are told while the forms of an organisation are closed before an election; "" otherwise."""
    organisation_id = consultation.organisation_id
    calendar = election_queries.calendar([organisation_id])
    return words_in_force(calendar, organisation_id, Effect.CLOSE_FORMS, now)


def answers_held_until(organisation_id: int, now: datetime) -> str:
    """Return the day up to which official answers are held before an election; "" when they are not."""
    calendar = election_queries.calendar([organisation_id])
    switch = calendar.in_force(organisation_id, Effect.HOLD_ANSWERS, now)
    return "" if switch is None else until(switch, calendar.day(now))


def check_answers_go_out(consultation: Consultation, now: datetime) -> None:
    """Raise Closed while official answers are held before an election: it says until when, and what to do."""
    day = answers_held_until(consultation.organisation_id, now)
    if day:
        raise Closed(
            _(
                "Official answers are held until after %(day)s, because of an election. Keep it as a draft: it can be published then.",
                day=day,
            )
        )


def check_keepable(consultation: Consultation, paragraph: Paragraph, now: datetime) -> None:
    """Raise Closed unless the paragraph takes comments: what is written for it is worth keeping."""
    if not stages.takes_comments(consultation, now):
        raise Closed(_("Comments on this draft are closed. What was said stays here to be read."))
    if not paragraph.is_open:
        raise Closed(_("The unit takes no comments on this paragraph."))


MOST_ANSWERED = 500  # comments that one response answers at once
GRACE = timedelta(hours=48)  # after the closing, to open the link for what was written before it


def is_late(consultation: Consultation, written_at: datetime, confirmed_at: datetime) -> bool:
    """Say whether a comment came too late to count as one in time: written, or confirmed, too long after the closing."""
    closed = consultation.closes_at
    return closed is not None and (written_at >= closed or confirmed_at > closed + GRACE)


def said_on(shown_at: Paragraph, parent: Comment | None) -> Paragraph:
    """Return the paragraph that a comment belongs to: a reply to what was said on a joined one stays with it."""
    if parent is not None and parent.paragraph.home_id == shown_at.id:
        check_open(shown_at.document.consultation, shown_at, clock.now())
        return parent.paragraph
    return shown_at


def check_parent(parent: Comment, paragraph: Paragraph) -> None:
    """Raise unless `parent` stands on the paragraph and can be replied to."""
    if parent.paragraph_id != paragraph.id:
        raise Invalid(_("The comment you reply to belongs to another paragraph."), field="parent")
    check_not_closed(parent)
    if parent.state is not State.PUBLISHED:
        raise Conflict(
            _(
                "The comment you reply to has been withdrawn or taken down meanwhile. "
                "You can post your words as a comment of their own."
            )
        )


def check_not_closed(parent: Comment) -> None:
    """Raise Closed where a moderator has closed the thread in which somebody would reply."""
    if parent.closed_at is not None:
        raise Closed(
            _(
                "A moderator has closed this thread to replies; it says there why. Your words are in the form below: "
                "you can send them as a comment of their own."
            )
        )


def version_read(document: Document, number: int | None) -> int:
    """Return the id of the version that was read: the one with this number, or the current one."""
    current = document.current_version_id
    if current is None:
        raise Closed(_("There is no text to comment on yet."))
    if number is None or number == document.version_count:
        return current
    wanted = select(Version.id).where(Version.document_id == document.id, Version.number == number)
    return db.session.scalar(wanted) or current


def block_read(paragraph: Paragraph, version_id: int) -> int | None:
    """Return the id of the words that were read: those of the version, or the last before they were removed.

    Whoever replied to what was said on a paragraph since joined with another read the words of the other.
    """
    for read in filter(None, (paragraph.id, paragraph.home_id)):
        found: int | None = db.session.scalar(_READ, {"paragraph": read, "version": version_id})
        if found is not None:
            return found
    return paragraph.last_block_id


_blocks: Any = Block.__table__.c
_READ = select(_blocks.id).where(
    _blocks.paragraph_id == bindparam("paragraph"),
    _blocks.version_id == bindparam("version"),
    _blocks.is_removed.is_(False),
)


def replies_first() -> tuple[ColumnElement[Any], ...]:
    """Return the order in which comments are locked: who changes a reply changes the count at the top of its thread."""
    return Comment.root_id.is_(None), Comment.__table__.c.id


def lock(comments: Sequence[Comment]) -> list[State]:
    """Let nobody else answer or move these comments until this is done; return their states."""
    ids = [comment.id for comment in comments]
    locked = (
        select(Comment.state)
        .where(Comment.id.in_(ids))
        .order_by(*replies_first())
        .with_for_update(key_share=True)
    )
    return list(db.session.scalars(locked))


def check_answerable(
    comments: Sequence[Comment], states: Sequence[State], seen: datetime | None, words: Words
) -> None:
    """Raise unless all are about one draft, are public, and nobody has answered one of them since `seen`.

    `states` are those that `lock` returned.
    """
    if len(comments) > MOST_ANSWERED:
        raise Invalid(
            _("One reply answers up to %(most)s comments at once.", most=MOST_ANSWERED), field="also"
        )
    if len({comment.document_id for comment in comments}) != 1:
        raise Invalid(_("One reply answers comments on one draft."), field="also")
    gone = sum(state is not State.PUBLISHED for state in states)
    if gone:
        raise Conflict(
            ngettext(
                "A comment that you answer has been withdrawn or taken down meanwhile.",
                "%(num)s comments that you answer have been withdrawn or taken down meanwhile.",
                gone,
            ),
            yours=words.body,
        )
    if seen is None:
        return
    ids = [comment.id for comment in comments]
    since = select(Response).join(Answer, Answer.response_id == Response.id)
    since = since.where(Answer.comment_id.in_(ids), Response.created_at > seen, Response.stands())
    colleagues = db.session.scalar(since.order_by(Response.created_at.desc()).limit(1))
    if colleagues is not None:
        raise Conflict(
            _("Somebody else answered while you were writing."), theirs=colleagues, yours=words.body
        )
