"""The ledger as everybody reads it: where each comment stands with the unit, in the order in which they were said.

Questions that wait come in the order in which they began to wait, where only these are asked for.
What was sent only to the team, taken down or withdrawn is never in it. Filters are answered from one index alone
(`ix_ledger_entry_public`), so that only what is shown is fetched and joined.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, bindparam, case, func, select, tuple_
from sqlalchemy.engine import Engine

from consult.accounts.models import Person, Unit
from consult.consultations.elections import Calendar
from consult.consultations.models import Consultation, Stage
from consult.consultations.verdicts import Verdict
from consult.discussion import provenance
from consult.discussion.ledger.figures import is_in_public
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Answer, Comment, Kind, Response
from consult.discussion.verdict.models import CommentVerdict
from consult.documents.models import Document, Paragraph
from consult.errors import NotFound
from consult.extensions import db
from consult.text.brief import brief
from consult.text.plain import plain_text

PAGE = 25
AT_ONCE = 500  # rows of a file read together
OPENING = 160  # characters of a comment, enough to know it by
MADE_A_CHANGE = (Verdict.CHANGED, Verdict.CHANGED_IN_PART)
WAITING = "waiting"  # as a state in an address: whatever place a question has, it waits


@dataclass(frozen=True)
class Sieve:
    """What of the ledger is asked for: of one document, in one place, of one kind; None lets all through."""

    document_id: int | None = None
    place: Place | None = None
    only_waiting: bool = False
    kind: Kind | None = None

    def apply(self, wanted: Select[Any]) -> Select[Any]:
        if self.document_id is not None:
            wanted = wanted.where(LedgerEntry.document_id == self.document_id)
        if self.place is not None:
            wanted = wanted.where(LedgerEntry.place == self.place)
        if self.only_waiting:
            wanted = wanted.where(LedgerEntry.waits)
        return wanted if self.kind is None else wanted.where(LedgerEntry.kind == self.kind)


EVERYTHING = Sieve()
_answered_by = (
    select(Response.key)
    .join(Answer, Answer.response_id == Response.id)
    .where(Answer.comment_id == Comment.id, Response.stands())
    .order_by(Response.id.desc())
    .limit(1)
    .correlate(Comment)
    .scalar_subquery()
)
_ROW: tuple[Any, ...] = (
    *(Comment.id, Comment.key, Comment.html, Comment.created_at, Comment.answered_at),
    *(Person.name.label("author_name"), Person.is_guest.label("author_is_guest"), *provenance.COLUMNS),
    *(LedgerEntry.kind, LedgerEntry.place, LedgerEntry.waits, LedgerEntry.since, LedgerEntry.read_at),
    *(
        LedgerEntry.first_answered_at,
        LedgerEntry.answer_days,
        LedgerEntry.also_count,
        LedgerEntry.objected_at,
    ),
    *(Paragraph.key.label("paragraph_key"), Paragraph.number, Paragraph.kind.label("paragraph_kind")),
    *(Document.slug.label("document_slug"), Document.title.label("document_title")),
    *(Unit.promise_days, Unit.organisation_id, _answered_by.label("answer_key")),
    # known to everybody with the outcome, and not before
    case((Consultation.stage == Stage.OUTCOME, CommentVerdict.verdict)).label("verdict"),
    case((Consultation.stage == Stage.OUTCOME, CommentVerdict.reason)).label("verdict_reason"),
)


def entries(
    consultation_id: int, sieve: Sieve = EVERYTHING, *, after: str | None = None, limit: int = PAGE + 1
) -> list[Any]:
    """Return one page of the ledger; `after` is the key of the last comment of the page before, NotFound for none."""
    begin = _cursor_at(after) if after is not None else None
    return list(db.session.execute(_rows(_chosen(consultation_id, sieve, begin, limit), sieve)))


def _cursor_at(key: str) -> Any:
    """Return where in the ledger a comment stands, by its key."""
    wanted = select(LedgerEntry.since, LedgerEntry.comment_id.label("id"))
    wanted = wanted.join(Comment, Comment.id == LedgerEntry.comment_id).where(Comment.key == key)
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def count_of(consultation_id: int, sieve: Sieve = EVERYTHING) -> dict[str, int]:
    """Return how many entries there are in each place, and how many wait."""
    columns: tuple[Any, ...] = (LedgerEntry.place, LedgerEntry.waits, func.count())
    wanted: Select[Any] = select(*columns).where(
        LedgerEntry.consultation_id == consultation_id, is_in_public()
    )
    wanted = sieve.apply(wanted).group_by(LedgerEntry.place, LedgerEntry.waits)
    counted: dict[str, int] = {place.value: 0 for place in Place} | {WAITING: 0}
    for place, waits, count in db.session.execute(wanted):
        counted[place.value] += count
        counted[WAITING] += count if waits else 0
    return counted


@dataclass(frozen=True)
class Said:
    """How many entries there are, of how many people, and for how many the words changed: None before the outcome."""

    comments: int
    people: int
    changes: int | None

    def as_data(self) -> dict[str, int | None]:
        return {"comments": self.comments, "people": self.people, "comments_that_changed_words": self.changes}


def said(about: Consultation, document_id: int | None = None) -> Said:
    """Return what the whole ledger of a consultation holds, or of one of its documents: what its files can be held to."""
    return said_in([about], Sieve(document_id))[about.id]


def said_in(abouts: Collection[Consultation], sieve: Sieve = EVERYTHING) -> dict[int, Said]:
    """Return the same of several consultations, by their ids, in one read."""
    if not abouts:
        return {}
    columns: tuple[Any, ...] = (
        *(LedgerEntry.consultation_id, func.count(), func.count(Comment.author_id.distinct())),
        func.count().filter(CommentVerdict.verdict.in_(MADE_A_CHANGE)),
    )
    wanted: Select[Any] = (
        select(*columns)
        .join(Comment, Comment.id == LedgerEntry.comment_id)
        .outerjoin(CommentVerdict, CommentVerdict.comment_id == Comment.id)
        .where(LedgerEntry.consultation_id.in_([about.id for about in abouts]), is_in_public())
        .group_by(LedgerEntry.consultation_id)
    )
    counted = {row[0]: row[1:] for row in db.session.execute(sieve.apply(wanted))}
    found = {}
    for about in abouts:
        comments, people, changes = counted.get(about.id, (0, 0, 0))
        found[about.id] = Said(comments, people, changes if about.stage is Stage.OUTCOME else None)
    return found


def all_entries(engine: Engine, consultation_id: int, sieve: Sieve) -> Iterator[Any]:
    """Yield the whole ledger, on connections of its own: its reader may take longer than a request lasts."""
    begin: Any = None
    while True:
        with engine.connect() as connection:
            rows = connection.execute(_rows(_chosen(consultation_id, sieve, begin, AT_ONCE), sieve)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        begin = rows[-1]


def paragraphs(consultation_id: int, document_id: int | None = None) -> list[dict[str, Any]]:
    """Return how the questions on each paragraph stand, as files give it; of those on which anything was said."""
    wanted = (
        select(
            *(Document.slug, Paragraph.key, Paragraph.number),
            *(Paragraph.comment_count, Paragraph.question_count, Paragraph.answered_count),
        )
        .join(Document, Document.id == Paragraph.document_id)
        .where(Document.consultation_id == consultation_id, Paragraph.comment_count > 0)
        .order_by(Document.position, Document.id, Paragraph.id)
    )
    if document_id is not None:
        wanted = wanted.where(Document.id == document_id)
    return [
        {
            "document": row.slug,
            "key": row.key,
            "paragraph": row.number,
            "comments": row.comment_count,
            "questions_asked": row.question_count,
            "questions_answered": row.answered_count,
        }
        for row in db.session.execute(wanted)
    ]


def as_data(row: Any, now: datetime, days: Calendar, address: str) -> dict[str, Any]:
    """Return an entry as files give it. `address` is followed by a key: the permanent link of a comment or a reply."""
    return {
        "comment": row.key,
        "document": row.document_slug,
        "paragraph": row.number,
        "opening_words": opening(row.html),
        "name": row.author_name,
        "on_behalf_of": row.on_behalf_of,
        "said_at": _moment(row.created_at),
        "kind": row.kind.value,
        "place": row.place.value,
        "read_at": _moment(row.read_at),
        "is_waiting": row.waits,
        "working_days_waiting": days.waited(row.since, now, row.organisation_id) if row.waits else None,
        "first_answered_at": _moment(row.first_answered_at),
        "working_days_to_first_answer": row.answer_days,
        "others_with_this_question": row.also_count,
        "author_says_not_answered_at": _moment(row.objected_at),
        "verdict": row.verdict.value if row.verdict else None,
        "verdict_reason": row.verdict_reason,
        "address": f"{address}{row.key}",
        "answer": f"{address}{row.answer_key}" if row.answer_key else None,
    }


FIELDS = (
    *(
        "comment",
        "document",
        "paragraph",
        "opening_words",
        "name",
        "on_behalf_of",
        "said_at",
        "kind",
        "place",
    ),
    *("read_at", "is_waiting", "working_days_waiting", "first_answered_at", "working_days_to_first_answer"),
    *("others_with_this_question", "author_says_not_answered_at"),
    *("verdict", "verdict_reason", "address", "answer"),
)


def opening(html: str) -> str:
    """Return the beginning of what somebody said, in plain words."""
    return brief(plain_text(html), OPENING)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _order(sieve: Sieve) -> tuple[Any, ...]:
    return (LedgerEntry.since, LedgerEntry.comment_id) if sieve.only_waiting else (LedgerEntry.comment_id,)


def _chosen(consultation_id: int, sieve: Sieve, begin: Any, limit: int) -> Subquery:
    """Return the comments of one page, behind `begin`: the last row of the page before, or None."""
    chosen = select(LedgerEntry.comment_id).where(
        LedgerEntry.consultation_id == consultation_id, is_in_public()
    )
    order = _order(sieve)
    if begin is not None:
        place = {LedgerEntry.since: begin.since, LedgerEntry.comment_id: begin.id}
        behind = tuple_(*(bindparam(None, place[column], type_=column.type) for column in order))
        chosen = chosen.where(tuple_(*order) > behind)
    return sieve.apply(chosen).order_by(*order).limit(limit).subquery()


def _rows(chosen: Subquery, sieve: Sieve) -> Select[Any]:
    return (
        select(*_ROW)
        .select_from(LedgerEntry)
        .join(chosen, chosen.c.comment_id == LedgerEntry.comment_id)
        .join(Comment, Comment.id == LedgerEntry.comment_id)
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .outerjoin(CommentVerdict, CommentVerdict.comment_id == Comment.id)
        .order_by(*_order(sieve))
    )
