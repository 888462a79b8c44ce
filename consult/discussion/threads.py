"""Threads as they are shown: three levels deep to the eye, whatever their real depth. Pure, and never recursive.

A reply deeper than that stands flat on the third level and says what it answers. A response is shown in full
once a page, under the first of the comments it answers; under the others a line leads to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from consult.discussion.models import Kind, State

DEEPEST = 2  # levels count from 0


class Said(Protocol):
    """One comment as the thread's query returns it."""

    id: int
    key: str
    parent_id: int | None
    root_id: int | None
    author_id: int
    author_name: str
    kind: Kind
    state: State
    html: str
    created_at: datetime
    reply_count: int
    parent_key: str | None
    parent_name: str | None
    parent_state: State | None


@dataclass(slots=True)
class Answered:
    """A response under one comment; `in_full` only the first time on a page."""

    response: Any
    in_full: bool


@dataclass(slots=True, eq=False)
class Node:
    """A comment in its place. `quotes` says that the page must tell which comment it answers."""

    comment: Any
    level: int = 0
    quotes: bool = False
    is_askers: bool = False  # written by whoever asked the question at the top
    is_own: bool = False
    is_corrected: bool = False  # a correction of it waits for a moderator; its author alone is told
    host: "Node | None" = None
    answers: list[Answered] = field(default_factory=list)
    replies: list["Node"] = field(default_factory=list)
    more: int = 0  # published replies of this thread that are not on the page

    @property
    def is_withheld(self) -> bool:
        """Say whether a marker stands in its place."""
        return self.comment.state is not State.PUBLISHED and not self.is_pending

    @property
    def is_pending(self) -> bool:
        """Say whether its author alone sees it."""
        return self.is_own and self.comment.state in (State.WAITING, State.RETURNED)


def build(
    heads: Iterable[Said],
    replies: Iterable[Said] = (),
    answers: Iterable[Any] = (),
    *,
    viewer_id: int | None = None,
    corrected: frozenset[int] = frozenset(),
) -> list[Node]:
    """Return the heads as nodes, in the order given, with what hangs on them.

    `replies` come oldest first; those whose thread has no head here are left out. `answers` are rows of a
    response with the `comment_id` it answers, oldest first.
    """
    tops = [Node(row, quotes=row.parent_id is not None) for row in heads]
    nodes = {node.comment.id: node for node in tops}
    for row in replies:
        node = _placed(row, nodes)
        if node is not None:
            nodes[row.id] = node
    for node in nodes.values():
        node.is_own = viewer_id is not None and node.comment.author_id == viewer_id
        node.is_corrected = node.comment.id in corrected
    for top in tops:
        top.more = max(0, top.comment.reply_count - _published_below(top))
    _answer(tops, answers)
    return tops


def walk(tops: Sequence[Node]) -> Iterator[Node]:
    """Yield every node in the order in which the page shows it."""
    waiting = list(reversed(tops))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.replies))


def _placed(row: Said, nodes: dict[int, Node]) -> Node | None:
    """Hang a reply under its parent, or as near to it as the page allows."""
    parent = nodes.get(row.parent_id) if row.parent_id is not None else None
    top = nodes.get(row.root_id) if row.root_id is not None else None
    host = parent or top
    if host is None:
        return None
    if host.level < DEEPEST:
        node = Node(row, level=host.level + 1, quotes=parent is None, host=host)
    else:
        node = Node(row, level=DEEPEST, quotes=True, host=host.host)
    if node.host is not None:
        node.host.replies.append(node)
    asked = top is not None and top.comment.kind is Kind.QUESTION
    node.is_askers = asked and top is not None and top.comment.author_id == row.author_id
    return node


def _published_below(top: Node) -> int:
    return sum(node.comment.state is State.PUBLISHED for node in walk(top.replies))


def _answer(tops: Sequence[Node], answers: Iterable[Any]) -> None:
    """Hang the responses under what they answer: in full the first time the page comes to them."""
    by_comment: dict[int, list[Any]] = defaultdict(list)
    for row in answers:
        by_comment[row.comment_id].append(row)
    shown: set[int] = set()
    for node in walk(tops):
        for row in by_comment.get(node.comment.id, ()):
            node.answers.append(Answered(row, in_full=row.id not in shown))
            shown.add(row.id)
