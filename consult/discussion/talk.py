"""The talk on a paragraph, page by page, and the page on which a comment stands.

Core rows and stored HTML: no comment is rendered, and no object made, to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import bindparam, func, select

from consult.discussion import reads, threads
from consult.discussion.models import Comment, State
from consult.discussion.tallies import SHOWN_TOGETHER
from consult.discussion.team import team_replies_on
from consult.documents.models import Block, Paragraph
from consult.errors import NotFound
from consult.extensions import db

PAGE = 20  # threads a page
BRANCH = 50  # replies a page, where one thread has a page of its own
UNFOLDED = 8  # a thread with more replies than this shows the first few and a link to the rest
BEFORE_FOLD = 5
MOST_BELOW = (
    2 * PAGE * UNFOLDED
)  # replies of all short threads of a page, with the markers that spam left among them

Show = Literal["all", "questions", "waiting", "official", "version"]
SHOWS: tuple[Show, ...] = ("all", "questions", "waiting", "official", "version")


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
    joined: Sequence[Paragraph] = (),
    version: int | None = None,
) -> Thread:
    """Return one page of a paragraph's threads, oldest first: at most four queries, however long the talk.

    `after` is the key of the last comment of the page before. `branch` is the key of a thread that is shown
    alone, with its replies page by page. Filters show the comments that match, each without its replies. `joined`
    are paragraphs whose talk is shown here as well. With `version` it is the talk as it was on that version, or with
    the filter "version" what was said on it.
    """
    wanted = _Wanted(paragraph, tuple(joined), viewer, after, version, show)
    if branch is not None:
        return _branch(wanted, branch)
    read = reads.heads(
        show, PAGE + 1, with_own=wanted.with_own, has_cursor=after is not None, scope=wanted.scope
    )
    rows = list(db.session.execute(read, wanted.parameters))
    heads = rows[:PAGE]
    replies = _replies(wanted, heads) if show == "all" and heads else []
    return Thread(
        paragraph,
        show,
        _nodes(wanted, heads, replies),
        following=heads[-1].key if len(rows) > PAGE else None,
        is_first_page=after is None,
    )


@dataclass(frozen=True)
class _Wanted:
    """Which talk is asked for, and by whom."""

    paragraph: Paragraph
    joined: tuple[Paragraph, ...]
    viewer: Any
    after: str | None
    version: int | None
    show: Show

    @property
    def scope(self) -> reads.Scope:
        return reads.Scope(bool(self.joined), self.version is not None and self.show != "version")

    @property
    def with_own(self) -> bool:
        return self.viewer is not None and bool(self.viewer.id)

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "paragraph": self.paragraph.id,
            "paragraphs": [self.paragraph.id, *(each.id for each in self.joined)],
            "document": self.paragraph.document_id,
            "version": self.version,
            "viewer": None if self.viewer is None else self.viewer.id,
            "after": self.after,
        }


def _branch(wanted: _Wanted, key: str) -> Thread:
    seen, after = wanted.parameters, wanted.after
    read = reads.head(with_own=wanted.with_own, scope=wanted.scope)
    head = db.session.execute(read, {**seen, "key": key}).one_or_none()
    if head is None:
        raise NotFound
    read = reads.branch(
        BRANCH + 1, with_own=wanted.with_own, has_cursor=after is not None, scope=wanted.scope
    )
    rows = list(db.session.execute(read, {**seen, "top": head.id}))
    replies = rows[:BRANCH]
    nodes = _nodes(wanted, [head], replies)
    nodes[0].more = 0  # the pages of the thread lead to the rest
    return Thread(
        wanted.paragraph,
        "all",
        nodes,
        following=replies[-1].key if len(rows) > BRANCH else None,
        is_first_page=after is None,
        branch=key,
    )


def _replies(wanted: _Wanted, heads: Sequence[Any]) -> list[Any]:
    """Return the replies of these threads, oldest first; of a long thread the first few."""
    long = [row.id for row in heads if row.reply_count > UNFOLDED]
    short = [row.id for row in heads if row.reply_count <= UNFOLDED]
    read = reads.below(len(long), BEFORE_FOLD, MOST_BELOW, with_own=wanted.with_own, scope=wanted.scope)
    tops = {f"top_{number}": top for number, top in enumerate(long)}
    return list(db.session.execute(read, {**wanted.parameters, **tops, "tops": short}))


def _nodes(wanted: _Wanted, heads: Sequence[Any], replies: Sequence[Any]) -> list[threads.Node]:
    rows = [*heads, *replies]
    viewer_id = wanted.parameters["viewer"]
    answers: list[Any] = []
    corrected: frozenset[int] = frozenset()
    if rows and any(each.response_count for each in (wanted.paragraph, *wanted.joined)):
        answers = list(db.session.execute(reads.ANSWERS, {"comments": [row.id for row in rows]}))
    own = [row.id for row in rows if row.author_id == viewer_id and row.state is State.PUBLISHED]
    if own:
        corrected = frozenset(db.session.scalars(reads.CORRECTED, {"comments": own}))
    return threads.build(heads, replies, answers, viewer_id=viewer_id, corrected=corrected)


def replies_to(said: Comment) -> list[Any]:
    """Return the official replies to a comment, oldest first; to what was sent only to the team those by mail."""
    if said.is_team_only:
        return team_replies_on([said.id])[said.id]
    return list(db.session.execute(reads.ANSWERS, {"comments": [said.id]}))


def letters_about(paragraph_ids: Sequence[int]) -> list[Any]:
    """Return the published letters that name one of these paragraphs, oldest first. They stand on the whole draft."""
    return list(db.session.execute(reads.LETTERS, {"paragraphs": paragraph_ids}))


@dataclass(frozen=True)
class Place:
    """Where a comment stands: at which paragraph, on which page of which thread. `after` and `branch` as in `thread`."""

    paragraph: Paragraph
    after: str | None = None
    branch: str | None = None

    @property
    def arguments(self) -> dict[str, str]:
        """Return what stands in the address of the page."""
        names = {"after": self.after, "root": self.branch}
        return {name: value for name, value in names.items() if value}


def place_of(said: Comment, viewer: Any = None) -> Place:
    """Return the page on which `viewer` finds a comment; NotFound for what this viewer may not know of.

    What was said on a paragraph that has been joined with another is found there.
    """
    if not said.was_published and not _is_pending_of(viewer, said):
        raise NotFound
    own = said.paragraph
    at = own if own.home_id is None else db.session.get_one(Paragraph, own.home_id)
    top = said if said.root_id is None else db.session.get_one(Comment, said.root_id)
    if said is not top and top.reply_count > UNFOLDED:
        return Place(at, _page_before(said, viewer, BRANCH), top.key)
    return Place(at, _page_before(top, viewer, PAGE, at))


def _is_pending_of(viewer: Any, said: Comment) -> bool:
    is_own = viewer is not None and viewer.id == said.author_id
    return is_own and said.state in (State.WAITING, State.RETURNED)


def _page_before(said: Comment, viewer: Any, size: int, at: Paragraph | None = None) -> str | None:
    """Return the cursor of a page that has `said` on top; None when the first page holds it.

    `at` is the paragraph whose threads are paged; None within one thread.
    """
    viewer_id = None if viewer is None else viewer.id
    joined = [] if at is None else list(db.session.scalars(_JOINED, {"paragraph": at.id}))
    read = reads.keys_before(
        in_branch=at is None, limit=size, with_own=viewer_id is not None, scope=reads.Scope(bool(joined))
    )
    here = said.paragraph_id if at is None else at.id
    place = {"paragraph": here, "paragraphs": [here, *joined], "viewer": viewer_id}
    keys = list(
        db.session.scalars(read, {**place, "top": said.root_id, "at": said.created_at, "id": said.id})
    )
    return keys[0] if len(keys) == size else None


_JOINED = select(Paragraph.id).where(Paragraph.home_id == bindparam("paragraph"))


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
        SHOWN_TOGETHER,
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
