"""Paragraphs of open drafts: much discussed without an official, and those on which nobody has spoken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from consult.accounts.models import Unit
from consult.consultations.models import Consultation
from consult.consultations.queries import standing_is
from consult.consultations.stages import Standing
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.naming import name_of, title_of
from consult.documents.models import Block, Document, Paragraph
from consult.documents.naming import in_words
from consult.errors import NotFound
from consult.extensions import db
from consult.monitor.rows import Found, Link, Row
from consult.monitor.rules import MUCH_TALK
from consult.monitor.scope import Scope

KINDS = ("p", "li", "quote", "code")  # what a reader calls a paragraph; a table is talked of row by row
OPENING = 90  # characters of a paragraph, enough to know it by
NUMBERS = 40  # of the silent paragraphs of one document that a row of the page shows
_joined = aliased(Paragraph)


def _open(scope: Scope) -> ColumnElement[bool]:
    return and_(standing_is(Standing.OPEN, scope.now), scope.of_unit(Consultation.unit_id))


# ---- much discussed, and no official has joined


def busy(scope: Scope, after: str, limit: int) -> Found:
    """Return the paragraphs with much talk and no official reply, those with most first. `after` is an id."""
    places = _busy(scope)
    begin = _place(places, after)
    some = dict(places[begin : begin + limit])
    known = {row.id: row for row in _described(list(some))}
    rows = [_busy_row(known[each], count) for each, count in some.items() if each in known]
    return Found(len(places), 0, rows)


def _busy(scope: Scope) -> list[tuple[int, int]]:
    """Return the id of each with how many comments, what was joined to a paragraph counted with it."""
    place = func.coalesce(Paragraph.home_id, Paragraph.id)
    comments, responses = func.sum(Paragraph.comment_count), func.sum(Paragraph.response_count)
    rows = db.session.execute(
        select(place, comments)
        .join(Document, Document.id == Paragraph.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .where(_open(scope), Paragraph.comment_count > 0)
        .group_by(place)
        .having(comments >= MUCH_TALK, responses == 0)
        .order_by(comments.desc(), place)
    )
    return [(place_id, int(count)) for place_id, count in rows]


def _place(places: Sequence[tuple[int, int]], after: str) -> int:
    if not after:
        return 0
    ids = [str(place_id) for place_id, _count in places]
    if after not in ids:
        raise NotFound
    return ids.index(after) + 1


def _described(ids: list[int]) -> list[Any]:
    if not ids:
        return []
    first = (
        select(func.min(LedgerEntry.since))
        .where(LedgerEntry.paragraph_id == Paragraph.id, LedgerEntry.is_shown, not_(LedgerEntry.is_team_only))
        .correlate(Paragraph)
        .scalar_subquery()
    )
    return list(
        db.session.execute(
            select(
                *(Paragraph.id, Paragraph.key, Paragraph.number, Paragraph.kind, Paragraph.question_count),
                func.substr(func.coalesce(Block.plain, ""), 1, OPENING + 1).label("words"),
                first.label("since"),
                *(Document.slug.label("document_slug"), Consultation.slug, Consultation.title),
                *(Unit.slug.label("unit_slug"), Unit.name.label("unit_name")),
            )
            .join(Document, Document.id == Paragraph.document_id)
            .join(Consultation, Consultation.id == Document.consultation_id)
            .join(Unit, Unit.id == Consultation.unit_id)
            .outerjoin(Block, Block.id == Paragraph.last_block_id)
            .where(Paragraph.id.in_(ids))
        )
    )


def _busy_row(about: Any, count: int) -> Row:
    words = about.words if len(about.words) <= OPENING else about.words[:OPENING].rpartition(" ")[0] + "…"
    if about.question_count:
        mend = ngettext(
            "An official answers the question in it, and all can read the answer.",
            "An official answers the %(num)s questions in it, and all can read the answer.",
            about.question_count,
        )
    else:
        mend = _(
            "An official replies to one of the comments and explains the draft. None of them is a question."
        )
    return Row(
        what=words if words and about.kind != "document" else title_of(about.kind, about.number),
        link=Link("discussion.paragraph", _address(about)),
        where=_(
            "%(consultation)s, %(paragraph)s",
            consultation=about.title,
            paragraph=name_of(about.kind, about.number),
        ),
        unit=about.unit_name,
        unit_slug=about.unit_slug,
        since=about.since,
        figure=count,
        mend=str(mend),
        cursor=str(about.id),
    )


def _address(about: Any) -> dict[str, str]:
    return {"slug": about.slug, "document": about.document_slug, "key": about.key}


# ---- nobody has spoken


@dataclass(frozen=True)
class Numbers:
    """The silent paragraphs of one document: all counted, the first of them with a link each."""

    links: Sequence[tuple[str, Link]]
    rest: int
    closes_at: datetime | None


def _silent(scope: Scope) -> ColumnElement[bool]:
    # those with talk of what was joined to them: asked once, not for every paragraph
    spoken = select(_joined.home_id).where(_joined.home_id.is_not(None), _joined.comment_count > 0)
    return and_(
        _open(scope),
        Paragraph.comment_count == 0,
        Paragraph.kind.in_(KINDS),
        Paragraph.removed_in.is_(None),
        Paragraph.home_id.is_(None),
        Paragraph.is_open,
        Paragraph.id.not_in(spoken),
    )


def _of(scope: Scope, wanted: Any) -> Select[Any]:
    found: Select[Any] = (
        wanted.select_from(Paragraph)
        .join(Document, Document.id == Paragraph.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .where(_silent(scope))
    )
    return found


def silent_by_unit(scope: Scope) -> dict[int, int]:
    """Count the silent paragraphs of each unit."""
    counted = _of(scope, select(Consultation.unit_id, func.count())).group_by(Consultation.unit_id)
    rows = db.session.execute(counted).all()
    return {unit_id: count for unit_id, count in rows if count}


def silent(scope: Scope, after: str, limit: int) -> Found:
    """Return the documents with silent paragraphs, those that close first on top. The count is of paragraphs.

    `after` is the id of a document.
    """
    columns: tuple[Any, ...] = (
        *(Document.id, Document.slug.label("document_slug"), Document.title.label("document_title")),
        *(Consultation.slug, Consultation.title, Consultation.opens_at, Consultation.closes_at),
        *(Unit.slug.label("unit_slug"), Unit.name.label("unit_name")),
    )
    no_end = case((Consultation.closes_at.is_(None), 1), else_=0)
    counted = (
        _of(scope, select(*columns, func.count().label("silent")))
        .group_by(*columns)
        .order_by(no_end, Consultation.closes_at, Document.id)
    )
    documents = list(db.session.execute(counted))
    begin = _place([(row.id, row.silent) for row in documents], after)
    some = documents[begin : begin + limit]
    numbers = _numbers(scope, [row.id for row in some])
    rows = [_silent_row(row, numbers.get(row.id, [])) for row in some]
    return Found(sum(row.silent for row in documents), 0, rows)


def _numbers(scope: Scope, document_ids: list[int]) -> dict[int, list[Any]]:
    """Return the first silent paragraphs of each document, in the order of the text."""
    if not document_ids:
        return {}
    rank = func.row_number().over(partition_by=Document.id, order_by=Block.position).label("rank")
    ranked = (
        _of(scope, select(Document.id.label("document_id"), Paragraph.key, Paragraph.number, rank))
        .join(Block, (Block.paragraph_id == Paragraph.id) & (Block.version_id == Document.current_version_id))
        .where(Document.id.in_(document_ids))
        .subquery()
    )
    rows = db.session.execute(
        select(ranked).where(ranked.c.rank <= NUMBERS).order_by(ranked.c.document_id, ranked.c.rank)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.document_id, []).append(row)
    return found


def _silent_row(about: Any, numbers: list[Any]) -> Row:
    place = {"slug": about.slug, "document": about.document_slug}
    links = [
        (in_words(row.number), Link("discussion.paragraph", {**place, "key": row.key}, "reply"))
        for row in numbers
    ]
    is_one = about.document_title == about.title
    return Row(
        what=about.title
        if is_one
        else _("%(document)s, in %(consultation)s", document=about.document_title, consultation=about.title),
        link=Link("documents.show", place),
        where=_("paragraphs %(numbers)s", numbers=", ".join(number for number, _link in links)),
        unit=about.unit_name,
        unit_slug=about.unit_slug,
        since=about.opens_at,
        figure=about.silent,
        mend=_("The unit asks the people it touches. Choose a number to be the first."),
        cursor=str(about.id),
        more=Numbers(links, about.silent - len(links), about.closes_at),
    )


def silent_numbers(scope: Scope, after: tuple[int, int], limit: int) -> list[Any]:
    """Return silent paragraphs one by one for a file, by document and place in the text; `after` are both of the last."""
    wanted = (
        _of(
            scope,
            select(
                *(Document.id.label("document_id"), Block.position, Paragraph.key, Paragraph.number),
                *(Document.slug.label("document_slug"), Consultation.slug, Consultation.title),
                *(Consultation.opens_at, Unit.name.label("unit_name"), Unit.slug.label("unit_slug")),
            ),
        )
        .join(Block, (Block.paragraph_id == Paragraph.id) & (Block.version_id == Document.current_version_id))
        .where(
            or_(Document.id > after[0], and_(Document.id == after[0], Block.position > after[1])),
        )
        .order_by(Document.id, Block.position)
        .limit(limit)
    )
    return list(db.session.execute(wanted))


def silent_number_row(about: Any) -> Row:
    """Return one silent paragraph as a row of a file."""
    number = in_words(about.number)
    return Row(
        what=_("Paragraph %(number)s", number=number),
        link=Link("discussion.paragraph", _address(about), "reply"),
        where=about.title,
        unit=about.unit_name,
        unit_slug=about.unit_slug,
        since=about.opens_at,
        figure=1,
        mend=_("The unit asks the people it touches, or somebody says the first word."),
        cursor=f"{about.document_id}-{about.position}",
    )
