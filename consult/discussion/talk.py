"""The talk on a paragraph, page by page, and the page on which a comment stands.

Core rows and stored HTML: no comment is rendered, and no object made, to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, and_, func, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from consult.accounts.models import Person, Unit
from consult.discussion import threads
from consult.discussion.fragments import shown
from consult.discussion.models import Answer, Comment, Correction, Kind, Response, State
from consult.discussion.visibility import public, shown_to
from consult.documents.models import Block, Paragraph
from consult.errors import NotFound
from consult.extensions import db

PAGE = 20  # threads a page
BRANCH = 50  # replies a page, where one thread has a page of its own
UNFOLDED = 8  # a thread with more replies than this shows the first few and a link to the rest
BEFORE_FOLD = 5

Show = Literal["all", "questions", "waiting", "official"]
SHOWS: tuple[Show, ...] = ("all", "questions", "waiting", "official")

_Parent = aliased(Comment)
_ParentAuthor = aliased(Person)
_SAID: tuple[Any, ...] = (
    Comment.id,
    Comment.key,
    Comment.parent_id,
    Comment.root_id,
    Comment.reply_count,
    Comment.author_id,
    Person.name.label("author_name"),
    Comment.kind,
    Comment.state,
    shown(Comment.html),
    Comment.created_at,
    Comment.edited_at,
    Comment.answered_at,
    Comment.state_changed_at,
    Comment.state_reason,
    _Parent.key.label("parent_key"),
    _Parent.state.label("parent_state"),
    _ParentAuthor.name.label("parent_name"),
)


@dataclass(frozen=True)
class Thread:
    """One page of the talk on a paragraph. `following` is the cursor of the next page."""

    paragraph: Paragraph
    show: Show
    nodes: list[threads.Node]
    following: str | None = None
    is_first_page: bool = True
    branch: str | None = None  # the key of the one thread that the page is about


def thread(
    paragraph: Paragraph,
    *,
    viewer: Any = None,
    after: str | None = None,
    show: Show = "all",
    branch: str | None = None,
) -> Thread:
    """Return one page of a paragraph's threads, oldest first: at most four queries, however long the talk.

    `after` is the key of the last comment of the page before. `branch` is the key of a thread that is shown
    alone, with its replies page by page. Filters show the comments that match, each without its replies.
    """
    if branch is not None:
        return _branch(paragraph, viewer, branch, after)
    rows = _heads(paragraph, viewer, after, show)
    heads = rows[:PAGE]
    replies = _replies(heads, viewer) if show == "all" else []
    return Thread(
        paragraph,
        show,
        _nodes(paragraph, viewer, heads, replies),
        following=heads[-1].key if len(rows) > PAGE else None,
        is_first_page=after is None,
    )


def _branch(paragraph: Paragraph, viewer: Any, key: str, after: str | None) -> Thread:
    top = _said().where(Comment.key == key, Comment.paragraph_id == paragraph.id, Comment.parent_id.is_(None))
    head = db.session.execute(top.where(shown_to(viewer))).one_or_none()
    if head is None:
        raise NotFound
    wanted = (
        _said().where(Comment.root_id == head.id, shown_to(viewer)).order_by(Comment.created_at, Comment.id)
    )
    rows = list(db.session.execute(_past(wanted, after).limit(BRANCH + 1)))
    replies = rows[:BRANCH]
    nodes = _nodes(paragraph, viewer, [head], replies)
    nodes[0].more = 0  # the pages of the thread lead to the rest
    return Thread(
        paragraph,
        "all",
        nodes,
        following=replies[-1].key if len(rows) > BRANCH else None,
        is_first_page=after is None,
        branch=key,
    )


def _said() -> Select[Any]:
    wanted: Select[Any] = select(*_SAID)
    return (
        wanted.join(Person, Person.id == Comment.author_id)
        .outerjoin(_Parent, _Parent.id == Comment.parent_id)
        .outerjoin(_ParentAuthor, _ParentAuthor.id == _Parent.author_id)
    )


def _past(wanted: Select[Any], after: str | None) -> Select[Any]:
    """Go on behind the comment with the key `after`; keys, not ids, stand in addresses."""
    if after is None:
        return wanted
    cursor = aliased(Comment)
    return wanted.where(
        tuple_(Comment.created_at, Comment.id)
        > tuple_(
            select(cursor.created_at).where(cursor.key == after).scalar_subquery(),
            select(cursor.id).where(cursor.key == after).scalar_subquery(),
        )
    )


def _heads(paragraph: Paragraph, viewer: Any, after: str | None, show: Show) -> list[Any]:
    wanted = _said().where(Comment.paragraph_id == paragraph.id)
    if show == "all":
        wanted = wanted.where(Comment.parent_id.is_(None), shown_to(viewer))
    elif show == "official":
        answered = select(Answer.comment_id).join(Response, Response.id == Answer.response_id)
        wanted = wanted.where(public(), Comment.id.in_(answered.where(Response.paragraph_id == paragraph.id)))
    else:
        wanted = wanted.where(
            public(), Comment.document_id == paragraph.document_id, Comment.kind == Kind.QUESTION
        )
        if show == "waiting":
            wanted = wanted.where(Comment.answered_at.is_(None))
    wanted = wanted.order_by(Comment.created_at, Comment.id).limit(PAGE + 1)
    return list(db.session.execute(_past(wanted, after)))


def _replies(heads: Sequence[Any], viewer: Any) -> list[Any]:
    """Return the replies of these threads, oldest first; of a long thread the first few."""
    if not heads:
        return []
    short = [row.id for row in heads if row.reply_count <= UNFOLDED]
    long = [row.id for row in heads if row.reply_count > UNFOLDED]
    chosen = and_(Comment.root_id.in_(short), shown_to(viewer))
    if long:
        chosen = or_(chosen, Comment.id.in_(union_all(*(_first_of(top, viewer) for top in long))))
    wanted = _said().where(chosen).order_by(Comment.created_at, Comment.id)
    return list(db.session.execute(wanted))


def _first_of(top: int, viewer: Any) -> Select[Any]:
    """Return the ids of the first few replies of one long thread, which its index has in order."""
    ordered = select(Comment.id).where(Comment.root_id == top, shown_to(viewer))
    first = ordered.order_by(Comment.created_at, Comment.id).limit(BEFORE_FOLD).subquery()
    return select(first.c.id)


def _nodes(
    paragraph: Paragraph, viewer: Any, heads: Sequence[Any], replies: Sequence[Any]
) -> list[threads.Node]:
    rows = [*heads, *replies]
    viewer_id = None if viewer is None else viewer.id
    answers = _answers([row.id for row in rows]) if rows and paragraph.response_count else []
    own = [row.id for row in rows if row.author_id == viewer_id and row.state is State.PUBLISHED]
    corrected = _with_correction(own) if own else frozenset()
    return threads.build(heads, replies, answers, viewer_id=viewer_id, corrected=corrected)


def _answers(comment_ids: Sequence[int]) -> list[Any]:
    return list(
        db.session.execute(
            select(
                Answer.comment_id,
                Response.id,
                Response.key,
                shown(Response.html),
                Response.created_at,
                Response.edited_at,
                Response.author_title,
                Person.name.label("author_name"),
                Unit.name.label("unit_name"),
            )
            .join(Response, Response.id == Answer.response_id)
            .join(Person, Person.id == Response.author_id)
            .join(Unit, Unit.id == Response.unit_id)
            .where(Answer.comment_id.in_(comment_ids))
            .order_by(Response.created_at, Response.id)
        )
    )


def _with_correction(comment_ids: Sequence[int]) -> frozenset[int]:
    return frozenset(
        db.session.scalars(select(Correction.comment_id).where(Correction.comment_id.in_(comment_ids)))
    )


@dataclass(frozen=True)
class Place:
    """Where a comment stands: on which page of which thread. `after` and `branch` as in `thread`."""

    after: str | None = None
    branch: str | None = None

    @property
    def arguments(self) -> dict[str, str]:
        """Return what stands in the address of the page."""
        names = {"after": self.after, "root": self.branch}
        return {name: value for name, value in names.items() if value}


def place_of(said: Comment, viewer: Any = None) -> Place:
    """Return the page on which `viewer` finds a comment; NotFound for what this viewer may not know of."""
    if not said.was_published and not _is_pending_of(viewer, said):
        raise NotFound
    top = said if said.root_id is None else db.session.get_one(Comment, said.root_id)
    if said is not top and top.reply_count > UNFOLDED:
        siblings = select(Comment.key).where(Comment.root_id == top.id)
        return Place(_page_before(siblings, said, viewer, BRANCH), top.key)
    tops = select(Comment.key).where(Comment.paragraph_id == top.paragraph_id, Comment.parent_id.is_(None))
    return Place(_page_before(tops, top, viewer, PAGE))


def _is_pending_of(viewer: Any, said: Comment) -> bool:
    is_own = viewer is not None and viewer.id == said.author_id
    return is_own and said.state in (State.WAITING, State.RETURNED)


def _page_before(among: Select[Any], said: Comment, viewer: Any, size: int) -> str | None:
    """Return the cursor of a page that holds `said` near its top; None when the first page holds it."""
    earlier = (
        among.where(shown_to(viewer), tuple_(Comment.created_at, Comment.id) < (said.created_at, said.id))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(size)
    )
    keys = list(db.session.scalars(earlier))
    return keys[0] if len(keys) == size else None


def neighbours(paragraph: Paragraph, version_id: int | None) -> list[Any]:
    """Return the paragraphs before and after in a version: key, number, kind, opening words, comment count."""
    here = (
        select(Block.position)
        .where(Block.paragraph_id == paragraph.id, Block.version_id == version_id)
        .scalar_subquery()
    )
    columns = (
        Paragraph.key,
        Paragraph.number,
        Paragraph.kind,
        Block.position,
        func.substr(Block.plain, 1, 60).label("words"),
        Paragraph.comment_count,
    )
    near = (
        select(*columns)
        .join(Block, Block.paragraph_id == Paragraph.id)
        .where(
            Block.version_id == version_id,
            Block.position.between(here - 2, here + 2),
            Block.position != here,
            Block.is_removed.is_(False),
        )
        .order_by(Block.position)
    )
    return list(db.session.execute(near))
