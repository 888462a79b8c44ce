"""The talk on a paragraph, page by page, and the page on which a comment stands.

Core rows and stored HTML: no comment is rendered, and no object made, to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select

from consult.discussion import reads, threads
from consult.discussion.models import Comment, State
from consult.documents.models import Block, Paragraph
from consult.errors import NotFound
from consult.extensions import db

PAGE = 20  # threads a page
BRANCH = 50  # replies a page, where one thread has a page of its own
UNFOLDED = 8  # a thread with more replies than this shows the first few and a link to the rest
BEFORE_FOLD = 5

Show = Literal["all", "questions", "waiting", "official"]
SHOWS: tuple[Show, ...] = ("all", "questions", "waiting", "official")


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
    seen = _parameters(paragraph, viewer, after)
    read = reads.heads(show, PAGE + 1, with_own=bool(seen["viewer"]), has_cursor=after is not None)
    rows = list(db.session.execute(read, seen))
    heads = rows[:PAGE]
    replies = _replies(heads, seen) if show == "all" and heads else []
    return Thread(
        paragraph,
        show,
        _nodes(paragraph, viewer, heads, replies),
        following=heads[-1].key if len(rows) > PAGE else None,
        is_first_page=after is None,
    )


def _branch(paragraph: Paragraph, viewer: Any, key: str, after: str | None) -> Thread:
    seen = _parameters(paragraph, viewer, after)
    with_own = bool(seen["viewer"])
    head = db.session.execute(reads.head(with_own=with_own), {**seen, "key": key}).one_or_none()
    if head is None:
        raise NotFound
    read = reads.branch(BRANCH + 1, with_own=with_own, has_cursor=after is not None)
    rows = list(db.session.execute(read, {**seen, "top": head.id}))
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


def _parameters(paragraph: Paragraph, viewer: Any, after: str | None = None) -> dict[str, Any]:
    return {
        "paragraph": paragraph.id,
        "document": paragraph.document_id,
        "viewer": None if viewer is None else viewer.id,
        "after": after,
    }


def _replies(heads: Sequence[Any], seen: dict[str, Any]) -> list[Any]:
    """Return the replies of these threads, oldest first; of a long thread the first few."""
    with_own = bool(seen["viewer"])
    long = [row.id for row in heads if row.reply_count > UNFOLDED]
    short = [row.id for row in heads if row.reply_count <= UNFOLDED]
    read = reads.below_some(long, BEFORE_FOLD, with_own=with_own) if long else reads.below(with_own=with_own)
    return list(db.session.execute(read, {**seen, "tops": short}))


def _nodes(
    paragraph: Paragraph, viewer: Any, heads: Sequence[Any], replies: Sequence[Any]
) -> list[threads.Node]:
    rows = [*heads, *replies]
    viewer_id = None if viewer is None else viewer.id
    answers: list[Any] = []
    corrected: frozenset[int] = frozenset()
    if rows and paragraph.response_count:
        answers = list(db.session.execute(reads.ANSWERS, {"comments": [row.id for row in rows]}))
    own = [row.id for row in rows if row.author_id == viewer_id and row.state is State.PUBLISHED]
    if own:
        corrected = frozenset(db.session.scalars(reads.CORRECTED, {"comments": own}))
    return threads.build(heads, replies, answers, viewer_id=viewer_id, corrected=corrected)


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
        return Place(_page_before(said, viewer, BRANCH), top.key)
    return Place(_page_before(top, viewer, PAGE))


def _is_pending_of(viewer: Any, said: Comment) -> bool:
    is_own = viewer is not None and viewer.id == said.author_id
    return is_own and said.state in (State.WAITING, State.RETURNED)


def _page_before(said: Comment, viewer: Any, size: int) -> str | None:
    """Return the cursor of a page that has `said` on top; None when the first page holds it."""
    viewer_id = None if viewer is None else viewer.id
    in_branch = said.root_id is not None
    read = reads.keys_before(in_branch=in_branch, limit=size, with_own=viewer_id is not None)
    place = {"paragraph": said.paragraph_id, "top": said.root_id, "at": said.created_at, "id": said.id}
    keys = list(db.session.scalars(read, {**place, "viewer": viewer_id}))
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
