"""All that was said on one text, thread by thread, each at its paragraph: what a page about the talk shows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select

from consult.discussion import talk, threads
from consult.discussion.models import Comment, State
from consult.discussion.tallies import SHOWN_TOGETHER
from consult.documents.models import WHOLE, Block, Document, Paragraph
from consult.extensions import db

OPENING = 300  # characters of the words that something is about


@dataclass(frozen=True)
class Spot:
    """One paragraph with the threads of the page that stand at it, and its words as they read now, or read last."""

    paragraph: Paragraph
    words: str
    thread: talk.Thread

    @property
    def is_gone(self) -> bool:
        return self.paragraph.removed_in is not None


@dataclass(frozen=True)
class Gathered:
    """One page of the talk on a text: its places in the order of the text, what is gone from it last."""

    spots: list[Spot]
    following: str | None = None

    @property
    def comment_ids(self) -> list[int]:
        return [node.comment.id for spot in self.spots for node in threads.walk(spot.thread.nodes)]


def gathered(document: Document, *, viewer: Any = None, after: str | None = None) -> Gathered:
    """Return a page of all threads on a document, the oldest first: a few reads, however many paragraphs have talk."""
    rows = _talked_of(document, viewer)
    if not rows:
        return Gathered([])
    paragraphs = [row.Paragraph for row in rows]
    thread = talk.thread(paragraphs[0], viewer=viewer, after=after, joined=paragraphs[1:])
    shown_at = {each.id: each.home_id or each.id for each in paragraphs}
    nodes: dict[int, list[threads.Node]] = {}
    for node in thread.nodes:
        nodes.setdefault(shown_at[node.comment.paragraph_id], []).append(node)
    spots = [
        Spot(row.Paragraph, row.words or "", talk.Thread(row.Paragraph, "all", nodes[row.Paragraph.id]))
        for row in rows
        if row.Paragraph.id in nodes
    ]
    return Gathered(spots, thread.following)


def _talked_of(document: Document, viewer: Any) -> list[Any]:
    """Return the paragraphs of which somebody has spoken, or that what they said was joined to, in the order of the text."""
    said = Paragraph.comment_count > 0
    if viewer is not None and viewer.id:
        own = select(Comment.paragraph_id).where(
            Comment.document_id == document.id,
            Comment.author_id == viewer.id,
            Comment.state.in_((State.WAITING, State.RETURNED)),
        )
        said = or_(said, Paragraph.id.in_(own))
    homes = select(Paragraph.home_id).where(
        Paragraph.document_id == document.id, said, Paragraph.home_id.is_not(None)
    )
    here = Block.__table__.alias("here")
    last = Block.__table__.alias("last")
    standing = and_(here.c.paragraph_id == Paragraph.id, here.c.version_id == document.current_version_id)
    return list(
        db.session.execute(
            select(Paragraph, func.substr(last.c.plain, 1, OPENING).label("words"))
            .outerjoin(here, standing)
            .outerjoin(last, last.c.id == Paragraph.last_block_id)
            .where(Paragraph.document_id == document.id, or_(said, Paragraph.id.in_(homes)))
            .order_by(
                Paragraph.removed_in.is_not(None), Paragraph.key != WHOLE, here.c.position, Paragraph.id
            )
        )
    )


def places_of(document: Document) -> list[Any]:
    """Return what people can talk about in a document as it reads now: key, number, kind, opening words, how much was said."""
    return list(
        db.session.execute(
            select(
                *(Paragraph.key, Paragraph.number, Paragraph.kind, Block.level),
                func.substr(Block.plain, 1, 90).label("words"),
                SHOWN_TOGETHER,
            )
            .join(Block, Block.paragraph_id == Paragraph.id)
            .where(
                Block.version_id == document.current_version_id,
                Block.is_removed.is_(False),
                Block.kind != "table",  # of which people talk row by row
                Paragraph.is_open,
            )
            .order_by(Block.position)
        )
    )
