"""All the talk on a document in the order of its page, row by row: for paper, and for whoever wants everything."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import String, case, func, or_, select, type_coerce
from sqlalchemy.engine import Connection

from consult.accounts.models import Person, Unit
from consult.discussion import provenance
from consult.discussion.answering import signing
from consult.discussion.kind_words import LABELS
from consult.discussion.models import Answer, Comment, Kind, Response
from consult.discussion.queries import public
from consult.discussion.replacing import word_diff as word_diff
from consult.documents.models import Block, Paragraph, Version
from consult.extensions import db

AT_ONCE = 500  # rows fetched together; the talk is never in memory as a whole
LAST = 1_000_000  # place of what is on the whole document, behind every paragraph


def kind_names() -> dict[str, str]:
    """Return what stands beside a name for what somebody called their comment; for a plain comment nothing does."""
    return {kind.value: str(words) for kind, words in LABELS.items() if kind is not Kind.COMMENT}


def said_in(connection: Connection, document_id: int, version_id: int) -> Iterator[Any]:
    """Yield every comment that is published, or left a marker, threads whole and in order, as the page has them.

    What was said on a paragraph since joined with another stands with the talk on that one, in the order of time. It
    reads on a connection of its own, because the reader may take longer than the request lasts.
    """
    was_elsewhere = Paragraph.home_id.is_not(None) & (Version.number < Paragraph.removed_in)
    shown_at = func.coalesce(Paragraph.home_id, Paragraph.id)
    wanted = (
        select(
            shown_at.label("paragraph_id"),
            Comment.id,
            Comment.key,
            Comment.depth,
            type_coerce(Comment.kind, String).label("kind"),
            type_coerce(Comment.state, String).label("state"),
            Comment.state_reason,
            Comment.html,
            Comment.created_at,
            Person.name,
            Comment.replacement_html,
            Version.number.label("version"),
            # for whom, and which way it came
            *provenance.COLUMNS,
            # the version it was written on, where the paragraph has other words since
            case((Version.number < Paragraph.reworded_in, Version.number)).label("before"),
            # where it was made on another paragraph, since joined with this one: which, and by which version
            case((was_elsewhere, Paragraph.number)).label("joined"),
            case((was_elsewhere, Paragraph.removed_in)).label("joined_in"),
        )
        .join(Person, Person.id == Comment.author_id)
        .join(Version, Version.id == Comment.version_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .outerjoin(Block, (Block.paragraph_id == shown_at) & (Block.version_id == version_id))
        .where(Comment.document_id == document_id, or_(public(), Comment.was_published))
        .order_by(
            func.coalesce(Block.position, LAST),
            shown_at,
            func.coalesce(Comment.root_id, Comment.id),
            Comment.id,
        )
        .execution_options(yield_per=AT_ONCE)
    )
    yield from connection.execute(wanted)


def answers_in(document_id: int) -> dict[int, list[Any]]:
    """Return the official responses under the first of the comments that each answers at a paragraph."""
    first = (
        select(Answer.response_id, func.min(Answer.comment_id).label("comment_id"))
        .join(Comment, Comment.id == Answer.comment_id)
        .where(Comment.document_id == document_id)
        .group_by(Answer.response_id, Comment.paragraph_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            first.c.comment_id,
            Response.key,
            Response.html,
            Response.created_at,
            *signing.columns(Response, Person),
            Unit.name.label("unit"),
        )
        .join(first, first.c.response_id == Response.id)
        .join(Person, Person.id == Response.author_id)
        .join(Unit, Unit.id == Response.unit_id)
        .where(Response.document_id == document_id, Response.stands())
        .order_by(Response.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.comment_id].append(row)
    return found
