"""What the page of a paragraph tells of its life, gathered: its versions, its ties, corrections, replies, decisions."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select

from consult.accounts.models import Person
from consult.discussion.answering import signing
from consult.discussion.life import Event, Step, steps
from consult.discussion.models import Comment, Response, ResponsePlace, State
from consult.discussion.tallies import by_version
from consult.documents import errata, past
from consult.documents.models import Version
from consult.documents.paragraph_queries import Kin
from consult.extensions import db
from consult.text.diff import diff_html

MOST_REPLIES = 200  # told in a life; the filter of the thread has them all


def chronicle(kin: Kin, rows: Sequence[Any], *, deleted: str, inserted: str) -> list[Step]:
    """Return the life of a paragraph, oldest first. `rows` are its blocks.

    What concerns the talk concerns that of everything shown here. A few reads, however long the life; none where it
    has but one version, which nobody corrected.
    """
    if not kin.has_misprints and (not rows or kin.paragraph.document.version_count == 1):
        return []
    marks: dict[str, Any] = {"deleted": deleted, "inserted": inserted}
    ids = [each.id for each in kin.gathered]
    return steps(
        rows,
        links=past.links_of(kin.paragraph),
        of=kin.paragraph.id,
        said={number: tally.comment_count for number, tally in by_version(ids).items()},
        events=[*_corrections(kin, rows, marks), *_replies(kin, ids), *_taken_down(ids)],
        **marks,
    )


def _corrections(kin: Kin, rows: Sequence[Any], marks: dict[str, Any]) -> Iterator[Event]:
    """Yield what was corrected in place: each time from the words before to those before the next time."""
    if not kin.has_misprints:
        return
    after = {row.id: row.plain for row in rows}
    for row in reversed(errata.misprints_of(kin.paragraph.id)):
        diff = diff_html(row.plain, after[row.block_id], **marks)
        after[row.block_id] = row.plain
        yield Event("correction", row.corrected_at, row.note, diff=diff)


def _replies(kin: Kin, ids: list[int]) -> Iterator[Event]:
    if not any(each.response_count for each in kin.gathered):
        return
    here = select(ResponsePlace.response_id).where(ResponsePlace.paragraph_id.in_(ids))
    replies = db.session.execute(
        select(Response.created_at, Response.key, signing.columns(Response, Person)[0])
        .join(Person, Person.id == Response.author_id)
        .where(Response.id.in_(here), Response.stands())
        .order_by(Response.created_at, Response.id)
        .limit(MOST_REPLIES)
    )
    for at, key, name in replies:
        yield Event("reply", at, name, key)


def _taken_down(ids: list[int]) -> Iterator[Event]:
    """Yield how many comments that the public had seen were taken down while each version was current."""
    current = (
        select(func.max(Version.number))
        .where(Version.document_id == Comment.document_id, Version.published_at <= Comment.state_changed_at)
        .correlate(Comment)
        .scalar_subquery()
    )
    taken_down = db.session.execute(
        select(func.max(Comment.state_changed_at), func.count())
        .where(
            Comment.paragraph_id.in_(ids),
            Comment.state == State.TAKEN_DOWN,
            Comment.was_published.is_(True),
        )
        .group_by(current)
    )
    for at, count in taken_down:
        if at is not None:
            yield Event("taken_down", at, count=count)
