"""How the ledger follows what happens to comments. Every change of an entry is made here, beside the act it belongs to.

The entries of many comments are changed by one statement each; nothing is fetched to be changed.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from consult.consultations.election_queries import calendar
from consult.consultations.models import Consultation, Stage
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.ledger.places import back_to
from consult.discussion.models import Answer, Comment, Kind, Response, State, TeamReply
from consult.documents.models import Document
from consult.extensions import db

OWED = (Stage.EARLY_IDEA, Stage.OPEN, Stage.ANALYSING)  # until the outcome a question is owed an answer
SHOWN = (State.PUBLISHED, State.RECEIVED)  # what officials can read
_entries: Any = LedgerEntry.__table__
_ADD: dict[str, Any] = {
    "postgresql": postgresql.insert(_entries).on_conflict_do_nothing().returning(_entries.c.comment_id),
    "sqlite": sqlite.insert(_entries).on_conflict_do_nothing().returning(_entries.c.comment_id),
}
_SEEN = select(_entries.c.comment_id).where(_entries.c.comment_id == bindparam("comment"))
_is_question = _entries.c.kind == Kind.QUESTION
_unanswered = and_(_is_question, _entries.c.place != Place.ANSWERED)


def is_kept(comment: Comment) -> bool:
    """Say whether a comment has a place of its own in the ledger: it begins a thread, or asks something.

    What is said about a page of the toolkit has none: no unit owes it an answer.
    """
    if comment.document.consultation.is_toolkit:
        return False
    return comment.parent_id is None or comment.kind is Kind.QUESTION


def follow_state(comment: Comment, before: State | None) -> None:
    """Keep the ledger in step with a comment that has just changed its state."""
    is_shown = comment.state in SHOWN
    if comment.state in (State.WITHDRAWN, State.ERASED):
        _change([comment.id], objection="")  # words of its author too
    if not is_kept(comment) or (before in SHOWN) is is_shown:
        return
    if is_shown and enter(comment, since=begun(comment)):
        return
    waits = _unanswered if is_shown and comment.document.consultation.stage in OWED else False
    _change([comment.id], is_shown=is_shown, waits=waits)


def begun(comment: Comment) -> datetime:
    """Return since when a comment counts that was not in the ledger: since it was said, or marked as a question."""
    return comment.marked_at or comment.created_at


def enter(comment: Comment, *, since: datetime) -> bool:
    """Give a comment its place, as new; False for one that has a place already, which it keeps.

    `since` is when it was said, or when a reply was marked as a question.
    """
    consultation = comment.document.consultation
    is_question = comment.kind is Kind.QUESTION
    is_shown = comment.state in SHOWN
    row = {
        "comment_id": comment.id,
        "unit_id": consultation.unit_id,
        "consultation_id": consultation.id,
        "document_id": comment.document_id,
        "paragraph_id": comment.paragraph_id,
        "kind": comment.kind,
        "place": Place.NEW,
        "is_shown": is_shown,
        "is_team_only": comment.is_team_only,
        "waits": is_question and is_shown and consultation.stage in OWED,
        "since": since,
        "asked_at": since if is_question else None,
    }
    added = db.session.connection().execute(_ADD[db.engine.dialect.name], row)
    return added.first() is not None


def note_kind(comment: Comment) -> None:
    """Note that a comment is called something else, and still no question, or still one."""
    _change([comment.id], kind=comment.kind)


def note_question(comment: Comment, now: datetime) -> None:
    """Start the clock of a comment that has just become a question; a reply is given the place that it had not.

    What was said to it before it was one answered no question: it was read then, and is owed an answer from now on.
    """
    if not _has_entry(comment):
        if comment.state in SHOWN:
            enter(comment, since=now)
        return
    _change(
        [comment.id],
        kind=Kind.QUESTION,
        place=case((_entries.c.place == Place.ANSWERED, _at(Place.READ)), else_=_entries.c.place),
        asked_at=now,
        since=now,
        waits=comment.state in SHOWN and comment.document.consultation.stage in OWED,
        first_answered_at=None,
        answer_days=None,
    )


def note_no_question(comment: Comment) -> None:
    """Stop the clock of a comment that is no question any more; a reply has no place of its own then."""
    if comment.parent_id is not None:
        db.session.execute(delete(_entries).where(_entries.c.comment_id == comment.id))
        _forget()
        return
    first = _first_reply_to(comment)
    read = case((_entries.c.read_at.is_(None), _at(Place.NEW)), else_=_at(Place.READ))
    _change(
        [comment.id],
        kind=comment.kind,
        place=read if first is None else Place.ANSWERED,
        asked_at=None,
        since=comment.created_at,
        waits=False,
        first_answered_at=first,
        answer_days=None,
    )


def _first_reply_to(comment: Comment) -> datetime | None:
    """Return when a comment was first answered, in public or by mail to its author alone."""
    found: Any = db.session.scalar(
        select(func.min(Response.created_at))
        .join(Answer, Answer.response_id == Response.id)
        .where(Answer.comment_id == comment.id, Response.stands())
    )
    if found is None and comment.is_team_only:
        found = db.session.scalar(
            select(func.min(TeamReply.created_at)).where(TeamReply.comment_id == comment.id)
        )
    return found  # type: ignore[no-any-return]


def entry_of(comment_id: int) -> LedgerEntry | None:
    """Return the place of one comment in the ledger; None for a reply that asks nothing."""
    return db.session.scalar(select(LedgerEntry).where(LedgerEntry.comment_id == comment_id))


def note_read(comment_ids: Collection[int], reader_id: int, now: datetime) -> list[int]:
    """Note that an official of the unit has read what is still new, and return which comments that were."""
    fresh = (
        select(LedgerEntry.comment_id)
        .join(Comment, Comment.id == LedgerEntry.comment_id)
        .where(LedgerEntry.comment_id.in_(comment_ids), LedgerEntry.place == Place.NEW)
        .order_by(Comment.root_id.is_(None), Comment.id)
    )
    # the comments first, and replies before the tops of threads, as by whoever answers one: else the two could wait for each other for ever
    found = list(db.session.scalars(fresh.with_for_update(key_share=True, of=(Comment, LedgerEntry))))
    if found:
        in_hand = and_(_entries.c.kind == Kind.QUESTION, _entries.c.assignee_id.is_not(None))
        place = case((in_hand, _at(Place.IN_PROGRESS)), else_=_at(Place.READ))
        _change(found, place=place, read_at=now, read_by=reader_id)
        _stir(found)
    return found


def forget_read(comment_ids: Collection[int], reader_id: int, read_at: datetime) -> int:
    """Take back that somebody read these at a certain moment, unless more has come of them; return of how many."""
    by_them = and_(
        _entries.c.place.in_((Place.READ, Place.IN_PROGRESS)),
        _entries.c.read_by == reader_id,
        _entries.c.read_at == read_at,
    )
    return _change_in_public(comment_ids, by_them, place=Place.NEW, read_at=None, read_by=None)


def assign(comment_ids: Collection[int], assignee_id: int | None) -> int:
    """Put comments into the hands of an official, or of nobody; return how many that changed.

    A question that was read and is with somebody is in progress. It stays so with nobody: a place never goes back.
    """
    begins = and_(
        _entries.c.kind == Kind.QUESTION, _entries.c.place == Place.READ, literal(assignee_id is not None)
    )
    place = case((begins, _at(Place.IN_PROGRESS)), else_=_entries.c.place)
    elsewhere = _entries.c.assignee_id.is_distinct_from(assignee_id)
    return _change_in_public(comment_ids, elsewhere, assignee_id=assignee_id, place=place)


def assign_back(comment_ids: Collection[int], *, given: int | None, before: int | None, place: Place) -> int:
    """Take back that comments were given to somebody, where they still are; return how many that changed.

    `before` had them before. `place` is where they stood: a question that has only been taken up since goes back there.
    """
    theirs = _entries.c.assignee_id.is_not_distinct_from(given)
    taken_up = _entries.c.place == Place.IN_PROGRESS
    back = case((taken_up, _at(place)), else_=_entries.c.place)
    return _change_in_public(comment_ids, theirs, assignee_id=before, place=back)


def note_answered(comments: Sequence[Comment], reader_id: int, now: datetime) -> None:
    """Note that comments have an answer: whoever answers has read them. Of a first answer it keeps how long it took.

    That is counted in working days, from the asking, without those on which an election stopped the clock.
    """
    theirs = select(LedgerEntry.comment_id, LedgerEntry.asked_at, LedgerEntry.first_answered_at)
    theirs = theirs.where(LedgerEntry.comment_id.in_([comment.id for comment in comments]))
    locked = db.session.execute(theirs.order_by(LedgerEntry.comment_id).with_for_update()).all()
    unanswered = [entry for entry in locked if entry.first_answered_at is None]
    _note_first_answer(unanswered, comments[0].organisation_id, now)
    answered = [entry.comment_id for entry in locked]
    unread = and_(_entries.c.comment_id.in_(answered), _entries.c.read_at.is_(None))
    db.session.execute(update(_entries).where(unread).values(read_at=now, read_by=reader_id))
    _change(answered, place=Place.ANSWERED, waits=False)


def _note_first_answer(entries: Sequence[Any], organisation_id: int, at: datetime) -> None:
    """Keep of entries (`comment_id`, `asked_at`) when they had their first answer, and how long it took."""
    read = calendar([organisation_id])
    took: dict[int | None, list[int]] = {}
    for entry in entries:
        days = None if entry.asked_at is None else read.waited(entry.asked_at, at, organisation_id)
        took.setdefault(days, []).append(entry.comment_id)
    for days, ids in took.items():
        _change(ids, first_answered_at=at, answer_days=days)


def note_next_answer(comment_ids: Collection[int], response: Response, later: Response) -> None:
    """Let a later answer take the place of one that is taken back now, as the first and in what was before it."""
    stood = aliased(Answer)
    before = select(stood.place_before).where(
        stood.response_id == response.id, stood.comment_id == Answer.comment_id
    )
    db.session.execute(
        update(Answer)
        .where(
            *(Answer.response_id == later.id, Answer.comment_id.in_(comment_ids)),
            Answer.place_before == Place.ANSWERED.value,
        )
        .values(place_before=before.scalar_subquery())
        .execution_options(synchronize_session=False)
    )
    first = select(LedgerEntry.comment_id, LedgerEntry.asked_at).where(
        LedgerEntry.comment_id.in_(comment_ids), LedgerEntry.first_answered_at == response.created_at
    )
    _note_first_answer(db.session.execute(first).all(), response.unit.organisation_id, later.created_at)


def note_days(comment_ids: Collection[int], days: int) -> None:
    """Note that the first answers to these took so many working days: they are counted otherwise than before."""
    _change_in_public(comment_ids, answer_days=days)


def note_unanswered(comment_ids: Sequence[int], response: Response, stage: Stage) -> None:
    """Put comments back to where they stood before a response that is taken back now.

    What their authors have said of it since goes with it, so that they can say it of the next one.
    """
    at = response.created_at
    stood = select(Answer.comment_id, Answer.place_before)
    stood = stood.where(Answer.response_id == response.id, Answer.comment_id.in_(comment_ids))
    back: dict[str, list[int]] = {}
    for comment_id, place in db.session.execute(stood):
        if place:
            back.setdefault(place, []).append(comment_id)
    by_it, objected = _entries.c.first_answered_at == at, _entries.c.objected_at >= at
    said_of_it = {
        "since": case((objected, _entries.c.asked_at), else_=_entries.c.since),
        "objected_at": case((objected, None), else_=_entries.c.objected_at),
        "objection": case((objected, ""), else_=_entries.c.objection),
        "content_at": case((_entries.c.content_at >= at, None), else_=_entries.c.content_at),
    }
    for place, ids in back.items():
        values: dict[str, Any] = {"place": Place(place), **said_of_it}
        if stage in OWED and values["place"] is not Place.ANSWERED:
            values["waits"] = case((and_(_is_question, _entries.c.is_shown), True), else_=False)
        for name in ("first_answered_at", "answer_days"):
            values[name] = case((by_it, None), else_=_entries.c[name])
        if place == Place.NEW.value:
            values.update(read_at=None, read_by=None)
        _change(ids, **values)


def note_objection(comment: Comment, why: str, now: datetime) -> None:
    """Put a question back on the desk whose author says that the answer does not answer it: it waits from now on."""
    waits = comment.document.consultation.stage in OWED
    _change(
        [comment.id],
        place=back_to(comment.kind),
        waits=waits,
        since=now,
        objected_at=now,
        objection=why,
        content_at=None,
    )


def note_content(comment_id: int, now: datetime) -> None:
    """Note that the author of a question says that it is answered."""
    _change([comment_id], content_at=now)
    _stir([comment_id])


def count_askers(comment_id: int, step: int) -> None:
    """Count one more who has the same question (1), or one less (-1)."""
    _change([comment_id], also_count=_entries.c.also_count + step)
    _stir([comment_id])


def on_consultation_changed(sender: object, *, consultation: Consultation, **more: Any) -> None:
    """Nothing waits any more once there is an outcome; what is taken up again waits again."""
    waits = _unanswered if consultation.stage in OWED else _entries.c.kind.is_(None)
    truth = case((and_(waits, _entries.c.is_shown), True), else_=False)
    db.session.execute(
        update(_entries)
        .where(_entries.c.consultation_id == consultation.id, _entries.c.waits != truth)
        .values(waits=truth)
    )
    _forget()


def _at(place: Place) -> ColumnElement[Place]:
    return literal(place, _entries.c.place.type)


def _has_entry(comment: Comment) -> bool:
    found = db.session.connection().execute(_SEEN, {"comment": comment.id})
    return found.first() is not None


def _change(comment_ids: Collection[int], *where: ColumnElement[bool], **values: Any) -> int:
    theirs = _entries.c.comment_id.in_(comment_ids)
    changed = db.session.execute(update(_entries).where(theirs, *where).values(**values))
    _forget()
    return int(changed.rowcount)  # type: ignore[attr-defined]


def _change_in_public(comment_ids: Collection[int], *where: ColumnElement[bool], **values: Any) -> int:
    """Change what the public ledger shows: pages that were kept are stale then."""
    changed = _change(comment_ids, *where, **values)
    if changed:
        _stir(comment_ids)
    return changed


def _stir(comment_ids: Collection[int]) -> None:
    """Raise the stamps of the drafts that some comments are about: the public ledger says something else now."""
    texts = select(_entries.c.document_id).where(_entries.c.comment_id.in_(comment_ids))
    above = select(_entries.c.consultation_id).where(_entries.c.comment_id.in_(comment_ids))
    for table, ids in ((Document, texts), (Consultation, above)):
        raised = update(table).where(table.id.in_(ids)).values(stamp=table.stamp + 1)
        db.session.execute(raised.execution_options(synchronize_session=False))
        for held in db.session.identity_map.values():
            if isinstance(held, table):
                db.session.expire(held, ["stamp"])


def _forget() -> None:
    """Have entries that are in hand fetched anew: they were changed behind their backs."""
    for held in db.session.identity_map.values():
        if isinstance(held, LedgerEntry):
            db.session.expire(held)
