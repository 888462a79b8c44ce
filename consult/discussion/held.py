"""What is held about one person, kind by kind: what they said, began to say, and answered in an official part.

See `accounts.held`. What moderators wrote for one another about a comment is not among it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from consult.accounts.held import Kind, Row
from consult.accounts.models import Person, Unit
from consult.consultations.models import Consultation
from consult.discussion.answering.models import DraftAnswer, TeamNote
from consult.discussion.ledger.models import AlsoAsked, LedgerEntry
from consult.discussion.models import (
    Citation,
    Comment,
    Correction,
    Decision,
    Response,
    State,
    TeamReply,
    UnsentComment,
    Wording,
)
from consult.documents.models import Block, Document, Paragraph, Version
from consult.extensions import db

TOLD = frozenset({State.TAKEN_DOWN, State.RETURNED})  # decisions whose note was written to the author
AT_ONCE = 400
NO_CORRECTION: Row = {"correction_waiting": "", "correction_kind": "", "correction_words_instead": ""}
_PLACE = (
    Consultation.title.label("consultation"),
    Document.title.label("document"),
    Paragraph.number.label("paragraph"),
)


def comments(person: Person) -> list[Row]:
    """Return every comment of a person in any state, with the paragraph as they saw it and what was decided."""
    rows = db.session.execute(
        select(
            *(Comment, *_PLACE, Version.number.label("version"), Block.plain.label("words_of_paragraph")),
            *(LedgerEntry.read_at, LedgerEntry.objected_at, LedgerEntry.objection, LedgerEntry.content_at),
        )
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Version, Version.id == Comment.version_id)
        .outerjoin(Block, Block.id == Comment.block_id)
        .outerjoin(LedgerEntry, LedgerEntry.comment_id == Comment.id)
        .where(Comment.author_id == person.id)
        .order_by(Comment.id.desc())
    ).all()
    ids = [row.Comment.id for row in rows]
    decided, worded = _decisions(ids, person), _wordings(ids)
    corrected, cited = _corrections(ids), _citations(ids)
    return [
        {
            **_place(row),
            "version": row.version,
            "paragraph_as_you_saw_it": row.words_of_paragraph or "",
            **_comment(row.Comment),
            "cites": ", ".join(cited[row.Comment.id]),
            "read_by_the_unit_at": row.read_at,
            "said_not_answered_at": row.objected_at,
            "why_not_answered": row.objection or "",
            "said_answered_at": row.content_at,
            **corrected.get(row.Comment.id, NO_CORRECTION),
            "earlier_words": worded[row.Comment.id],
            "decisions": decided[row.Comment.id],
        }
        for row in rows
    ]


def _place(row: Any) -> Row:
    return {"consultation": row.consultation, "document": row.document, "paragraph": row.paragraph}


def _comment(comment: Comment) -> Row:
    return {
        "key": comment.key,
        "kind": comment.kind.value,
        "state": comment.state.value,
        "words": comment.body,
        "words_instead": comment.replacement,
        **_marked(comment),
        **_asked(comment),
        "is_late": comment.is_late,
        "channel": comment.channel.value,
        "received_on": comment.received_on.isoformat() if comment.received_on else "",
        "source": comment.source,
        "terms": comment.terms,
        "signs_of_a_machine": comment.manner,
        "written_at": comment.created_at,
        "published_at": comment.published_at,
        "corrected_at": comment.edited_at,
    }


def _marked(comment: Comment) -> Row:
    """Return what somebody else did to the kind of a comment; by whom is an act in an official part."""
    return {
        "marked_as_question_at": comment.marked_at,
        "marked_by_a": comment.marked_as.value if comment.marked_as else "",
        "kind_before": comment.kind_before.value if comment.kind_before else "",
        "is_no_question": comment.is_no_question,
    }


def _asked(written: Comment | UnsentComment) -> Row:
    """Return what an author said about their comment besides its words."""
    return {
        "is_letter": written.is_letter,
        "is_team_only": written.is_team_only,
        "confidential_reason": written.confidential_reason,
        "on_behalf_of": written.on_behalf_of,
        "on_behalf_kind": written.on_behalf_kind.value if written.on_behalf_kind else "",
    }


def unsent(person: Person) -> list[Row]:
    return _unsent(UnsentComment.person_id == person.id)


def unsent_in_browser(holder: str) -> list[Row]:
    """Return what is kept for a browser, by the digest of its name: what a guest has not sent hangs on no person."""
    return _unsent(UnsentComment.holder == holder) if holder else []


def _unsent(whose: ColumnElement[bool]) -> list[Row]:
    rows = db.session.execute(
        select(UnsentComment, *_PLACE)
        .join(Paragraph, Paragraph.id == UnsentComment.paragraph_id)
        .join(Document, Document.id == UnsentComment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(whose)
        .order_by(UnsentComment.id.desc())
    )
    return [
        {
            **_place(row),
            "kind": row.UnsentComment.kind.value,
            "words": row.UnsentComment.body,
            "words_instead": row.UnsentComment.replacement,
            **_asked(row.UnsentComment),
            "begun_at": row.UnsentComment.created_at,
            "changed_at": row.UnsentComment.updated_at,
        }
        for row in rows
    ]


def official_replies(person: Person) -> list[Row]:
    """Return what a person answered in the name of a unit; what went to one author alone too."""
    found: list[Row] = []
    tables: tuple[Any, ...] = (Response, TeamReply)
    for table in tables:
        rows = db.session.execute(
            select(table, Unit.name.label("unit"))
            .join(Unit, Unit.id == table.unit_id)
            .where(table.author_id == person.id)
        )
        found += [
            {
                "unit": unit,
                "title": reply.author_title,
                "words": reply.body,
                "written_at": reply.created_at,
                "is_team_only": table is TeamReply,
                "is_unnamed": reply.is_unnamed,
                "undone_at": None if table is TeamReply else reply.undone_at,
            }
            for reply, unit in rows
        ]
    return sorted(found, key=lambda row: row["written_at"], reverse=True)


def answers_to_team_only(person: Person) -> list[Row]:
    """Return what the team answered to what a person had sent only to it: it stands on no page."""
    rows = db.session.execute(
        select(TeamReply, Unit.name.label("unit"))
        .join(Comment, Comment.id == TeamReply.comment_id)
        .join(Unit, Unit.id == TeamReply.unit_id)
        .where(Comment.author_id == person.id)
        .order_by(TeamReply.id.desc())
    )
    return [{"unit": unit, "words": reply.body, "written_at": reply.created_at} for reply, unit in rows]


def drafts_and_notes(person: Person) -> list[Row]:
    """Return what a person wrote in an official part that is on no public page: it may be released on request."""
    drafts = db.session.scalars(select(DraftAnswer).where(DraftAnswer.author_id == person.id))
    notes = db.session.scalars(select(TeamNote).where(TeamNote.author_id == person.id))
    found: list[Row] = [
        {"kind": "draft", "words": each.body, "state": each.step.value, "written_at": each.created_at}
        for each in drafts
    ]
    found += [
        {"kind": "note", "words": each.body, "state": "", "written_at": each.created_at} for each in notes
    ]
    return sorted(found, key=lambda row: row["written_at"], reverse=True)


def also_asked(person: Person) -> list[Row]:
    """Return the questions of others that a person said they have too."""
    rows = db.session.execute(
        select(AlsoAsked.said_at, Comment.key, *_PLACE)
        .join(Comment, Comment.id == AlsoAsked.comment_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(AlsoAsked.person_id == person.id)
        .order_by(AlsoAsked.id.desc())
    )
    return [{**_place(row), "question": row.key, "said_at": row.said_at} for row in rows]


def _decisions(ids: Sequence[int], person: Person) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for decision in _of(Decision, ids):
        found[decision.comment_id].append(
            {
                "at": decision.decided_at,
                "by": _decider(decision, person),
                "before": decision.before.value if decision.before else "",
                "after": decision.after.value,
                "reason": decision.reason,
                "note": decision.note if decision.after in TOLD else "",
            }
        )
    return found


def _decider(decision: Decision, person: Person) -> str:
    if decision.actor_id is None:
        return "a rule"
    return "you" if decision.actor_id == person.id else "a moderator"


def _wordings(ids: Sequence[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for wording in _of(Wording, ids):
        earlier = {
            "kind": wording.kind.value if wording.kind else "",
            "words": wording.body,
            "words_instead": wording.replacement,
            "replaced_at": wording.replaced_at,
        }
        found[wording.comment_id].append(earlier)
    return found


def _corrections(ids: Sequence[int]) -> dict[int, Row]:
    return {
        correction.comment_id: {
            "correction_waiting": correction.body,
            "correction_kind": correction.kind.value,
            "correction_words_instead": correction.replacement,
        }
        for correction in _of(Correction, ids)
    }


def _citations(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for some in _chunks(ids):
        rows = db.session.execute(
            select(Citation.comment_id, Paragraph.number)
            .join(Paragraph, Paragraph.id == Citation.paragraph_id)
            .where(Citation.comment_id.in_(some))
            .order_by(Citation.paragraph_id)
        )
        for comment_id, number in rows:
            found[comment_id].append(number)
    return found


def _of(table: Any, ids: Sequence[int]) -> list[Any]:
    """Return the rows of a table that belong to these comments, the oldest first."""
    rows: list[Any] = []
    for some in _chunks(ids):
        rows += db.session.scalars(select(table).where(table.comment_id.in_(some)).order_by(table.id))
    return rows


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


KINDS = (
    Kind("comments", _l("Your comments"), comments, frozenset({"comment.author_id", "decision.actor_id"})),
    Kind("unsent", _l("Comments not sent yet"), unsent, frozenset({"unsent_comment.person_id"})),
    Kind("also_asked", _l("Questions that you have too"), also_asked, frozenset({"also_asked.person_id"})),
    Kind("answers_to_team_only", _l("Answers to what you sent only to the team"), answers_to_team_only),
    Kind(
        "official_replies",
        _l("Official replies that you wrote"),
        official_replies,
        frozenset({"response.author_id", "team_reply.author_id"}),
    ),
    Kind(
        "drafts_and_notes",
        _l("Drafts of official replies, and notes to colleagues, that you wrote"),
        drafts_and_notes,
        frozenset({"draft_answer.author_id", "team_note.author_id"}),
    ),
)
