"""Real drafts published in all their versions, with a comment on every paragraph of the first: where they all went.

A section of `make bench`; `python -m tests.benchmarks hardest` prints the matches that were least sure, for reading.
Nobody is there to confirm: doubtful matches are taken as they seem, and counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from consult.discussion.models import Comment
from consult.documents import actions, page_queries, queries
from consult.documents.matching import Old
from consult.documents.models import Block, Document, Lineage, Paragraph, Relation
from consult.documents.placing import Plan
from consult.extensions import db, transaction
from consult.text.block import Block as TextBlock
from tests.benchmarks import filling

HEADS = [
    *("draft", "version", "same", "edited", "moved", "split", "merged", "removed", "restored", "asked"),
    *("comments on their own words", "on other words", "joined", "beside removed text", "all"),
]
WIDE = 300  # characters of each text that are shown


def documents(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each draft and the texts of its versions, in their order."""
    for place in sorted(each for each in folder.iterdir() if each.is_dir()):
        yield place.name, [file.read_text("utf-8") for file in sorted(place.glob("v*.md"))]


def publish_all(texts: Sequence[str]) -> tuple[list[list[Any]], list[tuple[float, str]]]:
    """Publish every version and return a row of counts for each after the first, and what was asked or unsure."""
    made = filling.document(source=texts[0])
    count = sum(not row.is_removed for row in page_queries.blocks(made.current_version_id or 0))
    filling.comments(made, count)
    rows: list[list[Any]] = []
    hard: list[tuple[float, str]] = []
    for text in texts[1:]:
        old = queries.current_page(made)
        prepared = actions.prepare(made, text)
        planned = actions.plan_of(made, prepared)
        hard += _unsure(old, prepared.text.blocks, planned)
        with transaction():
            actions.publish_version(
                actor=None,
                document=made,
                source=prepared.source,
                note="",
                prepared=prepared,
                doubtful="accept",
            )
        rows.append([f"v{made.version_count}", *_fates(made), len(planned.doubts), *_comments(made)])
    return rows, hard


def _fates(made: Document) -> list[int]:
    """Return how many paragraphs of the version before stayed, were reworded, moved, split, joined, removed."""
    count = Counter(
        db.session.scalars(
            select(Lineage.relation).where(
                Lineage.to_version_id == made.current_version_id, Lineage.from_paragraph_id.is_not(None)
            )
        )
    )
    kinds = (
        *(Relation.SAME, Relation.EDITED, Relation.MOVED, Relation.SPLIT),
        *(Relation.MERGED, Relation.REMOVED, Relation.RESTORED),
    )
    return [count[kind] for kind in kinds]


def _comments(made: Document) -> list[int]:
    """Return where the comments stand now: on the words they were made on, on other words, joined, removed; and all."""
    then, now = Block.__table__.alias(), Block.__table__.alias()
    rows = db.session.execute(
        select(Paragraph.removed_in, Paragraph.home_id, then.c.plain == now.c.plain)
        .select_from(Comment)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(then, then.c.id == Comment.block_id)
        .join(now, (now.c.paragraph_id == Paragraph.id) & (now.c.version_id == made.current_version_id))
        .where(Comment.document_id == made.id)
    ).all()
    places = Counter(
        "joined" if row[1] else "removed" if row[0] else "same" if row[2] else "reworded" for row in rows
    )
    return [*(places[name] for name in ("same", "reworded", "joined", "removed")), len(rows)]


def _unsure(old: Sequence[Old], blocks: Sequence[TextBlock], planned: Plan) -> Iterator[tuple[float, str]]:
    asked = {doubt.old for doubt in planned.doubts}
    for index, was in enumerate(old):
        links = [link for link in planned.links if link.old == was]
        sure = min((link.confidence for link in links), default=1.0)
        if index not in asked and sure > 0.995:
            continue
        slots = [link.slot for link in links]
        now = [blocks[slot.new].plain[:WIDE] for slot in slots if slot is not None and slot.new is not None]
        mark = "asked" if index in asked else "taken"
        words = f"was: {was.text[:WIDE]}\n  now: {' // '.join(now) or '(removed)'}"
        yield sure, f"{sure:.2f} {mark}, paragraph {was.number}\n  {words}"
