"""The rows of a new version: its paragraphs, blocks and lineage. Called by `actions.publish_version` alone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, insert, select, update

from consult.documents.models import (
    WHOLE,
    Block,
    Confirmation,
    Document,
    Lineage,
    Paragraph,
    Relation,
    Version,
)
from consult.documents.past import past
from consult.documents.placing import Plan, Slot
from consult.extensions import db
from consult.keys import new_key
from consult.text.block import Block as TextBlock

KEY_LENGTH = (
    6  # 27 letters to the sixth: two of 5,000 paragraphs hardly draw the same, and then one draws again
)
LONGEST_ANCHOR = 120
LONGEST_MARKER = 16
AT_ONCE = 1_000  # rows named in one statement: a database takes only so many values

Blocks = tuple[TextBlock, ...]


def add_page(
    document: Document,
    version: Version,
    planned: Plan,
    blocks: Blocks,
    confirmations: Mapping[int, Confirmation],
) -> None:
    """Store the page of `version` as planned. Comments are not touched: they name paragraphs, which endure."""
    slots = planned.slots
    paragraphs = _add_paragraphs(document, version, slots, blocks)
    _give_homes(slots, paragraphs)
    _add_blocks(version, slots, paragraphs, blocks)
    _add_lineage(document, version, planned, paragraphs, confirmations)
    _send_home(document, version, slots)


def _add_paragraphs(
    document: Document, version: Version, slots: list[Slot], blocks: Blocks
) -> dict[str, int]:
    """Give each new paragraph its key; mark those that went and those that came back. Returns ids by number."""
    taken = set(db.session.scalars(select(Paragraph.key).where(Paragraph.document_id == document.id)))
    rows = [
        {
            **_paragraph(document, version, slot.number, slot.kind, blocks[slot.new].is_commentable, taken),
            "split_from_id": slot.split_from.paragraph_id if slot.split_from else None,
        }
        for slot in slots
        if slot.old is None and slot.new is not None
    ]
    if WHOLE not in taken:
        whole = _paragraph(document, version, WHOLE, "document", True, taken)
        rows.append({**whole, "key": WHOLE, "split_from_id": None})
    _rename(slots)
    ids = {slot.number: slot.old.paragraph_id for slot in slots if slot.old is not None}
    if rows:
        made = db.session.execute(insert(Paragraph).returning(Paragraph.number, Paragraph.id), rows)
        ids |= dict(made.all())
    _mark_gone(slots, version.number)
    _mark_open(slots, blocks)
    return ids


def _paragraph(
    document: Document, version: Version, number: str, kind: str, is_open: bool, taken: set[str]
) -> dict[str, Any]:
    key = new_key(KEY_LENGTH)
    while key in taken:
        key = new_key(KEY_LENGTH)
    taken.add(key)
    return {
        "document_id": document.id,
        "key": key,
        "number": number,
        "kind": kind,
        "first_version": version.number,
        "is_open": is_open,
        "comment_count": 0,
        "question_count": 0,
        "answered_count": 0,
        "response_count": 0,
    }


def _rename(slots: list[Slot]) -> None:
    """Give paragraphs the numbers of this version where they are others: in two steps, for no two may have the same."""
    numbers = {
        slot.old.paragraph_id: slot.number for slot in slots if slot.old and slot.old.number != slot.number
    }
    for naming in (lambda paragraph_id: f"~{paragraph_id}", numbers.__getitem__):
        if numbers:
            db.session.execute(
                update(Paragraph).execution_options(synchronize_session=False),
                [{"id": paragraph_id, "number": naming(paragraph_id)} for paragraph_id in numbers],
            )


def _mark_gone(slots: list[Slot], number: int) -> None:
    """Note on paragraphs what version `number` did to them: left out, brought back, put in other words."""
    gone = [
        slot.old.paragraph_id for slot in slots if slot.is_removed and slot.old and not slot.old.is_removed
    ]
    _set(gone, removed_in=number)
    _set(_back(slots), removed_in=None, home_id=None)
    _set([slot.old.paragraph_id for slot in slots if slot.is_reworded and slot.old], reworded_in=number)


def _back(slots: list[Slot]) -> list[int]:
    """Return the ids of the paragraphs that had been removed and stand again."""
    return [
        slot.old.paragraph_id for slot in slots if slot.new is not None and slot.old and slot.old.is_removed
    ]


def _give_homes(slots: list[Slot], ids: dict[str, int]) -> None:
    """Note where the talk of joined paragraphs is shown; what had been joined to one of them goes along."""
    homes = {
        slot.old.paragraph_id: ids[slots[slot.home].number]
        for slot in slots
        if slot.old is not None and slot.home is not None
    }
    moving = list(homes)
    for start in range(0, len(moving), AT_ONCE):
        some = {was: homes[was] for was in moving[start : start + AT_ONCE]}
        for column in (Paragraph.id, Paragraph.home_id):
            db.session.execute(
                update(Paragraph)
                .where(column.in_(list(some)))
                .values(home_id=case(some, value=column))
                .execution_options(synchronize_session=False)
            )


def _send_home(document: Document, version: Version, slots: list[Slot]) -> None:
    """Show at paragraphs that came back what had been joined to them before they were joined themselves."""
    back = set(_back(slots))
    if not back:
        return
    homes = past(document.id, version.number).homes  # the lineage of this version is in the rows by now
    returning = [{"id": was, "home_id": home} for was, home in homes.items() if home in back]
    if returning:
        db.session.execute(update(Paragraph).execution_options(synchronize_session=False), returning)


def _mark_open(slots: list[Slot], blocks: Blocks) -> None:
    """Follow the marks of this version: the unit may open a paragraph to comments again, or close it."""
    carried = [
        (slot.old.paragraph_id, blocks[slot.new].is_commentable)
        for slot in slots
        if slot.old is not None and slot.new is not None
    ]
    for is_open in (True, False):
        ids = [paragraph_id for paragraph_id, open_now in carried if open_now is is_open]
        _set(ids, is_open=is_open)


def _set(ids: list[int], **values: Any) -> None:
    for start in range(0, len(ids), AT_ONCE):
        db.session.execute(
            update(Paragraph)
            .where(Paragraph.id.in_(ids[start : start + AT_ONCE]))
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _add_blocks(version: Version, slots: list[Slot], ids: dict[str, int], blocks: Blocks) -> None:
    rows = [_block(version, position, slot, ids[slot.number], blocks) for position, slot in enumerate(slots)]
    db.session.execute(insert(Block), rows)
    words = select(Block.id).where(Block.version_id == version.id, Block.paragraph_id == Paragraph.id)
    standing = select(Block.paragraph_id).where(Block.version_id == version.id, Block.is_removed.is_(False))
    db.session.execute(
        update(Paragraph)
        .where(Paragraph.id.in_(standing))
        .values(last_block_id=words.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def _block(version: Version, position: int, slot: Slot, paragraph_id: int, blocks: Blocks) -> dict[str, Any]:
    block = None if slot.new is None else blocks[slot.new]
    return {
        "version_id": version.id,
        "paragraph_id": paragraph_id,
        "position": position,
        "kind": block.kind if block else slot.kind,
        "level": block.level if block else 0,
        "depth": block.depth if block else 0,
        "is_header": block.is_header if block else False,
        "marker": block.marker[:LONGEST_MARKER] if block else "",
        "anchor": block.anchor[:LONGEST_ANCHOR] if block else "",
        "text": block.text if block else "",
        "plain": block.plain if block else "",
        "html": block.html if block else "",
        "is_removed": block is None,
        "number": slot.number,
        "relation": slot.relation,
        "came_after": slot.came_after,
    }


def _add_lineage(
    document: Document,
    version: Version,
    planned: Plan,
    ids: dict[str, int],
    confirmations: Mapping[int, Confirmation],
) -> None:
    """Say what became of each paragraph, how sure that is, and who confirmed it."""
    # what was confirmed holds no more where its words left the text since
    held = {slot.old.paragraph_id for slot in planned.slots if slot.is_confirmed and slot.old}
    rows = []
    for link in planned.links:
        was = link.old
        said = confirmations.get(was.paragraph_id) if was and was.paragraph_id in held else None
        rows.append(
            {
                "document_id": document.id,
                "from_version_id": document.current_version_id if link.old else None,
                "to_version_id": version.id,
                "from_paragraph_id": link.old.paragraph_id if link.old else None,
                "to_paragraph_id": ids[link.slot.number] if link.slot else None,
                "relation": Relation(link.relation),
                "confidence": link.confidence,
                "confirmed_by": said.confirmed_by if said else None,
                "confirmed_at": said.confirmed_at if said else None,
            }
        )
    if rows:
        db.session.execute(insert(Lineage), rows)
