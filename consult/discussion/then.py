"""The words on which each comment was made, beside those that stand there now.

Few comments stand on words of their own: the words are read once for a page, and each pair is compared once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from consult.discussion import threads
from consult.documents import errata, past
from consult.documents.models import Paragraph
from consult.text.diff import diff_html
from consult.text.sameness import same_words

LONGEST_KEPT = 10_000  # characters; the comparison of longer words is made anew for each page


@dataclass(frozen=True)
class Then:
    """By the id of a comment: how the words have changed since; comments on words that still stand are not in it."""

    diffs: Mapping[int, Markup] = field(default_factory=dict)

    def shown_at(self, node: threads.Node) -> Markup | None:
        """Return the words then and now to stand under a comment; not again where it answers one on the same words."""
        diff = self.diffs.get(node.comment.id)
        host = node.host
        return None if host is not None and self.diffs.get(host.comment.id) == diff else diff


SAME = Then()


def then_and_now(
    nodes: Sequence[threads.Node],
    paragraph: Paragraph,
    *,
    version: int | None = None,
    has_misprints: bool = False,
    deleted: str = "",
    inserted: str = "",
) -> Then:
    """Return what has become of the words under these comments, shown at `paragraph`; no question where nothing has.

    `version` is the number of an earlier version whose page they stand on: its words are "now". `has_misprints` says
    that words were corrected in place. `deleted` and `inserted` are said to those who hear the changes.
    """
    said = [node.comment for node in threads.walk(nodes) if node.comment.block_id is not None]
    if version is None and not has_misprints:
        said = [comment for comment in said if _may_differ(comment, paragraph)]
    if not said:
        return SAME
    now_id = paragraph.last_block_id if version is None else past.last_words(paragraph, version)
    ids = sorted({comment.block_id for comment in said} | ({now_id} if now_id else set()))
    words = past.words_of(ids)
    places = {paragraph.id, *(comment.paragraph_id for comment in said)}
    before = errata.misprints_of(*places) if has_misprints else []
    now = words.get(now_id or 0, "")
    diffs: dict[int, Markup] = {}
    for comment in said:
        printed = errata.words_then(before, comment.block_id, comment.created_at)
        then = words[comment.block_id] if printed is None else printed.plain
        if same_words(then) != same_words(now):
            diffs[comment.id] = _compared(then, now, deleted, inserted)
    return Then(diffs)


def _may_differ(comment: Any, paragraph: Paragraph) -> bool:
    is_elsewhere: bool = comment.paragraph_id != paragraph.id
    return is_elsewhere or comment.version_number < (paragraph.reworded_in or 0)


def _compared(then: str, now: str, deleted: str, inserted: str) -> Markup:
    compare = _kept if len(then) + len(now) <= LONGEST_KEPT else diff_html
    return compare(then, now, deleted=deleted, inserted=inserted)


@lru_cache(maxsize=500)
def _kept(then: str, now: str, *, deleted: str, inserted: str) -> Markup:
    """Compare words once: readers who are signed in have each page built for themselves."""
    return diff_html(then, now, deleted=deleted, inserted=inserted)
