"""The reads behind a thread, as Core statements that are built once: building one costs more than running it.

Parameters: `paragraph`, `document`, `viewer` (a person's id), `after` and `key` (of comments), `tops`, `comments`;
`paragraphs` where the talk of several is shown together, `version` (a number) where one version alone is asked for,
or what had been said up to it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, tuple_, union_all

from consult.accounts.models import Person, Unit
from consult.discussion import provenance
from consult.discussion.answering import signing
from consult.discussion.fragments import shown
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import (
    Answer,
    Citation,
    Comment,
    Correction,
    Kind,
    Response,
    ResponsePlace,
    State,
)
from consult.discussion.visibility import public, stands
from consult.documents.models import Version

MOST_LETTERS = 20  # named beside a paragraph

C: Any = Comment.__table__.c
_parent = Comment.__table__.alias("parent")
_parents_author = Person.__table__.alias("parents_author")
_author = Person.__table__
_version = Version.__table__
_entry: Any = LedgerEntry.__table__
_reply = Comment.__table__.alias("reply")
_past_versions = _version.alias("past_versions")


@dataclass(frozen=True)
class Scope:
    """Whose talk a read is about. The usual one, a paragraph's own of today, has statements of its own.

    `is_gathered`: of several `paragraphs` together. `is_past`: what had been said up to `version`.
    """

    is_gathered: bool = False
    is_past: bool = False

    def place(self, column: Any = C.paragraph_id) -> ColumnElement[bool]:
        if self.is_gathered:
            return column.in_(bindparam("paragraphs", expanding=True))  # type: ignore[no-any-return]
        return column == bindparam("paragraph")  # type: ignore[no-any-return]

    def time(self) -> list[ColumnElement[bool]]:
        return [C.version_id.in_(_up_to())] if self.is_past else []


USUAL = Scope()


def _up_to() -> Select[Any]:
    here = _past_versions.c.document_id == bindparam("document")
    return select(_past_versions.c.id).where(here, _past_versions.c.number <= bindparam("version"))


_SAID = (
    *(C.id, C.key, C.parent_id, C.root_id, C.reply_count, C.author_id, _author.c.name.label("author_name")),
    *(C.paragraph_id, C.block_id),
    *(C.kind, C.state, C.state_reason, C.state_changed_at, shown(C.html), C.replacement_html),
    *(C.kind_before, C.marked_at, C.marked_by, C.marked_as, C.is_no_question),
    *(C.created_at, C.edited_at, C.redacted_at, C.answered_at),
    *(C.closed_at, C.closed_reason, C.closed_note),
    *(*provenance.COLUMNS, C.by_editor, _author.c.is_guest.label("author_is_guest")),
    _parent.c.key.label("parent_key"),
    _parent.c.state.label("parent_state"),
    _parents_author.c.name.label("parent_name"),
    _version.c.number.label("version_number"),
    # where a question stands; None for a reply that asks nothing
    *(_entry.c.since.label("waits_since"), _entry.c.also_count, _entry.c.objected_at, _entry.c.content_at),
)
_IN_ORDER = (C.created_at, C.id)
_replies_then = (
    select(func.count())
    .where(
        _reply.c.root_id == C.id,
        _reply.c.state == State.PUBLISHED,
        _reply.c.version_id.in_(_up_to()),
    )
    .correlate(Comment.__table__)
    .scalar_subquery()
    .label("reply_count")
)
_SAID_THEN = tuple(_replies_then if column is C.reply_count else column for column in _SAID)


def _said(scope: Scope = USUAL) -> Select[Any]:
    tables = (
        Comment.__table__.join(_author, _author.c.id == C.author_id)
        .join(_version, _version.c.id == C.version_id)
        .outerjoin(_parent, _parent.c.id == C.parent_id)
        .outerjoin(_parents_author, _parents_author.c.id == _parent.c.author_id)
        .outerjoin(_entry, _entry.c.comment_id == C.id)
    )
    return select(*(_SAID_THEN if scope.is_past else _SAID)).select_from(tables).where(*scope.time())


def _past(wanted: Select[Any], has_cursor: bool) -> Select[Any]:
    """Go on behind the comment with the key `after`; keys, not ids, stand in addresses."""
    if not has_cursor:
        return wanted
    cursor = Comment.__table__.alias("cursor")
    here = cursor.c.key == bindparam("after")
    return wanted.where(
        tuple_(*_IN_ORDER)
        > tuple_(
            select(cursor.c.created_at).where(here).scalar_subquery(),
            select(cursor.c.id).where(here).scalar_subquery(),
        )
    )


@cache
def heads(show: str, limit: int, *, with_own: bool, has_cursor: bool, scope: Scope = USUAL) -> Select[Any]:
    """The comments at the head of a page: the top ones, or those that a filter lets through, oldest first."""
    wanted = _said(scope).where(scope.place())
    if show == "all":
        wanted = wanted.where(C.parent_id.is_(None), stands(with_own))
    elif show == "official":
        answered = (
            select(Answer.comment_id)
            .join(Response, Response.id == Answer.response_id)
            .join(ResponsePlace, ResponsePlace.response_id == Response.id)
            .where(scope.place(ResponsePlace.__table__.c.paragraph_id), Response.stands())
        )
        wanted = wanted.where(
            public(), C.id.in_(answered)
        )  # by what was answered here, not by all that was said
    elif show == "version":
        wanted = wanted.where(public(), _version.c.number == bindparam("version"))
    else:
        wanted = wanted.where(public(), C.kind == Kind.QUESTION)
        if show == "waiting":  # few of a whole draft: there is an index of those
            wanted = wanted.where(C.document_id == bindparam("document"), C.answered_at.is_(None))
    return _past(wanted.order_by(*_IN_ORDER).limit(limit), has_cursor)


@cache
def head(*, with_own: bool, scope: Scope = USUAL) -> Select[Any]:
    """One top comment by its key."""
    here = and_(C.key == bindparam("key"), scope.place(), C.parent_id.is_(None))
    return _said(scope).where(here, stands(with_own))


@cache
def branch(limit: int, *, with_own: bool, has_cursor: bool, scope: Scope = USUAL) -> Select[Any]:
    """The replies of the one thread `top`, oldest first, a page at a time."""
    wanted = _said(scope).where(C.root_id == bindparam("top"), stands(with_own))
    return _past(wanted.order_by(*_IN_ORDER).limit(limit), has_cursor)


@cache
def below(long: int, first: int, most: int, *, with_own: bool, scope: Scope = USUAL) -> Select[Any]:
    """The replies of the threads `tops`, `most` of them at most, and the `first` few of each of so many long ones.

    The long ones are `top_0` and on. Each part is looked up by its index: asked for with an OR, all comments of the
    site were looked through.
    """
    short = C.root_id.in_(bindparam("tops", expanding=True))
    parts = [_few(short, most, with_own=with_own, scope=scope)]
    parts += [
        _few(C.root_id == bindparam(f"top_{number}"), first, with_own=with_own, scope=scope)
        for number in range(long)
    ]
    return _said(scope).where(C.id.in_(union_all(*parts))).order_by(*_IN_ORDER)


def _few(among: ColumnElement[bool], most: int, *, with_own: bool, scope: Scope) -> Select[Any]:
    wanted = select(C.id).where(among, stands(with_own), *scope.time())
    few = wanted.order_by(*_IN_ORDER).limit(most).subquery()
    return select(few.c.id)


ANSWERS = (
    select(
        *(Answer.__table__.c.comment_id, Response.__table__.c.id, Response.__table__.c.key),
        *(shown(Response.__table__.c.html), Response.__table__.c.created_at, Response.__table__.c.edited_at),
        *(*signing.columns(Response.__table__.c, _author.c), _version.c.number.label("version_number")),
        Unit.__table__.c.name.label("unit_name"),
    )
    .select_from(
        Answer.__table__.join(Response.__table__, Response.__table__.c.id == Answer.__table__.c.response_id)
        .join(_author, _author.c.id == Response.__table__.c.author_id)
        .join(_version, _version.c.id == Response.__table__.c.version_id)
        .join(Unit.__table__, Unit.__table__.c.id == Response.__table__.c.unit_id)
    )
    .where(Answer.__table__.c.comment_id.in_(bindparam("comments", expanding=True)), Response.stands())
    .order_by(Response.__table__.c.created_at, Response.__table__.c.id)
)
_cites = Citation.__table__.c
_citing = select(_cites.comment_id).where(_cites.paragraph_id.in_(bindparam("paragraphs", expanding=True)))
LETTERS = (
    select(C.key, _author.c.name.label("author_name"), *provenance.COLUMNS)
    .join(_author, _author.c.id == C.author_id)
    .where(C.id.in_(_citing), public())
    .order_by(*_IN_ORDER)
    .limit(MOST_LETTERS)
)
CORRECTED = select(Correction.__table__.c.comment_id).where(
    Correction.__table__.c.comment_id.in_(bindparam("comments", expanding=True))
)


@cache
def keys_before(*, in_branch: bool, limit: int, with_own: bool, scope: Scope = USUAL) -> Select[Any]:
    """The keys of what stands before a moment (`at`, `id`) in its thread or among the top ones, nearest first."""
    if in_branch:
        among = C.root_id == bindparam("top")
    else:
        among = and_(scope.place(), C.parent_id.is_(None))
    earlier = tuple_(*_IN_ORDER) < tuple_(
        bindparam("at", type_=C.created_at.type), bindparam("id", type_=C.id.type)
    )
    return (
        select(C.key)
        .where(among, stands(with_own), earlier)
        .order_by(C.created_at.desc(), C.id.desc())
        .limit(limit)
    )
